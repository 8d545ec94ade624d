package ruleproof

import (
	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// object is a fault in a request object. The parameters beside it are those
// of a valid request, so that the refusal can be redirected.
type object struct {
	id, fault       string
	service, client doc
	header, claims  doc
	pairs           []string
	make            func(*enginetest.Client) string // where claims do not tell
}

func (x object) cases(columns bool) []Case {
	request := func(b *Bench) (*enginetest.Client, []string) {
		c := b.service(x.service).NewKeyClient(enginetest.With(enginetest.BaseClient(), x.client))
		text := ""
		if x.make != nil {
			text = x.make(c)
		} else {
			text = c.RequestObject(x.header, x.claims)
		}
		return c, append([]string{"request", text}, x.pairs...)
	}
	authorize := Case{ID: x.id, At: "authorization", Fault: x.fault, Send: func(b *Bench) *enginetest.Answer {
		c, pairs := request(b)
		return c.Authorize(pairs...)
	}}
	if !columns {
		authorize.At = ""
		return []Case{authorize}
	}
	return []Case{authorize, {ID: x.id, At: "pushed_auth_req", Fault: x.fault, Send: func(b *Bench) *enginetest.Answer {
		c, pairs := request(b)
		return push(c, nil, pairs...)
	}}}
}

func objectCases() []Case {
	traditional := doc{"traditionalRequestObjectProcessingApplied": true}
	var out []Case
	for _, x := range []object{
		{id: "request_object.well_formed", fault: "no JWT", make: func(*enginetest.Client) string { return "a.b.c" }},
		{id: "request_object.encrypted", fault: "five parts", make: func(*enginetest.Client) string { return "e30.e30.e30.e30.e30" }},
		{id: "request_object.algorithm", fault: "another algorithm than the registered one", client: doc{"requestSignAlg": "PS256"}},
		{id: "request_object.key", fault: "a key id that the client does not have", header: doc{"kid": "other"}},
		{id: "request_object.signature", fault: "signed with a key of somebody else", make: func(c *enginetest.Client) string {
			mine := c.Key
			theirs := enginetest.NewKey(c.T)
			theirs.KID = mine.KID
			c.Key = theirs
			defer func() { c.Key = mine }()
			return c.RequestObject(nil, nil)
		}},
	} {
		out = append(out, x.cases(false)...)
	}
	for _, x := range []object{
		{id: "request_object.type", fault: "typ of a client assertion", header: doc{"typ": "client-authentication+jwt"}},
		{id: "request_object.nested", fault: "a request object in the object", claims: doc{"request": "a.b.c"}},
		{id: "request_object.client_id", fault: "client_id of somebody else", claims: doc{"client_id": "4711"}},
		{id: "request_object.iss", fault: "iss is somebody else", claims: doc{"iss": "4711"}},
		{id: "request_object.aud", fault: "aud is another server", claims: doc{"aud": "https://other.example"}},
		{id: "request_object.exp", fault: "expired", claims: doc{"exp": 1}},
		{id: "request_object.not_before", fault: "nbf is far in the future", claims: doc{"nbf": 1 << 40}},
		{id: "request_object.response_type", fault: "response_type in the object only", service: traditional, pairs: []string{"response_type", ""}},
		{id: "request_object.scope", fault: "openid in the object only", service: traditional, pairs: []string{"scope", "read"}},
	} {
		out = append(out, x.cases(true)...)
	}
	const id = "request_object.algorithm_allowed"
	return append(out,
		Case{ID: id, At: "authorization", Fault: "pushed unsigned, and since then objects must be signed", Send: func(b *Bench) *enginetest.Answer {
			c := b.service(traditional).NewKeyClient(enginetest.BaseClient())
			uri := pushed(c, nil, "request", c.UnsignedRequestObject(nil))
			c.Update(enginetest.With(c.Service.Doc, doc{"traditionalRequestObjectProcessingApplied": nil}))
			return resume(c, uri)
		}},
		Case{ID: id, At: "pushed_auth_req", Fault: "unsigned, and a scope selects FAPI 2", Send: func(b *Bench) *enginetest.Answer {
			c := b.service(enginetest.With(traditional, doc{
				"supportedServiceProfiles": []string{"FAPI"},
				"supportedScopes":          []doc{{"name": "openid"}, {"name": "read", "attributes": []doc{{"key": "fapi2", "value": "sp"}}}},
			})).NewKeyClient(enginetest.BaseClient())
			return push(c, nil, "request", c.UnsignedRequestObject(nil))
		}},
	)
}
