package op

import (
	"strings"
)

// CallError is what only the caller of the Web API can cause. It becomes a
// 4xx answer.
type CallError struct {
	Status int
	Code   string
	Text   string
}

func (e *CallError) Error() string { return e.Text }

// MissingParameters: a call without the OAuth request that it is about. An
// empty one is there: that is what a client sent, and the client is told.
func MissingParameters() error {
	return &CallError{400, "A004201", "the call has no 'parameters'"}
}

// Missing: a call without a member that it needs.
func Missing(member string) error {
	return &CallError{400, "A901201", "the call has no '" + member + "'"}
}

// Invalid: a member of the call has a value that it cannot have.
func Invalid(member, why string) error {
	return &CallError{400, "A901202", "'" + member + "' " + why}
}

// NotBuilt: an operation, or a switch that it would have to heed, is not
// built.
func NotBuilt(members []string) error {
	text := "the operation is not available in this version"
	if len(members) > 0 {
		text = "a feature that is not available in this version is switched on: " + strings.Join(members, ", ")
	}
	return &CallError{403, "A001223", text} // the operation, or a feature that is switched on, is not built
}
