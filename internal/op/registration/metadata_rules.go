package registration

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// metadataRules judge a registration that was understood. They compare with
// what the service lists and what is built, never with a profile: that the
// policy of a service demands more is the business of requests.
var metadataRules = rule.Table[Metadata]{
	rule.Row("registration.redirect_uris.present", "A935311", oauth.InvalidRedirectURI, checkRedirectsPresent, "RFC7591-2", "OIDCR-2"),
	rule.Row("registration.redirect_uri.form", "A935312", oauth.InvalidRedirectURI, checkRedirectForm, "RFC7591-5", "RFC6749-3.1.2", "RFC9700-4.1.3"),
	rule.Row("registration.redirect_uri.https", "A935313", oauth.InvalidRedirectURI, checkRedirectHTTPS, "OIDCR-2", "RFC9700-2.6"),
	rule.Row("registration.redirect_uri.local", "A935314", oauth.InvalidRedirectURI, checkRedirectLocal, "OIDCR-2"),
	rule.Row("registration.redirect_uri.loopback", "A935315", oauth.InvalidRedirectURI, checkRedirectLoopback, "OIDCR-2", "RFC8252-7.1", "RFC8252-7.3", "RFC9700-2.6"),
	rule.Row("registration.grant_types.supported", "A935316", oauth.InvalidClientMetadata, checkGrantTypes, "RFC7591-2"),
	rule.Row("registration.grant_types.agreed", "A935331", oauth.InvalidClientMetadata, checkAgreed, "RFC7591-5", "RFC6749-4.4", "SYMBOLON-registration"),
	rule.Row("registration.response_types.supported", "A935317", oauth.InvalidClientMetadata, checkResponseTypes, "RFC7591-2"),
	rule.Row("registration.response_types.consistent", "A935318", oauth.InvalidClientMetadata, checkConsistent, "RFC7591-2.1", "OIDCR-2"),
	rule.Row("registration.response_modes.supported", "A935319", oauth.InvalidClientMetadata, checkResponseModes, "OAuth2-MRT-2.1"),
	rule.Row("registration.auth_method.supported", "A935320", oauth.InvalidClientMetadata, checkAuthMethod, "RFC7591-2"),
	rule.Row("registration.auth_method.confidential", "A935321", oauth.InvalidClientMetadata, checkConfidential, "RFC6749-4.4"),
	rule.Row("registration.keys.exclusive", "A935322", oauth.InvalidClientMetadata, checkKeysExclusive, "RFC7591-2", "OIDCR-2"),
	rule.Row("registration.keys.public", "A935323", oauth.InvalidClientMetadata, checkKeysPublic, "RFC7591-2", "RFC7517-5"),
	rule.Row("registration.keys.present", "A935324", oauth.InvalidClientMetadata, checkKeysPresent, "RFC7591-2", "RFC7523-3"),
	rule.Row("registration.algorithms.supported", "A935325", oauth.InvalidClientMetadata, checkAlgorithms, "OIDCR-2"),
	rule.Row("registration.uri.web", "A935326", oauth.InvalidClientMetadata, checkWebURIs, "RFC7591-2", "OIDCR-2"),
	rule.Row("registration.uri.https", "A935327", oauth.InvalidClientMetadata, checkHTTPSURIs, "OIDCR-2", "RFC7591-5"),
	rule.Row("registration.scope", "A935328", oauth.InvalidClientMetadata, checkScope, "RFC7591-2", "RFC6749-3.3"),
	rule.Row("registration.feature", "A935329", oauth.InvalidClientMetadata, checkFeatures, "RFC7591-3.2.2", "SYMBOLON-registration"),
}

func checkRedirectsPresent(m *Metadata) *rule.Fault {
	if redirects(m.Doc) && len(m.Doc.RedirectURIs) == 0 {
		return rule.No("The grant types need redirect_uris.")
	}
	return nil
}

// checkRedirectForm: URIs are compared to the letter, so a wildcard in one is
// a misunderstanding.
func checkRedirectForm(m *Metadata) *rule.Fault {
	for _, u := range m.Doc.RedirectURIs {
		if err := registry.CheckRedirectURI(u); err != nil {
			return rule.No("redirect_uris %s.", strings.TrimPrefix(err.Error(), "redirectUris ")).Because("the entry is %q", rule.Printable(u))
		}
		if strings.Contains(u, "*") {
			return rule.No("redirect_uris has an entry with a wildcard.")
		}
	}
	return nil
}

// redirect finds a redirect URI of a client of the application type that a
// check says no to.
func (m *Metadata) redirect(kind wire.ApplicationType, wrong func(scheme, host string) bool) bool {
	return m.Doc.ApplicationType == kind && slices.ContainsFunc(m.Doc.RedirectURIs, func(text string) bool {
		u, err := url.Parse(text)
		return err == nil && wrong(strings.ToLower(u.Scheme), u.Hostname())
	})
}

// checkRedirectHTTPS: a response must not pass an open network. Connect
// allows a server to refuse http and demands it for the implicit grant only.
func checkRedirectHTTPS(m *Metadata) *rule.Fault {
	if m.redirect(wire.ApplicationTypeWeb, func(scheme, _ string) bool { return scheme != "https" }) {
		return rule.No("The redirect_uris of a web client must be https. An application on the user's machine is native.")
	}
	return nil
}

func checkRedirectLocal(m *Metadata) *rule.Fault {
	if m.redirect(wire.ApplicationTypeWeb, func(_, host string) bool { return isLocal(host) }) {
		return rule.No("The redirect_uris of a web client must not be local. An application on the user's machine is native.")
	}
	if m.redirect(wire.ApplicationTypeWeb, func(_, host string) bool { return isDisguised(host) }) {
		return rule.No("The redirect_uris of a web client must name their hosts plainly: by domain or by IP address, in ASCII.")
	}
	return nil
}

// checkRedirectLoopback: what is left to native clients is https that the
// application claims, a scheme of its own, and http on the loopback interface.
// A scheme is its own where it begins with a domain, turned round.
func checkRedirectLoopback(m *Metadata) *rule.Fault {
	if m.redirect(wire.ApplicationTypeNative, func(scheme, _ string) bool {
		return scheme != "https" && scheme != "http" && !strings.Contains(strings.Trim(scheme, "."), ".")
	}) {
		return rule.No("A scheme of the application's own in redirect_uris must be made of a domain, such as com.example.app.")
	}
	if m.redirect(wire.ApplicationTypeNative, func(scheme, host string) bool { return scheme == "http" && !isLoopback(host) }) {
		return rule.No("The redirect_uris of a native client may be http only on localhost, 127.0.0.1 or [::1].")
	}
	return nil
}

// isLoopback knows the three names of OIDCR-2.
func isLoopback(host string) bool {
	return slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, strings.ToLower(host))
}

// isLocal knows every way to say this machine.
func isLocal(host string) bool {
	host = strings.TrimRight(strings.ToLower(host), ".")
	addr, err := netip.ParseAddr(host)
	addr = addr.Unmap()
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && (addr.IsLoopback() || addr.IsUnspecified())
}

// isDisguised tells a host that browsers make another one of: what ends in a
// number is an IPv4 address to them, however it is written, and what is not
// ASCII is mapped to what is.
func isDisguised(host string) bool {
	host = strings.TrimRight(strings.ToLower(host), ".")
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	if host == "" || strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return true
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	hex, isHex := strings.CutPrefix(last, "0x")
	return strings.Trim(last, "0123456789") == "" || isHex && strings.Trim(hex, "0123456789abcdef") == ""
}

func checkGrantTypes(m *Metadata) *rule.Fault {
	return listed("grant_types", "supportedGrantTypes", m.Doc.GrantTypes, m.Service.Doc.SupportedGrantTypes, policy.BuiltGrantTypes)
}

// checkAgreed: a token in the client's own right is one that no end-user agreed
// to, so a client cannot grant itself the right to it. What an administrator
// gave it, it keeps.
func checkAgreed(m *Metadata) *rule.Fault {
	given := m.current != nil && slices.Contains(m.current.GrantTypes, wire.GrantTypeClientCredentials)
	if !given && slices.Contains(m.Doc.GrantTypes, wire.GrantTypeClientCredentials) {
		return rule.No("A client cannot register itself for client_credentials.")
	}
	return nil
}

func checkResponseTypes(m *Metadata) *rule.Fault {
	if !redirects(m.Doc) && !m.given["response_types"] {
		return nil // the default means nothing
	}
	return listed("response_types", "supportedResponseTypes", m.Doc.ResponseTypes, m.Service.Doc.SupportedResponseTypes, policy.BuiltResponseTypes)
}

func checkResponseModes(m *Metadata) *rule.Fault {
	return listed("response_modes", "", m.Doc.ResponseModes, nil, policy.BuiltResponseModes)
}

func checkAuthMethod(m *Metadata) *rule.Fault {
	return listed("token_endpoint_auth_method", "supportedTokenAuthMethods", []wire.ClientAuthMethod{m.Doc.TokenAuthMethod}, m.Service.Doc.SupportedTokenAuthMethods, policy.BuiltAuthMethods)
}

// listed refuses a value that is not built or that the service, where it
// lists any, does not list.
func listed[T specced](member, by string, values, service, built []T) *rule.Fault {
	for _, v := range values {
		if !slices.Contains(built, v) {
			return rule.No("%s '%s' is not supported.", member, v.Spec())
		}
		if len(service) > 0 && !slices.Contains(service, v) {
			return rule.No("%s '%s' is not supported.", member, v.Spec()).DemandedBy(rule.Source{Switch: "service." + by})
		}
	}
	return nil
}

// checkConsistent follows the table of RFC7591-2.1 in both directions.
func checkConsistent(m *Metadata) *rule.Fault {
	if !redirects(m.Doc) && !m.given["response_types"] {
		return nil
	}
	code := false
	for _, t := range m.Doc.ResponseTypes {
		for word := range strings.FieldsSeq(t.Spec()) {
			needs := wire.GrantTypeImplicit
			if word == "none" {
				continue
			}
			if word == "code" {
				needs, code = wire.GrantTypeAuthorizationCode, true
			}
			if !slices.Contains(m.Doc.GrantTypes, needs) {
				return rule.No("The response type '%s' needs the grant type '%s'.", t.Spec(), needs.Spec())
			}
		}
	}
	if slices.Contains(m.Doc.GrantTypes, wire.GrantTypeAuthorizationCode) && !code {
		return rule.No("The grant type 'authorization_code' needs a response type with 'code'.")
	}
	return nil
}

func checkConfidential(m *Metadata) *rule.Fault {
	if m.Doc.ClientType == wire.ClientTypePublic && slices.Contains(m.Doc.GrantTypes, wire.GrantTypeClientCredentials) {
		return rule.No("A client that does not authenticate cannot use client_credentials.")
	}
	return nil
}

func checkKeysExclusive(m *Metadata) *rule.Fault {
	if m.Doc.JWKS != "" && m.Doc.JWKSURI != "" {
		return rule.No("jwks and jwks_uri exclude each other.")
	}
	return nil
}

// checkKeysPublic: a key of a kind that is not used here may stand in the set,
// but not its private half.
func checkKeysPublic(m *Metadata) *rule.Fault {
	if m.Doc.JWKS == "" {
		return nil
	}
	keys, err := jose.ParseKeySet(m.Doc.JWKS)
	if err != nil {
		return rule.No("jwks is not usable: %s.", rule.Printable(err.Error()))
	}
	var raw struct {
		Keys []map[string]json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal([]byte(m.Doc.JWKS), &raw); err != nil {
		return rule.No("jwks has an entry that is no key.")
	}
	private := slices.ContainsFunc(raw.Keys, func(k map[string]json.RawMessage) bool { return k["d"] != nil || k["k"] != nil })
	if private || keys.HasPrivate() {
		return rule.No("jwks must hold public keys only.")
	}
	return nil
}

func checkKeysPresent(m *Metadata) *rule.Fault {
	if m.Doc.TokenAuthMethod == wire.ClientAuthMethodPrivateKeyJWT && m.Doc.JWKS == "" && m.Doc.JWKSURI == "" {
		return rule.No("private_key_jwt needs jwks.")
	}
	return nil
}

// checkAlgorithms: what the client wants to sign must be verifiable here, and
// what it wants signed must be signable by a key of the service. A default is
// not judged: it is ours.
func checkAlgorithms(m *Metadata) *rule.Fault {
	d := m.Doc
	if m.given["id_token_signed_response_alg"] && !slices.Contains(m.Service.Keys.Algorithms(), string(d.IDTokenSignAlg)) {
		return rule.No("id_token_signed_response_alg '%s' is not supported.", d.IDTokenSignAlg.Spec())
	}
	if a := d.TokenAuthSignAlg; a != "" && !slices.Contains(policy.BuiltVerifyAlgs, a) {
		return rule.No("token_endpoint_auth_signing_alg '%s' is not supported.", a.Spec())
	}
	if a := d.RequestSignAlg; a != "" && !slices.Contains(policy.BuiltObjectAlgs, a) {
		return rule.No("request_object_signing_alg '%s' is not supported.", a.Spec())
	}
	return nil
}

// checkWebURIs: pages and pictures that are shown to users.
func checkWebURIs(m *Metadata) *rule.Fault {
	d := m.Doc
	for _, x := range []struct {
		member string
		plain  string
		tagged []wire.TaggedValue
	}{
		{"client_uri", d.ClientURI, d.ClientURIs}, {"logo_uri", d.LogoURI, d.LogoURIs},
		{"policy_uri", d.PolicyURI, d.PolicyURIs}, {"tos_uri", d.TosURI, d.TosURIs},
	} {
		for _, v := range append([]wire.TaggedValue{{Value: x.plain}}, x.tagged...) {
			if v.Value != "" && !isAddress(v.Value, "https", "http") {
				return rule.No("%s is not an http or https address.", x.member)
			}
		}
	}
	return nil
}

// checkHTTPSURIs: addresses that somebody trusts to be the client's.
func checkHTTPSURIs(m *Metadata) *rule.Fault {
	d := m.Doc
	for _, x := range []struct {
		member    string
		addresses []string
	}{
		{"jwks_uri", []string{d.JWKSURI}}, {"initiate_login_uri", []string{d.LoginURI}}, {"request_uris", d.RequestURIs},
	} {
		for _, a := range x.addresses {
			if a != "" && !isAddress(a, "https") {
				return rule.No("%s is not an https address.", x.member)
			}
		}
	}
	return nil
}

func isAddress(text string, schemes ...string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && u.User == nil && slices.Contains(schemes, strings.ToLower(u.Scheme))
}

// checkScope: scopes that the service does not have are left out, as they are
// left out of requests; the answer shows it. Where none would be left, the
// client could do nothing. An update narrows only: the limit may be an
// administrator's by now.
func checkScope(m *Metadata) *rule.Fault {
	if m.Scope == "" {
		return nil
	}
	if _, ok := oauth.ScopeTokens(m.Scope); !ok {
		return rule.No("scope is not a list of scopes.")
	}
	if !m.Service.Doc.DCRScopeUsedAsRequestable {
		return nil
	}
	asked, by := m.Doc.Extension.RequestableScopes, rule.Source{Switch: "service.dcrScopeUsedAsRequestable"}
	if len(asked) == 0 {
		return rule.No("scope has no scope of the service.").DemandedBy(by)
	}
	if limit := m.limit(); limit != nil && slices.ContainsFunc(asked, func(s string) bool { return !slices.Contains(limit.RequestableScopes, s) }) {
		return rule.No("scope has more than the client may request.").DemandedBy(by)
	}
	return nil
}

// unavailable are features that nothing here heeds, with the members that ask
// for them. What blocks an operation that is built is in registry's table.
var unavailable = []struct {
	member string
	asked  func(*wire.Client) bool
}{
	{"sector_identifier_uri", func(c *wire.Client) bool { return c.SectorIdentifierURI != "" }},
	{"id_token_encrypted_response_enc", func(c *wire.Client) bool { return c.IDTokenEncryptionEnc != "" }},
	{"userinfo_encrypted_response_enc", func(c *wire.Client) bool { return c.UserInfoEncryptionEnc != "" }},
	{"request_object_encryption_alg", func(c *wire.Client) bool { return c.RequestEncryptionAlg != "" || c.RequestEncryptionEnc != "" }},
	{"authorization_signed_response_alg", func(c *wire.Client) bool { return c.AuthorizationSignAlg != "" }},
	{"authorization_encrypted_response_alg", func(c *wire.Client) bool {
		return c.AuthorizationEncryptionAlg != "" || c.AuthorizationEncryptionEnc != ""
	}},
	{"authorization_details_types", func(c *wire.Client) bool { return len(c.AuthorizationDetailsTypes) > 0 }},
	{"backchannel_token_delivery_mode", func(c *wire.Client) bool {
		return c.BcDeliveryMode != "" || c.BcNotificationEndpoint != "" || c.BcRequestSignAlg != "" || c.BcUserCodeRequired
	}},
}

// checkFeatures: a client that asks for encryption, a bound token or another
// subject must not believe that it has them.
func checkFeatures(m *Metadata) *rule.Fault {
	for _, u := range unavailable {
		if u.asked(m.Doc) {
			return rule.No("%s is not available here.", u.member)
		}
	}
	if members := registry.UnbuiltIn(m.Doc); len(members) > 0 {
		return rule.No("The client asks for what is not available here: %s.", strings.Join(members, ", "))
	}
	return nil
}
