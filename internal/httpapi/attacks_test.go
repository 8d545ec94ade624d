package httpapi_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// The files attacks_*_test.go hold one test for every row of the catalogue of
// attacks that the built operations can meet; the row is in the name.

const (
	tokenURL    = "https://as.example/token"
	parURL      = "https://as.example/par"
	resourceURL = "https://rs.example/r"
)

// attacked makes a service whose members are laid over the usual ones.
func attacked(t *testing.T, members doc) *enginetest.Service {
	t.Helper()
	return enginetest.Start(t).NewService(enginetest.With(enginetest.QuickService(), members))
}

func fapi2() doc {
	return doc{"supportedServiceProfiles": []string{"FAPI"}, "fapiModes": []string{"FAPI2_SECURITY"}}
}

func client(members doc) doc { return enginetest.With(enginetest.BaseClient(), members) }

// another makes a second client of the same service.
func another(c *enginetest.Client) *enginetest.Client {
	c.T.Helper()
	return c.NewClient(enginetest.BaseClient())
}

// refused demands an OAuth error, and that nothing was handed out.
func refused(t *testing.T, what string, a *enginetest.Answer, err string) {
	t.Helper()
	v := a.Verdict()
	if a.Status != 200 || v.Error != err || v.Rule == "" {
		t.Errorf("%s: want %s, got %d %s", what, err, a.Status, a.Body)
	}
	for _, member := range []string{"accessToken", "refreshToken", "idToken", "ticket", "requestUri", "authorizationCode", "subject"} {
		if a.Text(member) != "" && a.Text("existent") == "" {
			t.Errorf("%s: a refusal that hands out %s: %s", what, member, a.Body)
		}
	}
}

// accepted demands success.
func accepted(t *testing.T, what string, a *enginetest.Answer) *enginetest.Answer {
	t.Helper()
	if a.Status != 200 || !a.Verdict().Succeeded() {
		t.Fatalf("%s: %d %s", what, a.Status, a.Body)
	}
	return a
}

// redeem redeems a code with parameters of its own.
func redeem(c *enginetest.Client, code, redirect, verifier string, members doc) *enginetest.Answer {
	return c.Token(enginetest.Form("grant_type", "authorization_code", "code", code, "redirect_uri", redirect, "code_verifier", verifier), members)
}

// refresh uses a refresh token.
func refresh(c *enginetest.Client, token string, members doc, pairs ...string) *enginetest.Answer {
	return c.Token(enginetest.Form(append([]string{"grant_type", "refresh_token", "refresh_token", token}, pairs...)...), members)
}

// own asks for a token in the client's own right.
func own(c *enginetest.Client, members doc, pairs ...string) *enginetest.Answer {
	return c.Token(enginetest.Form(append([]string{"grant_type", "client_credentials"}, pairs...)...), members)
}

// look introspects a token with the proof, if any, of a request to a resource.
func look(s *enginetest.Service, token, proof string) *enginetest.Answer {
	d := doc{"token": token, "htm": "GET", "htu": resourceURL}
	if proof != "" {
		d["dpop"] = proof
	}
	return s.Do("auth/introspection", d)
}

// push pushes an authorization request.
func push(c *enginetest.Client, members doc, pairs ...string) *enginetest.Answer {
	return c.Do("pushed_auth_req", c.Auth(c.Request(pairs...), members))
}

// resume makes an authorization request of a request_uri.
func resume(c *enginetest.Client, uri string) *enginetest.Answer {
	return c.Do("auth/authorization", doc{"parameters": enginetest.Form("client_id", c.ID, "request_uri", uri)})
}

// withAssertion asks for a token with an assertion.
func withAssertion(c *enginetest.Client, assertion string) *enginetest.Answer {
	return c.Do("auth/token", doc{"parameters": enginetest.Form("grant_type", "client_credentials", "client_id", c.ID,
		"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", assertion)})
}

// segment encodes a part of a JWT.
func segment(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// assertionClaims are the claims of a good assertion.
func assertionClaims(c *enginetest.Client, members doc) doc {
	now := c.Now().Unix()
	return enginetest.With(doc{"iss": c.ID, "sub": c.ID, "aud": "https://as.example", "jti": enginetest.Unique(), "iat": now, "exp": now + 60}, members)
}
