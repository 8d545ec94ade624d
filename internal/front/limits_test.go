package front

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// TestRequestRate: one address cannot begin requests without end; others are
// not touched, and browsers get a page.
func TestRequestRate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) {
		o.RequestRate, o.Proxies = 2, []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	})
	w.engine.answer(opAuthorization, asksFor())
	from := func(r *http.Request, address string) *http.Response {
		r.RemoteAddr = "192.0.2.1:5"
		r.Header.Set("X-Forwarded-For", address)
		return w.do(r)
	}
	authorize := func(address string) *http.Response {
		return from(httptest.NewRequest(http.MethodGet, issuer+"/authorize?"+request, nil), address)
	}
	for i := range 20 {
		if resp := authorize("203.0.113.1"); resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("request %d: %d", i, resp.StatusCode)
		}
	}
	resp := authorize("203.0.113.1")
	if got := text(t, resp); resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "1" || !strings.Contains(got, textLimited) {
		t.Errorf("one too many: %d %v %s", resp.StatusCode, resp.Header, got)
	}
	pushed := func(address string) *http.Response {
		return from(postRequest(issuer+"/par", url.Values{"client_id": {"1"}}), address)
	}
	wantJSONError(t, pushed("203.0.113.1"), 429, "temporarily_unavailable")
	wantJSONError(t, from(registrationRequest("POST", "/register", "{}"), "203.0.113.1"), 429, "temporarily_unavailable")
	if resp := pushed("203.0.113.2"); resp.StatusCode == 429 {
		t.Error("another address is limited")
	}
	if resp := from(httptest.NewRequest(http.MethodGet, issuer+"/jwks", nil), "203.0.113.1"); resp.StatusCode == 429 {
		t.Error("an endpoint that stores nothing is limited")
	}
	w.clock.pass(500 * time.Millisecond)
	if resp := authorize("203.0.113.1"); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("later: %d", resp.StatusCode)
	}
}

// TestRegistrationRate: one address cannot register clients without end,
// whether they are taken or not; others are not touched, and neither is
// whoever manages a registration.
func TestRegistrationRate(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		requests, registrations int
		limited                 bool
	}{{50, 2, true}, {50, 0, false}, {0, 2, false}} {
		w := newWorld(t, func(o *Options) { o.RequestRate, o.RegistrationRate = x.requests, x.registrations })
		for _, e := range registrations {
			w.engine.answer(e.operation, map[string]any{"action": e.success, "responseContent": body})
		}
		send := func(method, path, address string) *http.Response {
			r := registrationRequest(method, path, "{}")
			r.RemoteAddr = address + ":5"
			return w.do(r)
		}
		register := func(address string) *http.Response { return send("POST", "/register", address) }
		for i := range 2 {
			if resp := register("203.0.113.1"); resp.StatusCode != http.StatusCreated {
				t.Fatalf("%+v: registration %d: %d", x, i, resp.StatusCode)
			}
		}
		resp := register("203.0.113.1")
		if !x.limited {
			if resp.StatusCode != http.StatusCreated {
				t.Errorf("%+v: %d", x, resp.StatusCode)
			}
			continue
		}
		if resp.Header.Get("Retry-After") != "30" {
			t.Errorf("one too many: %v", resp.Header)
		}
		wantJSONError(t, resp, 429, "temporarily_unavailable")
		if resp := register("203.0.113.2"); resp.StatusCode != http.StatusCreated {
			t.Errorf("another address: %d", resp.StatusCode)
		}
		if resp := send("GET", "/register/17", "203.0.113.1"); resp.StatusCode != http.StatusOK {
			t.Errorf("managing: %d", resp.StatusCode)
		}
		w.clock.pass(30 * time.Second)
		if resp := register("203.0.113.1"); resp.StatusCode != http.StatusCreated {
			t.Errorf("later: %d", resp.StatusCode)
		}
	}
}

// TestPaths: endpoints are where they are put, and proofs name that place.
func TestPaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) {
		o.Paths = map[string]string{"authorize": "/oauth2/auth", "token": "/oauth2/token", "userinfo": "/connect/userinfo"}
	})
	for path, found := range map[string]bool{"/oauth2/auth": true, "/authorize": false, "/par": true, "/connect/userinfo": true, "/userinfo": false} {
		if resp := w.get(issuer + path); (resp.StatusCode != http.StatusNotFound) != found {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	if got := w.front.url("token"); got != issuer+"/oauth2/token" {
		t.Error(got)
	}
	for name, chosen := range map[string]map[string]string{
		"no endpoint": {"tokens": "/t"}, "no path": {"token": ""}, "relative": {"token": "token"}, "root": {"token": "/"}, "pattern": {"token": "/{x}"},
		"dots": {"token": "/a/../b"}, "slash": {"token": "/token/"}, "taken": {"token": "/par"}, "both": {"token": "/x", "par": "/x"},
		"ours": {"token": "/interaction/x"}, "ours, too": {"jwks": "/.well-known/jwks"}, "query": {"token": "/t?x"},
	} {
		if _, err := paths(chosen); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// TestRequestID: the answer, our log and the call of the engine name a request
// alike. Only a trusted proxy may choose the name.
func TestRequestID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	w.engine.answer("/auth/token", 503)
	for _, tc := range []struct {
		peer, sent string
		taken      bool
	}{
		{"192.0.2.1:5", "edge.1_2-3", true}, {"192.0.2.1:5", strings.Repeat("a", 64), true}, {"192.0.2.1:5", strings.Repeat("a", 65), false},
		{"192.0.2.1:5", "a b", false}, {"192.0.2.1:5", "a\nb", false}, {"192.0.2.1:5", "", false},
		{"203.0.113.1:5", "edge.1", false}, {"pipe", "edge.1", false},
	} {
		r := postRequest(issuer+"/token", url.Values{"client_id": {"1"}})
		r.RemoteAddr = tc.peer
		r.Header.Set("X-Request-Id", tc.sent)
		before := w.log.String()
		resp := w.do(r)
		name := resp.Header.Get("X-Request-Id")
		if (name == tc.sent) != tc.taken || name == "" {
			t.Errorf("%+v is named %q", tc, name)
		}
		if called := w.engine.names[len(w.engine.names)-1]; called != name {
			t.Errorf("%+v: the engine was told %q, the client %q", tc, called, name)
		}
		if logged := strings.TrimPrefix(w.log.String(), before); !strings.Contains(logged, "request="+name+" ") || !strings.Contains(text(t, resp), name) {
			t.Errorf("%+v: %q is not in %q and the answer", tc, name, logged)
		}
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	page, at := w.begin()
	for range burst {
		w.submit(page, at, "authorized", "loginId", "john", "password", "wrong")
	}
	resp := w.submit(page, at, "authorized", "loginId", "john", "password", "secret")
	if got := text(t, resp); resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "30" || !strings.Contains(got, textLimited) {
		t.Fatalf("the right password after %d wrong ones: %d %v", burst, resp.StatusCode, resp.Header)
	}
	// Another account is not touched.
	if resp := w.submit(page, at, "authorized", "loginId", "jane", "password", "wrong"); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("jane: %d", resp.StatusCode)
	}
	w.clock.pass(30 * time.Second)
	page, at = w.logIn(page, at, "john", "secret")
	wantBack(t, w.allow(page, at))
	// Success clears the account.
	w.engine.answer(opAuthorization, asksFor(func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptLogin} }))
	page, at = w.begin()
	for range burst {
		if resp := w.submit(page, at, "authorized", "loginId", "john", "password", "wrong"); resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("after success: %d", resp.StatusCode)
		}
	}
}

func TestRateLimitPerAddress(t *testing.T) {
	t.Parallel()
	a := newLimits()
	now := time.Unix(1_800_000_000, 0)
	for i := range 100 {
		if _, ok := a.take(now, ofAccount("account"+strconv.Itoa(i)), ofLogins("192.0.2.1")); !ok {
			t.Fatalf("attempt %d was refused", i)
		}
	}
	if wait, ok := a.take(now, ofAccount("fresh"), ofLogins("192.0.2.1")); ok || wait != time.Second {
		t.Errorf("one too many: %v %v", wait, ok)
	}
	if _, ok := a.take(now, ofAccount("other"), ofLogins("192.0.2.2")); !ok {
		t.Error("another address was refused")
	}
}

// A flood of names does not free an account that is under attack.
func TestRateLimitFlood(t *testing.T) {
	t.Parallel()
	a := newLimits()
	now := time.Unix(1_800_000_000, 0)
	for range burst {
		a.take(now, ofAccount("victim"), ofLogins("192.0.2.1"))
	}
	for i := range maxLimiters * 2 {
		a.take(now, ofAccount("account"+strconv.Itoa(i)), ofLogins("host"+strconv.Itoa(i%1000)))
	}
	if len(a.limiters) > maxLimiters {
		t.Errorf("%d limiters", len(a.limiters))
	}
	if _, ok := a.take(now, ofAccount("victim"), ofLogins("192.0.2.9")); ok {
		t.Error("the victim's limit was forgotten")
	}
}
