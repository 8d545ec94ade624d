// Package par holds the operation behind the pushed authorization request
// endpoint (RFC 9126).
//
//	parameters + credentials ─► client ─► DPoP proof ─► the ruler, column PAR ─► stored
//
// What was pushed is stored as it came, without credentials, and judged
// again when it is used: clients and services change meanwhile (PAR-7.4).
package par

import (
	"context"
	"encoding/json"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/request"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

var wellFormed = rule.Refusal{ID: "par.well_formed", Refs: spec.Refs("PAR-2.3"), Result: "A940301", Error: oauth.InvalidRequest, Structural: true}

var small = rule.Refusal{ID: "par.size", Refs: spec.Refs("PAR-2.3"), Result: "A940302", Error: oauth.InvalidRequest, Structural: true}

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal { return []*rule.Refusal{&small, &wellFormed} }

// pushing is one call on its way.
type pushing struct{ op.ClientRequest }

// PushedAuthReq validates an authorization request and stores it. Reads and
// commits: 1C.
func PushedAuthReq(ctx context.Context, c *op.Call, in *wire.PushedAuthReqRequest) (*wire.PushedAuthReqResponse, error) {
	if in.Parameters == nil {
		return nil, op.MissingParameters()
	}
	p := &pushing{op.ClientRequest{Call: c}}
	out, fault, err := p.push(ctx, in)
	if err != nil {
		return nil, err
	}
	if fault != nil {
		if fault, err = p.Refuse(ctx, fault); err != nil {
			return nil, err
		}
		out = p.refuse(fault)
	}
	out.DPoPNonce = p.Nonce
	if p.Client != nil {
		out.ClientAuthMethod = p.Client.Method
	}
	return out, nil
}

func (p *pushing) push(ctx context.Context, in *wire.PushedAuthReqRequest) (*wire.PushedAuthReqResponse, *rule.Fault, error) {
	if len(*in.Parameters) > oauth.MaxFormBytes {
		return nil, small.Fault(rule.No("The request is too large.")), nil
	}
	var err error
	if p.Form, err = oauth.ParseForm(*in.Parameters); err != nil {
		return nil, wellFormed.Fault(rule.No("The request is not well-formed.").Because("%v", err)), nil
	}
	doc := p.Service.Doc
	if f, err := p.Authenticate(ctx, registry.PushedAuthReq, in.ClientID, in.ClientSecret, doc.PushedAuthReqEndpoint, doc.TokenEndpoint); f != nil || err != nil {
		return nil, f, err
	}
	if f := p.Prove(op.Proof{Header: in.DPoP, Method: in.HTM, URL: in.HTU, NonceRequired: in.DPoPNonceRequired}, doc.PushedAuthReqEndpoint); f != nil {
		return nil, f, nil
	}
	l := &request.Located{
		At: request.AtPAR, Service: p.Service, Client: p.Client.Client, Identifier: p.Client.Identifier, AliasUsed: p.Client.AliasUsed,
		Sent: p.Form, Form: p.Form, ProofJKT: p.Thumbprint(), Now: p.Now,
	}
	r, fault := request.Read(l)
	if fault != nil {
		return nil, fault, nil
	}
	return p.store(ctx, r)
}

func (p *pushing) store(ctx context.Context, r *request.Request) (*wire.PushedAuthReqResponse, *rule.Fault, error) {
	parameters := r.Form.Except("client_secret", "client_assertion", "client_assertion_type").Encode()
	if len(parameters) > oauth.MaxFormBytes { // encoding makes it longer
		return nil, small.Fault(rule.No("The request is too large.")), nil
	}
	if _, err := oauth.ParseForm(parameters); err != nil { // it is read again
		return nil, wellFormed.Fault(rule.No("The request is not well-formed.").Because("%v", err)), nil
	}
	lifetime := r.Policy.PushedLifetime.Value
	handle, key, err := p.NewHandle(p.In(lifetime))
	if err != nil {
		return nil, nil, err
	}
	outcome, err := p.Store.Push(ctx, store.Push{Now: p.Millis(), Marks: p.SpendAll(), Pushed: &grant.Pushed{
		Key: key, Service: p.Service.ID, Client: r.Client.ID, Expires: p.In(lifetime),
		Body: grant.PushedBody{Parameters: parameters, JKT: r.ProofJKT, Object: r.ObjectPayload, ObjectAlg: r.ObjectAlg},
	}})
	if err != nil {
		return nil, nil, err
	}
	if f := p.Replay(outcome); f != nil {
		return nil, f, nil
	}
	body, err := json.Marshal(struct {
		ExpiresIn  int64  `json:"expires_in"`
		RequestURI string `json:"request_uri"`
	}{lifetime, request.RequestURIPrefix + handle})
	if err != nil {
		return nil, nil, err
	}
	return &wire.PushedAuthReqResponse{
		Result: p.Result("A245001", "the authorization request was stored"), Action: wire.PushedAuthReqActionCreated,
		ResponseContent: string(body), RequestURI: request.RequestURIPrefix + handle,
	}, nil, nil
}

func (p *pushing) refuse(f *rule.Fault) *wire.PushedAuthReqResponse {
	action := wire.PushedAuthReqActionBadRequest
	switch {
	case f.Code == oauth.InvalidClient:
		action = wire.PushedAuthReqActionUnauthorized
	case f.ID == small.ID:
		action = wire.PushedAuthReqActionPayloadTooLarge
	}
	return &wire.PushedAuthReqResponse{
		Result: p.Refused(f), Action: action, ResponseContent: p.OAuthError(f).JSON(), Explanation: op.Explain(f),
	}
}
