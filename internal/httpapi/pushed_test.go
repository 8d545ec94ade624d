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

// TestRequestURIFaultTravels: a request_uri that is not to be had is told to
// a registered redirect URI beside it, and to nobody else. The cases have the
// names of the modules of the official suite that ask for it.
func TestRequestURIFaultTravels(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	used := accepted(t, "par", push(c, nil)).Text("requestUri")
	c.Issue(resume(c, used).Text("ticket"), nil)
	expired := accepted(t, "par", push(c, nil)).Text("requestUri")
	c.Advance(601e9)
	theirs := accepted(t, "par", push(another(c), nil)).Text("requestUri")
	for module, uri := range map[string]string{
		"fapi2-security-profile-final-par-attempt-reuse-request_uri":                       used,
		"fapi2-security-profile-final-par-attempt-to-use-expired-request_uri":              expired,
		"fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client": theirs,
		"unknown": "urn:ietf:params:oauth:request_uri:x",
	} {
		t.Run(module, func(t *testing.T) {
			for redirect, action := range map[string]string{enginetest.Redirect: "LOCATION", "https://evil.example/cb": "BAD_REQUEST", "": "BAD_REQUEST"} {
				a := c.Do("auth/authorization", doc{"parameters": enginetest.Form("client_id", c.ID, "request_uri", uri, "redirect_uri", redirect, "response_type", "code", "state", "st")})
				refused(t, redirect, a, "invalid_request_uri")
				if a.Text("action") != action {
					t.Errorf("redirect_uri %q: %s", redirect, a.Body)
				}
				if action == "LOCATION" && a.Redirect(t).Get("state") != "st" {
					t.Errorf("%s", a.Body)
				}
			}
		})
	}
}
