package httpapi_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/grant"
)

func refreshed(c *enginetest.Client, token string, members doc, pairs ...string) *enginetest.Answer {
	return c.Token(enginetest.Form(append([]string{"grant_type", "refresh_token", "refresh_token", token}, pairs...)...), members)
}

// TestRetryWindow: a retry of a rotation gets the same successor while it is
// the same request and the successor is unused; anything else is a replay.
func TestRetryWindow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		between func(e *enginetest.Engine, c *enginetest.Client, successor string)
		pairs   []string
		same    bool
	}{
		"at once":               {same: true},
		"within the window":     {between: func(e *enginetest.Engine, _ *enginetest.Client, _ string) { e.Advance(59 * time.Second) }, same: true},
		"after the window":      {between: func(e *enginetest.Engine, _ *enginetest.Client, _ string) { e.Advance(61 * time.Second) }},
		"another scope":         {pairs: []string{"scope", "read"}},
		"switched off":          {between: func(_ *enginetest.Engine, c *enginetest.Client, _ string) { c.Update(enginetest.BaseService()) }},
		"the successor is used": {between: func(_ *enginetest.Engine, c *enginetest.Client, successor string) { refreshed(c, successor, nil) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := enginetest.Start(t)
			client := e.NewService(enginetest.With(enginetest.BaseService(), doc{"refreshTokenIdempotent": true})).NewClient(enginetest.BaseClient())
			first := client.Tokens()
			rotated := refreshed(client, first.Text("refreshToken"), nil)
			if c.between != nil {
				c.between(e, client, rotated.Text("refreshToken"))
			}
			retry := refreshed(client, first.Text("refreshToken"), nil, c.pairs...)
			if c.same {
				if retry.Text("refreshToken") != rotated.Text("refreshToken") || retry.Text("previousRefreshTokenUsed") != "true" ||
					retry.Text("refreshTokenExpiresAt") != rotated.Text("refreshTokenExpiresAt") {
					t.Fatalf("rotated %s\nretried %s", rotated.Body, retry.Body)
				}
				if !client.Active(rotated.Text("accessToken")) || !client.Active(retry.Text("accessToken")) {
					t.Error("an access token of the window is dead")
				}
				return
			}
			if retry.Text("action") != "BAD_REQUEST" {
				t.Fatalf("retried %s", retry.Body)
			}
			if client.Active(rotated.Text("accessToken")) {
				t.Error("a replay did not revoke the family")
			}
		})
	}
	t.Run("another key", func(t *testing.T) {
		t.Parallel()
		e := enginetest.Start(t)
		client := e.NewService(enginetest.With(enginetest.BaseService(), doc{"refreshTokenIdempotent": true})).NewClient(enginetest.BaseClient())
		proof := func(k *enginetest.Key) doc {
			return doc{"dpop": e.Proof(k, "POST", "https://as.example/token", "", nil)}
		}
		a, b := enginetest.NewKey(t), enginetest.NewKey(t)
		first := client.Tokens()
		refreshed(client, first.Text("refreshToken"), proof(a))
		if r := refreshed(client, first.Text("refreshToken"), proof(b)); r.Text("action") != "BAD_REQUEST" {
			t.Errorf("%s", r.Body)
		}
	})
}

// TestRefreshLifetimes: kept, reset, inherited and linked lifetimes.
func TestRefreshLifetimes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		service doc
		expires time.Duration // of the refresh token after one minute, from the start
		access  time.Duration // of the access token after one minute, from then
	}{
		"rotated":                    {doc{}, 61 * time.Minute, 2 * time.Hour},
		"rotated, lifetime kept":     {doc{"refreshTokenDurationKept": true}, 60 * time.Minute, 2 * time.Hour},
		"token kept":                 {doc{"refreshTokenKept": true}, 60 * time.Minute, 2 * time.Hour},
		"token kept, lifetime reset": {doc{"refreshTokenKept": true, "refreshTokenDurationReset": true}, 61 * time.Minute, 2 * time.Hour},
		"linked":                     {doc{"refreshTokenKept": true, "tokenExpirationLinked": true}, 60 * time.Minute, 59 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
			e := enginetest.Frozen(t, start)
			client := e.NewService(enginetest.With(enginetest.With(enginetest.BaseService(), doc{"accessTokenDuration": 7200, "refreshTokenDuration": 3600}), c.service)).NewClient(enginetest.BaseClient())
			first := client.Tokens()
			e.Advance(time.Minute)
			again := refreshed(client, first.Text("refreshToken"), nil)
			if got, want := again.Text("refreshTokenExpiresAt"), start.Add(c.expires).UnixMilli(); got != milliseconds(want) {
				t.Errorf("refresh token expires at %s, want %d: %s", got, want, again.Body)
			}
			if got, want := again.Text("accessTokenExpiresAt"), start.Add(time.Minute+c.access).UnixMilli(); got != milliseconds(want) {
				t.Errorf("access token expires at %s, want %d", got, want)
			}
			for _, handle := range []string{again.Text("accessToken"), again.Text("refreshToken")} {
				tok, g, err := e.Store.Token(context.Background(), client.Service.ID, grant.KeyOf(handle), e.Now().UnixMilli())
				if err != nil || tok == nil {
					t.Fatal(tok, err)
				}
				if g.Expires < tok.Expires {
					t.Errorf("the grant (%d) ends before its token (%d)", g.Expires, tok.Expires)
				}
			}
		})
	}
}

func milliseconds(n int64) string { return strconv.FormatInt(n, 10) }

// TestOwnRight: what clients may do in their own right.
func TestOwnRight(t *testing.T) {
	t.Parallel()
	s := enginetest.Start(t).NewService(enginetest.With(enginetest.BaseService(), doc{"accessTokenSignAlg": "ES256"}))
	c := s.NewClient(enginetest.BaseClient())
	a, b := c.Token("grant_type=client_credentials", nil), c.Token("grant_type=client_credentials", nil)
	c.Do("auth/revocation", c.Auth("token="+a.Text("accessToken"), nil))
	if s.Active(a.Text("accessToken")) || !s.Active(b.Text("accessToken")) {
		t.Error("revoking one token of a client must leave its others alone")
	}
	open := s.NewClient(enginetest.With(enginetest.BaseClient(), doc{"tokenAuthMethod": "NONE"}))
	if r := s.Do("auth/token", doc{"parameters": enginetest.Form("grant_type", "client_credentials", "client_id", open.ID)}); r.Text("action") == "OK" {
		t.Errorf("a client that does not authenticate: %s", r.Body)
	}
	for _, members := range []doc{
		{"accessToken": "x.y.z"}, {"accessTokenDuration": 1 << 40}, {"refreshTokenDuration": -1},
		{"properties": []doc{{"key": "k", "value": string(make([]byte, 20000))}}},
	} {
		if r := c.Token("grant_type=client_credentials", members); r.Status != 400 {
			t.Errorf("%d %.200s", r.Status, r.Body)
		}
	}
	forged := c.Token("grant_type=client_credentials", doc{"properties": []doc{{"key": "cnf", "value": "k"}}})
	facts := s.Do("auth/introspection/standard", doc{"parameters": "token=" + forged.Text("accessToken")}).Content(t)
	if facts["cnf"] != nil {
		t.Errorf("a property invented a fact: %v", facts)
	}
	rotated := refreshed(c, c.Tokens().Text("refreshToken"), nil)
	old := c.Tokens()
	refreshed(c, old.Text("refreshToken"), nil)
	if f := s.Do("auth/introspection/standard", doc{"parameters": "token=" + old.Text("refreshToken")}).Content(t); f["active"] != false {
		t.Errorf("a used refresh token: %v", f)
	}
	if rotated.Text("action") != "OK" {
		t.Errorf("%s", rotated.Body)
	}
}
