package enginetest

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"
)

// Remote talks to an engine in another process, at a base URL. It has no
// store, and its clock is the wall's.
func Remote(t testing.TB, base string) *Engine {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return &Engine{T: t, Handler: forward(u), clock: time.Now}
}

// forward passes requests on as they are.
func forward(to *url.URL) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "enginetest: the engine cannot be reached: "+err.Error(), http.StatusBadGateway)
		},
	}
}
