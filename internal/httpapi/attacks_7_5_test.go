package httpapi_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
)

// Tokens, refresh, introspection, revocation. Rows E15, E20, E21, E23 and
// E33 are the front end's and the gateway's.

// TestAttackE2_ReusedRefreshToken: whoever uses a rotated refresh token again
// ends the family.
func TestAttackE2_ReusedRefreshToken(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"PUBLIC", "CONFIDENTIAL"} {
		c := attacked(t, nil).NewClient(client(doc{"clientType": kind}))
		first := c.Tokens()
		second := accepted(t, "the first use", refresh(c, first.Text("refreshToken"), nil))
		third := accepted(t, "the successor", refresh(c, second.Text("refreshToken"), nil))
		refused(t, kind+": the second use", refresh(c, first.Text("refreshToken"), nil), "invalid_grant")
		refused(t, kind+": the newest of the family", refresh(c, third.Text("refreshToken"), nil), "invalid_grant")
		for _, a := range []*enginetest.Answer{first, second, third} {
			if c.Active(a.Text("accessToken")) {
				t.Errorf("%s: an access token of the family is active", kind)
			}
		}
	}
}

// TestAttackE2_ReuseByStrangers: who cannot use a refresh token cannot end
// its family.
func TestAttackE2_ReuseByStrangers(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	first := c.Tokens().Text("refreshToken")
	second := accepted(t, "the first use", refresh(c, first, nil))
	refused(t, "another client", refresh(another(c), first, nil), "invalid_grant")
	refused(t, "a wrong secret", refresh(c, first, doc{"clientSecret": "wrong"}), "invalid_client")
	if !c.Active(second.Text("accessToken")) {
		t.Error("a stranger ended the family")
	}
}

// TestAttackE3_Races: many uses of one refresh token at once, on two nodes.
// At most one family lives afterwards.
func TestAttackE3_Races(t *testing.T) {
	t.Parallel()
	for _, idempotent := range []bool{false, true} {
		url := enginetest.URL(t)
		node := enginetest.On(t, enginetest.Open(t, url, sqlstore.Options{}))
		s := node.NewService(enginetest.With(enginetest.QuickService(), doc{"refreshTokenIdempotent": idempotent}))
		c := s.NewClient(client(doc{"clientType": "PUBLIC"}))
		token := c.Tokens().Text("refreshToken")
		other := enginetest.On(t, enginetest.Open(t, url, sqlstore.Options{}))
		elsewhere := &enginetest.Client{Service: &enginetest.Service{Engine: other, ID: s.ID, Doc: s.Doc}, ID: c.ID, Doc: c.Doc}
		answers := make([]*enginetest.Answer, 100)
		var all sync.WaitGroup
		start := make(chan struct{})
		for i := range answers {
			at := []*enginetest.Client{c, elsewhere}[i%2]
			all.Go(func() {
				<-start
				answers[i] = refresh(at, token, nil)
			})
		}
		close(start)
		all.Wait()
		won, families := 0, map[string]bool{}
		for _, a := range answers {
			switch {
			case a.Verdict().Succeeded():
				won++
				families[a.Text("refreshToken")] = true
			default:
				refused(t, "a loser", a, "invalid_grant")
			}
		}
		alive := 0
		for token := range families {
			if refresh(c, token, nil).Verdict().Succeeded() {
				alive++
			}
		}
		switch {
		case !idempotent && (won != 1 || alive != 0):
			t.Errorf("%d of 100 uses won, and %d of their families live", won, alive)
		case idempotent && (won != 100 || len(families) != 1 || alive != 1):
			t.Errorf("with the idempotent switch %d of 100 uses won, of %d families, and %d live", won, len(families), alive)
		}
	}
}

// TestAttackE3_RetryWindow: with the idempotent switch a retry gets the same
// successor, if it is the same request; until the successor is used.
func TestAttackE3_RetryWindow(t *testing.T) {
	t.Parallel()
	key, other := enginetest.NewKey(t), enginetest.NewKey(t)
	for _, x := range []struct {
		name  string
		key   *enginetest.Key
		scope string
		after time.Duration
		used  bool
		ok    bool
	}{
		{"a retry", key, "", 0, false, true},
		{"a retry at the end of the window", key, "", 59 * time.Second, false, true},
		{"a retry after the window", key, "", 61 * time.Second, false, false},
		{"a retry with another key", other, "", 0, false, false},
		{"a retry without a key", nil, "", 0, false, false},
		{"a retry for another scope", key, "read", 0, false, false},
		{"a retry after the successor was used", key, "", 0, true, false},
	} {
		c := attacked(t, doc{"refreshTokenIdempotent": true}).NewClient(enginetest.BaseClient())
		at := func(k *enginetest.Key) doc {
			if k == nil {
				return nil
			}
			return doc{"dpop": c.Proof(k, "POST", tokenURL, "", nil)}
		}
		token := accepted(t, "tokens", c.Redeem(c.Code(), at(key))).Text("refreshToken")
		next := accepted(t, "a rotation", refresh(c, token, at(key))).Text("refreshToken")
		if x.used {
			next = accepted(t, "the successor", refresh(c, next, at(key))).Text("refreshToken")
		}
		c.Advance(x.after)
		a := refresh(c, token, at(x.key), "scope", x.scope)
		if x.ok {
			if got := accepted(t, x.name, a).Text("refreshToken"); got != next {
				t.Errorf("%s gets another successor", x.name)
			}
			continue
		}
		refused(t, x.name, a, "invalid_grant")
		refused(t, x.name+": the family", refresh(c, next, at(key)), "invalid_grant")
	}
}

func TestAttackE5_WiderScope(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	token := c.Tokens("scope", "openid read write").Text("refreshToken")
	narrow := accepted(t, "narrower", refresh(c, token, nil, "scope", "read"))
	if got := narrow.Content(t)["scope"]; got != "read" {
		t.Errorf("the access token has %v", got)
	}
	token = narrow.Text("refreshToken")
	for _, scope := range []string{"read email", "email", "offline_access", "unknown", "read\tprofile", `"`} {
		refused(t, scope, refresh(c, token, nil, "scope", scope), "invalid_scope")
	}
	whole := accepted(t, "as granted", refresh(c, token, nil))
	if got := whole.Content(t)["scope"]; got != "openid read write" {
		t.Errorf("the access token has %v", got)
	}
	denied := look(c.Service, narrow.Text("accessToken"), "")
	if denied.Text("action") == "OK" {
		t.Error("the access token of an earlier refresh is active")
	}
}

func TestAttackE6_WiderTarget(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	token := c.Tokens().Text("refreshToken")
	refused(t, "a resource", refresh(c, token, nil, "resource", "https://rs.example"), "invalid_target")
	refused(t, "an audience", refresh(c, token, nil, "audience", "https://rs.example"), "invalid_target")
	refused(t, "details", refresh(c, token, nil, "authorization_details", `[{"type":"payment"}]`), "invalid_authorization_details")
	accepted(t, "neither", refresh(c, token, nil))
}

// TestAttackE8_Revoked: nothing comes of a grant that is gone.
func TestAttackE8_Revoked(t *testing.T) {
	t.Parallel()
	for _, which := range []string{"accessToken", "refreshToken"} {
		c := attacked(t, nil).NewClient(enginetest.BaseClient())
		tokens := c.Tokens()
		accepted(t, "revocation", c.Do("auth/revocation", c.Auth(enginetest.Form("token", tokens.Text(which)), nil)))
		refused(t, "after the "+which+" was revoked", refresh(c, tokens.Text("refreshToken"), nil), "invalid_grant")
		if c.Active(tokens.Text("accessToken")) {
			t.Errorf("the access token is active after the %s was revoked", which)
		}
	}
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	tokens := c.Tokens()
	if a := c.Call("DELETE", c.Path("client/delete/"+c.ID), enginetest.RootToken, nil); a.Status != http.StatusNoContent {
		t.Fatalf("client/delete: %d %s", a.Status, a.Body)
	}
	refused(t, "after the client was deleted", refresh(c, tokens.Text("refreshToken"), nil), "invalid_client")
	if c.Active(tokens.Text("accessToken")) {
		t.Error("the access token of a deleted client is active")
	}
}

func TestAttackE9_GrantTypes(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(client(doc{"grantTypes": []string{"AUTHORIZATION_CODE"}}))
	for grantType, err := range map[string]string{
		"unknown": "unsupported_grant_type", "Authorization_Code": "unsupported_grant_type", "authorization_code ": "unsupported_grant_type",
		"password": "unsupported_grant_type", "implicit": "unsupported_grant_type", "": "invalid_request",
		"refresh_token": "unauthorized_client", "client_credentials": "unauthorized_client",
	} {
		refused(t, grantType, c.Token(enginetest.Form("grant_type", grantType, "refresh_token", "r", "username", "u", "password", "p"), nil), err)
	}
	refused(t, "twice", c.Token("grant_type=client_credentials&grant_type=authorization_code", nil), "invalid_request")
	without := attacked(t, doc{"supportedGrantTypes": []string{"AUTHORIZATION_CODE"}}).NewClient(enginetest.BaseClient())
	refused(t, "a service without it", own(without, nil), "unsupported_grant_type")
}

func TestAttackE11_ClientCredentials(t *testing.T) {
	t.Parallel()
	s := attacked(t, nil)
	c := s.NewClient(enginetest.BaseClient())
	for _, scope := range []string{"openid", "offline_access", "read openid"} {
		refused(t, scope, own(c, nil, "scope", scope), "invalid_scope")
	}
	refused(t, "a public client", own(s.NewClient(client(doc{"clientType": "PUBLIC"})), nil), "unauthorized_client")
	token := accepted(t, "a good one", own(c, nil, "scope", "read"))
	if token.Text("refreshToken") != "" || token.Text("idToken") != "" || token.Text("subject") != "" {
		t.Errorf("a token in the client's own right: %s", token.Body)
	}
	if a := s.Do("auth/userinfo", doc{"token": token.Text("accessToken")}); a.Verdict().Error != "insufficient_scope" {
		t.Errorf("userinfo with it: %s", a.Body)
	}
}

// TestAttackE12_Guesses: what differs from a token in one character is no
// token, in either form.
func TestAttackE12_Guesses(t *testing.T) {
	t.Parallel()
	c := attacked(t, doc{"accessTokenSignAlg": "ES256"}).NewClient(enginetest.BaseClient())
	tokens := c.Tokens()
	jwt := tokens.Text("jwtAccessToken")
	if a := refreshed(c, tokens.Text("accessToken"), nil); a.Text("resultCode") != "A053305" || !c.Active(tokens.Text("accessToken")) {
		t.Errorf("an access token as a refresh token: %s", a.Body)
	}
	p := strings.Split(jwt, ".")
	guesses := []string{"x", "..", jwt + ".", p[0] + "." + p[1] + ".", p[0] + ".." + p[2], segment(t, doc{"alg": "none"}) + "." + p[1] + ".", tokens.Text("refreshToken"), tokens.Text("idToken")}
	for _, token := range []string{tokens.Text("accessToken"), jwt} {
		n := len(token)
		guesses = append(guesses, token[:n-1], token+"A", token+"=", token+" ", " "+token, token+"\n", token[:20]+"\n"+token[20:], strings.ToUpper(token), token[:n/2]+flip(token[n/2])+token[n/2+1:])
		for _, last := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" { // bits that decode to nothing
			if guess := token[:n-1] + string(last); guess != token {
				guesses = append(guesses, guess)
			}
		}
	}
	for _, guess := range guesses {
		if a := look(c.Service, guess, ""); a.Text("action") != "UNAUTHORIZED" || a.Text("existent") != "" || a.Text("subject") != "" {
			t.Errorf("%q: %s", guess, a.Body)
		}
		if a := c.Do("auth/userinfo", doc{"token": guess}); a.Verdict().Succeeded() {
			t.Errorf("%q at userinfo: %s", guess, a.Body)
		}
		if guess == tokens.Text("refreshToken") {
			continue // RFC 7662 may tell about those
		}
		if a := c.Do("auth/introspection/standard", doc{"parameters": enginetest.Form("token", guess)}); a.Text("responseContent") != `{"active":false}` {
			t.Errorf("%q: %s", guess, a.Body)
		}
	}
	if !c.Active(tokens.Text("accessToken")) || !c.Active(jwt) {
		t.Error("the tokens themselves are not active")
	}
}

// TestAttackE14_KeyRotation: a JWT access token outlives the key that signed
// it; it is known by what it is.
func TestAttackE14_KeyRotation(t *testing.T) {
	t.Parallel()
	s := attacked(t, doc{"accessTokenSignAlg": "ES256"})
	c := s.NewClient(enginetest.BaseClient())
	before := c.Tokens().Text("jwtAccessToken")
	s.Update(enginetest.With(s.Doc, doc{"jwks": nil})) // the engine makes other keys
	after := c.Tokens().Text("jwtAccessToken")
	if !s.Active(before) || !s.Active(after) {
		t.Error("a token is not active after the keys were changed")
	}
	if strings.Split(before, ".")[0] == strings.Split(after, ".")[0] {
		t.Error("the keys were not changed")
	}
}

// TestAttackE18_RevocationByOthers: the answer is the same, and nothing
// happens.
func TestAttackE18_RevocationByOthers(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	tokens := c.Tokens()
	mine := accepted(t, "a token in the client's own right", own(c, nil)).Text("accessToken")
	for _, thief := range []*enginetest.Client{another(c), c.NewClient(client(doc{"clientType": "PUBLIC"})), c.Engine.NewService(enginetest.QuickService()).NewClient(enginetest.BaseClient())} {
		for _, token := range []string{tokens.Text("accessToken"), tokens.Text("refreshToken"), mine} {
			accepted(t, "revocation by another client", thief.Do("auth/revocation", thief.Auth(enginetest.Form("token", token), nil)))
		}
	}
	refused(t, "a wrong secret", c.Do("auth/revocation", c.Auth(enginetest.Form("token", mine), doc{"clientSecret": "wrong"})), "invalid_client")
	if !c.Active(tokens.Text("accessToken")) || !c.Active(mine) {
		t.Error("another client revoked a token")
	}
	sibling := accepted(t, "another token in the client's own right", own(c, nil)).Text("accessToken")
	accepted(t, "its own client", c.Do("auth/revocation", c.Auth(enginetest.Form("token", mine), nil)))
	if c.Active(mine) || !c.Active(tokens.Text("accessToken")) || !c.Active(sibling) {
		t.Error("its own client revoked nothing, or too much")
	}
	if !c.Active(accepted(t, "a later token", own(c, nil)).Text("accessToken")) {
		t.Error("what the client gets later is revoked too")
	}
}

// TestAttackE24_Schemes: a bound token is none without its proof, and a proof
// makes no other token bound.
func TestAttackE24_Schemes(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	bound := accepted(t, "a bound token", c.Redeem(c.Code(), doc{"dpop": c.Proof(key, "POST", tokenURL, "", nil)})).Text("accessToken")
	bearer := c.Tokens().Text("accessToken")
	for name, a := range map[string]*enginetest.Answer{
		"a bound token as Bearer":               look(c.Service, bound, ""),
		"a bound token as Bearer, userinfo":     c.Do("auth/userinfo", doc{"token": bound}),
		"a bearer token as DPoP":                look(c.Service, bearer, c.Proof(key, "GET", resourceURL, bearer, nil)),
		"a bearer token as DPoP, at userinfo":   c.Do("auth/userinfo", doc{"token": bearer, "dpop": c.Proof(key, "GET", "https://as.example/userinfo", bearer, nil)}),
		"a bearer token with a garbled proof":   look(c.Service, bearer, "garbled"),
		"a bound token with a garbled proof":    look(c.Service, bound, "garbled"),
		"a bound token with a token's own text": look(c.Service, bound, bound),
	} {
		if a.Text("action") != "UNAUTHORIZED" || a.Verdict().Error == "" {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	if a := look(c.Service, bound, ""); !strings.HasPrefix(a.Text("responseContent"), "DPoP ") || !strings.Contains(a.Text("responseContent"), `algs="`) {
		t.Errorf("the challenge does not ask for a proof: %s", a.Text("responseContent"))
	}
	accepted(t, "a bound token with its proof", look(c.Service, bound, c.Proof(key, "GET", resourceURL, bound, nil)))
	accepted(t, "a bearer token", look(c.Service, bearer, ""))
}

// TestAttackE26_ClientAsSubject: nobody chooses a client id that could be an
// end-user's name, and a client's token has no end-user.
func TestAttackE26_ClientAsSubject(t *testing.T) {
	t.Parallel()
	s := attacked(t, nil)
	if a := s.NewClient(client(doc{"clientId": 1001})); a.ID == "1001" {
		t.Error("a client chose its id")
	}
	if a := s.Do("client/create", client(doc{"clientIdAlias": "1001", "clientIdAliasEnabled": true})); a.Status != http.StatusBadRequest {
		t.Errorf("an alias that looks like an id: %s", a.Body)
	}
	c := s.NewClient(enginetest.BaseClient())
	if n, err := strconv.ParseInt(c.ID, 10, 64); err != nil || n < 1<<40 {
		t.Errorf("the client id %s can be an end-user's", c.ID)
	}
	own := accepted(t, "a token in the client's own right", own(c, nil)).Text("accessToken")
	if a := look(s, own, ""); a.Text("subject") != "" {
		t.Errorf("it has the subject %s", a.Text("subject"))
	}
	refusal := s.Do("auth/introspection", doc{"token": own, "subject": c.ID})
	if refusal.Text("action") == "OK" {
		t.Error("the client passes for an end-user of that name")
	}
}

// TestAttackE27_UnbuiltGrants: grants that are not built are refused as
// such; what they carry is not taken for another grant. Rows E29 and E30 too.
func TestAttackE27_UnbuiltGrants(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(client(doc{"grantTypes": []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS", "TOKEN_EXCHANGE", "JWT_BEARER", "CIBA", "DEVICE_CODE", "PASSWORD"}}))
	tokens := c.Tokens()
	code := c.Code()
	for _, grantType := range []string{
		"urn:ietf:params:oauth:grant-type:token-exchange", "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:openid:params:grant-type:ciba",
		"urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:pre-authorized_code", "urn:ietf:params:oauth:grant-type:saml2-bearer",
	} {
		refused(t, grantType, c.Token(enginetest.Form("grant_type", grantType, "subject_token", tokens.Text("accessToken"), "subject_token_type", "urn:ietf:params:oauth:token-type:access_token",
			"assertion", tokens.Text("idToken"), "code", code, "redirect_uri", enginetest.Redirect, "code_verifier", enginetest.Verifier,
			"refresh_token", tokens.Text("refreshToken"), "device_code", code, "auth_req_id", code), nil), "unsupported_grant_type")
	}
	accepted(t, "the code, afterwards", c.Redeem(code, nil))
	accepted(t, "the refresh token, afterwards", refresh(c, tokens.Text("refreshToken"), nil))
}

// TestAttackE32_GrantManagement: it is not built, and never ignored.
func TestAttackE32_GrantManagement(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	for name, pairs := range map[string][]string{
		"merge": {"grant_management_action", "merge", "grant_id", "g"}, "replace": {"grant_management_action", "replace", "grant_id", "g"},
		"create": {"grant_management_action", "create"}, "a grant_id alone": {"grant_id", "g"},
	} {
		refused(t, name, c.Authorize(pairs...), "invalid_request")
		refused(t, name+", pushed", push(c, nil, pairs...), "invalid_request")
	}
	if a := c.Do("gm", doc{"accessToken": "a", "grantId": "g", "gmAction": "REVOKE"}); a.Status != http.StatusForbidden || a.Text("resultCode") != "A001223" {
		t.Errorf("gm: %d %s", a.Status, a.Body)
	}
}
