package ruleproof

import (
	"strings"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// registering makes a service whose clients register themselves.
func (b *Bench) registering(members doc) *enginetest.Service {
	b.T.Helper()
	return b.NewService(enginetest.With(enginetest.RegisteringService(), members))
}

func registrationCases() []Case {
	// managed registers a client and does something to its registration.
	managed := func(id, fault string, do func(*enginetest.Service, doc) *enginetest.Answer) Case {
		return Case{ID: id, Fault: fault, Send: func(b *Bench) *enginetest.Answer {
			s := b.registering(nil)
			return do(s, s.Registered(enginetest.Metadata(nil)))
		}}
	}
	// body hands over a text that is no good metadata.
	body := func(id, fault, text string) Case {
		return Case{ID: id, Fault: fault, Send: func(b *Bench) *enginetest.Answer {
			return b.registering(nil).Do("client/registration", doc{"json": text})
		}}
	}
	// replaced updates a registration with what it needs and these members.
	replaced := func(id, fault string, members doc) Case {
		return managed(id, fault, func(s *enginetest.Service, r doc) *enginetest.Answer {
			return s.Manage("update", r, enginetest.Metadata(enginetest.With(doc{"client_id": r["client_id"]}, members)))
		})
	}
	return append([]Case{
		{ID: "registration.supported", Fault: "clients cannot register here", Send: func(b *Bench) *enginetest.Answer {
			return b.registering(doc{"dynamicRegistrationSupported": nil}).Register(enginetest.Metadata(nil))
		}},
		managed("registration.client.known", "there is no such client", func(s *enginetest.Service, r doc) *enginetest.Answer {
			return s.Manage("get", enginetest.With(r, doc{"client_id": "4711"}), nil)
		}),
		managed("registration.token", "another client's registration access token", func(s *enginetest.Service, r doc) *enginetest.Answer {
			other := s.Registered(enginetest.Metadata(nil))
			return s.Manage("get", enginetest.With(r, doc{"registration_access_token": other["registration_access_token"]}), nil)
		}),
		managed("registration.client.unlocked", "the client is locked", func(s *enginetest.Service, r doc) *enginetest.Answer {
			id := enginetest.Text(r, "client_id")
			s.Do("client/update/"+id, enginetest.With(s.Call("GET", s.Path("client/get/"+id), enginetest.RootToken, nil).Doc, doc{"locked": true}))
			return s.Manage("get", r, nil)
		}),
		body("registration.size", "more than a registration may hold", `{"client_name":"`+strings.Repeat("x", 33<<10)+`"}`),
		body("registration.well_formed", "a broken object", `{"redirect_uris":["https://client.example/cb"]`),
		body("registration.unambiguous", "redirect_uris twice", `{"redirect_uris":["https://client.example/cb"],"redirect_uris":["https://client.example/other"]}`),
		body("registration.limits", "a name of 3000 letters", `{"redirect_uris":["https://client.example/cb"],"client_name":"`+strings.Repeat("x", 3000)+`"}`),
		replaced("registration.update.client_id", "client_id names another client", doc{"client_id": "4711"}),
		replaced("registration.update.read_only", "registration_client_uri comes back", doc{"registration_client_uri": "https://as.example/register/1"}),
		replaced("registration.update.client_secret", "the client chooses its secret", doc{"client_secret": "chosen"}),
		managed("registration.auth_method.confidential", "client_credentials, as an administrator gave it, without a credential", func(s *enginetest.Service, r doc) *enginetest.Answer {
			id, grants := enginetest.Text(r, "client_id"), doc{"grantTypes": []string{"AUTHORIZATION_CODE", "CLIENT_CREDENTIALS"}}
			s.Do("client/update/"+id, enginetest.With(s.Call("GET", s.Path("client/get/"+id), enginetest.RootToken, nil).Doc, grants))
			members := doc{"client_id": id, "token_endpoint_auth_method": "none", "grant_types": []string{"authorization_code", "client_credentials"}}
			return s.Manage("update", r, enginetest.Metadata(members))
		}),
	}, metadataCases()...)
}

// metadataCases register clients whose metadata has one fault.
func metadataCases() []Case {
	var out []Case
	for _, x := range []struct {
		id, fault         string
		members           doc
		service           doc
		maskedBy, because string
	}{
		{id: "registration.software_statement", fault: "a software statement", members: doc{"software_statement": "a.b.c"}},
		{id: "registration.member.readable", fault: "contacts is no list", members: doc{"contacts": "admin@client.example"}},
		{id: "registration.redirect_uris.present", fault: "no redirect_uris", members: doc{"redirect_uris": nil}},
		{id: "registration.redirect_uri.form", fault: "a wildcard", members: doc{"redirect_uris": []string{"https://client.example/*"}}},
		{id: "registration.redirect_uri.https", fault: "a web client with http", members: doc{"redirect_uris": []string{insecure}}},
		{id: "registration.redirect_uri.local", fault: "a web client on localhost", members: doc{"redirect_uris": []string{"https://localhost/cb"}}},
		{id: "registration.redirect_uri.loopback", fault: "a native client with http elsewhere", members: doc{"application_type": "native", "redirect_uris": []string{insecure}}},
		{id: "registration.grant_types.supported", fault: "a grant type that is not built", members: doc{"grant_types": []string{"authorization_code", "password"}}},
		{id: "registration.grant_types.agreed", fault: "a client that wants tokens in its own right", members: doc{"grant_types": []string{"authorization_code", "client_credentials"}}},
		{id: "registration.response_types.supported", fault: "a response type that is not built", members: doc{"response_types": []string{"code", "none"}}},
		{id: "registration.response_types.consistent", fault: "a response type without its grant type", members: doc{"response_types": []string{"code"}, "grant_types": []string{"refresh_token"}}},
		{id: "registration.response_modes.supported", fault: "a response mode that is not built", members: doc{"response_modes": []string{"query.jwt"}}},
		{id: "registration.auth_method.supported", fault: "the default is none of the service's methods", service: doc{"supportedTokenAuthMethods": []string{"CLIENT_SECRET_POST"}}},
		{
			id: "registration.keys.exclusive", fault: "keys and their address", members: doc{"jwks": doc{"keys": []doc{}}, "jwks_uri": "https://client.example/jwks"},
			maskedBy: "registration.document", because: "client/create refuses both too",
		},
		{id: "registration.keys.public", fault: "the private half of a key of another kind", members: doc{"jwks": doc{"keys": []doc{{"kty": "OKP", "crv": "X25519", "x": "AA", "d": "AA"}}}}},
		{id: "registration.keys.present", fault: "private_key_jwt without keys", members: doc{"token_endpoint_auth_method": "private_key_jwt"}},
		{id: "registration.algorithms.supported", fault: "no key of the service signs the ID tokens", members: doc{"id_token_signed_response_alg": "ES512"}},
		{id: "registration.uri.web", fault: "a logo by ftp", members: doc{"logo_uri": "ftp://client.example/logo"}},
		{id: "registration.uri.https", fault: "a login by http", members: doc{"initiate_login_uri": "http://client.example/login"}},
		{id: "registration.scope", fault: "scope is no list of scopes", members: doc{"scope": `a"b`}},
		{id: "registration.feature", fault: "pairwise subjects", members: doc{"subject_type": "pairwise"}},
		{id: "registration.document", fault: "an address with braces, which published clients cannot read", members: doc{"client_uri": "https://client.example/{page}"}},
	} {
		out = append(out, Case{ID: x.id, Fault: x.fault, MaskedBy: x.maskedBy, Because: x.because, Send: func(b *Bench) *enginetest.Answer {
			return b.registering(x.service).Register(enginetest.Metadata(x.members))
		}})
	}
	return out
}
