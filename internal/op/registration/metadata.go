package registration

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Metadata is a registration as it was understood, with its defaults.
type Metadata struct {
	Service *registry.Service
	Doc     *wire.Client
	Scope   string // as asked for
	given   map[string]bool
	current *wire.Client // what is replaced; nil for a new client
}

// metadatum is one member of client metadata and where a client document
// keeps it. The table below is the mapping in both directions.
type metadatum struct {
	name  string
	read  func(*wire.Client, json.RawMessage) error
	write func(*wire.Client) any // nil where there is nothing
	copy  func(to, from *wire.Client)
	// tags are the values in other languages, of members that have them
	// (OIDCR-2.1).
	tags func(*wire.Client) *[]wire.TaggedValue
}

var metadata = []metadatum{
	texts("redirect_uris", func(c *wire.Client) *[]string { return &c.RedirectURIs }),
	names("response_types", func(c *wire.Client) *[]wire.ResponseType { return &c.ResponseTypes }, wire.ResponseTypeFromSpec),
	names("grant_types", func(c *wire.Client) *[]wire.GrantType { return &c.GrantTypes }, wire.GrantTypeFromSpec),
	names("response_modes", func(c *wire.Client) *[]wire.ResponseMode { return &c.ResponseModes }, wire.ResponseModeFromSpec),
	name("application_type", func(c *wire.Client) *wire.ApplicationType { return &c.ApplicationType }, wire.ApplicationTypeFromSpec),
	texts("contacts", func(c *wire.Client) *[]string { return &c.Contacts }),
	tagged("client_name", func(c *wire.Client) (*string, *[]wire.TaggedValue) { return &c.ClientName, &c.ClientNames }),
	tagged("logo_uri", func(c *wire.Client) (*string, *[]wire.TaggedValue) { return &c.LogoURI, &c.LogoURIs }),
	tagged("client_uri", func(c *wire.Client) (*string, *[]wire.TaggedValue) { return &c.ClientURI, &c.ClientURIs }),
	tagged("policy_uri", func(c *wire.Client) (*string, *[]wire.TaggedValue) { return &c.PolicyURI, &c.PolicyURIs }),
	tagged("tos_uri", func(c *wire.Client) (*string, *[]wire.TaggedValue) { return &c.TosURI, &c.TosURIs }),
	text("jwks_uri", func(c *wire.Client) *string { return &c.JWKSURI }),
	object("jwks", func(c *wire.Client) *string { return &c.JWKS }),
	text("software_id", func(c *wire.Client) *string { return &c.SoftwareID }),
	text("software_version", func(c *wire.Client) *string { return &c.SoftwareVersion }),
	text("sector_identifier_uri", func(c *wire.Client) *string { return &c.SectorIdentifierURI }),
	name("subject_type", func(c *wire.Client) *wire.SubjectType { return &c.SubjectType }, wire.SubjectTypeFromSpec),
	name("id_token_signed_response_alg", func(c *wire.Client) *wire.JWSAlg { return &c.IDTokenSignAlg }, wire.JWSAlgFromSpec),
	name("id_token_encrypted_response_alg", func(c *wire.Client) *wire.JWEAlg { return &c.IDTokenEncryptionAlg }, wire.JWEAlgFromSpec),
	name("id_token_encrypted_response_enc", func(c *wire.Client) *wire.JWEEnc { return &c.IDTokenEncryptionEnc }, wire.JWEEncFromSpec),
	name("userinfo_signed_response_alg", func(c *wire.Client) *wire.JWSAlg { return &c.UserInfoSignAlg }, wire.JWSAlgFromSpec),
	name("userinfo_encrypted_response_alg", func(c *wire.Client) *wire.JWEAlg { return &c.UserInfoEncryptionAlg }, wire.JWEAlgFromSpec),
	name("userinfo_encrypted_response_enc", func(c *wire.Client) *wire.JWEEnc { return &c.UserInfoEncryptionEnc }, wire.JWEEncFromSpec),
	name("request_object_signing_alg", func(c *wire.Client) *wire.JWSAlg { return &c.RequestSignAlg }, wire.JWSAlgFromSpec),
	name("request_object_encryption_alg", func(c *wire.Client) *wire.JWEAlg { return &c.RequestEncryptionAlg }, wire.JWEAlgFromSpec),
	name("request_object_encryption_enc", func(c *wire.Client) *wire.JWEEnc { return &c.RequestEncryptionEnc }, wire.JWEEncFromSpec),
	name("authorization_signed_response_alg", func(c *wire.Client) *wire.JWSAlg { return &c.AuthorizationSignAlg }, wire.JWSAlgFromSpec),
	name("authorization_encrypted_response_alg", func(c *wire.Client) *wire.JWEAlg { return &c.AuthorizationEncryptionAlg }, wire.JWEAlgFromSpec),
	name("authorization_encrypted_response_enc", func(c *wire.Client) *wire.JWEEnc { return &c.AuthorizationEncryptionEnc }, wire.JWEEncFromSpec),
	name("token_endpoint_auth_method", func(c *wire.Client) *wire.ClientAuthMethod { return &c.TokenAuthMethod }, wire.ClientAuthMethodFromSpec),
	name("token_endpoint_auth_signing_alg", func(c *wire.Client) *wire.JWSAlg { return &c.TokenAuthSignAlg }, wire.JWSAlgFromSpec),
	seconds("default_max_age", func(c *wire.Client) *int64 { return &c.DefaultMaxAge }),
	flag("require_auth_time", func(c *wire.Client) *bool { return &c.AuthTimeRequired }),
	texts("default_acr_values", func(c *wire.Client) *[]string { return &c.DefaultACRs }),
	text("initiate_login_uri", func(c *wire.Client) *string { return &c.LoginURI }),
	texts("request_uris", func(c *wire.Client) *[]string { return &c.RequestURIs }),
	texts("authorization_details_types", func(c *wire.Client) *[]string { return &c.AuthorizationDetailsTypes }),
	flag("require_pushed_authorization_requests", func(c *wire.Client) *bool { return &c.PARRequired }),
	flag("require_signed_request_object", func(c *wire.Client) *bool { return &c.RequestObjectRequired }),
	flag("dpop_bound_access_tokens", func(c *wire.Client) *bool { return &c.DPoPRequired }),
	flag("tls_client_certificate_bound_access_tokens", func(c *wire.Client) *bool { return &c.TLSClientCertificateBoundAccessTokens }),
	text("tls_client_auth_subject_dn", func(c *wire.Client) *string { return &c.TLSClientAuthSubjectDn }),
	text("tls_client_auth_san_dns", func(c *wire.Client) *string { return &c.TLSClientAuthSanDNS }),
	text("tls_client_auth_san_uri", func(c *wire.Client) *string { return &c.TLSClientAuthSanURI }),
	text("tls_client_auth_san_ip", func(c *wire.Client) *string { return &c.TLSClientAuthSanIP }),
	text("tls_client_auth_san_email", func(c *wire.Client) *string { return &c.TLSClientAuthSanEmail }),
	flag("use_mtls_endpoint_aliases", func(c *wire.Client) *bool { return &c.MTLSEndpointAliasesUsed }),
	name("backchannel_token_delivery_mode", func(c *wire.Client) *wire.DeliveryMode { return &c.BcDeliveryMode }, wire.DeliveryModeFromSpec),
	text("backchannel_client_notification_endpoint", func(c *wire.Client) *string { return &c.BcNotificationEndpoint }),
	name("backchannel_authentication_request_signing_alg", func(c *wire.Client) *wire.JWSAlg { return &c.BcRequestSignAlg }, wire.JWSAlgFromSpec),
	flag("backchannel_user_code_parameter", func(c *wire.Client) *bool { return &c.BcUserCodeRequired }),
}

// kept makes a row of how a member is read into its place and written from it.
func kept[T any](name string, at func(*wire.Client) *T, read func(json.RawMessage, *T) error, write func(T) any) metadatum {
	return metadatum{
		name:  name,
		read:  func(c *wire.Client, raw json.RawMessage) error { return read(raw, at(c)) },
		write: func(c *wire.Client) any { return write(*at(c)) },
		copy:  func(to, from *wire.Client) { *at(to) = *at(from) },
	}
}

// The kinds of members. Empty texts and lists count as absent (RFC7592-2.2).

func text(name string, at func(*wire.Client) *string) metadatum {
	return kept(name, at, readText, unlessZero)
}

func tagged(name string, at func(*wire.Client) (*string, *[]wire.TaggedValue)) metadatum {
	m := text(name, func(c *wire.Client) *string { plain, _ := at(c); return plain })
	m.tags = func(c *wire.Client) *[]wire.TaggedValue { _, tags := at(c); return tags }
	plain := m.copy
	m.copy = func(to, from *wire.Client) {
		plain(to, from)
		*m.tags(to) = *m.tags(from)
	}
	return m
}

func texts(name string, at func(*wire.Client) *[]string) metadatum {
	return kept(name, at, func(raw json.RawMessage, into *[]string) error { return readList(raw, into, readText) }, unlessEmpty)
}

func flag(name string, at func(*wire.Client) *bool) metadatum {
	return kept(name, at, readFlag, unlessZero)
}

func seconds(name string, at func(*wire.Client) *int64) metadatum {
	return kept(name, at, readSeconds, unlessZero)
}

// object is a JSON object that a client document keeps as text.
func object(name string, at func(*wire.Client) *string) metadatum {
	return kept(name, at, readObject, writeObject)
}

// specced is an enum whose values have names in a specification.
type specced interface {
	~string
	Spec() string
}

func name[T specced](member string, at func(*wire.Client) *T, from func(string) (T, bool)) metadatum {
	return kept(member, at, readName(from), func(v T) any { return unlessZero(v.Spec()) })
}

func names[T specced](member string, at func(*wire.Client) *[]T, from func(string) (T, bool)) metadatum {
	read := func(raw json.RawMessage, into *[]T) error { return readList(raw, into, readName(from)) }
	return kept(member, at, read, func(values []T) any {
		var list []string
		for _, v := range values {
			list = append(list, v.Spec())
		}
		return unlessEmpty(list)
	})
}

func readText(raw json.RawMessage, into *string) error {
	switch {
	case json.Unmarshal(raw, into) != nil:
		return errors.New("is not a text")
	case !registry.IsText(*into):
		return errors.New("has control characters")
	case strings.ContainsFunc(*into, unseen):
		return errors.New("has characters that are not seen or turn the direction of text")
	}
	return nil
}

// unseen tells characters with which one text can look like another. The
// joiners are left, which some scripts are not written without.
func unseen(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return r != nonJoiner && r != joiner && unicode.In(r, unicode.Cf, unicode.Cc, unicode.Zl, unicode.Zp)
}

func readFlag(raw json.RawMessage, into *bool) error {
	if json.Unmarshal(raw, into) != nil {
		return errors.New("is neither true nor false")
	}
	return nil
}

// readSeconds takes no zero: it means none in a client document, and would
// mean something else here.
func readSeconds(raw json.RawMessage, into *int64) error {
	if json.Unmarshal(raw, into) != nil || *into < 1 || *into > math.MaxInt32 {
		return fmt.Errorf("is not a number from 1 to %d", math.MaxInt32)
	}
	return nil
}

func readObject(raw json.RawMessage, into *string) error {
	var compact bytes.Buffer
	if raw[0] != '{' || json.Compact(&compact, raw) != nil {
		return errors.New("is not a JSON object")
	}
	*into = compact.String()
	return nil
}

func readName[T specced](from func(string) (T, bool)) func(json.RawMessage, *T) error {
	return func(raw json.RawMessage, into *T) error {
		var s string
		if err := readText(raw, &s); err != nil || s == "" {
			return err
		}
		v, ok := from(s)
		if !ok {
			return fmt.Errorf("has the value '%s', which is not known here", rule.Printable(s))
		}
		*into = v
		return nil
	}
}

func readList[T ~string](raw json.RawMessage, into *[]T, read func(json.RawMessage, *T) error) error {
	*into = nil
	var entries []json.RawMessage
	if json.Unmarshal(raw, &entries) != nil {
		return errors.New("is not a list")
	}
	for _, e := range entries {
		var v T
		if err := read(e, &v); err != nil {
			return err
		}
		if v == "" {
			return errors.New("has an empty entry")
		}
		*into = append(*into, v)
	}
	return nil
}

func writeObject(text string) any {
	if !json.Valid([]byte(text)) {
		return nil
	}
	return json.RawMessage(text)
}

func unlessZero[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func unlessEmpty(list []string) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

// understand reads the members that are known and adds defaults.
func understand(s *registry.Service, b *Body) (*Metadata, *rule.Fault) {
	m := &Metadata{Service: s, Doc: &wire.Client{}, given: map[string]bool{}}
	if b.Current != nil {
		m.current = b.Current.Doc
	}
	custom := map[string]json.RawMessage{}
	for _, member := range b.Members {
		if err := m.member(member, custom); err != nil {
			f := rule.No("%s %v.", rule.Printable(member.Name), err)
			if member.Name == "redirect_uris" {
				f = f.As(oauth.InvalidRedirectURI)
			}
			return nil, memberReadable.Fault(f)
		}
	}
	if len(custom) > 0 {
		text, err := json.Marshal(custom)
		if err != nil { // it was scanned
			panic(err)
		}
		m.Doc.CustomMetadata = string(text)
	}
	m.defaults()
	m.limitScopes()
	return m, nil
}

func (m *Metadata) member(member Member, custom map[string]json.RawMessage) error {
	plain, tag, hasTag := strings.Cut(member.Name, "#")
	for _, row := range metadata {
		switch {
		case row.name == member.Name:
			err := row.read(m.Doc, member.Value)
			m.given[row.name] = row.write(m.Doc) != nil
			return err
		case row.name == plain && row.tags != nil && hasTag && isTag(tag):
			v := wire.TaggedValue{Tag: tag}
			err := readText(member.Value, &v.Value)
			if err == nil && v.Value != "" {
				*row.tags(m.Doc) = append(*row.tags(m.Doc), v)
			}
			return err
		}
	}
	switch {
	case member.Name == "scope":
		return readText(member.Value, &m.Scope)
	case !slices.Contains(answered, member.Name) && slices.Contains(m.Service.Doc.SupportedCustomClientMetadata, member.Name):
		custom[member.Name] = member.Value
	}
	return nil
}

// answered are the members that the engine itself writes into an answer. No
// metadata of the service's choice may stand in their place.
var answered = append([]string{"client_id", "client_secret", "scope", "software_statement"}, readOnly...)

// isTag reports whether a text looks like a language tag (RFC 5646).
func isTag(tag string) bool {
	if tag == "" || len(tag) > 35 {
		return false
	}
	for _, c := range []byte(tag) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}

// defaults are those of RFC7591-2 and OIDCR-2.
func (m *Metadata) defaults() {
	d := m.Doc
	setDefault(&d.ApplicationType, wire.ApplicationTypeWeb)
	setDefault(&d.TokenAuthMethod, wire.ClientAuthMethodClientSecretBasic)
	setDefault(&d.SubjectType, wire.SubjectTypePublic)
	setDefault(&d.IDTokenSignAlg, idTokenAlg(m.Service))
	d.ClientType = wire.ClientTypeConfidential
	if d.TokenAuthMethod == wire.ClientAuthMethodNone {
		d.ClientType = wire.ClientTypePublic
	}
	if len(d.GrantTypes) == 0 {
		d.GrantTypes = []wire.GrantType{wire.GrantTypeAuthorizationCode}
	}
	if len(d.ResponseTypes) == 0 {
		d.ResponseTypes = []wire.ResponseType{wire.ResponseTypeCode}
	}
}

func setDefault[T ~string](member *T, value T) {
	if *member == "" {
		*member = value
	}
}

// idTokenAlg is the default for ID tokens: RS256 (OIDCR-2) or, where the
// service cannot or must not sign with it, another that it can.
func idTokenAlg(s *registry.Service) wire.JWSAlg {
	able := s.Keys.Algorithms()
	for _, a := range append([]string{"RS256"}, able...) {
		if slices.Contains(able, a) && s.Policy().IDTokenAlgs.Has(wire.JWSAlg(a)) {
			return wire.JWSAlg(a)
		}
	}
	return wire.JWSAlgRS256
}

// limitScopes: where the service wants it, the scopes that were asked for, as
// far as it has them, are all that the client may request. Who asks for none
// is limited to the service's default scopes (RFC7591-2), be there any or not;
// in an update, to what it had.
func (m *Metadata) limitScopes() {
	if !m.Service.Doc.DCRScopeUsedAsRequestable || m.Scope == "" && m.current != nil {
		return
	}
	e := &wire.ClientExtension{RequestableScopesEnabled: true}
	if m.Scope == "" {
		for _, s := range m.Service.Doc.SupportedScopes {
			if s.DefaultEntry {
				e.RequestableScopes = append(e.RequestableScopes, s.Name)
			}
		}
	}
	tokens, _ := oauth.ScopeTokens(m.Scope) // judged by a rule
	for _, t := range tokens {
		if m.Service.Scope(t) != nil {
			e.RequestableScopes = append(e.RequestableScopes, t)
		}
	}
	m.Doc.Extension = e
}

// limit is what the client that is replaced may request, nil where nothing
// limits it.
func (m *Metadata) limit() *wire.ClientExtension {
	if m.current == nil || m.current.Extension == nil || !m.current.Extension.RequestableScopesEnabled {
		return nil
	}
	return m.current.Extension
}

// over lays the registration over the client document that it replaces: what a
// registration cannot say stays, and so do the scopes where it names none.
func (m *Metadata) over(current *wire.Client) *wire.Client {
	d := *current
	for _, row := range metadata {
		row.copy(&d, m.Doc)
	}
	d.ClientType, d.CustomMetadata = m.Doc.ClientType, m.Doc.CustomMetadata
	if asked := m.Doc.Extension; asked != nil {
		e := wire.ClientExtension{}
		if d.Extension != nil {
			e = *d.Extension
		}
		e.RequestableScopesEnabled, e.RequestableScopes = true, asked.RequestableScopes
		d.Extension = &e
	}
	return &d
}

// metadataOf writes a client document as client metadata.
func metadataOf(d *wire.Client) map[string]any {
	m := map[string]any{}
	var custom map[string]json.RawMessage
	if json.Unmarshal([]byte(d.CustomMetadata), &custom) == nil {
		for name, value := range custom {
			if !slices.Contains(answered, name) {
				m[name] = value
			}
		}
	}
	for _, row := range metadata {
		if v := row.write(d); v != nil {
			m[row.name] = v
		}
		if row.tags != nil {
			for _, v := range *row.tags(d) {
				m[row.name+"#"+v.Tag] = v.Value
			}
		}
	}
	if !redirects(d) {
		m["response_types"] = []string{} // a document is never without one
	}
	if e := d.Extension; e != nil && e.RequestableScopesEnabled {
		m["scope"] = strings.Join(e.RequestableScopes, " ")
	}
	return m
}

// redirects reports whether the client uses the authorization endpoint.
func redirects(d *wire.Client) bool {
	return slices.Contains(d.GrantTypes, wire.GrantTypeAuthorizationCode) || slices.Contains(d.GrantTypes, wire.GrantTypeImplicit)
}
