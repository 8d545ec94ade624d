package registry

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// APIToken is a credential of the Web API: a service access token or, with
// Service 0, an organization token.
type APIToken struct {
	ID          string            `json:"-"`
	Service     int64             `json:"-"`
	Created     int64             `json:"-"` // milliseconds
	Expires     int64             `json:"-"` // milliseconds; 0: never
	Description string            `json:"description,omitempty"`
	Permissions []wire.Permission `json:"permissions,omitempty"`
	JKT         string            `json:"jkt,omitempty"` // thumbprint of the key it is bound to

	// Err says that the rest could not be read. Such a token is refused, and
	// can still be revoked.
	Err error `json:"-"`

	hash [sha256.Size]byte // of its value
}

// implied says what each right includes (contract of the published access
// rights). Rights of a server reach all services.
var implied = map[wire.Permission][]wire.Permission{
	wire.PermissionModifyClient: {wire.PermissionViewClient},
	wire.PermissionViewService:  {wire.PermissionViewClient},
	wire.PermissionUseService:   {wire.PermissionUseIntrospection, wire.PermissionViewService, wire.PermissionViewClient},
	wire.PermissionCreateClient: {wire.PermissionUseService, wire.PermissionUseIntrospection, wire.PermissionViewService, wire.PermissionViewClient, wire.PermissionModifyClient},
	wire.PermissionModifyService: {wire.PermissionCreateClient, wire.PermissionUseService, wire.PermissionUseIntrospection, wire.PermissionViewService,
		wire.PermissionViewClient, wire.PermissionModifyClient},
	wire.PermissionCreateService: {wire.PermissionViewDefaultService},
}

// Allows reports whether a holder of the permissions may do what right
// names. ADMIN may do everything.
func Allows(permissions []wire.Permission, right wire.Permission) bool {
	for _, p := range permissions {
		if p == right || p == wire.PermissionAdmin || slices.Contains(implied[p], right) {
			return true
		}
	}
	return false
}

// DefaultServicePermissions is what a service access token may do when it
// was created without permissions: all that the published ones may.
var DefaultServicePermissions = []wire.Permission{wire.PermissionModifyService}

// DefaultOrganizationPermissions is the same for an organization token.
var DefaultOrganizationPermissions = []wire.Permission{wire.PermissionAdmin}

func openAPIToken(row *store.APITokenRow) *APIToken {
	t := &APIToken{ID: row.ID, Service: row.Service, Created: row.Created, Expires: row.Expires, hash: row.Hash}
	if err := json.Unmarshal(row.Doc, t); err != nil {
		t.Permissions, t.Err = nil, fmt.Errorf("registry: stored API token %s is damaged", row.ID)
	}
	return t
}
