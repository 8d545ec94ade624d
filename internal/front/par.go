package front

import (
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// par is the pushed authorization request endpoint (RFC 9126).
func (f *Front) par(w http.ResponseWriter, r *http.Request) {
	in, p := readClientRequest(w, r, "par")
	if p != nil {
		refuse(w, p)
		return
	}
	out, err := f.api.PushedAuthReq(calling(r), &wire.PushedAuthReqRequest{
		Parameters: &in.form, ClientID: in.id, ClientSecret: in.secret,
		DPoP: in.dpop, HTM: r.Method, HTU: f.url("par"),
	})
	if err != nil {
		f.failed(w, "par", err)
		return
	}
	setNonce(w, out.DPoPNonce)
	if out.Action != wire.PushedAuthReqActionCreated {
		f.refused(w, "par", string(out.Action), out.Result, out.Explanation)
	}
	switch out.Action {
	case wire.PushedAuthReqActionCreated:
		writeJSON(w, http.StatusCreated, out.ResponseContent)
	case wire.PushedAuthReqActionBadRequest:
		writeJSON(w, http.StatusBadRequest, out.ResponseContent)
	case wire.PushedAuthReqActionUnauthorized:
		if in.authorized {
			w.Header().Set("WWW-Authenticate", basicChallenge("par"))
		}
		writeJSON(w, http.StatusUnauthorized, out.ResponseContent)
	case wire.PushedAuthReqActionForbidden:
		writeJSON(w, http.StatusForbidden, out.ResponseContent)
	case wire.PushedAuthReqActionPayloadTooLarge:
		writeJSON(w, http.StatusRequestEntityTooLarge, out.ResponseContent)
	case wire.PushedAuthReqActionInternalServerError:
		writeJSON(w, http.StatusInternalServerError, out.ResponseContent)
	default:
		f.unknown(w, "par", string(out.Action))
	}
}
