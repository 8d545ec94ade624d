package ruleproof

import "github.com/symbolon-auth/symbolon/internal/enginetest"

func tokenCases() []Case {
	return []Case{
		{ID: "token.well_formed", Fault: "a broken percent-encoding", Send: func(b *Bench) *enginetest.Answer {
			return b.client(nil).Token("grant_type=client_credentials&x=%zz", nil)
		}},
		{ID: "token.repeated", Fault: "scope twice", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(nil), nil, "scope", "read", "scope", "write")
		}},
		{
			ID: "token.grant_type.present", Fault: "no grant_type", MaskedBy: "token.grant_type.supported", Because: "none is not a supported one either",
			Send: func(b *Bench) *enginetest.Answer { return b.client(nil).Token("scope=read", nil) },
		},
		{
			ID: "token.grant_type.supported", Fault: "a grant_type that is not built", MaskedBy: "token.grant_type.client",
			Because: "what a client may use is folded with what the service supports and what is built",
			Send: func(b *Bench) *enginetest.Answer {
				return b.client(nil).Token("grant_type=password&username=u&password=p", nil)
			},
		},
		{ID: "token.grant_type.client", Fault: "a grant_type that the client lacks", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(doc{"grantTypes": []string{"AUTHORIZATION_CODE"}}), nil)
		}},
		{ID: "token.resource", Fault: "a resource", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(nil), nil, "resource", "https://rs.example")
		}},
		{ID: "token.authorization_details", Fault: "authorization_details", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(nil), nil, "authorization_details", "[]")
		}},
		{ID: "token.signing_key", Fault: "the client's ID tokens got an algorithm that the service has no key for", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			code := c.Code()
			change(c, doc{"idTokenSignAlg": "ES384"})
			return c.Redeem(code, nil)
		}},
	}
}

// exchange redeems a code with parameters that replace the usual ones.
func exchange(c *enginetest.Client, code string, members doc, redirect, verifier string) *enginetest.Answer {
	return c.Token(enginetest.Form("grant_type", "authorization_code", "code", code, "redirect_uri", redirect, "code_verifier", verifier), members)
}

// fapiCode makes a code under FAPI 2.
func fapiCode(c *enginetest.Client) string {
	c.T.Helper()
	return c.Issue(must(c, resume(c, pushed(c, nil))).Text("ticket"), nil)
}

func codeCases() []Case {
	return []Case{
		{ID: "token.code.known", Fault: "there is no such code", Send: func(b *Bench) *enginetest.Answer {
			return b.client(nil).Redeem("unknown", nil)
		}},
		{ID: "token.code.client", Fault: "the code of another client", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return another(c).Redeem(c.Code(), nil)
		}},
		{ID: "token.code.redirect_uri", Fault: "no redirect_uri, and the authorization request had one", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return exchange(c, c.Code(), nil, "", enginetest.Verifier)
		}},
		{
			ID: "token.code.verifier_present", Fault: "no code_verifier", MaskedBy: "token.code.verifier", Because: "none does not fit the challenge",
			Send: func(b *Bench) *enginetest.Answer {
				c := b.client(nil)
				return exchange(c, c.Code(), nil, enginetest.Redirect, "")
			},
		},
		{ID: "token.code.verifier_syntax", Fault: "a short code_verifier that fits", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return exchange(c, c.Code("code_challenge", enginetest.Hash("short")), nil, enginetest.Redirect, "short")
		}},
		{ID: "token.code.verifier", Fault: "a code_verifier that does not fit", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return exchange(c, c.Code(), nil, enginetest.Redirect, enginetest.Verifier+"-not")
		}},
		{ID: "token.code.verifier_unexpected", Fault: "a code_verifier without a code_challenge", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return c.Redeem(c.Code("code_challenge", "", "code_challenge_method", ""), nil)
		}},
		{ID: "token.code.dpop_jkt", Fault: "the code is bound to another key than the proof's", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			code := c.Code("dpop_jkt", enginetest.NewKey(b.T).Thumbprint())
			return c.Redeem(code, doc{"dpop": c.Proof(enginetest.NewKey(b.T), "POST", tokenEndpoint, "", nil)})
		}},
		{ID: "token.code.sender_constrained", Fault: "no proof under FAPI 2", Send: func(b *Bench) *enginetest.Answer {
			c := b.fapiClient(nil)
			return c.Redeem(fapiCode(c), nil)
		}},
		{
			ID: "token.code.unused", Fault: "the code was used before", MaskedBy: Commit, Because: "a code is consumed by one conditional statement",
			Send: func(b *Bench) *enginetest.Answer {
				c := b.client(nil)
				code := c.Code()
				must(c, c.Redeem(code, nil))
				return c.Redeem(code, nil)
			},
		},
	}
}

func refreshCases() []Case {
	return []Case{
		{ID: "token.refresh.known", Fault: "there is no such refresh token", Send: func(b *Bench) *enginetest.Answer {
			return refresh(b.client(nil), "unknown", nil)
		}},
		{ID: "token.refresh.client", Fault: "the refresh token of another client", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return refresh(another(c), c.Tokens().Text("refreshToken"), nil)
		}},
		{ID: "token.refresh.scope_syntax", Fault: "a quotation mark in the scope", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return refresh(c, c.Tokens().Text("refreshToken"), nil, "scope", `re"ad`)
		}},
		{ID: "token.refresh.scope", Fault: "a scope that was not granted", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return refresh(c, c.Tokens().Text("refreshToken"), nil, "scope", "read write")
		}},
		{ID: "token.refresh.key", Fault: "the refresh token is bound to another key than the proof's", Send: func(b *Bench) *enginetest.Answer {
			c := b.public()
			proof := func() doc { return doc{"dpop": c.Proof(enginetest.NewKey(b.T), "POST", tokenEndpoint, "", nil)} }
			return refresh(c, must(c, c.Redeem(c.Code(), proof())).Text("refreshToken"), proof())
		}},
		{ID: "token.refresh.sender_constrained", Fault: "no proof under FAPI 2", Send: func(b *Bench) *enginetest.Answer {
			c := b.fapiClient(nil)
			tokens := must(c, c.Redeem(fapiCode(c), doc{"dpop": c.Proof(enginetest.NewKey(b.T), "POST", tokenEndpoint, "", nil)}))
			return refresh(c, tokens.Text("refreshToken"), nil)
		}},
		{ID: "token.refresh.grant_alive", Fault: "the access token was revoked, and its grant with it", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			tokens := c.Tokens()
			must(c, revoke(c, "token", tokens.Text("accessToken")))
			return refresh(c, tokens.Text("refreshToken"), nil)
		}},
		{
			ID: "token.refresh.unused", Fault: "the refresh token was used before", MaskedBy: Commit, Because: "a refresh token is consumed by one conditional statement",
			Send: func(b *Bench) *enginetest.Answer {
				c := b.client(nil)
				token := c.Tokens().Text("refreshToken")
				must(c, refresh(c, token, nil))
				return refresh(c, token, nil)
			},
		},
	}
}

func clientCredentialsCases() []Case {
	return []Case{
		{ID: "token.client_credentials.confidential", Fault: "a public client", Send: func(b *Bench) *enginetest.Answer {
			return own(b.public(), nil)
		}},
		{ID: "token.client_credentials.scope_syntax", Fault: "a quotation mark in the scope", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(nil), nil, "scope", `re"ad`)
		}},
		{ID: "token.client_credentials.no_openid", Fault: "a scope that needs an end-user", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(nil), nil, "scope", "openid")
		}},
		{ID: "token.client_credentials.sender_constrained", Fault: "no proof under FAPI 2", Send: func(b *Bench) *enginetest.Answer {
			return own(b.fapiClient(nil), nil)
		}},
	}
}
