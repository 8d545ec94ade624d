package front

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// again makes a request and returns what the browser ends at.
func (w *world) again(change ...func(*wire.AuthorizationResponse)) *http.Response {
	w.Helper()
	w.engine.answer(opAuthorization, asksFor(change...))
	return w.follow(w.get(issuer + "/authorize?" + request))
}

func (w *world) agree(change ...func(*wire.AuthorizationResponse)) {
	w.Helper()
	resp := w.again(change...)
	at := resp.Request.URL.String()
	page := text(w.T, resp)
	if isLogin(page) {
		page, at = w.logIn(page, at, "john", "secret")
	}
	wantBack(w.T, w.allow(page, at))
}

func public(o *wire.AuthorizationResponse) { o.Client.ClientType = wire.ClientTypePublic }

// cookies are what the browser has.
func (w *world) cookies() []*http.Cookie {
	u, _ := url.Parse(issuer)
	return w.jar.Cookies(u)
}

// without sends a request without cookies and keeps those of the answer.
func (w *world) without(r *http.Request) *http.Response {
	w.Helper()
	rec := httptest.NewRecorder()
	w.front.ServeHTTP(rec, r)
	resp := rec.Result()
	w.jar.SetCookies(r.URL, resp.Cookies())
	return resp
}

// TestConsentIsRemembered: who asks for nothing new needs no page, also in a
// later session; who asks for more gets one that tells what is new.
func TestConsentIsRemembered(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.agree()
	wantBack(t, w.again())
	wantBack(t, w.again(func(o *wire.AuthorizationResponse) { o.Scopes = o.Scopes[:1] }))

	w.clock.pass(DefaultSessionLifetime)
	resp := w.again()
	page := text(t, resp)
	if !isLogin(page) {
		t.Fatalf("after the session: %d %s", resp.StatusCode, page)
	}
	wantBack(t, w.follow(w.submit(page, resp.Request.URL.String(), "authorized", "loginId", "john", "password", "secret")))

	more := func(o *wire.AuthorizationResponse) {
		o.Scopes = append(o.Scopes, wire.Scope{Name: "trade", Description: "Trade stocks"})
	}
	page = text(t, w.again(more))
	news, before, _ := strings.Cut(page, `id="scopes-before"`)
	if !isConsent(page) || !strings.Contains(news, "Trade stocks") || strings.Contains(news, "Pay with your account") || !strings.Contains(before, "Pay with your account") {
		t.Errorf("what is new:\n%s", page)
	}
	w.agree(more)
	wantBack(t, w.again(more))
}

// TestConsentOfClaims: what was agreed to is told again, claims too.
func TestConsentOfClaims(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.agree()
	page := text(t, w.again(func(o *wire.AuthorizationResponse) {
		o.Claims, o.Prompts = []string{"name", "birthdate"}, []wire.Prompt{wire.PromptConsent}
	}))
	now, before, _ := strings.Cut(page, `id="scopes-before"`)
	if !strings.Contains(now, "Date of birth") || strings.Contains(now, "<li>Name") || !strings.Contains(before, "Name") {
		t.Errorf("%s", page)
	}
}

// TestConsentAddsUp: agreeing to more keeps what was agreed to.
func TestConsentAddsUp(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.agree()
	other := func(o *wire.AuthorizationResponse) { o.Scopes, o.Claims = []wire.Scope{{Name: "trade"}}, nil }
	w.agree(other)
	wantBack(t, w.again())
	wantBack(t, w.again(other))
}

// TestDenialForgets: who says no takes back what they agreed to before.
func TestDenialForgets(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.agree()
	resp := w.again(func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptConsent} })
	wantBack(t, w.submit(text(t, resp), resp.Request.URL.String(), "denied"))
	if page := text(t, w.again()); !isConsent(page) || strings.Contains(page, "scopes-before") {
		t.Errorf("%s", page)
	}
}

// TestHeadDoesNothing: what looks at an interaction does not answer it.
func TestHeadDoesNothing(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.agree()
	before := w.engine.count(opGrant)
	w.engine.answer(opAuthorization, asksFor())
	at := w.get(issuer + "/authorize?" + request).Header.Get("Location")
	if resp := w.do(httptest.NewRequest(http.MethodHead, at, nil)); resp.StatusCode != http.StatusMethodNotAllowed || w.engine.count(opGrant) != before {
		t.Errorf("%d", resp.StatusCode)
	}
	wantBack(t, w.get(at))
}

func TestConsentIsAskedAgain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*wire.AuthorizationResponse){
		"prompt=consent":   func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptConsent} },
		"another client":   func(o *wire.AuthorizationResponse) { o.Client.ClientID = 8 },
		"another scope":    func(o *wire.AuthorizationResponse) { o.Scopes[0].Name = "other" },
		"a claim":          func(o *wire.AuthorizationResponse) { o.Claims = []string{"name", "birthdate"} },
		"a userinfo claim": func(o *wire.AuthorizationResponse) { o.UserInfoClaims = `{"birthdate":null}` },
		"a public client":  public,
	} {
		w := newFlow(t, asksFor())
		w.agree()
		if page := text(t, w.again(change)); !isConsent(page) {
			t.Errorf("%s: %s", name, page)
		}
	}
	w := newFlow(t, asksFor())
	w.agree()
	w.clock.pass(consentLifetime + time.Second)
	resp := w.again()
	page, _ := w.logIn(text(t, resp), resp.Request.URL.String(), "john", "secret")
	if !isConsent(page) {
		t.Errorf("after a year: %s", page)
	}
	// Claims about the login are no secret of the person.
	w = newFlow(t, asksFor())
	w.agree()
	wantBack(t, w.again(func(o *wire.AuthorizationResponse) { o.Claims = []string{"name", "auth_time", "acr"} }))
}

// TestConsentOfAnother: what john agreed to, jane did not.
func TestConsentOfAnother(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.agree()
	resp := w.again(func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptLogin} })
	page, _ := w.logIn(text(t, resp), resp.Request.URL.String(), "jane", "other")
	if !isConsent(page) || strings.Contains(page, "scopes-before") {
		t.Errorf("jane: %s", page)
	}
}

// TestConsentOfPublicClients: anybody can call themselves one, so a page is
// shown; without a page, what was agreed to in this session counts.
func TestConsentOfPublicClients(t *testing.T) {
	t.Parallel()
	silent := func(o *wire.AuthorizationResponse) {
		public(o)
		o.Action, o.Prompts = wire.AuthorizationActionNoInteraction, []wire.Prompt{wire.PromptNone}
	}
	w := newFlow(t, asksFor())
	w.agree(public)
	if page := text(t, w.again(public)); !isConsent(page) {
		t.Errorf("again: %s", page)
	}
	wantBack(t, w.again(silent))
	resp := w.again(public, func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptLogin} })
	w.logIn(text(t, resp), resp.Request.URL.String(), "john", "secret")
	wantBack(t, w.again(silent))
	if in := asked[wire.AuthorizationFailRequest](t, w.engine, opFail); w.engine.count(opFail) != 1 || in.Reason != wire.FailReasonConsentRequired {
		t.Errorf("in another session: %+v", in)
	}
}

// TestConsentsFit: the cookie stays within what browsers keep; the oldest
// agreements go first.
func TestConsentsFit(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.agree()
	for i := range 60 {
		w.agree(func(o *wire.AuthorizationResponse) {
			o.Client.ClientID = int64(1000 + i)
			o.Scopes = append(o.Scopes, wire.Scope{Name: "scope-" + strings.Repeat("x", 40) + strconv.Itoa(i)})
		})
	}
	i := slices.IndexFunc(w.cookies(), func(c *http.Cookie) bool { return strings.HasSuffix(c.Name, "_"+consentsCookie) })
	if n := len(w.cookies()[i].Value); n > maxCookie {
		t.Errorf("%d bytes", n)
	}
	if page := text(t, w.again()); !isConsent(page) {
		t.Error("the oldest is still there")
	}
	wantBack(t, w.again(func(o *wire.AuthorizationResponse) { o.Client.ClientID = 1059 }))
}

// TestSwitchUser: somebody else may sign in from the consent page.
func TestSwitchUser(t *testing.T) {
	t.Parallel()
	w, page, at := atConsent(t)
	old := fields(page)
	page, at = w.see(w.submit(page, at, "switch"))
	if !isLogin(page) {
		t.Fatalf("%s", page)
	}
	old.Set("authorized", "true")
	if resp := w.post(at, old); resp.Header.Get("Location") != at || w.engine.count(opGrant) != 0 {
		t.Errorf("the form of the page before: %d %v", resp.StatusCode, resp.Header)
	}
	page, at = w.logIn(page, at, "jane", "other")
	if !isConsent(page) || !strings.Contains(page, "jane") {
		t.Fatalf("%s", page)
	}
	wantBack(t, w.allow(page, at))
	if in := asked[wire.AuthorizationIssueRequest](t, w.engine, opGrant); in.Subject != "1002" {
		t.Errorf("issue was asked %+v", in)
	}
}

// TestPostedSilently: a form of another site comes without cookies, and what
// follows has them.
func TestPostedSilently(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.agree()
	w.engine.answer(opAuthorization, asksFor(func(o *wire.AuthorizationResponse) {
		o.Action, o.Prompts = wire.AuthorizationActionNoInteraction, []wire.Prompt{wire.PromptNone}
	}))
	r := postRequest(issuer+"/authorize", map[string][]string{"client_id": {"7"}})
	rec := w.without(r)
	if rec.StatusCode != http.StatusSeeOther || w.engine.count(opFail) != 0 {
		t.Fatalf("%d %v", rec.StatusCode, rec.Header)
	}
	wantBack(t, w.follow(rec))
}

// TestClaimsLocales: claims come in the languages that were asked for, in the
// ID token and at the userinfo endpoint.
func TestClaimsLocales(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	w.agree(func(o *wire.AuthorizationResponse) {
		o.Claims, o.ClaimsLocales = []string{"name", "family_name"}, []string{"fr", "ja"}
	})
	in := asked[wire.AuthorizationIssueRequest](t, w.engine, opGrant)
	if in.Claims != `{"family_name#ja":"フローレス","name":"John Flores"}` {
		t.Errorf("ID token: %s", in.Claims)
	}
	if p := in.Properties; len(p) != 1 || p[0] != (wire.Property{Key: "claims_locales", Value: "fr ja", Hidden: true}) {
		t.Fatalf("properties %+v", p)
	}
	w.engine.answer(opUserinfo, wire.UserInfoResponse{Action: wire.UserInfoActionOK, Subject: "1001", Claims: []string{"family_name"}, Properties: in.Properties})
	w.engine.answer(opIssue, wire.UserInfoIssueResponse{Action: wire.UserInfoIssueActionJSON, ResponseContent: "{}"})
	w.do(withToken("GET", "Bearer t"))
	if in := asked[wire.UserInfoIssueRequest](t, w.engine, opIssue); in.Claims != `{"family_name#ja":"フローレス"}` {
		t.Errorf("userinfo: %s", in.Claims)
	}
}
