package oauth

import (
	"maps"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Limits on what one form may hold. They are far above what any profile
// needs (state alone may exceed 1000 characters) and bound the work that an
// unauthenticated request can cause.
const (
	MaxFormBytes  = 256 << 10
	MaxParameters = 256
)

// Form is a parsed application/x-www-form-urlencoded text: the query of an
// authorization request or the body of a token request.
type Form struct {
	values   map[string]string
	repeated []string            // names that occurred more than once, in order
	lists    map[string][]string // resource and audience may repeat (RFC8707-2)
}

// FormError says why a text is no form.
type FormError struct{ Reason string }

func (e *FormError) Error() string { return "oauth: " + e.Reason }

// ParseForm parses raw. A leading question mark is tolerated. Empty values
// count as absent (RFC6749-3.1). The first value of a repeated parameter is
// kept, and Repeated names it; deciding what that means is the caller's.
func ParseForm(raw string) (*Form, error) {
	raw = strings.TrimPrefix(raw, "?")
	if len(raw) > MaxFormBytes {
		return nil, &FormError{"the parameters are too long"}
	}
	f := &Form{values: make(map[string]string, 8)}
	seen := 0
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		if seen++; seen > MaxParameters {
			return nil, &FormError{"too many parameters"}
		}
		name, value, _ := strings.Cut(pair, "=")
		name, err := unescape(name)
		if err != nil {
			return nil, err
		}
		if value, err = unescape(value); err != nil {
			return nil, err
		}
		f.add(name, value)
	}
	return f, nil
}

// Repeatable reports whether a parameter may occur more than once
// (RFC8707-2, RFC8693-2.1).
func Repeatable(name string) bool { return name == "resource" || name == "audience" }

func (f *Form) add(name, value string) {
	if value == "" {
		return
	}
	if Repeatable(name) {
		if f.lists == nil {
			f.lists = make(map[string][]string, 1)
		}
		f.lists[name] = append(f.lists[name], value)
		return
	}
	if _, dup := f.values[name]; dup {
		f.repeated = append(f.repeated, name)
		return
	}
	f.values[name] = value
}

func unescape(s string) (string, error) {
	out, err := url.QueryUnescape(s)
	switch {
	case err != nil:
		return "", &FormError{"malformed percent-encoding"}
	case !utf8.ValidString(out):
		return "", &FormError{"a parameter is not UTF-8"}
	case strings.IndexByte(out, 0) >= 0:
		return "", &FormError{"a parameter contains NUL"}
	}
	return out, nil
}

// NewForm returns a form of parameters that came another way, as those of a
// request object do. Empty values count as absent.
func NewForm(values map[string]string, lists map[string][]string) *Form {
	f := &Form{values: make(map[string]string, len(values))}
	for name, value := range values {
		f.add(name, value)
	}
	for name, list := range lists {
		for _, value := range list {
			f.add(name, value)
		}
	}
	return f
}

// With returns the form with the parameters of over laid upon it, one by
// one.
func (f *Form) With(over *Form) *Form {
	out := &Form{values: maps.Clone(f.values), lists: maps.Clone(f.lists)}
	maps.Copy(out.values, over.values)
	if out.lists == nil {
		out.lists = over.lists
	} else {
		maps.Copy(out.lists, over.lists)
	}
	return out
}

// Get returns the value of a parameter, or "" where it is absent or empty.
func (f *Form) Get(name string) string { return f.values[name] }

// Has reports whether a parameter is present with a value.
func (f *Form) Has(name string) bool { return f.values[name] != "" || len(f.lists[name]) > 0 }

// List returns all values of resource or audience.
func (f *Form) List(name string) []string { return f.lists[name] }

// Repeated returns the names that occurred more than once and must not.
func (f *Form) Repeated() []string { return f.repeated }

// Except returns the form without the named parameters.
func (f *Form) Except(names ...string) *Form {
	out := &Form{values: maps.Clone(f.values), lists: maps.Clone(f.lists)}
	for _, n := range names {
		delete(out.values, n)
		delete(out.lists, n)
	}
	return out
}

// Encode returns the form as text.
func (f *Form) Encode() string {
	v := make(url.Values, len(f.values)+len(f.lists))
	for name, value := range f.values {
		v[name] = []string{value}
	}
	for name, list := range f.lists {
		v[name] = list
	}
	return v.Encode()
}

// FormDecoded undoes the form-encoding of one half of HTTP Basic credentials
// (RFC6749-2.3.1). Many clients do not encode; a text that cannot have been
// encoded is returned as it is.
func FormDecoded(s string) string {
	if out, err := url.QueryUnescape(s); err == nil {
		return out
	}
	return s
}
