package front

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"mime"
	"net/http"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// invalidToken is owed to whoever lacks the right token (RFC6750-3.1).
const invalidToken = `Bearer error="invalid_token"`

// register is the client registration endpoint (RFC 7591). Who may register
// at all is decided here.
func (f *Front) register(w http.ResponseWriter, r *http.Request) {
	token, p := bearer(r)
	if p == nil {
		p = f.mayRegister(token)
	}
	body := ""
	if p == nil {
		body, p = readJSON(w, r)
	}
	if p != nil {
		refuse(w, p)
		return
	}
	out, err := f.api.ClientRegistration(calling(r), &wire.ClientRegistrationRequest{JSON: body})
	f.registered(w, out, err)
}

// mayRegister compares the initial access token. Where none is set, one that
// came along means nothing: anybody may register.
func (f *Front) mayRegister(token string) *problem {
	if f.registration == nil {
		return nil
	}
	sum := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(sum[:], f.registration[:]) == 1 {
		return nil
	}
	p := &problem{status: http.StatusUnauthorized, code: oauth.InvalidToken, text: "Registering takes a token.", challenges: []string{invalidToken}}
	if token == "" {
		p.challenges = []string{"Bearer"}
	}
	return p
}

// configureClient is the client configuration endpoint (RFC 7592).
func (f *Front) configureClient(w http.ResponseWriter, r *http.Request) {
	in := &wire.ClientRegistrationRequest{ClientID: r.PathValue("id")}
	var p *problem
	if in.Token, p = bearer(r); p == nil && in.Token == "" {
		p = &problem{status: http.StatusUnauthorized, code: oauth.InvalidToken, text: "The request has no registration access token.", challenges: []string{"Bearer"}}
	}
	call := map[string]func(context.Context, *wire.ClientRegistrationRequest) (*wire.ClientRegistrationResponse, error){
		http.MethodGet: f.api.ClientRegistrationGet, http.MethodHead: f.api.ClientRegistrationGet,
		http.MethodPut: f.api.ClientRegistrationUpdate, http.MethodDelete: f.api.ClientRegistrationDelete,
	}[r.Method]
	if p == nil && r.Method == http.MethodPut {
		in.JSON, p = readJSON(w, r)
	}
	if p != nil {
		refuse(w, p)
		return
	}
	out, err := call(calling(r), in)
	f.registered(w, out, err)
}

// registered answers with what the engine says of a registration.
func (f *Front) registered(w http.ResponseWriter, out *wire.ClientRegistrationResponse, err error) {
	if err != nil {
		f.failed(w, "register", err)
		return
	}
	if out.Explanation != nil {
		f.refused(w, "register", string(out.Action), out.Result, out.Explanation)
	}
	switch out.Action {
	case wire.ClientRegistrationActionCreated:
		writeJSON(w, http.StatusCreated, out.ResponseContent)
	case wire.ClientRegistrationActionOK, wire.ClientRegistrationActionUpdated:
		writeJSON(w, http.StatusOK, out.ResponseContent)
	case wire.ClientRegistrationActionDeleted:
		w.WriteHeader(http.StatusNoContent)
	case wire.ClientRegistrationActionBadRequest:
		// A service that does not have unauthorizedOnClientConfigSupported
		// says so of a wrong token too; clients are owed 401 (RFC7592-2.1).
		if isInvalidToken(out.ResponseContent) {
			unauthorized(w, out.ResponseContent)
			return
		}
		writeJSON(w, http.StatusBadRequest, out.ResponseContent)
	case wire.ClientRegistrationActionUnauthorized:
		unauthorized(w, out.ResponseContent)
	case wire.ClientRegistrationActionInternalServerError:
		writeJSON(w, http.StatusInternalServerError, out.ResponseContent)
	default:
		f.unknown(w, "register", string(out.Action))
	}
}

func unauthorized(w http.ResponseWriter, content string) {
	w.Header().Set("WWW-Authenticate", invalidToken)
	writeJSON(w, http.StatusUnauthorized, content)
}

func isInvalidToken(content string) bool {
	var e struct {
		Error oauth.ErrorCode `json:"error"`
	}
	return json.Unmarshal([]byte(content), &e) == nil && e.Error == oauth.InvalidToken
}

// bearer returns the bearer token of a request, or nothing where it has no
// Authorization header.
func bearer(r *http.Request) (string, *problem) {
	if p := noSecretsInQuery(r); p != nil {
		return "", p
	}
	values := r.Header.Values("Authorization")
	if len(values) == 0 {
		return "", nil
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if token = strings.Trim(token, " "); len(values) > 1 || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", &problem{status: http.StatusUnauthorized, code: oauth.InvalidToken, text: "The Authorization header is not usable.", challenges: []string{"Bearer"}}
	}
	return token, nil
}

// readJSON returns the JSON of a request as it was received.
func readJSON(w http.ResponseWriter, r *http.Request) (string, *problem) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if cs := params["charset"]; err != nil || media != "application/json" || cs != "" && !strings.EqualFold(cs, "utf-8") {
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidClientMetadata, text: "The content type must be application/json."}
	}
	body, p := readBody(w, r)
	if p == nil && strings.TrimSpace(body) == "" {
		p = &problem{status: http.StatusBadRequest, text: "The request is empty."}
	}
	if p != nil {
		p.code = oauth.InvalidClientMetadata // RFC7591-3.2.2
	}
	return body, p
}
