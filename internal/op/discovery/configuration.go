// Package discovery makes the metadata of an authorization server: the
// discovery document (OpenID Connect Discovery, RFC 8414) and the JWK set.
//
// Both are made from what the engine would do, not from what is merely
// configured: a grant type that is not built is not published.
package discovery

import (
	"bytes"
	"encoding/json"
	"slices"

	jsonpatch "github.com/evanphx/json-patch/v5"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Limits of a patch: copies of copies grow without end.
const (
	maxPatch  = 100
	maxCopied = 256 << 10 // bytes
)

// Configuration returns the discovery document. patch, where not empty, is a
// JSON Patch (RFC 6902) that is applied to it. Reads and commits: none.
func Configuration(c *op.Call, pretty bool, patch string) ([]byte, error) {
	doc, err := json.Marshal(metadata(c.Service))
	if err != nil {
		return nil, err
	}
	if patch != "" {
		p, err := jsonpatch.DecodePatch([]byte(patch))
		if err != nil {
			return nil, op.Invalid("patch", "is not a JSON Patch")
		}
		if len(p) > maxPatch {
			return nil, op.Invalid("patch", "has more than 100 operations")
		}
		options := jsonpatch.NewApplyOptions()
		options.AccumulatedCopySizeLimit = maxCopied
		if doc, err = p.ApplyWithOptions(doc, options); err != nil {
			return nil, op.Invalid("patch", "cannot be applied")
		}
	}
	return indent(doc, pretty)
}

// JWKS returns the public keys of the service. Reads and commits: none.
func JWKS(c *op.Call, pretty, private bool) ([]byte, error) {
	if private {
		return indent([]byte(c.Service.PrivateJWKS()), pretty)
	}
	return indent(c.Service.JWKS, pretty)
}

func indent(doc []byte, pretty bool) ([]byte, error) {
	if !pretty {
		return doc, nil
	}
	var b bytes.Buffer
	if err := json.Indent(&b, doc, "", "  "); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// metadata is in the order of OIDCD-3 and RFC8414-2; empty members are left
// out.
func metadata(s *registry.Service) map[string]any {
	d := s.Doc
	m := map[string]any{
		"request_parameter_supported":                    true,
		"request_uri_parameter_supported":                true,
		"require_request_uri_registration":               true,
		"claims_parameter_supported":                     true,
		"authorization_response_iss_parameter_supported": !d.IssSuppressed,
		"subject_types_supported":                        []string{"public"},
	}
	for name, value := range map[string]string{
		"issuer": d.Issuer, "authorization_endpoint": d.AuthorizationEndpoint, "token_endpoint": d.TokenEndpoint,
		"userinfo_endpoint": d.UserInfoEndpoint, "jwks_uri": d.JWKSURI, "revocation_endpoint": d.RevocationEndpoint,
		"introspection_endpoint":                d.IntrospectionEndpoint,
		"pushed_authorization_request_endpoint": d.PushedAuthReqEndpoint, "end_session_endpoint": d.EndSessionEndpoint,
		"service_documentation": d.ServiceDocumentation, "op_policy_uri": d.PolicyURI, "op_tos_uri": d.TosURI,
	} {
		if value != "" {
			m[name] = value
		}
	}
	if d.DynamicRegistrationSupported && d.RegistrationEndpoint != "" {
		m["registration_endpoint"] = d.RegistrationEndpoint
	}
	lists := map[string][]string{
		"scopes_supported":                                 scopeNames(d.SupportedScopes),
		"response_types_supported":                         specs(d.SupportedResponseTypes, policy.BuiltResponseTypes),
		"response_modes_supported":                         specs(policy.BuiltResponseModes, policy.BuiltResponseModes),
		"grant_types_supported":                            specs(d.SupportedGrantTypes, policy.BuiltGrantTypes),
		"acr_values_supported":                             d.SupportedACRs,
		"id_token_signing_alg_values_supported":            s.Keys.Algorithms(),
		"token_endpoint_auth_methods_supported":            authMethods(s),
		"token_endpoint_auth_signing_alg_values_supported": algorithms(s),
		"request_object_signing_alg_values_supported":      objectAlgorithms(s),
		"dpop_signing_alg_values_supported":                s.Policy().DPoPAlgs.Strings(),
		"code_challenge_methods_supported":                 challengeMethods(s),
		"claims_supported":                                 d.SupportedClaims,
		"claims_locales_supported":                         d.SupportedClaimLocales,
		"ui_locales_supported":                             d.SupportedUILocales,
		"display_values_supported":                         specs(d.SupportedDisplays, d.SupportedDisplays),
		"claim_types_supported":                            specs(d.SupportedClaimTypes, d.SupportedClaimTypes),
		"prompt_values_supported":                          specs(d.SupportedPromptValues, d.SupportedPromptValues),
	}
	if d.RevocationEndpoint != "" {
		lists["revocation_endpoint_auth_methods_supported"] = authMethods(s)
		lists["revocation_endpoint_auth_signing_alg_values_supported"] = algorithms(s)
	}
	for name, list := range lists {
		if len(list) > 0 {
			m[name] = list
		}
	}
	if s.Policy().PushedOnly.On {
		m["require_pushed_authorization_requests"] = true
	}
	if p := s.Policy(); p.ObjectRequired.On && p.ObjectAlone.On { // JAR-10.5
		m["require_signed_request_object"] = true
	}
	if len(d.MTLSEndpointAliases) > 0 {
		aliases := map[string]string{}
		for _, a := range d.MTLSEndpointAliases {
			aliases[a.Name] = a.URI
		}
		m["mtls_endpoint_aliases"] = aliases
	}
	return m
}

type specced interface {
	~string
	Spec() string
}

// specs writes the values that are built as specifications write them.
func specs[T specced](values, built []T) []string {
	var out []string
	for _, v := range values {
		if slices.Contains(built, v) {
			out = append(out, v.Spec())
		}
	}
	return out
}

func scopeNames(scopes []wire.Scope) []string {
	var out []string
	for _, s := range scopes {
		out = append(out, s.Name)
	}
	return out
}

func authMethods(s *registry.Service) []string {
	methods := s.Policy().AuthMethods.Values
	return specs(methods, policy.BuiltAuthMethods)
}

// algorithms are those that clients may sign with here.
func algorithms(s *registry.Service) []string {
	return s.Policy().AssertionAlgs.Strings()
}

// objectAlgorithms are those that request objects may have here.
func objectAlgorithms(s *registry.Service) []string {
	algs := s.Policy().ObjectAlgs.Values
	return specs(algs, algs)
}

func challengeMethods(s *registry.Service) []string {
	if s.Policy().S256Only.On {
		return []string{"S256"}
	}
	return []string{"S256", "plain"}
}
