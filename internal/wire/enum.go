package wire

import (
	"fmt"
	"slices"
	"strings"
)

// A names table is the one list of an enum whose values have no counterpart in
// a specification.
type names[T ~string] []T

func (t names[T]) known(v T) bool { return slices.Contains(t, v) }

func (t names[T]) read(v *T, text []byte) error {
	return read(v, text, func(s string) (T, bool) {
		for _, name := range t {
			if equalFold(string(name), s) {
				return name, true
			}
		}
		return "", false
	})
}

// A specs table is the one list of an enum whose values have a counterpart in
// a specification. The tables are short: a scan is faster than a map.
type specs[T ~string] []struct {
	name T
	spec string
}

func (t specs[T]) known(v T) bool {
	for _, r := range t {
		if r.name == v {
			return true
		}
	}
	return false
}

func (t specs[T]) read(v *T, text []byte) error {
	return read(v, text, func(s string) (T, bool) {
		for _, r := range t {
			if equalFold(string(r.name), s) || r.spec == s {
				return r.name, true
			}
		}
		return "", false
	})
}

func (t specs[T]) spec(v T) string {
	for _, r := range t {
		if r.name == v {
			return r.spec
		}
	}
	return ""
}

func (t specs[T]) fromSpec(s string) (T, bool) {
	for _, r := range t {
		if r.spec == s {
			return r.name, true
		}
	}
	return "", false
}

// read sets v to the name that find knows the text by: the published name, in
// any case, or the string of the specification, since published tools write
// either. Null, which never gets here, and the empty text mean that the member
// is absent.
func read[T ~string](v *T, text []byte, find func(string) (T, bool)) error {
	if len(text) == 0 {
		*v = ""
		return nil
	}
	name, ok := find(string(text))
	if !ok {
		return unknownNameError(fmt.Sprintf("%.40q is not one of the published names", text))
	}
	*v = name
	return nil
}

// unknownNameError is what decoding an enum returns for a name that is not
// published.
type unknownNameError string

func (e unknownNameError) Error() string { return string(e) }

// equalFold compares without regard to the case of ASCII letters. Unicode
// would fold more: a long s into an s.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	return strings.EqualFold(a, b)
}
