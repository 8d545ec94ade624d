package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// TestEmptyParameters: a client that sends nothing is told so with an action;
// a caller who passes on nothing has made a mistake.
func TestEmptyParameters(t *testing.T) {
	t.Parallel()
	s := enginetest.Start(t).NewService(enginetest.BaseService())
	for path, action := range map[string]string{
		"auth/authorization": "BAD_REQUEST", "pushed_auth_req": "UNAUTHORIZED", "auth/token": "INVALID_CLIENT",
		"auth/revocation": "INVALID_CLIENT", "auth/introspection/standard": "BAD_REQUEST",
	} {
		empty := s.Do(path, doc{"parameters": ""})
		if empty.Status != http.StatusOK || empty.Text("action") != action {
			t.Errorf("%s with empty parameters: %d %s", path, empty.Status, empty.Body)
		}
		for _, none := range []doc{{}, {"parameters": nil}} {
			if r := s.Do(path, none); r.Status != http.StatusBadRequest || r.Text("resultCode") != "A004201" {
				t.Errorf("%s without parameters: %d %s", path, r.Status, r.Body)
			}
		}
	}
}
