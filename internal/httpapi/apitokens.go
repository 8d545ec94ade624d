package httpapi

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

const maxDescription = 1000 // characters

// apiTokens is the family of calls about the API tokens of services or, where
// service is false, about those of the organization. Nobody can hand out more
// than they have.
type apiTokens struct {
	*Server
	service bool
}

// scope returns the service whose tokens a call is about, 0 for the
// organization, or refuses a caller who has no part in it.
func (a apiTokens) scope(c *call, service int64) (int64, error) {
	if !a.service {
		if c.principal.service != 0 {
			return 0, forbidden()
		}
		return 0, nil
	}
	if service == 0 {
		return 0, op.Missing("serviceId")
	}
	if c.principal.service != 0 && c.principal.service != service {
		return 0, forbidden()
	}
	if !a.directory.HasService(service) {
		return 0, noService()
	}
	return service, nil
}

func noAPIToken() error {
	return &op.CallError{Status: http.StatusNotFound, Code: "A901211", Text: "there is no such access token"}
}

// find returns the token that a call names, if the caller may touch it.
func (a apiTokens) find(c *call, in *wire.APITokenRequest) (*registry.APIToken, error) {
	if in.TokenID == "" {
		return nil, op.Missing("tokenId")
	}
	t, err := a.directory.APITokenByID(c.ctx(), in.TokenID)
	if err != nil {
		return nil, err
	}
	own := c.principal.service
	switch {
	case own != 0 && (t == nil || t.Service != own): // no difference between another's and nobody's
		return nil, forbidden()
	case t == nil, (t.Service != 0) != a.service, in.ServiceID != 0 && a.service && t.Service != in.ServiceID:
		return nil, noAPIToken()
	}
	return t, nil
}

// covers refuses a caller who has less than t: not its rights, a shorter life,
// or a key to prove where t can be used without one.
func (c *call) covers(t *registry.APIToken) error {
	own := c.principal
	if slices.ContainsFunc(t.Permissions, func(p wire.Permission) bool { return !c.allows(p) }) ||
		own.expires != 0 && (t.Expires == 0 || t.Expires > own.expires) || own.jkt != "" && t.JKT == "" {
		return forbidden()
	}
	return nil
}

func describe(t *registry.APIToken) *wire.APITokenResponse {
	r := &wire.APITokenResponse{
		TokenID: t.ID, OrganizationID: 1, Description: t.Description, Permissions: t.Permissions,
		CreatedAt: t.Created, ExpiresAt: t.Expires, DPoPKeyThumbprint: t.JKT,
	}
	if t.Service != 0 {
		r.ServiceID, r.APIServerID = t.Service, 1
	}
	return r
}

func checkDescription(text string) error {
	if len(text) > maxDescription || !registry.IsText(text) {
		return op.Invalid("description", "must be at most 1000 characters of text")
	}
	return nil
}

func (a apiTokens) create(c *call, in *wire.APITokenCreateRequest) (any, error) {
	service, err := a.scope(c, in.ServiceID)
	if err != nil {
		return nil, err
	}
	if err := checkDescription(in.Description); err != nil {
		return nil, err
	}
	if in.ExpiresAt < 0 {
		return nil, op.Invalid("expiresAt", "must not be negative")
	}
	if in.DPoPKeyThumbprint != "" && !oauth.IsThumbprint(in.DPoPKeyThumbprint) {
		return nil, op.Invalid("dpopKeyThumbprint", "is not a SHA-256 thumbprint")
	}
	t := &registry.APIToken{
		Service: service, Description: in.Description,
		Expires: cmp.Or(in.ExpiresAt, c.principal.expires), JKT: cmp.Or(in.DPoPKeyThumbprint, c.principal.jkt),
	}
	for _, p := range in.Permissions {
		if !p.Known() {
			return nil, op.Invalid("permissions", "has an unknown right")
		}
		if !slices.Contains(t.Permissions, p) {
			t.Permissions = append(t.Permissions, p)
		}
	}
	if len(t.Permissions) == 0 {
		t.Permissions = registry.DefaultOrganizationPermissions
		if a.service {
			t.Permissions = registry.DefaultServicePermissions
		}
	}
	if err := c.covers(t); err != nil {
		return nil, err
	}
	value, err := a.writer.CreateAPIToken(c.ctx(), t)
	if err != nil {
		return nil, err
	}
	out := describe(t)
	out.AccessToken = value
	return out, nil
}

func (a apiTokens) all(c *call, in *wire.APITokenRequest) (any, error) {
	service, err := a.scope(c, in.ServiceID)
	if err != nil {
		return nil, err
	}
	list := []*wire.APITokenResponse{}
	for _, t := range a.directory.APITokens(service) {
		list = append(list, describe(t))
	}
	return list, nil
}

func (a apiTokens) update(c *call, in *wire.APITokenRequest) (any, error) {
	if err := checkDescription(in.Description); err != nil {
		return nil, err
	}
	return a.change(c, in, func(ctx context.Context) (*registry.APIToken, string, error) {
		t, err := a.writer.DescribeAPIToken(ctx, in.TokenID, in.Description)
		return t, "", err
	})
}

// rotate hands out a value, so the caller must have all that the token may do.
func (a apiTokens) rotate(c *call, in *wire.APITokenRequest) (any, error) {
	return a.change(c, in, func(ctx context.Context) (*registry.APIToken, string, error) {
		return a.writer.RotateAPIToken(ctx, in.TokenID)
	})
}

func (a apiTokens) change(c *call, in *wire.APITokenRequest, write func(context.Context) (*registry.APIToken, string, error)) (any, error) {
	t, err := a.find(c, in)
	if err != nil {
		return nil, err
	}
	if err := c.covers(t); err != nil { // what it may do never changes
		return nil, err
	}
	t, value, err := write(c.ctx())
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, noAPIToken()
	}
	out := describe(t)
	out.AccessToken = value
	return out, nil
}

func (a apiTokens) revoke(c *call, in *wire.APITokenRequest) (any, error) {
	if _, err := a.find(c, in); err != nil {
		return nil, err
	}
	found, err := a.writer.RevokeAPIToken(c.ctx(), in.TokenID)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, noAPIToken()
	}
	return c.Result("A990001", "the access token is revoked"), nil
}
