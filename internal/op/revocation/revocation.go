// Package revocation holds the operation behind the revocation endpoint
// (RFC 7009).
//
//	parameters + credentials ─► client ─► token, one read ─► revoked with its grant
//
// Revoking either token of a pair revokes both, and whatever else came of
// the grant. A token in the client's own right goes alone. Unknown tokens and
// those of other clients are answered like revoked ones.
package revocation

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/clientauth"
	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/resource"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

var (
	wellFormed   = rule.Refusal{ID: "revocation.well_formed", Refs: spec.Refs("RFC7009-2.1"), Result: "A980301", Error: oauth.InvalidRequest, Structural: true}
	tokenPresent = rule.Refusal{ID: "revocation.token.present", Refs: spec.Refs("RFC7009-2.1"), Result: "A116302", Error: oauth.InvalidRequest, Structural: true}
)

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal { return []*rule.Refusal{&wellFormed, &tokenPresent} }

// Revocation revokes a token. Reads and commits: 1R + 1C.
func Revocation(ctx context.Context, c *op.Call, in *wire.RevocationRequest) (*wire.RevocationResponse, error) {
	if in.Parameters == nil {
		return nil, op.MissingParameters()
	}
	form, err := oauth.ParseForm(*in.Parameters)
	if err != nil || len(form.Repeated()) > 0 {
		return refuse(c, wellFormed.Fault(rule.No("The request is not well-formed."))), nil
	}
	client, f, err := clientauth.Authenticate(ctx, c.Clients, &clientauth.Request{
		Service: c.Service, Form: form, BasicID: in.ClientID, BasicSecret: in.ClientSecret,
		Audiences: []string{c.Service.Doc.RevocationEndpoint, c.Service.Doc.TokenEndpoint}, Now: c.Now,
		Allowed: func(client *registry.Client) error { return c.Allowed(registry.Revocation, client) },
	})
	if err != nil {
		return nil, err
	}
	if f != nil {
		return refuse(c, f), nil
	}
	if !form.Has("token") {
		f, err := c.SpendRefused(ctx, client.Marks(), tokenPresent.Fault(rule.No("The request has no token.")))
		if err != nil {
			return nil, err
		}
		return refuse(c, f), nil
	}
	return revoke(ctx, c, client, form.Get("token"))
}

func revoke(ctx context.Context, c *op.Call, client *clientauth.Client, text string) (*wire.RevocationResponse, error) {
	t, err := resource.Find(ctx, c, text)
	if err != nil {
		return nil, err
	}
	job := store.Revoke{Now: c.Millis(), Marks: client.Marks(), Service: c.Service.ID}
	switch {
	case t == nil || t.Client.ID != client.ID:
	case t.Token.Grant == grant.ClientKey(c.Service.ID, client.ID):
		job.Token = t.Key
	default:
		job.Grant = t.Token.Grant
	}
	if len(job.Marks) > 0 || !job.Token.IsZero() || !job.Grant.IsZero() {
		outcome, err := c.Store.Revoke(ctx, job)
		if err != nil {
			return nil, err
		}
		if f := op.Replay(outcome, client); f != nil {
			return refuse(c, f), nil
		}
	}
	return &wire.RevocationResponse{Result: c.Result("A113001", "the token is revoked"), Action: wire.RevocationActionOK}, nil
}

func refuse(c *op.Call, f *rule.Fault) *wire.RevocationResponse {
	action := wire.RevocationActionBadRequest
	if f.Code == oauth.InvalidClient {
		action = wire.RevocationActionInvalidClient
	}
	return &wire.RevocationResponse{
		Result: c.Refused(f), Action: action, ResponseContent: c.OAuthError(f).JSON(), Explanation: op.Explain(f),
	}
}
