package front

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// The texts that tests and the official conformance suite look for.
const (
	textRefused = "This request cannot be answered."
	textGone    = "This page has expired or was already used."
	textForged  = "This form did not come from our page."
	textLimited = "There were too many attempts."
	textBusy    = "The service is unavailable right now."
	textBroken  = "Something went wrong on our side."
)

const (
	opAuthorization = "/auth/authorization"
	opGrant         = "/auth/authorization/issue"
	opFail          = "/auth/authorization/fail"
	request         = "client_id=1&response_type=code&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
	back            = "https://app.example/cb?code=c&state=%2B&iss=x"
)

// asksFor is an authorization request that the engine finds valid.
func asksFor(change ...func(*wire.AuthorizationResponse)) wire.AuthorizationResponse {
	out := wire.AuthorizationResponse{
		Action: wire.AuthorizationActionInteraction, Ticket: "ticket-1",
		Service: &wire.Service{ServiceName: "Example"}, Client: &wire.Client{ClientID: 7, ClientName: "My App"},
		Scopes: []wire.Scope{{Name: "openid"}, {Name: "pay", Description: "Pay with your account"}}, Claims: []string{"name"},
	}
	for _, c := range change {
		c(&out)
	}
	return out
}

// newFlow is a world whose engine says yes to everything.
func newFlow(t *testing.T, out wire.AuthorizationResponse) *world {
	t.Helper()
	w := newWorld(t)
	w.engine.answer(opAuthorization, out)
	w.engine.answer(opGrant, wire.AuthorizationIssueResponse{Action: wire.AuthorizationIssueActionLocation, ResponseContent: back})
	w.engine.answer(opFail, wire.AuthorizationFailResponse{Action: wire.AuthorizationFailActionLocation, ResponseContent: back})
	return w
}

// follow follows the redirects of the front itself.
func (w *world) follow(resp *http.Response) *http.Response {
	w.Helper()
	for range 5 {
		to := resp.Header.Get("Location")
		if !strings.HasPrefix(to, issuer+"/") {
			return resp
		}
		resp = w.get(to)
		resp.Request = httptest.NewRequest(http.MethodGet, to, nil)
	}
	w.Fatal("the front redirects for ever")
	return nil
}

// see follows the redirects of the front itself and returns the page.
func (w *world) see(resp *http.Response) (page, at string) {
	w.Helper()
	if resp = w.follow(resp); resp.Request != nil {
		at = resp.Request.URL.String()
	}
	return text(w.T, resp), at
}

// begin starts a flow and returns the page and its address.
func (w *world) begin() (page, at string) {
	w.Helper()
	resp := w.get(issuer + "/authorize?" + request)
	if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(resp.Header.Get("Location"), issuer+"/interaction/") {
		w.Fatalf("authorize answered %d %v %s", resp.StatusCode, resp.Header, text(w.T, resp))
	}
	return w.see(resp)
}

var inputs = regexp.MustCompile(`<input type="(?:hidden|text|password)"(?: id="[a-zA-Z]*")? name="([a-zA-Z]+)"(?: value="([^"]*)")?`)

// fields are the fields of the form of a page.
func fields(page string) url.Values {
	form := url.Values{}
	for _, m := range inputs.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	return form
}

func isLogin(page string) bool {
	return strings.Contains(page, `id="loginId"`) && strings.Contains(page, `id="password"`)
}

func isConsent(page string) bool { return strings.Contains(page, `id="signed-in"`) }

// submit presses a button of a page.
func (w *world) submit(page, at, button string, more ...string) *http.Response {
	w.Helper()
	form := fields(page)
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	if button != "" {
		form.Set(button, "true")
	}
	return w.post(at, form)
}

// logIn passes the login page and returns the page behind it.
func (w *world) logIn(page, at, name, password string) (string, string) {
	w.Helper()
	if !isLogin(page) {
		w.Fatalf("no login page:\n%s", page)
	}
	resp := w.submit(page, at, "authorized", "loginId", name, "password", password)
	if resp.StatusCode != http.StatusSeeOther {
		w.Fatalf("login answered %d %s", resp.StatusCode, text(w.T, resp))
	}
	return w.see(resp)
}

// atConsent is a flow whose end-user has logged in and is asked.
func atConsent(t *testing.T) (w *world, page, at string) {
	t.Helper()
	w = newFlow(t, asksFor())
	page, at = w.begin()
	page, at = w.logIn(page, at, "john", "secret")
	return w, page, at
}

// allow passes the consent page.
func (w *world) allow(page, at string) *http.Response {
	w.Helper()
	if !isConsent(page) {
		w.Fatalf("no consent page:\n%s", page)
	}
	return w.submit(page, at, "authorized")
}

func wantBack(t *testing.T, resp *http.Response) {
	t.Helper()
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != back {
		t.Errorf("answered %d %q", resp.StatusCode, resp.Header.Get("Location"))
	}
}

func (w *world) wantFailed(resp *http.Response, reason wire.AuthorizationFailReason) {
	w.Helper()
	wantBack(w.T, resp)
	if in := asked[wire.AuthorizationFailRequest](w.T, w.engine, opFail); in.Ticket != "ticket-1" || in.Reason != reason {
		w.Errorf("fail was asked %+v, want %s", in, reason)
	}
	if w.engine.count(opGrant) != 0 {
		w.Error("issue was called too")
	}
}

func TestLoginAndConsent(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	page, at := w.begin()
	if in := asked[wire.AuthorizationRequest](t, w.engine, opAuthorization); *in.Parameters != request {
		t.Errorf("the engine was asked %q", *in.Parameters)
	}
	for _, want := range []string{`id="loginId"`, `name="loginId"`, `id="password"`, `name="password"`, `id="authorize-button" name="authorized"`, `id="deny-button" name="denied"`, "My App", "Example"} {
		if !strings.Contains(page, want) {
			t.Errorf("the login page lacks %s:\n%s", want, page)
		}
	}
	page, at = w.logIn(page, at, "john", "secret")
	for _, want := range []string{`id="authorize-button" name="authorized"`, `id="deny-button" name="denied"`, "My App", "John Flores", "Know that it is you", "Pay with your account", "<li>Name</li>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the consent page lacks %s:\n%s", want, page)
		}
	}
	if strings.Contains(page, "ticket-1") || strings.Contains(at, "ticket-1") {
		t.Error("the ticket leaves the cookie")
	}
	wantBack(t, w.allow(page, at))
	in := asked[wire.AuthorizationIssueRequest](t, w.engine, opGrant)
	if in.Ticket != "ticket-1" || in.Subject != "1001" || in.AuthTime != w.clock.now().Unix() || in.ACR != "urn:acr:password" || in.Claims != `{"name":"John Flores"}` || in.Scopes != nil {
		t.Errorf("issue was asked %+v", in)
	}
	// The request is over: reload, back button and double submit find nothing.
	again := w.submit(page, at, "authorized")
	if got := text(t, again); again.StatusCode != 400 || !strings.Contains(got, textGone) || w.engine.count(opGrant) != 1 {
		t.Errorf("again: %d %s", again.StatusCode, got)
	}
	// The next request that asks for the same needs no page.
	wantBack(t, w.follow(w.get(issuer+"/authorize?"+request)))
}

func TestDeny(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	page, at := w.begin()
	w.wantFailed(w.submit(page, at, "denied"), wire.FailReasonDenied)

	w = newFlow(t, asksFor())
	page, at = w.begin()
	page, at = w.logIn(page, at, "john", "secret")
	w.wantFailed(w.submit(page, at, "denied"), wire.FailReasonDenied)
	if resp := w.get(at); resp.StatusCode != 400 {
		t.Errorf("after deny: %d", resp.StatusCode)
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	page, at := w.begin()
	for _, credentials := range [][2]string{{"john", "wrong"}, {"nobody", "secret"}, {"john", ""}, {"jane", "secret"}} {
		page, _ = w.logIn(page, at, credentials[0], credentials[1])
		if !isLogin(page) || !strings.Contains(page, `id="login-error"`) || strings.Contains(page, "nobody") {
			t.Errorf("%v: %s", credentials, page)
		}
	}
	page, at = w.logIn(page, at, "john", "secret")
	wantBack(t, w.allow(page, at))
}

func TestLoginHint(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor(func(o *wire.AuthorizationResponse) { o.LoginHint = `"><script>` + strings.Repeat("x", 500) }))
	page, _ := w.begin()
	if got := fields(page).Get("loginId"); !strings.HasPrefix(got, `"><script>`) || len([]rune(got)) != maxLoginHint || strings.Contains(page, "<script>") {
		t.Errorf("hint %q", got)
	}
}

// burst is how many logins of one account may come at once.
var burst = ofAccount("").burst

// With a login for this very request done, only what no page can mend fails.
func TestWhatTheRequestDemands(t *testing.T) {
	t.Parallel()
	type change = func(*wire.AuthorizationResponse)
	cases := map[string]struct {
		change change
		login  bool                         // a second login is asked for
		failed wire.AuthorizationFailReason // after john has logged in again
	}{
		"nothing":            {func(*wire.AuthorizationResponse) {}, false, ""},
		"prompt=consent":     {func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptConsent} }, false, ""},
		"prompt=login":       {func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptLogin, wire.PromptConsent} }, true, ""},
		"select_account":     {func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptSelectAccount} }, true, ""},
		"create":             {func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptCreate} }, true, ""},
		"young enough":       {func(o *wire.AuthorizationResponse) { o.MaxAge = 100 }, false, ""},
		"too old":            {func(o *wire.AuthorizationResponse) { o.MaxAge = 99 }, true, ""},
		"same subject":       {func(o *wire.AuthorizationResponse) { o.Subject = "1001" }, false, ""},
		"other subject":      {func(o *wire.AuthorizationResponse) { o.Subject = "1002" }, true, wire.FailReasonDifferentSubject},
		"acr reached":        {func(o *wire.AuthorizationResponse) { o.ACRs, o.ACREssential = []string{"x", "urn:acr:password"}, true }, false, ""},
		"acr missed":         {func(o *wire.AuthorizationResponse) { o.ACRs, o.ACREssential = []string{"x"}, true }, true, wire.FailReasonACRNotSatisfied},
		"acr missed, a wish": {func(o *wire.AuthorizationResponse) { o.ACRs = []string{"x"} }, false, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newFlow(t, asksFor())
			page, at := w.begin()
			page, at = w.logIn(page, at, "john", "secret")
			wantBack(t, w.allow(page, at))
			w.clock.pass(100 * time.Second)
			w.engine.answer(opAuthorization, asksFor(tc.change))
			resp := w.follow(w.get(issuer + "/authorize?" + request))
			if resp.Request != nil {
				at = resp.Request.URL.String()
			}
			page = ""
			if resp.StatusCode == http.StatusOK {
				page = text(t, resp)
			}
			if isLogin(page) != tc.login {
				t.Fatalf("login page: %v", isLogin(page))
			}
			if isConsent(page) != strings.Contains(name, "consent") {
				t.Fatalf("consent page: %v", isConsent(page))
			}
			if tc.login {
				w.engine.mu.Lock()
				w.engine.calls[opGrant] = 0
				w.engine.mu.Unlock()
				resp = w.submit(page, at, "authorized", "loginId", "john", "password", "secret")
				if tc.failed != "" {
					w.wantFailed(w.get(resp.Header.Get("Location")), tc.failed)
					return
				}
				// Age and prompt are satisfied, however long consent takes.
				w.clock.pass(200 * time.Second)
				resp = w.follow(resp)
				page = ""
				if resp.StatusCode == http.StatusOK {
					page = text(t, resp)
				}
			}
			if isConsent(page) {
				resp = w.allow(page, at)
			}
			wantBack(t, resp)
		})
	}
}

const formPage = `<!DOCTYPE html><form method="post" action="https://app.example/cb?a&amp;b"><input></form><script>document.forms[0].submit()</script>`

// Every value that a page shows, chosen by somebody who means ill.
func TestInjection(t *testing.T) {
	t.Parallel()
	const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>{{.Base}}`
	w := newFlow(t, asksFor(func(o *wire.AuthorizationResponse) {
		o.Service.ServiceName, o.Client.ClientName, o.LoginHint = evil, evil, evil
		o.Scopes = []wire.Scope{{Name: evil}, {Name: "x", Description: evil}}
		o.Claims = []string{evil}
	}))
	login, at := w.begin()
	consent, _ := w.logIn(login, at, "john", "secret")
	for _, page := range []string{login, consent} {
		if strings.Contains(page, "<script") || strings.Contains(page, "<img") || strings.Contains(page, `"'>`) || !strings.Contains(page, "&lt;script&gt;") {
			t.Errorf("not escaped:\n%s", page)
		}
	}
}

func TestPagePolicies(t *testing.T) {
	t.Parallel()
	const basis = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
	for parameters, want := range map[string]string{
		request: basis + "; form-action 'self' https://app.example",
		"client_id=1&redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fcb": basis + "; form-action 'self' http://localhost:8080",
		"client_id=1&redirect_uri=com.example.app%3A%2Fcb":            basis + "; form-action 'self' com.example.app:",
		"client_id=1&redirect_uri=http%3A%2F%2F%5B%3A%3A1%5D%2Fcb":    basis,
		"client_id=1&redirect_uri=https%3A%2F%2Fa%3Bscript-src":       basis,
		"client_id=1":                     basis,
		"client_id=1&request_uri=urn%3Ax": basis,
		request + "&request_uri=urn%3Ax":  basis, // what stands beside it does not count
		request + "&request=e30.e30.":     basis,
		request + "%zz":                   basis,
	} {
		w := newFlow(t, asksFor())
		resp := w.get(issuer + "/authorize?" + parameters)
		page := w.get(resp.Header.Get("Location"))
		if got := page.Header.Get("Content-Security-Policy"); got != want {
			t.Errorf("%s: %s, want %s", parameters, got, want)
		}
	}
	w := newWorld(t)
	if got := w.get("/authorize").Header.Get("Content-Security-Policy"); got != basis+"; form-action 'none'" {
		t.Errorf("message: %s", got)
	}
	if got := w.get("/assets/front.css"); got.StatusCode != 200 || got.Header.Get("Content-Type") != "text/css;charset=UTF-8" {
		t.Errorf("style sheet: %d %v", got.StatusCode, got.Header)
	}
}
