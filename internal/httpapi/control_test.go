package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
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
