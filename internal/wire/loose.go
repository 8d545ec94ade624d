package wire

import (
	"encoding/json"
	"reflect"
)

// loose is a number or a flag that published clients send as text: their
// models have the wrong type for it.
type loose[T any] struct{ value T }

func (l *loose[T]) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		var inner string
		if err := json.Unmarshal(text, &inner); err != nil {
			return err
		}
		if inner == "" {
			return nil
		}
		text = []byte(inner)
	}
	if json.Unmarshal(text, &l.value) != nil {
		return &json.UnmarshalTypeError{Value: "string", Type: reflect.TypeFor[T]()}
	}
	return nil
}

// UnmarshalJSON takes authTime as text, too.
func (r *AuthorizationIssueRequest) UnmarshalJSON(text []byte) error {
	type plain AuthorizationIssueRequest
	in := struct {
		*plain
		AuthTime loose[int64] `json:"authTime"`
	}{plain: (*plain)(r)}
	err := json.Unmarshal(text, &in)
	r.AuthTime = in.AuthTime.value
	return err
}

// UnmarshalJSON takes withHiddenProperties as text, too.
func (r *StandardIntrospectionRequest) UnmarshalJSON(text []byte) error {
	type plain StandardIntrospectionRequest
	in := struct {
		*plain
		WithHiddenProperties loose[bool] `json:"withHiddenProperties"`
	}{plain: (*plain)(r)}
	err := json.Unmarshal(text, &in)
	r.WithHiddenProperties = in.WithHiddenProperties.value
	return err
}
