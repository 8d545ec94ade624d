package wire

import "slices"

// A names table is the one list of an enum whose values have no counterpart in
// a specification.
type names[T ~string] []T

func (t names[T]) known(v T) bool { return slices.Contains(t, v) }

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
