package cli

import (
	"context"
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/config"
	"github.com/symbolon-auth/symbolon/internal/webapi"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

type clientCommand struct {
	config.Access     `embed:""`
	config.OneService `embed:""`

	List   clientList   `cmd:"" help:"List the clients: id, alias, type, name."`
	Get    clientGet    `cmd:"" help:"Print a client as JSON."`
	Create clientCreate `cmd:"" help:"Create a client from a file and print it."`
	Apply  clientApply  `cmd:"" help:"Make a client what a file says: replace it, or create it where there is none of its id or alias."`
	Delete clientDelete `cmd:"" help:"Delete a client with its tokens."`
}

func (c *clientCommand) api() (*webapi.Client, error) {
	api, err := newAPI(&c.Access)
	if err != nil {
		return nil, err
	}
	return api.WithService(c.Service), nil
}

type clientList struct {
	JSON bool `name:"json" setting:"-" help:"Print the whole documents as JSON."`
}

// Run lists the clients.
func (c *clientList) Run(ctx context.Context, w *World, in *clientCommand) error {
	api, err := in.api()
	if err != nil {
		return err
	}
	clients, err := all(func(start, end int) ([]wire.Client, int, error) {
		part, err := api.Clients(ctx, start, end)
		if err != nil {
			return nil, 0, err
		}
		return part.Clients, part.TotalCount, nil
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return w.print(clients)
	}
	return w.table(func(row func(...any)) {
		for _, c := range clients {
			row(c.ClientID, c.ClientIDAlias, c.ClientType, c.ClientName)
		}
	})
}

type clientGet struct {
	Client string `arg:"" help:"The client, by its id or alias."`
}

// Run prints a client.
func (c *clientGet) Run(ctx context.Context, w *World, in *clientCommand) error {
	api, err := in.api()
	if err != nil {
		return err
	}
	client, err := api.GetClient(ctx, c.Client)
	if err != nil {
		return err
	}
	return w.print(client)
}

type clientCreate struct {
	File string `arg:"" help:"The client, as a document of the Web API in JSON or YAML; - is the standard input."`
}

// Run creates a client.
func (c *clientCreate) Run(ctx context.Context, w *World, in *clientCommand) error {
	api, err := in.api()
	if err != nil {
		return err
	}
	var doc wire.Client
	if err := readDocument(w, c.File, &doc); err != nil {
		return err
	}
	client, err := api.CreateClient(ctx, &doc)
	if err != nil {
		return err
	}
	return w.print(client)
}

type clientApply struct {
	File string `arg:"" help:"The client, as a document of the Web API in JSON or YAML; - is the standard input. Its clientId or clientIdAlias says which client it is."`
}

// Run replaces or creates a client.
func (c *clientApply) Run(ctx context.Context, w *World, in *clientCommand) error {
	api, err := in.api()
	if err != nil {
		return err
	}
	var doc wire.Client
	if err := readDocument(w, c.File, &doc); err != nil {
		return err
	}
	client, err := applyClient(ctx, api, &doc)
	if err != nil {
		return err
	}
	return w.print(client)
}

// applyClient replaces the client that the document names. Ids are the
// engine's to choose: one that is not there is an error.
func applyClient(ctx context.Context, api *webapi.Client, doc *wire.Client) (*wire.Client, error) {
	if doc.ClientID == 0 && doc.ClientIDAlias != "" {
		found, err := api.GetClient(ctx, doc.ClientIDAlias)
		switch {
		case err == nil:
			doc.ClientID = found.ClientID
		case !webapi.IsStatus(err, http.StatusNotFound):
			return nil, err
		}
	}
	if doc.ClientID == 0 {
		return api.CreateClient(ctx, doc)
	}
	return api.UpdateClient(ctx, doc)
}

type clientDelete struct {
	Client string `arg:"" help:"The client, by its id or alias."`
}

// Run deletes a client.
func (c *clientDelete) Run(ctx context.Context, w *World, in *clientCommand) error {
	api, err := in.api()
	if err != nil {
		return err
	}
	if err := api.DeleteClient(ctx, c.Client); err != nil {
		return err
	}
	return w.say("Client %s is deleted.", c.Client)
}
