package httpapi

import (
	"net/http"
	"regexp"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

func noClient() error {
	return &op.CallError{Status: http.StatusNotFound, Code: "A001212", Text: "there is no such client"}
}

// client finds the client that the path names, by number or alias.
func (c *call) client(s *Server) (*registry.Client, error) {
	client, _, err := s.directory.Client(c.ctx(), c.Service, c.arg)
	if err == nil && client == nil {
		err = noClient()
	}
	return client, err
}

// serviceOfClient resolves the one call that names no service: a published
// library deletes clients with the owner's credentials. Client ids are unique
// over all services.
func (s *Server) serviceOfClient(c *call, t target) (target, error) {
	if t.service != 0 || c.principal.service != 0 || t.route.arg != "clientId" {
		return t, nil
	}
	id, ok := registry.ClientNumber(t.arg)
	if !ok {
		return t, noClient()
	}
	var err error
	if t.service, err = s.directory.ServiceOfClient(c.ctx(), id); err == nil && t.service == 0 {
		err = noClient()
	}
	return t, err
}

func (s *Server) createClient(c *call, in *wire.Client) (any, error) {
	client, err := s.writer.CreateClient(c.ctx(), c.Service, in)
	if err != nil {
		return nil, err
	}
	return client.Doc, nil
}

func (s *Server) getClient(c *call) (any, error) {
	client, err := c.client(s)
	if err != nil {
		return nil, err
	}
	if !c.allows(viewClient) {
		return client.Trimmed(), nil
	}
	return client.Doc, nil
}

func (s *Server) listClients(c *call) (any, error) {
	start, end, err := c.page()
	if err != nil {
		return nil, err
	}
	developer := c.r.URL.Query().Get("developer")
	if !registry.IsText(developer) {
		return nil, op.Invalid("developer", "has characters that no text has")
	}
	list, total, err := s.directory.Clients(c.ctx(), c.Service, developer, start, end)
	if err != nil {
		return nil, err
	}
	out := wire.ClientListResponse{Start: start, End: end, Developer: developer, TotalCount: total}
	for _, client := range list {
		out.Clients = append(out.Clients, *client.Doc)
	}
	return out, nil
}

func (s *Server) updateClient(c *call, in *wire.Client) (any, error) {
	client, err := c.client(s)
	if err != nil {
		return nil, err
	}
	if client, err = s.writer.UpdateClient(c.ctx(), client, in); err != nil {
		return nil, err
	}
	if client == nil {
		return nil, noClient()
	}
	return client.Doc, nil
}

func (s *Server) deleteClient(c *call) (any, error) {
	id, ok := registry.ClientNumber(c.arg)
	if !ok {
		client, err := c.client(s)
		if err != nil {
			return nil, err
		}
		id = client.ID
	}
	found, err := s.writer.DeleteClient(c.ctx(), s.store, c.Service.ID, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, noClient()
	}
	return noContent{}, nil
}

func (s *Server) lockClient(c *call, in *wire.ClientFlagUpdateRequest) (any, error) {
	if in.ClientLocked == nil { // a name misspelt must not unlock
		return nil, op.Missing("clientLocked")
	}
	client, err := c.client(s)
	if err != nil {
		return nil, err
	}
	if client, err = s.writer.LockClient(c.ctx(), client, *in.ClientLocked); err != nil {
		return nil, err
	}
	if client == nil {
		return nil, noClient()
	}
	if *in.ClientLocked {
		return c.Result("A990003", "the client is locked"), nil
	}
	return c.Result("A990004", "the client is not locked"), nil
}

func (s *Server) refreshClientSecret(c *call) (any, error) { return s.setClientSecret(c, "") }

var clientSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,86}$`)

func (s *Server) updateClientSecret(c *call, in *wire.ClientSecretUpdateRequest) (any, error) {
	if in.ClientSecret == "" {
		return nil, op.Missing("clientSecret")
	}
	if !clientSecret.MatchString(in.ClientSecret) {
		return nil, op.Invalid("clientSecret", "must be 1 to 86 of A-Z, a-z, 0-9, hyphen and underscore")
	}
	return s.setClientSecret(c, in.ClientSecret)
}

// setClientSecret sets a secret, or a new one where none is chosen.
func (s *Server) setClientSecret(c *call, chosen string) (any, error) {
	client, err := c.client(s)
	if err != nil {
		return nil, err
	}
	client, old, err := s.writer.SetClientSecret(c.ctx(), client, chosen)
	if err != nil {
		return nil, err
	}
	if client == nil {
		return nil, noClient()
	}
	return wire.ClientSecretResponse{
		Result:          c.Result("A990005", "the client has a new secret"),
		NewClientSecret: client.Doc.ClientSecret, OldClientSecret: old,
	}, nil
}
