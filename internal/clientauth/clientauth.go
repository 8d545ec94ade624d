package clientauth

import (
	"context"
	"strconv"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Clients finds clients of a service.
type Clients interface {
	Client(ctx context.Context, s *registry.Service, identifier string) (c *registry.Client, aliasUsed bool, err error)
}

// Request is what a client presented.
type Request struct {
	Service     *registry.Service
	Form        *oauth.Form
	BasicID     string // the Authorization header, split by the front end but not form-decoded
	BasicSecret string
	Audiences   []string // besides the issuer, what an assertion may be addressed to
	// Allowed is asked as soon as the client stands, before it has proved
	// anything: a method that is not built is not the OAuth client's fault.
	Allowed func(*registry.Client) error
	Now     time.Time
}

// Client is a client that is authenticated, or a public one that is
// identified.
type Client struct {
	*registry.Client
	Identifier string // as the client named itself
	AliasUsed  bool
	Method     wire.ClientAuthMethod
	Policy     *policy.Policy // base
	Mark       *grant.Mark    // of an assertion, to be spent
}

// Authenticated reports whether the client proved who it is. A client that
// is called confidential but has no method to authenticate by did not.
func (c *Client) Authenticated() bool { return c.Method != wire.ClientAuthMethodNone }

// Marks returns the marks that the request has to spend.
func (c *Client) Marks() []grant.Mark {
	if c.Mark == nil {
		return nil
	}
	return []grant.Mark{*c.Mark}
}

// identified is the stage in which a client stands but has proved nothing.
type identified struct {
	*Request
	client    *registry.Client
	policy    *policy.Policy
	presented wire.ClientAuthMethod
	basic     bool
}

// Refusals before a client stands.
var (
	oneMethod = rule.Refusal{ID: "client.one_method", Refs: spec.Refs("RFC6749-2.3"), Result: "A910301", Error: oauth.InvalidRequest}
	oneName   = rule.Refusal{ID: "client.one_name", Refs: spec.Refs("RFC6749-2.3", "RFC7523-3"), Result: "A910302", Error: oauth.InvalidClient}
	named     = rule.Refusal{ID: "client.named", Refs: spec.Refs("RFC6749-3.2.1"), Result: "A244305", Error: oauth.InvalidClient, Structural: true}
	known     = rule.Refusal{ID: "client.known", Refs: spec.Refs("RFC6749-5.2"), Result: "A910303", Error: oauth.InvalidClient, Structural: true}
	assertion = rule.Refusal{ID: "client.assertion.well_formed", Refs: spec.Refs("RFC7523-3"), Result: "A910304", Error: oauth.InvalidClient, Structural: true}
)

// rules judge an identified client.
var rules = rule.Table[identified]{
	rule.Row("client.unlocked", "A001215", oauth.InvalidClient, checkUnlocked, "SYMBOLON-locked"),
	rule.Row("client.confidential", "A157302", oauth.InvalidClient, checkConfidential, "FAPI2-SP-FINAL-5.3.2.1-3"),
	rule.Row("client.method.acceptable", "A295301", oauth.InvalidClient, checkMethodAcceptable, "FAPI2-SP-FINAL-5.3.2.1-6", "RFC8414-2"),
	rule.Row("client.public.no_credentials", "A157303", oauth.InvalidClient, checkPublic, "RFC6749-2.3"),
	rule.Row("client.method.registered", "A157357", oauth.InvalidClient, checkMethodRegistered, "OIDCR-2", "RFC7591-2"),
	rule.Row("client.secret", "A157305", oauth.InvalidClient, checkSecret, "RFC6749-2.3.1"),
}

// Replayed is raised by the operation whose commit found the jti spent.
var Replayed = rule.Refusal{ID: "client.assertion.replay", Refs: spec.Refs("RFC7523-3", "OIDCC-9"), Result: "A910305", Error: oauth.InvalidClient, Structural: true}

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal {
	list := []*rule.Refusal{&oneMethod, &oneName, &named, &known, &assertion}
	list = append(list, rules.Refusals()...)
	list = append(list, &assertionAlgorithm, &assertionKey, &assertionSignature)
	list = append(list, assertionRules.Refusals()...)
	return append(list, &Replayed)
}

// Authenticate identifies and authenticates the client of a request.
func Authenticate(ctx context.Context, clients Clients, r *Request) (*Client, *rule.Fault, error) {
	s := identified{Request: r}
	if f := s.present(); f != nil {
		return nil, f, nil
	}
	name, f := s.name()
	if f != nil {
		return nil, f, nil
	}
	if name == "" {
		return nil, named.Fault(rule.No("The request does not say which client sends it.")), nil
	}
	c, alias, err := clients.Client(ctx, r.Service, name)
	if err == nil && c == nil && s.basic {
		if decoded := oauth.FormDecoded(name); decoded != name {
			c, alias, err = clients.Client(ctx, r.Service, decoded)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	if c == nil {
		return nil, known.Fault(rule.No("The client is not known.").Because("client identifier %q", rule.Printable(name))), nil
	}
	if err := r.Allowed(c); err != nil {
		return nil, nil, err
	}
	s.client, s.policy = c, c.BasePolicy(r.Service)
	if f := rules.Run(&s); f != nil {
		return nil, f, nil
	}
	out := &Client{Client: c, Identifier: c.Identifier(alias), AliasUsed: alias, Method: s.presented, Policy: s.policy}
	if s.presented == wire.ClientAuthMethodPrivateKeyJWT {
		if out.Mark, f = s.verifyAssertion(); f != nil {
			return nil, f, nil
		}
	}
	return out, nil, nil
}

// present finds out which method was used.
func (s *identified) present() *rule.Fault {
	s.presented = wire.ClientAuthMethodNone
	methods := 0
	if s.BasicSecret != "" {
		s.presented, s.basic = wire.ClientAuthMethodClientSecretBasic, true
		methods++
	}
	if s.Form.Has("client_secret") {
		s.presented = wire.ClientAuthMethodClientSecretPost
		methods++
	}
	if s.Form.Has("client_assertion") || s.Form.Has("client_assertion_type") {
		s.presented = wire.ClientAuthMethodPrivateKeyJWT
		methods++
	}
	if methods > 1 {
		return oneMethod.Fault(rule.No("More than one client authentication method was used."))
	}
	return nil
}

// name returns the identifier that the request gives the client. Given by
// several means it must be the same.
func (s *identified) name() (string, *rule.Fault) {
	names := []string{s.BasicID, s.Form.Get("client_id")}
	if s.presented == wire.ClientAuthMethodPrivateKeyJWT {
		var c struct {
			Subject string `json:"sub"`
		}
		if s.Form.Get("client_assertion_type") != assertionType || jose.PeekClaims(s.Form.Get("client_assertion"), &c) != nil {
			return "", assertion.Fault(rule.No("The client assertion is not a well-formed JWT of type %s.", assertionType))
		}
		names = append(names, c.Subject)
	}
	name := ""
	for _, n := range names {
		if n == "" || n == name {
			continue
		}
		if name != "" {
			if f := oneName.Fault(rule.No("The request names different clients.")); f != nil {
				return "", f
			}
			continue
		}
		name = n
	}
	return name, nil
}

func checkUnlocked(s *identified) *rule.Fault {
	if s.client.Doc.Locked {
		return rule.No("The client is locked.").DemandedBy(rule.Source{Switch: "client.locked"})
	}
	return nil
}

func checkConfidential(s *identified) *rule.Fault {
	if s.policy.ConfidentialOnly.On && !s.client.Confidential() {
		return rule.No("Only confidential clients are allowed.").DemandedBy(s.policy.ConfidentialOnly.By...)
	}
	return nil
}

func checkMethodAcceptable(s *identified) *rule.Fault {
	if len(s.policy.AuthMethods.Values) == 0 {
		return rule.No("The client authentication method of this client is not allowed.").
			DemandedBy(s.policy.AuthMethods.By...).Because("client.tokenAuthMethod is %s", s.client.Doc.TokenAuthMethod)
	}
	return nil
}

func checkPublic(s *identified) *rule.Fault {
	if s.client.Doc.TokenAuthMethod == wire.ClientAuthMethodNone && s.presented != wire.ClientAuthMethodNone {
		return rule.No("The client has no credentials but presented some.").DemandedBy(rule.Source{Switch: "client.tokenAuthMethod"})
	}
	return nil
}

func checkMethodRegistered(s *identified) *rule.Fault {
	want := s.client.Doc.TokenAuthMethod
	if want != s.presented && want != wire.ClientAuthMethodNone {
		return rule.No("The client did not use the authentication method that is registered for it.").
			DemandedBy(rule.Source{Switch: "client.tokenAuthMethod"}).Because("registered is %s, used was %s", want, s.presented)
	}
	return nil
}

// checkSecret compares the literal secret and, for HTTP Basic, its
// form-decoded form too (RFC 6749 §2.3.1 encodes; many clients do not). Both
// are compared always, so that time tells nothing.
func checkSecret(s *identified) *rule.Fault {
	var literal, decoded string
	switch s.presented {
	case wire.ClientAuthMethodClientSecretBasic:
		literal, decoded = s.BasicSecret, oauth.FormDecoded(s.BasicSecret)
	case wire.ClientAuthMethodClientSecretPost:
		literal = s.Form.Get("client_secret")
		decoded = literal
	default:
		return nil
	}
	a, b := s.client.SecretMatches(literal), s.client.SecretMatches(decoded)
	if a || b {
		return nil
	}
	return rule.No("The client secret is wrong.")
}

// Names lists what an assertion may call the client.
func (s *identified) names(text string) bool {
	return text != "" && (text == strconv.FormatInt(s.client.ID, 10) || text == s.client.Doc.ClientIDAlias && s.client.Doc.ClientIDAliasEnabled && s.Service.Doc.ClientIDAliasEnabled)
}
