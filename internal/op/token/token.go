package token

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// tokenRequest is one token request on its way; a grant's own stage embeds
// it.
type tokenRequest struct {
	op.ClientRequest
	in *wire.TokenRequest
}

var wellFormed = rule.Refusal{ID: "token.well_formed", Refs: spec.Refs("RFC6749-3.2"), Result: "A902301", Error: oauth.InvalidRequest, Structural: true}

// parsedRules judge the form before anybody is authenticated.
var parsedRules = rule.Table[tokenRequest]{
	rule.Row("token.repeated", "A902302", oauth.InvalidRequest, checkRepeated, "RFC6749-3.2"),
}

// identifiedRules are the rules of every grant.
var identifiedRules = rule.Table[tokenRequest]{
	rule.Row("token.grant_type.present", "A902303", oauth.InvalidRequest, checkGrantTypePresent, "RFC6749-4.1.3"),
	rule.Row("token.grant_type.supported", "A902304", oauth.UnsupportedGrantType, checkGrantTypeSupported, "RFC6749-5.2", "FAPI2-SP-FINAL-5.3.2.1-2"),
	rule.Row("token.grant_type.client", "A902305", oauth.UnauthorizedClient, checkGrantTypeClient, "RFC6749-5.2", "RFC7591-2"),
	rule.Row("token.resource", "A902306", oauth.InvalidTarget, checkResource, "RFC8707-2"),
	rule.Row("token.authorization_details", "A902307", oauth.InvalidAuthorizationDetails, checkDetails, "RFC9396-6"),
}

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal {
	list := []*rule.Refusal{&wellFormed}
	list = append(list, parsedRules.Refusals()...)
	list = append(list, identifiedRules.Refusals()...)
	list = append(list, codeRules.Refusals()...)
	list = append(list, &codeKnown)
	list = append(list, refreshRules.Refusals()...)
	list = append(list, &refreshKnown, &unsigned)
	return append(list, clientCredentialsRules.Refusals()...)
}

// Token answers a token request. Reads and commits: client_credentials 1C,
// the others 1R + 1C.
func Token(ctx context.Context, c *op.Call, in *wire.TokenRequest) (*wire.TokenResponse, error) {
	if err := checkCall(in); err != nil {
		return nil, err
	}
	x := &tokenRequest{in: in}
	x.Call = c
	out, fault, err := x.run(ctx)
	if err != nil {
		return nil, err
	}
	if fault != nil {
		if fault, err = x.Refuse(ctx, fault); err != nil {
			return nil, err
		}
		out = x.refuse(fault)
	}
	out.DPoPNonce = x.Nonce
	if x.Client != nil {
		out.ClientAuthMethod = x.Client.Method
	}
	return out, nil
}

// checkCall judges what the caller of the Web API sent.
func checkCall(in *wire.TokenRequest) error {
	switch {
	case in.Parameters == nil:
		return op.MissingParameters()
	case len(in.AccessToken) > maxChosen || !safeInPath(in.AccessToken):
		return op.Invalid("accessToken", "must be at most 512 characters of A-Z a-z 0-9 . _ ~ -")
	case strings.Count(in.AccessToken, ".") == 2:
		return op.Invalid("accessToken", "must not look like a JWT")
	}
	if err := op.CheckLifetime("accessTokenDuration", in.AccessTokenDuration); err != nil {
		return err
	}
	if err := op.CheckLifetime("refreshTokenDuration", in.RefreshTokenDuration); err != nil {
		return err
	}
	if err := op.CheckObject("jwtAtClaims", in.JWTAtClaims); err != nil {
		return err
	}
	return op.CheckProperties(in.Properties)
}

func (x *tokenRequest) run(ctx context.Context) (*wire.TokenResponse, *rule.Fault, error) {
	var err error
	if x.Form, err = oauth.ParseForm(*x.in.Parameters); err != nil {
		return nil, wellFormed.Fault(rule.No("The request is not well-formed.").Because("%v", err)), nil
	}
	if f := parsedRules.Run(x); f != nil {
		return nil, f, nil
	}
	doc := x.Service.Doc
	if f, err := x.Authenticate(ctx, registry.Token, x.in.ClientID, x.in.ClientSecret, doc.TokenEndpoint); f != nil || err != nil {
		return nil, f, err
	}
	if f := identifiedRules.Run(x); f != nil {
		return nil, f, nil
	}
	if f := x.Prove(op.Proof{Header: x.in.DPoP, Method: x.in.HTM, URL: x.in.HTU, NonceRequired: x.in.DPoPNonceRequired}, doc.TokenEndpoint); f != nil {
		return nil, f, nil
	}
	switch x.grantType() {
	case wire.GrantTypeAuthorizationCode:
		return x.authorizationCode(ctx)
	case wire.GrantTypeRefreshToken:
		return x.refreshToken(ctx)
	case wire.GrantTypeClientCredentials:
		return x.clientCredentials(ctx)
	default: // the rules let built grant types through only
		return nil, nil, op.NotBuilt([]string{"the grant type " + x.Form.Get("grant_type")})
	}
}

func (x *tokenRequest) grantType() wire.GrantType {
	t, _ := wire.GrantTypeFromSpec(x.Form.Get("grant_type"))
	return t
}

// consequence performs what a fault demands besides refusing.
func (x *tokenRequest) consequence(ctx context.Context, f *rule.Fault, g grant.Key) (*rule.Fault, error) {
	if f.Consequence != rule.RevokeGrant {
		return f, nil
	}
	outcome, err := x.Store.Revoke(ctx, store.Revoke{Now: x.Millis(), Marks: x.SpendAssertion(), Service: x.Service.ID, Grant: g})
	if err != nil {
		return nil, err
	}
	if replay := x.Replay(outcome); replay != nil {
		return replay, nil
	}
	return f, nil
}

// judge says what a commit came to: a mark had been spent before, what it
// was to consume had been consumed (then lost is the fault), or the chosen
// access token exists. Otherwise it is done.
func (x *tokenRequest) judge(outcome store.Outcome, lost *rule.Fault) (*rule.Fault, error) {
	if f := x.Replay(outcome); f != nil {
		return f, nil
	}
	switch {
	case outcome == store.Done:
		return nil, nil
	case outcome == store.Lost && lost != nil:
		return lost, nil
	case outcome == store.Taken:
		return nil, op.Invalid("accessToken", "is in use already")
	default:
		return nil, fmt.Errorf("token: a commit came to outcome %d", outcome)
	}
}

func checkRepeated(x *tokenRequest) *rule.Fault {
	if r := x.Form.Repeated(); len(r) > 0 {
		return rule.No("A parameter occurs more than once: %s.", rule.Printable(r[0]))
	}
	return nil
}

func checkGrantTypePresent(x *tokenRequest) *rule.Fault {
	if !x.Form.Has("grant_type") {
		return rule.No("The request has no grant_type.")
	}
	return nil
}

func checkGrantTypeSupported(x *tokenRequest) *rule.Fault {
	t := x.grantType()
	served := slices.Contains(policy.BuiltGrantTypes, t) && slices.Contains(x.Service.Doc.SupportedGrantTypes, t)
	if !served {
		return rule.No("The grant_type is not supported.").DemandedBy(rule.Source{Switch: "service.supportedGrantTypes"}).
			Because("grant_type is %q", rule.Printable(x.Form.Get("grant_type")))
	}
	return nil
}

func checkGrantTypeClient(x *tokenRequest) *rule.Fault {
	if !x.Client.Policy.GrantTypes.Has(x.grantType()) {
		return rule.No("The client must not use this grant_type.").DemandedBy(x.Client.Policy.GrantTypes.By...)
	}
	return nil
}

func checkResource(x *tokenRequest) *rule.Fault {
	if x.Form.Has("resource") || x.Form.Has("audience") {
		return rule.No("The resource and audience parameters are not supported.")
	}
	return nil
}

func checkDetails(x *tokenRequest) *rule.Fault {
	if x.Form.Has("authorization_details") {
		return rule.No("The authorization_details parameter is not supported.")
	}
	return nil
}

// checkSenderConstrained: tokens that must be bound to a key need a proof of
// it. The rule stands in the table of each grant, since the scopes that a
// grant finds take part in the policy.
func (x *tokenRequest) checkSenderConstrained(p *policy.Policy) *rule.Fault {
	if x.DPoP != nil {
		return nil
	}
	if p.DPoP.On {
		return rule.No("The client must send a DPoP proof.").DemandedBy(p.DPoP.By...).As(oauth.InvalidDPoPProof)
	}
	if p.SenderConstrained.On {
		return rule.No("The access token must be bound to a key; the request has no DPoP proof.").DemandedBy(p.SenderConstrained.By...)
	}
	return nil
}
