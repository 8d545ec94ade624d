package ruleproof

import (
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

type doc = enginetest.Doc

// Case is the proof of one cell.
type Case struct {
	ID    string // of the refusal
	At    string // the ruler's column; "" where the refusal has one code
	Fault string // the one thing that is wrong with the request
	// Send prepares what is needed and sends the request.
	Send func(*Bench) *enginetest.Answer
	// MaskedBy is what refuses the request where the rule is switched off:
	// the id of another refusal, or Commit. Because says why it does.
	MaskedBy string
	Because  string
}

// Commit masks a rule whose fault the commit finds too: the request is
// refused in the rule's own name although no check said no.
const Commit = "commit"

// Name is the cell.
func (c *Case) Name() string {
	if c.At == "" {
		return c.ID
	}
	return c.ID + "@" + c.At
}

// Cases lists the proof, in the order of the catalog.
func Cases() []Case {
	var all []Case
	for _, list := range [][]Case{
		clientCases(), assertionCases(), dpopCases(), authorizationCases(), parCases(), objectCases(), rulerCases(),
		tokenCases(), codeCases(), refreshCases(), clientCredentialsCases(),
		resourceCases(), introspectionCases(), revocationCases(), userinfoCases(), registrationCases(),
	} {
		all = append(all, list...)
	}
	return all
}

// Bench is where a case works: services of its own on some engine.
type Bench struct{ *enginetest.Engine }

// NewBench makes a bench on the engine at a base URL.
func NewBench(t testing.TB, base string) *Bench { return &Bench{enginetest.Remote(t, base)} }

// service makes a service; members are laid over the usual ones.
func (b *Bench) service(members doc) *enginetest.Service {
	b.T.Helper()
	return b.NewService(enginetest.With(enginetest.QuickService(), members))
}

// client makes a confidential client of a plain service.
func (b *Bench) client(members doc) *enginetest.Client {
	b.T.Helper()
	return b.service(nil).NewClient(enginetest.With(enginetest.BaseClient(), members))
}

// public makes a public client of a plain service.
func (b *Bench) public() *enginetest.Client {
	b.T.Helper()
	return b.client(doc{"clientType": "PUBLIC"})
}

// fapi2 switches the FAPI 2 security profile on.
func fapi2() doc {
	return doc{"supportedServiceProfiles": []string{"FAPI"}, "fapiModes": []string{"FAPI2_SECURITY"}}
}

// fapiClient makes a client of a FAPI 2 service that authenticates with
// private_key_jwt.
func (b *Bench) fapiClient(members doc) *enginetest.Client {
	b.T.Helper()
	return b.service(fapi2()).NewKeyClient(enginetest.With(enginetest.BaseClient(), members))
}

// another makes a second client of the same service.
func another(c *enginetest.Client) *enginetest.Client {
	c.T.Helper()
	return c.NewClient(enginetest.BaseClient())
}

// change replaces members of a client.
func change(c *enginetest.Client, members doc) {
	c.T.Helper()
	if a := c.Do("client/update/"+c.ID, enginetest.With(c.Doc, members)); a.Status != 200 {
		c.T.Fatalf("client/update: %d %s", a.Status, a.Body)
	}
}

// push pushes an authorization request.
func push(c *enginetest.Client, members doc, pairs ...string) *enginetest.Answer {
	return c.Do("pushed_auth_req", c.Auth(c.Request(pairs...), members))
}

// pushed pushes a request that must be taken and returns its request_uri.
func pushed(c *enginetest.Client, members doc, pairs ...string) string {
	c.T.Helper()
	a := push(c, members, pairs...)
	uri := a.Text("requestUri")
	if uri == "" {
		c.T.Fatalf("not pushed: %s", a.Body)
	}
	return uri
}

// resume makes an authorization request of a request_uri.
func resume(c *enginetest.Client, uri string, pairs ...string) *enginetest.Answer {
	return c.Do("auth/authorization", doc{"parameters": enginetest.Form(append([]string{"client_id", c.ID, "request_uri", uri}, pairs...)...)})
}

// own asks for a token in the client's own right.
func own(c *enginetest.Client, members doc, pairs ...string) *enginetest.Answer {
	return c.Token(enginetest.Form(append([]string{"grant_type", "client_credentials"}, pairs...)...), members)
}

// refresh uses a refresh token.
func refresh(c *enginetest.Client, token string, members doc, pairs ...string) *enginetest.Answer {
	return c.Token(enginetest.Form(append([]string{"grant_type", "refresh_token", "refresh_token", token}, pairs...)...), members)
}

// must returns an answer that succeeded.
func must(c *enginetest.Client, a *enginetest.Answer) *enginetest.Answer {
	c.T.Helper()
	if !a.Verdict().Succeeded() {
		c.T.Fatalf("refused: %s", a.Body)
	}
	return a
}
