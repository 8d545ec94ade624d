package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/httpapi"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// organizationToken makes an organization token.
func organizationToken(t *testing.T, e *enginetest.Engine, by string, members doc) *enginetest.Answer {
	t.Helper()
	return e.Call("POST", "/api/organizationtoken/create", by, enginetest.With(doc{"organizationId": 42}, members))
}

// list parses a bare array.
func list(t *testing.T, a *enginetest.Answer) []doc {
	t.Helper()
	var out []doc
	if err := json.Unmarshal(a.Body, &out); a.Status != http.StatusOK || err != nil || !strings.HasPrefix(string(a.Body), "[") {
		t.Fatalf("no list: %d %s", a.Status, a.Body)
	}
	return out
}

func status(t *testing.T, what string, a *enginetest.Answer, want int) {
	t.Helper()
	if a.Status != want {
		t.Errorf("%s: %d instead of %d: %s", what, a.Status, want, a.Body)
	}
}

// TestControlPlaneServices: what a control plane calls to make and remove
// services. Its tools write the strings of the specifications.
func TestControlPlaneServices(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	made := e.Call("POST", "/api/service", enginetest.RootToken, doc{
		"apiServerId": 53285, "organizationId": 42, "service": doc{
			"serviceName": "by tool", "issuer": "https://as.example",
			"supportedGrantTypes":       []string{"authorization_code", "REFRESH_TOKEN", "urn:ietf:params:oauth:grant-type:token-exchange"},
			"supportedResponseTypes":    []string{"code", "code id_token"},
			"supportedTokenAuthMethods": []string{"client_secret_basic"},
			"fapiModes":                 []string{"fapi2_security"},
			"accessTokenSignAlg":        "es256",
		},
	})
	status(t, "create", made, http.StatusOK)
	for member, want := range map[string]string{
		"supportedGrantTypes":       `["AUTHORIZATION_CODE","REFRESH_TOKEN","TOKEN_EXCHANGE"]`,
		"supportedResponseTypes":    `["CODE","CODE_ID_TOKEN"]`,
		"supportedTokenAuthMethods": `["CLIENT_SECRET_BASIC"]`,
		"fapiModes":                 `["FAPI2_SECURITY"]`,
		"accessTokenSignAlg":        "ES256", "serviceName": "by tool",
	} {
		if got := made.Text(member); got != want {
			t.Errorf("%s is %s, want %s", member, got, want)
		}
	}
	id := made.Doc["apiKey"]
	bare := e.Call("POST", "/api/service", enginetest.RootToken, doc{"apiServerId": 1, "organizationId": 1})
	status(t, "create without a document", bare, http.StatusOK)
	wrong := e.Call("POST", "/api/service", enginetest.RootToken, doc{"service": doc{"fapiModes": []string{"fapi3"}}})
	status(t, "an unknown name", wrong, http.StatusBadRequest)

	bound := e.Call("POST", "/api/servicetoken/create", enginetest.RootToken, doc{
		"serviceId": bare.Doc["apiKey"], "permissions": []string{"DELETE_SERVICE", "CREATE_SERVICE"},
	}).Text("accessToken")
	status(t, "create by a token of one service", e.Call("POST", "/api/service", bound, doc{}), http.StatusForbidden)
	remove := func(token string, id any) *enginetest.Answer {
		return e.Call("POST", "/api/service/remove", token, doc{"apiServerId": 1, "organizationId": 1, "serviceId": id})
	}
	status(t, "remove by the token of another", remove(bound, id), http.StatusForbidden)
	status(t, "remove nothing", remove(enginetest.RootToken, nil), http.StatusBadRequest)
	status(t, "remove", remove(enginetest.RootToken, id), http.StatusOK)
	status(t, "remove again", remove(enginetest.RootToken, id), http.StatusNotFound)
	status(t, "remove one's own", remove(bound, bare.Doc["apiKey"]), http.StatusOK)
	status(t, "its token", remove(bound, bare.Doc["apiKey"]), http.StatusUnauthorized)
}

// TestServiceNumbers: who may do everything chooses the number of a service,
// within what the JSON of all callers can hold; others are given one.
func TestServiceNumbers(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	create := func(by string, number int64) *enginetest.Answer {
		return e.Call("POST", "/api/service/create", by, enginetest.With(enginetest.QuickService(), doc{"apiKey": number}))
	}
	for _, number := range []int64{7, 1<<53 - 1} {
		if r := create(enginetest.RootToken, number); r.Text("apiKey") != fmt.Sprint(number) {
			t.Errorf("%d was chosen: %d %s", number, r.Status, r.Body)
		}
	}
	for _, number := range []int64{7, -1, 1 << 53} {
		status(t, fmt.Sprint("the number ", number), create(enginetest.RootToken, number), http.StatusBadRequest)
	}
	maker := organizationToken(t, e, enginetest.RootToken, doc{"permissions": []string{"CREATE_SERVICE"}}).Text("accessToken")
	if r := create(maker, 8); r.Status != http.StatusOK || r.Text("apiKey") == "8" {
		t.Errorf("who may not choose: %d %s", r.Status, r.Body)
	}
}

// TestTimes: documents tell when they were made and when they were changed.
func TestTimes(t *testing.T) {
	t.Parallel()
	e := enginetest.Frozen(t, time.UnixMilli(1700000000000))
	s := e.NewService(enginetest.QuickService())
	c := s.NewClient(enginetest.BaseClient())
	told := func(what string, d doc, created, modified int64) {
		t.Helper()
		if got := enginetest.Text(d, "createdAt") + " " + enginetest.Text(d, "modifiedAt"); got != fmt.Sprint(created, modified) {
			t.Errorf("%s: made and changed at %s, want %d %d", what, got, created, modified)
		}
	}
	at := e.Now().UnixMilli()
	told("a service", s.Doc, at, at)
	told("a client", c.Doc, at, at)
	for i, change := range []struct {
		path string
		body doc
	}{
		{"service/update", enginetest.QuickService()}, {"client/update/" + c.ID, enginetest.BaseClient()},
		{"client/lock_flag/update/" + c.ID, doc{"clientLocked": true}}, {"client/secret/update/" + c.ID, doc{"clientSecret": "chosen"}},
	} {
		e.Advance(time.Minute)
		status(t, change.path, s.Do(change.path, change.body), http.StatusOK)
		path := s.Path("client/get/" + c.ID)
		if i == 0 {
			path = s.Path("service/get")
		}
		told(change.path, e.Call("GET", path, enginetest.RootToken, nil).Doc, at, e.Now().UnixMilli())
	}
	if made := apiToken(t, s, enginetest.RootToken, nil); made.Text("createdAt") != fmt.Sprint(e.Now().UnixMilli()) {
		t.Errorf("an API token: %s", made.Body)
	}
}

// TestOwnClock: an engine that is given no clock goes by the time of day.
func TestOwnClock(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	own, err := httpapi.New(t.Context(), httpapi.Options{Store: e.Store, MasterKey: enginetest.MasterKey, RootToken: enginetest.RootToken, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	e.Handler = own
	s := e.NewService(enginetest.QuickService())
	for range 2 {
		for last := time.Now().UnixMilli(); time.Now().UnixMilli() == last; { //nolint:revive // until the next one
		}
		before := time.Now().UnixMilli()
		s.Update(enginetest.QuickService())
		modified, err := s.Call("GET", s.Path("service/get"), enginetest.RootToken, nil).Doc["modifiedAt"].(json.Number).Int64()
		if after := time.Now().UnixMilli(); err != nil || modified < before || modified > after {
			t.Errorf("changed at %d, between %d and %d", modified, before, after)
		}
	}
}

// TestWeakRights: who may only find services and clients is shown their names,
// in lists too.
func TestWeakRights(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.With(enginetest.QuickService(), doc{"serviceName": "the service"}))
	c := s.NewClient(enginetest.With(enginetest.BaseClient(), doc{"clientName": "the client"}))
	weak := organizationToken(t, e, enginetest.RootToken, doc{"permissions": []string{"USE_INTROSPECTION", "VIEW_DEFAULT_SERVICE"}}).Text("accessToken")
	for path, name := range map[string]string{
		s.Path("service/get"): "the service", "/api/service/get/list": "the service", s.Path("client/get/" + c.ID): "the client",
	} {
		few, all := e.Call("GET", path, weak, nil), e.Call("GET", path, enginetest.RootToken, nil)
		if text := string(few.Body); few.Status != http.StatusOK || !strings.Contains(text, name) || strings.Contains(text, "ecret") || strings.Contains(text, "https:") {
			t.Errorf("%s with weak rights: %d %s", path, few.Status, text)
		}
		if text := string(all.Body); all.Status != http.StatusOK || !strings.Contains(text, name) || !strings.Contains(text, "ecret") {
			t.Errorf("%s: %d %s", path, all.Status, text)
		}
	}
	status(t, "a list of clients", e.Call("GET", s.Path("client/get/list"), weak, nil), http.StatusForbidden)
	for _, path := range []string{"/api/service/get/list", s.Path("client/get/list")} {
		for page, end := range map[string]string{"": "5", "?start=3&end=2000": "1003", "?start=7&end=3": "7"} {
			if r := e.Call("GET", path+page, enginetest.RootToken, nil); r.Status != http.StatusOK || r.Text("end") != end {
				t.Errorf("%s%s: %d %s", path, page, r.Status, r.Body)
			}
		}
		for _, page := range []string{"?start=x", "?end=-1"} {
			status(t, path+page, e.Call("GET", path+page, enginetest.RootToken, nil), http.StatusBadRequest)
		}
	}
}

// slow is a store that lets others write between two steps of a call.
type slow struct {
	store.Store
	then func()
}

func (s *slow) others() {
	if then := s.then; then != nil {
		s.then = nil
		then()
	}
}

func (s *slow) APIToken(ctx context.Context, id string) (*store.APITokenRow, error) {
	defer s.others()
	return s.Store.APIToken(ctx, id)
}

func (s *slow) Client(ctx context.Context, service, id int64) (*store.ClientRow, error) {
	defer s.others()
	return s.Store.Client(ctx, service, id)
}

func (s *slow) Ticket(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Ticket, error) {
	defer s.others()
	return s.Store.Ticket(ctx, service, key, now)
}

func (s *slow) Code(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Code, *grant.Grant, error) {
	defer s.others()
	return s.Store.Code(ctx, service, key, now)
}

func (s *slow) Token(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Token, *grant.Grant, error) {
	defer s.others()
	return s.Store.Token(ctx, service, key, now)
}

// TestUsedMeanwhile: of two calls that use a ticket, a code or a refresh token
// at the same time one succeeds, and what must be revoked is.
func TestUsedMeanwhile(t *testing.T) {
	t.Parallel()
	between := &slow{Store: enginetest.Start(t).Store}
	s := enginetest.On(t, between).NewService(enginetest.QuickService())
	c := s.NewClient(enginetest.BaseClient())
	issue := func(ticket string) *enginetest.Answer {
		return s.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001"})
	}
	fail := func(ticket string) *enginetest.Answer {
		return s.Do("auth/authorization/fail", doc{"ticket": ticket, "reason": "DENIED"})
	}
	update := func(ticket string) *enginetest.Answer {
		return s.Do("auth/authorization/ticket/update", doc{"ticket": ticket, "info": doc{"context": "x"}})
	}
	redeem := func(code string) *enginetest.Answer { return c.Redeem(code, nil) }
	refresh := func(token string) *enginetest.Answer {
		return c.Token(enginetest.Form("grant_type", "refresh_token", "refresh_token", token), nil)
	}
	ticket := func() string { return c.Ticket() }
	for _, x := range []struct {
		name         string
		thing        func() string
		late, early  func(string) *enginetest.Answer
		lost, gained string
	}{
		{"issue and issue", ticket, issue, issue, "BAD_REQUEST", "LOCATION"},
		{"issue and fail", ticket, issue, fail, "BAD_REQUEST", "LOCATION"},
		{"fail and issue", ticket, fail, issue, "BAD_REQUEST", "LOCATION"},
		{"update and issue", ticket, update, issue, "NOT_FOUND", "LOCATION"},
		{"code", func() string { return c.Code() }, redeem, redeem, "BAD_REQUEST", "OK"},
		{"refresh token", func() string { return c.Tokens().Text("refreshToken") }, refresh, refresh, "BAD_REQUEST", "OK"},
	} {
		thing := x.thing()
		var won *enginetest.Answer
		between.then = func() { won = x.early(thing) }
		if lost := x.late(thing); lost.Text("action") != x.lost || won.Text("action") != x.gained {
			t.Errorf("%s: %s and %s", x.name, lost.Body, won.Body)
		}
		if token := won.Text("accessToken"); token != "" && s.Active(token) {
			t.Errorf("%s: what the first call yielded is not revoked", x.name)
		}
	}
}

// TestChangedMeanwhile: what was read before a change is not remembered after
// it.
func TestChangedMeanwhile(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.QuickService())
	c := s.NewClient(enginetest.BaseClient())
	between := &slow{Store: e.Store}
	near := enginetest.On(t, between)
	name := func() string {
		return near.Call("GET", s.Path("client/get/"+c.ID), enginetest.RootToken, nil).Text("clientName")
	}
	between.then = func() {
		changed := enginetest.With(enginetest.BaseClient(), doc{"clientName": "new"})
		status(t, "client/update", near.Call("POST", s.Path("client/update/"+c.ID), enginetest.RootToken, changed), http.StatusOK)
	}
	name()
	if got := name(); got != "new" {
		t.Errorf("after the change the name is %q", got)
	}
}

// TestDeletedMeanwhile: what another node deletes while a call is under way, or
// before this one has heard of it, is not there.
func TestDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	far := enginetest.Start(t)
	between := &slow{Store: far.Store}
	s := far.NewService(enginetest.QuickService())
	for _, verb := range []string{"update", "rotate", "revoke"} {
		near := enginetest.On(t, between)
		id := apiToken(t, s, enginetest.RootToken, nil).Text("tokenId")
		between.then = func() {
			status(t, "revoke", far.Call("POST", "/api/servicetoken/revoke", enginetest.RootToken, doc{"serviceId": s.ID, "tokenId": id}), http.StatusOK)
		}
		status(t, verb+" a revoked token", near.Call("POST", "/api/servicetoken/"+verb, enginetest.RootToken, doc{"serviceId": s.ID, "tokenId": id}), http.StatusNotFound)
	}
	near := enginetest.On(t, far.Store)
	for _, call := range []struct {
		method, path string
		body         any
	}{
		{"POST", "client/update/", enginetest.BaseClient()}, {"POST", "client/lock_flag/update/", doc{"clientLocked": true}},
		{"POST", "client/lock_flag/update/", doc{"clientLocked": false}}, {"GET", "client/secret/refresh/", nil}, {"POST", "client/secret/update/", doc{"clientSecret": "chosen"}},
		{"DELETE", "client/delete/", nil},
	} {
		c := s.NewClient(enginetest.BaseClient())
		status(t, "client/get", near.Call("GET", s.Path("client/get/"+c.ID), enginetest.RootToken, nil), http.StatusOK)
		status(t, "client/delete", far.Call("DELETE", s.Path("client/delete/"+c.ID), enginetest.RootToken, nil), http.StatusNoContent)
		status(t, call.path+" of a deleted client", near.Call(call.method, s.Path(call.path+c.ID), enginetest.RootToken, call.body), http.StatusNotFound)
	}
	status(t, "service/delete", far.Call("DELETE", s.Path("service/delete"), enginetest.RootToken, nil), http.StatusNoContent)
	status(t, "update a deleted service", near.Call("POST", s.Path("service/update"), enginetest.RootToken, enginetest.QuickService()), http.StatusNotFound)
	gone := far.NewService(enginetest.QuickService())
	late := enginetest.On(t, far.Store)
	status(t, "service/delete", far.Call("DELETE", gone.Path("service/delete"), enginetest.RootToken, nil), http.StatusNoContent)
	status(t, "delete a deleted service", late.Call("DELETE", gone.Path("service/delete"), enginetest.RootToken, nil), http.StatusNotFound)
}

// TestClientSecret: a secret is made or set; the old one stops working at
// once. Calls at the same time make a chain: what one replaced, another made.
func TestClientSecret(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.With(enginetest.BaseService(), doc{"clientIdAliasEnabled": true}))
	c := s.NewClient(enginetest.With(enginetest.BaseClient(), doc{"clientIdAlias": "web", "clientIdAliasEnabled": true}))
	works := func(secret string) bool {
		return s.Do("auth/token", doc{"parameters": "grant_type=client_credentials", "clientId": c.ID, "clientSecret": secret}).Text("action") == "OK"
	}
	r := s.Call("GET", s.Path("client/secret/refresh/web"), enginetest.RootToken, nil)
	status(t, "refresh", r, http.StatusOK)
	if r.Text("oldClientSecret") != c.Secret || works(c.Secret) || !works(r.Text("newClientSecret")) {
		t.Errorf("refresh: %s", r.Body)
	}
	update := func(secret string) *enginetest.Answer {
		return s.Do("client/secret/update/"+c.ID, doc{"clientSecret": secret})
	}
	chosen := strings.Repeat("aZ09-_", 14) + "zz"
	u := update(chosen)
	status(t, "update", u, http.StatusOK)
	if u.Text("newClientSecret") != chosen || u.Text("oldClientSecret") != r.Text("newClientSecret") || !works(chosen) || works(r.Text("newClientSecret")) {
		t.Errorf("update: %s", u.Body)
	}
	for _, bad := range []string{"", chosen + "x", "with space", "ä", "a/b", "a\n"} {
		status(t, "a secret "+bad, update(bad), http.StatusBadRequest)
	}
	if r := update(""); r.Text("resultCode") != "A901201" {
		t.Errorf("no secret: %s", r.Body)
	}
	if !works(chosen) {
		t.Error("a refused secret was taken")
	}
	form := httptest.NewRequest("POST", s.Path("client/secret/update/"+c.ID), strings.NewReader("clientSecret=by-form"))
	form.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status(t, "update by a form", e.Raw(form), http.StatusOK)

	const calls = 16
	var mu sync.Mutex
	var olds, news []string
	var wg sync.WaitGroup
	for range calls {
		wg.Go(func() {
			r := s.Call("GET", s.Path("client/secret/refresh/"+c.ID), enginetest.RootToken, nil)
			mu.Lock()
			defer mu.Unlock()
			olds, news = append(olds, r.Text("oldClientSecret")), append(news, r.Text("newClientSecret"))
		})
	}
	wg.Wait()
	last := slices.DeleteFunc(slices.Clone(news), func(n string) bool { return slices.Contains(olds, n) })
	slices.Sort(olds)
	if len(last) != 1 || len(slices.Compact(olds)) != calls || !slices.Contains(olds, "by-form") || !works(last[0]) {
		t.Errorf("parallel refreshes: olds %v, news %v", olds, news)
	}
	for _, id := range []string{"1", "nobody"} {
		status(t, "no client", s.Call("GET", s.Path("client/secret/refresh/"+id), enginetest.RootToken, nil), http.StatusNotFound)
	}
}

// TestLockFlag: a locked client cannot authenticate and its tokens are
// refused; unlocked, both work again.
func TestLockFlag(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.BaseService())
	c := s.NewClient(enginetest.BaseClient())
	token := c.Tokens().Text("accessToken")
	for _, locked := range []bool{true, true, false} {
		r := s.Do("client/lock_flag/update/"+c.ID, doc{"clientLocked": locked})
		status(t, "lock flag", r, http.StatusOK)
		if r.Text("resultCode") == "" || s.Active(token) == locked {
			t.Errorf("locked %v: %s", locked, r.Body)
		}
		got := s.Call("GET", s.Path("client/get/"+c.ID), enginetest.RootToken, nil)
		if (got.Doc["locked"] == true) != locked || got.Text("clientSecret") != c.Secret {
			t.Errorf("locked %v: %s", locked, got.Body)
		}
		if asked := c.Authorize(); (asked.Text("action") == "INTERACTION") == locked {
			t.Errorf("locked %v: %s", locked, asked.Body)
		}
		grant := s.Do("auth/token", doc{"parameters": "grant_type=client_credentials", "clientId": c.ID, "clientSecret": c.Secret})
		if (grant.Text("action") == "OK") == locked {
			t.Errorf("locked %v: %s", locked, grant.Body)
		}
	}
	status(t, "no client", s.Do("client/lock_flag/update/1", doc{"clientLocked": true}), http.StatusNotFound)

	// What does not say whether it locks or unlocks does neither.
	path := s.Path("client/lock_flag/update/" + c.ID)
	status(t, "lock", e.Call("POST", path, enginetest.RootToken, doc{"clientLocked": true}), http.StatusOK)
	for _, members := range []doc{{}, {"locked": false}, {"clientLocked": nil}} {
		status(t, fmt.Sprint(members), e.Call("POST", path, enginetest.RootToken, members), http.StatusBadRequest)
	}
	form := func(text string) *enginetest.Answer {
		r := httptest.NewRequest("POST", path, strings.NewReader(text))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
		return e.Raw(r)
	}
	for _, text := range []string{"", "clientLocked=", "clientlocked=false", "clientLocked=2"} {
		status(t, "form "+text, form(text), http.StatusBadRequest)
	}
	if s.Active(token) {
		t.Error("the client is unlocked")
	}
	status(t, "form", form("clientLocked=false"), http.StatusOK)
	if !s.Active(token) {
		t.Error("the client is locked")
	}
}

// TestUtilities: what answers without credentials.
func TestUtilities(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	open := func(method, path, form string) *enginetest.Answer {
		r := httptest.NewRequest(method, path, strings.NewReader(form))
		if form != "" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		return e.Raw(r)
	}
	info := open("GET", "/api/info", "")
	if info.Status != http.StatusOK || info.Text("version") != "test" ||
		info.Text("features") != `["PUSHED_AUTHORIZATION_REQUESTS","INTROSPECTION","REVOCATION","USERINFO","DYNAMIC_CLIENT_REGISTRATION"]` {
		t.Errorf("info: %d %s", info.Status, info.Body)
	}
	for _, path := range []string{"/api/misc/echo", "/misc/echo", "/prefix/misc/echo", "/prefix/api/misc/echo/"} {
		r := open("GET", path+"?n=1&b=true&n=2&t=%3Cx%3E&e=", "")
		if r.Status != http.StatusOK || fmt.Sprint(r.Doc) != "map[b:true e: n:1 t:<x>]" || r.Header.Get("Content-Type") != "application/json;charset=UTF-8" {
			t.Errorf("%s: %d %s", path, r.Status, r.Body)
		}
	}
	for _, r := range []*enginetest.Answer{
		open("GET", "/api/mock/redirection?code=c%3Cscript%3E&state=%22s", ""),
		open("GET", "/api/mock/redirection/7?code=c%3Cscript%3E&state=%22s", ""),
		open("POST", "/api/mock/redirection", "code=c%3Cscript%3E&state=%22s"),
	} {
		body := string(r.Body)
		if r.Status != http.StatusOK || !strings.Contains(body, "c&lt;script&gt;") || !strings.Contains(body, "&#34;s") || strings.Contains(body, "<script>") ||
			!strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.HasPrefix(r.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("mock/redirection: %d %v %s", r.Status, r.Header, body)
		}
	}
}

// away is a store whose database cannot be reached.
type away struct{ store.Store }

func (away) Ping(context.Context) error { return &store.Unavailable{Err: io.ErrUnexpectedEOF} }

// TestHealth: the engine is ready where its database is.
func TestHealth(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	status(t, "ready", e.Call("GET", "/api/lifecycle/healthcheck", "", nil), http.StatusOK)
	status(t, "without a database", enginetest.On(t, away{e.Store}).Call("GET", "/api/lifecycle/healthcheck", "", nil), http.StatusServiceUnavailable)
}

// TestNoRoot: an engine without a root credential is none.
func TestNoRoot(t *testing.T) {
	t.Parallel()
	o := httpapi.Options{Store: enginetest.Start(t).Store, MasterKey: enginetest.MasterKey}
	if _, err := httpapi.New(t.Context(), o); err == nil {
		t.Error("an engine without a root credential opens")
	}
	o.RootHash[0] = 1
	if _, err := httpapi.New(t.Context(), o); err != nil {
		t.Error(err)
	}
}

// TestConfigurationByPost: the discovery document with a patch in the body.
func TestConfigurationByPost(t *testing.T) {
	t.Parallel()
	s := enginetest.Start(t).NewService(enginetest.BaseService())
	plain := s.Call("GET", s.Path("service/configuration"), enginetest.RootToken, nil)
	same := s.Do("service/configuration", doc{"pretty": false, "patch": nil})
	if same.Status != http.StatusOK || string(same.Body) != string(plain.Body) {
		t.Errorf("without a patch: %d %s", same.Status, same.Body)
	}
	r := s.Do("service/configuration", doc{"pretty": true, "patch": `[{"op":"replace","path":"/issuer","value":"https://other.example"},{"op":"add","path":"/x","value":[1]}]`})
	if r.Text("issuer") != "https://other.example" || r.Text("x") != "[1]" || !strings.Contains(string(r.Body), "\n  \"x\": [") {
		t.Errorf("with a patch: %d %s", r.Status, r.Body)
	}
	for _, bad := range []string{"{}", "[", `[{"op":"remove","path":"/none"}]`, `[{"op":"what","path":"/issuer"}]`} {
		status(t, "patch "+bad, s.Do("service/configuration", doc{"patch": bad}), http.StatusBadRequest)
	}
}

func asJSON(t *testing.T, d doc) string {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestLargeDocuments: whoever creates or replaces a whole document may send
// more than other callers, in both ways to create a service.
func TestLargeDocuments(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.QuickService())
	c := s.NewClient(enginetest.BaseClient())
	more := doc{"ignored": strings.Repeat("x", 2<<20)}
	too := doc{"ignored": strings.Repeat("x", 4<<20)}
	service, client := enginetest.QuickService(), enginetest.BaseClient()
	for _, call := range []struct {
		path string
		body func(doc) any
	}{
		{"/api/service/create", func(m doc) any { return enginetest.With(service, m) }},
		{"/api/service", func(m doc) any { return doc{"organizationId": 1, "service": enginetest.With(service, m)} }},
		{s.Path("service/update"), func(m doc) any { return enginetest.With(service, m) }},
		{s.Path("client/create"), func(m doc) any { return enginetest.With(client, m) }},
		{s.Path("client/update/" + c.ID), func(m doc) any { return enginetest.With(client, m) }},
	} {
		status(t, call.path, e.Call("POST", call.path, enginetest.RootToken, call.body(more)), http.StatusOK)
		status(t, call.path, e.Call("POST", call.path, enginetest.RootToken, call.body(too)), http.StatusRequestEntityTooLarge)
	}
	status(t, "auth/token", s.Do("auth/token", more), http.StatusRequestEntityTooLarge)
}

// TestBusyKeys: who cannot have a key made now is told to come again.
func TestBusyKeys(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 50 { // a caller who has gone gives up its turn, in half of all cases before it has it
		r := httptest.NewRequestWithContext(gone, "POST", "/api/service/create", strings.NewReader("{}"))
		r.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
		a := e.Raw(r)
		if a.Status == http.StatusServiceUnavailable {
			continue
		}
		if a.Status != http.StatusTooManyRequests || a.Text("resultCode") != "A901207" || a.Header.Get("Retry-After") == "" {
			t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
		}
		return
	}
	t.Error("nobody was refused")
}

// TestClientsPerDeveloper: a developer gets as many clients as the service
// says, also by way of an update; clients of no developer are not counted.
func TestClientsPerDeveloper(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.With(enginetest.QuickService(), doc{"clientsPerDeveloper": 1}))
	write := func(path, developer string) *enginetest.Answer {
		return e.Call("POST", s.Path(path), enginetest.RootToken, enginetest.With(enginetest.BaseClient(), doc{"developer": developer}))
	}
	first := write("client/create", "ada")
	status(t, "the first", first, http.StatusOK)
	refused := func(what string, a *enginetest.Answer) {
		t.Helper()
		if a.Status != http.StatusBadRequest || a.Text("resultCode") != "A901210" || !strings.Contains(a.Text("resultMessage"), "clientsPerDeveloper") {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}
	refused("a second one", write("client/create", "ada"))
	status(t, "another developer", write("client/create", "ben"), http.StatusOK)
	status(t, "no developer", write("client/create", ""), http.StatusOK)
	loose := write("client/create", "")
	status(t, "no developer again", loose, http.StatusOK)
	refused("by an update", write("client/update/"+loose.Text("clientId"), "ada"))
	status(t, "an update of the first", write("client/update/"+first.Text("clientId"), "ada"), http.StatusOK)
	status(t, "delete", e.Call("DELETE", s.Path("client/delete/"+first.Text("clientId")), enginetest.RootToken, nil), http.StatusNoContent)
	status(t, "by an update, with room", write("client/update/"+loose.Text("clientId"), "ada"), http.StatusOK)
	s.Update(doc{"clientsPerDeveloper": 3})
	status(t, "a second one, with room", write("client/create", "ada"), http.StatusOK)
	s.Update(doc{"clientsPerDeveloper": 1})
	status(t, "one of two, where one would have room", write("client/update/"+loose.Text("clientId"), "ada"), http.StatusOK)
}

// TestHTTPAliasProhibited: the service decides whether aliases may look like
// addresses.
func TestHTTPAliasProhibited(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	for prohibited, want := range map[bool]int{false: http.StatusOK, true: http.StatusBadRequest} {
		s := e.NewService(enginetest.With(enginetest.QuickService(), doc{"httpAliasProhibited": prohibited}))
		c := s.NewClient(enginetest.BaseClient())
		for _, alias := range []string{"http://a.example", "https://a.example"} {
			named := enginetest.With(enginetest.BaseClient(), doc{"clientIdAlias": alias})
			status(t, "client/update "+alias, e.Call("POST", s.Path("client/update/"+c.ID), enginetest.RootToken, named), want)
			named["clientIdAlias"] = alias + "/2"
			status(t, "client/create "+alias, e.Call("POST", s.Path("client/create"), enginetest.RootToken, named), want)
		}
		s.Update(doc{"httpAliasProhibited": false})
		before := enginetest.With(enginetest.BaseClient(), doc{"clientIdAlias": "https://kept.example"})
		status(t, "before", e.Call("POST", s.Path("client/update/"+c.ID), enginetest.RootToken, before), http.StatusOK)
		s.Update(doc{"httpAliasProhibited": prohibited})
		before["clientName"] = "another"
		status(t, "who has one keeps it", e.Call("POST", s.Path("client/update/"+c.ID), enginetest.RootToken, before), http.StatusOK)
		named := enginetest.With(enginetest.BaseClient(), doc{"clientIdAlias": "httpbin"})
		status(t, "another alias", e.Call("POST", s.Path("client/create"), enginetest.RootToken, named), http.StatusOK)
	}
}
