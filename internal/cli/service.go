package cli

import (
	"context"
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/config"
	"github.com/symbolon-auth/symbolon/internal/webapi"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

type serviceCommand struct {
	config.Access `embed:""`

	List   serviceList   `cmd:"" help:"List the services: id, name, issuer."`
	Get    serviceGet    `cmd:"" help:"Print a service as JSON."`
	Create serviceCreate `cmd:"" help:"Create a service from a file and print it."`
	Apply  serviceApply  `cmd:"" help:"Make a service what a file says: replace it, or create it where there is none of its apiKey."`
	Delete serviceDelete `cmd:"" help:"Delete a service with its clients and tokens."`
}

type serviceList struct {
	JSON bool `name:"json" setting:"-" help:"Print the whole documents as JSON."`
}

// Run lists the services.
func (c *serviceList) Run(ctx context.Context, w *World, in *serviceCommand) error {
	api, err := newAPI(&in.Access)
	if err != nil {
		return err
	}
	services, err := all(func(start, end int) ([]wire.Service, int, error) {
		part, err := api.Services(ctx, start, end)
		if err != nil {
			return nil, 0, err
		}
		return part.Services, part.TotalCount, nil
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return w.print(services)
	}
	return w.table(func(row func(...any)) {
		for _, s := range services {
			row(s.APIKey, s.ServiceName, s.Issuer)
		}
	})
}

type serviceGet struct {
	config.OneService `embed:""`
}

// Run prints a service.
func (c *serviceGet) Run(ctx context.Context, w *World, in *serviceCommand) error {
	api, err := newAPI(&in.Access)
	if err != nil {
		return err
	}
	s, err := api.WithService(c.Service).GetService(ctx)
	if err != nil {
		return err
	}
	return w.print(s)
}

type serviceCreate struct {
	File string `arg:"" help:"The service, as a document of the Web API in JSON or YAML; - is the standard input."`
}

// Run creates a service.
func (c *serviceCreate) Run(ctx context.Context, w *World, in *serviceCommand) error {
	api, err := newAPI(&in.Access)
	if err != nil {
		return err
	}
	var doc wire.Service
	if err := readDocument(w, c.File, &doc); err != nil {
		return err
	}
	s, err := api.CreateService(ctx, &doc)
	if err != nil {
		return err
	}
	return w.print(s)
}

type serviceApply struct {
	File string `arg:"" help:"The service, as a document of the Web API in JSON or YAML; - is the standard input. Its apiKey says which service it is."`
}

// Run replaces or creates a service.
func (c *serviceApply) Run(ctx context.Context, w *World, in *serviceCommand) error {
	api, err := newAPI(&in.Access)
	if err != nil {
		return err
	}
	var doc wire.Service
	if err := readDocument(w, c.File, &doc); err != nil {
		return err
	}
	s, err := applyService(ctx, api.WithService(doc.APIKey), &doc)
	if err != nil {
		return err
	}
	return w.print(s)
}

func applyService(ctx context.Context, api *webapi.Client, doc *wire.Service) (*wire.Service, error) {
	if doc.APIKey == 0 {
		return api.CreateService(ctx, doc)
	}
	switch _, err := api.GetService(ctx); {
	case webapi.IsStatus(err, http.StatusNotFound):
		return api.CreateService(ctx, doc)
	case err != nil:
		return nil, err
	}
	return api.UpdateService(ctx, doc)
}

type serviceDelete struct {
	config.OneService `embed:""`
}

// Run deletes a service.
func (c *serviceDelete) Run(ctx context.Context, w *World, in *serviceCommand) error {
	api, err := newAPI(&in.Access)
	if err != nil {
		return err
	}
	if err := api.WithService(c.Service).DeleteService(ctx); err != nil {
		return err
	}
	return w.say("Service %d is deleted.", c.Service)
}
