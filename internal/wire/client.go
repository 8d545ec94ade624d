package wire

// Client is the configuration of one client of a service. Writing replaces the whole document;
// secret and lock have operations of their own.
type Client struct {
	// Identity and display.

	// The client's number. Read-only.
	ClientID int64 `json:"clientId,omitempty"`
	// The client's other name. It counts where clientIdAliasEnabled is on here and at the service.
	ClientIDAlias string `json:"clientIdAlias,omitempty"`
	// The client may be named by its alias.
	ClientIDAliasEnabled bool `json:"clientIdAliasEnabled,omitempty"`
	// The client's secret; every client has one. Changed by the client/secret operations.
	// Read-only.
	ClientSecret string `json:"clientSecret,omitempty"`
	// A small number for internal use. Read-only.
	Number int `json:"number,omitempty"`
	// The number of the service. Read-only.
	ServiceNumber int `json:"serviceNumber,omitempty"`
	// Who the client belongs to: any text.
	Developer string `json:"developer,omitempty"`
	// Whether the client can keep a secret; absent = PUBLIC.
	ClientType ClientType `json:"clientType,omitempty"`
	// The kind of application. With WEB, where OpenID Connect's rules apply, redirect URIs must be
	// https.
	ApplicationType ApplicationType `json:"applicationType,omitempty"`
	// The name, for people.
	ClientName string `json:"clientName,omitempty"`
	// The name in other languages.
	ClientNames []TaggedValue `json:"clientNames,omitempty"`
	// A text about the client, for people.
	Description string `json:"description,omitempty"`
	// The text in other languages.
	Descriptions []TaggedValue `json:"descriptions,omitempty"`
	// The address of a picture.
	LogoURI string `json:"logoUri,omitempty"`
	// The address of the picture in other languages.
	LogoURIs []TaggedValue `json:"logoUris,omitempty"`
	// The client's home page.
	ClientURI string `json:"clientUri,omitempty"`
	// The home page in other languages.
	ClientURIs []TaggedValue `json:"clientUris,omitempty"`
	// A page about the client's use of data.
	PolicyURI string `json:"policyUri,omitempty"`
	// That page in other languages.
	PolicyURIs []TaggedValue `json:"policyUris,omitempty"`
	// A page with the client's terms of service.
	TosURI string `json:"tosUri,omitempty"`
	// That page in other languages.
	TosURIs []TaggedValue `json:"tosUris,omitempty"`
	// Whom to write to, usually e-mail addresses.
	Contacts []string `json:"contacts,omitempty"`
	// When the client was created: milliseconds since the epoch. Read-only.
	CreatedAt int64 `json:"createdAt,omitempty"`
	// When the client was last written: milliseconds since the epoch. Read-only.
	ModifiedAt int64 `json:"modifiedAt,omitempty"`
	// Names and values of the owner's choice; they come back as clientAttributes of many answers.
	Attributes []Pair `json:"attributes,omitempty"`
	// The client is locked: its requests are refused.
	Locked bool `json:"locked,omitempty"`
	// What an administrator adds to the client.
	Extension *ClientExtension `json:"extension,omitempty"`

	// Origin.

	// Where the client came from. Read-only.
	ClientSource ClientSource `json:"clientSource,omitempty"`
	// The client registered itself. Read-only.
	DynamicallyRegistered bool `json:"dynamicallyRegistered,omitempty"`
	// The client became known by automatic registration of an OpenID Federation. Read-only.
	AutomaticallyRegistered bool `json:"automaticallyRegistered,omitempty"`
	// The client became known by explicit registration of an OpenID Federation. Read-only.
	ExplicitlyRegistered bool `json:"explicitlyRegistered,omitempty"`
	// The client is known by its metadata document. Read-only.
	DiscoveredByMetadataDocument bool `json:"discoveredByMetadataDocument,omitempty"`
	// The hash of the client's registration access token. Read-only.
	RegistrationAccessTokenHash string `json:"registrationAccessTokenHash,omitempty"`
	// The software that the client is an instance of (RFC 7591).
	SoftwareID string `json:"softwareId,omitempty"`
	// The version of that software.
	SoftwareVersion string `json:"softwareVersion,omitempty"`
	// Non-standard metadata, as far as the service's supportedCustomClientMetadata names it: a
	// JSON object as JSON text.
	CustomMetadata string `json:"customMetadata,omitempty"`
	// The client takes part in the batch creation of tokens.
	InScopeForTokenMigration bool `json:"inScopeForTokenMigration,omitempty"`

	// OAuth and OpenID Connect.

	// Where authorization responses may be sent; compared character by character.
	RedirectURIs []string `json:"redirectUris,omitempty"`
	// The response types that the client may use; absent = CODE.
	ResponseTypes []ResponseType `json:"responseTypes,omitempty"`
	// The grant types that the client may use; absent = AUTHORIZATION_CODE.
	GrantTypes []GrantType `json:"grantTypes,omitempty"`
	// The response modes that the client may use; absent = all.
	ResponseModes []ResponseMode `json:"responseModes,omitempty"`
	// The one way in which the client authenticates. Absent = CLIENT_SECRET_BASIC for a
	// confidential client, NONE for a public one.
	TokenAuthMethod ClientAuthMethod `json:"tokenAuthMethod,omitempty"`
	// The signature that client assertions must have; absent = any that fits tokenAuthMethod.
	TokenAuthSignAlg JWSAlg `json:"tokenAuthSignAlg,omitempty"`
	// The kid of the key that carries the certificate, for SELF_SIGNED_TLS_CLIENT_AUTH.
	SelfSignedCertificateKeyID string `json:"selfSignedCertificateKeyId,omitempty"`
	// The subject that the certificate must have, for TLS_CLIENT_AUTH (RFC 4514).
	TLSClientAuthSubjectDn string `json:"tlsClientAuthSubjectDn,omitempty"`
	// The DNS name that the certificate must have, for TLS_CLIENT_AUTH.
	TLSClientAuthSanDNS string `json:"tlsClientAuthSanDns,omitempty"`
	// The URI that the certificate must have, for TLS_CLIENT_AUTH.
	TLSClientAuthSanURI string `json:"tlsClientAuthSanUri,omitempty"`
	// The IP address that the certificate must have, for TLS_CLIENT_AUTH.
	TLSClientAuthSanIP string `json:"tlsClientAuthSanIp,omitempty"`
	// The e-mail address that the certificate must have, for TLS_CLIENT_AUTH.
	TLSClientAuthSanEmail string `json:"tlsClientAuthSanEmail,omitempty"`
	// The SPIFFE id of the client, for SPIFFE_JWT.
	SpiffeID string `json:"spiffeId,omitempty"`
	// Where the keys of its trust domain can be had, for SPIFFE_JWT.
	SpiffeBundleEndpoint string `json:"spiffeBundleEndpoint,omitempty"`
	// Where the client's public keys can be had.
	JWKSURI string `json:"jwksUri,omitempty"`
	// The client's public keys, in place of jwksUri: a JWK Set as JSON text.
	JWKS string `json:"jwks,omitempty"`
	// Whether the client sees the same user identifiers as others; absent = PUBLIC.
	SubjectType SubjectType `json:"subjectType,omitempty"`
	// A document that lists the redirect URIs of the client's sector.
	SectorIdentifierURI string `json:"sectorIdentifierUri,omitempty"`
	// The host that identifies the sector; absent where redirect URIs name several hosts and there
	// is no document. Read-only.
	DerivedSectorIdentifier string `json:"derivedSectorIdentifier,omitempty"`
	// The signature of ID tokens; absent = RS256.
	IDTokenSignAlg JWSAlg `json:"idTokenSignAlg,omitempty"`
	// The key management algorithm of ID tokens; absent = they are not encrypted.
	IDTokenEncryptionAlg JWEAlg `json:"idTokenEncryptionAlg,omitempty"`
	// The content encryption algorithm of ID tokens.
	IDTokenEncryptionEnc JWEEnc `json:"idTokenEncryptionEnc,omitempty"`
	// The signature of userinfo responses; absent = they are JSON.
	UserInfoSignAlg JWSAlg `json:"userInfoSignAlg,omitempty"`
	// The key management algorithm of userinfo responses; absent = they are not encrypted.
	UserInfoEncryptionAlg JWEAlg `json:"userInfoEncryptionAlg,omitempty"`
	// The content encryption algorithm of userinfo responses.
	UserInfoEncryptionEnc JWEEnc `json:"userInfoEncryptionEnc,omitempty"`
	// The signature that request objects must have; absent = any.
	RequestSignAlg JWSAlg `json:"requestSignAlg,omitempty"`
	// The key management algorithm of encrypted request objects; absent = any.
	RequestEncryptionAlg JWEAlg `json:"requestEncryptionAlg,omitempty"`
	// The content encryption algorithm of encrypted request objects; absent = any.
	RequestEncryptionEnc JWEEnc `json:"requestEncryptionEnc,omitempty"`
	// The signature of authorization responses; without it the client cannot use the signed
	// response modes.
	AuthorizationSignAlg JWSAlg `json:"authorizationSignAlg,omitempty"`
	// The key management algorithm of authorization responses; absent = they are not encrypted.
	AuthorizationEncryptionAlg JWEAlg `json:"authorizationEncryptionAlg,omitempty"`
	// The content encryption algorithm of authorization responses.
	AuthorizationEncryptionEnc JWEEnc `json:"authorizationEncryptionEnc,omitempty"`
	// The max_age of requests that have none, in seconds; 0 = none. Fits 32 bits.
	DefaultMaxAge int64 `json:"defaultMaxAge,omitempty"`
	// The acr_values of requests that have none.
	DefaultACRs []string `json:"defaultAcrs,omitempty"`
	// ID tokens must have auth_time.
	AuthTimeRequired bool `json:"authTimeRequired,omitempty"`
	// Where others may send a user to start a login (initiate_login_uri).
	LoginURI string `json:"loginUri,omitempty"`
	// Where request objects may be fetched from.
	RequestURIs []string `json:"requestUris,omitempty"`
	// The types of authorization details (RFC 9396) that the client may use.
	AuthorizationDetailsTypes []string `json:"authorizationDetailsTypes,omitempty"`

	// Security switches. The service's switch of the same name makes no exception for a client.

	// Authorization requests must be pushed (RFC 9126).
	PARRequired bool `json:"parRequired,omitempty"`
	// A request for a code must have a code_challenge (RFC 7636).
	PKCERequired bool `json:"pkceRequired,omitempty"`
	// A code_challenge must be of the method S256.
	PKCES256Required bool `json:"pkceS256Required,omitempty"`
	// Authorization requests must come as request objects.
	RequestObjectRequired bool `json:"requestObjectRequired,omitempty"`
	// Request objects that pass through a browser must be encrypted.
	FrontChannelRequestObjectEncryptionRequired bool `json:"frontChannelRequestObjectEncryptionRequired,omitempty"`
	// The alg of an encrypted request object must be requestEncryptionAlg.
	RequestObjectEncryptionAlgMatchRequired bool `json:"requestObjectEncryptionAlgMatchRequired,omitempty"`
	// The enc of an encrypted request object must be requestEncryptionEnc.
	RequestObjectEncryptionEncMatchRequired bool `json:"requestObjectEncryptionEncMatchRequired,omitempty"`
	// The client must use DPoP (RFC 9449).
	DPoPRequired bool `json:"dpopRequired,omitempty"`
	// The client's access tokens are bound to its certificate (RFC 8705).
	TLSClientCertificateBoundAccessTokens bool `json:"tlsClientCertificateBoundAccessTokens,omitempty"`
	// A new access token ends the older ones of the same user and this client.
	SingleAccessTokenPerSubject bool `json:"singleAccessTokenPerSubject,omitempty"`
	// The profiles that the client's requests are held to, where the service has none. Absent = by
	// the attributes of the scopes asked for.
	FAPIModes []FAPIMode `json:"fapiModes,omitempty"`
	// The version of the High Assurance Interoperability Profile that the client's requests are
	// held to. Absent = none.
	HaipVersion string `json:"haipVersion,omitempty"`
	// The client uses the service's mtlsEndpointAliases.
	MTLSEndpointAliasesUsed bool `json:"mtlsEndpointAliasesUsed,omitempty"`
	// The client signs resource requests (RFC 9421).
	RSRequestSigned bool `json:"rsRequestSigned,omitempty"`
	// The kid of the key that it signs them with.
	RSSignedRequestKeyID string `json:"rsSignedRequestKeyId,omitempty"`
	// The digest of external attachments; absent = sha-256.
	DigestAlgorithm string `json:"digestAlgorithm,omitempty"`

	// CIBA and back-channel logout.

	// How the client obtains its tokens; without it the client cannot use CIBA.
	BcDeliveryMode DeliveryMode `json:"bcDeliveryMode,omitempty"`
	// Where the client is notified, for PING and PUSH.
	BcNotificationEndpoint string `json:"bcNotificationEndpoint,omitempty"`
	// The signature that authentication requests must have; absent = they may be unsigned.
	BcRequestSignAlg JWSAlg `json:"bcRequestSignAlg,omitempty"`
	// A user code must be asked for, where the service supports it.
	BcUserCodeRequired bool `json:"bcUserCodeRequired,omitempty"`
	// Where the client is told about a logout.
	BackchannelLogoutURI string `json:"backchannelLogoutUri,omitempty"`
	// Logout tokens for the client must have sid.
	BackchannelLogoutSessionRequired bool `json:"backchannelLogoutSessionRequired,omitempty"`

	// OpenID Federation.

	// The client's entity identifier.
	EntityID string `json:"entityId,omitempty"`
	// The anchor of the trust chain that the client was registered with.
	TrustAnchorID string `json:"trustAnchorId,omitempty"`
	// That trust chain: entity statements, the client's own first.
	TrustChain []string `json:"trustChain,omitempty"`
	// When it expires: milliseconds since the epoch.
	TrustChainExpiresAt int64 `json:"trustChainExpiresAt,omitempty"`
	// When it was resolved: milliseconds since the epoch.
	TrustChainUpdatedAt int64 `json:"trustChainUpdatedAt,omitempty"`
	// The organization that runs the client.
	OrganizationName string `json:"organizationName,omitempty"`
	// Where the client's public keys can be had as a signed JWT.
	SignedJWKSURI string `json:"signedJwksUri,omitempty"`
	// How the client wants to become known.
	ClientRegistrationTypes []ClientRegistrationType `json:"clientRegistrationTypes,omitempty"`

	// Client metadata document.

	// The address of the document; it is the client's identifier.
	MetadataDocumentLocation string `json:"metadataDocumentLocation,omitempty"`
	// When the cached copy expires: milliseconds since the epoch.
	MetadataDocumentExpiresAt int64 `json:"metadataDocumentExpiresAt,omitempty"`
	// When it was fetched: milliseconds since the epoch.
	MetadataDocumentUpdatedAt int64 `json:"metadataDocumentUpdatedAt,omitempty"`

	// Verifiable credentials.

	// Where the client, a wallet, takes credential offers.
	CredentialOfferEndpoint string `json:"credentialOfferEndpoint,omitempty"`
	// Credential responses to the client must be encrypted.
	CredentialResponseEncryptionRequired bool `json:"credentialResponseEncryptionRequired,omitempty"`
}

// ClientExtension is what an administrator adds to a client; the developer of the client does not
// see it.
type ClientExtension struct {
	// The client may ask only for requestableScopes.
	RequestableScopesEnabled bool `json:"requestableScopesEnabled,omitempty"`
	// The scopes that the client may ask for.
	RequestableScopes []string `json:"requestableScopes,omitempty"`
	// The longest lifetime of access tokens in seconds; 0 = the service's.
	AccessTokenDuration int64 `json:"accessTokenDuration,omitempty"`
	// The longest lifetime of refresh tokens in seconds; 0 = the service's.
	RefreshTokenDuration int64 `json:"refreshTokenDuration,omitempty"`
	// The longest lifetime of ID tokens in seconds; 0 = the service's.
	IDTokenDuration int64 `json:"idTokenDuration,omitempty"`
	// The client may exchange tokens, where the service lets only permitted clients.
	TokenExchangePermitted bool `json:"tokenExchangePermitted,omitempty"`
}
