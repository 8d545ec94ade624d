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
	r := &op.ClientRequest{Call: c}
	var err error
	if r.Form, err = oauth.ParseForm(*in.Parameters); err != nil || len(r.Form.Repeated()) > 0 {
		return refuse(c, wellFormed.Fault(rule.No("The request is not well-formed."))), nil
	}
	doc := c.Service.Doc
	f, err := r.Authenticate(ctx, registry.Revocation, in.ClientID, in.ClientSecret, doc.RevocationEndpoint, doc.TokenEndpoint)
	if f == nil && err == nil {
		f, err = revoke(ctx, r)
	}
	if f != nil && err == nil {
		f, err = r.Refuse(ctx, f)
	}
	switch {
	case err != nil:
		return nil, err
	case f != nil:
		return refuse(c, f), nil
	}
	return &wire.RevocationResponse{Result: c.Result("A113001", "the token is revoked"), Action: wire.RevocationActionOK}, nil
}

// revoke revokes the grant of a token, if it is the client's own. A token
// that is not known, or another's, is nothing to complain about.
func revoke(ctx context.Context, r *op.ClientRequest) (*rule.Fault, error) {
	if !r.Form.Has("token") {
		return tokenPresent.Fault(rule.No("The request has no token.")), nil
	}
	t, err := resource.Find(ctx, r.Call, r.Form.Get("token"))
	if err != nil {
		return nil, err
	}
	job := store.Revoke{Now: r.Millis(), Marks: r.SpendAll(), Service: r.Service.ID}
	switch {
	case t == nil || t.Client.ID != r.Client.ID:
	case t.Token.Grant == grant.ClientKey(r.Service.ID, r.Client.ID):
		job.Token = t.Key
	default:
		job.Grant = t.Token.Grant
	}
	if len(job.Marks) == 0 && job.Token.IsZero() && job.Grant.IsZero() {
		return nil, nil
	}
	outcome, err := r.Store.Revoke(ctx, job)
	if err != nil {
		return nil, err
	}
	return r.Replay(outcome), nil
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
