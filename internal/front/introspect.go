package front

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// introspect is the introspection endpoint (RFC 7662). It answers resource
// servers only, which have names and secrets of their own: a client must not
// be able to look into tokens (RFC7662-2.1).
func (f *Front) introspect(w http.ResponseWriter, r *http.Request) {
	parameters, p := f.readIntrospection(w, r)
	if p != nil {
		refuse(w, p)
		return
	}
	out, err := f.api.StandardIntrospection(calling(r), &wire.StandardIntrospectionRequest{Parameters: &parameters})
	if err != nil {
		f.failed(w, "introspect", err)
		return
	}
	if out.Action != wire.StandardIntrospectionActionOK {
		f.refused(w, "introspect", string(out.Action), out.Result, out.Explanation)
	}
	switch out.Action {
	case wire.StandardIntrospectionActionOK:
		writeJSON(w, http.StatusOK, out.ResponseContent)
	case wire.StandardIntrospectionActionJWT: // RFC 9701
		w.Header().Set("Content-Type", "application/token-introspection+jwt")
		_, _ = w.Write([]byte(out.ResponseContent))
	case wire.StandardIntrospectionActionBadRequest:
		writeJSON(w, http.StatusBadRequest, out.ResponseContent)
	case wire.StandardIntrospectionActionInternalServerError:
		writeJSON(w, http.StatusInternalServerError, out.ResponseContent)
	default:
		f.unknown(w, "introspect", string(out.Action))
	}
}

// readIntrospection returns what a known resource server asked, without its
// credentials.
func (f *Front) readIntrospection(w http.ResponseWriter, r *http.Request) (string, *problem) {
	body, p := readForm(w, r)
	if p != nil {
		return "", p
	}
	form, err := oauth.ParseForm(body)
	if err != nil || len(form.Repeated()) > 0 {
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request is not well-formed."}
	}
	name, secret, used, p := basic(r, "introspection")
	if p != nil {
		return "", p
	}
	if !used {
		name, secret = form.Get("client_id"), form.Get("client_secret")
	}
	// Clients encode the halves of HTTP Basic or do not (RFC6749-2.3.1).
	literal := f.isIntrospector(name, secret)
	decoded := f.isIntrospector(oauth.FormDecoded(name), oauth.FormDecoded(secret))
	if !literal && (!used || !decoded) {
		return "", &problem{status: http.StatusUnauthorized, code: oauth.InvalidClient, text: "The caller is not known here.", challenges: []string{basicChallenge("introspection")}}
	}
	if !form.Has("token") { // RFC7662-2.1
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request has no token."}
	}
	return form.Except("client_id", "client_secret").Encode(), nil
}

func (f *Front) isIntrospector(name, secret string) bool {
	want, known := f.introspectors[name]
	got := sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1 && known
}
