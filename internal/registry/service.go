package registry

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Service is one authorization server, compiled. It is immutable, but that it
// remembers the policies of its clients.
type Service struct {
	ID      int64
	Version int64
	Doc     *wire.Service
	Keys    *jose.KeySet // private; the caller's jwks or, without one, the engine's
	JWKS    []byte       // the public half, as published
	Limited *wire.Service

	secret  [sha256.Size]byte
	scopes  map[string]*wire.Scope
	blocked map[Operation][]string
	policy  *policy.Policy
	engine  string // the engine-made JWK set, private; "" once it was never needed

	sharing  sync.Mutex
	policies map[[sha256.Size]byte]*policy.Policy // of its clients
}

const maxPolicies = 32 // that are shared; what more there are, clients have for themselves

// share returns the policy that other clients have already which is equal to
// p, or p: of many clients most are alike, and a policy is half of what a
// client takes.
func (s *Service) share(p *policy.Policy) *policy.Policy {
	key := sha256.Sum256(fmt.Appendf(nil, "%#v", *p)) // it holds values only, so equal texts are equal policies
	s.sharing.Lock()
	defer s.sharing.Unlock()
	if known := s.policies[key]; known != nil {
		return known
	}
	if s.policies == nil {
		s.policies = make(map[[sha256.Size]byte]*policy.Policy)
	}
	if len(s.policies) < maxPolicies {
		s.policies[key] = p
	}
	return p
}

// stored is what is sealed for a service: the document and the keys that the
// engine made for it.
type storedService struct {
	Doc        *wire.Service `json:"doc"`
	EngineJWKS string        `json:"engineJwks,omitempty"`
}

func compileService(id, version int64, stored *storedService) (*Service, error) {
	doc := stored.Doc
	s := &Service{
		ID: id, Version: version, Doc: doc, engine: stored.EngineJWKS,
		secret:  sha256.Sum256([]byte(doc.APISecret)),
		scopes:  make(map[string]*wire.Scope, len(doc.SupportedScopes)),
		blocked: blockedBy(unbuiltService, doc),
		Limited: &wire.Service{APIKey: id, ClientIDAliasEnabled: doc.ClientIDAliasEnabled, Number: doc.Number, ServiceName: doc.ServiceName},
	}
	in := policy.Input{Service: doc}
	in.Modes, in.Switch = modes(doc, nil, nil)
	s.policy = policy.Fold(in)
	for i := range doc.SupportedScopes {
		s.scopes[doc.SupportedScopes[i].Name] = &doc.SupportedScopes[i]
	}
	text := doc.JWKS
	if text == "" {
		text = stored.EngineJWKS
	}
	if text != "" {
		keys, err := jose.ParseKeySet(text)
		if err != nil {
			return nil, fmt.Errorf("registry: keys of service %d: %w", id, err)
		}
		s.Keys = keys
	}
	jwks, err := s.Keys.Public()
	if err != nil {
		return nil, fmt.Errorf("registry: keys of service %d: %w", id, err)
	}
	s.JWKS = jwks
	return s, nil
}

// Scope returns the service's scope of that name, or nil.
func (s *Service) Scope(name string) *wire.Scope { return s.scopes[name] }

// SecretMatches compares the apiSecret in constant time.
func (s *Service) SecretMatches(secret string) bool {
	sum := sha256.Sum256([]byte(secret))
	return s.Doc.APISecret != "" && subtle.ConstantTimeCompare(sum[:], s.secret[:]) == 1
}

// Blocked returns the members that block an operation because their feature
// is not built; nil if it may run.
func (s *Service) Blocked(op Operation) []string { return s.blocked[op] }

// Issuer returns the issuer identifier, byte for byte as configured.
func (s *Service) Issuer() string { return s.Doc.Issuer }

// View returns the document as the Web API returns it.
func (s *Service) View() *wire.Service {
	doc := *s.Doc
	if doc.JWKS == "" {
		doc.JWKS = s.engine
	}
	return &doc
}

func openService(id, version int64, plain []byte) (*Service, error) {
	var st storedService
	if err := json.Unmarshal(plain, &st); err != nil || st.Doc == nil {
		return nil, fmt.Errorf("registry: stored service %d is damaged", id)
	}
	return compileService(id, version, &st)
}

// Policy returns what the service demands of every client.
func (s *Service) Policy() *policy.Policy { return s.policy }

// PrivateJWKS returns the service's keys with their private halves.
func (s *Service) PrivateJWKS() string {
	if text := s.View().JWKS; text != "" {
		return text
	}
	return `{"keys":[]}`
}
