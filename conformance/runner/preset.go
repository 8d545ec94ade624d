package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"github.com/symbolon-auth/symbolon/internal/demo"
	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// pushedLifetime is how long a request_uri is good for; one module sits it
// out. Codes must not live longer than a minute either.
const pushedLifetime = time.Minute

// proofAlg signs the suite's DPoP proofs.
const proofAlg = "ES256"

// preset is a kind of service with its clients.
type preset struct {
	service   func() *wire.Service
	clients   func() ([]newClient, error)
	configure func(p *plan, issuer string, l lane, out object)
}

// newClient is a client to create, with its private key if it has one.
type newClient struct {
	document *wire.Client
	jwks     json.RawMessage
}

var (
	presetOpenID = preset{openIDService, openIDClients, configureOpenID}
	presetFAPI2  = preset{fapi2Service, fapi2Clients, configureFAPI2}
)

func openIDService() *wire.Service {
	methods := []wire.ClientAuthMethod{wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretPost, wire.ClientAuthMethodPrivateKeyJWT, wire.ClientAuthMethodNone}
	s := service("OpenID Connect", methods)
	s.DynamicRegistrationSupported = true
	s.TraditionalRequestObjectProcessingApplied = true // OIDCC-6.1: unsigned request objects, too
	return s
}

// fapi2Service is the service of the demonstration that keeps to the FAPI 2.0
// Security Profile.
func fapi2Service() *wire.Service {
	s := service("FAPI 2.0", []wire.ClientAuthMethod{wire.ClientAuthMethodPrivateKeyJWT})
	s.SupportedServiceProfiles = []wire.ServiceProfile{wire.ServiceProfileFAPI}
	s.FAPIModes = []wire.FAPIMode{wire.FAPIModeFAPI2Security}
	s.AccessTokenSignAlg = wire.JWSAlgES256
	s.AuthorizationCodeDuration = 60
	s.PushedAuthReqDuration = int64(pushedLifetime.Seconds())
	s.RefreshTokenKept = true // rotation is of no use here, and costs a module half a minute
	return s
}

func service(name string, methods []wire.ClientAuthMethod) *wire.Service {
	return &wire.Service{
		ServiceName: "Symbolon conformance: " + name,
		SupportedScopes: []wire.Scope{
			{Name: "openid"}, {Name: "profile"}, {Name: "email"}, {Name: "address"}, {Name: "phone"}, {Name: "offline_access"},
			{Name: "accounts", Description: "See your accounts"},
		},
		SupportedClaims:                   claimNames(),
		SupportedACRs:                     []string{userACR},
		SupportedResponseTypes:            []wire.ResponseType{wire.ResponseTypeCode},
		SupportedGrantTypes:               []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken, wire.GrantTypeClientCredentials},
		SupportedTokenAuthMethods:         methods,
		SupportedRevocationAuthMethods:    methods,
		SupportedIntrospectionAuthMethods: []wire.ClientAuthMethod{wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretPost},
		SupportedClaimTypes:               []wire.ClaimType{wire.ClaimTypeNormal},
		SupportedDisplays:                 []wire.Display{wire.DisplayPage},
		AccessTokenDuration:               600,
	}
}

// address gives a service the addresses of its front.
func address(s *wire.Service, issuer string) {
	demo.Address(s, issuer)
	if s.DynamicRegistrationSupported {
		s.RegistrationEndpoint = issuer + "/register"
	}
}

// openIDClients are two clients and one that authenticates in the body.
func openIDClients() ([]newClient, error) {
	var out []newClient
	for _, method := range []wire.ClientAuthMethod{wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretPost} {
		out = append(out, newClient{document: &wire.Client{TokenAuthMethod: method}})
	}
	return out, nil
}

// fapi2Clients are two clients with keys of different kinds: one module wants
// an RSA key.
func fapi2Clients() ([]newClient, error) {
	var out []newClient
	for _, alg := range []wire.JWSAlg{wire.JWSAlgPS256, wire.JWSAlgES256} {
		key, err := jose.GenerateKey(string(alg), rand.Reader)
		if err != nil {
			return nil, err
		}
		jwks := fmt.Appendf(nil, `{"keys":[%s]}`, key)
		set, err := jose.ParseKeySet(string(jwks))
		if err != nil {
			return nil, err
		}
		public, err := set.Public()
		if err != nil {
			return nil, err
		}
		out = append(out, newClient{jwks: jwks, document: &wire.Client{
			TokenAuthMethod: wire.ClientAuthMethodPrivateKeyJWT, TokenAuthSignAlg: alg, JWKS: string(public),
			IDTokenSignAlg: wire.JWSAlgES256, DPoPRequired: true,
		}})
	}
	return out, nil
}

// register completes a client for a lane.
func register(c *wire.Client, name string, redirectURIs []string) {
	c.ClientName = name
	c.ClientType, c.ApplicationType = wire.ClientTypeConfidential, wire.ApplicationTypeWeb
	c.RedirectURIs = redirectURIs
	c.ResponseTypes = []wire.ResponseType{wire.ResponseTypeCode}
	c.GrantTypes = []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken, wire.GrantTypeClientCredentials}
}
