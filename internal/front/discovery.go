package front

import (
	"context"
	"encoding/json"
	"net/http"
)

// published documents may be kept for a minute: a new key is announced for
// longer than that before it signs.
const publishedFor = "public, max-age=60"

// configuration serves the discovery document (OIDCD-4, RFC8414-3), which the
// engine makes.
func (f *Front) configuration(w http.ResponseWriter, r *http.Request) {
	document, err := f.api.ServiceConfiguration(calling(r))
	f.publish(w, "configuration", document, err)
}

// jwks serves the public keys of the service.
func (f *Front) jwks(w http.ResponseWriter, r *http.Request) {
	keys, err := f.api.ServiceJWKS(calling(r))
	if err == nil && len(keys) == 0 {
		keys = []byte(`{"keys":[]}`)
	}
	f.publish(w, "jwks", keys, err)
}

func (f *Front) publish(w http.ResponseWriter, endpoint string, document []byte, err error) {
	if err != nil {
		f.failed(w, endpoint, err)
		return
	}
	w.Header().Set("Cache-Control", publishedFor)
	w.Header().Del("Pragma")
	writeJSON(w, http.StatusOK, string(document))
}

func (f *Front) published(ctx context.Context) (map[string]any, error) {
	text, err := f.api.ServiceConfiguration(ctx)
	if err != nil {
		return nil, err
	}
	var document map[string]any
	return document, json.Unmarshal(text, &document)
}
