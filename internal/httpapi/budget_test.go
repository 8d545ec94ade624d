package httpapi_test

import (
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// TestBudgets counts the reads and commits that each operation costs. They
// are the engine's promise on speed that no noisy machine can blur.
func TestBudgets(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.BaseService())
	c := s.NewClient(enginetest.BaseClient())
	keyed := s.NewKeyClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	cost := func(name string, reads, commits int64, f func() *enginetest.Answer) *enginetest.Answer {
		t.Helper()
		before := e.Store.Stats()
		a := f()
		after := e.Store.Stats()
		if r, w := after.Reads-before.Reads, after.Commits-before.Commits; r != reads || w != commits {
			t.Errorf("%s: %dR + %dC, want %dR + %dC: %.300s", name, r, w, reads, commits, a.Body)
		}
		return a
	}
	do := func(op string, d doc) func() *enginetest.Answer {
		return func() *enginetest.Answer { return s.Do(op, d) }
	}
	c.Authorize() // warms the cache of clients
	keyed.Authorize()

	auth := cost("authorization", 0, 1, func() *enginetest.Answer { return c.Authorize() })
	issued := cost("issue", 1, 1, do("auth/authorization/issue", doc{"ticket": auth.Text("ticket"), "subject": "1001"}))
	tok := cost("code", 1, 1, func() *enginetest.Answer { return c.Redeem(issued.Text("authorizationCode"), nil) })
	access := tok.Text("accessToken")
	cost("introspection", 1, 0, do("auth/introspection", doc{"token": access}))
	cost("standard introspection", 1, 0, do("auth/introspection/standard", doc{"parameters": "token=" + access}))
	cost("userinfo", 1, 0, do("auth/userinfo", doc{"token": access}))
	cost("userinfo/issue", 1, 0, do("auth/userinfo/issue", doc{"token": access}))
	again := cost("refresh", 1, 1, func() *enginetest.Answer {
		return c.Token(enginetest.Form("grant_type", "refresh_token", "refresh_token", tok.Text("refreshToken")), nil)
	})
	cost("revocation", 1, 1, do("auth/revocation", c.Auth("token="+again.Text("accessToken"), nil)))
	cost("client_credentials", 0, 1, func() *enginetest.Answer { return c.Token("grant_type=client_credentials", nil) })
	cost("client_credentials with an assertion", 0, 1, func() *enginetest.Answer { return keyed.Token("grant_type=client_credentials", nil) })

	par := cost("PAR", 0, 1, func() *enginetest.Answer {
		return keyed.Do("pushed_auth_req", keyed.Auth(keyed.Request(), doc{"dpop": e.Proof(key, "POST", "https://as.example/par", "", nil)}))
	})
	pushed := cost("authorization by request_uri", 1, 1, do("auth/authorization", doc{"parameters": enginetest.Form("client_id", keyed.ID, "request_uri", par.Text("requestUri"))}))
	code := keyed.Issue(pushed.Text("ticket"), nil)
	bound := cost("code with assertion and proof", 1, 1, func() *enginetest.Answer {
		return keyed.Redeem(code, doc{"dpop": e.Proof(key, "POST", "https://as.example/token", "", nil)})
	}).Text("accessToken")
	cost("bound introspection", 1, 1, do("auth/introspection", doc{
		"token": bound, "htm": "GET", "htu": "https://rs.example/", "dpop": e.Proof(key, "GET", "https://rs.example/", bound, nil),
	}))
	cost("bound userinfo", 1, 1, do("auth/userinfo", doc{"token": bound, "dpop": e.Proof(key, "GET", "https://as.example/userinfo", bound, nil)}))
	denied := keyed.Ticket()
	cost("fail", 1, 1, do("auth/authorization/fail", doc{"ticket": denied, "reason": "DENIED"}))
	held := keyed.Ticket()
	cost("ticket info", 1, 0, do("auth/authorization/ticket/info", doc{"ticket": held}))
	cost("ticket update", 1, 1, do("auth/authorization/ticket/update", doc{"ticket": held, "info": doc{"context": "c"}}))
	cost("configuration", 0, 0, func() *enginetest.Answer {
		return s.Call("GET", s.Path("service/configuration"), enginetest.RootToken, nil)
	})
	registering := e.NewService(enginetest.RegisteringService())
	var r doc
	cost("registration", 0, 1, func() *enginetest.Answer {
		a := registering.Register(enginetest.Metadata(nil))
		r = a.Content(t)
		return a
	})
	cost("registration/get", 0, 0, func() *enginetest.Answer { return registering.Manage("get", r, nil) })
	cost("registration/update", 0, 1, func() *enginetest.Answer {
		return registering.Manage("update", r, enginetest.Metadata(doc{"client_id": r["client_id"]}))
	})
	cost("registration/delete", 0, 2, func() *enginetest.Answer { return registering.Manage("delete", r, nil) })
	cost("a refused request", 0, 0, func() *enginetest.Answer { return c.Token("grant_type=password", nil) })
	cost("a refused request with an assertion", 0, 1, func() *enginetest.Answer { return keyed.Token("grant_type=password", nil) })
}
