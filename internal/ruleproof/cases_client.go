package ruleproof

import "github.com/symbolon-auth/symbolon/internal/enginetest"

func clientCases() []Case {
	return []Case{
		{ID: "client.one_method", Fault: "the right secret in the header and in the body", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(doc{"tokenAuthMethod": "CLIENT_SECRET_POST"})
			return own(c, nil, "client_secret", c.Secret)
		}},
		{ID: "client.one_name", Fault: "client_id names another client than the header", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return own(c, nil, "client_id", another(c).ID)
		}},
		{ID: "client.named", Fault: "no client is named", Send: func(b *Bench) *enginetest.Answer {
			return b.service(nil).Do("auth/token", doc{"parameters": "grant_type=client_credentials"})
		}},
		{ID: "client.known", Fault: "there is no such client", Send: func(b *Bench) *enginetest.Answer {
			return b.service(nil).Do("auth/token", doc{"parameters": "grant_type=client_credentials", "clientId": "4711", "clientSecret": "s"})
		}},
		{ID: "client.unlocked", Fault: "the client is locked", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(doc{"locked": true}), nil)
		}},
		{ID: "client.confidential", Fault: "a public client under FAPI 2", Send: func(b *Bench) *enginetest.Answer {
			return push(b.fapiClient(doc{"clientType": "PUBLIC"}), nil)
		}},
		{ID: "client.method.acceptable", Fault: "a secret under FAPI 2", Send: func(b *Bench) *enginetest.Answer {
			return push(b.service(fapi2()).NewClient(enginetest.BaseClient()), nil)
		}},
		{ID: "client.public.no_credentials", Fault: "a client without credentials shows a secret", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(doc{"tokenAuthMethod": "NONE"}), nil)
		}},
		{ID: "client.method.registered", Fault: "the right secret by another method than the registered one", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(doc{"tokenAuthMethod": "CLIENT_SECRET_POST"}), nil)
		}},
		{ID: "client.secret", Fault: "a wrong secret", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(nil), doc{"clientSecret": "wrong"})
		}},
	}
}

// asserted asks for a token with an assertion whose header and claims are the
// usual ones with these members replaced.
func asserted(c *enginetest.Client, by *enginetest.Key, header, claims doc) *enginetest.Answer {
	now := c.Now().Unix()
	return withAssertion(c, by.Sign(
		enginetest.With(doc{"kid": c.Key.KID}, header),
		enginetest.With(doc{"iss": c.ID, "sub": c.ID, "aud": "https://as.example", "jti": enginetest.Unique(), "iat": now, "exp": now + 60}, claims)))
}

func withAssertion(c *enginetest.Client, assertion string) *enginetest.Answer {
	return c.Do("auth/token", doc{"parameters": enginetest.Form("grant_type", "client_credentials", "client_id", c.ID,
		"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", assertion)})
}

func (b *Bench) keyClient(members doc) *enginetest.Client {
	b.T.Helper()
	return b.service(nil).NewKeyClient(enginetest.With(enginetest.BaseClient(), members))
}

func assertionCases() []Case {
	claims := func(id, fault string, members func(now int64) doc) Case {
		return Case{ID: id, Fault: fault, Send: func(b *Bench) *enginetest.Answer {
			c := b.keyClient(nil)
			return asserted(c, c.Key, nil, members(c.Now().Unix()))
		}}
	}
	return []Case{
		{ID: "client.assertion.well_formed", Fault: "the assertion is no JWT", Send: func(b *Bench) *enginetest.Answer {
			return withAssertion(b.keyClient(nil), "no.jwt.atall")
		}},
		{ID: "client.assertion.algorithm", Fault: "signed with another algorithm than the registered one", Send: func(b *Bench) *enginetest.Answer {
			c := b.keyClient(doc{"tokenAuthSignAlg": "PS256"})
			return asserted(c, c.Key, nil, nil)
		}},
		{ID: "client.assertion.key", Fault: "the key id is none of the client's", Send: func(b *Bench) *enginetest.Answer {
			c := b.keyClient(nil)
			return asserted(c, c.Key, doc{"kid": "other"}, nil)
		}},
		{ID: "client.assertion.signature", Fault: "signed with another key under the right key id", Send: func(b *Bench) *enginetest.Answer {
			c := b.keyClient(nil)
			return asserted(c, enginetest.NewKey(b.T), nil, nil)
		}},
		{ID: "client.assertion.type", Fault: "typ is that of a DPoP proof", Send: func(b *Bench) *enginetest.Answer {
			c := b.keyClient(nil)
			return asserted(c, c.Key, doc{"typ": "dpop+jwt"}, nil)
		}},
		claims("client.assertion.iss", "iss is somebody else", func(int64) doc { return doc{"iss": "somebody"} }),
		claims("client.assertion.sub", "there is no sub", func(int64) doc { return doc{"sub": nil} }),
		claims("client.assertion.aud", "aud is another server", func(int64) doc { return doc{"aud": "https://other.example"} }),
		claims("client.assertion.exp", "exp has passed", func(now int64) doc { return doc{"exp": now - 10} }),
		claims("client.assertion.not_before", "nbf is two minutes ahead", func(now int64) doc { return doc{"nbf": now + 120} }),
		claims("client.assertion.jti", "there is no jti", func(int64) doc { return doc{"jti": nil} }),
		{ID: "client.assertion.replay", Fault: "the assertion was used before", Send: func(b *Bench) *enginetest.Answer {
			c := b.keyClient(nil)
			assertion := c.Assertion(nil)
			must(c, withAssertion(c, assertion))
			return withAssertion(c, assertion)
		}},
	}
}
