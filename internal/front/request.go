package front

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/symbolon-auth/symbolon/internal/oauth"
)

// maxBody bounds what a request may carry: what the engine reads as a form.
const maxBody = oauth.MaxFormBytes

// clientRequest is what reached an endpoint for clients.
type clientRequest struct {
	form       string // the body, as received
	authorized bool   // there was an Authorization header
	id, secret string // of HTTP Basic
	dpop       string
}

// readClientRequest reads a request of a client. realm is for the challenge.
func readClientRequest(w http.ResponseWriter, r *http.Request, realm string) (*clientRequest, *problem) {
	form, p := readForm(w, r)
	if p != nil {
		return nil, p
	}
	in := &clientRequest{form: form}
	if in.id, in.secret, in.authorized, p = basic(r, realm); p != nil {
		return nil, p
	}
	if in.dpop, p = dpop(r); p != nil {
		return nil, p
	}
	return in, nil
}

// inBodyOnly are parameters that must not appear in an address, where logs
// and histories keep them (RFC6749-2.3.1, RFC6750-2.3, RFC9700-4.3.2).
var inBodyOnly = []string{"access_token", "token", "refresh_token", "code", "client_secret", "client_assertion", "password"}

func noSecretsInQuery(r *http.Request) *problem {
	query := r.URL.Query()
	if slices.ContainsFunc(inBodyOnly, query.Has) {
		return &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "Tokens and credentials do not belong in the address."}
	}
	return nil
}

// readForm returns the form body of a request as it was received. A body that
// is no form, empty or too long is refused here: the engine would take it for
// a mistake of ours.
func readForm(w http.ResponseWriter, r *http.Request) (string, *problem) {
	if p := noSecretsInQuery(r); p != nil {
		return "", p
	}
	if !isForm(r) {
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The content type must be application/x-www-form-urlencoded."}
	}
	body, p := readBody(w, r)
	if p == nil && body == "" {
		p = &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request is empty."}
	}
	return body, p
}

func isForm(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == "application/x-www-form-urlencoded"
}

func readBody(w http.ResponseWriter, r *http.Request) (string, *problem) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return "", &problem{status: http.StatusRequestEntityTooLarge, code: oauth.InvalidRequest, text: "The request is too long."} // PAR-2.3
	case err != nil:
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request could not be read."}
	case !utf8.Valid(body), isForm(r) && bytes.ContainsFunc(body, func(c rune) bool { return c < ' ' }):
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request is not well-formed."}
	}
	return string(body), nil
}

// basic returns the credentials of HTTP Basic. They are split at the first
// colon and handed on literally; whether they are form-encoded besides
// (RFC6749-2.3.1) is for the engine to find out.
func basic(r *http.Request, realm string) (id, secret string, used bool, p *problem) {
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		return "", "", false, nil
	}
	bad := &problem{status: http.StatusUnauthorized, code: oauth.InvalidClient, text: "The Authorization header is not usable.", challenges: []string{basicChallenge(realm)}}
	scheme, credentials, _ := strings.Cut(values[0], " ")
	if len(values) > 1 || !strings.EqualFold(scheme, "Basic") {
		return "", "", true, bad
	}
	text, err := base64.StdEncoding.DecodeString(strings.TrimLeft(credentials, " "))
	if err != nil || !utf8.Valid(text) {
		return "", "", true, bad
	}
	id, secret, ok := strings.Cut(string(text), ":")
	if !ok || id == "" {
		return "", "", true, bad
	}
	return id, secret, true, nil
}

// basicChallenge is owed to a client that used the Authorization header
// (RFC6749-5.2).
func basicChallenge(realm string) string { return `Basic realm="` + realm + `"` }

// dpop returns the DPoP header; two of them are no proof (DPOP-4.3).
func dpop(r *http.Request) (string, *problem) {
	values := r.Header.Values("DPoP")
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) > 1, !utf8.ValidString(values[0]), strings.TrimSpace(values[0]) == "":
		return "", noProof()
	}
	return values[0], nil
}

func noProof() *problem {
	return &problem{status: http.StatusBadRequest, code: oauth.InvalidDPoPProof, text: "The request must have exactly one DPoP header."}
}

// setNonce hands the nonce for the client's next proof on, whatever else is
// answered (DPOP-8).
func setNonce(w http.ResponseWriter, nonce string) {
	if nonce != "" {
		w.Header().Set("DPoP-Nonce", nonce)
	}
}
