package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/symbolon-auth/symbolon/internal/config"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

type tokenCommand struct {
	config.Access     `embed:""`
	config.OneService `embed:""`

	Create tokenCreate `cmd:"" help:"Make an API token and print it."`
	Revoke tokenRevoke `cmd:"" help:"Revoke an API token."`
}

type tokenCreate struct {
	Permissions []wire.Permission `name:"permission" setting:"-" placeholder:"RIGHT" help:"What the token may do, such as USE_SERVICE (a front) or USE_INTROSPECTION (a resource server); several are separated by commas. Everything within the service where none is given."`
	Description string            `name:"description" setting:"-" placeholder:"TEXT" help:"What it is for."`
	ExpiresIn   time.Duration     `name:"expires-in" setting:"-" placeholder:"TIME" help:"After which time it ends; never where it is not given."`
}

// Run makes an API token.
func (c *tokenCreate) Run(ctx context.Context, w *World, in *tokenCommand) error {
	for _, p := range c.Permissions {
		if !p.Known() {
			return &usageError{fmt.Sprintf("--permission: there is no right %q", p)}
		}
	}
	if c.ExpiresIn < 0 {
		return &usageError{"--expires-in: it is negative"}
	}
	api, err := newAPI(&in.Access)
	if err != nil {
		return err
	}
	request := &wire.APITokenCreateRequest{ServiceID: in.Service, Description: c.Description, Permissions: c.Permissions}
	if c.ExpiresIn > 0 {
		request.ExpiresAt = time.Now().Add(c.ExpiresIn).UnixMilli()
	}
	token, err := api.CreateServiceToken(ctx, request)
	if err != nil {
		return err
	}
	if err := w.say("%s", token.AccessToken); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.Err, "The token is shown only now. Its id, to revoke it by, is %s.\n", token.TokenID)
	return err
}

type tokenRevoke struct {
	ID string `arg:"" help:"The token, by the id that create told."`
}

// Run revokes an API token.
func (c *tokenRevoke) Run(ctx context.Context, w *World, in *tokenCommand) error {
	api, err := newAPI(&in.Access)
	if err != nil {
		return err
	}
	if err := api.RevokeServiceToken(ctx, &wire.APITokenRequest{ServiceID: in.Service, TokenID: c.ID}); err != nil {
		return err
	}
	return w.say("Token %s is revoked.", c.ID)
}
