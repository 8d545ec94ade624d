package spec

import "strings"

// Ref is one clause of one document, in the conformance suite's syntax.
type Ref string

// documents maps a prefix to the document it names. The longest prefix that
// fits wins, so that FAPI2-SP-FINAL is not read as FAPI2.
var documents = map[string]string{
	"RFC3986":        "https://www.rfc-editor.org/rfc/rfc3986.html",
	"RFC6749":        "https://www.rfc-editor.org/rfc/rfc6749.html",
	"RFC6750":        "https://www.rfc-editor.org/rfc/rfc6750.html",
	"RFC7009":        "https://www.rfc-editor.org/rfc/rfc7009.html",
	"RFC7515":        "https://www.rfc-editor.org/rfc/rfc7515.html",
	"RFC7517":        "https://www.rfc-editor.org/rfc/rfc7517.html",
	"RFC7519":        "https://www.rfc-editor.org/rfc/rfc7519.html",
	"RFC7523":        "https://www.rfc-editor.org/rfc/rfc7523.html",
	"RFC7591":        "https://www.rfc-editor.org/rfc/rfc7591.html",
	"RFC7592":        "https://www.rfc-editor.org/rfc/rfc7592.html",
	"RFC7636":        "https://www.rfc-editor.org/rfc/rfc7636.html",
	"RFC7662":        "https://www.rfc-editor.org/rfc/rfc7662.html",
	"RFC8252":        "https://www.rfc-editor.org/rfc/rfc8252.html",
	"RFC8414":        "https://www.rfc-editor.org/rfc/rfc8414.html",
	"RFC8707":        "https://www.rfc-editor.org/rfc/rfc8707.html",
	"RFC8725":        "https://www.rfc-editor.org/rfc/rfc8725.html",
	"RFC9068":        "https://www.rfc-editor.org/rfc/rfc9068.html",
	"JAR":            "https://www.rfc-editor.org/rfc/rfc9101.html",
	"PAR":            "https://www.rfc-editor.org/rfc/rfc9126.html",
	"RFC9207":        "https://www.rfc-editor.org/rfc/rfc9207.html",
	"RFC9396":        "https://www.rfc-editor.org/rfc/rfc9396.html",
	"DPOP":           "https://www.rfc-editor.org/rfc/rfc9449.html",
	"RFC9470":        "https://www.rfc-editor.org/rfc/rfc9470.html",
	"RFC9700":        "https://www.rfc-editor.org/rfc/rfc9700.html",
	"OIDCC":          "https://openid.net/specs/openid-connect-core-1_0.html",
	"OIDCD":          "https://openid.net/specs/openid-connect-discovery-1_0.html",
	"OIDCR":          "https://openid.net/specs/openid-connect-registration-1_0.html",
	"OAuth2-MRT":     "https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html",
	"OAuth2-FP":      "https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html",
	"OIDC-UAR":       "https://openid.net/specs/openid-connect-unmet-authentication-requirements-1_0.html",
	"FAPI2-SP-FINAL": "https://openid.net/specs/fapi-security-profile-2_0-final.html",
	"SYMBOLON":       "https://github.com/symbolon-auth/symbolon/blob/main/docs/choices.md",
}

// Document returns the prefix of r, the clause behind it and the address of
// the document; ok is false where the prefix is not known.
func (r Ref) Document() (prefix, clause, url string, ok bool) {
	for p, u := range documents {
		if rest, found := strings.CutPrefix(string(r), p+"-"); found && len(p) > len(prefix) {
			prefix, clause, url, ok = p, rest, u, true
		}
	}
	return prefix, clause, url, ok
}

// Refs is a list of clauses; it keeps the literals of rule tables short.
func Refs(refs ...Ref) []Ref { return refs }
