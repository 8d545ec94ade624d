package request

import (
	"encoding/json"
	"sort"
)

// Claims is the claims parameter (OIDCC-5.5), reduced to what the engine
// itself heeds; the text is kept as it came for everybody else.
type Claims struct {
	UserInfo map[string]json.RawMessage `json:"userinfo"`
	IDToken  map[string]json.RawMessage `json:"id_token"`
}

// member is one requested claim.
type member struct {
	Essential bool              `json:"essential"`
	Value     json.RawMessage   `json:"value"`
	Values    []json.RawMessage `json:"values"`
}

const maxClaims = 16 << 10

// ParseClaims parses the claims parameter; ok is false where it is no JSON
// object of the specified shape. Unknown members are ignored.
func ParseClaims(text string) (c Claims, ok bool) {
	if text == "" {
		return c, true
	}
	var given *Claims // nil where the text is null
	if len(text) > maxClaims || json.Unmarshal([]byte(text), &given) != nil || given == nil {
		return Claims{}, false
	}
	c = *given
	for _, m := range []map[string]json.RawMessage{c.UserInfo, c.IDToken} {
		for _, raw := range m {
			var v *member
			if json.Unmarshal(raw, &v) != nil {
				return Claims{}, false
			}
		}
	}
	return c, true
}

// idToken returns the requested values of an ID token claim as strings, and
// whether it is essential.
func (c Claims) idToken(name string) (values []string, essential, found bool) {
	raw, found := c.IDToken[name]
	if !found {
		return nil, false, false
	}
	var m *member
	if json.Unmarshal(raw, &m) != nil || m == nil {
		return nil, false, true
	}
	for _, v := range append([]json.RawMessage{m.Value}, m.Values...) {
		var s string
		if len(v) > 0 && json.Unmarshal(v, &s) == nil && s != "" {
			values = append(values, s)
		}
	}
	return values, m.Essential, true
}

func names(m map[string]json.RawMessage) []string {
	out := make([]string, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// scopeClaims is what the standard scopes ask for (OIDCC-5.4).
var scopeClaims = map[string][]string{
	"profile": {"name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"},
	"email":   {"email", "email_verified"},
	"address": {"address"},
	"phone":   {"phone_number", "phone_number_verified"},
}

// UserInfoClaims returns the claims that scopes and the claims parameter ask
// for at the userinfo endpoint.
func UserInfoClaims(scopes []string, c Claims) []string {
	var out []string
	seen := map[string]bool{}
	add := func(list []string) {
		for _, n := range list {
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	for _, s := range scopes {
		add(scopeClaims[s])
	}
	add(names(c.UserInfo))
	return out
}

// IDTokenNames returns the names of the claims asked for in the ID token.
func (c Claims) IDTokenNames() []string { return names(c.IDToken) }

// IDTokenText and UserInfoText return the two members as JSON text, "" where
// they are absent.
func (c Claims) IDTokenText() string { return text(c.IDToken) }

// UserInfoText is documented at IDTokenText.
func (c Claims) UserInfoText() string { return text(c.UserInfo) }

func text(m map[string]json.RawMessage) string {
	if len(m) == 0 {
		return ""
	}
	b, err := json.Marshal(m)
	if err != nil { // it was parsed from JSON
		panic(err)
	}
	return string(b)
}
