package front

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// resource is a protected resource to try access tokens on: it tells the
// bearer what the token is good for. It shows how an API of one's own asks
// the engine, and the official conformance suite calls it.
func (f *Front) resource(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(interactionIDHeader, interactionID(r))
	in, p := readHeaderToken(r)
	if p != nil {
		refuse(w, p)
		return
	}
	out, err := f.api.Introspection(calling(r), &wire.IntrospectionRequest{Token: in.token, DPoP: in.proof, HTM: r.Method, HTU: f.url("resource")})
	if err != nil {
		f.failed(w, "resource", err)
		return
	}
	setNonce(w, out.DPoPNonce)
	if out.Action != wire.IntrospectionActionOK {
		f.refused(w, "resource", string(out.Action), out.Result, out.Explanation)
	}
	switch out.Action {
	case wire.IntrospectionActionOK:
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		known := map[string]any{"client_id": out.ClientID, "scopes": out.Scopes, "expires_at": out.ExpiresAt / 1000}
		if slices.Contains(out.Scopes, "openid") { // others are not to know who it is
			known["subject"] = out.Subject
		}
		_ = json.NewEncoder(w).Encode(known)
	case wire.IntrospectionActionBadRequest:
		challenge(w, http.StatusBadRequest, out.ResponseContent)
	case wire.IntrospectionActionUnauthorized:
		challenge(w, http.StatusUnauthorized, out.ResponseContent)
	case wire.IntrospectionActionForbidden:
		challenge(w, http.StatusForbidden, out.ResponseContent)
	case wire.IntrospectionActionInternalServerError:
		challenge(w, http.StatusInternalServerError, out.ResponseContent)
	default:
		f.unknown(w, "resource", string(out.Action))
	}
}

// readHeaderToken finds the access token in the Authorization header, the one
// place where an API has to take it (FAPI2-SP-FINAL-5.3.4-1).
func readHeaderToken(r *http.Request) (*presented, *problem) {
	if p := noSecretsInQuery(r); p != nil { // FAPI2-SP-FINAL-5.3.4-2
		return nil, p.at(p.status, badToken)
	}
	switch headers := r.Header.Values("Authorization"); len(headers) {
	case 0:
		return nil, noToken("The request has no access token.").at(http.StatusUnauthorized, anyScheme)
	case 1:
		return headerToken(r, headers[0])
	}
	return nil, noToken("The request has more than one access token.").at(http.StatusBadRequest, badToken)
}

// interactionIDHeader links the logs of a client and an API (FAPI1-BASE-6.2.1-11).
const interactionIDHeader = "X-FAPI-Interaction-ID"

// interactionID returns what the client sent, where it is a UUID, or a new
// one.
func interactionID(r *http.Request) string {
	sent := r.Header.Get(interactionIDHeader)
	if len(sent) == len(uuid.Nil.String()) && uuid.Validate(sent) == nil {
		return sent
	}
	return uuid.NewString()
}
