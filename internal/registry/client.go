package registry

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Client is an OAuth client of a service, compiled. It is immutable.
type Client struct {
	ID      int64
	Service int64
	Version int64
	Doc     *wire.Client
	Keys    *jose.KeySet // public; from jwks

	secret  [sha256.Size]byte
	blocked map[Operation][]string
	base    atomic.Pointer[basePolicy]
	bytes   uint32 // see footprint
}

// basePolicy caches the policy folded with one version of the service.
type basePolicy struct {
	service int64
	policy  *policy.Policy
}

func compileClient(id, service, version int64, doc *wire.Client) (*Client, error) {
	c := &Client{
		ID: id, Service: service, Version: version, Doc: doc,
		secret:  sha256.Sum256([]byte(doc.ClientSecret)),
		blocked: blockedBy(unbuiltClient, doc),
	}
	if doc.JWKS != "" {
		keys, err := jose.ParseKeySet(doc.JWKS)
		if err != nil {
			return nil, fmt.Errorf("registry: keys of client %d: %w", id, err)
		}
		c.Keys = keys
	}
	return c, nil
}

func openClient(id, service, version int64, plain []byte) (*Client, error) {
	var doc wire.Client
	if err := json.Unmarshal(plain, &doc); err != nil {
		return nil, fmt.Errorf("registry: stored client %d is damaged", id)
	}
	c, err := compileClient(id, service, version, &doc)
	if err == nil {
		c.bytes = footprint(plain)
	}
	return c, err
}

// footprint is about how many bytes of memory a client takes whose document
// is that long: four kilobytes for structs and a policy that is not shared, and
// its strings and keys.
func footprint(plain []byte) uint32 { return uint32(4096 + 2*min(len(plain), 1<<30)) }

// Confidential reports whether the client can keep a credential.
func (c *Client) Confidential() bool { return c.Doc.ClientType == wire.ClientTypeConfidential }

// SecretMatches compares the client secret in constant time. Secrets are
// random and long, so no key derivation is needed (performance comes from
// that: a KDF would cost a thousand times the rest of the request).
func (c *Client) SecretMatches(secret string) bool {
	sum := sha256.Sum256([]byte(secret))
	return c.Doc.ClientSecret != "" && subtle.ConstantTimeCompare(sum[:], c.secret[:]) == 1
}

// registrationHash is how a registration access token is stored.
func registrationHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// RegistrationTokenMatches compares the registration access token in constant
// time. A client that did not register itself has none.
func (c *Client) RegistrationTokenMatches(token string) bool {
	stored := c.Doc.RegistrationAccessTokenHash
	return stored != "" && subtle.ConstantTimeCompare([]byte(registrationHash(token)), []byte(stored)) == 1
}

// Blocked returns the members that block an operation for this client.
func (c *Client) Blocked(op Operation) []string { return c.blocked[op] }

// Identifier returns the client_id that goes into tokens.
func (c *Client) Identifier(aliasUsed bool) string {
	if aliasUsed && c.Doc.ClientIDAlias != "" {
		return c.Doc.ClientIDAlias
	}
	return strconv.FormatInt(c.ID, 10)
}

// BasePolicy returns what service and client demand, before any scope.
func (c *Client) BasePolicy(s *Service) *policy.Policy {
	if b := c.base.Load(); b != nil && b.service == s.Version {
		return b.policy
	}
	modes, by := modes(s.Doc, c.Doc, nil)
	p := s.share(policy.Fold(policy.Input{Service: s.Doc, Client: c.Doc, Modes: modes, Switch: by}))
	c.base.Store(&basePolicy{s.Version, p})
	return p
}

// Policy returns what service, client and the requested scopes demand.
func (c *Client) Policy(s *Service, scopes []string) *policy.Policy {
	var attributed []*wire.Scope
	for _, name := range scopes {
		if sc := s.Scope(name); sc != nil && len(sc.Attributes) > 0 {
			attributed = append(attributed, sc)
		}
	}
	if len(attributed) == 0 {
		return c.BasePolicy(s)
	}
	modes, by := modes(s.Doc, c.Doc, attributed)
	return policy.Fold(policy.Input{Service: s.Doc, Client: c.Doc, Modes: modes, Switch: by, Scopes: attributed})
}

// modes says which FAPI modes are in force and which switch put them there:
// the service's where it is not null, else the client's, else those that
// attributes of the requested scopes select. Without the FAPI service profile
// none is.
func modes(s *wire.Service, c *wire.Client, scopes []*wire.Scope) ([]wire.FAPIMode, string) {
	switch {
	case !slices.Contains(s.SupportedServiceProfiles, wire.ServiceProfileFAPI):
		return nil, ""
	case s.FAPIModes != nil:
		return s.FAPIModes, "service.fapiModes"
	case c != nil && c.FAPIModes != nil:
		return c.FAPIModes, "client.fapiModes"
	}
	for _, sc := range scopes {
		for _, a := range sc.Attributes {
			if a.Key == "fapi2" && a.Value == "sp" {
				return []wire.FAPIMode{wire.FAPIModeFAPI2Security}, "scope " + sc.Name + " fapi2=sp:"
			}
		}
	}
	return nil, ""
}

// MayRequest reports whether the client may ask for a scope: any, unless the
// administrator has limited it.
func (c *Client) MayRequest(scope string) bool {
	e := c.Doc.Extension
	return e == nil || !e.RequestableScopesEnabled || slices.Contains(e.RequestableScopes, scope)
}

// Limited is what an authorization response tells of the client: what its
// end-user may see.
func (c *Client) Limited() *wire.Client {
	doc := c.Doc
	return &wire.Client{
		ClientID: c.ID, Number: doc.Number, ClientName: doc.ClientName, ClientNames: doc.ClientNames,
		ClientIDAlias: doc.ClientIDAlias, ClientIDAliasEnabled: doc.ClientIDAliasEnabled, ClientType: doc.ClientType,
		Description: doc.Description, Descriptions: doc.Descriptions, LogoURI: doc.LogoURI, LogoURIs: doc.LogoURIs,
		ClientURI: doc.ClientURI, ClientURIs: doc.ClientURIs, PolicyURI: doc.PolicyURI, PolicyURIs: doc.PolicyURIs,
		TosURI: doc.TosURI, TosURIs: doc.TosURIs, Developer: doc.Developer, Attributes: doc.Attributes,
	}
}

// Trimmed is what callers with weak rights see.
func (c *Client) Trimmed() *wire.Client {
	return &wire.Client{ClientID: c.ID, ClientIDAlias: c.Doc.ClientIDAlias, ClientName: c.Doc.ClientName, ClientType: c.Doc.ClientType, Number: c.Doc.Number}
}
