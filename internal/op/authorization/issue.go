package authorization

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/request"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

const maxSubject = 100

// ticketLive: a ticket that is unknown, expired, used, or of another service;
// they look the same.
var ticketLive = rule.Refusal{ID: "ticket.live", Refs: spec.Refs("SYMBOLON-ticket"), Result: "A930319", Error: oauth.InvalidRequest, Structural: true}

const ticketText = "The ticket is unknown, expired or used."

func ticketGone() *rule.Fault {
	return ticketLive.Fault(rule.No(ticketText))
}

// Issue answers an authorization request with a code. Reads and commits:
// 1R + 1C.
func Issue(ctx context.Context, c *op.Call, in *wire.AuthorizationIssueRequest) (*wire.AuthorizationIssueResponse, error) {
	if err := checkIssue(c, in); err != nil {
		return nil, err
	}
	t, client, err := loadTicket(ctx, c, in.Ticket)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return issueGone(c), nil
	}
	if t.Body.MaxAgeAsked && in.AuthTime == 0 {
		return nil, op.Invalid("authTime", "is missing; the request asks for it by max_age, the claims parameter or the client's authTimeRequired")
	}
	if err := c.Allowed(registry.AuthorizationIssue, client); err != nil {
		return nil, err
	}
	scopes := issuedScopes(c.Service, t.Body.Scopes, in.Scopes)
	p := client.Policy(c.Service, scopes)
	handle, job, err := issueJob(c, in, t, p, scopes)
	if err != nil {
		return nil, err
	}
	outcome, err := c.Store.FinishAuthorization(ctx, job)
	if err != nil {
		return nil, err
	}
	if outcome != store.Done {
		return issueGone(c), nil
	}
	resp := request.Response{Mode: wire.ResponseMode(t.Body.ResponseMode), RedirectURI: t.Body.RedirectURI}
	resp.Add("code", handle)
	resp.Add("state", t.Body.State)
	if p.ResponseIssuer.On {
		resp.Add("iss", c.Service.Issuer())
	}
	out := &wire.AuthorizationIssueResponse{
		Result: c.Result("A040001", "the authorization code was issued"),
		Action: wire.AuthorizationIssueActionLocation, ResponseContent: resp.Content(), AuthorizationCode: handle,
	}
	if resp.Form() {
		out.Action = wire.AuthorizationIssueActionForm
	}
	if t.Body.Context != "" {
		out.TicketInfo = &wire.AuthorizationTicketInfo{Context: t.Body.Context}
	}
	return out, nil
}

// clocksDiffer is how far the caller's clock may be ahead of ours.
const clocksDiffer = time.Minute

// checkIssue judges what the caller of the Web API sent.
func checkIssue(c *op.Call, in *wire.AuthorizationIssueRequest) error {
	switch {
	case in.Ticket == "":
		return op.Missing("ticket")
	case in.Subject == "":
		return op.Missing("subject")
	case !asciiUpTo(in.Subject, maxSubject):
		return op.Invalid("subject", "must be at most 100 ASCII characters")
	case in.Sub != "" && !asciiUpTo(in.Sub, 255):
		return op.Invalid("sub", "must be at most 255 ASCII characters")
	case in.AuthTime < 0:
		return op.Invalid("authTime", "must not be negative")
	case in.AuthTime > c.Now.Add(clocksDiffer).Unix():
		return op.Invalid("authTime", "lies in the future; it is in seconds since the epoch")
	case in.IDTokenAudType != "" && in.IDTokenAudType != "array" && in.IDTokenAudType != "string":
		return op.Invalid("idTokenAudType", "must be 'array' or 'string'")
	}
	if err := op.CheckLifetime("accessTokenDuration", in.AccessTokenDuration); err != nil {
		return err
	}
	for member, text := range map[string]string{"claims": in.Claims, "idtHeaderParams": in.IDTHeaderParams, "jwtAtClaims": in.JWTAtClaims} {
		if err := op.CheckObject(member, text); err != nil {
			return err
		}
	}
	if in.ClaimsForTx != "" || len(in.VerifiedClaimsForTx) > 0 || in.AuthorizationDetails != nil {
		return op.NotBuilt([]string{"claimsForTx, verifiedClaimsForTx or authorizationDetails"})
	}
	return op.CheckProperties(in.Properties)
}

func asciiUpTo(s string, most int) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return len(s) <= most
}

// loadTicket returns a live ticket and its client, or nil. A client that was
// locked or deleted meanwhile takes its tickets with it.
func loadTicket(ctx context.Context, c *op.Call, handle string) (*grant.Ticket, *registry.Client, error) {
	t, err := c.Store.Ticket(ctx, c.Service.ID, grant.KeyOf(handle), c.Millis())
	if err != nil || t == nil {
		return nil, nil, err
	}
	client, _, err := c.Clients.Client(ctx, c.Service, op.ClientNumber(t.Client))
	if err != nil || client == nil || client.Doc.Locked {
		return nil, nil, err
	}
	return t, client, nil
}

// issuedScopes: null means as requested; a list replaces the request's
// scopes, but openid cannot be added, and what the service does not support
// is left out.
func issuedScopes(s *registry.Service, asked, given []string) []string {
	if given == nil {
		return asked
	}
	var out []string
	for _, name := range given {
		if s.Scope(name) == nil || slices.Contains(out, name) || name == "openid" && !slices.Contains(asked, name) {
			continue
		}
		out = append(out, name)
	}
	return out
}

// issueJob makes the code and the grant that it belongs to.
func issueJob(c *op.Call, in *wire.AuthorizationIssueRequest, t *grant.Ticket, p *policy.Policy, scopes []string) (string, store.FinishAuthorization, error) {
	expires := c.In(p.CodeLifetime.Value)
	handle, key, err := c.NewHandle(expires)
	if err != nil {
		return "", store.FinishAuthorization{}, err
	}
	_, grantKey, err := c.NewHandle(expires)
	if err != nil {
		return "", store.FinishAuthorization{}, err
	}
	b := &t.Body
	g := &grant.Grant{
		Key: grantKey, Service: c.Service.ID, Client: t.Client, Subject: in.Subject, Expires: expires,
		Body: grant.Body{AuthTime: in.AuthTime, ACR: in.ACR, Claims: b.Claims, Consent: in.ConsentedClaims, Sub: in.Sub},
	}
	code := &grant.Code{
		Key: key, Service: c.Service.ID, Client: t.Client, Expires: expires, Grant: grantKey,
		Body: grant.CodeBody{
			ClientID: b.ClientID, AliasUsed: b.AliasUsed, RedirectURI: b.RedirectURI, RedirectSent: b.RedirectSent, Scopes: scopes,
			Challenge: b.Challenge, ChallengeMeth: b.ChallengeMeth, JKT: b.JKT, Nonce: b.Nonce,
			IDToken: grant.IDTokenFacts{
				Sub: in.Sub, Claims: raw(in.Claims), Header: raw(in.IDTHeaderParams), Aud: in.IDTokenAudType,
				SessionID: in.SessionID,
			},
			Properties: op.Properties(in.Properties), JWTClaims: raw(in.JWTAtClaims), AccessSeconds: in.AccessTokenDuration,
		},
	}
	return handle, store.FinishAuthorization{
		Now: c.Millis(), Service: c.Service.ID, Ticket: t.Key, Pushed: t.Pushed, Grant: g, Code: code,
	}, nil
}

func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

func issueGone(c *op.Call) *wire.AuthorizationIssueResponse {
	f := ticketGone()
	return &wire.AuthorizationIssueResponse{
		Result: c.Refused(f), Action: wire.AuthorizationIssueActionBadRequest,
		ResponseContent: c.OAuthError(f).JSON(), Explanation: op.Explain(f),
	}
}
