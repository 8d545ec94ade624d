package front

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// registrations are the ways to the endpoints for clients that register
// themselves.
var registrations = []struct {
	method, path, operation, success string
	status                           int
}{
	{"POST", "/register", "/client/registration", "CREATED", 201},
	{"GET", "/register/17", "/client/registration/get", "OK", 200},
	{"PUT", "/register/17", "/client/registration/update", "UPDATED", 200},
	{"DELETE", "/register/17", "/client/registration/delete", "DELETED", 204},
}

func registrationRequest(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer rat")
	return r
}

func TestRegistrationVerdicts(t *testing.T) {
	t.Parallel()
	const wrongToken = `{"error":"invalid_token"}`
	for _, e := range registrations {
		for _, v := range []struct {
			action, content string
			status          int
			challenge       string
		}{
			{e.success, body, e.status, ""}, {"BAD_REQUEST", body, 400, ""}, {"INTERNAL_SERVER_ERROR", body, 500, ""},
			{"UNAUTHORIZED", wrongToken, 401, `Bearer error="invalid_token"`},
			// as a service says it that does not know UNAUTHORIZED
			{"BAD_REQUEST", wrongToken, 401, `Bearer error="invalid_token"`},
		} {
			w := newWorld(t)
			w.engine.answer(e.operation, map[string]any{
				"action": v.action, "responseContent": v.content, "explanation": explanation(v.status),
			})
			resp := w.do(registrationRequest(e.method, e.path, "{}"))
			want := v.content
			if v.status == http.StatusNoContent {
				want = ""
			}
			if got := text(t, resp); resp.StatusCode != v.status || got != want || resp.Header.Get("WWW-Authenticate") != v.challenge {
				t.Errorf("%s %s, %s: %d %v %q", e.method, e.path, v.action, resp.StatusCode, resp.Header, got)
			}
			if resp.Header.Get("Cache-Control") != "no-store" || want != "" && resp.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %s, %s: %v", e.method, e.path, v.action, resp.Header)
			}
			if strings.Contains(w.log.String(), "some.rule") != (v.status >= 400) {
				t.Errorf("%s %s, %s: log %s", e.method, e.path, v.action, w.log)
			}
		}
	}
}

func explanation(status int) any {
	if status < 400 {
		return nil
	}
	return map[string]any{"rule": "some.rule"}
}

func TestRegistrationHandedOn(t *testing.T) {
	t.Parallel()
	const raw = "{\"redirect_uris\": [\"https://a.example/ü\"],\n\"x\":1, \"x\":2}"
	for _, e := range registrations {
		w := newWorld(t)
		w.engine.answer(e.operation, map[string]any{"action": e.success, "responseContent": body})
		r := registrationRequest(e.method, e.path, raw)
		r.Header.Set("Authorization", "bEaReR  rat")
		r.Header.Set("Content-Type", "Application/JSON; charset=UTF-8")
		if resp := w.do(r); resp.StatusCode != e.status {
			t.Errorf("%s: %d", e.path, resp.StatusCode)
		}
		want := wire.ClientRegistrationRequest{Token: "rat", ClientID: "17", JSON: raw}
		switch e.method {
		case "POST": // an initial access token is none of the engine's business
			want.Token, want.ClientID = "", ""
		case "GET", "DELETE":
			want.JSON = ""
		}
		if in := asked[wire.ClientRegistrationRequest](t, w.engine, e.operation); in != want {
			t.Errorf("%s %s: asked %+v, want %+v", e.method, e.path, in, want)
		}
	}
}

func TestRegistrationBadRequests(t *testing.T) {
	t.Parallel()
	header := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[name] = values }
	}
	for name, tc := range map[string]struct {
		change func(*http.Request)
		body   string
		status int
		code   string
		bodied bool // only where there is a body
	}{
		"no content type":   {header("Content-Type"), "{}", 400, "invalid_client_metadata", true},
		"a form":            {header("Content-Type", "application/x-www-form-urlencoded"), "a=b", 400, "invalid_client_metadata", true},
		"a text":            {header("Content-Type", "text/plain"), "{}", 400, "invalid_client_metadata", true},
		"another charset":   {header("Content-Type", "application/json; charset=latin1"), "{}", 400, "invalid_client_metadata", true},
		"empty":             {func(*http.Request) {}, " ", 400, "invalid_client_metadata", true},
		"no UTF-8":          {func(*http.Request) {}, "{\"a\":\"\xff\"}", 400, "invalid_client_metadata", true},
		"too long":          {func(*http.Request) {}, strings.Repeat(" ", maxBody+1), 413, "invalid_client_metadata", true},
		"two headers":       {header("Authorization", "Bearer rat", "Bearer rat"), "{}", 401, "invalid_token", false},
		"another scheme":    {header("Authorization", "Basic cmF0Og=="), "{}", 401, "invalid_token", false},
		"an empty token":    {header("Authorization", "Bearer "), "{}", 401, "invalid_token", false},
		"a token elsewhere": {func(r *http.Request) { r.URL.RawQuery = "access_token=rat" }, "{}", 400, "invalid_request", false},
	} {
		for _, e := range registrations {
			if tc.bodied && (e.method == "GET" || e.method == "DELETE") {
				continue
			}
			w := newWorld(t)
			r := registrationRequest(e.method, e.path, tc.body)
			tc.change(r)
			resp := w.do(r)
			if (resp.Header.Get("WWW-Authenticate") != "") != (tc.status == 401) {
				t.Errorf("%s %s: %v", name, e.method, resp.Header)
			}
			wantJSONError(t, resp, tc.status, tc.code)
			if w.engine.count(e.operation) != 0 {
				t.Errorf("%s %s: the engine was asked", name, e.method)
			}
		}
	}
	for _, e := range registrations[1:] {
		w := newWorld(t)
		r := registrationRequest(e.method, e.path, "{}")
		r.Header.Del("Authorization")
		resp := w.do(r)
		if resp.Header.Get("WWW-Authenticate") != "Bearer" || w.engine.count(e.operation) != 0 {
			t.Errorf("%s without a token: %v", e.method, resp.Header)
		}
		wantJSONError(t, resp, 401, "invalid_token")
	}
}

// With a registration token nobody registers without it; the management of
// what is registered has nothing to do with it.
func TestRegistrationToken(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		set, sent string
		status    int
		challenge string
	}{
		{"", "", 201, ""}, {"", "Bearer anything", 201, ""},
		{"initial", "Bearer initial", 201, ""}, {"initial", "bearer initial", 201, ""},
		{"initial", "", 401, "Bearer"}, {"initial", "Bearer wrong", 401, `Bearer error="invalid_token"`},
		{"initial", "Bearer initial2", 401, `Bearer error="invalid_token"`}, {"initial", "Basic initial", 401, "Bearer"},
	} {
		w := newWorld(t, func(o *Options) { o.RegistrationToken = tc.set })
		for _, e := range registrations {
			w.engine.answer(e.operation, map[string]any{"action": e.success, "responseContent": body})
		}
		r := registrationRequest("POST", "/register", "{}")
		r.Header.Del("Authorization")
		if tc.sent != "" {
			r.Header.Set("Authorization", tc.sent)
		}
		resp := w.do(r)
		if resp.StatusCode != tc.status || resp.Header.Get("WWW-Authenticate") != tc.challenge || w.engine.count("/client/registration") != map[bool]int{true: 1}[tc.status == 201] {
			t.Errorf("%+v: %d %v", tc, resp.StatusCode, resp.Header)
		}
		if resp := w.do(registrationRequest("GET", "/register/17", "")); resp.StatusCode != 200 {
			t.Errorf("%+v: reading a registration: %d", tc, resp.StatusCode)
		}
	}
}
