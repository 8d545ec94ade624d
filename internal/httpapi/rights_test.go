package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// apiToken makes a service access token.
func apiToken(t *testing.T, s *enginetest.Service, by string, members doc) *enginetest.Answer {
	t.Helper()
	return s.Call("POST", "/api/servicetoken/create", by, enginetest.With(doc{"serviceId": s.ID}, members))
}

// TestTenantsAreApart: the credentials of one service do nothing on another,
// in both path styles, and what one service issued is unknown to the other.
func TestTenantsAreApart(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	a, b := e.NewService(enginetest.BaseService()), e.NewService(enginetest.BaseService())
	ca, cb := a.NewClient(enginetest.BaseClient()), b.NewClient(enginetest.BaseClient())
	token := apiToken(t, a, enginetest.RootToken, nil).Text("accessToken")
	for _, op := range []string{"auth/authorization", "auth/token", "service/update", "client/create"} {
		if r := e.Call("POST", b.Path(op), token, doc{}); r.Status != http.StatusForbidden {
			t.Errorf("%s with the token of another service: %d %s", op, r.Status, r.Body)
		}
		if r := e.Call("POST", fmt.Sprintf("/api/%d/%s", b.ID+1, op), token, doc{}); r.Status != http.StatusForbidden {
			t.Errorf("%s of no service: %d %s", op, r.Status, r.Body)
		}
	}
	if r := e.Call("GET", b.Path("client/get/"+cb.ID), token, nil); r.Status != http.StatusForbidden {
		t.Errorf("client/get: %d %s", r.Status, r.Body)
	}
	if r := e.Call("GET", a.Path("client/get/"+cb.ID), token, nil); r.Status != http.StatusNotFound {
		t.Errorf("the client of another service: %d %s", r.Status, r.Body)
	}
	maker := apiToken(t, a, enginetest.RootToken, doc{"permissions": []string{"CREATE_SERVICE"}}).Text("accessToken")
	if r := e.Call("GET", "/api/service/get/list", maker, nil); r.Text("totalCount") != "1" || !strings.Contains(string(r.Body), fmt.Sprint(a.ID)) || strings.Contains(string(r.Body), fmt.Sprint(b.ID)) {
		t.Errorf("service/get/list: %d %s", r.Status, r.Body)
	}
	basic := httptest.NewRequest("POST", b.Path("auth/authorization"), strings.NewReader("{}"))
	basic.SetBasicAuth(fmt.Sprint(a.ID), enginetest.Text(a.Doc, "apiSecret"))
	if r := e.Raw(basic); r.Status != http.StatusForbidden {
		t.Errorf("Basic of another service: %d %s", r.Status, r.Body)
	}
	for _, id := range []string{cb.ID, "123"} { // another's client is like nobody's
		r := httptest.NewRequest("DELETE", "/api/client/delete/"+id, nil)
		r.SetBasicAuth(fmt.Sprint(a.ID), enginetest.Text(a.Doc, "apiSecret"))
		if r := e.Raw(r); r.Status != http.StatusNotFound {
			t.Errorf("client/delete: %d %s", r.Status, r.Body)
		}
	}
	ticket, code, access := ca.Ticket(), ca.Code(), ca.Tokens()
	if r := b.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1"}); r.Text("action") != "BAD_REQUEST" {
		t.Errorf("ticket: %s", r.Body)
	}
	if r := cb.Redeem(code, nil); r.Text("action") == "OK" {
		t.Errorf("code: %s", r.Body)
	}
	if b.Active(access.Text("accessToken")) || !a.Active(access.Text("accessToken")) {
		t.Error("an access token is known to the wrong service")
	}
}

// TestAPITokens: rights, expiry and revocation of the API's own tokens.
func TestAPITokens(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s, other := e.NewService(enginetest.BaseService()), e.NewService(enginetest.BaseService())
	rs := apiToken(t, s, enginetest.RootToken, doc{"permissions": []string{"USE_INTROSPECTION"}}).Text("accessToken")
	if r := e.Call("POST", s.Path("auth/introspection"), rs, doc{"token": "x"}); r.Status != http.StatusOK {
		t.Errorf("introspection: %d %s", r.Status, r.Body)
	}
	for _, op := range []string{"auth/token", "auth/authorization", "client/create", "service/update"} {
		if r := e.Call("POST", s.Path(op), rs, doc{}); r.Status != http.StatusForbidden {
			t.Errorf("%s with an introspection token: %d %s", op, r.Status, r.Body)
		}
	}
	if r := e.Call("GET", s.Path("service/get"), rs, nil); r.Status != http.StatusOK || r.Text("apiSecret") != "" || r.Text("issuer") != "" {
		t.Errorf("service/get must be trimmed: %d %s", r.Status, r.Body)
	}
	limited := apiToken(t, s, enginetest.RootToken, doc{"permissions": []string{"CREATE_SERVICE", "USE_SERVICE"}}).Text("accessToken")
	if r := apiToken(t, s, limited, doc{"permissions": []string{"ADMIN"}}); r.Status != http.StatusForbidden {
		t.Errorf("more than the caller has: %d %s", r.Status, r.Body)
	}
	if r := apiToken(t, other, limited, doc{"permissions": []string{"USE_SERVICE"}}); r.Status != http.StatusForbidden {
		t.Errorf("for another service: %d %s", r.Status, r.Body)
	}
	if r := e.Call("POST", "/api/service/create", limited, doc{"apiKey": 12345678}); r.Status != http.StatusForbidden {
		t.Errorf("a service of a bound token: %d %s", r.Status, r.Body)
	}
	foreign := apiToken(t, other, enginetest.RootToken, nil)
	if r := e.Call("POST", "/api/servicetoken/revoke", limited, doc{"tokenId": foreign.Text("tokenId")}); r.Status != http.StatusForbidden {
		t.Errorf("revoking another service's token: %d %s", r.Status, r.Body)
	}
	short := apiToken(t, s, enginetest.RootToken, doc{"expiresAt": e.Now().Add(time.Minute).UnixMilli()})
	use := func() int {
		return e.Call("POST", s.Path("auth/introspection"), short.Text("accessToken"), doc{"token": "x"}).Status
	}
	if use() != http.StatusOK {
		t.Error("a live token is refused")
	}
	e.Advance(time.Minute)
	if use() != http.StatusUnauthorized {
		t.Error("an expired token is accepted")
	}
	revoked := apiToken(t, s, enginetest.RootToken, nil)
	e.Call("POST", "/api/servicetoken/revoke", enginetest.RootToken, doc{"tokenId": revoked.Text("tokenId")})
	r := e.Call("GET", s.Path("service/get"), revoked.Text("accessToken"), nil)
	if challenge := r.Header.Get("WWW-Authenticate"); r.Status != http.StatusUnauthorized || challenge != `Bearer realm="symbolon"` {
		t.Errorf("a revoked token: %d %q", r.Status, challenge)
	}
}

// TestReplacement: update replaces as a whole; what is read-only stays, what
// is no document is refused, and parallel writers do not fail each other.
func TestReplacement(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.BaseService())
	c := s.NewClient(enginetest.With(enginetest.BaseClient(), doc{"clientSource": "DYNAMIC_REGISTRATION", "dynamicallyRegistered": true}))
	if c.Doc["dynamicallyRegistered"] != nil || enginetest.Text(c.Doc, "clientSource") != "STATIC_REGISTRATION" {
		t.Errorf("read-only members were taken: %v", c.Doc)
	}
	for _, body := range []string{"", "null", "[]", " "} {
		r := httptest.NewRequest("POST", c.Path("client/update/"+c.ID), strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
		if a := e.Raw(r); a.Status != http.StatusBadRequest {
			t.Errorf("update with %q: %d %s", body, a.Status, a.Body)
		}
	}
	up := s.Do("client/update/"+c.ID, doc{"clientName": "new", "clientSecret": "chosen", "clientId": 1, "createdAt": 1})
	if up.Text("clientSecret") != c.Secret || up.Text("clientId") != c.ID || up.Text("createdAt") != enginetest.Text(c.Doc, "createdAt") {
		t.Errorf("read-only members changed: %s", up.Body)
	}
	if up.Text("redirectUris") != "" || up.Text("tokenAuthMethod") != "NONE" {
		t.Errorf("absent members stayed: %s", up.Body)
	}
	su := s.Do("service/update", doc{"serviceName": "new", "apiKey": 1, "apiSecret": "chosen", "jwks": enginetest.Text(s.Doc, "jwks")})
	if su.Text("apiSecret") != enginetest.Text(s.Doc, "apiSecret") || su.Text("issuer") != "" {
		t.Errorf("service/update: %s", su.Body)
	}
	// The engine's keys written back are still the engine's: a new algorithm gets a key.
	if r := s.Do("service/update", doc{"accessTokenSignAlg": "PS256", "jwks": su.Text("jwks")}); r.Status != http.StatusOK {
		t.Errorf("the engine's keys became the caller's: %d %s", r.Status, r.Body)
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if r := s.Do("client/update/"+c.ID, enginetest.BaseClient()); r.Status != http.StatusOK {
				t.Errorf("a parallel update: %d %s", r.Status, r.Body)
			}
		})
	}
	wg.Wait()
}

// TestHostileIdentifiers: what no database can hold names no client.
func TestHostileIdentifiers(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.With(enginetest.BaseService(), doc{"clientIdAliasEnabled": true}))
	c := s.NewClient(enginetest.BaseClient())
	for _, id := range []string{"\x00", "%00", "%ff", "+" + c.ID, "0" + c.ID} {
		if a := s.Do("auth/token", doc{"parameters": "grant_type=client_credentials", "clientId": id, "clientSecret": c.Secret}); a.Text("action") != "INVALID_CLIENT" {
			t.Errorf("%q: %d %s", id, a.Status, a.Body)
		}
	}
	if a := e.Call("GET", s.Path("client/get/%00"), enginetest.RootToken, nil); a.Status != http.StatusNotFound {
		t.Errorf("client/get: %d %s", a.Status, a.Body)
	}
	if a := e.Call("GET", s.Path("client/get/list?developer=%00"), enginetest.RootToken, nil); a.Status != http.StatusBadRequest {
		t.Errorf("developer: %d %s", a.Status, a.Body)
	}
	for _, member := range []string{"clientIdAlias", "developer"} {
		if a := s.Do("client/create", doc{member: "a\x00b"}); a.Status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", member, a.Status, a.Body)
		}
	}
	bomb := `[{"op":"add","path":"/a","value":{"x":"` + strings.Repeat("y", 200) + `"}}`
	for i := range 18 {
		bomb += fmt.Sprintf(`,{"op":"copy","from":"/a","path":"/a/k%d"}`, i)
	}
	r := httptest.NewRequest("GET", s.Path("service/configuration"), nil)
	r.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
	q := r.URL.Query()
	q.Set("patch", bomb+"]")
	r.URL.RawQuery = q.Encode()
	if a := e.Raw(r); a.Status != http.StatusBadRequest {
		t.Errorf("a patch that doubles itself: %d, %d bytes", a.Status, len(a.Body))
	}
}

// TestBoundAPIToken: a token that is bound to a key needs a proof of it with
// every call, and each proof once; others take a proof too.
func TestBoundAPIToken(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.BaseService())
	key, other := enginetest.NewKey(t), enginetest.NewKey(t)
	bound := apiToken(t, s, enginetest.RootToken, doc{"dpopKeyThumbprint": key.Thumbprint()}).Text("accessToken")
	free := apiToken(t, s, enginetest.RootToken, nil).Text("accessToken")
	path := s.Path("service/get")
	call := func(scheme, token string, proofs ...string) int {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Authorization", scheme+" "+token)
		for _, p := range proofs {
			r.Header.Add("DPoP", p)
		}
		return e.Raw(r).Status
	}
	proof := func(k *enginetest.Key, method, path string) string {
		return e.Proof(k, method, "https://api.example/prefix"+path, "", nil)
	}
	good := proof(key, "GET", path)
	for _, c := range []struct {
		name   string
		status int
		got    int
	}{
		{"a proof", 200, call("DPoP", bound, good)},
		{"the proof again", 401, call("DPoP", bound, good)},
		{"a free token with a proof", 200, call("DPoP", free, proof(other, "GET", path))},
		{"no proof", 401, call("DPoP", bound)},
		{"two proofs", 401, call("DPoP", bound, proof(key, "GET", path), proof(key, "GET", path))},
		{"bearer", 401, call("Bearer", bound)},
		{"another key", 401, call("DPoP", bound, proof(other, "GET", path))},
		{"another method", 401, call("DPoP", bound, proof(key, "POST", path))},
		{"another path", 401, call("DPoP", bound, proof(key, "GET", "/api/1/service/get"))},
		{"no token", 401, call("DPoP", "unknown", proof(key, "GET", path))},
		{"a free token as bearer", 200, call("Bearer", free)},
	} {
		if c.got != c.status {
			t.Errorf("%s: %d, want %d", c.name, c.got, c.status)
		}
	}
}

// TestHostileDocuments: what would make a service or client unusable, or
// unreadable for published clients, is refused where it is written.
func TestHostileDocuments(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.BaseService())
	var scopes []doc
	for i := range 1001 {
		scopes = append(scopes, doc{"name": fmt.Sprint("s", i)})
	}
	var addresses []string
	for i := range 201 {
		addresses = append(addresses, fmt.Sprint("https://x.example/", i))
	}
	for _, members := range []doc{
		{"supportedScopes": scopes[1:]}, {"fapiModes": []string{}},
	} {
		s.Update(enginetest.With(enginetest.BaseService(), members))
	}
	for _, members := range []doc{
		{"redirectUris": addresses[1:]}, {"clientIdAlias": strings.Repeat("a", 200)}, {"developer": strings.Repeat("a", 200)},
	} {
		s.NewClient(enginetest.With(enginetest.BaseClient(), members))
	}
	for _, members := range []doc{
		{"supportedGrantTypes": []any{nil}}, {"jwks": "null"}, {"jwks": "{}"}, {"accessTokenDuration": -1}, {"credentialDuration": -1},
		{"accessTokenSignAlg": "ES256", "accessTokenSignatureKeyId": "none"}, {"issuer": "https://u:p@x.example"}, {"issuer": "https://x.example/?a"},
		{"supportedScopes": []doc{{"name": "a b"}}}, {"supportedScopes": []doc{{"name": "a"}, {"name": "a"}}}, {"supportedGrantTypes": []string{"NEW"}},
		{"allowableClockSkew": 65536}, {"tosUri": "not a uri"}, {"supportedResponseTypes": []any{nil}}, {"supportedTokenAuthMethods": []any{nil}},
		{"fapiModes": []any{nil}}, {"supportedServiceProfiles": []any{nil}}, {"supportedScopes": scopes},
	} {
		if a := s.Do("service/update", enginetest.With(enginetest.BaseService(), members)); a.Status != http.StatusBadRequest {
			t.Errorf("service %v: %d %.100s", members, a.Status, a.Body)
		}
	}
	for _, members := range []doc{
		{"grantTypes": []any{nil}}, {"redirectUris": []string{"javascript:alert(1)"}}, {"redirectUris": []string{"JaVaScRiPt:alert(1)"}},
		{"redirectUris": []string{"https://x.example/#f"}}, {"redirectUris": []string{"file:///etc/passwd"}}, {"redirectUris": []string{"/relative"}},
		{"redirectUris": []string{"https://u@x.example/"}}, {"redirectUris": []string{"https://*.example/"}}, {"redirectUris": []string{"https://x.example/../a"}},
		{"logoUri": "javascript:alert(1)"}, {"logoUris": []doc{{"tag": "de", "value": "javascript:alert(1)"}}}, {"clientIdAlias": "123"},
		{"extension": doc{"accessTokenDuration": -1}}, {"defaultMaxAge": -1}, {"jwks": enginetest.NewKey(t).JWKS(), "jwksUri": "https://x.example/"},
		{"jwks": `{"keys":[{"kty":"oct","k":"AAAA"}]}`}, {"tokenAuthMethod": "NEW"}, {"responseTypes": []any{nil}}, {"responseModes": []any{nil}},
		{"fapiModes": []any{nil}}, {"redirectUris": addresses}, {"clientIdAlias": strings.Repeat("a", 201)}, {"developer": strings.Repeat("a", 201)},
	} {
		if a := s.Do("client/create", enginetest.With(enginetest.BaseClient(), members)); a.Status != http.StatusBadRequest {
			t.Errorf("client %v: %d %.100s", members, a.Status, a.Body)
		}
	}
	if a := s.Call("POST", s.Path("auth%2ftoken"), enginetest.RootToken, doc{}); a.Status != http.StatusNotFound {
		t.Errorf("an encoded slash: %d", a.Status)
	}
}

// TestMovedAlias: an alias that moves to another client names that one.
func TestMovedAlias(t *testing.T) {
	t.Parallel()
	s := enginetest.Start(t).NewService(enginetest.With(enginetest.BaseService(), doc{"clientIdAliasEnabled": true}))
	alias := doc{"clientIdAlias": "app", "clientIdAliasEnabled": true}
	a, b := s.NewClient(enginetest.With(enginetest.BaseClient(), alias)), s.NewClient(enginetest.BaseClient())
	named := func() string {
		return s.Call("GET", s.Path("client/get/app"), enginetest.RootToken, nil).Text("clientId")
	}
	if named() != a.ID {
		t.Fatalf("the alias names %s", named())
	}
	if r := s.Do("client/update/"+b.ID, enginetest.With(enginetest.BaseClient(), alias)); r.Status != http.StatusBadRequest {
		t.Errorf("an alias that is taken: %d %s", r.Status, r.Body)
	}
	s.Do("client/update/"+a.ID, enginetest.BaseClient())
	if named() != "" {
		t.Errorf("an alias that nobody has names %s", named())
	}
	s.Do("client/update/"+b.ID, enginetest.With(enginetest.BaseClient(), alias))
	if named() != b.ID {
		t.Errorf("the moved alias names %s", named())
	}
	s.Update(enginetest.BaseService())
	if named() != "" {
		t.Errorf("an alias of a service that has none names %s", named())
	}
}
