package httpapi_test

import (
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

type doc = enginetest.Doc

// TestCodeFlow walks the one thread: authorize, issue, redeem, introspect,
// userinfo, refresh, revoke.
func TestCodeFlow(t *testing.T) {
	t.Parallel()
	s := enginetest.Start(t).NewService(enginetest.BaseService())
	c := s.NewClient(enginetest.BaseClient())
	ticket := c.Ticket()
	issued := c.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001", "authTime": 1, "acr": "loa2"})
	q := issued.Redirect(t)
	if q.Get("state") != "st" || q.Get("iss") != "https://as.example" || q.Get("code") == "" {
		t.Fatalf("issue: %s", issued.Body)
	}
	tok := c.Redeem(q.Get("code"), nil)
	content := tok.Content(t)
	if tok.Text("action") != "OK" || content["token_type"] != "Bearer" || content["scope"] != "openid read" || content["id_token"] == nil {
		t.Fatalf("token: %s", tok.Body)
	}
	access, refresh := enginetest.Text(content, "access_token"), enginetest.Text(content, "refresh_token")
	in := c.Do("auth/introspection", doc{"token": access, "scopes": []string{"read"}, "subject": "1001"})
	if in.Text("action") != "OK" || in.Text("subject") != "1001" || in.Text("acr") != "loa2" || in.Text("clientId") != c.ID {
		t.Fatalf("introspection: %s", in.Body)
	}
	ui := c.Do("auth/userinfo", doc{"token": access})
	if ui.Text("action") != "OK" || ui.Text("subject") != "1001" {
		t.Fatalf("userinfo: %s", ui.Body)
	}
	uii := c.Do("auth/userinfo/issue", doc{"token": access, "claims": `{"name":"N"}`})
	if uii.Text("action") != "JSON" || uii.Content(t)["sub"] != "1001" || uii.Content(t)["name"] != "N" {
		t.Fatalf("userinfo/issue: %s", uii.Body)
	}
	again := c.Token(enginetest.Form("grant_type", "refresh_token", "refresh_token", refresh), nil)
	if again.Text("action") != "OK" || again.Text("refreshToken") == refresh {
		t.Fatalf("refresh: %s", again.Body)
	}
	if c.Active(access) {
		t.Error("the old access token is active after a refresh")
	}
	access = again.Text("accessToken")
	if !c.Active(access) {
		t.Error("the new access token is not active")
	}
	rev := c.Do("auth/revocation", c.Auth(enginetest.Form("token", again.Text("refreshToken")), nil))
	if rev.Text("action") != "OK" {
		t.Fatalf("revocation: %s", rev.Body)
	}
	if c.Active(access) {
		t.Error("the access token is active after its grant was revoked")
	}
}

// TestFAPI2Flow walks the FAPI 2.0 flow: private_key_jwt, PAR, DPoP.
func TestFAPI2Flow(t *testing.T) {
	t.Parallel()
	s := enginetest.Start(t).NewService(enginetest.With(enginetest.BaseService(), doc{
		"supportedServiceProfiles": []string{"FAPI"}, "fapiModes": []string{"FAPI2_SECURITY"},
	}))
	c := s.NewKeyClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	par := c.Do("pushed_auth_req", c.Auth(c.Request(), doc{"dpop": c.Proof(key, "POST", "https://as.example/par", "", nil)}))
	if par.Text("action") != "CREATED" {
		t.Fatalf("par: %s", par.Body)
	}
	auth := c.Do("auth/authorization", doc{"parameters": enginetest.Form("client_id", c.ID, "request_uri", par.Text("requestUri"))})
	if auth.Text("action") != "INTERACTION" {
		t.Fatalf("authorization: %s", auth.Body)
	}
	code := c.Issue(auth.Text("ticket"), nil)
	tok := c.Redeem(code, doc{"dpop": c.Proof(key, "POST", "https://as.example/token", "", nil)})
	if tok.Text("action") != "OK" || tok.Content(t)["token_type"] != "DPoP" {
		t.Fatalf("token: %s", tok.Body)
	}
	access := tok.Text("accessToken")
	in := c.Do("auth/introspection", doc{"token": access, "dpop": c.Proof(key, "GET", "https://rs.example/r", access, nil), "htm": "GET", "htu": "https://rs.example/r"})
	if in.Text("action") != "OK" {
		t.Fatalf("introspection: %s", in.Body)
	}
	if c.Active(access) {
		t.Error("a bound token is usable without a proof")
	}
	again := c.Token(enginetest.Form("grant_type", "refresh_token", "refresh_token", tok.Text("refreshToken")), doc{"dpop": c.Proof(key, "POST", "https://as.example/token", "", nil)})
	if again.Text("action") != "OK" || again.Text("refreshToken") != tok.Text("refreshToken") {
		t.Fatalf("refresh under FAPI 2 must keep the refresh token: %s", again.Body)
	}
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	s := enginetest.Start(t).NewService(enginetest.With(enginetest.BaseService(), doc{"accessTokenSignAlg": "ES256"}))
	c := s.NewClient(enginetest.BaseClient())
	tok := c.Token(enginetest.Form("grant_type", "client_credentials", "scope", "read"), nil)
	if tok.Text("action") != "OK" || tok.Text("jwtAccessToken") == "" {
		t.Fatalf("token: %s", tok.Body)
	}
	if !s.Active(tok.Text("jwtAccessToken")) || !s.Active(tok.Text("accessToken")) {
		t.Error("a fresh access token is not active")
	}
	if s.Active(tok.Text("jwtAccessToken") + "A") {
		t.Error("an altered JWT access token is active")
	}
	s.Update(enginetest.With(enginetest.BaseService(), doc{"tokenExpirationLinked": true}))
	limited := s.NewClient(enginetest.With(enginetest.BaseClient(), doc{"extension": doc{"requestableScopesEnabled": true, "requestableScopes": []string{"read", "secret"}}}))
	for client, want := range map[*enginetest.Client]string{c: `["read","write"]`, limited: `["read"]`} {
		tok := client.Token(enginetest.Form("grant_type", "client_credentials", "scope", "read write secret"), nil)
		if tok.Text("scopes") != want || tok.Text("accessTokenDuration") != "86400" || !s.Active(tok.Text("accessToken")) {
			t.Errorf("scopes %s: %s", want, tok.Body)
		}
	}
}
