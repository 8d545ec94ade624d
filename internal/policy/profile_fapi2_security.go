package policy

import "github.com/symbolon-auth/symbolon/internal/wire"

// fapi2Security is the FAPI 2.0 Security Profile (final, 2025-02-22), clause
// by clause. Clauses that hold everywhere (codes used once, unguessable
// values, key sizes) are not repeated here.
var fapi2Security = []demand{
	{"FAPI2-SP-FINAL-5.3.2.1-2", func(p *Policy, by Source) {
		p.GrantTypes.Limit(by, wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken, wire.GrantTypeClientCredentials)
	}},
	{"FAPI2-SP-FINAL-5.3.2.1-3", func(p *Policy, by Source) { p.ConfidentialOnly.Demand(true, by) }},
	{"FAPI2-SP-FINAL-5.3.2.1-4", func(p *Policy, by Source) { p.SenderConstrained.Demand(true, by) }},
	{"FAPI2-SP-FINAL-5.3.2.1-6", func(p *Policy, by Source) {
		p.AuthMethods.Limit(by, wire.ClientAuthMethodPrivateKeyJWT, wire.ClientAuthMethodTLSClientAuth, wire.ClientAuthMethodSelfSignedTLSClientAuth)
	}},
	{"FAPI2-SP-FINAL-5.3.2.1-8", func(p *Policy, by Source) { p.AssertionAudience.Prefer(IssuerAudience, by) }},
	{"FAPI2-SP-FINAL-5.3.2.1-9", func(p *Policy, by Source) { p.RefreshRotation.Prefer(Keep, by) }},
	{"FAPI2-SP-FINAL-5.3.2.1-11", func(p *Policy, by Source) { p.CodeLifetime.AtMost(60, by) }},
	{"FAPI2-SP-FINAL-5.3.2.2-1", func(p *Policy, by Source) { p.ResponseTypes.Limit(by, wire.ResponseTypeCode) }},
	{"FAPI2-SP-FINAL-5.3.2.2-3", func(p *Policy, by Source) { p.PushedOnly.Demand(true, by) }},
	{"FAPI2-SP-FINAL-5.3.2.2-5", func(p *Policy, by Source) {
		p.PKCE.Demand(true, by)
		p.S256Only.Demand(true, by)
	}},
	{"FAPI2-SP-FINAL-5.3.2.2-6", func(p *Policy, by Source) { p.RedirectURIRequired.Demand(true, by) }},
	{"FAPI2-SP-FINAL-5.3.2.2-7", func(p *Policy, by Source) { p.ResponseIssuer.Demand(true, by) }},
	{"FAPI2-SP-FINAL-5.3.2.2-8", func(p *Policy, by Source) { p.SecureRedirects.Demand(true, by) }},
	{"FAPI2-SP-FINAL-5.3.2.2-12", func(p *Policy, by Source) { p.PushedLifetime.AtMost(599, by) }},
	{"FAPI2-SP-FINAL-5.4.1-1", func(p *Policy, by Source) {
		algs := []wire.JWSAlg{wire.JWSAlgPS256, wire.JWSAlgES256, wire.JWSAlgEdDSA}
		p.AssertionAlgs.Limit(by, algs...)
		p.ObjectAlgs.Limit(by, algs...)
		p.DPoPAlgs.Limit(by, algs...)
		p.IDTokenAlgs.Limit(by, algs...)
		p.AccessAlgs.Limit(by, algs...)
	}},
}
