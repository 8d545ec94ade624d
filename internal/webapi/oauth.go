package webapi

import (
	"context"
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Authorization has an authorization request checked.
func (c *Client) Authorization(ctx context.Context, in *wire.AuthorizationRequest) (*wire.AuthorizationResponse, error) {
	return post[wire.AuthorizationRequest, wire.AuthorizationResponse](ctx, c, c.of("/auth/authorization"), in)
}

// AuthorizationIssue grants an authorization request.
func (c *Client) AuthorizationIssue(ctx context.Context, in *wire.AuthorizationIssueRequest) (*wire.AuthorizationIssueResponse, error) {
	return post[wire.AuthorizationIssueRequest, wire.AuthorizationIssueResponse](ctx, c, c.of("/auth/authorization/issue"), in)
}

// AuthorizationFail refuses an authorization request.
func (c *Client) AuthorizationFail(ctx context.Context, in *wire.AuthorizationFailRequest) (*wire.AuthorizationFailResponse, error) {
	return post[wire.AuthorizationFailRequest, wire.AuthorizationFailResponse](ctx, c, c.of("/auth/authorization/fail"), in)
}

// TicketInfo returns what is attached to a ticket.
func (c *Client) TicketInfo(ctx context.Context, in *wire.AuthorizationTicketInfoRequest) (*wire.AuthorizationTicketInfoResponse, error) {
	return post[wire.AuthorizationTicketInfoRequest, wire.AuthorizationTicketInfoResponse](ctx, c, c.of("/auth/authorization/ticket/info"), in)
}

// TicketUpdate attaches something else to a ticket.
func (c *Client) TicketUpdate(ctx context.Context, in *wire.AuthorizationTicketUpdateRequest) (*wire.AuthorizationTicketUpdateResponse, error) {
	return post[wire.AuthorizationTicketUpdateRequest, wire.AuthorizationTicketUpdateResponse](ctx, c, c.of("/auth/authorization/ticket/update"), in)
}

// PushedAuthReq hands over a pushed authorization request.
func (c *Client) PushedAuthReq(ctx context.Context, in *wire.PushedAuthReqRequest) (*wire.PushedAuthReqResponse, error) {
	return post[wire.PushedAuthReqRequest, wire.PushedAuthReqResponse](ctx, c, c.of("/pushed_auth_req"), in)
}

// Token hands over a token request.
func (c *Client) Token(ctx context.Context, in *wire.TokenRequest) (*wire.TokenResponse, error) {
	return post[wire.TokenRequest, wire.TokenResponse](ctx, c, c.of("/auth/token"), in)
}

// Introspection has the access token of a request to a resource checked.
func (c *Client) Introspection(ctx context.Context, in *wire.IntrospectionRequest) (*wire.IntrospectionResponse, error) {
	return post[wire.IntrospectionRequest, wire.IntrospectionResponse](ctx, c, c.of("/auth/introspection"), in)
}

// StandardIntrospection hands over an introspection request (RFC 7662).
func (c *Client) StandardIntrospection(ctx context.Context, in *wire.StandardIntrospectionRequest) (*wire.StandardIntrospectionResponse, error) {
	return post[wire.StandardIntrospectionRequest, wire.StandardIntrospectionResponse](ctx, c, c.of("/auth/introspection/standard"), in)
}

// Revocation hands over a revocation request (RFC 7009).
func (c *Client) Revocation(ctx context.Context, in *wire.RevocationRequest) (*wire.RevocationResponse, error) {
	return post[wire.RevocationRequest, wire.RevocationResponse](ctx, c, c.of("/auth/revocation"), in)
}

// UserInfo has the token of a userinfo request checked.
func (c *Client) UserInfo(ctx context.Context, in *wire.UserInfoRequest) (*wire.UserInfoResponse, error) {
	return post[wire.UserInfoRequest, wire.UserInfoResponse](ctx, c, c.of("/auth/userinfo"), in)
}

// UserInfoIssue has the answer to a userinfo request made.
func (c *Client) UserInfoIssue(ctx context.Context, in *wire.UserInfoIssueRequest) (*wire.UserInfoIssueResponse, error) {
	return post[wire.UserInfoIssueRequest, wire.UserInfoIssueResponse](ctx, c, c.of("/auth/userinfo/issue"), in)
}

// ClientRegistration hands over a request of a client that registers itself
// (RFC 7591).
func (c *Client) ClientRegistration(ctx context.Context, in *wire.ClientRegistrationRequest) (*wire.ClientRegistrationResponse, error) {
	return post[wire.ClientRegistrationRequest, wire.ClientRegistrationResponse](ctx, c, c.of("/client/registration"), in)
}

// ClientRegistrationGet has a registration read (RFC 7592).
func (c *Client) ClientRegistrationGet(ctx context.Context, in *wire.ClientRegistrationRequest) (*wire.ClientRegistrationResponse, error) {
	return post[wire.ClientRegistrationRequest, wire.ClientRegistrationResponse](ctx, c, c.of("/client/registration/get"), in)
}

// ClientRegistrationUpdate hands over the replacement of a registration.
func (c *Client) ClientRegistrationUpdate(ctx context.Context, in *wire.ClientRegistrationRequest) (*wire.ClientRegistrationResponse, error) {
	return post[wire.ClientRegistrationRequest, wire.ClientRegistrationResponse](ctx, c, c.of("/client/registration/update"), in)
}

// ClientRegistrationDelete has a registration deleted.
func (c *Client) ClientRegistrationDelete(ctx context.Context, in *wire.ClientRegistrationRequest) (*wire.ClientRegistrationResponse, error) {
	return post[wire.ClientRegistrationRequest, wire.ClientRegistrationResponse](ctx, c, c.of("/client/registration/delete"), in)
}

// ServiceConfiguration returns the discovery document of the service.
func (c *Client) ServiceConfiguration(ctx context.Context) ([]byte, error) {
	return c.do(ctx, http.MethodGet, c.of("/service/configuration"), nil)
}

// ServiceJWKS returns the public keys of the service as a JWK Set, or nothing
// where it has none.
func (c *Client) ServiceJWKS(ctx context.Context) ([]byte, error) {
	return c.do(ctx, http.MethodGet, c.of("/service/jwks/get"), nil)
}
