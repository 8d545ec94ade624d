package webapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// CreateService makes a service.
func (c *Client) CreateService(ctx context.Context, in *wire.Service) (*wire.Service, error) {
	return post[wire.Service, wire.Service](ctx, c, "/api/service/create", in)
}

// Services returns the services from index start up to, but not including,
// index end, as far as the token may see them.
func (c *Client) Services(ctx context.Context, start, end int) (*wire.ServiceListResponse, error) {
	return get[wire.ServiceListResponse](ctx, c, fmt.Sprintf("/api/service/get/list?start=%d&end=%d", start, end))
}

// GetService returns the client's service.
func (c *Client) GetService(ctx context.Context) (*wire.Service, error) {
	return get[wire.Service](ctx, c, c.of("/service/get"))
}

// UpdateService replaces the client's service.
func (c *Client) UpdateService(ctx context.Context, in *wire.Service) (*wire.Service, error) {
	return post[wire.Service, wire.Service](ctx, c, c.of("/service/update"), in)
}

// DeleteService deletes the client's service.
func (c *Client) DeleteService(ctx context.Context) error {
	_, err := c.do(ctx, http.MethodDelete, c.of("/service/delete"), nil)
	return err
}

// CreateClient registers an OAuth client.
func (c *Client) CreateClient(ctx context.Context, in *wire.Client) (*wire.Client, error) {
	return post[wire.Client, wire.Client](ctx, c, c.of("/client/create"), in)
}

// Clients returns the OAuth clients from index start up to, but not
// including, index end.
func (c *Client) Clients(ctx context.Context, start, end int) (*wire.ClientListResponse, error) {
	return get[wire.ClientListResponse](ctx, c, c.of(fmt.Sprintf("/client/get/list?start=%d&end=%d", start, end)))
}

// GetClient returns an OAuth client by its number or its alias.
func (c *Client) GetClient(ctx context.Context, identifier string) (*wire.Client, error) {
	return get[wire.Client](ctx, c, c.of("/client/get/"+url.PathEscape(identifier)))
}

// UpdateClient replaces an OAuth client.
func (c *Client) UpdateClient(ctx context.Context, in *wire.Client) (*wire.Client, error) {
	return post[wire.Client, wire.Client](ctx, c, c.of(fmt.Sprintf("/client/update/%d", in.ClientID)), in)
}

// DeleteClient deletes an OAuth client by its number or its alias.
func (c *Client) DeleteClient(ctx context.Context, identifier string) error {
	_, err := c.do(ctx, http.MethodDelete, c.of("/client/delete/"+url.PathEscape(identifier)), nil)
	return err
}

// CreateServiceToken makes an API token of one service.
func (c *Client) CreateServiceToken(ctx context.Context, in *wire.APITokenCreateRequest) (*wire.APITokenResponse, error) {
	return post[wire.APITokenCreateRequest, wire.APITokenResponse](ctx, c, "/api/servicetoken/create", in)
}

// RevokeServiceToken ends an API token of one service.
func (c *Client) RevokeServiceToken(ctx context.Context, in *wire.APITokenRequest) error {
	_, err := c.send(ctx, "/api/servicetoken/revoke", in)
	return err
}
