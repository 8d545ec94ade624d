package httpapi

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// principal is who calls the Web API.
type principal struct {
	service     int64 // the only service it may touch; 0: any
	permissions []wire.Permission
}

func (p *principal) allows(right wire.Permission) bool {
	return right == "" || registry.Allows(p.permissions, right)
}

// What v2 credentials may do. A service's own reach all operations of the
// service but not the service itself.
var (
	ownerPermissions   = []wire.Permission{wire.PermissionAdmin}
	servicePermissions = []wire.Permission{wire.PermissionCreateClient}
)

func unauthorized(code, text string) error {
	return &op.CallError{Status: http.StatusUnauthorized, Code: code, Text: text}
}

func forbidden() error {
	return &op.CallError{Status: http.StatusForbidden, Code: "A901205", Text: "the credentials do not have the right to do this"}
}

// authenticate reads the Authorization header: Basic in the style of v2,
// Bearer in that of v3. Either works with either path.
func (s *Server) authenticate(r *http.Request, now time.Time) (*principal, error) {
	header := r.Header.Get("Authorization")
	if header == "" || len(r.Header.Values("Authorization")) != 1 {
		return nil, unauthorized("A001202", "the call needs exactly one Authorization header")
	}
	scheme, value, _ := strings.Cut(header, " ")
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		return s.bearer(strings.TrimSpace(value), now)
	case strings.EqualFold(scheme, "Basic"):
		user, password, ok := r.BasicAuth()
		if !ok {
			return nil, unauthorized("A990201", "the Authorization header is malformed")
		}
		return s.basic(user, password)
	default:
		return nil, unauthorized("A990201", "the authentication scheme is not supported")
	}
}

func (s *Server) bearer(token string, now time.Time) (*principal, error) {
	if s.isRoot(token) {
		return &principal{permissions: ownerPermissions}, nil
	}
	t := s.directory.APIToken(token)
	if t == nil || t.Expires != 0 && t.Expires <= now.UnixMilli() {
		return nil, unauthorized("A458101", "the access token is not valid")
	}
	return &principal{service: t.Service, permissions: t.Permissions}, nil
}

// basic: the user 0 is the service owner, any other user is a service.
func (s *Server) basic(user, password string) (*principal, error) {
	id, err := strconv.ParseInt(user, 10, 64)
	if err == nil && id == 0 && s.isRoot(password) {
		return &principal{permissions: ownerPermissions}, nil
	}
	if svc := s.directory.Service(id); svc != nil && svc.SecretMatches(password) {
		return &principal{service: id, permissions: servicePermissions}, nil
	}
	return nil, unauthorized("A990202", "the API key or its secret is not valid")
}

func (s *Server) isRoot(token string) bool {
	if token == "" {
		return false
	}
	sum := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(sum[:], s.root[:]) == 1
}

// serviceOf finds the service of a call: the path's or, in v2, the one that
// the credentials are. What the caller cannot see and what does not exist
// look the same, except to who could see it.
func (s *Server) serviceOf(p *principal, t target) (*registry.Service, error) {
	id := t.service
	if id == 0 {
		id = p.service
	}
	if p.service != 0 && p.service != id || !p.allows(t.route.right) {
		return nil, forbidden()
	}
	svc := s.directory.Service(id)
	if svc == nil {
		return nil, &op.CallError{Status: http.StatusNotFound, Code: "A901206", Text: "there is no such service"}
	}
	return svc, nil
}
