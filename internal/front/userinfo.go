package front

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/userfile"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// presented is the access token of a request and how it came.
type presented struct {
	token string
	dpop  bool   // by the DPoP scheme (DPOP-7.1); else as a bearer token
	proof string // the DPoP header, looked at with the DPoP scheme only
}

// userinfo is the userinfo endpoint (OpenID Connect Core §5.3).
func (f *Front) userinfo(w http.ResponseWriter, r *http.Request) {
	in, p := readToken(w, r)
	if p != nil {
		refuse(w, p)
		return
	}
	request := &wire.UserInfoRequest{Token: in.token, HTM: r.Method, HTU: f.url("/userinfo")}
	if in.dpop {
		request.DPoP = in.proof
	}
	out, err := f.api.UserInfo(calling(r), request)
	if err != nil {
		f.failed(w, "userinfo", err)
		return
	}
	setNonce(w, out.DPoPNonce)
	if out.Action != wire.UserInfoActionOK {
		f.refused("userinfo", string(out.Action), out.Result, out.Explanation)
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
	if in.dpop {
		bound, err := f.isBound(calling(r), in.token)
		if err != nil {
			f.failed(w, "userinfo", err)
			return
		}
		if !bound {
			challenge(w, http.StatusUnauthorized, `DPoP error="invalid_token", error_description="The access token is not bound to a key."`)
			return
		}
	}
	user := f.users.Subject(found.Subject)
	if user == nil {
		challenge(w, http.StatusUnauthorized, `Bearer error="invalid_token", error_description="The end-user is not known any more."`)
		return
	}
	out, err := f.api.UserInfoIssue(calling(r), &wire.UserInfoIssueRequest{Token: in.token, Claims: claimsOf(user, found.Claims)})
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

// isBound reports whether a live token is bound to a DPoP key. Who presents a
// token by the DPoP scheme claims that it is, and must not be served when it
// is not (DPOP-7.1); the userinfo answer does not tell, introspection does
// (DPOP-6.2). The opposite, a bound token sent as a bearer token (DPOP-7.2),
// the engine refuses, because it then gets no proof.
func (f *Front) isBound(ctx context.Context, token string) (bool, error) {
	out, err := f.api.StandardIntrospection(ctx, &wire.StandardIntrospectionRequest{Parameters: url.Values{"token": {token}}.Encode()})
	if err != nil {
		return false, err
	}
	var found struct {
		Confirmation struct {
			Thumbprint string `json:"jkt"`
		} `json:"cnf"`
	}
	if out.Action != wire.StandardIntrospectionActionOK {
		return false, nil
	}
	err = json.Unmarshal([]byte(out.ResponseContent), &found)
	return found.Confirmation.Thumbprint != "", err
}

// readToken finds the access token of a request: in the Authorization header,
// or in the form of a POST (RFC6750-2.1, RFC6750-2.2), never in the address,
// and in one place only.
func readToken(w http.ResponseWriter, r *http.Request) (*presented, *problem) {
	if p := noSecretsInQuery(r); p != nil {
		return nil, withChallenge(p, `Bearer error="invalid_request"`)
	}
	inForm, p := formToken(w, r)
	if p != nil {
		return nil, withChallenge(p, `Bearer error="invalid_request"`)
	}
	headers := r.Header.Values("Authorization")
	switch {
	case len(headers) == 0 && inForm == "":
		// Nothing to judge: only the schemes are named (RFC6750-3.1).
		w.Header().Add("WWW-Authenticate", "DPoP")
		return nil, &problem{status: http.StatusUnauthorized, code: oauth.InvalidRequest, text: "The request has no access token.", challenge: "Bearer"}
	case len(headers) > 1, len(headers) == 1 && inForm != "":
		return nil, &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request has more than one access token.", challenge: `Bearer error="invalid_request"`}
	case inForm != "":
		return &presented{token: inForm}, nil
	}
	scheme, token, _ := strings.Cut(headers[0], " ")
	in := &presented{token: strings.Trim(token, " ")}
	switch {
	case in.token == "", strings.ContainsFunc(in.token, func(c rune) bool { return c <= ' ' || c > '~' }):
		return nil, &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The Authorization header is not usable.", challenge: `Bearer error="invalid_request"`}
	case strings.EqualFold(scheme, "Bearer"): // RFC9110-11.1: schemes are case-insensitive
		return in, nil
	case strings.EqualFold(scheme, "DPoP"):
		in.dpop = true
	default:
		w.Header().Add("WWW-Authenticate", "DPoP")
		return nil, &problem{status: http.StatusUnauthorized, code: oauth.InvalidRequest, text: "The Authorization header has an unknown scheme.", challenge: "Bearer"}
	}
	if in.proof, p = dpop(r); p == nil && in.proof == "" {
		p = &problem{code: oauth.InvalidDPoPProof, text: "The request must have exactly one DPoP header."}
	}
	if p != nil { // at a resource this is 401 (DPOP-7.1)
		p.status = http.StatusUnauthorized
		return nil, withChallenge(p, `DPoP error="invalid_dpop_proof"`)
	}
	return in, nil
}

// formToken returns the access token of a form, or nothing where the request
// has none.
func formToken(w http.ResponseWriter, r *http.Request) (string, *problem) {
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") == "" || r.ContentLength == 0 {
		return "", nil
	}
	body, p := readForm(w, r)
	if p != nil {
		return "", p
	}
	form, err := oauth.ParseForm(body)
	if err != nil || len(form.Repeated()) > 0 {
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request is not well-formed."}
	}
	return form.Get("access_token"), nil
}

func withChallenge(p *problem, challenge string) *problem {
	p.challenge = challenge
	return p
}

// challenge refuses as a resource does (RFC6750-3).
func challenge(w http.ResponseWriter, status int, value string) {
	if value != "" {
		w.Header().Set("WWW-Authenticate", value)
	}
	w.WriteHeader(status)
}

// claimsOf returns what is known of a user among the named claims, as JSON
// text. A name may carry a language tag; it is then looked for as it is.
func claimsOf(user *userfile.User, names []string) string {
	found := make(map[string]any, len(names))
	for _, name := range names {
		if value, ok := user.Claims[name]; ok {
			found[name] = value
		}
	}
	if len(found) == 0 {
		return ""
	}
	text, err := json.Marshal(found)
	if err != nil { // the user file was tried when it was read
		panic(err)
	}
	return string(text)
}
