package ruleproof

import (
	"encoding/base64"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

const tokenEndpoint = "https://as.example/token"

// proved asks for a token with a DPoP proof whose header and claims are the
// usual ones with these members replaced.
func proved(c *enginetest.Client, by, shown *enginetest.Key, header, claims doc) *enginetest.Answer {
	return own(c, doc{"dpop": by.Sign(
		enginetest.With(doc{"typ": "dpop+jwt", "jwk": shown.JWK()}, header),
		enginetest.With(doc{"htm": "POST", "htu": tokenEndpoint, "jti": enginetest.Unique(), "iat": c.Now().Unix()}, claims))})
}

// bound returns an access token in the client's own right that is bound to a
// key.
func bound(c *enginetest.Client, key *enginetest.Key) string {
	c.T.Helper()
	return must(c, own(c, doc{"dpop": c.Proof(key, "POST", tokenEndpoint, "", nil)})).Text("accessToken")
}

func dpopCases() []Case {
	claims := func(id, fault string, members func(now int64) doc) Case {
		return Case{ID: id, Fault: fault, Send: func(b *Bench) *enginetest.Answer {
			c, key := b.client(nil), enginetest.NewKey(b.T)
			return proved(c, key, key, nil, members(c.Now().Unix()))
		}}
	}
	segment := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	return []Case{
		{ID: "dpop.well_formed", Fault: "the header holds no JWT", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(nil), doc{"dpop": "no.jwt.atall"})
		}},
		{ID: "dpop.algorithm", Fault: "a symmetric algorithm", Send: func(b *Bench) *enginetest.Answer {
			return own(b.client(nil), doc{"dpop": segment(`{"typ":"dpop+jwt","alg":"HS256"}`) + "." + segment(`{}`) + "." + segment("signature")})
		}},
		{ID: "dpop.key", Fault: "the proof shows no key", Send: func(b *Bench) *enginetest.Answer {
			key := enginetest.NewKey(b.T)
			return proved(b.client(nil), key, key, doc{"jwk": nil}, nil)
		}},
		{ID: "dpop.signature", Fault: "signed with another key than the one shown", Send: func(b *Bench) *enginetest.Answer {
			return proved(b.client(nil), enginetest.NewKey(b.T), enginetest.NewKey(b.T), nil, nil)
		}},
		{ID: "dpop.replay", Fault: "the proof was used before", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			members := doc{"dpop": c.Proof(enginetest.NewKey(b.T), "POST", tokenEndpoint, "", nil)}
			must(c, own(c, members))
			return own(c, members)
		}},
		{ID: "dpop.type", Fault: "typ is that of any JWT", Send: func(b *Bench) *enginetest.Answer {
			key := enginetest.NewKey(b.T)
			return proved(b.client(nil), key, key, doc{"typ": "JWT"}, nil)
		}},
		claims("dpop.jti", "there is no jti", func(int64) doc { return doc{"jti": nil} }),
		claims("dpop.htm", "htm is another method", func(int64) doc { return doc{"htm": "GET"} }),
		claims("dpop.htu", "htu is another address", func(int64) doc { return doc{"htu": "https://as.example/other"} }),
		claims("dpop.iat", "iat is two minutes ago", func(now int64) doc { return doc{"iat": now - 120} }),
		{ID: "dpop.ath", Fault: "ath is the hash of another token", Send: func(b *Bench) *enginetest.Answer {
			c, key := b.client(nil), enginetest.NewKey(b.T)
			return look(c, bound(c, key), doc{"dpop": c.Proof(key, "GET", resourceURL, "another token", nil)})
		}},
		{ID: "dpop.nonce", Fault: "there is no nonce, and one is demanded", Send: func(b *Bench) *enginetest.Answer {
			c, key := b.service(doc{"dpopNonceRequired": true}).NewClient(enginetest.BaseClient()), enginetest.NewKey(b.T)
			return proved(c, key, key, nil, nil)
		}},
	}
}
