package registration

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Delete ends a registration, and with it the client's tokens (RFC7592-2.3).
// Reads and commits: 2C, of which one revokes.
func Delete(ctx context.Context, c *op.Call, in *wire.ClientRegistrationRequest) (*wire.ClientRegistrationResponse, error) {
	client, f, err := identify(ctx, c, in)
	if err != nil {
		return nil, err
	}
	if f != nil {
		return refuse(c, f), nil
	}
	found, err := c.Writer.DeleteClient(ctx, c.Store, client.Service, client.ID)
	if err != nil {
		return nil, err
	}
	if !found { // somebody was faster
		return refuse(c, gone()), nil
	}
	return &wire.ClientRegistrationResponse{
		Result: c.Result("A216001", "the registration is deleted"), Action: wire.ClientRegistrationActionDeleted, Client: client.Doc,
	}, nil
}
