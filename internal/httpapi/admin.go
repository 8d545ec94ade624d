package httpapi

import (
	"net/http"
	"sort"
	"strconv"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Services and clients are plain create, read, replace, delete: no rules, no
// ceremony.

const pageMost = 1000 // entries of one list

func (s *Server) health(c *call) (any, error) {
	if err := s.store.Ping(c.ctx()); err != nil {
		return nil, err
	}
	return plainText("OK"), nil
}

func (s *Server) createService(c *call, in *wire.Service) (any, error) {
	if c.principal.service != 0 {
		return nil, forbidden()
	}
	chosen := in.APIKey
	if chosen < 0 || chosen >= 1<<53 {
		return nil, op.Invalid("apiKey", "must be a positive number below 2^53")
	}
	if !c.allows(wire.PermissionAdmin) {
		chosen = 0
	}
	svc, err := s.writer.CreateService(c.ctx(), in, chosen)
	if err != nil {
		return nil, err
	}
	return svc.View(), nil
}

func (s *Server) getService(c *call) (any, error) {
	if !c.allows(viewService) {
		return c.Service.Limited, nil
	}
	return c.Service.View(), nil
}

func (s *Server) listServices(c *call) (any, error) {
	start, end, err := c.page()
	if err != nil {
		return nil, err
	}
	var all []*registry.Service
	for _, svc := range s.directory.Services() {
		if c.principal.service == 0 || c.principal.service == svc.ID {
			all = append(all, svc)
		}
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i].Doc, all[j].Doc
		return a.CreatedAt < b.CreatedAt || a.CreatedAt == b.CreatedAt && all[i].ID < all[j].ID
	})
	out := wire.ServiceListResponse{Start: start, End: end, TotalCount: len(all)}
	for i := start; i < min(end, len(all)); i++ {
		if c.allows(viewService) {
			out.Services = append(out.Services, *all[i].View())
		} else {
			out.Services = append(out.Services, *all[i].Limited)
		}
	}
	return out, nil
}

func (s *Server) updateService(c *call, in *wire.Service) (any, error) {
	svc, err := s.writer.UpdateService(c.ctx(), c.Service.ID, in)
	if err != nil {
		return nil, err
	}
	if svc == nil {
		return nil, &op.CallError{Status: http.StatusNotFound, Code: "A901206", Text: "there is no such service"}
	}
	return svc.View(), nil
}

func (s *Server) deleteService(c *call) (any, error) {
	found, err := s.writer.DeleteService(c.ctx(), c.Service.ID)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &op.CallError{Status: http.StatusNotFound, Code: "A901206", Text: "there is no such service"}
	}
	return noContent{}, nil
}

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
	id, err := strconv.ParseInt(t.arg, 10, 64)
	if err != nil {
		return t, noClient()
	}
	client, err := s.directory.ClientByID(c.ctx(), id)
	if err != nil {
		return t, err
	}
	if client == nil {
		return t, noClient()
	}
	t.service = client.Service
	return t, nil
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
	client, err := c.client(s)
	if err != nil {
		return nil, err
	}
	found, err := s.writer.DeleteClient(c.ctx(), s.store, client)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, noClient()
	}
	return noContent{}, nil
}

// page reads start and end; end is exclusive, and a page is bounded.
func (c *call) page() (start, end int, err error) {
	if start, err = c.number("start", 0); err != nil {
		return 0, 0, err
	}
	if end, err = c.number("end", 5); err != nil {
		return 0, 0, err
	}
	return start, max(start, min(end, start+pageMost)), nil
}

// createServiceToken makes a service access token. Nobody can hand out more
// than they have.
func (s *Server) createServiceToken(c *call, in *wire.ServiceTokenCreateRequest) (any, error) {
	if in.ServiceID == 0 {
		return nil, op.Missing("serviceId")
	}
	if c.principal.service != 0 && c.principal.service != in.ServiceID {
		return nil, forbidden()
	}
	if s.directory.Service(in.ServiceID) == nil {
		return nil, &op.CallError{Status: http.StatusNotFound, Code: "A901206", Text: "there is no such service"}
	}
	if in.ExpiresAt < 0 {
		return nil, op.Invalid("expiresAt", "must not be negative")
	}
	if in.DPoPKeyThumbprint != "" && !oauth.IsThumbprint(in.DPoPKeyThumbprint) {
		return nil, op.Invalid("dpopKeyThumbprint", "is not a SHA-256 thumbprint")
	}
	permissions := in.Permissions
	if len(permissions) == 0 {
		permissions = registry.DefaultServicePermissions
	}
	for _, p := range permissions {
		if !p.Known() {
			return nil, op.Invalid("permissions", "has an unknown right")
		}
		if !c.allows(p) {
			return nil, forbidden()
		}
	}
	t := &registry.APIToken{Service: in.ServiceID, Expires: in.ExpiresAt, Description: in.Description, Permissions: permissions, JKT: in.DPoPKeyThumbprint}
	value, err := s.writer.CreateAPIToken(c.ctx(), t)
	if err != nil {
		return nil, err
	}
	return wire.ServiceTokenCreateResponse{
		AccessToken: value, TokenID: t.ID, OrganizationID: 1, APIServerID: 1, ServiceID: in.ServiceID,
		Description: in.Description, Permissions: permissions, ExpiresAt: in.ExpiresAt, DPoPKeyThumbprint: in.DPoPKeyThumbprint,
	}, nil
}

func (s *Server) revokeServiceToken(c *call, in *wire.ServiceTokenRevokeRequest) (any, error) {
	if in.TokenID == "" {
		return nil, op.Missing("tokenId")
	}
	if own := c.principal.service; own != 0 {
		row, err := s.store.APIToken(c.ctx(), in.TokenID)
		if err != nil {
			return nil, err
		}
		if row != nil && row.Service != own {
			return nil, forbidden()
		}
	}
	found, err := s.writer.RevokeAPIToken(c.ctx(), in.TokenID)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &op.CallError{Status: http.StatusNotFound, Code: "A901211", Text: "there is no such access token"}
	}
	return c.Result("A990001", "the access token is revoked"), nil
}
