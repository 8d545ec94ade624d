package policy

import (
	"slices"

	"github.com/symbolon-auth/symbolon/internal/rule"
)

// Source names a demander.
type Source = rule.Source

// Flag is demanded or not. Demands meet by "or".
type Flag struct {
	On bool
	By []Source
}

// Demand switches the flag on where on is set.
func (f *Flag) Demand(on bool, by Source) {
	if on {
		f.On, f.By = true, joined(f.By, by)
	}
}

// joined adds a source unless it is there. Who is named therefore does not
// depend on the order of the demands, only the order of the names does.
func joined(list []Source, by Source) []Source {
	if slices.Contains(list, by) {
		return list
	}
	return append(list, by)
}

// ahead decides which of two who demand the same is named.
func ahead(a, b Source) bool {
	return a.Switch < b.Switch || a.Switch == b.Switch && a.Ref < b.Ref
}

// Set is what is acceptable. Demands meet by intersection.
type Set[T ~string] struct {
	Values []T
	By     []Source // who excludes any of what there could be

	all []T // what there could be
}

func of[T ~string](all []T) Set[T] { return Set[T]{Values: all, all: all} }

// Limit keeps of the set what is also in allowed. A demand that excludes
// nothing is not remembered.
func (s *Set[T]) Limit(by Source, allowed ...T) {
	kept := make([]T, 0, len(s.Values))
	for _, v := range s.Values {
		if slices.Contains(allowed, v) {
			kept = append(kept, v)
		}
	}
	if slices.ContainsFunc(s.all, func(v T) bool { return !slices.Contains(allowed, v) }) {
		s.By = joined(s.By, by)
	}
	s.Values = kept
}

// Has reports whether v is acceptable.
func (s *Set[T]) Has(v T) bool { return slices.Contains(s.Values, v) }

// Strings returns the values as plain strings.
func (s *Set[T]) Strings() []string {
	out := make([]string, len(s.Values))
	for i, v := range s.Values {
		out[i] = string(v)
	}
	return out
}

// Seconds is an upper limit of a lifetime. Demands meet by minimum; a
// demand of zero or less is none.
type Seconds struct {
	Value int64
	By    Source
}

// AtMost lowers the limit to n.
func (s *Seconds) AtMost(n int64, by Source) {
	if n > 0 && (s.Value == 0 || n < s.Value || n == s.Value && ahead(by, s.By)) {
		s.Value, s.By = n, by
	}
}

// otherwise sets the limit where nobody did.
func (s *Seconds) otherwise(n int64) {
	if s.Value == 0 {
		s.Value = n
	}
}

// Choice is one of several ways. Demands meet by precedence: the greater
// value wins.
type Choice[T ~uint8] struct {
	Value T
	By    Source
}

// Prefer chooses v unless something of higher precedence is chosen.
func (c *Choice[T]) Prefer(v T, by Source) {
	if v > c.Value || v == c.Value && v != 0 && ahead(by, c.By) {
		c.Value, c.By = v, by
	}
}
