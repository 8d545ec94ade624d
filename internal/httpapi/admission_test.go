package httpapi

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestAdmission: what comes beyond the limit is turned away before anything
// is looked at, credentials included; one call less and it is served.
func TestAdmission(t *testing.T) {
	t.Parallel()
	s := &Server{log: slog.New(slog.DiscardHandler), now: time.Now, router: newRouter((&Server{}).surface())}
	call := func() *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/api/1/nowhere", nil))
		return w
	}
	s.inFlight.Store(maxInFlight)
	if w := call(); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if n := s.inFlight.Load(); n != maxInFlight {
		t.Errorf("%d calls are counted", n)
	}
	s.inFlight.Store(maxInFlight - 1)
	if w := call(); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
