package bench

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
)

// serveHandler is the yardstick: what any token endpoint in Go has to do.
func serveHandler() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(l.Addr())
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, "form", http.StatusBadRequest)
			return
		}
		var b [32]byte
		_, _ = rand.Read(b[:])
		out, _ := json.Marshal(map[string]any{
			"access_token": base64.RawURLEncoding.EncodeToString(b[:]), "token_type": "Bearer", "expires_in": 3600, "scope": r.Form.Get("scope"),
		})
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(out)
	}))
}
