package httpapi_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// DPoP.

// proved asks for a token with a proof.
func proved(c *enginetest.Client, proof string, members doc) *enginetest.Answer {
	return own(c, enginetest.With(doc{"dpop": proof}, members))
}

// proofOf makes a proof with a header of its own.
func proofOf(c *enginetest.Client, key *enginetest.Key, header, claims doc) string {
	return key.Sign(enginetest.With(doc{"typ": "dpop+jwt", "jwk": key.JWK()}, header),
		enginetest.With(doc{"htm": "POST", "htu": tokenURL, "jti": enginetest.Unique(), "iat": c.Now().Unix()}, claims))
}

// boundToken returns an access token that is bound to a key.
func boundToken(t *testing.T, c *enginetest.Client, key *enginetest.Key) string {
	t.Helper()
	return accepted(t, "a bound token", proved(c, c.Proof(key, "POST", tokenURL, "", nil), nil)).Text("accessToken")
}

func TestAttackP1_OneProof(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	proof := func() string { return c.Proof(key, "POST", tokenURL, "", nil) }
	for name, text := range map[string]string{
		"two, joined by a comma": proof() + "," + proof(), "two, joined by a comma and a space": proof() + ", " + proof(), "two, joined by a space": proof() + " " + proof(),
		"two, joined by a line break": proof() + "\r\n" + proof(), "a space": " ", "a scheme in front": "DPoP " + proof(), "a dot": ".", "no JWT": "proof",
		"JSON": `{"payload":"e30","signatures":[]}`, "ten thousand dots": strings.Repeat(".", 10_000),
	} {
		refused(t, name, proved(c, text, nil), "invalid_dpop_proof")
		refused(t, name+", pushed", push(c, doc{"dpop": text}), "invalid_dpop_proof")
	}
	token := boundToken(t, c, key)
	two := c.Proof(key, "GET", resourceURL, token, nil) + ", " + c.Proof(key, "GET", resourceURL, token, nil)
	refused(t, "two, at a resource", look(c.Service, token, two), "invalid_dpop_proof")
	fapi := attacked(t, fapi2()).NewKeyClient(enginetest.BaseClient())
	refused(t, "none under FAPI 2", own(fapi, nil), "invalid_request")
	accepted(t, "one", proved(c, proof(), nil))
}

func TestAttackP2_Headers(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	public, err := json.Marshal(key.JWK())
	if err != nil {
		t.Fatal(err)
	}
	var private doc
	if err := json.Unmarshal(public, &private); err != nil {
		t.Fatal(err)
	}
	private["d"] = base64.RawURLEncoding.EncodeToString(key.Priv.D.Bytes()) //nolint:staticcheck // the test makes a JWK
	claims := func() string {
		return segment(t, doc{"htm": "POST", "htu": tokenURL, "jti": enginetest.Unique(), "iat": c.Now().Unix()})
	}
	unsigned := func(alg string) string {
		return segment(t, doc{"typ": "dpop+jwt", "alg": alg, "jwk": key.JWK()}) + "." + claims() + "."
	}
	input := segment(t, doc{"typ": "dpop+jwt", "alg": "HS256", "jwk": doc{"kty": "oct", "k": "c2VjcmV0"}}) + "." + claims()
	m := hmac.New(sha256.New, []byte("secret"))
	m.Write([]byte(input))
	other := enginetest.NewKey(t)
	for name, proof := range map[string]string{
		"typ JWT":              proofOf(c, key, doc{"typ": "JWT"}, nil),
		"no typ":               proofOf(c, key, doc{"typ": nil}, nil),
		"typ of an assertion":  proofOf(c, key, doc{"typ": "client-authentication+jwt"}, nil),
		"alg none":             unsigned("none"),
		"alg NONE":             unsigned("NONE"),
		"HS256 and an oct jwk": input + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil)),
		"a private key":        proofOf(c, key, doc{"jwk": private}, nil),
		"no jwk":               proofOf(c, key, doc{"jwk": nil}, nil),
		"a kid instead":        proofOf(c, key, doc{"jwk": nil, "kid": key.KID}, nil),
		"another key's jwk":    proofOf(c, key, doc{"jwk": other.JWK()}, nil),
		"no htm":               proofOf(c, key, nil, doc{"htm": nil}),
		"no htu":               proofOf(c, key, nil, doc{"htu": nil}),
		"no jti":               proofOf(c, key, nil, doc{"jti": nil}),
		"no iat":               proofOf(c, key, nil, doc{"iat": nil}),
		"htm in lower case":    proofOf(c, key, nil, doc{"htm": "post"}),
	} {
		refused(t, name, proved(c, proof, nil), "invalid_dpop_proof")
		refused(t, name+", pushed", push(c, doc{"dpop": proof, "htu": tokenURL}), "invalid_dpop_proof")
	}
	accepted(t, "a good one", proved(c, proofOf(c, key, nil, nil), nil))
}

// TestAttackP2_Replay: a proof is good once, wherever it is shown; one that
// came with a refused request is not spent.
func TestAttackP2_Replay(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	proof := c.Proof(key, "POST", tokenURL, "", nil)
	refused(t, "a refused request", proved(c, proof, doc{"clientSecret": "wrong"}), "invalid_client")
	token := accepted(t, "the first use", c.Redeem(c.Code(), doc{"dpop": proof})).Text("accessToken")
	refused(t, "the second use", proved(c, proof, nil), "invalid_dpop_proof")
	refused(t, "by another client", proved(another(c), proof, nil), "invalid_dpop_proof")
	there := c.Proof(key, "GET", resourceURL, token, nil)
	accepted(t, "at a resource", look(c.Service, token, there))
	refused(t, "at a resource, again", look(c.Service, token, there), "invalid_dpop_proof")
	if a := c.Do("auth/userinfo", doc{"token": token, "dpop": there, "htm": "GET", "htu": resourceURL}); a.Verdict().Error != "invalid_dpop_proof" {
		t.Errorf("at userinfo, again: %s", a.Body)
	}
	there = c.Proof(key, "POST", parURL, "", nil)
	accepted(t, "at PAR", push(c, doc{"dpop": there}))
	refused(t, "at PAR, again", push(c, doc{"dpop": there}), "invalid_dpop_proof")
	k := c.NewKeyClient(enginetest.BaseClient()) // an assertion is spent, too
	for what, use := range map[string]func() *enginetest.Answer{
		tokenURL: func() *enginetest.Answer { return proved(k, there, nil) },
		parURL:   func() *enginetest.Answer { return push(k, doc{"dpop": there}) },
	} {
		there = c.Proof(key, "POST", what, "", nil)
		accepted(t, "with an assertion, "+what, use())
		refused(t, "with an assertion, again, "+what, use(), "invalid_dpop_proof")
	}
	beyond := c.Proof(key, "POST", tokenURL, "", nil)
	accepted(t, "the first use", proved(c, beyond, nil))
	for range 6 {
		c.Advance(10 * time.Second)
		refused(t, "while it could be accepted", proved(c, beyond, nil), "invalid_dpop_proof")
	}
}

// TestAttackP4_URL: what the front end says is the URL, or else what is
// configured; never a header of the call.
func TestAttackP4_URL(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	proof := func(url string) string { return c.Proof(key, "POST", url, "", nil) }
	public := "https://public.example/oauth/token"
	accepted(t, "as configured", proved(c, proof(tokenURL), nil))
	accepted(t, "as the front end says", proved(c, proof(public), doc{"htu": public, "htm": "POST"}))
	refused(t, "as configured, though the front end says otherwise", proved(c, proof(tokenURL), doc{"htu": public}), "invalid_dpop_proof")
	refused(t, "as the front end would say, and does not", proved(c, proof(public), nil), "invalid_dpop_proof")
	refused(t, "another method than the front end says", proved(c, proof(public), doc{"htu": public, "htm": "PUT"}), "invalid_dpop_proof")

	body, err := json.Marshal(c.Auth("grant_type=client_credentials", doc{"dpop": proof("http://engine.internal/api/auth/token")}))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "http://engine.internal"+c.Path("auth/token"), strings.NewReader(string(body)))
	r.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
	r.Header.Set("X-Forwarded-Host", "engine.internal")
	refused(t, "the host of the call", c.Raw(r), "invalid_dpop_proof")
}

func TestAttackP5_Time(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	now := c.Now().Unix()
	for _, off := range []int64{-10, 0, 10} {
		accepted(t, "a clock that is a little off", proved(c, proofOf(c, key, nil, doc{"iat": now + off}), nil))
	}
	for _, off := range []int64{-70, 75, -86400, 86400} {
		refused(t, "a clock that is far off", proved(c, proofOf(c, key, nil, doc{"iat": now + off}), nil), "invalid_dpop_proof")
	}
	for _, iat := range []any{0, -1, 1e300, "now", nil, now * 1000} {
		refused(t, "no time", proved(c, proofOf(c, key, nil, doc{"iat": iat}), nil), "invalid_dpop_proof")
	}
}

func TestAttackP7_TokenHash(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	token, other := boundToken(t, c, key), boundToken(t, c, key)
	for name, ath := range map[string]any{"none": nil, "of another token": enginetest.Hash(other), "empty": "", "the token itself": token, "of its hash": enginetest.Hash(enginetest.Hash(token))} {
		proof := c.Proof(key, "GET", resourceURL, token, doc{"ath": ath})
		a := look(c.Service, token, proof)
		refused(t, name, a, "invalid_dpop_proof")
		if a.Text("action") != "UNAUTHORIZED" {
			t.Errorf("%s: the action is %s", name, a.Text("action"))
		}
	}
	refused(t, "a proof for the token endpoint", look(c.Service, token, c.Proof(key, "POST", tokenURL, token, nil)), "invalid_dpop_proof")
	accepted(t, "its own", look(c.Service, token, c.Proof(key, "GET", resourceURL, token, nil)))
}

func TestAttackP8_Nonce(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	demanding := enginetest.With(enginetest.QuickService(), doc{"dpopNonceRequired": true, "dpopNonceDuration": 60})
	c := e.NewService(demanding).NewClient(enginetest.BaseClient())
	elsewhere := e.NewService(demanding).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	ask := func(c *enginetest.Client, nonce any) *enginetest.Answer {
		return proved(c, proofOf(c, key, nil, doc{"nonce": nonce}), nil)
	}
	challenge := func(what string, a *enginetest.Answer) string {
		refused(t, what, a, "use_dpop_nonce")
		if a.Text("dpopNonce") == "" {
			t.Errorf("%s: there is no new nonce: %s", what, a.Body)
		}
		return a.Text("dpopNonce")
	}
	nonce := challenge("none", ask(c, nil))
	foreign := challenge("none, at another service", ask(elsewhere, nil))
	challenge("empty", ask(c, ""))
	challenge("forged", ask(c, "nonce"))
	challenge("altered", ask(c, nonce[:len(nonce)-2]+flip(nonce[len(nonce)-2])+nonce[len(nonce)-1:]))
	challenge("of another service", ask(c, foreign))
	challenge("pushed without one", push(c, doc{"dpop": c.Proof(key, "POST", parURL, "", nil)}))
	if a := accepted(t, "the one handed out", ask(c, nonce)); a.Text("dpopNonce") == "" {
		t.Errorf("there is no nonce for the next request: %s", a.Body)
	}
	c.Advance(2 * time.Minute)
	challenge("two windows later", ask(c, nonce))

	plain := attacked(t, nil).NewClient(enginetest.BaseClient())
	a := proved(plain, proofOf(plain, key, nil, nil), doc{"dpopNonceRequired": true})
	nonce = challenge("the call demands one", a)
	accepted(t, "the one handed out", proved(plain, proofOf(plain, key, nil, doc{"nonce": nonce}), doc{"dpopNonceRequired": true}))
	challenge("forged, though none is demanded", proved(plain, proofOf(plain, key, nil, doc{"nonce": "forged"}), nil))
}

// TestAttackP10_AnotherKey: what is bound to a key is good with it only.
func TestAttackP10_AnotherKey(t *testing.T) {
	t.Parallel()
	s := attacked(t, nil)
	c, public := s.NewClient(enginetest.BaseClient()), s.NewClient(client(doc{"clientType": "PUBLIC"}))
	key, other := enginetest.NewKey(t), enginetest.NewKey(t)
	at := func(k *enginetest.Key, url string) doc { return doc{"dpop": c.Proof(k, "POST", url, "", nil)} }

	token := boundToken(t, c, key)
	refused(t, "an access token", look(s, token, c.Proof(other, "GET", resourceURL, token, nil)), "invalid_token")
	if a := s.Do("auth/userinfo", doc{"token": token, "dpop": c.Proof(other, "GET", "https://as.example/userinfo", token, nil)}); a.Verdict().Error != "invalid_token" {
		t.Errorf("an access token at userinfo: %s", a.Body)
	}
	code := c.Code("dpop_jkt", key.Thumbprint())
	refused(t, "a code", c.Redeem(code, at(other, tokenURL)), "invalid_grant")
	tokens := accepted(t, "a public client's tokens", public.Redeem(public.Code(), at(key, tokenURL)))
	refused(t, "a public client's refresh token", refresh(public, tokens.Text("refreshToken"), at(other, tokenURL)), "invalid_grant")
	refused(t, "a public client's refresh token without a proof", refresh(public, tokens.Text("refreshToken"), nil), "invalid_dpop_proof")
	accepted(t, "a public client's refresh token with its key", refresh(public, tokens.Text("refreshToken"), at(key, tokenURL)))
	refused(t, "dpop_jkt and the pushed proof", push(c, at(other, parURL), "dpop_jkt", key.Thumbprint()), "invalid_dpop_proof")

	// Confidential clients authenticate, and may take a new key.
	mine := accepted(t, "tokens", c.Redeem(c.Code(), at(key, tokenURL)))
	moved := accepted(t, "a new key", refresh(c, mine.Text("refreshToken"), at(other, tokenURL))).Text("accessToken")
	accepted(t, "the new token with the new key", look(s, moved, c.Proof(other, "GET", resourceURL, moved, nil)))
	refused(t, "the new token with the old key", look(s, moved, c.Proof(key, "GET", resourceURL, moved, nil)), "invalid_token")
}

func TestAttackP11_OddKeys(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	keys := weakKeys(t)
	keys["secp256k1"] = `{"kty":"EC","crv":"secp256k1","x":"AQ","y":"AQ"}`
	keys["X25519"] = `{"kty":"OKP","crv":"X25519","x":"AQ"}`
	keys["no key"] = `{}`
	keys["huge"] = `{"kty":"EC","crv":"P-256","x":"` + strings.Repeat("A", 8<<10) + `","y":"AQ"}`
	for name, jwk := range keys {
		refused(t, name, proved(c, proofOf(c, key, doc{"jwk": json.RawMessage(jwk)}, nil), nil), "invalid_dpop_proof")
	}
	fapi := attacked(t, fapi2()).NewKeyClient(enginetest.BaseClient())
	input := segment(t, doc{"typ": "dpop+jwt", "alg": "RS256", "jwk": json.RawMessage(`{"kty":"RSA","n":"AQAB","e":"AQAB"}`)}) + "." + segment(t, doc{"jti": "j"}) + ".AAAA"
	refused(t, "RS256 under FAPI 2", own(fapi, doc{"dpop": input}), "invalid_dpop_proof")
}

// TestAttackP13_NoProof: a client that must send proofs is told so by every
// grant.
func TestAttackP13_NoProof(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(client(doc{"dpopRequired": true}))
	key := enginetest.NewKey(t)
	at := func() doc { return doc{"dpop": c.Proof(key, "POST", tokenURL, "", nil)} }
	code := c.Code()
	refused(t, "a code", c.Redeem(code, nil), "invalid_dpop_proof")
	tokens := accepted(t, "a code with a proof", c.Redeem(code, at()))
	refused(t, "a refresh token", refresh(c, tokens.Text("refreshToken"), nil), "invalid_dpop_proof")
	refused(t, "its own right", own(c, nil), "invalid_dpop_proof")
	if got := accepted(t, "its own right with a proof", own(c, at())).Content(t)["token_type"]; got != "DPoP" {
		t.Errorf("the token's type is %v", got)
	}
	fapi := attacked(t, fapi2()).NewKeyClient(enginetest.BaseClient())
	refused(t, "a client of FAPI 2", own(fapi, nil), "invalid_request")
}
