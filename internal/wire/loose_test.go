package wire

import (
	"encoding/json"
	"testing"
)

// TestLoose: two members are read from text, too, and the others beside them
// as ever.
func TestLoose(t *testing.T) {
	for text, want := range map[string]int64{
		`{"ticket":"t","authTime":1700000000}`: 1700000000, `{"ticket":"t","authTime":"1700000000"}`: 1700000000,
		`{"ticket":"t","authTime":""}`: 0, `{"ticket":"t","authTime":null}`: 0, `{"ticket":"t"}`: 0,
		`{"ticket":"t","authTime":"x"}`: -1, `{"ticket":"t","authTime":"1.5"}`: -1, `{"ticket":"t","authTime":true}`: -1, `{"ticket":"t","authTime":"\"1\""}`: -1,
		`{"ticket":"t","authTime":1,"scopes":"s"}`: -1,
	} {
		var r AuthorizationIssueRequest
		err := json.Unmarshal([]byte(text), &r)
		if want == -1 && err == nil || want != -1 && (err != nil || r.AuthTime != want || r.Ticket != "t") {
			t.Errorf("%s: %+v, %v", text, r, err)
		}
	}
	for text, want := range map[string]bool{
		`{"parameters":"p","withHiddenProperties":true}`: true, `{"parameters":"p","withHiddenProperties":"true"}`: true,
		`{"parameters":"p","withHiddenProperties":"false"}`: false, `{"parameters":"p"}`: false,
	} {
		var r StandardIntrospectionRequest
		if err := json.Unmarshal([]byte(text), &r); err != nil || r.WithHiddenProperties != want || r.Parameters == nil || *r.Parameters != "p" {
			t.Errorf("%s: %+v, %v", text, r, err)
		}
	}
	var r StandardIntrospectionRequest
	if json.Unmarshal([]byte(`{"withHiddenProperties":"perhaps"}`), &r) == nil {
		t.Errorf("%+v", r)
	}
}
