package ruleproof

import (
	"strings"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

func authorizationCases() []Case {
	ask := func(s *enginetest.Service, parameters string) *enginetest.Answer {
		return s.Do("auth/authorization", doc{"parameters": parameters})
	}
	return []Case{
		{ID: "request.well_formed", Fault: "a broken percent-encoding", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return ask(c.Service, c.Request()+"&ui_locales=%zz")
		}},
		{ID: "request.client_id", Fault: "no client_id", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return ask(c.Service, c.Request("client_id", ""))
		}},
		{ID: "request.client_known", Fault: "there is no such client", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return ask(c.Service, c.Request("client_id", "4711"))
		}},
		{ID: "request.client_unlocked", Fault: "the client is locked", Send: func(b *Bench) *enginetest.Answer {
			return b.client(doc{"locked": true}).Authorize()
		}},
		{ID: "request_uri.exclusive", Fault: "request beside request_uri", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return resume(c, pushed(c, nil), "request", "a.b.c")
		}},
		{ID: "ticket.live", Fault: "the ticket was used", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			ticket := c.Ticket()
			c.Issue(ticket, nil)
			return c.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001"})
		}},
		{ID: "request_uri.known", Fault: "the pushed request was used", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			uri := pushed(c, nil)
			c.Issue(resume(c, uri).Text("ticket"), nil)
			return resume(c, uri)
		}},
		{
			ID: "request_uri.registered", Fault: "a request_uri that the client did not register",
			MaskedBy: "request_uri.fetched", Because: "there is nothing at the address", Send: func(b *Bench) *enginetest.Answer {
				return b.client(nil).Authorize("request_uri", "https://127.0.0.1:1/request")
			},
		},
		{ID: "request_uri.fetched", Fault: "there is nothing at the address", Send: func(b *Bench) *enginetest.Answer {
			return b.client(doc{"requestUris": []string{"https://127.0.0.1:1/request"}}).Authorize("request_uri", "https://127.0.0.1:1/request")
		}},
		{ID: "request_uri.client", Fault: "the pushed request is another client's", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return resume(another(c), pushed(c, nil))
		}},
	}
}

func parCases() []Case {
	return []Case{
		{ID: "par.size", Fault: "more than a request may hold", Send: func(b *Bench) *enginetest.Answer {
			return push(b.client(nil), nil, "ui_locales", strings.Repeat("x", 256<<10))
		}},
		{ID: "par.well_formed", Fault: "a broken percent-encoding", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return c.Do("pushed_auth_req", c.Auth(c.Request()+"&ui_locales=%zz", nil))
		}},
	}
}

// cell is a fault that is the same at both endpoints: a service, a client and
// parameters that replace the usual ones.
type cell struct {
	id, fault       string
	service, client doc
	pairs           []string
	maskedBy        string
	because         string
}

func (x cell) make(b *Bench) *enginetest.Client {
	return b.service(x.service).NewClient(enginetest.With(enginetest.BaseClient(), x.client))
}

func (x cell) cases() []Case {
	return []Case{
		{ID: x.id, At: "authorization", Fault: x.fault, MaskedBy: x.maskedBy, Because: x.because, Send: func(b *Bench) *enginetest.Answer {
			return x.make(b).Authorize(x.pairs...)
		}},
		{ID: x.id, At: "pushed_auth_req", Fault: x.fault, MaskedBy: x.maskedBy, Because: x.because, Send: func(b *Bench) *enginetest.Answer {
			return push(x.make(b), nil, x.pairs...)
		}},
	}
}

const insecure = "http://client.example/cb"

func rulerCases() []Case {
	var out []Case
	for _, x := range cells() {
		out = append(out, x.cases()...)
	}
	return append(out,
		Case{ID: "redirect_uri.secure", At: "authorization", Fault: "http, and FAPI 2 was switched on after the request was pushed", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(doc{"redirectUris": []string{insecure}})
			uri := pushed(c, nil, "redirect_uri", insecure)
			c.Update(enginetest.With(c.Service.Doc, fapi2()))
			return resume(c, uri)
		}},
		Case{ID: "redirect_uri.secure", At: "pushed_auth_req", Fault: "http under FAPI 2", Send: func(b *Bench) *enginetest.Answer {
			return push(b.fapiClient(doc{"redirectUris": []string{insecure}}), nil, "redirect_uri", insecure)
		}},
		Case{ID: "request.pushed", At: "authorization", Fault: "not pushed, and requests must be", Send: func(b *Bench) *enginetest.Answer {
			return b.client(doc{"parRequired": true}).Authorize()
		}},
		Case{ID: "dpop_jkt.proof", At: "pushed_auth_req", Fault: "dpop_jkt is another key's than the proof's", Send: func(b *Bench) *enginetest.Answer {
			c := b.client(nil)
			return push(c, doc{"dpop": c.Proof(enginetest.NewKey(b.T), "POST", "https://as.example/par", "", nil)}, "dpop_jkt", enginetest.NewKey(b.T).Thumbprint())
		}},
		Case{ID: "id_token.algorithm", At: "authorization", Fault: "no key of the service signs the client's ID tokens", Send: func(b *Bench) *enginetest.Answer {
			return b.client(doc{"idTokenSignAlg": "ES384"}).Authorize()
		}},
		Case{ID: "id_token.algorithm", At: "pushed_auth_req", Fault: "FAPI 2 does not allow the algorithm of the client's ID tokens", Send: func(b *Bench) *enginetest.Answer {
			return push(b.fapiClient(doc{"idTokenSignAlg": "RS256"}), nil)
		}},
	)
}

func cells() []cell {
	return []cell{
		{id: "request.repeated", fault: "state twice", pairs: []string{"state", "a", "state", "b"}},
		{id: "redirect_uri.present", fault: "an OpenID Connect request without redirect_uri", pairs: []string{"redirect_uri", ""}},
		{id: "redirect_uri.registered", fault: "another redirect_uri than the registered one", pairs: []string{"redirect_uri", "https://client.example/other"}},
		{id: "request.object", fault: "no request object where one is demanded", client: doc{"requestObjectRequired": true}},
		{id: "request.by_reference", fault: "a request_uri that is no address", pairs: []string{"request_uri", "urn:example:request"}},
		{id: "request.registration", fault: "a registration", pairs: []string{"registration", "{}"}},
		{
			id: "response_type.present", fault: "no response_type", pairs: []string{"response_type", ""},
			maskedBy: "response_type.supported", because: "none is not a supported one either",
		},
		{
			id: "response_type.supported", fault: "a response_type that only the client has", pairs: []string{"response_type", "token"},
			client: doc{"responseTypes": []string{"CODE", "TOKEN"}},
		},
		{id: "response_type.client", fault: "a response_type that only the service has", client: doc{"responseTypes": []string{"TOKEN"}}},
		{id: "grant_type.client", fault: "the client has no use for a code", client: doc{"grantTypes": []string{"CLIENT_CREDENTIALS"}}},
		{id: "response_mode.supported", fault: "a signed response", pairs: []string{"response_mode", "query.jwt"}},
		{id: "scope.syntax", fault: "a quotation mark in the scope", pairs: []string{"scope", `openid re"ad`}},
		{id: "scope.required", fault: "no scope that the service has", service: doc{"scopeRequired": true}, pairs: []string{"scope", "unknown"}},
		{id: "prompt.known", fault: "an unknown prompt", pairs: []string{"prompt", "coffee"}},
		{id: "prompt.none_alone", fault: "none beside another prompt", pairs: []string{"prompt", "none login"}},
		{id: "max_age.number", fault: "a negative max_age", pairs: []string{"max_age", "-1"}},
		{id: "max_age.none", fault: "a login now, and no page", pairs: []string{"max_age", "0", "prompt", "none"}},
		{
			id: "code_challenge.required", fault: "no code_challenge", service: doc{"pkceRequired": true},
			pairs: []string{"code_challenge", "", "code_challenge_method", ""},
		},
		{id: "code_challenge.syntax", fault: "a short code_challenge", pairs: []string{"code_challenge", "short"}},
		{id: "code_challenge_method.known", fault: "an unknown code_challenge_method", pairs: []string{"code_challenge_method", "S512"}},
		{id: "code_challenge_method.s256", fault: "plain where S256 is demanded", service: doc{"pkceS256Required": true}, pairs: []string{"code_challenge_method", "plain"}},
		{id: "dpop_jkt.syntax", fault: "no thumbprint", pairs: []string{"dpop_jkt", strings.Repeat("!", 43)}},
		{id: "claims.syntax", fault: "claims that are no JSON", pairs: []string{"claims", "{"}},
		{
			id: "acr.attainable", fault: "an essential acr that the service lacks", service: doc{"supportedAcrs": []string{"loa1"}},
			pairs: []string{"claims", `{"id_token":{"acr":{"essential":true,"value":"loa9"}}}`},
		},
		{id: "id_token_hint.ours", fault: "an id_token_hint of nobody", pairs: []string{"id_token_hint", "a.b.c"}},
		{id: "resource.supported", fault: "a resource", pairs: []string{"resource", "https://rs.example"}},
		{id: "authorization_details.supported", fault: "authorization_details", pairs: []string{"authorization_details", "[]"}},
		{id: "grant_management.supported", fault: "a grant_id", pairs: []string{"grant_id", "g"}},
	}
}
