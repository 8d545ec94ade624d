package registry

import (
	"slices"

	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Operation names an operation of the Web API by its v2 path after /api/.
type Operation string

// The operations that requests of OAuth clients lead to.
const (
	Authorization         Operation = "auth/authorization"
	AuthorizationIssue    Operation = "auth/authorization/issue"
	AuthorizationFail     Operation = "auth/authorization/fail"
	PushedAuthReq         Operation = "pushed_auth_req"
	Token                 Operation = "auth/token"
	Introspection         Operation = "auth/introspection"
	StandardIntrospection Operation = "auth/introspection/standard"
	Revocation            Operation = "auth/revocation"
	UserInfo              Operation = "auth/userinfo"
	UserInfoIssue         Operation = "auth/userinfo/issue"

	ClientRegistration       Operation = "client/registration"
	ClientRegistrationGet    Operation = "client/registration/get"
	ClientRegistrationUpdate Operation = "client/registration/update"
	ClientRegistrationDelete Operation = "client/registration/delete"
)

var (
	requests = []Operation{Authorization, PushedAuthReq}
	flows    = []Operation{Authorization, PushedAuthReq, Token}
	all      = []Operation{Authorization, AuthorizationIssue, AuthorizationFail, PushedAuthReq, Token, Introspection, StandardIntrospection, Revocation, UserInfo, UserInfoIssue}
)

// Unbuilt is a member of a feature that is not built: the values under which
// the built operations do what they should, and the operations that it blocks
// under any other. Members of unbuilt features that no built operation would
// heed (the metadata of CIBA, say) are not listed: they are stored and
// returned, and their own operations answer 403.
type Unbuilt[D any] struct {
	Member   string
	Harmless func(*D) bool
	Blocks   []Operation
}

func blockedBy[D any](table []Unbuilt[D], doc *D) map[Operation][]string {
	var blocked map[Operation][]string
	for _, u := range table {
		if u.Harmless(doc) {
			continue
		}
		if blocked == nil {
			blocked = make(map[Operation][]string)
		}
		for _, op := range u.Blocks {
			blocked[op] = append(blocked[op], u.Member)
		}
	}
	return blocked
}

func builtModes(modes []wire.FAPIMode) bool {
	return !slices.ContainsFunc(modes, func(m wire.FAPIMode) bool { return !policy.Built(m) })
}

// builtAttributes: fapi, haip and regex attributes, and fapi2 other than sp,
// select features that are not built.
func builtAttributes(scopes []wire.Scope) bool {
	for _, s := range scopes {
		for _, a := range s.Attributes {
			switch {
			case a.Key == "fapi", a.Key == "haip", a.Key == "regex", a.Key == "fapi2" && a.Value != "sp":
				return false
			}
		}
	}
	return true
}

func signs(alg wire.JWSAlg) bool { return slices.Contains(policy.BuiltSignAlgs, alg) }

// UnbuiltService is the table for services.
var unbuiltService = []Unbuilt[wire.Service]{
	{"accessTokenSignAlg", func(s *wire.Service) bool { return s.AccessTokenSignAlg == "" || signs(s.AccessTokenSignAlg) }, []Operation{Token}},
	{"fapiModes", func(s *wire.Service) bool { return builtModes(s.FAPIModes) }, all},
	{"haipVersion", func(s *wire.Service) bool { return s.HaipVersion == "" }, flows},
	{"supportedScopes.attributes", func(s *wire.Service) bool { return builtAttributes(s.SupportedScopes) }, flows},
	{"frontChannelRequestObjectEncryptionRequired", func(s *wire.Service) bool { return !s.FrontChannelRequestObjectEncryptionRequired }, requests},
	{"tlsClientCertificateBoundAccessTokens", func(s *wire.Service) bool { return !s.TLSClientCertificateBoundAccessTokens }, []Operation{Token}},
	{"singleAccessTokenPerSubject", func(s *wire.Service) bool { return !s.SingleAccessTokenPerSubject }, []Operation{Token}},
	{"idTokenReissuable", func(s *wire.Service) bool { return !s.IDTokenReissuable }, []Operation{Token}},
	{"missingClientIdAllowed", func(s *wire.Service) bool { return !s.MissingClientIDAllowed }, []Operation{Token}},
	{"grantManagementActionRequired", func(s *wire.Service) bool { return !s.GrantManagementActionRequired }, requests},
	{"clientIdMetadataDocumentSupported", func(s *wire.Service) bool { return !s.ClientIDMetadataDocumentSupported }, flows},
	{"federationEnabled", func(s *wire.Service) bool { return !s.FederationEnabled }, flows},
	{"verifiableCredentialsEnabled", func(s *wire.Service) bool { return !s.VerifiableCredentialsEnabled }, flows},
	{"nativeSsoSupported", func(s *wire.Service) bool { return !s.NativeSsoSupported }, flows},
	{"dcrDuplicateSoftwareIdBlocked", func(s *wire.Service) bool { return !s.DCRDuplicateSoftwareIDBlocked }, []Operation{ClientRegistration, ClientRegistrationUpdate}},
	{"rsResponseSigned", func(s *wire.Service) bool { return !s.RSResponseSigned }, []Operation{UserInfoIssue}},
}

// unbuiltClient is the table for clients.
var unbuiltClient = []Unbuilt[wire.Client]{
	{"tokenAuthMethod", func(c *wire.Client) bool { return slices.Contains(policy.BuiltAuthMethods, c.TokenAuthMethod) }, []Operation{PushedAuthReq, Token, Revocation}},
	{"tokenAuthSignAlg", func(c *wire.Client) bool {
		return c.TokenAuthSignAlg == "" || slices.Contains(policy.BuiltVerifyAlgs, c.TokenAuthSignAlg)
	}, []Operation{PushedAuthReq, Token, Revocation}},
	{"jwksUri", func(c *wire.Client) bool {
		return c.JWKSURI == "" || c.TokenAuthMethod != wire.ClientAuthMethodPrivateKeyJWT
	}, []Operation{PushedAuthReq, Token, Revocation}},
	{"fapiModes", func(c *wire.Client) bool { return builtModes(c.FAPIModes) }, all},
	{"haipVersion", func(c *wire.Client) bool { return c.HaipVersion == "" }, flows},
	{"idTokenSignAlg", func(c *wire.Client) bool { return signs(c.IDTokenSignAlg) }, []Operation{Authorization, PushedAuthReq, Token}},
	{"idTokenEncryptionAlg", func(c *wire.Client) bool { return c.IDTokenEncryptionAlg == "" }, []Operation{Token}},
	{"userInfoSignAlg", func(c *wire.Client) bool { return c.UserInfoSignAlg == "" }, []Operation{UserInfoIssue}},
	{"userInfoEncryptionAlg", func(c *wire.Client) bool { return c.UserInfoEncryptionAlg == "" }, []Operation{UserInfoIssue}},
	{"subjectType", func(c *wire.Client) bool { return c.SubjectType != wire.SubjectTypePairwise }, []Operation{Authorization, PushedAuthReq, Token, UserInfo, UserInfoIssue}},
	{"frontChannelRequestObjectEncryptionRequired", func(c *wire.Client) bool { return !c.FrontChannelRequestObjectEncryptionRequired }, requests},
	{"tlsClientCertificateBoundAccessTokens", func(c *wire.Client) bool { return !c.TLSClientCertificateBoundAccessTokens }, []Operation{Token}},
	{"singleAccessTokenPerSubject", func(c *wire.Client) bool { return !c.SingleAccessTokenPerSubject }, []Operation{Token}},
	{"rsRequestSigned", func(c *wire.Client) bool { return !c.RSRequestSigned }, []Operation{Introspection, UserInfo}},
}

// UnbuiltIn returns the members of a client document that ask for what is not
// built.
func UnbuiltIn(doc *wire.Client) []string {
	var members []string
	for _, u := range unbuiltClient {
		if !u.Harmless(doc) {
			members = append(members, u.Member)
		}
	}
	return members
}

// Blocks is one row of the tables, for the generated documentation.
type Blocks struct {
	Member string // "service.…" or "client.…"
	Blocks []Operation
}

// UnbuiltMembers lists both tables.
func UnbuiltMembers() []Blocks {
	var list []Blocks
	for _, u := range unbuiltService {
		list = append(list, Blocks{"service." + u.Member, u.Blocks})
	}
	for _, u := range unbuiltClient {
		list = append(list, Blocks{"client." + u.Member, u.Blocks})
	}
	return list
}
