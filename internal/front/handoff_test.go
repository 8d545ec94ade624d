package front

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

const (
	opTicketInfo   = "/auth/authorization/ticket/info"
	opTicketUpdate = "/auth/authorization/ticket/update"
	loginSecret    = "a-secret-of-twenty-characters"
)

// newHandoff is a world with a login application. The engine keeps what is
// attached to the ticket.
func newHandoff(t *testing.T, out wire.AuthorizationResponse) *world {
	t.Helper()
	w := newWorld(t, func(o *Options) {
		o.Users, o.Login = nil, &LoginApplication{URL: "https://login.example/start?tenant=a", Secret: loginSecret}
	})
	w.engine.answer(opAuthorization, out)
	w.engine.answer(opGrant, wire.AuthorizationIssueResponse{Action: wire.AuthorizationIssueActionLocation, ResponseContent: back})
	w.engine.answer(opFail, wire.AuthorizationFailResponse{Action: wire.AuthorizationFailActionLocation, ResponseContent: back})
	context := ""
	w.engine.answer(opTicketUpdate, func(body string) any {
		var in wire.AuthorizationTicketUpdateRequest
		if json.Unmarshal([]byte(body), &in) != nil || in.Ticket != "ticket-1" {
			return wire.AuthorizationTicketUpdateResponse{Action: wire.AuthorizationTicketActionNotFound}
		}
		context = in.Info.Context
		return wire.AuthorizationTicketUpdateResponse{Action: wire.AuthorizationTicketActionOK, Info: in.Info}
	})
	w.engine.answer(opTicketInfo, func(string) any {
		return wire.AuthorizationTicketInfoResponse{Action: wire.AuthorizationTicketActionOK, Info: &wire.AuthorizationTicketInfo{Context: context}}
	})
	return w
}

// start sends the browser off and returns the id that the application gets.
func (w *world) start() string {
	w.Helper()
	resp := w.get(issuer + "/authorize?" + request)
	u, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || resp.StatusCode != http.StatusSeeOther || u.Host != "login.example" || u.Query().Get("tenant") != "a" {
		w.Fatalf("authorize answered %d %v", resp.StatusCode, resp.Header)
	}
	return u.Query().Get("interaction")
}

// application calls the front as the login application does.
func (w *world) application(method, path, body string) (int, map[string]any) {
	w.Helper()
	r := httptest.NewRequest(method, issuer+"/handoff/"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+loginSecret)
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder() // it has no cookies
	w.front.ServeHTTP(rec, r)
	var doc map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil {
		w.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	return rec.Code, doc
}

// answered has the application answer and returns where the browser goes.
func (w *world) answered(id, verb, body string) string {
	w.Helper()
	status, doc := w.application("POST", id+"/"+verb, body)
	to, _ := doc["redirect_to"].(string)
	if status != 200 || !strings.HasPrefix(to, issuer+"/interaction/") {
		w.Fatalf("%s: %d %v", verb, status, doc)
	}
	return to
}

func TestHandoff(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, asksFor(func(o *wire.AuthorizationResponse) {
		o.Claims, o.ClaimsAtUserInfo = []string{"name"}, []string{"email", "phone_number"}
		o.IDTokenClaims, o.ClaimsLocales, o.UILocales = `{"name":{"essential":true}}`, []string{"ja"}, []string{"ja", "en"}
		o.ACRs, o.ACREssential, o.MaxAge, o.LoginHint, o.Prompts = []string{"gold"}, true, 60, "john", []wire.Prompt{wire.PromptConsent}
		o.Display = wire.DisplayPage
	}))
	id := w.start()
	if strings.Contains(id, "ticket") {
		t.Errorf("the id shows the ticket: %s", id)
	}
	status, doc := w.application("GET", id, "")
	got, _ := json.Marshal(doc)
	const want = `{"acr_essential":true,"acr_values":["gold"],"claims":["name"],"claims_locales":["ja"],"claims_request":{"id_token":{"name":{"essential":true}}},` +
		`"client":{"client_id":7,"name":"My App"},"display":"page","expires_at":1800003600,"login_hint":"john","max_age":60,"prompt":["consent"],` +
		`"scopes":[{"name":"openid"},{"description":"Pay with your account","name":"pay"}],"service":"Example","ui_locales":["ja","en"],"userinfo_claims":["email","phone_number"]}`
	if status != 200 || string(got) != want {
		t.Errorf("the request: %d\n%s\n%s", status, got, want)
	}
	to := w.answered(id, "accept", `{"subject":"u-1","auth_time":1799999990,"acr":"gold","amr":["pwd","otp"],"scopes":["openid"],
		"claims":{"name":"John","name#ja":"ジョン","email":"john@example.com","birthdate":"1970-01-01"}}`)
	wantBack(t, w.get(to))
	in := asked[wire.AuthorizationIssueRequest](t, w.engine, opGrant)
	if in.Ticket != "ticket-1" || in.Subject != "u-1" || in.AuthTime != 1799999990 || in.ACR != "gold" || len(in.Scopes) != 1 ||
		in.Claims != `{"amr":["pwd","otp"],"name":"John","name#ja":"ジョン"}` {
		t.Errorf("issue was asked %+v", in)
	}
	if p := in.Properties; len(p) != 1 || p[0] != (wire.Property{Key: "userinfo", Value: `{"email":"john@example.com"}`, Hidden: true}) {
		t.Errorf("properties %+v", p)
	}
	// The cookie went with the request: back and reload find nothing.
	if resp := w.get(to); resp.StatusCode != 400 || w.engine.count(opGrant) != 1 {
		t.Errorf("again: %d", resp.StatusCode)
	}
	// What was said at the login is told at the userinfo endpoint.
	w.engine.answer(opUserinfo, wire.UserInfoResponse{Action: wire.UserInfoActionOK, Subject: "u-1", Claims: []string{"email", "phone_number"}, Properties: in.Properties})
	w.engine.answer(opIssue, wire.UserInfoIssueResponse{Action: wire.UserInfoIssueActionJSON, ResponseContent: "{}"})
	if resp := w.do(withToken("GET", "Bearer t")); resp.StatusCode != 200 {
		t.Errorf("userinfo: %d", resp.StatusCode)
	}
	if in := asked[wire.UserInfoIssueRequest](t, w.engine, opIssue); in.Claims != `{"email":"john@example.com"}` {
		t.Errorf("userinfo was told %+v", in)
	}
	// Scopes that were not granted, or given up since, take their claims along.
	w.engine.answer(opUserinfo, wire.UserInfoResponse{Action: wire.UserInfoActionOK, Subject: "u-1", Claims: []string{"phone_number"}, Properties: in.Properties})
	w.do(withToken("GET", "Bearer t"))
	if in := asked[wire.UserInfoIssueRequest](t, w.engine, opIssue); in.Claims != "" {
		t.Errorf("userinfo was told %+v", in)
	}
}

// TestHandoffSilently: a request that allows no page is the application's to
// answer too, since only it knows who is logged in.
func TestHandoffSilently(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, asksFor(func(o *wire.AuthorizationResponse) {
		o.Action, o.Prompts = wire.AuthorizationActionNoInteraction, []wire.Prompt{wire.PromptNone}
	}))
	id := w.start()
	if _, doc := w.application("GET", id, ""); doc["prompt"].([]any)[0] != "none" {
		t.Errorf("%v", doc)
	}
	wantBack(t, w.get(w.answered(id, "reject", `{"error":"login_required","error_description":"nobody is here"}`)))
	if in := asked[wire.AuthorizationFailRequest](t, w.engine, opFail); in.Reason != wire.FailReasonNotLoggedIn || in.Description != "nobody is here" {
		t.Errorf("fail was asked %+v", in)
	}
}

// TestHandoffJudges: an answer that does not fit the request is refused,
// while the application can still mend it.
func TestHandoffJudges(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0).Unix()
	for name, tc := range map[string]struct {
		change func(*wire.AuthorizationResponse)
		body   string
		status int
	}{
		"least":             {nil, `{"subject":"u"}`, 200},
		"no subject":        {nil, `{"acr":"gold"}`, 400},
		"other subject":     {func(o *wire.AuthorizationResponse) { o.Subject = "v" }, `{"subject":"u"}`, 400},
		"the subject":       {func(o *wire.AuthorizationResponse) { o.Subject = "u" }, `{"subject":"u"}`, 200},
		"in the future":     {nil, `{"subject":"u","auth_time":1800000006}`, 400},
		"too old":           {func(o *wire.AuthorizationResponse) { o.MaxAge = 100 }, `{"subject":"u","auth_time":1799999894}`, 400},
		"old enough":        {func(o *wire.AuthorizationResponse) { o.MaxAge = 100 }, `{"subject":"u","auth_time":1799999900}`, 200},
		"no new login":      {func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptLogin} }, `{"subject":"u","auth_time":1799999900}`, 400},
		"a new login":       {func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptLogin} }, `{"subject":"u","auth_time":1800000000}`, 200},
		"a chooser":         {func(o *wire.AuthorizationResponse) { o.Prompts = []wire.Prompt{wire.PromptSelectAccount} }, `{"subject":"u","auth_time":1799990000}`, 200},
		"a long subject":    {nil, `{"subject":"` + strings.Repeat("u", 101) + `"}`, 400},
		"subject not ASCII": {nil, `{"subject":"ü"}`, 400},
		"negative time":     {nil, `{"subject":"u","auth_time":-1}`, 400},
		"claims with tags":  {func(o *wire.AuthorizationResponse) { o.ClaimsAtUserInfo = []string{"x"} }, `{"subject":"u","claims":{"x":"` + strings.Repeat("<", 30000) + `"}}`, 200},
		"acr missed":        {func(o *wire.AuthorizationResponse) { o.ACRs, o.ACREssential = []string{"gold"}, true }, `{"subject":"u","acr":"silver"}`, 400},
		"acr a wish":        {func(o *wire.AuthorizationResponse) { o.ACRs = []string{"gold"} }, `{"subject":"u","acr":"silver"}`, 200},
		"scope not asked":   {nil, `{"subject":"u","scopes":["openid","admin"]}`, 400},
		"no scope":          {nil, `{"subject":"u","scopes":[]}`, 200},
		"unknown member":    {nil, `{"subject":"u","authTime":5}`, 400},
		"no JSON":           {nil, `subject=u`, 400},
		"two documents":     {nil, `{"subject":"u"}{}`, 400},
		"null":              {nil, `null`, 400},
		"too long":          {nil, `{"subject":"` + strings.Repeat("u", maxAnswer) + `"}`, 413},
		"claims are a list": {nil, `{"subject":"u","claims":[]}`, 400},
	} {
		change := tc.change
		if change == nil {
			change = func(*wire.AuthorizationResponse) {}
		}
		w := newHandoff(t, asksFor(change))
		w.clock.at = time.Unix(now, 0)
		id := w.start()
		status, doc := w.application("POST", id+"/accept", tc.body)
		if status != tc.status || (status != 200) != (doc["error"] == "invalid_request") {
			t.Errorf("%s: %d %v", name, status, doc)
		}
	}
	w := newHandoff(t, asksFor())
	id := w.start()
	for _, body := range []string{`{}`, `{"error":"invalid_client"}`, `{"error":"access_denied","more":1}`, `{"error":"access_denied","error_description":"nö"}`, `{"error":"access_denied","error_description":"` + strings.Repeat("x", 501) + `"}`} {
		if status, doc := w.application("POST", id+"/reject", body); status != 400 {
			t.Errorf("reject %s: %d %v", body, status, doc)
		}
	}
}

// TestHandoffLastAnswerCounts: an application may change its mind until the
// browser comes back.
func TestHandoffLastAnswerCounts(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, asksFor())
	id := w.start()
	first := w.answered(id, "accept", `{"subject":"u"}`)
	second := w.answered(id, "reject", `{"error":"access_denied"}`)
	if resp := w.get(first); resp.StatusCode != 403 || w.engine.count(opGrant) != 0 {
		t.Errorf("the first answer: %d", resp.StatusCode)
	}
	wantBack(t, w.get(second))
	if in := asked[wire.AuthorizationFailRequest](t, w.engine, opFail); in.Reason != wire.FailReasonDenied {
		t.Errorf("%+v", in)
	}
}

// TestAttackHandoffSwap: whoever began a request does not get the login of
// somebody who was lured to the application with its link, and the lured one
// does not end up in the other's request.
func TestAttackHandoffSwap(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, asksFor())
	id := w.start() // the attacker's browser
	to := w.answered(id, "accept", `{"subject":"victim"}`)
	attacker := w.jar
	w.jar, _ = cookiejar.New(nil) // the victim's browser follows redirect_to
	if resp := w.get(to); resp.StatusCode != 400 || w.engine.count(opGrant) != 0 {
		t.Errorf("the victim's browser: %d", resp.StatusCode)
	}
	w.jar = attacker // the attacker does not know the answer
	own, _, _ := strings.Cut(to, "?")
	for _, guess := range []string{"?answer=", "?answer=" + strings.Repeat("A", 26), "?answer[]=x"} {
		resp := w.get(own + guess)
		if resp.StatusCode == 303 && strings.HasPrefix(resp.Header.Get("Location"), "https://login.example/") {
			continue // sent to log in
		}
		if resp.StatusCode != 403 {
			t.Errorf("%s: %d %v", guess, resp.StatusCode, resp.Header)
		}
	}
	if w.engine.count(opGrant)+w.engine.count(opFail) != 0 {
		t.Error("the request was answered")
	}
}

// TestHandoffIsAuthenticated: nobody but the application asks or answers.
func TestHandoffIsAuthenticated(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, asksFor())
	id := w.start()
	other := newHandoff(t, asksFor())
	other.front.jar.issuer = "http://other.test"
	for name, header := range map[string]string{
		"nothing": "", "wrong": "Bearer wrong", "empty": "Bearer ", "basic": "Basic " + loginSecret, "longer": "Bearer " + loginSecret + "x",
	} {
		for _, path := range []string{"", "/accept", "/reject"} {
			method := "POST"
			if path == "" {
				method = "GET"
			}
			r := httptest.NewRequest(method, issuer+"/handoff/"+id+path, strings.NewReader(`{"subject":"u"}`))
			r.Header.Set("Content-Type", "application/json")
			if header != "" {
				r.Header.Set("Authorization", header)
			}
			resp := w.do(r)
			if resp.StatusCode != 401 || resp.Header.Get("WWW-Authenticate") != "Bearer" {
				t.Errorf("%s %s: %d", name, path, resp.StatusCode)
			}
		}
	}
	for name, path := range map[string]string{"another front's": other.start(), "made up": "AAAA", "no base64": "%20", "cut": id[:len(id)-1]} {
		if status, doc := w.application("GET", path, ""); status != 404 {
			t.Errorf("%s: %d %v", name, status, doc)
		}
	}
	if w.engine.count(opTicketInfo) != 0 || w.engine.count(opTicketUpdate) != 1 {
		t.Error("the engine was asked")
	}
	// A front with pages has no such door.
	plain := newWorld(t)
	if resp := plain.get(issuer + "/handoff/" + id); resp.StatusCode != 404 {
		t.Errorf("without an application: %d", resp.StatusCode)
	}
}

// TestHandoffTwice: two requests of one browser do not get in each other's
// way.
func TestHandoffTwice(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, wire.AuthorizationResponse{Action: wire.AuthorizationActionInteraction, Ticket: "ticket-1"})
	w.start()
	w.start()
	at, _ := url.Parse(issuer)
	kept := 0
	for _, c := range w.jar.Cookies(at) {
		if strings.Contains(c.Name, interactionCookie) {
			kept++
		}
	}
	if kept != 2 {
		t.Errorf("%d of two requests in one browser are kept", kept)
	}
}

// TestHandoffEngineGone: nothing hangs and nothing is taken for answered.
func TestHandoffEngineGone(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, asksFor())
	id := w.start()
	to := w.answered(id, "accept", `{"subject":"u"}`)
	w.engine.answer(opTicketInfo, 503)
	w.engine.answer(opTicketUpdate, 503)
	for _, call := range [][2]string{{"GET", id}, {"POST", id + "/accept"}, {"POST", id + "/reject"}} {
		if status, doc := w.application(call[0], call[1], `{"subject":"u","error":"access_denied"}`); status != 503 && status != 400 || call[0] == "GET" && doc["error"] != "temporarily_unavailable" {
			t.Errorf("%v: %d %v", call, status, doc)
		}
	}
	if resp := w.get(to); resp.StatusCode != 503 || !strings.Contains(text(t, resp), textBusy) {
		t.Errorf("resume: %d", resp.StatusCode)
	}
	if resp := w.get(issuer + "/authorize?" + request); resp.StatusCode != 503 {
		t.Errorf("authorize: %d", resp.StatusCode)
	}
	// The ticket expired at the engine.
	w.engine.answer(opTicketInfo, wire.AuthorizationTicketInfoResponse{Action: wire.AuthorizationTicketActionNotFound})
	if status, _ := w.application("GET", id, ""); status != 404 {
		t.Errorf("gone: %d", status)
	}
	if resp := w.get(to); resp.StatusCode != 400 || !strings.Contains(text(t, resp), textGone) {
		t.Errorf("gone: %d", resp.StatusCode)
	}
}

// TestHandoffBounds: what is sent to the application, and the cookies of a
// browser, do not grow without end.
func TestHandoffBounds(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, asksFor(func(o *wire.AuthorizationResponse) { o.LoginHint = strings.Repeat("x", maxRequest) }))
	wantBack(t, w.get(issuer+"/authorize?"+request))
	if in := asked[wire.AuthorizationFailRequest](t, w.engine, opFail); in.Reason != wire.FailReasonInvalidScope || w.engine.count(opTicketUpdate) != 0 {
		t.Errorf("%+v", in)
	}
	w = newHandoff(t, asksFor())
	for range 5 * maxInteractions {
		w.start()
	}
	if n := len(w.cookies()); n > maxInteractions+1 {
		t.Errorf("%d cookies", n)
	}
}

// TestHandoffOddClaims: claims that are no JSON are not told, and nothing
// breaks.
func TestHandoffOddClaims(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, asksFor(func(o *wire.AuthorizationResponse) { o.IDTokenClaims, o.UserInfoClaims = "{", `{"name":null}` }))
	_, doc := w.application("GET", w.start(), "")
	if asked := doc["claims_request"].(map[string]any); asked["id_token"] != nil || asked["userinfo"] == nil {
		t.Errorf("%v", asked)
	}
}

// TestHandoffReload: an end-user who comes back without an answer is sent to
// the application again.
func TestHandoffReload(t *testing.T) {
	t.Parallel()
	w := newHandoff(t, asksFor())
	id := w.start()
	own, _, _ := strings.Cut(w.answered(id, "accept", `{"subject":"u"}`), "?")
	resp := w.get(own)
	u, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || resp.StatusCode != 303 || u.Host != "login.example" {
		t.Fatalf("%d %v", resp.StatusCode, resp.Header)
	}
	if status, _ := w.application("GET", u.Query().Get("interaction"), ""); status != 200 {
		t.Errorf("the application gets %d", status)
	}
	if resp := w.post(own, url.Values{"authorized": {"true"}}); resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("a form: %d", resp.StatusCode)
	}
}

func TestLoginApplicationSettings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		login LoginApplication
		ok    bool
	}{
		"https":        {LoginApplication{"https://login.example/", loginSecret}, true},
		"local":        {LoginApplication{"http://localhost:3000/login", loginSecret}, true},
		"http":         {LoginApplication{"http://login.example/", loginSecret}, false},
		"fragment":     {LoginApplication{"https://login.example/#x", loginSecret}, false},
		"no address":   {LoginApplication{"", loginSecret}, false},
		"path":         {LoginApplication{"/login", loginSecret}, false},
		"short secret": {LoginApplication{"https://login.example/", "short"}, false},
	} {
		_, err := New(Options{Issuer: issuer, Key: make([]byte, 32), Login: &tc.login})
		if (err == nil) != tc.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, o := range map[string]Options{
		"nobody logs in": {Issuer: issuer, Key: make([]byte, 32)},
		"two of them":    {Issuer: issuer, Key: make([]byte, 32), Users: testUsers(t), Login: &LoginApplication{"https://login.example/", loginSecret}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
