package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
)

// registering makes a service whose clients register themselves.
func registering(t *testing.T, members doc) *enginetest.Service {
	t.Helper()
	return enginetest.Start(t).NewService(enginetest.With(enginetest.RegisteringService(), members))
}

// clientOf is the test's client behind a registration.
func clientOf(s *enginetest.Service, registered doc) *enginetest.Client {
	d := doc{"clientType": "CONFIDENTIAL"}
	if registered["client_secret"] == nil {
		d["clientType"] = "PUBLIC"
	}
	return &enginetest.Client{Service: s, ID: enginetest.Text(registered, "client_id"), Secret: enginetest.Text(registered, "client_secret"), Doc: d}
}

// again is the body of an update that changes nothing but these members: the
// client's last answer without what must not come back.
func again(registered, members doc) doc {
	d := maps.Clone(registered)
	for _, member := range []string{"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"} {
		delete(d, member)
	}
	return enginetest.With(d, members)
}

// stored reads a client as an administrator.
func stored(s *enginetest.Service, registered doc) *enginetest.Answer {
	return s.Call("GET", s.Path("client/get/"+enginetest.Text(registered, "client_id")), enginetest.RootToken, nil)
}

// TestRegisteredClient: who has registered gets tokens; when the registration
// is deleted, client and tokens are gone.
func TestRegisteredClient(t *testing.T) {
	t.Parallel()
	for method, secret := range map[string]bool{"client_secret_basic": true, "client_secret_post": true, "none": false} {
		s := registering(t, nil)
		r := s.Registered(enginetest.Metadata(doc{"token_endpoint_auth_method": method, "grant_types": []string{"authorization_code", "refresh_token"}}))
		if (r["client_secret"] != nil) != secret || (r["client_secret_expires_at"] != nil) != secret {
			t.Errorf("%s: client_secret %v, client_secret_expires_at %v", method, r["client_secret"], r["client_secret_expires_at"])
		}
		c := clientOf(s, r)
		redeem := func() *enginetest.Answer {
			parameters := enginetest.Form("grant_type", "authorization_code", "code", c.Code(), "redirect_uri", enginetest.Redirect, "code_verifier", enginetest.Verifier)
			if method == "client_secret_post" {
				return c.Do("auth/token", doc{"parameters": parameters + "&" + enginetest.Form("client_id", c.ID, "client_secret", c.Secret)})
			}
			return c.Token(parameters, nil)
		}
		tokens := accepted(t, method, redeem())
		if !s.Active(tokens.Text("accessToken")) {
			t.Errorf("%s: the token is not active", method)
		}
		ticket := c.Ticket()
		if a := s.Manage("delete", r, nil); a.Text("action") != "DELETED" || a.Text("responseContent") != "" {
			t.Errorf("%s: %d %s", method, a.Status, a.Body)
		}
		if s.Active(tokens.Text("accessToken")) {
			t.Errorf("%s: the token outlives its client", method)
		}
		refused(t, "refresh", c.Do("auth/token", doc{"parameters": enginetest.Form("grant_type", "refresh_token", "refresh_token", tokens.Text("refreshToken")), "clientId": c.ID, "clientSecret": c.Secret}), "invalid_client")
		refused(t, "authorize", c.Authorize(), "invalid_request")
		refused(t, "issue", c.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001"}), "invalid_request")
		for _, op := range []string{"get", "update", "delete"} {
			a := s.Manage(op, r, again(r, nil))
			if refused(t, op+" after delete", a, "invalid_token"); a.Text("action") != "UNAUTHORIZED" {
				t.Errorf("%s after delete: %s", op, a.Body)
			}
		}
	}
}

// TestRegistrationAnswer: the answer has all that is registered, defaults
// included.
func TestRegistrationAnswer(t *testing.T) {
	t.Parallel()
	s := registering(t, doc{"registrationManagementEndpoint": "https://as.example/manage", "supportedCustomClientMetadata": []string{"color", "client_id"}})
	asked := doc{
		"redirect_uris": []string{"https://client.example/a?b=c", "https://client.example/d"}, "client_name": "Über", "client_name#ja": "クライアント",
		"logo_uri#de": "https://client.example/logo-de", "contacts": []string{"a@client.example"}, "default_max_age": 60, "require_auth_time": true,
		"software_id": "s", "software_version": "1", "dpop_bound_access_tokens": true, "jwks": doc{"keys": []any{}},
		"color": doc{"r": 1}, "colour": "red", "client_id": "chosen", "client_secret": "chosen", "registration_access_token": "chosen",
		"initiate_login_uri": nil, "tos_uri": "", "response_modes": []string{"query"}, "scope": "openid",
	}
	r := s.Registered(asked)
	id := enginetest.Text(r, "client_id")
	want := doc{
		"client_id": id, "client_secret": r["client_secret"], "client_secret_expires_at": 0, "client_id_issued_at": r["client_id_issued_at"],
		"registration_access_token": r["registration_access_token"], "registration_client_uri": "https://as.example/manage/" + id,
		"redirect_uris": asked["redirect_uris"], "client_name": "Über", "client_name#ja": "クライアント", "logo_uri#de": "https://client.example/logo-de",
		"contacts": asked["contacts"], "default_max_age": 60, "require_auth_time": true, "software_id": "s", "software_version": "1",
		"dpop_bound_access_tokens": true, "jwks": asked["jwks"], "color": asked["color"], "response_modes": []string{"query"},
		"grant_types": []string{"authorization_code"}, "response_types": []string{"code"}, "application_type": "web", "subject_type": "public",
		"token_endpoint_auth_method": "client_secret_basic", "id_token_signed_response_alg": "RS256",
	}
	same(t, "the answer", r, want)
	if r["client_secret"] == "chosen" || r["registration_access_token"] == "chosen" || id == "chosen" {
		t.Errorf("the client chose its credentials: %v", r)
	}
	d := stored(s, r)
	if d.Text("clientSource") != "DYNAMIC_REGISTRATION" || d.Text("dynamicallyRegistered") != "true" || strings.Contains(string(d.Body), enginetest.Text(r, "registration_access_token")) {
		t.Errorf("stored: %s", d.Body)
	}
	same(t, "what is read", s.Manage("get", r, nil).Content(t), r)
	// The client's own answer is a valid update, and changes nothing.
	own := s.Registered(doc{"grant_types": []string{"refresh_token"}, "response_types": []string{}})
	if got := enginetest.Text(own, "response_types"); got != "[]" {
		t.Errorf("response types of a client that never redirects: %s", got)
	}
	same(t, "the update of a client that never redirects", s.Manage("update", own, again(own, nil)).Content(t), own)
	a := s.Manage("update", r, again(r, nil))
	if a.Text("action") != "UPDATED" {
		t.Fatalf("its own answer: %s", a.Body)
	}
	same(t, "the update", a.Content(t), r)
}

// same compares JSON documents.
func same(t *testing.T, what string, got, want doc) {
	t.Helper()
	g, err := json.Marshal(got)
	w, err2 := json.Marshal(want)
	if err != nil || err2 != nil || string(g) != string(w) {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// TestRegistrationReplaces: what an update leaves out is gone, what only an
// administrator can set stays, and the token stays.
func TestRegistrationReplaces(t *testing.T) {
	t.Parallel()
	s := registering(t, nil)
	r := s.Registered(enginetest.Metadata(doc{
		"client_name": "old", "client_name#ja": "古い", "token_endpoint_auth_method": "none", "require_pushed_authorization_requests": true,
		"contacts": []string{"a@client.example"}, "jwks": doc{"keys": []any{}},
	}))
	admin := enginetest.With(stored(s, r).Doc, doc{
		"developer": "dev", "description": "d", "attributes": []doc{{"key": "k", "value": "v"}}, "extension": doc{"accessTokenDuration": 60},
		"pkceRequired": true, "fapiModes": []string{"FAPI1_ADVANCED"}, "registrationAccessTokenHash": "chosen", "dynamicallyRegistered": nil,
	})
	if a := s.Do("client/update/"+enginetest.Text(r, "client_id"), admin); a.Status != 200 {
		t.Fatalf("client/update: %s", a.Body)
	}
	a := s.Manage("update", r, doc{"client_id": r["client_id"], "redirect_uris": []string{"https://client.example/new"}})
	if a.Text("action") != "UPDATED" {
		t.Fatalf("update: %s", a.Body)
	}
	u := a.Content(t)
	for _, member := range []string{"client_name", "client_name#ja", "require_pushed_authorization_requests", "contacts", "jwks"} {
		if u[member] != nil {
			t.Errorf("%s stayed: %v", member, u[member])
		}
	}
	if u["token_endpoint_auth_method"] != "client_secret_basic" || u["client_secret"] == nil || u["registration_access_token"] != r["registration_access_token"] ||
		fmt.Sprint(u["client_id_issued_at"]) != fmt.Sprint(r["client_id_issued_at"]) {
		t.Errorf("the answer: %v", u)
	}
	d := stored(s, r).Doc
	for _, member := range []string{"developer", "description", "attributes", "extension", "pkceRequired", "fapiModes", "createdAt", "clientSecret"} {
		if enginetest.Text(d, member) != enginetest.Text(admin, member) {
			t.Errorf("%s is %v, the administrator wrote %v", member, d[member], admin[member])
		}
	}
	if a := s.Manage("get", r, nil); a.Text("action") != "OK" {
		t.Errorf("the token is gone: %s", a.Body)
	}
}

// TestRegistrationToken: only the token of the client itself opens its
// registration, and nobody learns which clients there are.
func TestRegistrationToken(t *testing.T) {
	t.Parallel()
	s := registering(t, nil)
	r, other := s.Registered(enginetest.Metadata(nil)), s.Registered(enginetest.Metadata(nil))
	static := s.NewClient(enginetest.With(enginetest.BaseClient(), doc{"registrationAccessTokenHash": enginetest.Hash("known")}))
	foreign := s.NewService(enginetest.RegisteringService())
	id, token := r["client_id"], enginetest.Text(r, "registration_access_token")
	var first string
	for what, call := range map[string]doc{
		"no token":              {"clientId": id},
		"an empty token":        {"clientId": id, "token": ""},
		"another client's":      {"clientId": id, "token": other["registration_access_token"]},
		"the client secret":     {"clientId": id, "token": r["client_secret"]},
		"the stored hash":       {"clientId": id, "token": enginetest.Hash(token)},
		"a token too many":      {"clientId": id, "token": token + "x"},
		"no such client":        {"clientId": "4711", "token": token},
		"no number":             {"clientId": "x\x00", "token": token},
		"a static client":       {"clientId": static.ID, "token": "known"},
		"a static client, none": {"clientId": static.ID},
	} {
		for _, op := range []string{"get", "update", "delete"} {
			body := enginetest.With(call, doc{"json": fmt.Sprintf(`{"client_id":"%v","redirect_uris":["https://evil.example/"]}`, call["clientId"])})
			a := s.Do("client/registration/"+op, body)
			refused(t, what+": "+op, a, "invalid_token")
			if a.Text("action") != "UNAUTHORIZED" || a.Doc["client"] != nil {
				t.Errorf("%s: %s: %s", what, op, a.Body)
			}
			if first == "" {
				first = a.Text("responseContent")
			}
			if a.Text("responseContent") != first {
				t.Errorf("%s: %s tells more than others: %s", what, op, a.Text("responseContent"))
			}
		}
	}
	refused(t, "another service", foreign.Manage("get", r, nil), "invalid_token")
	if a := s.Manage("get", r, nil); a.Text("action") != "OK" || strings.Contains(string(a.Body), "evil") {
		t.Errorf("the registration: %s", a.Body)
	}
	if a := static.Do("client/update/"+static.ID, enginetest.With(static.Doc, doc{"registrationAccessTokenHash": enginetest.Hash("known")})); a.Doc["registrationAccessTokenHash"] != nil {
		t.Errorf("an administrator chose a token: %s", a.Body)
	}
}

// TestUnauthorizedOnClientConfig: a service that does not know the action
// UNAUTHORIZED never gets it.
func TestUnauthorizedOnClientConfig(t *testing.T) {
	t.Parallel()
	s := registering(t, doc{"unauthorizedOnClientConfigSupported": nil})
	a := s.Do("client/registration/get", doc{"clientId": "4711", "token": "x"})
	if refused(t, "get", a, "invalid_token"); a.Text("action") != "BAD_REQUEST" {
		t.Errorf("%s", a.Body)
	}
}

// TestRegistrationSwitches: what the service decides.
func TestRegistrationSwitches(t *testing.T) {
	t.Parallel()
	closed := registering(t, nil)
	r := closed.Registered(enginetest.Metadata(nil))
	if got := published(closed)["registration_endpoint"]; got != "https://as.example/register" {
		t.Errorf("discovery has the registration_endpoint %v", got)
	}
	closed.Update(enginetest.With(closed.Doc, doc{"dynamicRegistrationSupported": nil}))
	refused(t, "register", closed.Register(enginetest.Metadata(nil)), "access_denied")
	for _, op := range []string{"get", "update", "delete"} {
		refused(t, op, closed.Manage(op, r, again(r, nil)), "access_denied")
	}
	if got := published(closed)["registration_endpoint"]; got != nil {
		t.Errorf("discovery has the registration_endpoint %v", got)
	}

	lost := registering(t, doc{"registrationEndpoint": nil})
	nowhere := lost.Registered(enginetest.Metadata(nil))
	if nowhere["registration_access_token"] != nil || nowhere["registration_client_uri"] != nil || stored(lost, nowhere).Doc["registrationAccessTokenHash"] != nil {
		t.Errorf("a token without an address: %v", nowhere)
	}

	fapi := registering(t, fapi2())
	if r := fapi.Registered(enginetest.Metadata(nil)); r["id_token_signed_response_alg"] == "RS256" {
		t.Errorf("a default that the service's profile forbids: %v", r)
	}
	accepted(t, "what the profile will refuse later", fapi.Register(enginetest.Metadata(doc{"id_token_signed_response_alg": "RS256"})))
}

func published(s *enginetest.Service) doc {
	return s.Call("GET", s.Path("service/configuration"), enginetest.RootToken, nil).Doc
}

// TestRegistrationScope: with dcrScopeUsedAsRequestable a client gets no
// further than it asked for; without, scope changes nothing.
func TestRegistrationScope(t *testing.T) {
	t.Parallel()
	s := registering(t, doc{"dcrScopeUsedAsRequestable": true})
	r := s.Registered(enginetest.Metadata(doc{"scope": "read unknown"}))
	if r["scope"] != "read" {
		t.Errorf("scope is %v", r["scope"])
	}
	if got := clientOf(s, r).Tokens("scope", "read write").Text("scopes"); got != `["read"]` {
		t.Errorf("the token has %s", got)
	}
	refused(t, "nothing known", s.Register(enginetest.Metadata(doc{"scope": "unknown"})), "invalid_client_metadata")
	// Who leaves scope out of an update keeps what it had.
	if u := s.Manage("update", r, again(r, doc{"scope": nil})).Content(t); u["scope"] != "read" {
		t.Errorf("after an update without scope: %v", u["scope"])
	}
	// An update narrows, and widens nothing, be the limit the client's own or
	// an administrator's.
	wide := s.Registered(enginetest.Metadata(doc{"scope": "read write"}))
	if u := s.Manage("update", wide, again(wide, doc{"scope": "write unknown"})).Content(t); u["scope"] != "write" {
		t.Errorf("after an update: %v", u["scope"])
	}
	refused(t, "what it once had", s.Manage("update", wide, again(wide, nil)), "invalid_client_metadata")
	limited := func(extension doc) {
		if a := s.Do("client/update/"+enginetest.Text(r, "client_id"), enginetest.With(stored(s, r).Doc, doc{"extension": extension})); a.Status != 200 {
			t.Fatalf("client/update: %s", a.Body)
		}
	}
	limited(doc{"requestableScopesEnabled": true})
	refused(t, "nothing was left", s.Manage("update", r, again(r, nil)), "invalid_client_metadata")
	limited(doc{"accessTokenDuration": 60})
	if u := s.Manage("update", r, again(r, doc{"scope": nil})).Content(t); u["scope"] != nil {
		t.Errorf("an administrator took the limit away, an update brought %v", u["scope"])
	}
	if u := s.Manage("update", r, again(r, doc{"scope": "write openid"})).Content(t); u["scope"] != "write openid" {
		t.Errorf("after an update without a limit: %v", u["scope"])
	}
	if got := stored(s, r).Text("extension"); !strings.Contains(got, `"accessTokenDuration":60`) {
		t.Errorf("the rest of extension is gone: %s", got)
	}
	// Who names no scope gets the default scopes of the service, or none.
	none := s.Registered(enginetest.Metadata(nil))
	if got := clientOf(s, none).Tokens("scope", "read write").Text("scopes"); none["scope"] != "" || got != "" && got != "[]" {
		t.Errorf("scope is %v, the token has %s", none["scope"], got)
	}
	s.Update(enginetest.With(s.Doc, doc{"supportedScopes": []doc{{"name": "openid"}, {"name": "read", "defaultEntry": true}, {"name": "write"}}}))
	if r := s.Registered(enginetest.Metadata(doc{"scope": ""})); r["scope"] != "read" {
		t.Errorf("the default scopes: %v", r["scope"])
	}
	free := registering(t, nil)
	r = free.Registered(enginetest.Metadata(doc{"scope": "read"}))
	if got := clientOf(free, r).Tokens("scope", "read write").Text("scopes"); r["scope"] != nil || got != `["read","write"]` {
		t.Errorf("scope is %v, the token has %s", r["scope"], got)
	}
}

// TestRegistrationOwnRight: a client cannot register itself for tokens that
// nobody agreed to, and keeps the right to them where an administrator gave it.
func TestRegistrationOwnRight(t *testing.T) {
	t.Parallel()
	s := registering(t, nil)
	own := doc{"grant_types": []string{"authorization_code", "client_credentials"}}
	refused(t, "register", s.Register(enginetest.Metadata(own)), "invalid_client_metadata")
	refused(t, "register for nothing else", s.Register(doc{"grant_types": []string{"client_credentials"}, "response_types": []string{}}), "invalid_client_metadata")
	r := s.Registered(enginetest.Metadata(nil))
	c := clientOf(s, r)
	token := func() *enginetest.Answer { return c.Token(enginetest.Form("grant_type", "client_credentials"), nil) }
	refused(t, "a token", token(), "unauthorized_client")
	refused(t, "update", s.Manage("update", r, again(r, own)), "invalid_client_metadata")
	if a := s.Do("client/update/"+c.ID, enginetest.With(stored(s, r).Doc, doc{"grantTypes": []string{"AUTHORIZATION_CODE", "CLIENT_CREDENTIALS"}})); a.Status != 200 {
		t.Fatalf("client/update: %s", a.Body)
	}
	r = enginetest.With(s.Manage("get", r, nil).Content(t), nil)
	if a := s.Manage("update", r, again(r, nil)); a.Text("action") != "UPDATED" {
		t.Errorf("its own answer: %s", a.Body)
	}
	accepted(t, "a token", token())
	if a := s.Manage("update", r, again(r, doc{"grant_types": []string{"authorization_code"}})); a.Text("action") != "UPDATED" {
		t.Errorf("without it: %s", a.Body)
	}
	refused(t, "what it gave up", s.Manage("update", r, again(r, nil)), "invalid_client_metadata")
}

// TestRegistrationCalls: what only the caller of the Web API can do wrong.
func TestRegistrationCalls(t *testing.T) {
	t.Parallel()
	s := registering(t, nil)
	for op, call := range map[string]doc{
		"client/registration": {"token": "x"}, "client/registration/get": {"token": "x"},
		"client/registration/update": {"token": "x", "clientId": "1"}, "client/registration/delete": {"token": "x"},
	} {
		if a := s.Do(op, call); a.Status != 400 || a.Text("resultCode") != "A901201" {
			t.Errorf("%s: %d %s", op, a.Status, a.Body)
		}
	}
	if a := s.Do("client/registration/update", doc{"token": "x", "json": "{}"}); a.Status != 400 {
		t.Errorf("no clientId: %d %s", a.Status, a.Body)
	}
}

// TestRegistrationRaces: updates at once on two nodes, one of them stale. Each
// is whole, and none brings back what is gone.
func TestRegistrationRaces(t *testing.T) {
	t.Parallel()
	url := enginetest.URL(t)
	node := enginetest.On(t, enginetest.Open(t, url, sqlstore.Options{}))
	s := node.NewService(enginetest.RegisteringService())
	far := *s
	far.Engine = enginetest.On(t, enginetest.Open(t, url, sqlstore.Options{}))
	r := s.Registered(enginetest.Metadata(nil))
	nodes := []*enginetest.Service{s, &far}

	// Nobody tells a node of the test what the other one writes: the far one
	// has read the client before it is locked.
	accepted(t, "the far node", far.Manage("get", r, nil))
	lock := func(locked bool) {
		id := enginetest.Text(r, "client_id")
		if a := s.Do("client/update/"+id, enginetest.With(stored(s, r).Doc, doc{"locked": locked})); a.Status != 200 {
			t.Fatalf("client/update: %s", a.Body)
		}
	}
	lock(true)
	refused(t, "an update on a node that does not know of the lock", far.Manage("update", r, again(r, nil)), "invalid_token")
	if stored(s, r).Text("locked") != "true" {
		t.Error("an update unlocked the client")
	}
	lock(false)

	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			name := fmt.Sprintf("n%d", i)
			a := nodes[i%2].Manage("update", r, again(r, doc{"client_name": name, "software_id": name}))
			if a.Text("action") != "UPDATED" {
				t.Errorf("update %d: %d %s", i, a.Status, a.Body)
			}
		})
	}
	wg.Wait()
	if d := stored(s, r); d.Text("clientName") == "" || d.Text("clientName") != d.Text("softwareId") {
		t.Errorf("the updates mixed: %s", d.Body)
	}

	answers := make([]string, 16)
	for i := range answers {
		wg.Go(func() {
			op := []string{"delete", "update"}[i/2%2]
			answers[i] = nodes[i%2].Manage(op, r, again(r, nil)).Text("action")
		})
	}
	wg.Wait()
	slices.Sort(answers)
	if deleted := slices.Index(answers, "UNAUTHORIZED"); deleted != 1 || answers[0] != "DELETED" {
		t.Errorf("answers %v: want DELETED once", answers)
	}
	for _, n := range nodes {
		refused(t, "update after delete", n.Manage("update", r, again(r, nil)), "invalid_token")
	}
	s.Registered(enginetest.Metadata(nil)) // whoever writes hears what others wrote
	if a := stored(s, r); a.Status != 404 {
		t.Errorf("the client is back: %d %s", a.Status, a.Body)
	}
}

// TestRegisteredLikeConfigured: a registration and a client/create that say
// the same make the same client.
func TestRegisteredLikeConfigured(t *testing.T) {
	t.Parallel()
	s := registering(t, nil)
	r := stored(s, s.Registered(enginetest.Metadata(doc{"client_name": "c", "application_type": "native"}))).Doc
	c := s.NewClient(doc{"clientName": "c", "clientType": "CONFIDENTIAL", "applicationType": "NATIVE", "redirectUris": []string{enginetest.Redirect}}).Doc
	for _, d := range []doc{r, c} {
		for _, member := range []string{"clientId", "clientSecret", "number", "createdAt", "modifiedAt", "clientSource", "dynamicallyRegistered", "registrationAccessTokenHash"} {
			delete(d, member)
		}
	}
	if !reflect.DeepEqual(r, c) {
		t.Errorf("registered %v\nconfigured %v", r, c)
	}
}
