package front

import (
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// revoke is the revocation endpoint (RFC 7009).
func (f *Front) revoke(w http.ResponseWriter, r *http.Request) {
	in, p := readClientRequest(w, r, "revocation")
	if p != nil {
		refuse(w, p)
		return
	}
	out, err := f.api.Revocation(calling(r), &wire.RevocationRequest{Parameters: &in.form, ClientID: in.id, ClientSecret: in.secret})
	if err != nil {
		f.failed(w, "revoke", err)
		return
	}
	if out.Action != wire.RevocationActionOK {
		f.refused(w, "revoke", string(out.Action), out.Result, out.Explanation)
	}
	switch out.Action {
	case wire.RevocationActionOK:
		w.WriteHeader(http.StatusOK)
	case wire.RevocationActionBadRequest:
		writeJSON(w, http.StatusBadRequest, out.ResponseContent)
	case wire.RevocationActionInvalidClient:
		invalidClient(w, in, "revocation", out.ResponseContent)
	case wire.RevocationActionInternalServerError:
		writeJSON(w, http.StatusInternalServerError, out.ResponseContent)
	default:
		f.unknown(w, "revoke", string(out.Action))
	}
}
