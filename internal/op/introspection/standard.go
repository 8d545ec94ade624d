package introspection

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/resource"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

var tokenPresent = rule.Refusal{ID: "introspection.token.present", Refs: spec.Refs("RFC7662-2.1"), Result: "A970304", Error: oauth.InvalidRequest, Structural: true}

// jwtResponse is the media type of RFC 9701 responses.
const jwtResponse = "application/token-introspection+jwt"

// Standard makes an RFC 7662 response. Reads and commits: 1R.
func Standard(ctx context.Context, c *op.Call, in *wire.StandardIntrospectionRequest) (*wire.StandardIntrospectionResponse, error) {
	if in.Parameters == nil {
		return nil, op.MissingParameters()
	}
	if strings.Contains(in.HTTPAcceptHeader, jwtResponse) {
		return nil, op.NotBuilt([]string{"httpAcceptHeader " + jwtResponse})
	}
	form, err := oauth.ParseForm(*in.Parameters)
	if err != nil || !form.Has("token") || len(form.Repeated()) > 0 {
		f := tokenPresent.Fault(rule.No("The request is not well-formed or has no token."))
		return &wire.StandardIntrospectionResponse{
			Result: c.Refused(f), Action: wire.StandardIntrospectionActionBadRequest,
			ResponseContent: c.OAuthError(f).JSON(), Explanation: op.Explain(f),
		}, nil
	}
	t, err := resource.Find(ctx, c, form.Get("token"))
	if err != nil {
		return nil, err
	}
	if t != nil {
		if err := c.Allowed(registry.StandardIntrospection, t.Client); err != nil {
			return nil, err
		}
	}
	content, err := json.Marshal(describe(c, t, in.WithHiddenProperties))
	if err != nil {
		return nil, err
	}
	return &wire.StandardIntrospectionResponse{
		Result: c.Result("A145001", "the introspection response was made"),
		Action: wire.StandardIntrospectionActionOK, ResponseContent: string(content),
	}, nil
}

// describe tells about a token. Of one that cannot be used nothing is told
// but that (RFC7662-2.2).
func describe(c *op.Call, t *resource.Token, hidden bool) map[string]any {
	if t == nil || t.Grant.Revoked || t.Consumed || t.Client.Doc.Locked {
		return map[string]any{"active": false}
	}
	out := make(map[string]any, 16)
	for _, p := range t.Body.Properties {
		if hidden || !p.Hidden {
			out[p.Key] = p.Value
		}
	}
	put := func(name, value string) {
		delete(out, name)
		if value != "" {
			out[name] = value
		}
	}
	put("iss", c.Service.Issuer())
	put("sub", subject(t))
	put("scope", strings.Join(t.Body.Scopes, " "))
	put("client_id", t.Body.ClientID)
	put("acr", t.Grant.Body.ACR)
	put("cnf", "") // facts, or nothing: a property must not invent them
	put("auth_time", "")
	put("token_type", "")
	out["active"], out["exp"], out["iat"] = true, t.Expires/1000, t.Created/1000
	if t.Grant.Body.AuthTime > 0 {
		out["auth_time"] = t.Grant.Body.AuthTime
	}
	if t.Kind == grant.Access {
		out["token_type"] = c.Service.Doc.AccessTokenType
		if t.Body.JKT != "" {
			out["token_type"], out["cnf"] = "DPoP", map[string]string{"jkt": t.Body.JKT}
		}
	}
	return out
}

// subject is the end-user or, for a token in the client's own right, the
// client, as in JWT access tokens.
func subject(t *resource.Token) string {
	if t.Grant.Subject != "" {
		return t.Grant.Subject
	}
	return t.Body.ClientID
}
