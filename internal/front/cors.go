package front

import (
	"net/http"
	"strings"
)

// allowOrigins lets scripts of any origin read the answer. No cookie is
// looked at behind it, so there is nothing to be had with a stranger's
// credentials. DPoP-Nonce must be readable for browser-based clients
// (DPOP-8, DPOP-11.11).
func allowOrigins(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Expose-Headers", "DPoP-Nonce, WWW-Authenticate")
		h(w, r)
	}
}

// preflight answers the question that a browser asks ahead of a request.
func preflight(methods string) http.HandlerFunc {
	allowed := strings.Join(strings.Fields(methods), ", ")
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Methods", allowed)
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type, DPoP")
		w.Header().Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
	}
}
