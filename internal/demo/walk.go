package demo

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/jose"
)

// walk is one flow on its way, as the FAPI client and its user see it.
type walk struct {
	*party
	step int

	// what the steps learn
	verifier, state, nonce string
	requestURI             string
	page                   *form
	code                   string
	tokens                 tokens
}

// tokens are what a token response holds.
type tokens struct {
	Access    string `json:"access_token"`
	Refresh   string `json:"refresh_token"`
	ID        string `json:"id_token"`
	Type      string `json:"token_type"`
	ExpiresIn int64  `json:"expires_in"`
	Scope     string `json:"scope"`
}

// Walk takes one authorization of the FAPI service from its beginning to its
// end through front, and tells each step. The error names the step that
// failed.
func Walk(ctx context.Context, out io.Writer, front http.Handler, issuer string, key *ClientKey) error {
	p, err := newParty(ctx, front, issuer, key)
	if err != nil {
		return err
	}
	w := &walk{party: p, verifier: rand.Text() + rand.Text(), state: rand.Text(), nonce: rand.Text()}
	for _, s := range []struct {
		name string
		do   func() (string, error)
	}{
		{"discovery", w.discover},
		{"pushed authorization request", w.push},
		{"authorization request", w.authorize},
		{"login", w.logIn},
		{"consent", w.consent},
		{"token request", w.redeem},
		{"ID token", w.verifyIDToken},
		{"userinfo", w.userinfo},
		{"refresh", w.refresh},
		{"introspection", w.introspectLive},
		{"revocation", w.revoke},
		{"introspection", w.introspectDead},
	} {
		w.step++
		told, err := s.do()
		if err != nil {
			return fmt.Errorf("step %d, %s: %w", w.step, s.name, err)
		}
		if _, err := fmt.Fprintf(out, "%2d. %s\n    %s\n", w.step, s.name, strings.ReplaceAll(told, "\n", "\n    ")); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "All %d steps went as they should.\n", w.step)
	return err
}

func (w *walk) discover() (string, error) {
	const path = "/.well-known/openid-configuration"
	if err := w.getJSON(w.issuer+path, nil, &w.metadata); err != nil {
		return "", err
	}
	if w.metadata.Issuer != w.issuer {
		return "", fmt.Errorf("the issuer is %q", w.metadata.Issuer)
	}
	return fmt.Sprintf("GET %s%s\nThe service names its endpoints; a request has to be pushed: %v.", w.issuer, path, w.metadata.PushedOnly), nil
}

func (w *walk) push() (string, error) {
	challenge := sha256.Sum256([]byte(w.verifier))
	parameters := url.Values{
		"response_type": {"code"}, "client_id": {fapiClient}, "redirect_uri": {fapiCallback}, "scope": {"openid profile accounts"},
		"state": {w.state}, "nonce": {w.nonce},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
	}
	var answer struct {
		RequestURI string `json:"request_uri"`
		ExpiresIn  int64  `json:"expires_in"`
	}
	if err := w.postAsClient(w.metadata.PAR, parameters, &answer); err != nil {
		return "", err
	}
	w.requestURI = answer.RequestURI
	return fmt.Sprintf("POST %s with PKCE, a signed client assertion and a DPoP proof\nrequest_uri %s is good for %d seconds.", w.metadata.PAR, answer.RequestURI, answer.ExpiresIn), nil
}

func (w *walk) authorize() (string, error) {
	address := w.metadata.Authorization + "?" + url.Values{"client_id": {fapiClient}, "request_uri": {w.requestURI}}.Encode()
	resp, err := w.send(http.MethodGet, address, nil, nil)
	if err != nil {
		return "", err
	}
	if w.page, err = w.follow(resp); err != nil {
		return "", err
	}
	if !w.page.has("loginId") || !w.page.has("password") {
		return "", errors.New("no login page came")
	}
	return fmt.Sprintf("GET %s\nThe browser is sent to the login page, %s.", address, w.page.action), nil
}

func (w *walk) logIn() (string, error) {
	resp, err := w.submit(w.page, "authorized", "loginId", "john", "password", "john")
	if err != nil {
		return "", err
	}
	if w.page, err = w.follow(resp); err != nil {
		return "", err
	}
	if !w.page.has("session") {
		return "", errors.New("no consent page came")
	}
	return "john types his password; the consent page comes.", nil
}

func (w *walk) consent() (string, error) {
	resp, err := w.submit(w.page, "authorized")
	if err != nil {
		return "", err
	}
	location, err := url.Parse(resp.header.Get("Location"))
	if err != nil {
		return "", err
	}
	answer := location.Query()
	switch {
	case resp.status != http.StatusSeeOther || !strings.HasPrefix(location.String(), fapiCallback+"?"):
		return "", fmt.Errorf("the answer was %d to %q", resp.status, location)
	case answer.Get("error") != "":
		return "", fmt.Errorf("%s: %s", answer.Get("error"), answer.Get("error_description"))
	case answer.Get("state") != w.state:
		return "", errors.New("the state is another one")
	case answer.Get("iss") != w.issuer: // RFC 9207 §2.4
		return "", errors.New("the response is of another issuer")
	}
	w.code = answer.Get("code")
	return fmt.Sprintf("He allows it; the browser goes back to %s with code, state and iss.", fapiCallback), nil
}

func (w *walk) redeem() (string, error) {
	err := w.postAsClient(w.metadata.Token, url.Values{
		"grant_type": {"authorization_code"}, "code": {w.code}, "redirect_uri": {fapiCallback}, "code_verifier": {w.verifier},
	}, &w.tokens)
	if err != nil {
		return "", err
	}
	if w.tokens.Access == "" || w.tokens.Refresh == "" || w.tokens.ID == "" || !strings.EqualFold(w.tokens.Type, "DPoP") {
		return "", fmt.Errorf("the answer lacks a token, or its type is %q", w.tokens.Type)
	}
	return fmt.Sprintf("POST %s\nA %s access token for %d seconds (%s), a refresh token, an ID token.", w.metadata.Token, w.tokens.Type, w.tokens.ExpiresIn, w.tokens.Scope), nil
}

func (w *walk) verifyIDToken() (string, error) {
	var text json.RawMessage
	if err := w.getJSON(w.metadata.JWKS, nil, &text); err != nil {
		return "", err
	}
	keys, err := jose.ParseKeySet(string(text))
	if err != nil {
		return "", err
	}
	var claims struct {
		Issuer   string `json:"iss"`
		Subject  string `json:"sub"`
		Audience any    `json:"aud"`
		Nonce    string `json:"nonce"`
	}
	header, err := jose.Verify(w.tokens.ID, keys, []string{clientAlg}, &claims)
	if err != nil {
		return "", err
	}
	if claims.Issuer != w.issuer || claims.Nonce != w.nonce || claims.Subject == "" {
		return "", fmt.Errorf("its claims are %+v", claims)
	}
	return fmt.Sprintf("Its %s signature holds with a key of %s; it is about subject %s.", header.Algorithm, w.metadata.JWKS, claims.Subject), nil
}

func (w *walk) userinfo() (string, error) {
	header, err := w.dpopHeader(http.MethodGet, w.metadata.UserInfo, w.tokens.Access)
	if err != nil {
		return "", err
	}
	header.Set("Authorization", "DPoP "+w.tokens.Access)
	var claims map[string]any
	if err := w.getJSON(w.metadata.UserInfo, header, &claims); err != nil {
		return "", err
	}
	if claims["name"] != "John Flores" {
		return "", fmt.Errorf("the claims are %v", claims)
	}
	return fmt.Sprintf("GET %s with the token and a fresh proof\nname %v, preferred_username %v", w.metadata.UserInfo, claims["name"], claims["preferred_username"]), nil
}

func (w *walk) refresh() (string, error) {
	before := w.tokens.Access
	err := w.postAsClient(w.metadata.Token, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {w.tokens.Refresh}}, &w.tokens)
	if err != nil {
		return "", err
	}
	if w.tokens.Access == before {
		return "", errors.New("the access token is the same")
	}
	return "A new access token, bound to the same key; FAPI 2.0 keeps the refresh token.", nil
}

func (w *walk) introspect() (map[string]any, error) {
	var answer map[string]any
	err := w.postJSON(w.metadata.Introspection, url.Values{
		"token": {w.tokens.Access}, "client_id": {IntrospectorName}, "client_secret": {IntrospectorSecret},
	}, nil, &answer)
	return answer, err
}

func (w *walk) introspectLive() (string, error) {
	answer, err := w.introspect()
	if err != nil {
		return "", err
	}
	if answer["active"] != true || answer["cnf"] == nil {
		return "", fmt.Errorf("the answer is %v", answer)
	}
	return fmt.Sprintf("POST %s as a resource server\nactive, scope %v, bound to key %v", w.metadata.Introspection, answer["scope"], answer["cnf"].(map[string]any)["jkt"]), nil
}

func (w *walk) revoke() (string, error) {
	if err := w.postAsClient(w.metadata.Revocation, url.Values{"token": {w.tokens.Refresh}}, nil); err != nil {
		return "", err
	}
	return fmt.Sprintf("POST %s with the refresh token", w.metadata.Revocation), nil
}

func (w *walk) introspectDead() (string, error) {
	answer, err := w.introspect()
	if err != nil {
		return "", err
	}
	if answer["active"] != false || len(answer) != 1 {
		return "", fmt.Errorf("the answer is %v", answer)
	}
	return "The access token went with it: not active, and not a word more.", nil
}
