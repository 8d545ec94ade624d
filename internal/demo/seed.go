package demo

import (
	"context"
	"fmt"
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/webapi"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// The aliases of the clients, and where they are sent back to.
const (
	webClient  = "web"
	spaClient  = "spa"
	fapiClient = "bank-app"

	webCallback  = "http://localhost:8080/callback"
	spaCallback  = "http://localhost:3000/callback"
	fapiCallback = "https://localhost:8443/callback"
)

// The resource server that may introspect tokens at the fronts.
const (
	IntrospectorName   = "resource-server"
	IntrospectorSecret = "demo"
)

// Issuers are where the two fronts are reached.
type Issuers struct{ Plain, FAPI string }

// Seeded is what the engine holds after seeding.
type Seeded struct {
	State
	Issuers   Issuers
	WebSecret string // of the client web
}

// Seed makes the services and clients that are not there yet. root calls the
// Web API with the root token; old is what was seeded the last time.
func Seed(ctx context.Context, root *webapi.Client, to Issuers, key *ClientKey, old State) (*Seeded, error) {
	out := &Seeded{State: old, Issuers: to}
	var err error
	if out.Plain, err = seedService(ctx, root, old.Plain, to.Plain, plainService()); err != nil {
		return nil, err
	}
	if out.FAPI, err = seedService(ctx, root, old.FAPI, to.FAPI, fapiService()); err != nil {
		return nil, err
	}
	plain, fapi := root.WithService(out.Plain.Service), root.WithService(out.FAPI.Service)
	web, err := seedClient(ctx, plain, webClientDocument())
	if err != nil {
		return nil, err
	}
	out.WebSecret = web.ClientSecret
	if _, err := seedClient(ctx, plain, spaClientDocument()); err != nil {
		return nil, err
	}
	_, err = seedClient(ctx, fapi, fapiClientDocument(string(key.public)))
	return out, err
}

// seedService makes a service with an API token for its front, or brings the
// addresses of an existing one up to date.
func seedService(ctx context.Context, root *webapi.Client, old Tenant, issuer string, doc *wire.Service) (Tenant, error) {
	Address(doc, issuer)
	if old.Service != 0 {
		api := root.WithService(old.Service)
		found, err := api.GetService(ctx)
		if err == nil {
			if found.Issuer == issuer {
				return old, nil
			}
			Address(found, issuer)
			_, err = api.UpdateService(ctx, found)
			return old, err
		}
		if !webapi.IsStatus(err, http.StatusNotFound) {
			return old, err
		}
	}
	made, err := root.CreateService(ctx, doc)
	if err != nil {
		return old, fmt.Errorf("create service %q: %w", doc.ServiceName, err)
	}
	token, err := root.CreateServiceToken(ctx, &wire.APITokenCreateRequest{
		ServiceID: made.APIKey, Description: "front of the demonstration", Permissions: []wire.Permission{wire.PermissionUseService},
	})
	if err != nil {
		return old, fmt.Errorf("create token: %w", err)
	}
	return Tenant{Service: made.APIKey, Token: token.AccessToken}, nil
}

// seedClient makes a client, or returns the one of its alias.
func seedClient(ctx context.Context, api *webapi.Client, doc *wire.Client) (*wire.Client, error) {
	found, err := api.GetClient(ctx, doc.ClientIDAlias)
	switch {
	case err == nil && (doc.JWKS == "" || found.JWKS == doc.JWKS):
		return found, nil
	case err == nil: // the key in the folder is a new one
		found.JWKS = doc.JWKS
		return api.UpdateClient(ctx, found)
	case !webapi.IsStatus(err, http.StatusNotFound):
		return nil, err
	}
	if found, err = api.CreateClient(ctx, doc); err != nil {
		return nil, fmt.Errorf("create client %q: %w", doc.ClientIDAlias, err)
	}
	return found, nil
}

// Address gives a service the addresses of its front.
func Address(s *wire.Service, issuer string) {
	s.Issuer = issuer
	s.AuthorizationEndpoint = issuer + "/authorize"
	s.PushedAuthReqEndpoint = issuer + "/par"
	s.TokenEndpoint = issuer + "/token"
	s.UserInfoEndpoint = issuer + "/userinfo"
	s.IntrospectionEndpoint = issuer + "/introspect"
	s.RevocationEndpoint = issuer + "/revoke"
	s.JWKSURI = issuer + "/jwks"
}

func plainService() *wire.Service {
	return &wire.Service{
		ServiceName: "Symbolon demo", Description: "OpenID Connect without certificates, to try things out.",
		SupportedScopes: scopes(), SupportedClaims: claims,
		SupportedResponseTypes:            []wire.ResponseType{wire.ResponseTypeCode},
		SupportedGrantTypes:               []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken, wire.GrantTypeClientCredentials},
		SupportedTokenAuthMethods:         []wire.ClientAuthMethod{wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretPost, wire.ClientAuthMethodPrivateKeyJWT, wire.ClientAuthMethodNone},
		SupportedRevocationAuthMethods:    []wire.ClientAuthMethod{wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretPost, wire.ClientAuthMethodPrivateKeyJWT, wire.ClientAuthMethodNone},
		SupportedIntrospectionAuthMethods: []wire.ClientAuthMethod{wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretPost},
		SupportedClaimTypes:               []wire.ClaimType{wire.ClaimTypeNormal},
		SupportedDisplays:                 []wire.Display{wire.DisplayPage},
		ClientIDAliasEnabled:              true,
		PKCES256Required:                  true,
		AccessTokenDuration:               3600,
	}
}

func fapiService() *wire.Service {
	return &wire.Service{
		ServiceName: "Symbolon demo bank", Description: "The FAPI 2.0 Security Profile.",
		SupportedScopes: scopes(), SupportedClaims: claims,
		SupportedResponseTypes:            []wire.ResponseType{wire.ResponseTypeCode},
		SupportedGrantTypes:               []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken, wire.GrantTypeClientCredentials},
		SupportedTokenAuthMethods:         []wire.ClientAuthMethod{wire.ClientAuthMethodPrivateKeyJWT},
		SupportedRevocationAuthMethods:    []wire.ClientAuthMethod{wire.ClientAuthMethodPrivateKeyJWT},
		SupportedIntrospectionAuthMethods: []wire.ClientAuthMethod{wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretPost},
		SupportedServiceProfiles:          []wire.ServiceProfile{wire.ServiceProfileFAPI},
		SupportedClaimTypes:               []wire.ClaimType{wire.ClaimTypeNormal},
		SupportedDisplays:                 []wire.Display{wire.DisplayPage},
		FAPIModes:                         []wire.FAPIMode{wire.FAPIModeFAPI2Security},
		AccessTokenSignAlg:                wire.JWSAlgES256,
		ClientIDAliasEnabled:              true,
		AccessTokenDuration:               600,
		AuthorizationCodeDuration:         60,
		PushedAuthReqDuration:             60,
	}
}

var claims = []string{"sub", "name", "given_name", "family_name", "preferred_username", "email", "email_verified"}

func scopes() []wire.Scope {
	return []wire.Scope{
		{Name: "openid", Description: "Know that it is you"},
		{Name: "profile", Description: "See your name and your profile"},
		{Name: "email", Description: "See your e-mail address"},
		{Name: "offline_access", Description: "Keep access while you are away"},
		{Name: "accounts", Description: "See your accounts"},
	}
}

func webClientDocument() *wire.Client {
	return &wire.Client{
		ClientName: "Demo web application", ClientIDAlias: webClient, ClientIDAliasEnabled: true,
		ClientType: wire.ClientTypeConfidential, ApplicationType: wire.ApplicationTypeNative, // http on localhost
		TokenAuthMethod: wire.ClientAuthMethodClientSecretBasic,
		RedirectURIs:    []string{webCallback},
		ResponseTypes:   []wire.ResponseType{wire.ResponseTypeCode},
		GrantTypes:      []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken, wire.GrantTypeClientCredentials},
		IDTokenSignAlg:  wire.JWSAlgES256,
	}
}

func spaClientDocument() *wire.Client {
	return &wire.Client{
		ClientName: "Demo browser application", ClientIDAlias: spaClient, ClientIDAliasEnabled: true,
		ClientType: wire.ClientTypePublic, ApplicationType: wire.ApplicationTypeNative,
		TokenAuthMethod: wire.ClientAuthMethodNone,
		RedirectURIs:    []string{spaCallback},
		ResponseTypes:   []wire.ResponseType{wire.ResponseTypeCode},
		GrantTypes:      []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken},
		IDTokenSignAlg:  wire.JWSAlgES256,
		PKCERequired:    true,
	}
}

func fapiClientDocument(jwks string) *wire.Client {
	return &wire.Client{
		ClientName: "Demo bank application", ClientIDAlias: fapiClient, ClientIDAliasEnabled: true,
		ClientType: wire.ClientTypeConfidential, ApplicationType: wire.ApplicationTypeWeb,
		TokenAuthMethod: wire.ClientAuthMethodPrivateKeyJWT, TokenAuthSignAlg: wire.JWSAlgES256,
		JWKS:           jwks,
		RedirectURIs:   []string{fapiCallback},
		ResponseTypes:  []wire.ResponseType{wire.ResponseTypeCode},
		GrantTypes:     []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken, wire.GrantTypeClientCredentials},
		IDTokenSignAlg: wire.JWSAlgES256,
		DPoPRequired:   true,
	}
}
