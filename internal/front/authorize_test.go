package front

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/webapi"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

func TestPostedRequest(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	form, _ := url.ParseQuery(request)
	resp := w.post(issuer+"/authorize?client_id=ignored", form)
	if page, _ := w.see(resp); !isLogin(page) {
		t.Error(page)
	}
	if in := asked[wire.AuthorizationRequest](t, w.engine, opAuthorization); *in.Parameters != form.Encode() {
		t.Errorf("the engine was asked %q", *in.Parameters)
	}
}

func TestNoInteraction(t *testing.T) {
	t.Parallel()
	silent := func(change func(*wire.AuthorizationResponse)) wire.AuthorizationResponse {
		return asksFor(func(o *wire.AuthorizationResponse) {
			o.Action, o.Prompts = wire.AuthorizationActionNoInteraction, []wire.Prompt{wire.PromptNone}
		}, change)
	}
	none := func(*wire.AuthorizationResponse) {}
	cases := map[string]struct {
		loggedIn bool
		change   func(*wire.AuthorizationResponse)
		reason   wire.AuthorizationFailReason // "" = issued
	}{
		"not logged in":       {false, none, wire.FailReasonNotLoggedIn},
		"consented":           {true, none, ""},
		"less than consented": {true, func(o *wire.AuthorizationResponse) { o.Scopes = o.Scopes[:1] }, ""},
		"too old":             {true, func(o *wire.AuthorizationResponse) { o.MaxAge, o.Subject = 99, "1002" }, wire.FailReasonExceedsMaxAge},
		"young enough":        {true, func(o *wire.AuthorizationResponse) { o.MaxAge = 100 }, ""},
		"other subject":       {true, func(o *wire.AuthorizationResponse) { o.Subject, o.ACRs, o.ACREssential = "1002", []string{"x"}, true }, wire.FailReasonDifferentSubject},
		"same subject":        {true, func(o *wire.AuthorizationResponse) { o.Subject = "1001" }, ""},
		"acr missed": {true, func(o *wire.AuthorizationResponse) {
			o.ACRs, o.ACREssential, o.Client.ClientID = []string{"x"}, true, 8
		}, wire.FailReasonACRNotSatisfied},
		"acr a wish": {true, func(o *wire.AuthorizationResponse) { o.ACRs = []string{"x"} }, ""},
		"more scope": {true, func(o *wire.AuthorizationResponse) { o.Scopes = append(o.Scopes, wire.Scope{Name: "more"}) }, wire.FailReasonConsentRequired},
		"dynamic scope": {true, func(o *wire.AuthorizationResponse) {
			o.DynamicScopes = []wire.DynamicScope{{Name: "pay", Value: "pay:1"}}
		}, wire.FailReasonConsentRequired},
		"other client": {true, func(o *wire.AuthorizationResponse) { o.Client.ClientID = 8 }, wire.FailReasonConsentRequired},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newFlow(t, asksFor())
			if tc.loggedIn {
				page, at := w.begin()
				page, at = w.logIn(page, at, "john", "secret")
				wantBack(t, w.allow(page, at))
				w.engine.mu.Lock()
				w.engine.calls[opGrant] = 0
				w.engine.mu.Unlock()
			}
			w.clock.pass(100 * time.Second)
			w.engine.answer(opAuthorization, silent(tc.change))
			resp := w.get(issuer + "/authorize?" + request)
			if len(resp.Cookies()) != 0 {
				t.Errorf("cookies %v", resp.Cookies())
			}
			if tc.reason != "" {
				w.wantFailed(resp, tc.reason)
				return
			}
			wantBack(t, resp)
			in := asked[wire.AuthorizationIssueRequest](t, w.engine, opGrant)
			if in.Subject != "1001" || in.AuthTime != w.clock.now().Unix()-100 {
				t.Errorf("issue was asked %+v", in)
			}
		})
	}
}

// wantFormPage demands the page as it is, with a policy that lets it post
// itself and nothing else.
func wantFormPage(t *testing.T, resp *http.Response) {
	t.Helper()
	if got := text(t, resp); resp.StatusCode != 200 || got != formPage || resp.Header.Get("Content-Type") != "text/html;charset=UTF-8" {
		t.Errorf("%d %v %s", resp.StatusCode, resp.Header, got)
	}
	const want = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='; form-action https://app.example"
	if got := resp.Header.Get("Content-Security-Policy"); got != want {
		t.Errorf("policy %q, want %q", got, want)
	}
}

func TestAuthorizationVerdicts(t *testing.T) {
	t.Parallel()
	answer := func(action, content string) map[string]any {
		return map[string]any{"action": action, "responseContent": content, "resultMessage": "[A1] because",
			"explanation": map[string]any{"rule": "some.rule"}}
	}
	w := newWorld(t)
	w.engine.answer(opAuthorization, answer("LOCATION", back))
	wantBack(t, w.get("/authorize?a=b"))

	w.engine.answer(opAuthorization, answer("FORM", formPage))
	wantFormPage(t, w.get("/authorize?a=b"))

	w.engine.answer(opAuthorization, answer("BAD_REQUEST", `{"error":"invalid_request","error_description":"<b>no</b> client"}`))
	resp := w.get("/authorize?a=b")
	page := text(t, resp)
	if resp.StatusCode != 400 || !strings.Contains(page, textRefused) || !strings.Contains(page, "invalid_request") || !strings.Contains(page, "&lt;b&gt;no&lt;/b&gt; client") || resp.Header.Get("Location") != "" {
		t.Errorf("%d %s", resp.StatusCode, page)
	}
	wantIncident(t, w, page)
	if strings.Contains(page, "some.rule") || !strings.Contains(w.log.String(), "some.rule") {
		t.Error("the explanation is for the log")
	}

	for _, action := range []string{"INTERNAL_SERVER_ERROR", "SOMETHING_NEW", ""} {
		w.engine.answer(opAuthorization, answer(action, `{"error":"server_error"}`))
		resp := w.get("/authorize?a=b")
		page := text(t, resp)
		if resp.StatusCode != 500 || !strings.Contains(page, textBroken) {
			t.Errorf("%q: %d %s", action, resp.StatusCode, page)
		}
		wantIncident(t, w, page)
	}
}

// wantIncident demands that the page names an incident that the log has.
func wantIncident(t *testing.T, w *world, page string) {
	t.Helper()
	m := regexp.MustCompile(`id="incident">([A-Z2-7]{16})<`).FindStringSubmatch(page)
	if m == nil || !strings.Contains(w.log.String(), m[1]) {
		t.Errorf("incident %v is not in the log", m)
	}
}

func TestDecisionVerdicts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		action string
		status int
		want   string
	}{
		{"LOCATION", 303, ""}, {"FORM", 200, ""}, {"BAD_REQUEST", 400, textGone}, {"INTERNAL_SERVER_ERROR", 500, textBroken}, {"NEW", 500, textBroken}, {"", 500, textBroken},
	} {
		for button, operation := range map[string]string{"authorized": opGrant, "denied": opFail} {
			w := newFlow(t, asksFor())
			content := back
			if tc.action == "FORM" {
				content = formPage
			}
			w.engine.answer(operation, map[string]any{"action": tc.action, "responseContent": content})
			page, at := w.begin()
			page, at = w.logIn(page, at, "john", "secret")
			resp := w.submit(page, at, button)
			switch tc.status {
			case 303:
				wantBack(t, resp)
			case 200:
				wantFormPage(t, resp)
			default:
				if got := text(t, resp); resp.StatusCode != tc.status || !strings.Contains(got, tc.want) {
					t.Errorf("%s %s: %d %s", button, tc.action, resp.StatusCode, got)
				} else {
					wantIncident(t, w, got)
				}
			}
		}
	}
}

func TestAuthorizeEngineGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for status, want := range map[int]struct {
		status int
		text   string
	}{503: {503, textBusy}, 429: {503, textBusy}, 401: {500, textBroken}} {
		w.engine.answer(opAuthorization, status)
		resp := w.get("/authorize?a=b")
		if got := text(t, resp); resp.StatusCode != want.status || !strings.Contains(got, want.text) {
			t.Errorf("%d: %d %s", status, resp.StatusCode, got)
		}
	}
	// Nobody listens there.
	w = newWorld(t, func(o *Options) { o.API = webapi.New("http://127.0.0.1:1", 42, "t", nil) })
	if resp := w.get("/authorize?a=b"); resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("%d", resp.StatusCode)
	}
}

// When the engine is gone at the decision, the page can be sent again later.
func TestDecisionEngineGone(t *testing.T) {
	t.Parallel()
	w, page, at := atConsent(t)
	w.engine.answer(opGrant, 503)
	w.engine.answer(opFail, 503)
	for _, button := range []string{"authorized", "denied"} {
		resp := w.submit(page, at, button)
		if got := text(t, resp); resp.StatusCode != 503 || !strings.Contains(got, textBusy) {
			t.Errorf("%s: %d %s", button, resp.StatusCode, got)
		}
	}
	w.engine.answer(opGrant, wire.AuthorizationIssueResponse{Action: wire.AuthorizationIssueActionLocation, ResponseContent: back})
	wantBack(t, w.allow(page, at))
}

func TestBadAuthorizationRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tc := range map[string]struct {
		r      *http.Request
		status int
	}{
		"no query":   {httptest.NewRequest("GET", "/authorize", nil), 400},
		"empty form": {postRequest("/authorize", nil), 400},
		"no form":    {httptest.NewRequest("POST", "/authorize", strings.NewReader("a=b")), 400},
		"too long":   {postRequest("/authorize", url.Values{"a": {strings.Repeat("x", maxBody)}}), 413},
		"no UTF-8": {func() *http.Request {
			r := httptest.NewRequest("GET", "/authorize", nil)
			r.URL.RawQuery = "a=\xff"
			return r
		}(), 400},
	} {
		resp := w.do(tc.r)
		page := text(t, resp)
		if resp.StatusCode != tc.status || !strings.Contains(page, textRefused) {
			t.Errorf("%s: %d %s", name, resp.StatusCode, page)
		}
		wantIncident(t, w, page)
	}
	if w.engine.count(opAuthorization) != 0 {
		t.Error("the engine was asked")
	}
}
