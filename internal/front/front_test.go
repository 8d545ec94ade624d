package front

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/userfile"
	"github.com/symbolon-auth/symbolon/internal/webapi"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

const issuer = "http://front.test"

// engine is a scripted Web API: it answers what the test put there, and keeps
// what it was asked.
type engine struct {
	mu      sync.Mutex
	answers map[string]any    // by path below the service: a document, an int for a status, or a func(string) any
	asked   map[string]string // the last body by path
	calls   map[string]int
	names   []string // of requests, as the calls bring them
}

func newEngine() *engine {
	return &engine{answers: map[string]any{}, asked: map[string]string{}, calls: map[string]int{}}
}

func (e *engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/api/42")
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	e.asked[path] = string(body)
	e.calls[path]++
	e.names = append(e.names, r.Header.Get("X-Request-Id"))
	answer, ok := e.answers[path]
	e.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if f, ok := answer.(func(string) any); ok {
		answer = f(string(body))
	}
	switch a := answer.(type) {
	case int:
		w.WriteHeader(a)
		_, _ = io.WriteString(w, `{"resultCode":"A000000","resultMessage":"scripted"}`)
	case string:
		_, _ = io.WriteString(w, a)
	default:
		_ = json.NewEncoder(w).Encode(a)
	}
}

func (e *engine) answer(path string, a any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answers[path] = a
}

func (e *engine) count(path string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.calls[path]
}

// asked returns what the engine was asked last at a path.
func asked[T any](t *testing.T, e *engine, path string) T {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	var v T
	if err := json.Unmarshal([]byte(e.asked[path]), &v); err != nil {
		t.Fatalf("%s was asked %q: %v", path, e.asked[path], err)
	}
	return v
}

// clock is a time that the test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// world is a front, its engine and a browser.
type world struct {
	*testing.T
	engine *engine
	front  *Front
	clock  *clock
	log    *lockedLog
	jar    http.CookieJar
}

type lockedLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// The passwords are "secret" and "other", at the lowest cost.
const people = `
users:
  - subject: "1001"
    loginId: john
    password: $argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$vk+JgWgZGbXHtEqPQPhzXbD+QxxkJR5Fq2AXLhDyYaY
    acr: urn:acr:password
    claims: {name: John Flores, email: john@example.com, "family_name#ja": フローレス}
  - subject: "1002"
    loginId: jane
    password: $argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$fnvEUpGRuX/qxxYYFxPeCdWt+zrrhITINQJhIboaVqk
`

func testUsers(t *testing.T) *userfile.Directory {
	t.Helper()
	d, err := userfile.Parse([]byte(people))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	w := &world{T: t, engine: newEngine(), clock: &clock{at: time.Unix(1_800_000_000, 0)}, log: &lockedLog{}}
	o := Options{
		API: webapi.New("http://engine", 42, "api-token", webapi.Direct(w.engine)), Issuer: issuer, Users: testUsers(t),
		Key: []byte("0123456789abcdef0123456789abcdef"), Introspectors: map[string]string{"rs": "rs-secret"},
		Log: slog.New(slog.NewTextHandler(w.log, nil)), Now: w.clock.now,
	}
	for _, c := range change {
		c(&o)
	}
	var err error
	if w.front, err = New(o); err != nil {
		t.Fatal(err)
	}
	w.jar, _ = cookiejar.New(nil)
	return w
}

// do sends one request without following redirects.
func (w *world) do(r *http.Request) *http.Response {
	w.Helper()
	for _, c := range w.jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	rec := httptest.NewRecorder()
	w.front.ServeHTTP(rec, r)
	resp := rec.Result()
	w.jar.SetCookies(r.URL, resp.Cookies())
	return resp
}

func (w *world) get(target string) *http.Response {
	w.Helper()
	return w.do(httptest.NewRequest(http.MethodGet, target, nil))
}

func (w *world) post(target string, form url.Values) *http.Response {
	w.Helper()
	return w.do(postRequest(target, form))
}

func postRequest(target string, form url.Values) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func text(t *testing.T, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// wantJSONError demands a JSON error of RFC6749-5.2.
func wantJSONError(t *testing.T, resp *http.Response, status int, code string) {
	t.Helper()
	var e struct {
		Error string `json:"error"`
	}
	body := text(t, resp)
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		t.Errorf("body %q: %v", body, err)
	}
	if resp.StatusCode != status || e.Error != code {
		t.Errorf("answered %d %s, want %d %s", resp.StatusCode, body, status, code)
	}
	if resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("Cache-Control is %q", resp.Header.Get("Cache-Control"))
	}
}

func TestIssuers(t *testing.T) {
	t.Parallel()
	for issuer, ok := range map[string]bool{
		"https://as.example":          true,
		"https://as.example/":         true,
		"https://as.example/tenant":   true,
		"https://as.example/a/b/":     true,
		"http://localhost:9080":       true,
		"":                            false,
		"as.example":                  false,
		"ftp://as.example":            false,
		"https://u@as.example":        false,
		"https://as.example?x":        false,
		"https://as.example#":         false,
		"https://as.example/../b":     false,
		"https://as.example//b":       false,
		"https://as.example/{tenant}": false,
		"https://as.example/a%2Fb":    false,
	} {
		_, err := New(Options{Issuer: issuer, Key: make([]byte, 32), Users: testUsers(t)})
		if (err == nil) != ok {
			t.Errorf("%q: %v", issuer, err)
		}
	}
	if _, err := New(Options{Issuer: "https://as.example", Key: make([]byte, 16), Users: testUsers(t)}); err == nil {
		t.Error("a short key was accepted")
	}
}

// A front that is given no clock goes by the time of day.
func TestOwnClock(t *testing.T) {
	t.Parallel()
	f, err := New(Options{Issuer: "https://as.example", Key: make([]byte, 32), Users: testUsers(t)})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		before := time.Now()
		if at := f.now(); at.Before(before) || at.After(time.Now()) {
			t.Errorf("at %v it is %v", before, at)
		}
	}
}

// What must not be guessed, or names one thing, is another one every time.
func TestNothingRepeats(t *testing.T) {
	t.Parallel()
	in := &interaction{}
	for what, next := range map[string]func() string{
		"the first CSRF token": func() string { return newInteraction(&wire.AuthorizationResponse{}, 0, "").CSRF },
		"the next CSRF token":  func() string { in.renew(); return in.CSRF },
		"an interaction id":    func() string { return interactionID(httptest.NewRequest("GET", "/", nil)) },
	} {
		if a, b := next(), next(); a == b || len(a) < 10 {
			t.Errorf("%s: %q and %q", what, a, b)
		}
	}
}

// An issuer with a path has its endpoints below it, but its RFC 8414 document
// in front of it (RFC8414-3.1).
func TestIssuerWithPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Issuer = "https://as.example/tenant" })
	w.engine.answer("/service/configuration", `{"issuer":"https://as.example/tenant"}`)
	w.engine.answer("/auth/token", wire.TokenResponse{Action: wire.TokenActionOK, ResponseContent: "{}"})
	for path, status := range map[string]int{
		"/tenant/.well-known/openid-configuration":       200,
		"/.well-known/oauth-authorization-server/tenant": 200,
		"/.well-known/openid-configuration":              404,
		"/tenant/.well-known/oauth-authorization-server": 404,
		"/jwks": 404,
	} {
		if resp := w.get(path); resp.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, status)
		}
	}
	w.post("/tenant/token", url.Values{"grant_type": {"x"}})
	if in := asked[wire.TokenRequest](t, w.engine, "/auth/token"); in.HTU != "https://as.example/tenant/token" {
		t.Errorf("htu is %q", in.HTU)
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tc := range []struct{ method, path, allow string }{
		{"GET", "/token", "OPTIONS, POST"},
		{"PUT", "/par", "OPTIONS, POST"},
		{"GET", "/revoke", "POST"},
		{"GET", "/introspect", "POST"},
		{"DELETE", "/userinfo", "GET, HEAD, OPTIONS, POST"},
		{"POST", "/jwks", "GET, HEAD, OPTIONS"},
		{"PUT", "/authorize", "GET, HEAD, POST"},
		{"OPTIONS", "/authorize", "GET, HEAD, POST"},
		{"OPTIONS", "/introspect", "POST"},
		{"GET", "/register", "POST"},
		{"POST", "/register/17", "DELETE, GET, HEAD, PUT"},
		{"OPTIONS", "/register", "POST"},
	} {
		resp := w.do(httptest.NewRequest(tc.method, tc.path, nil))
		if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != tc.allow {
			t.Errorf("%s %s: %d, Allow %q, want %q", tc.method, tc.path, resp.StatusCode, resp.Header.Get("Allow"), tc.allow)
		}
	}
	// Nothing is redirected that was posted (RFC9700-4.12).
	for _, path := range []string{"//token", "/x/../token", "/token/", "/./token"} {
		if resp := w.post("http://front.test"+path, url.Values{"a": {"b"}}); resp.StatusCode != http.StatusNotFound {
			t.Errorf("POST %s: %d", path, resp.StatusCode)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for issuer, hsts := range map[string]bool{
		"https://as.example": true, "http://as.example": false,
		"https://localhost:9443": false, "https://127.0.0.1": false, "https://a.localhost": false,
	} {
		w := newWorld(t, func(o *Options) { o.Issuer = issuer })
		h := w.get("/authorize").Header
		if got := h.Get("Strict-Transport-Security") != ""; got != hsts {
			t.Errorf("%s: HSTS %v", issuer, got)
		}
		if h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %v", issuer, h)
		}
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, open := range map[string]bool{
		"/token": true, "/par": true, "/userinfo": true, "/jwks": true,
		"/.well-known/openid-configuration": true, "/.well-known/oauth-authorization-server": true,
		"/authorize": false, "/introspect": false, "/revoke": false, "/interaction/x": false,
		"/register": false, "/register/17": false,
	} {
		ask := httptest.NewRequest(http.MethodOptions, path, nil)
		ask.Header.Set("Origin", "https://app.example")
		ask.Header.Set("Access-Control-Request-Method", "POST")
		before := w.do(ask)
		get, post := w.get(path), w.post(path, url.Values{"a": {"b"}})
		if open {
			h := before.Header
			if before.StatusCode != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Credentials") != "" ||
				h.Get("Access-Control-Allow-Headers") != "Authorization, Content-Type, DPoP" {
				t.Errorf("%s: preflight %d %v", path, before.StatusCode, h)
			}
		}
		for _, resp := range []*http.Response{before, get, post} {
			if resp.StatusCode == http.StatusMethodNotAllowed {
				continue
			}
			h := resp.Header
			if (h.Get("Access-Control-Allow-Origin") == "*") != open {
				t.Errorf("%s: %v", path, h)
			}
			if open && !strings.Contains(h.Get("Access-Control-Expose-Headers"), "DPoP-Nonce") {
				t.Errorf("%s hides DPoP-Nonce", path)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := map[string]string{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
		"pushed_authorization_request_endpoint": issuer + "/par", "userinfo_endpoint": issuer + "/userinfo",
		"introspection_endpoint": issuer + "/introspect", "revocation_endpoint": issuer + "/revoke", "jwks_uri": issuer + "/jwks",
	}
	w.engine.answer("/service/configuration", good)
	if err := w.front.Check(t.Context()); err != nil {
		t.Error(err)
	}
	good["registration_endpoint"] = issuer + "/register"
	if err := w.front.Check(t.Context()); err != nil {
		t.Error(err)
	}
	good["registration_endpoint"] = "https://other.example/register"
	if err := w.front.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "registration_endpoint") {
		t.Errorf("check says %v", err)
	}
	good["issuer"], good["token_endpoint"] = "https://other.example", ""
	if err := w.front.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "other.example") || !strings.Contains(err.Error(), "token_endpoint") {
		t.Errorf("check says %v", err)
	}
	w.engine.answer("/service/configuration", 503)
	if err := w.front.Check(t.Context()); !webapi.Unavailable(err) {
		t.Errorf("check says %v", err)
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.1:5": "192.0.2.1", "[::ffff:192.0.2.1]:5": "192.0.2.1", "[2001:db8::1]:5": "2001:db8::/64", "[fe80::1%eth0]:5": "fe80::/64",
		"pipe": "pipe", "name:5": "name",
	} {
		if got := new(Front).address(&http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": {"203.0.113.9"}}}); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}

// TestAddressBehindProxies: what a trusted proxy added counts, and nothing
// that the sender wrote before.
func TestAddressBehindProxies(t *testing.T) {
	t.Parallel()
	f := &Front{proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	for _, x := range []struct {
		remote, want string
		forwarded    []string
	}{
		{"192.0.2.1:5", "192.0.2.1", []string{"203.0.113.9"}},
		{"10.0.0.1:5", "10.0.0.1", nil},
		{"10.0.0.1:5", "203.0.113.9", []string{"203.0.113.9"}},
		{"[::ffff:10.0.0.1]:5", "203.0.113.9", []string{"203.0.113.9"}},
		{"[fd00::1]:5", "2001:db8::/64", []string{"198.51.100.7, 2001:db8::7"}},
		{"10.0.0.1:5", "203.0.113.9", []string{"198.51.100.7, 203.0.113.9"}},
		{"10.0.0.1:5", "203.0.113.9", []string{"198.51.100.7", "203.0.113.9, 10.0.0.2"}},
		{"10.0.0.1:5", "10.0.0.3", []string{"10.0.0.3,10.0.0.2"}},
		{"10.0.0.1:5", "10.0.0.2", []string{"203.0.113.9, unknown, 10.0.0.2"}},
		{"10.0.0.1:5", "10.0.0.1", []string{"\x00"}},
		{"10.0.0.1:5", "203.0.113.9", []string{"203.0.113.9:4711"}},
		{"10.0.0.1:5", "2001:db8::/64", []string{"[2001:db8::7]:4711, 10.0.0.2:80"}},
	} {
		r := &http.Request{RemoteAddr: x.remote, Header: http.Header{"X-Forwarded-For": x.forwarded}}
		if got := f.address(r); got != x.want {
			t.Errorf("%s by %v: %s, want %s", x.remote, x.forwarded, got, x.want)
		}
	}
}
