package registry

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// uris are the members of a document that published clients parse as URIs.
// One that they cannot parse makes the whole document unreadable for them,
// and every list that the document is in.
type uris map[string][]string

func serviceURIs(s *wire.Service) uris {
	m := uris{
		"authorizationEndpoint": {s.AuthorizationEndpoint}, "tokenEndpoint": {s.TokenEndpoint}, "revocationEndpoint": {s.RevocationEndpoint},
		"userInfoEndpoint": {s.UserInfoEndpoint}, "introspectionEndpoint": {s.IntrospectionEndpoint}, "jwksUri": {s.JWKSURI},
		"registrationEndpoint": {s.RegistrationEndpoint}, "registrationManagementEndpoint": {s.RegistrationManagementEndpoint},
		"pushedAuthReqEndpoint": {s.PushedAuthReqEndpoint}, "serviceDocumentation": {s.ServiceDocumentation}, "policyUri": {s.PolicyURI},
		"tosUri": {s.TosURI}, "endSessionEndpoint": {s.EndSessionEndpoint}, "challengeEndpoint": {s.ChallengeEndpoint},
		"backchannelAuthenticationEndpoint": {s.BackchannelAuthenticationEndpoint}, "deviceAuthorizationEndpoint": {s.DeviceAuthorizationEndpoint},
		"deviceVerificationUri": {s.DeviceVerificationURI}, "deviceVerificationUriComplete": {s.DeviceVerificationURIComplete},
		"grantManagementEndpoint": {s.GrantManagementEndpoint}, "tokenBatchNotificationEndpoint": {s.TokenBatchNotificationEndpoint},
		"federationRegistrationEndpoint": {s.FederationRegistrationEndpoint}, "signedJwksUri": {s.SignedJWKSURI}, "authorityHints": s.AuthorityHints,
		"credentialJwksUri": {s.CredentialJWKSURI}, "authenticationCallbackEndpoint": {s.AuthenticationCallbackEndpoint},
		"developerAuthenticationCallbackEndpoint": {s.DeveloperAuthenticationCallbackEndpoint},
	}
	for _, alias := range s.MTLSEndpointAliases {
		m["mtlsEndpointAliases"] = append(m["mtlsEndpointAliases"], alias.URI)
	}
	for _, anchor := range s.TrustAnchors {
		m["trustAnchors"] = append(m["trustAnchors"], anchor.EntityID)
	}
	if c := s.CredentialIssuerMetadata; c != nil {
		m["credentialIssuerMetadata"] = append([]string{
			c.CredentialIssuer, c.CredentialEndpoint, c.BatchCredentialEndpoint, c.DeferredCredentialEndpoint, c.NotificationEndpoint, c.NonceEndpoint,
		}, c.AuthorizationServers...)
	}
	return m
}

func clientURIs(c *wire.Client) uris {
	m := uris{
		"logoUri": {c.LogoURI}, "clientUri": {c.ClientURI}, "policyUri": {c.PolicyURI}, "tosUri": {c.TosURI},
		"jwksUri": {c.JWKSURI}, "sectorIdentifierUri": {c.SectorIdentifierURI}, "loginUri": {c.LoginURI},
		"tlsClientAuthSanUri": {c.TLSClientAuthSanURI}, "bcNotificationEndpoint": {c.BcNotificationEndpoint}, "entityId": {c.EntityID},
		"trustAnchorId": {c.TrustAnchorID}, "signedJwksUri": {c.SignedJWKSURI}, "credentialOfferEndpoint": {c.CredentialOfferEndpoint},
		"metadataDocumentLocation": {c.MetadataDocumentLocation}, "backchannelLogoutUri": {c.BackchannelLogoutURI},
		"spiffeId": {c.SpiffeID}, "spiffeBundleEndpoint": {c.SpiffeBundleEndpoint},
	}
	for member, list := range map[string][]wire.TaggedValue{
		"logoUris": c.LogoURIs, "clientUris": c.ClientURIs, "policyUris": c.PolicyURIs, "tosUris": c.TosURIs,
	} {
		for _, v := range list {
			m[member] = append(m[member], v.Value)
		}
	}
	return m
}

func (m uris) check() error {
	for member, list := range m {
		for _, text := range list {
			if text != "" && !isURI(text) {
				return refuse("%s is not an absolute URI", member)
			}
		}
	}
	return nil
}

// isURI reports whether text is an absolute URI in the narrow sense of
// parsers that follow RFC 2396: url.Parse takes more.
func isURI(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || strings.Count(text, "#") > 1 || strings.ContainsFunc(text, outsideURI) {
		return false
	}
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "%")
		if !found {
			break
		}
		if len(after) < 2 || !isHex(after[0]) || !isHex(after[1]) {
			return false
		}
		rest = after
	}
	rest := text[len(u.Scheme)+1:]
	if rest == "" || rest == "//" || rest[0] == '#' {
		return false
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	if u.Scheme == "http" || u.Scheme == "https" { // parsers of browsers want a host and a port that there is
		if _, err := strconv.ParseUint(cmp.Or(u.Port(), "0"), 10, 16); u.Hostname() == "" || strings.Contains(u.Host, "%") || err != nil {
			return false
		}
	}
	if rest == "" || rest[0] != '/' { // opaque, as urn:
		return true
	}
	if after, found := strings.CutPrefix(rest, "//"); found {
		_, rest, _ = strings.Cut(after, "/") // url.Parse has judged the authority
	}
	return !strings.ContainsAny(rest, "[]")
}

func outsideURI(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune("{}<>\"\\^`|", r) || r > 0x7f && (unicode.IsControl(r) || unicode.Is(unicode.Z, r))
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}
