package policy

import (
	"slices"

	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// AssertionAudience says which audiences a client assertion may name.
type AssertionAudience uint8

// In rising precedence.
const (
	// EndpointAudience: the issuer or the URL of the endpoint or of the
	// token endpoint, as a string or in an array (PAR-2, OIDCC-9).
	EndpointAudience AssertionAudience = iota
	// IssuerAudience: the issuer alone, as a string.
	IssuerAudience
)

// Rotation says what happens to a refresh token when it is used.
type Rotation uint8

// In rising precedence.
const (
	Rotate Rotation = iota // a successor takes its place (RFC9700-4.14.2)
	Keep                   // it stays
)

// Policy is what is demanded of a request. It is immutable once folded.
type Policy struct {
	ResponseTypes Set[wire.ResponseType]
	ResponseModes Set[wire.ResponseMode]
	GrantTypes    Set[wire.GrantType]
	AuthMethods   Set[wire.ClientAuthMethod]
	AssertionAlgs Set[wire.JWSAlg] // client assertions
	ObjectAlgs    Set[wire.JWSAlg] // request objects; NONE is one
	DPoPAlgs      Set[wire.JWSAlg]
	IDTokenAlgs   Set[wire.JWSAlg]
	AccessAlgs    Set[wire.JWSAlg] // JWT access tokens; empty and not narrowed: opaque

	ConfidentialOnly    Flag
	PushedOnly          Flag
	ObjectRequired      Flag // authorization requests come as request objects
	ObjectAlone         Flag // parameters beside a request object do not count
	ObjectAudience      Flag // a request object names this server
	PKCE                Flag
	S256Only            Flag
	SenderConstrained   Flag // of any kind
	DPoP                Flag
	DPoPNonce           Flag
	ScopeRequired       Flag
	RedirectURIRequired Flag
	SecureRedirects     Flag // no http but loopback for native clients
	ResponseIssuer      Flag // iss in authorization responses

	AssertionAudience Choice[AssertionAudience]
	RefreshRotation   Choice[Rotation]

	CodeLifetime    Seconds
	PushedLifetime  Seconds
	AccessLifetime  Seconds
	RefreshLifetime Seconds
	IDTokenLifetime Seconds
}

// What is built, and what is used where nobody says otherwise.
var (
	BuiltResponseTypes = []wire.ResponseType{wire.ResponseTypeCode}
	BuiltResponseModes = []wire.ResponseMode{wire.ResponseModeQuery, wire.ResponseModeFragment, wire.ResponseModeFormPost}
	BuiltGrantTypes    = []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken, wire.GrantTypeClientCredentials}
	BuiltAuthMethods   = []wire.ClientAuthMethod{wire.ClientAuthMethodNone, wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretPost, wire.ClientAuthMethodPrivateKeyJWT}
	BuiltVerifyAlgs    = []wire.JWSAlg{wire.JWSAlgES256, wire.JWSAlgPS256, wire.JWSAlgRS256, wire.JWSAlgEdDSA, wire.JWSAlgES384, wire.JWSAlgES512, wire.JWSAlgPS384, wire.JWSAlgPS512, wire.JWSAlgRS384, wire.JWSAlgRS512}
	BuiltSignAlgs      = BuiltVerifyAlgs
	BuiltObjectAlgs    = append(slices.Clone(BuiltVerifyAlgs), wire.JWSAlgNone)
)

// Lifetimes in seconds where neither service, client nor scope sets one.
const (
	DefaultCode    = 600
	DefaultPushed  = 600
	DefaultAccess  = 86400
	DefaultRefresh = 864000
	DefaultIDToken = 86400
)

func defaults() Policy {
	return Policy{
		ResponseTypes: of(BuiltResponseTypes),
		ResponseModes: of(BuiltResponseModes),
		GrantTypes:    of(BuiltGrantTypes),
		AuthMethods:   of(BuiltAuthMethods),
		AssertionAlgs: of(BuiltVerifyAlgs),
		ObjectAlgs:    of(BuiltObjectAlgs),
		DPoPAlgs:      of(BuiltVerifyAlgs),
		IDTokenAlgs:   of(BuiltSignAlgs),
		AccessAlgs:    of(BuiltSignAlgs),
	}
}

// Input is what a policy is folded from.
type Input struct {
	Service *wire.Service
	Client  *wire.Client // nil while the client is not known
	// Modes are the FAPI modes in force and Switch is where they were set;
	// see modes in package registry.
	Modes  []wire.FAPIMode
	Switch string
	Scopes []*wire.Scope // of the request; nil for the base policy
}

// Fold makes a policy. The order of the demands does not matter to the
// result, only to the order of the names in By.
func Fold(in Input) *Policy {
	p := defaults()
	p.service(in.Service)
	if in.Client != nil {
		p.client(in.Client)
	}
	for _, s := range in.Scopes {
		p.scope(s)
	}
	for _, mode := range in.Modes {
		for _, d := range profiles[mode] {
			d.meet(&p, Source{Switch: in.Switch + " " + string(mode), Ref: d.ref})
		}
	}
	p.AccessLifetime.otherwise(DefaultAccess)
	p.RefreshLifetime.otherwise(DefaultRefresh)
	p.IDTokenLifetime.otherwise(DefaultIDToken)
	p.CodeLifetime.otherwise(DefaultCode)
	p.PushedLifetime.otherwise(DefaultPushed)
	return &p
}

// demand is one clause of a profile.
type demand struct {
	ref  spec.Ref
	meet func(*Policy, Source)
}

// profiles holds the profiles that are built.
var profiles = map[wire.FAPIMode][]demand{
	wire.FAPIModeFAPI2Security: fapi2Security,
}

// Built reports whether a FAPI mode is built.
func Built(mode wire.FAPIMode) bool { return profiles[mode] != nil }
