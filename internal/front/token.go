package front

import (
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// token is the token endpoint (RFC 6749 §3.2).
func (f *Front) token(w http.ResponseWriter, r *http.Request) {
	in, p := readClientRequest(w, r, "token")
	if p != nil {
		refuse(w, p)
		return
	}
	out, err := f.api.Token(calling(r), &wire.TokenRequest{
		Parameters: &in.form, ClientID: in.id, ClientSecret: in.secret,
		DPoP: in.dpop, HTM: r.Method, HTU: f.url("token"),
	})
	if err != nil {
		f.failed(w, "token", err)
		return
	}
	setNonce(w, out.DPoPNonce)
	if out.Action != wire.TokenActionOK && out.Action != wire.TokenActionIDTokenReissuable {
		f.refused(w, "token", string(out.Action), out.Result, out.Explanation)
	}
	switch out.Action {
	case wire.TokenActionOK, wire.TokenActionIDTokenReissuable: // the answer is complete without a new ID token
		writeJSON(w, http.StatusOK, out.ResponseContent)
	case wire.TokenActionBadRequest:
		writeJSON(w, http.StatusBadRequest, out.ResponseContent)
	case wire.TokenActionInvalidClient:
		invalidClient(w, in, "token", out.ResponseContent)
	case wire.TokenActionInternalServerError:
		writeJSON(w, http.StatusInternalServerError, out.ResponseContent)
	case wire.TokenActionPassword, wire.TokenActionTokenExchange, wire.TokenActionJWTBearer, wire.TokenActionNativeSso:
		// Somebody has to decide here, and this front has no means to.
		refuse(w, &problem{status: http.StatusBadRequest, code: oauth.UnsupportedGrantType, text: "This server does not offer the grant type."})
	default:
		f.unknown(w, "token", string(out.Action))
	}
}

// invalidClient answers a client that is not authenticated: 401 with a
// challenge where it used the Authorization header, else 400 (RFC6749-5.2).
func invalidClient(w http.ResponseWriter, in *clientRequest, realm, body string) {
	if !in.authorized {
		writeJSON(w, http.StatusBadRequest, body)
		return
	}
	w.Header().Set("WWW-Authenticate", basicChallenge(realm))
	writeJSON(w, http.StatusUnauthorized, body)
}
