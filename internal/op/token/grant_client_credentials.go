package token

import (
	"context"
	"encoding/json"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// clientStage is what the rules of the client_credentials grant know.
type clientStage struct {
	*tokenRequest
	scopes   []string // supported and allowed ones
	asked    []string
	scopesOK bool
	policy   *policy.Policy
}

var clientCredentialsRules = rule.Table[clientStage]{
	rule.Row("token.client_credentials.confidential", "A052301", oauth.UnauthorizedClient, checkOwnConfidential, "RFC6749-4.4"),
	rule.Row("token.client_credentials.scope_syntax", "A960307", oauth.InvalidScope, checkOwnScopeSyntax, "RFC6749-3.3"),
	rule.Row("token.client_credentials.no_openid", "A960308", oauth.InvalidScope, checkOwnScopes, "OIDCC-3.1.2.1", "OIDCC-11"),
	rule.Row("token.client_credentials.sender_constrained", "A960309", oauth.InvalidRequest,
		func(s *clientStage) *rule.Fault { return s.checkSenderConstrained(s.policy) }, "FAPI2-SP-FINAL-5.3.2.1-4", "DPOP-5.2"),
}

// clientCredentials issues a token in the client's own right (RFC 6749 §4.4).
func (x *tokenRequest) clientCredentials(ctx context.Context) (*wire.TokenResponse, *rule.Fault, error) {
	s := &clientStage{tokenRequest: x}
	s.readScopes()
	s.policy = x.Client.Client.Policy(x.Service, s.scopes)
	if f := clientCredentialsRules.Run(s); f != nil {
		return nil, f, nil
	}
	b := &basis{
		policy: s.policy, grantKey: grant.ClientKey(x.Service.ID, x.Client.ID), scopes: s.scopes,
		properties: op.Properties(x.in.Properties), clientID: x.Client.Identifier, alias: x.Client.AliasUsed,
	}
	if x.in.JWTAtClaims != "" {
		b.jwtClaims = json.RawMessage(x.in.JWTAtClaims)
	}
	t := &tokens{}
	if f, err := x.mintAccess(b, t, 0); f != nil || err != nil {
		return nil, f, err
	}
	outcome, err := x.Store.IssueToken(ctx, store.IssueToken{Now: x.Millis(), Marks: x.SpendAll(), Token: t.access, Chosen: x.in.AccessToken != ""})
	if err != nil {
		return nil, nil, err
	}
	if f, err := x.judge(outcome, nil); f != nil || err != nil { // nothing is consumed
		return nil, f, err
	}
	out, err := x.answer(b, t)
	return out, nil, err
}

// readScopes reads the scope parameter; without one the defaults are meant,
// but never those that need an end-user.
func (s *clientStage) readScopes() {
	s.scopesOK = true
	if text := s.Form.Get("scope"); text != "" {
		s.asked, s.scopesOK = oauth.ScopeTokens(text)
	} else {
		for _, sc := range s.Service.Doc.SupportedScopes {
			if sc.DefaultEntry && sc.Name != "openid" && sc.Name != "offline_access" {
				s.asked = append(s.asked, sc.Name)
			}
		}
	}
	for _, name := range s.asked {
		if s.Service.Scope(name) != nil && s.Client.MayRequest(name) {
			s.scopes = append(s.scopes, name)
		}
	}
}

func checkOwnConfidential(s *clientStage) *rule.Fault {
	if !s.Client.Authenticated() {
		return rule.No("Only clients that authenticate may use the client_credentials grant.").DemandedBy(rule.Source{Switch: "client.tokenAuthMethod"})
	}
	return nil
}

func checkOwnScopeSyntax(s *clientStage) *rule.Fault {
	if !s.scopesOK {
		return rule.No("The scope has characters that a scope cannot have.")
	}
	return nil
}

func checkOwnScopes(s *clientStage) *rule.Fault {
	for _, name := range s.asked {
		if name == "openid" || name == "offline_access" {
			return rule.No("The scope %s needs an end-user.", name)
		}
	}
	return nil
}
