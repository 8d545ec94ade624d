package registration

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Get reads a registration (RFC7592-2.1). Reads and commits: none.
func Get(ctx context.Context, c *op.Call, in *wire.ClientRegistrationRequest) (*wire.ClientRegistrationResponse, error) {
	client, f, err := identify(ctx, c, in)
	if err != nil {
		return nil, err
	}
	if f != nil {
		return refuse(c, f), nil
	}
	return answer(c, client, in.Token, wire.ClientRegistrationActionOK, c.Result("A217001", "the registration is returned"))
}
