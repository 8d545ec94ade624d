package wire

import (
	"slices"
	"strings"
)

// GrantType is a way to obtain a token at the token endpoint.
type GrantType string

// The values of GrantType.
const (
	GrantTypeAuthorizationCode GrantType = "AUTHORIZATION_CODE"
	// Tokens from the authorization endpoint; never a grant_type of a token request.
	GrantTypeImplicit          GrantType = "IMPLICIT"
	GrantTypePassword          GrantType = "PASSWORD"
	GrantTypeClientCredentials GrantType = "CLIENT_CREDENTIALS"
	GrantTypeRefreshToken      GrantType = "REFRESH_TOKEN"
	GrantTypeCIBA              GrantType = "CIBA"
	// RFC 8628.
	GrantTypeDeviceCode GrantType = "DEVICE_CODE"
	// RFC 8693.
	GrantTypeTokenExchange GrantType = "TOKEN_EXCHANGE"
	// RFC 7523.
	GrantTypeJWTBearer GrantType = "JWT_BEARER"
	// OpenID for Verifiable Credential Issuance.
	GrantTypePreAuthorizedCode GrantType = "PRE_AUTHORIZED_CODE"
)

var grantTypes = specs[GrantType]{
	{GrantTypeAuthorizationCode, "authorization_code"},
	{GrantTypeImplicit, "implicit"},
	{GrantTypePassword, "password"},
	{GrantTypeClientCredentials, "client_credentials"},
	{GrantTypeRefreshToken, "refresh_token"},
	{GrantTypeCIBA, "urn:openid:params:grant-type:ciba"},
	{GrantTypeDeviceCode, "urn:ietf:params:oauth:grant-type:device_code"},
	{GrantTypeTokenExchange, "urn:ietf:params:oauth:grant-type:token-exchange"},
	{GrantTypeJWTBearer, "urn:ietf:params:oauth:grant-type:jwt-bearer"},
	{GrantTypePreAuthorizedCode, "urn:ietf:params:oauth:grant-type:pre-authorized_code"},
}

// Known tells whether v is a published name.
func (v GrantType) Known() bool { return grantTypes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *GrantType) UnmarshalText(text []byte) error { return grantTypes.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v GrantType) Spec() string { return grantTypes.spec(v) }

// GrantTypeFromSpec finds the name of what the specifications write as s.
func GrantTypeFromSpec(s string) (GrantType, bool) { return grantTypes.fromSpec(s) }

// ResponseType is what a client asks the authorization endpoint to return.
type ResponseType string

// The values of ResponseType.
const (
	ResponseTypeNone             ResponseType = "NONE"
	ResponseTypeCode             ResponseType = "CODE"
	ResponseTypeToken            ResponseType = "TOKEN"
	ResponseTypeIDToken          ResponseType = "ID_TOKEN"
	ResponseTypeCodeToken        ResponseType = "CODE_TOKEN"
	ResponseTypeCodeIDToken      ResponseType = "CODE_ID_TOKEN"
	ResponseTypeIDTokenToken     ResponseType = "ID_TOKEN_TOKEN"
	ResponseTypeCodeIDTokenToken ResponseType = "CODE_ID_TOKEN_TOKEN"
)

var responseTypes = specs[ResponseType]{
	{ResponseTypeNone, "none"},
	{ResponseTypeCode, "code"},
	{ResponseTypeToken, "token"},
	{ResponseTypeIDToken, "id_token"},
	{ResponseTypeCodeToken, "code token"},
	{ResponseTypeCodeIDToken, "code id_token"},
	{ResponseTypeIDTokenToken, "id_token token"},
	{ResponseTypeCodeIDTokenToken, "code id_token token"},
}

// Known tells whether v is a published name.
func (v ResponseType) Known() bool { return responseTypes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *ResponseType) UnmarshalText(text []byte) error { return responseTypes.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v ResponseType) Spec() string { return responseTypes.spec(v) }

// ResponseTypeFromSpec finds the name of what the specifications write as s.
// The order of the words in s does not matter; a word given twice is no match.
func ResponseTypeFromSpec(s string) (ResponseType, bool) {
	if v, ok := responseTypes.fromSpec(s); ok {
		return v, true
	}
	words := strings.Split(s, " ")
	slices.Sort(words)
	for _, r := range responseTypes {
		want := strings.Split(r.spec, " ")
		slices.Sort(want)
		if slices.Equal(words, want) {
			return r.name, true
		}
	}
	return "", false
}

// ResponseMode is how an authorization response travels to the client.
type ResponseMode string

// The values of ResponseMode.
const (
	ResponseModeQuery    ResponseMode = "QUERY"
	ResponseModeFragment ResponseMode = "FRAGMENT"
	ResponseModeFormPost ResponseMode = "FORM_POST"
	// A signed response in the default mode of the response type.
	ResponseModeJWT         ResponseMode = "JWT"
	ResponseModeQueryJWT    ResponseMode = "QUERY_JWT"
	ResponseModeFragmentJWT ResponseMode = "FRAGMENT_JWT"
	ResponseModeFormPostJWT ResponseMode = "FORM_POST_JWT"
)

var responseModes = specs[ResponseMode]{
	{ResponseModeQuery, "query"},
	{ResponseModeFragment, "fragment"},
	{ResponseModeFormPost, "form_post"},
	{ResponseModeJWT, "jwt"},
	{ResponseModeQueryJWT, "query.jwt"},
	{ResponseModeFragmentJWT, "fragment.jwt"},
	{ResponseModeFormPostJWT, "form_post.jwt"},
}

// Known tells whether v is a published name.
func (v ResponseMode) Known() bool { return responseModes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *ResponseMode) UnmarshalText(text []byte) error { return responseModes.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v ResponseMode) Spec() string { return responseModes.spec(v) }

// ResponseModeFromSpec finds the name of what the specifications write as s.
func ResponseModeFromSpec(s string) (ResponseMode, bool) { return responseModes.fromSpec(s) }

// ClientAuthMethod is how a client proves itself at the endpoints that ask for it.
type ClientAuthMethod string

// The values of ClientAuthMethod.
const (
	// The client has no credential; it only names itself.
	ClientAuthMethodNone              ClientAuthMethod = "NONE"
	ClientAuthMethodClientSecretBasic ClientAuthMethod = "CLIENT_SECRET_BASIC"
	ClientAuthMethodClientSecretPost  ClientAuthMethod = "CLIENT_SECRET_POST"
	ClientAuthMethodClientSecretJWT   ClientAuthMethod = "CLIENT_SECRET_JWT"
	ClientAuthMethodPrivateKeyJWT     ClientAuthMethod = "PRIVATE_KEY_JWT"
	// RFC 8705: a certificate of a PKI.
	ClientAuthMethodTLSClientAuth ClientAuthMethod = "TLS_CLIENT_AUTH"
	// RFC 8705: a certificate of the client's key set.
	ClientAuthMethodSelfSignedTLSClientAuth ClientAuthMethod = "SELF_SIGNED_TLS_CLIENT_AUTH"
	ClientAuthMethodAttestJWTClientAuth     ClientAuthMethod = "ATTEST_JWT_CLIENT_AUTH"
	// Some published clients reject it: answer it only where it was configured.
	ClientAuthMethodSpiffeJWT ClientAuthMethod = "SPIFFE_JWT"
)

var clientAuthMethods = specs[ClientAuthMethod]{
	{ClientAuthMethodNone, "none"},
	{ClientAuthMethodClientSecretBasic, "client_secret_basic"},
	{ClientAuthMethodClientSecretPost, "client_secret_post"},
	{ClientAuthMethodClientSecretJWT, "client_secret_jwt"},
	{ClientAuthMethodPrivateKeyJWT, "private_key_jwt"},
	{ClientAuthMethodTLSClientAuth, "tls_client_auth"},
	{ClientAuthMethodSelfSignedTLSClientAuth, "self_signed_tls_client_auth"},
	{ClientAuthMethodAttestJWTClientAuth, "attest_jwt_client_auth"},
	{ClientAuthMethodSpiffeJWT, "spiffe_jwt"},
}

// Known tells whether v is a published name.
func (v ClientAuthMethod) Known() bool { return clientAuthMethods.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *ClientAuthMethod) UnmarshalText(text []byte) error { return clientAuthMethods.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v ClientAuthMethod) Spec() string { return clientAuthMethods.spec(v) }

// ClientAuthMethodFromSpec finds the name of what the specifications write as s.
func ClientAuthMethodFromSpec(s string) (ClientAuthMethod, bool) {
	return clientAuthMethods.fromSpec(s)
}

// ClientType tells whether a client can keep a secret (RFC 6749 §2.1).
type ClientType string

// The values of ClientType.
const (
	ClientTypePublic       ClientType = "PUBLIC"
	ClientTypeConfidential ClientType = "CONFIDENTIAL"
)

var clientTypes = names[ClientType]{
	ClientTypePublic,
	ClientTypeConfidential,
}

// Known tells whether v is a published name.
func (v ClientType) Known() bool { return clientTypes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *ClientType) UnmarshalText(text []byte) error { return clientTypes.read(v, text) }

// ApplicationType is the kind of application that a client is.
type ApplicationType string

// The values of ApplicationType.
const (
	ApplicationTypeWeb    ApplicationType = "WEB"
	ApplicationTypeNative ApplicationType = "NATIVE"
)

var applicationTypes = specs[ApplicationType]{
	{ApplicationTypeWeb, "web"},
	{ApplicationTypeNative, "native"},
}

// Known tells whether v is a published name.
func (v ApplicationType) Known() bool { return applicationTypes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *ApplicationType) UnmarshalText(text []byte) error { return applicationTypes.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v ApplicationType) Spec() string { return applicationTypes.spec(v) }

// ApplicationTypeFromSpec finds the name of what the specifications write as s.
func ApplicationTypeFromSpec(s string) (ApplicationType, bool) { return applicationTypes.fromSpec(s) }

// SubjectType tells whether all clients see the same identifier of a user.
type SubjectType string

// The values of SubjectType.
const (
	// The same for every client.
	SubjectTypePublic SubjectType = "PUBLIC"
	// Another one for every sector.
	SubjectTypePairwise SubjectType = "PAIRWISE"
)

var subjectTypes = specs[SubjectType]{
	{SubjectTypePublic, "public"},
	{SubjectTypePairwise, "pairwise"},
}

// Known tells whether v is a published name.
func (v SubjectType) Known() bool { return subjectTypes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *SubjectType) UnmarshalText(text []byte) error { return subjectTypes.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v SubjectType) Spec() string { return subjectTypes.spec(v) }

// SubjectTypeFromSpec finds the name of what the specifications write as s.
func SubjectTypeFromSpec(s string) (SubjectType, bool) { return subjectTypes.fromSpec(s) }

// Prompt is an interaction that an authorization request asks for or forbids.
type Prompt string

// The values of Prompt.
const (
	// No page may be shown.
	PromptNone Prompt = "NONE"
	// Authenticate the user again.
	PromptLogin Prompt = "LOGIN"
	// Ask for consent again.
	PromptConsent       Prompt = "CONSENT"
	PromptSelectAccount Prompt = "SELECT_ACCOUNT"
	// Offer to create an account.
	PromptCreate Prompt = "CREATE"
)

var prompts = specs[Prompt]{
	{PromptNone, "none"},
	{PromptLogin, "login"},
	{PromptConsent, "consent"},
	{PromptSelectAccount, "select_account"},
	{PromptCreate, "create"},
}

// Known tells whether v is a published name.
func (v Prompt) Known() bool { return prompts.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *Prompt) UnmarshalText(text []byte) error { return prompts.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v Prompt) Spec() string { return prompts.spec(v) }

// PromptFromSpec finds the name of what the specifications write as s.
func PromptFromSpec(s string) (Prompt, bool) { return prompts.fromSpec(s) }

// Display is how login and consent pages should be shown.
type Display string

// The values of Display.
const (
	DisplayPage  Display = "PAGE"
	DisplayPopup Display = "POPUP"
	DisplayTouch Display = "TOUCH"
	DisplayWap   Display = "WAP"
)

var displays = specs[Display]{
	{DisplayPage, "page"},
	{DisplayPopup, "popup"},
	{DisplayTouch, "touch"},
	{DisplayWap, "wap"},
}

// Known tells whether v is a published name.
func (v Display) Known() bool { return displays.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *Display) UnmarshalText(text []byte) error { return displays.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v Display) Spec() string { return displays.spec(v) }

// DisplayFromSpec finds the name of what the specifications write as s.
func DisplayFromSpec(s string) (Display, bool) { return displays.fromSpec(s) }

// ClaimType is where a claim comes from (OpenID Connect Core §5.6).
type ClaimType string

// The values of ClaimType.
const (
	ClaimTypeNormal      ClaimType = "NORMAL"
	ClaimTypeAggregated  ClaimType = "AGGREGATED"
	ClaimTypeDistributed ClaimType = "DISTRIBUTED"
)

var claimTypes = specs[ClaimType]{
	{ClaimTypeNormal, "normal"},
	{ClaimTypeAggregated, "aggregated"},
	{ClaimTypeDistributed, "distributed"},
}

// Known tells whether v is a published name.
func (v ClaimType) Known() bool { return claimTypes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *ClaimType) UnmarshalText(text []byte) error { return claimTypes.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v ClaimType) Spec() string { return claimTypes.spec(v) }

// ClaimTypeFromSpec finds the name of what the specifications write as s.
func ClaimTypeFromSpec(s string) (ClaimType, bool) { return claimTypes.fromSpec(s) }

// DeliveryMode is how a CIBA client obtains its tokens.
type DeliveryMode string

// The values of DeliveryMode.
const (
	DeliveryModePing DeliveryMode = "PING"
	DeliveryModePoll DeliveryMode = "POLL"
	DeliveryModePush DeliveryMode = "PUSH"
)

var deliveryModes = specs[DeliveryMode]{
	{DeliveryModePing, "ping"},
	{DeliveryModePoll, "poll"},
	{DeliveryModePush, "push"},
}

// Known tells whether v is a published name.
func (v DeliveryMode) Known() bool { return deliveryModes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *DeliveryMode) UnmarshalText(text []byte) error { return deliveryModes.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v DeliveryMode) Spec() string { return deliveryModes.spec(v) }

// DeliveryModeFromSpec finds the name of what the specifications write as s.
func DeliveryModeFromSpec(s string) (DeliveryMode, bool) { return deliveryModes.fromSpec(s) }

// GMAction is what a request wants to do with a grant (Grant Management for OAuth 2.0).
type GMAction string

// The values of GMAction.
const (
	GMActionCreate  GMAction = "CREATE"
	GMActionQuery   GMAction = "QUERY"
	GMActionReplace GMAction = "REPLACE"
	GMActionRevoke  GMAction = "REVOKE"
	GMActionMerge   GMAction = "MERGE"
)

var gmActions = specs[GMAction]{
	{GMActionCreate, "create"},
	{GMActionQuery, "query"},
	{GMActionReplace, "replace"},
	{GMActionRevoke, "revoke"},
	{GMActionMerge, "merge"},
}

// Known tells whether v is a published name.
func (v GMAction) Known() bool { return gmActions.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *GMAction) UnmarshalText(text []byte) error { return gmActions.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v GMAction) Spec() string { return gmActions.spec(v) }

// GMActionFromSpec finds the name of what the specifications write as s.
func GMActionFromSpec(s string) (GMAction, bool) { return gmActions.fromSpec(s) }

// TokenType is a kind of token in a token exchange (RFC 8693 §3).
type TokenType string

// The values of TokenType.
const (
	TokenTypeJWT          TokenType = "JWT"
	TokenTypeAccessToken  TokenType = "ACCESS_TOKEN"
	TokenTypeRefreshToken TokenType = "REFRESH_TOKEN"
	TokenTypeIDToken      TokenType = "ID_TOKEN"
	TokenTypeSAML1        TokenType = "SAML1"
	TokenTypeSAML2        TokenType = "SAML2"
	// OpenID Connect Native SSO for Mobile Apps.
	TokenTypeDeviceSecret TokenType = "DEVICE_SECRET"
)

var tokenTypes = specs[TokenType]{
	{TokenTypeJWT, "urn:ietf:params:oauth:token-type:jwt"},
	{TokenTypeAccessToken, "urn:ietf:params:oauth:token-type:access_token"},
	{TokenTypeRefreshToken, "urn:ietf:params:oauth:token-type:refresh_token"},
	{TokenTypeIDToken, "urn:ietf:params:oauth:token-type:id_token"},
	{TokenTypeSAML1, "urn:ietf:params:oauth:token-type:saml1"},
	{TokenTypeSAML2, "urn:ietf:params:oauth:token-type:saml2"},
	{TokenTypeDeviceSecret, "urn:openid:params:token-type:device-secret"},
}

// Known tells whether v is a published name.
func (v TokenType) Known() bool { return tokenTypes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *TokenType) UnmarshalText(text []byte) error { return tokenTypes.read(v, text) }

// Spec is v as the specifications write it; empty where v is not known.
func (v TokenType) Spec() string { return tokenTypes.spec(v) }

// TokenTypeFromSpec finds the name of what the specifications write as s.
func TokenTypeFromSpec(s string) (TokenType, bool) { return tokenTypes.fromSpec(s) }

// ClientRegistrationType is how a client of an OpenID Federation becomes known.
type ClientRegistrationType string

// The values of ClientRegistrationType.
const (
	ClientRegistrationTypeAutomatic ClientRegistrationType = "AUTOMATIC"
	ClientRegistrationTypeExplicit  ClientRegistrationType = "EXPLICIT"
)

var clientRegistrationTypes = specs[ClientRegistrationType]{
	{ClientRegistrationTypeAutomatic, "automatic"},
	{ClientRegistrationTypeExplicit, "explicit"},
}

// Known tells whether v is a published name.
func (v ClientRegistrationType) Known() bool { return clientRegistrationTypes.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *ClientRegistrationType) UnmarshalText(text []byte) error {
	return clientRegistrationTypes.read(v, text)
}

// Spec is v as the specifications write it; empty where v is not known.
func (v ClientRegistrationType) Spec() string { return clientRegistrationTypes.spec(v) }

// ClientRegistrationTypeFromSpec finds the name of what the specifications write as s.
func ClientRegistrationTypeFromSpec(s string) (ClientRegistrationType, bool) {
	return clientRegistrationTypes.fromSpec(s)
}
