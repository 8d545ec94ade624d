package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// DocumentError says what is wrong with a service or client that somebody
// wants to write. Its text names the member.
type DocumentError struct{ Reason string }

func (e *DocumentError) Error() string { return e.Reason }

func refuse(format string, args ...any) error { return &DocumentError{fmt.Sprintf(format, args...)} }

const (
	maxScopes   = 1000
	maxURIs     = 200
	maxDuration = 10 * 365 * 24 * 3600 // seconds: ten years
	maxInt      = 1<<31 - 1            // published clients read 32 bits
)

// normalizeService checks a service document and fills the defaults under
// which a service with hardly a member works.
func normalizeService(s *wire.Service) error {
	durations := []struct {
		member string
		value  int64
	}{
		{"accessTokenDuration", s.AccessTokenDuration}, {"refreshTokenDuration", s.RefreshTokenDuration},
		{"idTokenDuration", s.IDTokenDuration}, {"authorizationCodeDuration", s.AuthorizationCodeDuration},
		{"authorizationResponseDuration", s.AuthorizationResponseDuration}, {"pushedAuthReqDuration", s.PushedAuthReqDuration},
		{"dpopNonceDuration", s.DPoPNonceDuration}, {"allowableClockSkew", s.AllowableClockSkew},
		{"backchannelAuthReqIdDuration", s.BackchannelAuthReqIDDuration}, {"backchannelPollingInterval", s.BackchannelPollingInterval},
		{"cnonceDuration", s.CnonceDuration}, {"credentialOfferDuration", s.CredentialOfferDuration},
		{"credentialTransactionDuration", s.CredentialTransactionDuration}, {"credentialDuration", s.CredentialDuration},
		{"attestationChallengeTimeWindow", s.AttestationChallengeTimeWindow}, {"federationConfigurationDuration", s.FederationConfigurationDuration},
		{"deviceFlowCodeDuration", s.DeviceFlowCodeDuration}, {"deviceFlowPollingInterval", s.DeviceFlowPollingInterval},
	}
	for _, d := range durations {
		if d.value < 0 || d.value > maxDuration {
			return refuse("%s must lie between 0 and %d seconds", d.member, maxDuration)
		}
	}
	if s.AllowableClockSkew > 65535 {
		return refuse("allowableClockSkew must lie between 0 and 65535 seconds")
	}
	if err := checkIssuer(s.Issuer); err != nil {
		return err
	}
	for member, n := range map[string]int{
		"clientsPerDeveloper": s.ClientsPerDeveloper, "userCodeLength": s.UserCodeLength, "userPinLength": s.UserPinLength,
	} {
		if n < 0 || n > maxInt {
			return refuse("%s must lie between 0 and %d", member, maxInt)
		}
	}
	if c := s.CredentialIssuerMetadata; c != nil && (c.BatchSize < 0 || c.BatchSize > maxInt) {
		return refuse("batchSize must lie between 0 and %d", maxInt)
	}
	if err := serviceURIs(s).check(); err != nil {
		return err
	}
	if err := checkScopes(s.SupportedScopes); err != nil {
		return err
	}
	if slices.Contains(s.SupportedGrantTypes, "") || slices.Contains(s.SupportedResponseTypes, "") || slices.Contains(s.SupportedTokenAuthMethods, "") ||
		slices.Contains(s.FAPIModes, "") || slices.Contains(s.SupportedServiceProfiles, "") {
		return refuse("a list of the service has an empty entry")
	}
	setDefault(&s.AccessTokenType, "Bearer")
	setDefault(&s.AccessTokenDuration, 86400)
	setDefault(&s.RefreshTokenDuration, 864000)
	setDefault(&s.IDTokenDuration, 86400)
	setDefault(&s.PushedAuthReqDuration, 600)
	setDefault(&s.DPoPNonceDuration, 300)
	if len(s.SupportedGrantTypes) == 0 {
		s.SupportedGrantTypes = []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeRefreshToken, wire.GrantTypeClientCredentials}
	}
	if len(s.SupportedResponseTypes) == 0 {
		s.SupportedResponseTypes = []wire.ResponseType{wire.ResponseTypeCode}
	}
	if len(s.FAPIModes) == 0 {
		s.FAPIModes = nil
	}
	return nil
}

func setDefault[T comparable](member *T, value T) {
	var zero T
	if *member == zero {
		*member = value
	}
}

func checkIssuer(issuer string) error {
	if issuer == "" {
		return nil
	}
	u, err := url.Parse(issuer)
	if err != nil || !isURI(issuer) || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || strings.ContainsAny(issuer, "?#") {
		return refuse("issuer must be a URL without query and fragment")
	}
	return nil
}

// scriptURI reports whether following u would run something.
func scriptURI(u string) bool {
	scheme, _, _ := strings.Cut(strings.ToLower(u), ":")
	return scheme == "javascript" || scheme == "data" || scheme == "vbscript"
}

func checkScopes(scopes []wire.Scope) error {
	if len(scopes) > maxScopes {
		return refuse("supportedScopes has more than %d entries", maxScopes)
	}
	seen := make(map[string]bool, len(scopes))
	for _, sc := range scopes {
		if !oauth.IsScopeToken(sc.Name) {
			return refuse("supportedScopes has an entry whose name is not a scope token")
		}
		if seen[sc.Name] {
			return refuse("supportedScopes names %q twice", sc.Name)
		}
		seen[sc.Name] = true
		for _, a := range sc.Attributes {
			if strings.HasSuffix(a.Key, "_token.duration") {
				if n, err := strconv.ParseInt(a.Value, 10, 64); err != nil || n <= 0 || n > maxDuration {
					return refuse("attribute %s of scope %q must be a number of seconds", a.Key, sc.Name)
				}
			}
		}
	}
	return nil
}

// wantedAlgorithms are the algorithms that a service must have a key for:
// RS256, the default for ID tokens; ES256, the default for the rest; and what
// its own switches name.
func wantedAlgorithms(s *wire.Service) []string {
	algs := []string{"ES256", "RS256"}
	if a := string(s.AccessTokenSignAlg); a != "" && signs(s.AccessTokenSignAlg) && !slices.Contains(algs, a) {
		algs = append(algs, a)
	}
	return algs
}

// serviceKeys checks the keys that the caller gave, or returns the engine's
// JWK set with a key for every wanted algorithm.
func serviceKeys(s *wire.Service, engine string, create func(alg string) (json.RawMessage, error)) (string, error) {
	if s.JWKS != "" {
		keys, err := jose.ParseKeySet(s.JWKS)
		if err != nil {
			return "", refuse("jwks: %v", err)
		}
		if a := s.AccessTokenSignAlg; a != "" && signs(a) && keys.SigningKey(string(a), s.AccessTokenSignatureKeyID) == nil {
			return "", refuse("accessTokenSignAlg is %s, but jwks has no private key for it (accessTokenSignatureKeyId %q)", a, s.AccessTokenSignatureKeyID)
		}
		return engine, nil
	}
	extended, err := jose.Extend(engine, wantedAlgorithms(s), create)
	if err != nil || s.AccessTokenSignAlg == "" || s.AccessTokenSignatureKeyID == "" {
		return extended, err
	}
	keys, err := jose.ParseKeySet(extended)
	if err == nil && keys.SigningKey(string(s.AccessTokenSignAlg), s.AccessTokenSignatureKeyID) == nil {
		err = refuse("accessTokenSignatureKeyId %q names no key for accessTokenSignAlg %s", s.AccessTokenSignatureKeyID, s.AccessTokenSignAlg)
	}
	return extended, err
}

// checkAlias checks a new alias of a client. Who has one already keeps it.
func checkAlias(alias string, s *wire.Service) error {
	if s.HTTPAliasProhibited && (strings.HasPrefix(alias, "http://") || strings.HasPrefix(alias, "https://")) {
		return refuse("clientIdAlias must not begin with http:// or https:// (httpAliasProhibited)")
	}
	return nil
}

// normalizeClient checks a client document and fills defaults.
func normalizeClient(c *wire.Client) error {
	if len(c.RedirectURIs) > maxURIs {
		return refuse("redirectUris has more than %d entries", maxURIs)
	}
	for _, u := range c.RedirectURIs {
		if err := CheckRedirectURI(u); err != nil {
			return err
		}
	}
	links := clientURIs(c)
	if err := links.check(); err != nil {
		return err
	}
	for member, list := range links {
		if slices.ContainsFunc(list, scriptURI) {
			return refuse("%s must not be a script or data URI", member)
		}
	}
	if e := c.Extension; e != nil {
		for _, d := range []int64{e.AccessTokenDuration, e.RefreshTokenDuration, e.IDTokenDuration} {
			if d < 0 || d > maxDuration {
				return refuse("the durations of extension must lie between 0 and %d seconds", maxDuration)
			}
		}
	}
	if slices.Contains(c.GrantTypes, "") || slices.Contains(c.ResponseTypes, "") || slices.Contains(c.ResponseModes, "") || slices.Contains(c.FAPIModes, "") {
		return refuse("a list of the client has an empty entry")
	}
	if c.DefaultMaxAge < 0 || c.DefaultMaxAge > maxInt {
		return refuse("defaultMaxAge must lie between 0 and %d seconds", maxInt)
	}
	if _, err := strconv.ParseUint(c.ClientIDAlias, 10, 64); err == nil {
		return refuse("clientIdAlias must not look like a number")
	}
	if !IsText(c.ClientIDAlias) || !IsText(c.Developer) || len(c.Developer) > 200 {
		return refuse("clientIdAlias and developer must be texts of at most 200 characters without control characters")
	}
	if len(c.ClientIDAlias) > 200 {
		return refuse("clientIdAlias has more than 200 characters")
	}
	if c.JWKS != "" {
		keys, err := jose.ParseKeySet(c.JWKS)
		if err != nil {
			return refuse("jwks: %v", err)
		}
		if keys.HasPrivate() {
			return refuse("jwks must hold public keys only")
		}
	}
	if c.JWKS != "" && c.JWKSURI != "" {
		return refuse("jwks and jwksUri exclude each other")
	}
	setDefault(&c.ClientType, wire.ClientTypePublic)
	if c.TokenAuthMethod == "" {
		c.TokenAuthMethod = wire.ClientAuthMethodNone
		if c.ClientType == wire.ClientTypeConfidential {
			c.TokenAuthMethod = wire.ClientAuthMethodClientSecretBasic
		}
	}
	setDefault(&c.SubjectType, wire.SubjectTypePublic)
	setDefault(&c.IDTokenSignAlg, wire.JWSAlgRS256)
	setDefault(&c.ClientSource, wire.ClientSourceStaticRegistration)
	if len(c.GrantTypes) == 0 {
		c.GrantTypes = []wire.GrantType{wire.GrantTypeAuthorizationCode}
	}
	if len(c.ResponseTypes) == 0 {
		c.ResponseTypes = []wire.ResponseType{wire.ResponseTypeCode}
	}
	if len(c.FAPIModes) == 0 {
		c.FAPIModes = nil
	}
	return nil
}

// CheckRedirectURI accepts what may be registered at all; what a profile
// narrows is judged with the request. Script and data URIs are refused in
// any case of letters, and so is whatever browsers and parsers read
// differently: user information, backslashes, control characters, dots that
// climb.
func CheckRedirectURI(text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme == "", strings.ContainsAny(text, " {}<>\"\\^`|"), hasControl(text):
		return refuse("redirectUris has an entry that is not an absolute URI")
	case u.Fragment != "" || strings.Contains(text, "#"):
		return refuse("redirectUris has an entry with a fragment")
	case scriptURI(text), slices.Contains([]string{"file", "about", "blob", "view-source", "mailto"}, strings.ToLower(u.Scheme)):
		return refuse("redirectUris must not have script, data or local URIs")
	case u.User != nil:
		return refuse("redirectUris has an entry with user information")
	case (u.Scheme == "https" || u.Scheme == "http") && (u.Host == "" || strings.Contains(u.Host, "*")):
		return refuse("redirectUris has an entry without a definite host")
	case slices.Contains(strings.Split(u.Path, "/"), ".."):
		return refuse("redirectUris has an entry whose path climbs")
	}
	return nil
}

// IsText reports whether s is UTF-8 without control characters: what a
// database and a log line can hold.
func IsText(s string) bool { return utf8.ValidString(s) && !hasControl(s) }

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f })
}

// IsDocumentError reports whether err is about a document that somebody
// wants to write.
func IsDocumentError(err error) bool {
	var d *DocumentError
	return errors.As(err, &d)
}
