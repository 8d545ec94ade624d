package front

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

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
	w, _, at := atConsent(t)
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
	w, page, at := atConsent(t)
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
