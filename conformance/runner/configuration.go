package main

import "encoding/json"

// object is a JSON object; command is one command to the suite's browser.
type (
	object  = map[string]any
	command = []any
)

// credentials are what the suite has to know of a client.
type credentials struct {
	id     string
	secret string
	jwks   json.RawMessage // with the private key
}

// lane is an alias of the suite with its clients. Plans whose clients register
// themselves have lanes without either.
type lane struct {
	alias   string
	clients []credentials
}

// configuration is what the suite has to know of a service and a lane of a
// plan.
func configuration(p *plan, issuer, suite string, l lane) object {
	at := pagesOf(issuer, suite)
	out := object{
		"description": "Symbolon, " + p.name,
		"server":      object{"discoveryUrl": issuer + "/.well-known/openid-configuration"},
		"browser":     []object{at.ordinary()},
		"override":    at.overrides(),
		"options":     object{"browsercontrol_css_enable": false},
	}
	if l.alias != "" {
		out["alias"] = l.alias
	}
	p.preset.configure(p, issuer, l, out)
	return out
}

func configureOpenID(_ *plan, _ string, l lane, out object) {
	out["client"] = object{"client_name": "Conformance suite"} // for clients that register themselves
	for i, name := range []string{"client", "client2", "client_secret_post"} {
		if i < len(l.clients) {
			out[name] = object{"client_id": l.clients[i].id, "client_secret": l.clients[i].secret}
		}
	}
}

func configureFAPI2(p *plan, issuer string, l lane, out object) {
	scope := "accounts offline_access"
	if p.variant["openid"] == "openid_connect" {
		scope = "openid accounts offline_access"
	}
	for i, name := range []string{"client", "client2"} {
		out[name] = object{"client_id": l.clients[i].id, "jwks": l.clients[i].jwks, "scope": scope, "dpop_signing_alg": proofAlg}
	}
	out["resource"] = object{"resourceUrl": issuer + "/resource"}
}
