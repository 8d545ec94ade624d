package policy

import "github.com/symbolon-auth/symbolon/internal/rule"

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
		f.On = true
		f.By = append(f.By, by)
	}
}

// Set is what is acceptable. Demands meet by intersection.
type Set[T ~string] struct {
	Values []T
	By     []Source // who narrowed it
}

// Limit keeps of the set what is also in allowed. A demand that narrows
// nothing is not remembered.
func (s *Set[T]) Limit(by Source, allowed ...T) {
	kept := make([]T, 0, len(s.Values))
	for _, v := range s.Values {
		for _, a := range allowed {
			if v == a {
				kept = append(kept, v)
				break
			}
		}
	}
	if len(kept) < len(s.Values) {
		s.By = append(s.By, by)
	}
	s.Values = kept
}

// Has reports whether v is acceptable.
func (s *Set[T]) Has(v T) bool {
	for _, x := range s.Values {
		if x == v {
			return true
		}
	}
	return false
}

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
	if n > 0 && (s.Value == 0 || n < s.Value) {
		s.Value, s.By = n, by
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
	if v > c.Value {
		c.Value, c.By = v, by
	}
}
