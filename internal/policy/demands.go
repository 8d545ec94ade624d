package policy

import (
	"strconv"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

func (p *Policy) service(s *wire.Service) {
	by := func(member string) Source { return Source{Switch: "service." + member} }
	if len(s.SupportedResponseTypes) > 0 {
		p.ResponseTypes.Limit(by("supportedResponseTypes"), s.SupportedResponseTypes...)
	}
	if len(s.SupportedGrantTypes) > 0 {
		p.GrantTypes.Limit(by("supportedGrantTypes"), s.SupportedGrantTypes...)
	}
	if len(s.SupportedTokenAuthMethods) > 0 {
		p.AuthMethods.Limit(by("supportedTokenAuthMethods"), s.SupportedTokenAuthMethods...)
	}
	if s.AccessTokenSignAlg != "" {
		p.AccessAlgs.Limit(by("accessTokenSignAlg"), s.AccessTokenSignAlg)
	}
	p.ObjectRequired.Demand(s.RequestObjectRequired, by("requestObjectRequired"))
	p.ObjectAudience.Demand(s.RequestObjectAudienceChecked, by("requestObjectAudienceChecked"))
	if !s.TraditionalRequestObjectProcessingApplied { // JAR-4, JAR-6.3
		traditional := by("traditionalRequestObjectProcessingApplied")
		p.ObjectAlgs.Limit(traditional, BuiltVerifyAlgs...)
		p.ObjectAlone.Demand(true, traditional)
	}
	p.PushedOnly.Demand(s.PARRequired, by("parRequired"))
	p.PKCE.Demand(s.PKCERequired, by("pkceRequired"))
	p.S256Only.Demand(s.PKCES256Required, by("pkceS256Required"))
	p.DPoPNonce.Demand(s.DPoPNonceRequired, by("dpopNonceRequired"))
	p.ScopeRequired.Demand(s.ScopeRequired, by("scopeRequired"))
	p.ResponseIssuer.Demand(!s.IssSuppressed, by("issSuppressed"))
	if s.ClientAssertionAudRestrictedToIssuer {
		p.AssertionAudience.Prefer(IssuerAudience, by("clientAssertionAudRestrictedToIssuer"))
	}
	if s.RefreshTokenKept {
		p.RefreshRotation.Prefer(Keep, by("refreshTokenKept"))
	}
	p.CodeLifetime.AtMost(s.AuthorizationCodeDuration, by("authorizationCodeDuration"))
	p.PushedLifetime.AtMost(s.PushedAuthReqDuration, by("pushedAuthReqDuration"))
	p.AccessLifetime.AtMost(s.AccessTokenDuration, by("accessTokenDuration"))
	p.RefreshLifetime.AtMost(s.RefreshTokenDuration, by("refreshTokenDuration"))
	p.IDTokenLifetime.AtMost(s.IDTokenDuration, by("idTokenDuration"))
}

// client folds a client's demands. Its response types are not among them: a
// type that the client alone lacks is another error than one that the service
// lacks (RFC6749-4.1.2.1), so the rules ask the client.
func (p *Policy) client(c *wire.Client) {
	by := func(member string) Source { return Source{Switch: "client." + member} }
	p.GrantTypes.Limit(by("grantTypes"), c.GrantTypes...)
	p.AuthMethods.Limit(by("tokenAuthMethod"), c.TokenAuthMethod)
	if c.TokenAuthSignAlg != "" {
		p.AssertionAlgs.Limit(by("tokenAuthSignAlg"), c.TokenAuthSignAlg)
	}
	if len(c.ResponseModes) > 0 {
		p.ResponseModes.Limit(by("responseModes"), c.ResponseModes...)
	}
	p.IDTokenAlgs.Limit(by("idTokenSignAlg"), c.IDTokenSignAlg)
	if c.RequestSignAlg != "" {
		p.ObjectAlgs.Limit(by("requestSignAlg"), c.RequestSignAlg)
	}
	p.ObjectRequired.Demand(c.RequestObjectRequired, by("requestObjectRequired"))
	p.PushedOnly.Demand(c.PARRequired, by("parRequired"))
	p.PKCE.Demand(c.PKCERequired, by("pkceRequired"))
	p.S256Only.Demand(c.PKCES256Required, by("pkceS256Required"))
	p.DPoP.Demand(c.DPoPRequired, by("dpopRequired"))
	if e := c.Extension; e != nil {
		p.AccessLifetime.AtMost(e.AccessTokenDuration, by("extension.accessTokenDuration"))
		p.RefreshLifetime.AtMost(e.RefreshTokenDuration, by("extension.refreshTokenDuration"))
		p.IDTokenLifetime.AtMost(e.IDTokenDuration, by("extension.idTokenDuration"))
	}
}

// scope folds the attributes of a requested scope. Attributes that select a
// FAPI mode are the registry's business (modes there).
func (p *Policy) scope(s *wire.Scope) {
	for _, a := range s.Attributes {
		by := Source{Switch: "scope " + s.Name + " " + a.Key}
		n, err := strconv.ParseInt(a.Value, 10, 64)
		if err != nil {
			continue
		}
		switch a.Key {
		case "access_token.duration":
			p.AccessLifetime.AtMost(n, by)
		case "refresh_token.duration":
			p.RefreshLifetime.AtMost(n, by)
		case "id_token.duration":
			p.IDTokenLifetime.AtMost(n, by)
		}
	}
}
