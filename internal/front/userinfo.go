package front

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/userfile"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// presented is the access token of a request and how it came. The scheme says
// what the sender claims the token to be, and the proof tells the engine: with
// a proof it refuses a token that is bound to no key (DPOP-7.1), without one a
// token that is bound (DPOP-7.2).
type presented struct {
	token string
	proof string // the DPoP header; "" unless the scheme is DPoP
}

// userinfo is the userinfo endpoint (OpenID Connect Core §5.3).
func (f *Front) userinfo(w http.ResponseWriter, r *http.Request) {
	in, p := readToken(w, r)
	if p != nil {
		refuse(w, p)
		return
	}
	out, err := f.api.UserInfo(calling(r), &wire.UserInfoRequest{Token: in.token, DPoP: in.proof, HTM: r.Method, HTU: f.url("userinfo")})
	if err != nil {
		f.failed(w, "userinfo", err)
		return
	}
	setNonce(w, out.DPoPNonce)
	if out.Action != wire.UserInfoActionOK {
		f.refused(w, "userinfo", string(out.Action), out.Result, out.Explanation)
	}
	switch out.Action {
	case wire.UserInfoActionOK:
		f.issueUserinfo(w, r, in, out)
	case wire.UserInfoActionBadRequest:
		challenge(w, http.StatusBadRequest, out.ResponseContent)
	case wire.UserInfoActionUnauthorized:
		challenge(w, http.StatusUnauthorized, out.ResponseContent)
	case wire.UserInfoActionForbidden:
		challenge(w, http.StatusForbidden, out.ResponseContent)
	case wire.UserInfoActionInternalServerError:
		challenge(w, http.StatusInternalServerError, out.ResponseContent)
	default:
		f.unknown(w, "userinfo", string(out.Action))
	}
}

// issueUserinfo answers with the claims of the token's user.
func (f *Front) issueUserinfo(w http.ResponseWriter, r *http.Request, in *presented, found *wire.UserInfoResponse) {
	claims, known := f.userinfoClaims(found)
	if !known {
		challenge(w, http.StatusUnauthorized, `Bearer error="invalid_token", error_description="The end-user is not known any more."`)
		return
	}
	out, err := f.api.UserInfoIssue(calling(r), &wire.UserInfoIssueRequest{Token: in.token, Claims: claims})
	if err != nil {
		f.failed(w, "userinfo", err)
		return
	}
	switch out.Action {
	case wire.UserInfoIssueActionJSON:
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		_, _ = w.Write([]byte(out.ResponseContent))
	case wire.UserInfoIssueActionJWT:
		w.Header().Set("Content-Type", "application/jwt")
		_, _ = w.Write([]byte(out.ResponseContent))
	case wire.UserInfoIssueActionBadRequest:
		challenge(w, http.StatusBadRequest, out.ResponseContent)
	case wire.UserInfoIssueActionUnauthorized:
		challenge(w, http.StatusUnauthorized, out.ResponseContent)
	case wire.UserInfoIssueActionForbidden:
		challenge(w, http.StatusForbidden, out.ResponseContent)
	case wire.UserInfoIssueActionInternalServerError:
		challenge(w, http.StatusInternalServerError, out.ResponseContent)
	default:
		f.unknown(w, "userinfo", string(out.Action))
	}
}

// userinfoClaims returns what is to be told about a token's user: what the
// user file says now, or what the login application said at the login.
func (f *Front) userinfoClaims(found *wire.UserInfoResponse) (claims string, known bool) {
	property := func(key string) string {
		i := slices.IndexFunc(found.Properties, func(p wire.Property) bool { return p.Key == key })
		if i < 0 {
			return ""
		}
		return found.Properties[i].Value
	}
	if f.login != nil { // of what was told at the login, what the token still allows
		return someOf(property(claimsProperty), found.Claims), true
	}
	user := f.users.Subject(found.Subject)
	if user == nil {
		return "", false
	}
	return claimsOf(user, found.Claims, strings.Fields(property(localesProperty))), true
}

// someOf returns the named claims of a JSON object, in any language, as JSON
// text, "" for none.
func someOf(text string, names []string) string {
	var all map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &all) != nil {
		return ""
	}
	maps.DeleteFunc(all, func(key string, _ json.RawMessage) bool {
		name, _, _ := strings.Cut(key, "#")
		return !slices.Contains(names, key) && !slices.Contains(names, name)
	})
	return claimsText(all)
}

// claimsText writes claims as JSON text, "" for none.
func claimsText[V any](claims map[string]V) string {
	if len(claims) == 0 {
		return ""
	}
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)                   // it is not HTML, and has a limit
	if err := e.Encode(claims); err != nil { // it was parsed from YAML or JSON
		panic(err)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// What a token keeps from the login for the userinfo endpoint, hidden from
// clients: the claims that a login application gave, and the languages that
// the client wants claims in (OIDCC-5.2).
const (
	claimsProperty  = "userinfo"
	localesProperty = "claims_locales"
)

// What a request without a usable token is told. Where there is nothing to
// judge, only the schemes are named (RFC6750-3.1).
var (
	anyScheme    = []string{"Bearer", "DPoP"}
	badToken     = []string{`Bearer error="invalid_request"`}
	badDPoPProof = []string{`DPoP error="invalid_dpop_proof"`}
)

// readToken finds the access token of a request: in the Authorization header,
// or in the form of a POST (RFC6750-2.1, RFC6750-2.2), never in the address,
// and in one place only.
func readToken(w http.ResponseWriter, r *http.Request) (*presented, *problem) {
	if p := noSecretsInQuery(r); p != nil {
		return nil, p.at(p.status, badToken)
	}
	inForm, p := formToken(w, r)
	if p != nil {
		return nil, p.at(p.status, badToken)
	}
	headers := r.Header.Values("Authorization")
	switch {
	case len(headers) == 0 && inForm == "":
		return nil, noToken("The request has no access token.").at(http.StatusUnauthorized, anyScheme)
	case len(headers) > 1, len(headers) == 1 && inForm != "":
		return nil, noToken("The request has more than one access token.").at(http.StatusBadRequest, badToken)
	case inForm != "":
		return &presented{token: inForm}, nil
	}
	return headerToken(r, headers[0])
}

// headerToken reads the Authorization header. Its schemes are
// case-insensitive (RFC9110-11.1).
func headerToken(r *http.Request, header string) (*presented, *problem) {
	scheme, token, _ := strings.Cut(header, " ")
	in := &presented{token: strings.Trim(token, " ")}
	switch {
	case in.token == "", strings.ContainsFunc(in.token, func(c rune) bool { return c <= ' ' || c > '~' }):
		return nil, noToken("The Authorization header is not usable.").at(http.StatusBadRequest, badToken)
	case strings.EqualFold(scheme, "Bearer"):
		return in, nil
	case !strings.EqualFold(scheme, "DPoP"):
		return nil, noToken("The Authorization header has an unknown scheme.").at(http.StatusUnauthorized, anyScheme)
	}
	proof, p := dpop(r)
	if p == nil && proof == "" {
		p = noProof()
	}
	if p != nil { // at a resource this is 401 (DPOP-7.1)
		return nil, p.at(http.StatusUnauthorized, badDPoPProof)
	}
	in.proof = proof
	return in, nil
}

func noToken(text string) *problem { return &problem{code: oauth.InvalidRequest, text: text} }

// formToken returns the access token of a form, or nothing where the request
// has none.
func formToken(w http.ResponseWriter, r *http.Request) (string, *problem) {
	if r.Method != http.MethodPost || !isForm(r) {
		return "", nil
	}
	body, p := readBody(w, r)
	if p != nil {
		return "", p
	}
	form, err := oauth.ParseForm(body)
	if err != nil || len(form.Repeated()) > 0 {
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request is not well-formed."}
	}
	return form.Get("access_token"), nil
}

// challenge refuses as a resource does (RFC6750-3).
func challenge(w http.ResponseWriter, status int, value string) {
	if value != "" {
		w.Header().Set("WWW-Authenticate", value)
	}
	w.WriteHeader(status)
}

// claimsOf returns what is known of a user among the named claims, as JSON
// text. A name may carry a language tag; it is then looked for as it is. The
// wanted languages add what is known in them (OIDCC-5.2).
func claimsOf(user *userfile.User, names, locales []string) string {
	found := make(map[string]any, len(names))
	for _, name := range names {
		for _, n := range append([]string{name}, tagged(name, locales)...) {
			if value, ok := user.Claims[n]; ok {
				found[n] = value
			}
		}
	}
	return claimsText(found)
}

// tagged returns the names that a claim has in some languages.
func tagged(name string, locales []string) []string {
	if strings.Contains(name, "#") {
		return nil
	}
	names := make([]string, len(locales))
	for i, l := range locales {
		names[i] = name + "#" + l
	}
	return names
}
