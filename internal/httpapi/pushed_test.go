package httpapi_test

import (
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// TestAttackA19_RepeatedBesideRequestURI: row A19 where the request was pushed: the
// parameters of the request itself must not repeat either.
func TestAttackA19_RepeatedBesideRequestURI(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	uri := accepted(t, "par", push(c, nil)).Text("requestUri")
	other := another(c)
	for name, pairs := range map[string][]string{
		"client_id":   {"client_id", c.ID, "client_id", other.ID, "request_uri", uri},
		"request_uri": {"client_id", c.ID, "request_uri", uri, "request_uri", "urn:ietf:params:oauth:request_uri:x"},
		"state":       {"client_id", c.ID, "request_uri", uri, "state", "a", "state", "b"},
	} {
		a := c.Do("auth/authorization", doc{"parameters": enginetest.Form(pairs...)})
		refused(t, name+" twice", a, "invalid_request")
		if a.Text("action") != "BAD_REQUEST" {
			t.Errorf("%s twice is redirected: %s", name, a.Body)
		}
	}
	accepted(t, "no repetition", resume(c, uri))
}

// TestPushedRequestThatGrows: what is stored of a request is longer than what
// came, and must not fail later.
func TestPushedRequestThatGrows(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	raw := func(n int) *enginetest.Answer {
		return c.Do("pushed_auth_req", c.Auth(c.Request()+"&x="+strings.Repeat("{", n), nil))
	}
	refused(t, "what grows beyond the limit", raw(200<<10), "invalid_request")
	accepted(t, "what does not", resume(c, accepted(t, "par", raw(50<<10)).Text("requestUri")))
}
