package front

import (
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/webapi"
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

// burst is how many logins of one account may come at once.
var burst = ofAccount("").burst

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

func TestForgedForms(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	page, at := w.begin()
	before := fields(page)
	page, at = w.logIn(page, at, "john", "secret")
	form := fields(page)
	form.Set("authorized", "true")
	for name, csrf := range map[string][]string{"none": nil, "empty": {""}, "wrong": {"x"}} {
		forged := url.Values{"session": form["session"], "authorized": {"true"}}
		if csrf != nil {
			forged["csrf"] = csrf
		}
		resp := w.post(at, forged)
		if got := text(t, resp); resp.StatusCode != http.StatusForbidden || !strings.Contains(got, textForged) {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	// The form of the page before decides nothing: its button was pressed twice.
	for _, button := range []string{"authorized", "denied"} {
		if resp := w.submit(page, at, button, "csrf", before.Get("csrf"), "loginId", "jane", "password", "other"); resp.Header.Get("Location") != at {
			t.Errorf("the page before, %s: %d %v", button, resp.StatusCode, resp.Header)
		}
	}
	// A page that was shown to another login decides nothing.
	form.Set("session", "other")
	if resp := w.post(at, form); resp.Header.Get("Location") != at {
		t.Errorf("other session: %d %v", resp.StatusCode, resp.Header)
	}
	// Neither does a form without a button.
	form = fields(page)
	if resp := w.post(at, form); resp.Header.Get("Location") != at {
		t.Errorf("no button: %d %v", resp.StatusCode, resp.Header)
	}
	if w.engine.count(opGrant)+w.engine.count(opFail) != 0 {
		t.Error("a forged form decided")
	}
	wantBack(t, w.allow(page, at))
}

// The address of an interaction is nothing without the browser that began it.
func TestOtherBrowser(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	page, at := w.begin()
	mine := w.jar
	w.jar, _ = cookiejar.New(nil)
	for _, resp := range []*http.Response{w.get(at), w.submit(page, at, "authorized", "loginId", "john", "password", "secret")} {
		if got := text(t, resp); resp.StatusCode != 400 || !strings.Contains(got, textGone) || isLogin(got) {
			t.Errorf("%d %s", resp.StatusCode, got)
		}
	}
	// Nor does a cookie count under another interaction's name.
	other, otherAt := w.begin()
	_ = other
	u, _ := url.Parse(issuer)
	stolen := map[string]string{}
	for _, c := range w.jar.Cookies(u) {
		stolen[c.Name] = c.Value
	}
	w.jar = mine
	id, otherID := at[strings.LastIndex(at, "/")+1:], otherAt[strings.LastIndex(otherAt, "/")+1:]
	w.jar.SetCookies(u, []*http.Cookie{{Name: w.front.jar.prefix + interactionCookie + id, Value: stolen[w.front.jar.prefix+interactionCookie+otherID]}})
	if resp := w.get(at); resp.StatusCode != 400 {
		t.Errorf("a cookie of another interaction: %d", resp.StatusCode)
	}
}

func TestTamperedCookies(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	page, at := w.begin()
	page, at = w.logIn(page, at, "john", "secret")
	_ = page
	u, _ := url.Parse(issuer)
	for _, c := range w.jar.Cookies(u) {
		for name, value := range map[string]string{
			"changed": c.Value[:30] + strings.Map(otherLetter, c.Value[30:31]) + c.Value[31:], "cut": c.Value[:20], "empty": "", "no base64": "!!!", "none of ours": "AAAA",
		} {
			r := httptest.NewRequest("GET", at, nil)
			for _, other := range w.jar.Cookies(u) {
				if other.Name != c.Name {
					r.AddCookie(other)
				}
			}
			r.AddCookie(&http.Cookie{Name: c.Name, Value: value})
			rec := httptest.NewRecorder()
			w.front.ServeHTTP(rec, r)
			got := rec.Body.String()
			if strings.Contains(c.Name, sessionCookie) != isLogin(got) || isConsent(got) {
				t.Errorf("%s %s: %d %s", c.Name, name, rec.Code, got)
			}
		}
	}
	// Another front's key opens nothing.
	other := newWorld(t, func(o *Options) { o.Key = []byte("another key of thirty-two bytes!") })
	other.jar = w.jar
	if resp := other.get(at); resp.StatusCode != 400 {
		t.Errorf("another key: %d", resp.StatusCode)
	}
}

func otherLetter(c rune) rune {
	if c == 'A' {
		return 'B'
	}
	return 'A'
}

func TestCookieAttributes(t *testing.T) {
	t.Parallel()
	for issuer, secure := range map[string]bool{"http://localhost:9080": false, "https://as.example/tenant": true} {
		w := newWorld(t, func(o *Options) { o.Issuer = issuer })
		w.engine.answer(opAuthorization, asksFor())
		u, _ := url.Parse(issuer)
		cookies := w.get(strings.TrimRight(u.Path, "/") + "/authorize?" + request).Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%d cookies", len(cookies))
		}
		c := cookies[0]
		if c.Secure != secure || strings.HasPrefix(c.Name, "__Host-") != secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 0 {
			t.Errorf("%s: %+v", issuer, c)
		}
	}
}

// The session gets a new id with every login, and consents do not pass to
// another user.
func TestSessionIsRotated(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor(func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptLogin, wire.PromptConsent} }))
	session := func() *session {
		u, _ := url.Parse(issuer)
		r := httptest.NewRequest("GET", issuer, nil)
		for _, c := range w.jar.Cookies(u) {
			r.AddCookie(c)
		}
		return w.front.session(r)
	}
	seen := map[string]bool{}
	for _, user := range [][2]string{{"john", "secret"}, {"john", "secret"}, {"jane", "other"}} {
		page, at := w.begin()
		page, at = w.logIn(page, at, user[0], user[1])
		s := session()
		if seen[s.ID] {
			t.Errorf("%s: the session keeps its id", user[0])
		}
		if want := user[0] == "john" && len(seen) > 0; strings.Contains(page, `id="scopes-before"`) != want {
			t.Errorf("%s: agreed before, %v is wrong: %s", user[0], !want, page)
		}
		seen[s.ID] = true
		wantBack(t, w.allow(page, at))
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	page, at := w.begin()
	page, at = w.logIn(page, at, "john", "secret")
	wantBack(t, w.allow(page, at))
	w.clock.pass(DefaultSessionLifetime)
	if page, _ := w.begin(); !isLogin(page) {
		t.Error("an ended session is logged in")
	}
}

// A login that ends while the consent page is shown leads back to the login.
func TestSessionEndsAtConsent(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.front.sessions = time.Minute
	page, at := w.begin()
	page, at = w.logIn(page, at, "john", "secret")
	w.clock.pass(time.Minute)
	page, at = w.see(w.allow(page, at))
	page, at = w.logIn(page, at, "john", "secret")
	wantBack(t, w.allow(page, at))
}

func TestInteractionExpires(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	_, at := w.begin()
	w.clock.pass(interactionLifetime + time.Second)
	if resp := w.get(at); resp.StatusCode != 400 {
		t.Errorf("%d", resp.StatusCode)
	}
}

// The cookies of requests that nobody finishes do not pile up.
func TestManyInteractions(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	var first, last string
	for i := range 12 {
		_, last = w.begin()
		if i == 0 {
			first = last
		}
	}
	r := httptest.NewRequest("GET", issuer, nil)
	u, _ := url.Parse(issuer)
	for _, c := range w.jar.Cookies(u) {
		r.AddCookie(c)
	}
	if n := len(w.front.jar.names(r, interactionCookie)); n > maxInteractions {
		t.Errorf("%d open interactions", n)
	}
	if resp := w.get(first); resp.StatusCode != 400 {
		t.Errorf("the first: %d", resp.StatusCode)
	}
	if resp := w.get(last); resp.StatusCode != 200 {
		t.Errorf("the last: %d", resp.StatusCode)
	}
}

// What is asked for must fit a cookie; descriptions give way first.
func TestLongRequests(t *testing.T) {
	t.Parallel()
	scopes := func(n, description int) (list []wire.Scope) {
		for i := range n {
			list = append(list, wire.Scope{Name: "scope" + strconv.Itoa(i), Description: strings.Repeat("d", description)})
		}
		return list
	}
	w := newFlow(t, asksFor(func(o *wire.AuthorizationResponse) { o.Scopes = scopes(60, 300) }))
	page, at := w.begin()
	page, at = w.logIn(page, at, "john", "secret")
	if !strings.Contains(page, "scope59") || strings.Contains(page, "ddd") {
		t.Error(page)
	}
	for _, c := range w.get(at).Cookies() {
		if len(c.String()) > 4096 {
			t.Errorf("a cookie has %d bytes", len(c.String()))
		}
	}
	wantBack(t, w.allow(page, at))

	w = newFlow(t, asksFor(func(o *wire.AuthorizationResponse) { o.Scopes = scopes(600, 0) }))
	w.wantFailed(w.get(issuer+"/authorize?"+request), wire.FailReasonInvalidScope)
}

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

const formPage = `<!DOCTYPE html><form method="post" action="https://app.example/cb?a&amp;b"><input></form><script>document.forms[0].submit()</script>`

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
	w := newFlow(t, asksFor())
	page, at := w.begin()
	page, at = w.logIn(page, at, "john", "secret")
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

// TestSeveralFronts: fronts of one key go on with what another began, and
// share nothing else.
func TestSeveralFronts(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	other := newFlow(t, asksFor())
	fronts := []*Front{w.front, other.front}
	next := func() { fronts[0], fronts[1] = fronts[1], fronts[0]; w.front = fronts[0] }
	for range 2 {
		page, at := w.begin()
		next()
		resp := w.submit(page, at, "authorized", "loginId", "john", "password", "wrong")
		next()
		page, at = w.see(resp)
		next()
		page, at = w.logIn(page, at, "john", "secret")
		next()
		wantBack(t, w.allow(page, at))
		next()
		wantBack(t, w.follow(w.get(issuer+"/authorize?"+request)))
		w.jar, _ = cookiejar.New(nil)
		next()
	}
}
