package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// PKCE and codes.

func TestAttackB1_NoChallenge(t *testing.T) {
	t.Parallel()
	none := []string{"code_challenge", "", "code_challenge_method", ""}
	for name, members := range map[string]doc{"of the service": {"pkceRequired": true}, "of FAPI 2": fapi2()} {
		c := attacked(t, members).NewKeyClient(enginetest.BaseClient())
		refused(t, "demand "+name, push(c, nil, none...), "invalid_request")
	}
	c := attacked(t, nil).NewClient(client(doc{"pkceRequired": true}))
	refused(t, "demand of the client", c.Authorize(none...), "invalid_request")
}

func TestAttackB2_PlainChallenge(t *testing.T) {
	t.Parallel()
	for name, members := range map[string]doc{"of the service": {"pkceS256Required": true}, "of FAPI 2": fapi2()} {
		c := attacked(t, members).NewKeyClient(enginetest.BaseClient())
		for method, pairs := range map[string][]string{
			"plain": {"code_challenge", enginetest.Verifier, "code_challenge_method", "plain"},
			"none":  {"code_challenge", enginetest.Verifier, "code_challenge_method", ""},
			"s256":  {"code_challenge_method", "s256"},
		} {
			refused(t, method+", demand "+name, push(c, nil, pairs...), "invalid_request")
		}
	}
	c := attacked(t, nil).NewClient(client(doc{"pkceS256Required": true}))
	refused(t, "demand of the client", c.Authorize("code_challenge", enginetest.Verifier, "code_challenge_method", ""), "invalid_request")
}

// TestAttackB4_WrongVerifier: it harms nobody; the right one still works.
func TestAttackB4_WrongVerifier(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	code := c.Code()
	for range 3 {
		refused(t, "another verifier", redeem(c, code, enginetest.Redirect, strings.Repeat("x", 43), nil), "invalid_grant")
	}
	refused(t, "the challenge as verifier", redeem(c, code, enginetest.Redirect, enginetest.Challenge(), nil), "invalid_grant")
	accepted(t, "the right verifier afterwards", c.Redeem(code, nil))
	plain := c.Code("code_challenge", enginetest.Verifier, "code_challenge_method", "plain")
	refused(t, "plain, another verifier", redeem(c, plain, enginetest.Redirect, enginetest.Verifier+"x", nil), "invalid_grant")
	accepted(t, "plain, the right verifier", c.Redeem(plain, nil))
}

func TestAttackB5_NoVerifier(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	code := c.Code()
	refused(t, "no verifier", redeem(c, code, enginetest.Redirect, "", nil), "invalid_grant")
	accepted(t, "the right verifier afterwards", c.Redeem(code, nil))
	bare := c.Code("code_challenge", "", "code_challenge_method", "")
	refused(t, "a verifier without a challenge", c.Redeem(bare, nil), "invalid_grant")
	accepted(t, "without either", redeem(c, bare, enginetest.Redirect, "", nil))
}

func TestAttackB7_VerifierLength(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	for n, ok := range map[int]bool{42: false, 43: true, 128: true, 129: false} {
		v := strings.Repeat("v", n)
		a := redeem(c, c.Code("code_challenge", enginetest.Hash(v)), enginetest.Redirect, v, nil)
		if ok {
			accepted(t, "a good length", a)
		} else {
			refused(t, "a bad length", a, "invalid_request")
		}
	}
}

// TestAttackB8_Replay: a code that is used again takes with it what the first
// use got, at once and later, whoever was first.
func TestAttackB8_Replay(t *testing.T) {
	t.Parallel()
	for _, later := range []time.Duration{0, 30 * time.Second, 9 * time.Minute} {
		c := attacked(t, doc{"accessTokenSignAlg": "ES256"}).NewClient(enginetest.BaseClient())
		code := c.Code()
		first := accepted(t, "the first use", c.Redeem(code, nil))
		second := accepted(t, "a refresh", refresh(c, first.Text("refreshToken"), nil))
		c.Advance(later)
		refused(t, "the second use", c.Redeem(code, nil), "invalid_grant")
		for _, member := range []string{"accessToken", "jwtAccessToken"} {
			if c.Active(first.Text(member)) || c.Active(second.Text(member)) {
				t.Errorf("%s later: %s is active after the code was used again", later, member)
			}
		}
		refused(t, "the refresh token", refresh(c, second.Text("refreshToken"), nil), "invalid_grant")
	}
}

// TestAttackB8_ReplayByStrangers: who cannot use the code cannot revoke what
// it yielded either.
func TestAttackB8_ReplayByStrangers(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	code := c.Code()
	tokens := accepted(t, "the first use", c.Redeem(code, nil))
	refused(t, "another client", another(c).Redeem(code, nil), "invalid_grant")
	refused(t, "a wrong verifier", redeem(c, code, enginetest.Redirect, strings.Repeat("x", 43), nil), "invalid_grant")
	refused(t, "another redirect URI", redeem(c, code, enginetest.Redirect+"/", enginetest.Verifier, nil), "invalid_grant")
	refused(t, "a wrong secret", c.Redeem(code, doc{"clientSecret": "wrong"}), "invalid_client")
	if !c.Active(tokens.Text("accessToken")) {
		t.Error("somebody who could not use the code has revoked what it yielded")
	}
}

func TestAttackB10_AnotherClient(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	code := c.Code()
	refused(t, "a confidential client", another(c).Redeem(code, nil), "invalid_grant")
	public := c.NewClient(client(doc{"clientType": "PUBLIC"}))
	refused(t, "a public client", public.Redeem(code, nil), "invalid_grant")
	elsewhere := c.Engine.NewService(enginetest.QuickService()).NewClient(enginetest.BaseClient())
	refused(t, "a client of another service", elsewhere.Redeem(code, nil), "invalid_grant")
	accepted(t, "its own client", c.Redeem(code, nil))
}

func TestAttackB11_AnotherRedirect(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(client(doc{"redirectUris": []string{enginetest.Redirect, "https://client.example/other"}}))
	code := c.Code()
	for _, uri := range []string{"https://client.example/other", enginetest.Redirect + "/", enginetest.Redirect + "?", "HTTPS://client.example/cb", ""} {
		refused(t, "redirect_uri "+uri, redeem(c, code, uri, enginetest.Verifier, nil), "invalid_grant")
	}
	accepted(t, "the right one", c.Redeem(code, nil))
}

// TestAttackB13_Guess: a code that differs by one character is no code.
func TestAttackB13_Guess(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	code := c.Code()
	if other := c.Code(); len(code) < 43 || other[8:20] == code[8:20] {
		t.Errorf("codes %s and %s can be guessed", code, other)
	}
	for _, guess := range []string{code[:len(code)-1], code + "A", code + "=", " " + code, strings.ToUpper(code), code[:10] + flip(code[10]) + code[11:], code[:len(code)-1] + flip(code[len(code)-1]), "%"} {
		refused(t, guess, c.Redeem(guess, nil), "invalid_grant")
	}
	accepted(t, "the code itself", c.Redeem(code, nil))
}

func flip(b byte) string {
	if b == 'A' {
		return "B"
	}
	return "A"
}

// TestAttackB14_Lifetime: a code from a log is too old.
func TestAttackB14_Lifetime(t *testing.T) {
	t.Parallel()
	proof := func(c *enginetest.Client) doc {
		return doc{"dpop": c.Proof(enginetest.NewKey(t), "POST", tokenURL, "", nil)}
	}
	c := attacked(t, fapi2()).NewKeyClient(enginetest.BaseClient())
	code := func() string {
		return c.Issue(accepted(t, "authorization", resume(c, accepted(t, "par", push(c, nil)).Text("requestUri"))).Text("ticket"), nil)
	}
	old, fresh := code(), code()
	c.Advance(50 * time.Second)
	accepted(t, "after 50 s under FAPI 2", c.Redeem(fresh, proof(c)))
	c.Advance(10 * time.Second)
	refused(t, "after 60 s under FAPI 2", c.Redeem(old, proof(c)), "invalid_grant")
	short := attacked(t, doc{"authorizationCodeDuration": 5}).NewClient(enginetest.BaseClient())
	brief := short.Code()
	short.Advance(6 * time.Second)
	refused(t, "after a lifetime of 5 s", short.Redeem(brief, nil), "invalid_grant")
}

// TestAttackB16_BoundCode: a code that is bound to a key is good with it
// only.
func TestAttackB16_BoundCode(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	proof := func(k *enginetest.Key, url string) doc { return doc{"dpop": c.Proof(k, "POST", url, "", nil)} }
	uri := accepted(t, "par", push(c, proof(key, parURL))).Text("requestUri")
	for name, code := range map[string]string{
		"dpop_jkt":         c.Code("dpop_jkt", key.Thumbprint()),
		"the pushed proof": c.Issue(accepted(t, "authorization", resume(c, uri)).Text("ticket"), nil),
	} {
		refused(t, name+": another key", c.Redeem(code, proof(enginetest.NewKey(t), tokenURL)), "invalid_grant")
		refused(t, name+": no key", c.Redeem(code, nil), "invalid_grant")
		accepted(t, name+": its key", c.Redeem(code, proof(key, tokenURL)))
	}
}
