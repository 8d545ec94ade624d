package oauth

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestParseForm: what becomes of texts that clients, and others, send.
func TestParseForm(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		raw      string
		want     map[string]string // nil: no form
		repeated []string
	}{
		{"", map[string]string{}, nil},
		{"?", map[string]string{}, nil},
		{"?a=b", map[string]string{"a": "b"}, nil},
		{"a=b&c=d", map[string]string{"a": "b", "c": "d"}, nil},
		{"&&a=b&", map[string]string{"a": "b"}, nil},
		{"a=", map[string]string{"a": ""}, nil},
		{"a", map[string]string{"a": ""}, nil},
		{"a=b=c", map[string]string{"a": "b=c"}, nil},
		{"a=b+c%20d%2B", map[string]string{"a": "b c d+"}, nil},
		{"a=%C3%A9", map[string]string{"a": "é"}, nil},
		{"a=é", map[string]string{"a": "é"}, nil},
		{"a=b;c=d", map[string]string{"a": "b;c=d"}, nil},
		{"a=1&a=2", map[string]string{"a": "1"}, []string{"a"}},
		{"a=1&a=1", map[string]string{"a": "1"}, []string{"a"}},
		{"a=1&%61=2&b=3&b=4&a=5", map[string]string{"a": "1", "b": "3"}, []string{"a", "b", "a"}},
		{"a=&a=1", map[string]string{"a": "1"}, nil},
		{"a=1&a=", map[string]string{"a": "1"}, nil},
		{"A=1&a=2", map[string]string{"A": "1", "a": "2"}, nil},
		{"resource=r&resource=s", map[string]string{}, nil},
		{"audience=r&audience=s", map[string]string{}, nil},
		{"a=%", nil, nil},
		{"a=%4", nil, nil},
		{"a=%zz", nil, nil},
		{"%zz=a", nil, nil},
		{"a=%u0041", nil, nil},
		{"a=%FF", nil, nil},
		{"a=\xff", nil, nil},
		{"\xff=a", nil, nil},
		{"a=%C0%AF", nil, nil},       // an overlong slash
		{"a=%ED%A0%80", nil, nil},    // half a surrogate pair
		{"a=%F4%90%80%80", nil, nil}, // beyond Unicode
		{"a=%00", nil, nil},
		{"a=\x00", nil, nil},
		{"a%00=b", nil, nil},
		{"a=b&c=%00", nil, nil},
	} {
		f, err := ParseForm(x.raw)
		if (err == nil) != (x.want != nil) {
			t.Errorf("%q: %v", x.raw, err)
			continue
		}
		if err != nil {
			var fe *FormError
			if !errors.As(err, &fe) || strings.Contains(err.Error(), "%") {
				t.Errorf("%q: the error is %v", x.raw, err)
			}
			continue
		}
		for name, value := range x.want {
			if f.Get(name) != value || f.Has(name) != (value != "") {
				t.Errorf("%q: %s is %q", x.raw, name, f.Get(name))
			}
		}
		if !slices.Equal(f.Repeated(), x.repeated) {
			t.Errorf("%q: repeated %v, want %v", x.raw, f.Repeated(), x.repeated)
		}
	}
}

func TestFormLists(t *testing.T) {
	t.Parallel()
	f, err := ParseForm("resource=r&resource=&resource=s&audience=a")
	if err != nil || !slices.Equal(f.List("resource"), []string{"r", "s"}) || !f.Has("audience") || f.Has("resources") || f.Get("resource") != "" {
		t.Errorf("%+v %v", f, err)
	}
}

func TestFormLimits(t *testing.T) {
	t.Parallel()
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "p%d=v&", i)
		}
		return b.String()
	}
	for _, x := range []struct {
		name, raw string
		ok        bool
	}{
		{"as many parameters as are taken", many(MaxParameters), true},
		{"one more", many(MaxParameters + 1), false},
		{"the same one, too often", strings.Repeat("a=b&", MaxParameters+1), false},
		{"empty ones, too often", strings.Repeat("a&", MaxParameters+1), false},
		{"as many bytes as are taken", "a=" + strings.Repeat("x", MaxFormBytes-2), true},
		{"one more byte", "a=" + strings.Repeat("x", MaxFormBytes-1), false},
		{"a state of a megabyte", "state=" + strings.Repeat("x", 1<<20), false},
		{"a state of 1000 characters", "state=" + strings.Repeat("x", 1000), true},
	} {
		if _, err := ParseForm(x.raw); (err == nil) != x.ok {
			t.Errorf("%s: %v", x.name, err)
		}
	}
}

func TestExcept(t *testing.T) {
	t.Parallel()
	f, err := ParseForm("client_secret=s&a=b+%26&resource=r&resource=s&client_assertion=x")
	if err != nil {
		t.Fatal(err)
	}
	got := f.Except("client_secret", "client_assertion", "client_assertion_type").Encode()
	again, err := ParseForm(got)
	if err != nil || again.Has("client_secret") || again.Has("client_assertion") || again.Get("a") != "b &" || !slices.Equal(again.List("resource"), []string{"r", "s"}) {
		t.Errorf("%q %v", got, err)
	}
}

func TestScopeTokens(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		scope string
		want  []string
		ok    bool
	}{
		{"", nil, true},
		{"a", []string{"a"}, true},
		{"a b", []string{"a", "b"}, true},
		{" a  b ", []string{"a", "b"}, true},
		{"b a b", []string{"b", "a"}, true},
		{"!#[]~", []string{"!#[]~"}, true},
		{"a\tb", nil, false},
		{"a\nb", nil, false},
		{`a"b`, nil, false},
		{`a\b`, nil, false},
		{"a\x7f", nil, false},
		{"é", nil, false},
	} {
		if got, ok := ScopeTokens(x.scope); ok != x.ok || !slices.Equal(got, x.want) {
			t.Errorf("%q: %v %v", x.scope, got, ok)
		}
	}
}

func TestIsCodeVerifier(t *testing.T) {
	t.Parallel()
	for v, want := range map[string]bool{
		strings.Repeat("a", 42): false, strings.Repeat("a", 43): true, strings.Repeat("a", 128): true, strings.Repeat("a", 129): false,
		strings.Repeat("aZ09-._~", 6): true, strings.Repeat("a", 43) + "+": false, strings.Repeat("a", 43) + "/": false, strings.Repeat("a", 43) + "=": false,
		strings.Repeat("a", 43) + " ": false, strings.Repeat("é", 30): false, "": false,
	} {
		if IsCodeVerifier(v) != want {
			t.Errorf("%q: %v", v, !want)
		}
	}
}

func TestIsThumbprint(t *testing.T) {
	t.Parallel()
	for v, want := range map[string]bool{
		strings.Repeat("a", 43): true, strings.Repeat("aZ09-_", 7) + "a": true, strings.Repeat("a", 42): false, strings.Repeat("a", 44): false,
		strings.Repeat("a", 42) + "=": false, strings.Repeat("a", 42) + ".": false, strings.Repeat("a", 42) + "+": false, "": false,
	} {
		if IsThumbprint(v) != want {
			t.Errorf("%q: %v", v, !want)
		}
	}
}

// FuzzParseForm: whatever is a form has clean values, and writes itself as a
// form that says the same.
func FuzzParseForm(f *testing.F) {
	for _, seed := range []string{
		"", "?", "a=b&c=d", "a=b&a=c", "a=%41+b", "a=%00", "a=%FF", "a=%C0%AF", "%zz", "=&=&", "resource=a&resource=b&audience=c",
		"response_type=code&client_id=1&redirect_uri=https%3A%2F%2Fc.example%2Fcb&scope=openid&state=%7B%7D", "a=\xff", "&&&", "a;b=c",
		strings.Repeat("a&", 300), "=x", "a=%u0041",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		form, err := ParseForm(raw)
		if err != nil {
			return
		}
		for name, value := range form.values {
			if value == "" || !utf8.ValidString(name+value) || strings.ContainsRune(name+value, 0) {
				t.Errorf("%q: %q=%q", raw, name, value)
			}
		}
		text := form.Encode()
		again, err := ParseForm(text)
		if err != nil && len(text) <= MaxFormBytes {
			t.Fatalf("%q writes itself as %q: %v", raw, text, err)
		}
		if err == nil && (len(again.Repeated()) > 0 || !slices.Equal(again.List("resource"), form.List("resource")) || again.Encode() != text) {
			t.Errorf("%q writes itself as %q, which says something else", raw, text)
		}
		if v, err := url.ParseQuery(strings.TrimPrefix(raw, "?")); err == nil {
			for name := range form.values {
				if !slices.Contains(v[name], form.Get(name)) {
					t.Errorf("%q: %s is %q here, %q elsewhere", raw, name, form.Get(name), v[name])
				}
			}
		}
	})
}
