package registration

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Update replaces a registration (RFC7592-2.2). Reads and commits: 1C.
func Update(ctx context.Context, c *op.Call, in *wire.ClientRegistrationRequest) (*wire.ClientRegistrationResponse, error) {
	if in.JSON == "" {
		return nil, op.Missing("json")
	}
	found, f, err := identify(ctx, c, in)
	if err != nil {
		return nil, err
	}
	if f == nil {
		_, f = read(c.Service, in.JSON, found) // what is refused anyway does not make others wait
	}
	if f != nil {
		return refuse(c, f), nil
	}
	// What was found may be older than what is stored: an administrator may
	// just have locked the client. So both are judged again with the document
	// that is replaced.
	client, err := c.Writer.ChangeClient(ctx, found, func(now *registry.Client) *wire.Client {
		var doc *wire.Client
		doc, f = replacement(c.Service, in, now)
		return doc
	})
	switch {
	case registry.IsDocumentError(err):
		return refuse(c, unfit(err)), nil
	case err != nil:
		return nil, err
	case f != nil:
		return refuse(c, f), nil
	case client == nil:
		return refuse(c, gone()), nil
	}
	return answer(c, client, in.Token, wire.ClientRegistrationActionUpdated, c.Result("A213001", "the registration is replaced"))
}

func replacement(s *registry.Service, in *wire.ClientRegistrationRequest, now *registry.Client) (*wire.Client, *rule.Fault) {
	if f := admit(now, in.Token); f != nil {
		return nil, f
	}
	return read(s, in.JSON, now)
}
