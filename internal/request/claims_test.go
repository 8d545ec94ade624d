package request

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestParseClaims(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		``: true, `{}`: true, `{"userinfo":{"name":null},"id_token":{"acr":{"essential":true,"values":["a","b"]}}}`: true,
		`{"userinfo":null}`: true, `{"other":[1]}`: true, `{"id_token":{"auth_time":{"essential":false}}}`: true, ` {} `: true,
		`{"id_token":{"x":{"value":7,"purpose":"p"}}}`: true,
		`null`: false, `[]`: false, `"claims"`: false, `7`: false, `{`: false, `{}{}`: false, `{"userinfo":[]}`: false, `{"userinfo":"all"}`: false,
		`{"id_token":{"acr":true}}`: false, `{"id_token":{"acr":{"essential":"yes"}}}`: false, `{"id_token":{"acr":{"values":"a"}}}`: false,
		`{"x":"` + strings.Repeat("x", maxClaims) + `"}`:                                 false,
		`{"id_token":` + strings.Repeat(`{"a":`, 5000) + `1` + strings.Repeat(`}`, 5001): false,
	} {
		if _, ok := ParseClaims(text); ok != want {
			t.Errorf("%.60s: %v, want %v", text, ok, want)
		}
	}
}

func TestClaimsOfIDToken(t *testing.T) {
	t.Parallel()
	c, ok := ParseClaims(`{"id_token":{"acr":{"essential":true,"value":"a","values":["b",7,""]},"sub":{"value":"s"},"auth_time":null},"userinfo":{"name":null,"email":null}}`)
	if !ok {
		t.Fatal("not taken")
	}
	if v, essential, found := c.idToken("acr"); !slices.Equal(v, []string{"a", "b"}) || !essential || !found {
		t.Errorf("acr: %v %v %v", v, essential, found)
	}
	if v, essential, found := c.idToken("auth_time"); v != nil || essential || !found {
		t.Errorf("auth_time: %v %v %v", v, essential, found)
	}
	if _, _, found := c.idToken("name"); found {
		t.Error("name is no claim of the ID token")
	}
	if got := c.IDTokenNames(); !slices.Equal(got, []string{"acr", "auth_time", "sub"}) {
		t.Errorf("names %v", got)
	}
	if got := UserInfoClaims([]string{"email", "unknown"}, c); !slices.Equal(got, []string{"email", "email_verified", "name"}) {
		t.Errorf("userinfo %v", got)
	}
	if (Claims{}).IDTokenText() != "" || c.UserInfoText() != `{"email":null,"name":null}` {
		t.Errorf("texts %q %q", (Claims{}).IDTokenText(), c.UserInfoText())
	}
}

// FuzzParseClaims: what is taken can be told again, and says the same.
func FuzzParseClaims(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `null`, `[]`, `{"id_token":null}`, `{"id_token":{"acr":{"essential":true,"values":["a",null,7]}}}`, `{"userinfo":{"name":null}}`,
		`{"id_token":{"acr":null},"id_token":{"sub":{"value":"\ud800"}}}`, `{"ID_TOKEN":{"a":{}}}`, `{"id_token":{"":{"value":{}}}}`, "{\"userinfo\":{\"\xff\":null}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := ParseClaims(text)
		if !ok {
			return
		}
		if text != "" && !json.Valid([]byte(text)) {
			t.Fatalf("%q is taken and is no JSON", text)
		}
		for _, name := range c.IDTokenNames() {
			if _, _, found := c.idToken(name); !found {
				t.Errorf("%q: %q is named and not found", text, name)
			}
		}
		_ = UserInfoClaims([]string{"profile"}, c)
		for _, part := range []string{c.IDTokenText(), c.UserInfoText()} {
			if part == "" {
				continue
			}
			if _, ok := ParseClaims(`{"id_token":` + part + `}`); !ok && len(part) < maxClaims-20 {
				t.Errorf("%q is told as %q, which is not taken", text, part)
			}
		}
	})
}
