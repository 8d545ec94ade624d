// Package introspection holds the two operations that tell a resource server
// about a token.
//
//	Introspection  the engine judges: exists ─► alive ─► key ─► subject ─► scopes ─► resources ─► acr, max_age
//	Standard       RFC 7662: the facts, as JSON
//
// Introspection answers with a ready challenge for what it refuses. Who may
// call the standard endpoint is the front end's business.
package introspection

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/resource"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// stage is a token that may be used, and what the resource demands of it.
type stage struct {
	*op.Call
	in    *wire.IntrospectionRequest
	token *resource.Token
}

var rules = rule.Table[stage]{
	rule.Row("introspection.subject", "A970301", oauth.InvalidRequest, checkSubject, "SYMBOLON-introspection"),
	rule.Row("introspection.scopes", "A970302", oauth.InsufficientScope, checkScopes, "RFC6750-3.1", "FAPI2-SP-FINAL-5.3.4-4"),
	rule.Row("introspection.resources", "A970303", oauth.InvalidToken, checkResources, "RFC8707-2"),
	rule.Row("introspection.acr", "A341302", oauth.InsufficientUserAuthentication, checkACR, "RFC9470-3"),
	rule.Row("introspection.max_age", "A340301", oauth.InsufficientUserAuthentication, checkMaxAge, "RFC9470-3"),
}

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal { return append(rules.Refusals(), &tokenPresent) }

// Introspection judges an access token for a resource server. Reads and
// commits: 1R, for a token that is bound to a key 1R + 1C.
func Introspection(ctx context.Context, c *op.Call, in *wire.IntrospectionRequest) (*wire.IntrospectionResponse, error) {
	if in.MaxAge < 0 {
		return nil, op.Invalid("maxAge", "must not be negative")
	}
	t, f, err := resource.Judge(ctx, c, resource.Presentation{
		Token: in.Token, Method: "GET", URL: in.TargetURI,
		Proof: op.Proof{Header: in.DPoP, Method: in.HTM, URL: in.HTU, NonceRequired: in.DPoPNonceRequired},
	})
	if err != nil {
		return nil, err
	}
	if t != nil {
		if err := c.Allowed(registry.Introspection, t.Client); err != nil {
			return nil, err
		}
	}
	var params []string
	if f == nil {
		s := &stage{Call: c, in: in, token: t}
		if f = rules.Run(s); f == nil {
			f, err = t.Spend(ctx, c)
		} else {
			params = s.params(f)
		}
		if err != nil {
			return nil, err
		}
	}
	if f != nil {
		return refuse(c, t, f, params), nil
	}
	out := facts(c, t)
	out.Result = c.Result("A056001", "the access token may be used")
	out.Action, out.Sufficient = wire.IntrospectionActionOK, true
	out.ResponseContent = c.NewOAuthError(oauth.InvalidRequest, "A056001", "The request is not valid.").Challenge("Bearer")
	return out, nil
}

// params are further attributes of the challenge, so that the client knows
// what to come back with.
func (s *stage) params(f *rule.Fault) []string {
	switch f.Code {
	case oauth.InsufficientScope:
		return []string{"scope", strings.Join(s.in.Scopes, " ")}
	case oauth.InsufficientUserAuthentication:
		p := []string{"acr_values", strings.Join(s.in.ACRValues, " ")}
		if s.in.MaxAge > 0 {
			p = append(p, "max_age", strconv.FormatInt(s.in.MaxAge, 10))
		}
		return p
	}
	return nil
}

func refuse(c *op.Call, t *resource.Token, f *rule.Fault, params []string) *wire.IntrospectionResponse {
	out := &wire.IntrospectionResponse{}
	if t != nil {
		out = facts(c, t)
		out.Usable = f.Code != oauth.InvalidToken
	}
	out.Result, out.Explanation = c.Refused(f), op.Explain(f)
	out.ResponseContent = resource.Challenge(c, t, f, params...)
	switch f.Code {
	case oauth.InsufficientScope:
		out.Action = wire.IntrospectionActionForbidden
	case oauth.InvalidRequest:
		out.Action = wire.IntrospectionActionBadRequest
		if t != nil { // the subject is another one
			out.Action = wire.IntrospectionActionForbidden
		}
	default:
		out.Action = wire.IntrospectionActionUnauthorized
	}
	return out
}

// facts are what the answer says about a token that exists.
func facts(c *op.Call, t *resource.Token) *wire.IntrospectionResponse {
	out := &wire.IntrospectionResponse{
		ClientID: t.Client.ID, ClientIDAlias: t.Client.Doc.ClientIDAlias, ClientIDAliasUsed: t.Body.AliasUsed,
		Subject: t.Grant.Subject, Scopes: t.Body.Scopes, Existent: true, Usable: true,
		Refreshable: !t.Pair.IsZero(), ExpiresAt: t.Expires, Properties: op.WireProperties(t.Body.Properties),
		ConsentedClaims: t.Grant.Body.Consent, ServiceAttributes: c.Service.Doc.Attributes, ClientAttributes: t.Client.Doc.Attributes,
		ACR: t.Grant.Body.ACR, AuthTime: t.Grant.Body.AuthTime, GrantType: wire.GrantType(t.Body.GrantType), DPoPNonce: t.Nonce,
	}
	for _, name := range t.Body.Scopes {
		if s := c.Service.Scope(name); s != nil {
			out.ScopeDetails = append(out.ScopeDetails, *s)
		}
	}
	return out
}

func checkSubject(s *stage) *rule.Fault {
	if s.in.Subject != "" && s.in.Subject != s.token.Grant.Subject {
		return rule.No("The access token belongs to another subject.")
	}
	return nil
}

func checkScopes(s *stage) *rule.Fault {
	for _, name := range s.in.Scopes {
		if !slices.Contains(s.token.Body.Scopes, name) {
			return rule.No("The access token lacks the scope %s.", rule.Printable(name))
		}
	}
	return nil
}

// checkResources: tokens are not issued for resources yet, so none covers
// one.
func checkResources(s *stage) *rule.Fault {
	if len(s.in.Resources) > 0 {
		return rule.No("The access token is not meant for the resource.")
	}
	return nil
}

func checkACR(s *stage) *rule.Fault {
	if len(s.in.ACRValues) > 0 && !slices.Contains(s.in.ACRValues, s.token.Grant.Body.ACR) {
		return rule.No("The end-user was not authenticated in one of the demanded ways.")
	}
	return nil
}

func checkMaxAge(s *stage) *rule.Fault {
	if s.in.MaxAge > 0 && s.Now.Unix()-s.token.Grant.Body.AuthTime > s.in.MaxAge {
		return rule.No("The end-user was authenticated too long ago.")
	}
	return nil
}
