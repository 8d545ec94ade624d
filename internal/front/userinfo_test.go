package front

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

const (
	opUserinfo = "/auth/userinfo"
	opIssue    = "/auth/userinfo/issue"
)

func withToken(method, header string) *http.Request {
	r := httptest.NewRequest(method, "/userinfo", nil)
	r.Header.Set("Authorization", header)
	return r
}

// withBody is a request whose token is in the header, and that has a body.
func withBody(media, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/userinfo", strings.NewReader(body))
	r.ContentLength = -1
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", "Bearer token-1")
	return r
}

func TestUserinfo(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*http.Request{
		"GET":        withToken("GET", "Bearer token-1"),
		"POST":       withToken("POST", "Bearer token-1"),
		"lower case": withToken("GET", "bearer  token-1"),
		"upper case": withToken("GET", "BEARER token-1"),
		"form":       postRequest("/userinfo", url.Values{"access_token": {"token-1"}}),
		"empty form": withBody("application/x-www-form-urlencoded", ""),
		"other body": withBody("application/json", "{}"),
	} {
		w := newWorld(t)
		w.engine.answer(opUserinfo, wire.UserInfoResponse{Action: wire.UserInfoActionOK, Subject: "1001", Claims: []string{"name", "email_verified", "family_name#ja"}, DPoPNonce: "n-1"})
		w.engine.answer(opIssue, wire.UserInfoIssueResponse{Action: wire.UserInfoIssueActionJSON, ResponseContent: body})
		r.Header.Set("DPoP", "a.b.c") // means nothing with a bearer token
		resp := w.do(r)
		if got := text(t, resp); resp.StatusCode != 200 || got != body || resp.Header.Get("Content-Type") != "application/json;charset=UTF-8" || resp.Header.Get("DPoP-Nonce") != "n-1" {
			t.Errorf("%s: %d %v %s", name, resp.StatusCode, resp.Header, got)
		}
		if in := asked[wire.UserInfoRequest](t, w.engine, opUserinfo); in.Token != "token-1" || in.DPoP != "" || in.HTM != r.Method {
			t.Errorf("%s: asked %+v", name, in)
		}
		in := asked[wire.UserInfoIssueRequest](t, w.engine, opIssue)
		if in.Token != "token-1" || in.Claims != `{"family_name#ja":"フローレス","name":"John Flores"}` {
			t.Errorf("%s: issue asked %+v", name, in)
		}
	}
}

func TestUserinfoVerdicts(t *testing.T) {
	t.Parallel()
	const challenge = `Bearer error="invalid_token"`
	ok := wire.UserInfoResponse{Action: wire.UserInfoActionOK, Subject: "1002"}
	for _, tc := range []struct {
		first, second string
		status        int
		media         string
	}{
		{"OK", "JSON", 200, "application/json;charset=UTF-8"},
		{"OK", "JWT", 200, "application/jwt"},
		{"OK", "BAD_REQUEST", 400, ""},
		{"OK", "UNAUTHORIZED", 401, ""},
		{"OK", "FORBIDDEN", 403, ""},
		{"OK", "INTERNAL_SERVER_ERROR", 500, ""},
		{"BAD_REQUEST", "", 400, ""},
		{"UNAUTHORIZED", "", 401, ""},
		{"FORBIDDEN", "", 403, ""},
		{"INTERNAL_SERVER_ERROR", "", 500, ""},
	} {
		w := newWorld(t)
		first := ok
		first.Action, first.ResponseContent, first.DPoPNonce = wire.UserInfoAction(tc.first), challenge, "n-1"
		w.engine.answer(opUserinfo, first)
		w.engine.answer(opIssue, map[string]any{"action": tc.second, "responseContent": challenge})
		resp := w.do(withToken("GET", "Bearer t"))
		if resp.StatusCode != tc.status || resp.Header.Get("Content-Type") != tc.media || resp.Header.Get("DPoP-Nonce") != "n-1" {
			t.Errorf("%s %s: %d %v", tc.first, tc.second, resp.StatusCode, resp.Header)
		}
		if (resp.Header.Get("WWW-Authenticate") == challenge) != (tc.status != 200) {
			t.Errorf("%s %s: %v", tc.first, tc.second, resp.Header)
		}
	}
	for _, actions := range [][2]string{{"NEW", ""}, {"OK", "NEW"}, {"", ""}, {"OK", ""}} {
		w := newWorld(t)
		first := ok
		first.Action = wire.UserInfoAction(actions[0])
		w.engine.answer(opUserinfo, first)
		w.engine.answer(opIssue, map[string]any{"action": actions[1]})
		wantJSONError(t, w.do(withToken("GET", "Bearer t")), 500, "server_error")
	}
}

func TestUserinfoEngineGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.answer(opUserinfo, 503)
	wantJSONError(t, w.do(withToken("GET", "Bearer t")), 503, "temporarily_unavailable")
	w.engine.answer(opUserinfo, wire.UserInfoResponse{Action: wire.UserInfoActionOK, Subject: "1001"})
	w.engine.answer(opIssue, 503)
	wantJSONError(t, w.do(withToken("GET", "Bearer t")), 503, "temporarily_unavailable")
}

// A user who was taken out of the file is nobody.
func TestUserinfoOfNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.answer(opUserinfo, wire.UserInfoResponse{Action: wire.UserInfoActionOK, Subject: "gone"})
	resp := w.do(withToken("GET", "Bearer t"))
	if resp.StatusCode != 401 || !strings.Contains(resp.Header.Get("WWW-Authenticate"), "invalid_token") || w.engine.count(opIssue) != 0 {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
}

// Whether the token is bound to a key is for the engine to say; it is told
// which scheme was used by getting the proof or not.
func TestUserinfoDPoP(t *testing.T) {
	t.Parallel()
	for header, proof := range map[string]string{"DPoP token-1": "a.b.c", "dpop token-1": "a.b.c", "Bearer token-1": ""} {
		w := newWorld(t)
		w.engine.answer(opUserinfo, wire.UserInfoResponse{Action: wire.UserInfoActionUnauthorized, ResponseContent: `DPoP error="invalid_token"`, DPoPNonce: "n-1"})
		r := withToken("GET", header)
		r.Header.Set("DPoP", "a.b.c")
		resp := w.do(r)
		if resp.StatusCode != 401 || resp.Header.Get("WWW-Authenticate") != `DPoP error="invalid_token"` || resp.Header.Get("DPoP-Nonce") != "n-1" {
			t.Errorf("%s: %d %v", header, resp.StatusCode, resp.Header)
		}
		if in := asked[wire.UserInfoRequest](t, w.engine, opUserinfo); in.Token != "token-1" || in.DPoP != proof || in.HTM != "GET" || in.HTU != issuer+"/userinfo" {
			t.Errorf("%s: asked %+v", header, in)
		}
	}
}

func TestUserinfoBadRequests(t *testing.T) {
	t.Parallel()
	get := func(change func(*http.Request)) *http.Request {
		r := httptest.NewRequest("GET", "/userinfo", nil)
		change(r)
		return r
	}
	for name, tc := range map[string]struct {
		r         *http.Request
		status    int
		code      string
		challenge string
	}{
		"nothing":        {get(func(*http.Request) {}), 401, "invalid_request", "Bearer"},
		"in the address": {get(func(r *http.Request) { r.URL.RawQuery = "access_token=x" }), 400, "invalid_request", `Bearer error="invalid_request"`},
		"twice":          {get(func(r *http.Request) { r.Header["Authorization"] = []string{"Bearer a", "Bearer a"} }), 400, "invalid_request", `Bearer error="invalid_request"`},
		"no token":       {withToken("GET", "Bearer"), 400, "invalid_request", `Bearer error="invalid_request"`},
		"two words":      {withToken("GET", "Bearer a b"), 400, "invalid_request", `Bearer error="invalid_request"`},
		"other scheme":   {withToken("GET", "Basic YTpi"), 401, "invalid_request", "Bearer"},
		"no proof":       {withToken("GET", "DPoP a"), 401, "invalid_dpop_proof", `DPoP error="invalid_dpop_proof"`},
		"two proofs":     {get(func(r *http.Request) { r.Header = http.Header{"Authorization": {"DPoP a"}, "Dpop": {"a.b.c", "d.e.f"}} }), 401, "invalid_dpop_proof", `DPoP error="invalid_dpop_proof"`},
		"header and form": {func() *http.Request {
			r := postRequest("/userinfo", url.Values{"access_token": {"x"}})
			r.Header.Set("Authorization", "Bearer y")
			return r
		}(), 400, "invalid_request", `Bearer error="invalid_request"`},
		"twice in form":    {postRequest("/userinfo", url.Values{"access_token": {"x", "y"}}), 400, "invalid_request", `Bearer error="invalid_request"`},
		"form without one": {postRequest("/userinfo", url.Values{"a": {"b"}}), 401, "invalid_request", "Bearer"},
	} {
		w := newWorld(t)
		resp := w.do(tc.r)
		if got := resp.Header.Values("WWW-Authenticate"); len(got) == 0 || got[0] != tc.challenge {
			t.Errorf("%s: challenges %q", name, got)
		}
		wantJSONError(t, resp, tc.status, tc.code)
		if w.engine.count(opUserinfo) != 0 {
			t.Errorf("%s: the engine was asked", name)
		}
	}
}
