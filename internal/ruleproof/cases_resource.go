package ruleproof

import "github.com/symbolon-auth/symbolon/internal/enginetest"

const resourceURL = "https://rs.example/r"

// look introspects a token as a resource server does.
func look(c *enginetest.Client, token string, members doc) *enginetest.Answer {
	return c.Do("auth/introspection", enginetest.With(doc{"token": token, "htm": "GET", "htu": resourceURL}, members))
}

// revoke calls the revocation endpoint.
func revoke(c *enginetest.Client, pairs ...string) *enginetest.Answer {
	return c.Do("auth/revocation", c.Auth(enginetest.Form(pairs...), nil))
}

func resourceCases() []Case {
	return []Case{
		{ID: "resource.token.present", Fault: "no token", Send: func(b *Bench) *enginetest.Answer {
			return look(b.client(nil), "", nil)
		}},
		{ID: "resource.token.known", Fault: "there is no such token", Send: func(b *Bench) *enginetest.Answer {
			return look(b.client(nil), "unknown", nil)
		}},
		{ID: "resource.token.alive", Fault: "the refresh token was revoked, and the grant with it", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			tokens := c.Tokens()
			must(c, revoke(c, "token", tokens.Text("refreshToken")))
			return look(c, tokens.Text("accessToken"), nil)
		}},
		{ID: "resource.client.unlocked", Fault: "the client was locked", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			token := must(c, own(c, nil)).Text("accessToken")
			change(c, doc{"locked": true})
			return look(c, token, nil)
		}},
		{ID: "resource.proof.present", Fault: "a bound token without a proof", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return look(c, bound(c, enginetest.NewKey(b.T)), nil)
		}},
		{ID: "resource.proof.bound", Fault: "a proof for a token that is not bound", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			token := must(c, own(c, nil)).Text("accessToken")
			return look(c, token, doc{"dpop": c.Proof(enginetest.NewKey(b.T), "GET", resourceURL, token, nil)})
		}},
		{ID: "resource.proof.key", Fault: "a proof of another key", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			token := bound(c, enginetest.NewKey(b.T))
			return look(c, token, doc{"dpop": c.Proof(enginetest.NewKey(b.T), "GET", resourceURL, token, nil)})
		}},
	}
}

func introspectionCases() []Case {
	demand := func(id, fault string, members func(now int64) (issue, look doc)) Case {
		return Case{ID: id, Fault: fault, Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			issue, demanded := members(c.Now().Unix())
			return look(c, must(c, c.Redeem(c.Issue(c.Ticket(), issue), nil)).Text("accessToken"), demanded)
		}}
	}
	return []Case{
		demand("introspection.subject", "another subject is expected", func(int64) (doc, doc) { return nil, doc{"subject": "1002"} }),
		demand("introspection.scopes", "a scope is missing", func(int64) (doc, doc) { return nil, doc{"scopes": []string{"read", "write"}} }),
		demand("introspection.resources", "the token is for no resource", func(int64) (doc, doc) { return nil, doc{"resources": []string{"https://rs.example"}} }),
		demand("introspection.acr", "the end-user was authenticated otherwise", func(int64) (doc, doc) {
			return doc{"acr": "loa1"}, doc{"acrValues": []string{"loa2"}}
		}),
		demand("introspection.max_age", "the end-user was authenticated two minutes ago", func(now int64) (doc, doc) {
			return doc{"authTime": now - 120}, doc{"maxAge": 60}
		}),
		{ID: "introspection.token.present", Fault: "no token", Send: func(b *Bench) *enginetest.Answer {
			return b.service(nil).Do("auth/introspection/standard", doc{"parameters": "token_type_hint=access_token"})
		}},
	}
}

func revocationCases() []Case {
	return []Case{
		{ID: "revocation.well_formed", Fault: "token twice", Send: func(b *Bench) *enginetest.Answer {
			return revoke(b.client(nil), "token", "a", "token", "b")
		}},
		{ID: "revocation.token.present", Fault: "no token", Send: func(b *Bench) *enginetest.Answer {
			return revoke(b.client(nil), "token_type_hint", "access_token")
		}},
	}
}

func userinfoCases() []Case {
	return []Case{
		{ID: "userinfo.openid", Fault: "the token lacks openid", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return c.Do("auth/userinfo", doc{"token": c.Tokens("scope", "read").Text("accessToken")})
		}},
	}
}
