package front

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/webapi"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

const body = `{"a":"b"}`

// verdict is one row: what the engine answers and what the client sees.
type verdict struct {
	action    string
	status    int
	challenge string // with an Authorization header
}

// clientEndpoints are the endpoints where clients authenticate.
var clientEndpoints = []struct {
	path      string // of the front
	operation string
	verdicts  []verdict
	noDPoP    bool
}{
	{path: "/token", operation: "/auth/token", verdicts: []verdict{
		{"OK", 200, ""}, {"ID_TOKEN_REISSUABLE", 200, ""}, {"BAD_REQUEST", 400, ""}, {"INVALID_CLIENT", 401, `Basic realm="token"`},
		{"INTERNAL_SERVER_ERROR", 500, ""},
	}},
	{path: "/par", operation: "/pushed_auth_req", verdicts: []verdict{
		{"CREATED", 201, ""}, {"BAD_REQUEST", 400, ""}, {"UNAUTHORIZED", 401, `Basic realm="par"`}, {"FORBIDDEN", 403, ""},
		{"PAYLOAD_TOO_LARGE", 413, ""}, {"INTERNAL_SERVER_ERROR", 500, ""},
	}},
	{path: "/revoke", operation: "/auth/revocation", noDPoP: true, verdicts: []verdict{
		{"BAD_REQUEST", 400, ""}, {"INVALID_CLIENT", 401, `Basic realm="revocation"`}, {"INTERNAL_SERVER_ERROR", 500, ""},
	}},
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, e := range clientEndpoints {
		for _, v := range e.verdicts {
			t.Run(e.path[1:]+" "+v.action, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.engine.answer(e.operation, map[string]any{
					"action": v.action, "responseContent": body, "dpopNonce": "n-1",
					"explanation": map[string]any{"rule": "some.rule", "clauses": []string{"RFC6749-5.2"}, "demandedBy": []string{"service.x"}},
				})
				r := postRequest(e.path, url.Values{"grant_type": {"x"}})
				r.SetBasicAuth("client%3A1", "a:b c+d")
				r.Header.Set("DPoP", "a.b.c")
				resp := w.do(r)
				if got := text(t, resp); resp.StatusCode != v.status || got != body || resp.Header.Get("Content-Type") != "application/json" {
					t.Errorf("%d %q %q", resp.StatusCode, resp.Header.Get("Content-Type"), got)
				}
				h := resp.Header
				if h.Get("WWW-Authenticate") != v.challenge || h.Get("Cache-Control") != "no-store" || h.Get("Pragma") != "no-cache" {
					t.Errorf("header %v", h)
				}
				if want := "n-1"; !e.noDPoP && h.Get("DPoP-Nonce") != want {
					t.Errorf("DPoP-Nonce %q", h.Get("DPoP-Nonce"))
				}
				// What the engine explains is for the log.
				if refused := v.status >= 400; strings.Contains(w.log.String(), "some.rule") != refused {
					t.Errorf("log: %s", w.log)
				}
			})
		}
	}
}

// What a client sent reaches the engine to the byte.
func TestHandedOn(t *testing.T) {
	t.Parallel()
	const raw = "grant_type=authorization_code&code=%41+b&&x"
	for _, e := range clientEndpoints {
		w := newWorld(t)
		w.engine.answer(e.operation, map[string]any{"action": "BAD_REQUEST", "responseContent": body})
		r := httptest.NewRequest(http.MethodPost, e.path, strings.NewReader(raw))
		r.Host = "evil.example" // must not get into htu
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
		r.Header.Set("Authorization", "bAsIc Y2xpZW50JTNBMTphOmIgYytk") // client%3A1:a:b c+d
		r.Header.Set("DPoP", "a.b.c")
		w.do(r)
		in := asked[map[string]string](t, w.engine, e.operation)
		want := map[string]string{"parameters": raw, "clientId": "client%3A1", "clientSecret": "a:b c+d"}
		if !e.noDPoP {
			want["dpop"], want["htm"], want["htu"] = "a.b.c", "POST", issuer+e.path
		}
		if len(in) != len(want) {
			t.Errorf("%s: asked %v", e.path, in)
		}
		for member, value := range want {
			if in[member] != value {
				t.Errorf("%s: %s is %q, want %q", e.path, member, in[member], value)
			}
		}
	}
}

// Without an Authorization header there is no challenge: browsers would ask
// the user for a password.
func TestInvalidClientWithoutHeader(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		path, operation, action string
		status                  int
	}{
		{"/token", "/auth/token", "INVALID_CLIENT", 400},
		{"/revoke", "/auth/revocation", "INVALID_CLIENT", 400},
		{"/par", "/pushed_auth_req", "UNAUTHORIZED", 401},
	} {
		w := newWorld(t)
		w.engine.answer(tc.operation, map[string]any{"action": tc.action, "responseContent": body})
		resp := w.post(tc.path, url.Values{"client_id": {"1"}})
		if resp.StatusCode != tc.status || resp.Header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s: %d %v", tc.path, resp.StatusCode, resp.Header)
		}
	}
}

func TestGrantTypesThatNeedADecision(t *testing.T) {
	t.Parallel()
	for _, action := range []wire.TokenAction{wire.TokenActionPassword, wire.TokenActionTokenExchange, wire.TokenActionJWTBearer, wire.TokenActionNativeSso} {
		w := newWorld(t)
		w.engine.answer("/auth/token", wire.TokenResponse{Action: action, Ticket: "t"})
		wantJSONError(t, w.post("/token", url.Values{"grant_type": {"x"}}), 400, "unsupported_grant_type")
	}
}

func TestRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.answer("/auth/revocation", wire.RevocationResponse{Action: wire.RevocationActionOK, ResponseContent: "callback()"})
	resp := w.post("/revoke", url.Values{"token": {"x"}})
	if got := text(t, resp); resp.StatusCode != 200 || got != "" {
		t.Errorf("%d %q", resp.StatusCode, got)
	}
}

// Whatever the engine says that this front does not understand is never a
// success; an engine that is gone is 503, and says when to come back.
func TestEngineFailures(t *testing.T) {
	t.Parallel()
	type endpoint struct{ path, operation, method string } // no method: a form that is posted
	endpoints := []endpoint{{path: "/introspect", operation: "/auth/introspection/standard"}}
	for _, e := range clientEndpoints {
		endpoints = append(endpoints, endpoint{path: e.path, operation: e.operation})
	}
	for _, e := range registrations {
		endpoints = append(endpoints, endpoint{e.path, e.operation, e.method})
	}
	for _, e := range endpoints {
		for name, tc := range map[string]struct {
			answer any
			status int
			code   string
		}{
			"unknown action": {map[string]any{"action": "SOMETHING_NEW", "responseContent": body}, 500, "server_error"},
			"no action":      {map[string]any{}, 500, "server_error"},
			"gone":           {503, 503, "temporarily_unavailable"},
			"busy":           {429, 503, "temporarily_unavailable"},
			"our mistake":    {400, 500, "server_error"},
			"our token":      {401, 500, "server_error"},
			"not built":      {403, 500, "server_error"},
			"broken":         {500, 500, "server_error"},
			"not ours":       {"<html>", 503, "temporarily_unavailable"},
		} {
			w := newWorld(t)
			w.engine.answer(e.operation, tc.answer)
			r := postRequest(e.path, url.Values{"token": {"x"}})
			if e.method != "" {
				r = registrationRequest(e.method, e.path, "{}")
			}
			if e.path == "/introspect" {
				r.SetBasicAuth("rs", "rs-secret")
			}
			resp := w.do(r)
			if (resp.Header.Get("Retry-After") != "") != (tc.status == 503) {
				t.Errorf("%s %s: Retry-After %q", e.path, name, resp.Header.Get("Retry-After"))
			}
			wantJSONError(t, resp, tc.status, tc.code)
		}
	}
}

// An engine that does not answer holds up nobody for long, and a client that
// goes away does not take its request with it.
func TestEngineHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		gone := make(chan error, 1)
		hanging := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			<-release
			gone <- r.Context().Err()
		})
		w := newWorld(t, func(o *Options) {
			o.API = webapi.New("http://engine", 42, "t", webapi.Direct(hanging)).WithTimeout(7 * time.Second)
		})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		start := time.Now()
		wantJSONError(t, w.do(postRequest("/token", url.Values{"a": {"b"}}).WithContext(ctx)), 503, "temporarily_unavailable")
		if took := time.Since(start); took != 7*time.Second {
			t.Errorf("it took %v", took)
		}
		close(release)
		if err := <-gone; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the call ended with %v", err)
		}
	})
}

func TestBadClientRequests(t *testing.T) {
	t.Parallel()
	form := "application/x-www-form-urlencoded"
	for name, tc := range map[string]struct {
		change func(*http.Request)
		body   string
		status int
		code   oauth.ErrorCode
	}{
		"no content type":      {func(r *http.Request) { r.Header.Del("Content-Type") }, "a=b", 400, "invalid_request"},
		"JSON":                 {func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, "{}", 400, "invalid_request"},
		"multipart":            {func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data; boundary=x") }, "a=b", 400, "invalid_request"},
		"empty":                {func(*http.Request) {}, "", 400, "invalid_request"},
		"no UTF-8":             {func(*http.Request) {}, "a=\xff", 400, "invalid_request"},
		"control characters":   {func(*http.Request) {}, "a=\x01", 400, "invalid_request"},
		"too long":             {func(*http.Request) {}, "a=" + strings.Repeat("x", maxBody), 413, "invalid_request"},
		"secret in address":    {func(r *http.Request) { r.URL.RawQuery = "client_secret=x" }, "a=b", 400, "invalid_request"},
		"token in address":     {func(r *http.Request) { r.URL.RawQuery = "token=x" }, "a=b", 400, "invalid_request"},
		"two headers":          {func(r *http.Request) { r.Header["Authorization"] = []string{"Basic YTpi", "Basic YTpi"} }, "a=b", 401, "invalid_client"},
		"other scheme":         {func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, "a=b", 401, "invalid_client"},
		"no base64":            {func(r *http.Request) { r.Header.Set("Authorization", "Basic !") }, "a=b", 401, "invalid_client"},
		"no colon":             {func(r *http.Request) { r.Header.Set("Authorization", "Basic YWI=") }, "a=b", 401, "invalid_client"},
		"no id":                {func(r *http.Request) { r.Header.Set("Authorization", "Basic OmI=") }, "a=b", 401, "invalid_client"},
		"credentials no UTF-8": {func(r *http.Request) { r.Header.Set("Authorization", "Basic /zph") }, "a=b", 401, "invalid_client"},
		"two proofs":           {func(r *http.Request) { r.Header["Dpop"] = []string{"a.b.c", "a.b.c"} }, "a=b", 400, "invalid_dpop_proof"},
		"empty proof":          {func(r *http.Request) { r.Header["Dpop"] = []string{" "} }, "a=b", 400, "invalid_dpop_proof"},
	} {
		for _, e := range clientEndpoints {
			w := newWorld(t)
			r := httptest.NewRequest(http.MethodPost, e.path, strings.NewReader(tc.body))
			r.Header.Set("Content-Type", form)
			tc.change(r)
			resp := w.do(r)
			if (tc.status == 401) != strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Basic realm=") {
				t.Errorf("%s %s: %v", e.path, name, resp.Header)
			}
			wantJSONError(t, resp, tc.status, string(tc.code))
			if w.engine.count(e.operation) != 0 {
				t.Errorf("%s %s: the engine was asked", e.path, name)
			}
		}
	}
}

func TestIntrospect(t *testing.T) {
	t.Parallel()
	const operation = "/auth/introspection/standard"
	for _, v := range []struct {
		action, media string
		status        int
	}{
		{"OK", "application/json", 200},
		{"JWT", "application/token-introspection+jwt", 200},
		{"BAD_REQUEST", "application/json", 400},
		{"INTERNAL_SERVER_ERROR", "application/json", 500},
	} {
		w := newWorld(t)
		w.engine.answer(operation, map[string]any{"action": v.action, "responseContent": body})
		r := postRequest("/introspect", url.Values{"token": {"a b"}})
		r.SetBasicAuth("rs", "rs-secret")
		resp := w.do(r)
		if got := text(t, resp); resp.StatusCode != v.status || got != body || resp.Header.Get("Content-Type") != v.media {
			t.Errorf("%s: %d %v %s", v.action, resp.StatusCode, resp.Header, got)
		}
	}

	w := newWorld(t)
	w.engine.answer(operation, map[string]any{"action": "OK", "responseContent": body})
	if resp := w.post("/introspect", url.Values{"token": {"a b"}, "client_id": {"rs"}, "client_secret": {"rs-secret"}}); resp.StatusCode != 200 {
		t.Errorf("credentials in the form: %d", resp.StatusCode)
	}
	if in := asked[wire.StandardIntrospectionRequest](t, w.engine, operation); *in.Parameters != "token=a+b" {
		t.Errorf("the engine was asked %q", *in.Parameters)
	}
}

func TestIntrospectStrangers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	nobody := newWorld(t, func(o *Options) { o.Introspectors = nil })
	for name, form := range map[string]url.Values{
		"no credentials": {"token": {"x"}},
		"wrong secret":   {"token": {"x"}, "client_id": {"rs"}, "client_secret": {"rs-secret2"}},
		"wrong name":     {"token": {"x"}, "client_id": {"rs2"}, "client_secret": {"rs-secret"}},
		"empty secret":   {"token": {"x"}, "client_id": {""}, "client_secret": {""}},
	} {
		for _, w := range []*world{w, nobody} {
			resp := w.post("/introspect", form)
			if resp.Header.Get("WWW-Authenticate") != `Basic realm="introspection"` {
				t.Errorf("%s: %v", name, resp.Header)
			}
			wantJSONError(t, resp, 401, "invalid_client")
		}
	}
	for _, form := range []url.Values{{"token": {"x", "y"}}, {"token": {""}}, {"a": {"b"}}} {
		r := postRequest("/introspect", form)
		r.SetBasicAuth("rs", "rs-secret")
		wantJSONError(t, w.do(r), 400, "invalid_request")
	}
	if w.engine.count("/auth/introspection/standard") != 0 {
		t.Error("the engine was asked")
	}
}

func TestPublished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.answer("/service/configuration", `{"issuer":"x"}`)
	w.engine.answer("/service/jwks/get", "")
	for path, want := range map[string]string{
		"/.well-known/openid-configuration":       `{"issuer":"x"}`,
		"/.well-known/oauth-authorization-server": `{"issuer":"x"}`,
		"/jwks": `{"keys":[]}`,
	} {
		resp := w.get(path)
		if got := text(t, resp); resp.StatusCode != 200 || got != want || resp.Header.Get("Content-Type") != "application/json" || resp.Header.Get("Cache-Control") != publishedFor {
			t.Errorf("%s: %d %v %s", path, resp.StatusCode, resp.Header, got)
		}
	}
	w.engine.answer("/service/configuration", 503)
	w.engine.answer("/service/jwks/get", 500)
	wantJSONError(t, w.get("/.well-known/openid-configuration"), 503, "temporarily_unavailable")
	wantJSONError(t, w.get("/jwks"), 500, "server_error")
}
