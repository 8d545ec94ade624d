package httpapi

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/proof"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// principal is who calls the Web API.
type principal struct {
	service     int64 // the only service it may touch; 0: any
	permissions []wire.Permission
	expires     int64  // milliseconds; 0: never
	jkt         string // thumbprint of the key that the credentials are bound to
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
// Bearer or DPoP in that of v3. Each works with either path.
func (s *Server) authenticate(r *http.Request, now time.Time) (*principal, error) {
	header := r.Header.Get("Authorization")
	if header == "" || len(r.Header.Values("Authorization")) != 1 {
		return nil, unauthorized("A001202", "the call needs exactly one Authorization header")
	}
	scheme, value, _ := strings.Cut(header, " ")
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		return s.bearer(strings.TrimSpace(value), "", now)
	case strings.EqualFold(scheme, "DPoP"):
		return s.dpop(r, strings.TrimSpace(value), now)
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

// dpop is Bearer with a proof of a key (RFC 9449). The scheme, host and prefix
// under which callers reach the engine are not known here, so of htu only the
// path is compared; published clients send no ath, so none is demanded. A
// proof may be used once.
func (s *Server) dpop(r *http.Request, token string, now time.Time) (*principal, error) {
	var claims struct {
		HTU string `json:"htu"`
	}
	proofs := r.Header.Values("DPoP")
	if len(proofs) != 1 || jose.PeekClaims(proofs[0], &claims) != nil {
		return nil, unauthorized("A458102", "the call needs exactly one DPoP proof")
	}
	if u, err := url.Parse(claims.HTU); err != nil || !strings.HasSuffix(u.Path, r.URL.Path) {
		return nil, unauthorized("A458102", "the htu of the DPoP proof is not the path of the call")
	}
	d, f := s.env.Nonces.Check(proof.Request{
		Proof: proofs[0], Method: r.Method, URL: claims.HTU, Algorithms: verifyAlgorithms, Window: 1, Now: now,
	})
	if f != nil {
		return nil, unauthorized("A458102", f.Description)
	}
	p, err := s.bearer(token, d.Thumbprint, now)
	if err != nil {
		return nil, err
	}
	outcome, err := s.store.Spend(r.Context(), now.UnixMilli(), []grant.Mark{d.Mark})
	if err != nil {
		return nil, err
	}
	if outcome != store.Done {
		return nil, unauthorized("A458102", "the DPoP proof was used before")
	}
	return p, nil
}

var verifyAlgorithms = (&policy.Set[wire.JWSAlg]{Values: policy.BuiltVerifyAlgs}).Strings()

// bearer finds what a token may do. thumbprint is that of the key that the
// call proved; "" where it proved none.
func (s *Server) bearer(token, thumbprint string, now time.Time) (*principal, error) {
	if s.isRoot(token) {
		return &principal{permissions: ownerPermissions}, nil
	}
	t := s.directory.APIToken(token)
	if t == nil || t.Expires != 0 && t.Expires <= now.UnixMilli() {
		return nil, unauthorized("A458101", "the access token is not valid")
	}
	if t.Err != nil {
		return nil, t.Err
	}
	if t.JKT != "" && t.JKT != thumbprint {
		return nil, unauthorized("A458102", "the access token is bound to a key that the call did not prove")
	}
	return &principal{service: t.Service, permissions: t.Permissions, expires: t.Expires, jkt: t.JKT}, nil
}

// basic: the user 0 is the service owner, any other user is a service.
func (s *Server) basic(user, password string) (*principal, error) {
	id, err := strconv.ParseInt(user, 10, 64)
	if err == nil && id == 0 && s.isRoot(password) {
		return &principal{permissions: ownerPermissions}, nil
	}
	svc, err := s.directory.Service(id)
	if err != nil {
		return nil, err
	}
	if svc != nil && svc.SecretMatches(password) {
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
	svc, err := s.directory.Service(id)
	if err == nil && svc == nil {
		err = noService()
	}
	return svc, err
}
