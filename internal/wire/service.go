package wire

// Service is the configuration of one service: one issuer with its clients, keys, scopes and
// tokens. Writing replaces the whole document.
type Service struct {
	// Identity and ownership.

	// The service's number: its name in paths and its user name for Basic. Read-only.
	APIKey int64 `json:"apiKey,omitempty"`
	// The password that belongs to apiKey for Basic. Read-only.
	APISecret string `json:"apiSecret,omitempty"`
	// A small number for internal use. Read-only.
	Number int `json:"number,omitempty"`
	// The number of the owner. Read-only.
	ServiceOwnerNumber int `json:"serviceOwnerNumber,omitempty"`
	// The name, for people.
	ServiceName string `json:"serviceName,omitempty"`
	// A text about the service, for people.
	Description string `json:"description,omitempty"`
	// The organization_name in the entity configuration of an OpenID Federation.
	OrganizationName string `json:"organizationName,omitempty"`
	// When the service was created: milliseconds since the epoch. Read-only.
	CreatedAt int64 `json:"createdAt,omitempty"`
	// When the service was last written: milliseconds since the epoch. Read-only.
	ModifiedAt int64 `json:"modifiedAt,omitempty"`
	// Facts about the service; there are none yet. Read-only.
	Metadata []Pair `json:"metadata,omitempty"`
	// Names and values of the owner's choice; they come back as serviceAttributes of many answers.
	Attributes []Pair `json:"attributes,omitempty"`
	// How many clients one developer may have; 0 = any number.
	ClientsPerDeveloper int `json:"clientsPerDeveloper,omitempty"`

	// Addresses, all of the caller's own server. They are published in the discovery document and
	// compared with aud and htu.

	// The issuer identifier: iss of everything that is issued.
	Issuer string `json:"issuer,omitempty"`
	// The authorization endpoint.
	AuthorizationEndpoint string `json:"authorizationEndpoint,omitempty"`
	// The token endpoint.
	TokenEndpoint string `json:"tokenEndpoint,omitempty"`
	// The revocation endpoint (RFC 7009).
	RevocationEndpoint string `json:"revocationEndpoint,omitempty"`
	// The userinfo endpoint.
	UserInfoEndpoint string `json:"userInfoEndpoint,omitempty"`
	// The introspection endpoint (RFC 7662).
	IntrospectionEndpoint string `json:"introspectionEndpoint,omitempty"`
	// Where the public keys of the service can be had.
	JWKSURI string `json:"jwksUri,omitempty"`
	// The client registration endpoint (RFC 7591).
	RegistrationEndpoint string `json:"registrationEndpoint,omitempty"`
	// What registration_client_uri of a client begins with; its client id is appended. Absent =
	// registrationEndpoint.
	RegistrationManagementEndpoint string `json:"registrationManagementEndpoint,omitempty"`
	// The endpoint of pushed authorization requests (RFC 9126).
	PushedAuthReqEndpoint string `json:"pushedAuthReqEndpoint,omitempty"`
	// The backchannel authentication endpoint (CIBA).
	BackchannelAuthenticationEndpoint string `json:"backchannelAuthenticationEndpoint,omitempty"`
	// The device authorization endpoint (RFC 8628).
	DeviceAuthorizationEndpoint string `json:"deviceAuthorizationEndpoint,omitempty"`
	// The grant management endpoint.
	GrantManagementEndpoint string `json:"grantManagementEndpoint,omitempty"`
	// Where a client sends a user to log out.
	EndSessionEndpoint string `json:"endSessionEndpoint,omitempty"`
	// Where clients obtain challenges for attestation-based authentication.
	ChallengeEndpoint string `json:"challengeEndpoint,omitempty"`
	// The endpoints as reached with a client certificate, by their metadata name (RFC 8705 §5).
	MTLSEndpointAliases []NamedURI `json:"mtlsEndpointAliases,omitempty"`
	// A page for developers.
	ServiceDocumentation string `json:"serviceDocumentation,omitempty"`
	// A page about the use of data.
	PolicyURI string `json:"policyUri,omitempty"`
	// A page with the terms of service.
	TosURI string `json:"tosUri,omitempty"`

	// What the service supports.

	// All scopes that the service knows. Others are dropped from requests.
	SupportedScopes []Scope `json:"supportedScopes,omitempty"`
	// The response types that clients may use.
	SupportedResponseTypes []ResponseType `json:"supportedResponseTypes,omitempty"`
	// The grant types that clients may use. Refresh tokens are issued only where REFRESH_TOKEN is
	// among them.
	SupportedGrantTypes []GrantType `json:"supportedGrantTypes,omitempty"`
	// How clients may authenticate at the token endpoint, and wherever else they do.
	SupportedTokenAuthMethods []ClientAuthMethod `json:"supportedTokenAuthMethods,omitempty"`
	// How clients may authenticate at the revocation endpoint. Stored and returned; the token endpoint's count.
	SupportedRevocationAuthMethods []ClientAuthMethod `json:"supportedRevocationAuthMethods,omitempty"`
	// How resource servers may authenticate at the introspection endpoint. Stored and returned; that is the front end's business.
	SupportedIntrospectionAuthMethods []ClientAuthMethod `json:"supportedIntrospectionAuthMethods,omitempty"`
	// The authentication context classes that a login can reach.
	SupportedACRs []string `json:"supportedAcrs,omitempty"`
	// The ways of showing pages that the login offers.
	SupportedDisplays []Display `json:"supportedDisplays,omitempty"`
	// The values of prompt that the login offers.
	SupportedPromptValues []Prompt `json:"supportedPromptValues,omitempty"`
	// The types of claims that the service gives.
	SupportedClaimTypes []ClaimType `json:"supportedClaimTypes,omitempty"`
	// The names of the claims that the service gives.
	SupportedClaims []string `json:"supportedClaims,omitempty"`
	// The languages that claims can be given in.
	SupportedClaimLocales []string `json:"supportedClaimLocales,omitempty"`
	// The languages that the pages can be shown in.
	SupportedUILocales []string `json:"supportedUiLocales,omitempty"`
	// The families of profiles that the service takes part in. Without FAPI no request is held to
	// a FAPI profile.
	SupportedServiceProfiles []ServiceProfile `json:"supportedServiceProfiles,omitempty"`
	// The delivery modes of CIBA that clients may use.
	SupportedBackchannelTokenDeliveryModes []DeliveryMode `json:"supportedBackchannelTokenDeliveryModes,omitempty"`
	// The types of authorization details (RFC 9396) that clients may use.
	SupportedAuthorizationDetailsTypes []string `json:"supportedAuthorizationDetailsTypes,omitempty"`
	// How evidence may be attached to claims (OpenID for Identity Assurance).
	SupportedAttachments []AttachmentType `json:"supportedAttachments,omitempty"`
	// The digests of external attachments; sha-256 must be among them where EXTERNAL is supported.
	SupportedDigestAlgorithms []string `json:"supportedDigestAlgorithms,omitempty"`
	// The names of non-standard client metadata that registration keeps.
	SupportedCustomClientMetadata []string `json:"supportedCustomClientMetadata,omitempty"`
	// How clients of an OpenID Federation may become known. EXPLICIT needs
	// federationRegistrationEndpoint.
	SupportedClientRegistrationTypes []ClientRegistrationType `json:"supportedClientRegistrationTypes,omitempty"`

	// Tokens and their lifetimes.

	// The token_type of token responses, usually Bearer. DPoP-bound tokens are DPoP whatever
	// stands here.
	AccessTokenType string `json:"accessTokenType,omitempty"`
	// The signature of JWT access tokens, never a symmetric one. Absent = access tokens are
	// opaque.
	AccessTokenSignAlg JWSAlg `json:"accessTokenSignAlg,omitempty"`
	// Lifetime of access tokens in seconds; 0 = the engine's default. Scopes and clients can
	// shorten it, a request can replace it.
	AccessTokenDuration int64 `json:"accessTokenDuration,omitempty"`
	// Lifetime of refresh tokens in seconds; 0 = the engine's default. Scopes and clients can
	// shorten it, a request can replace it.
	RefreshTokenDuration int64 `json:"refreshTokenDuration,omitempty"`
	// Lifetime of ID tokens in seconds; 0 = the engine's default. Scopes and clients can shorten
	// it.
	IDTokenDuration int64 `json:"idTokenDuration,omitempty"`
	// Lifetime of authorization codes in seconds; 0 = the engine's default.
	AuthorizationCodeDuration int64 `json:"authorizationCodeDuration,omitempty"`
	// Lifetime of signed authorization responses in seconds; 0 = the engine's default.
	AuthorizationResponseDuration int64 `json:"authorizationResponseDuration,omitempty"`
	// Lifetime of a request_uri in seconds; 0 = the engine's default.
	PushedAuthReqDuration int64 `json:"pushedAuthReqDuration,omitempty"`
	// How long a DPoP nonce is accepted, in seconds; 0 = the engine's default.
	DPoPNonceDuration int64 `json:"dpopNonceDuration,omitempty"`
	// How long a challenge for attestation-based client authentication is accepted, in seconds; 0
	// = the engine's default.
	AttestationChallengeTimeWindow int64 `json:"attestationChallengeTimeWindow,omitempty"`
	// A new access token ends the older ones of the same user and client.
	SingleAccessTokenPerSubject bool `json:"singleAccessTokenPerSubject,omitempty"`
	// A refresh leaves the refresh token as it is. Otherwise it is replaced.
	RefreshTokenKept bool `json:"refreshTokenKept,omitempty"`
	// Where it is kept, each use starts its lifetime anew.
	RefreshTokenDurationReset bool `json:"refreshTokenDurationReset,omitempty"`
	// Where it is replaced, the new one inherits what is left of the lifetime.
	RefreshTokenDurationKept bool `json:"refreshTokenDurationKept,omitempty"`
	// Where it is replaced, repeating the request within 60 seconds gives the same new refresh
	// token.
	RefreshTokenIdempotent bool `json:"refreshTokenIdempotent,omitempty"`
	// An access token never outlives its refresh token.
	TokenExpirationLinked bool `json:"tokenExpirationLinked,omitempty"`
	// A refresh drops the openid scope of a token that lacks offline_access.
	OpenIDDroppedOnRefreshWithoutOfflineAccess bool `json:"openidDroppedOnRefreshWithoutOfflineAccess,omitempty"`
	// A refresh can answer ID_TOKEN_REISSUABLE, so that the caller can have a new ID token made.
	IDTokenReissuable bool `json:"idTokenReissuable,omitempty"`
	// The form of aud in ID tokens: array or string. Absent = the engine chooses.
	IDTokenAudType string `json:"idTokenAudType,omitempty"`
	// A public client may leave out client_id at the token endpoint, where the code or refresh
	// token tells whose it is.
	MissingClientIDAllowed bool `json:"missingClientIdAllowed,omitempty"`
	// Where the results of batch token creation are reported.
	TokenBatchNotificationEndpoint string `json:"tokenBatchNotificationEndpoint,omitempty"`

	// Keys.

	// The keys of the service with their private parts: a JWK Set as JSON text. Absent = the
	// engine makes and rotates keys.
	JWKS string `json:"jwks,omitempty"`
	// The kid of the key that signs JWT access tokens, where several fit.
	AccessTokenSignatureKeyID string `json:"accessTokenSignatureKeyId,omitempty"`
	// The kid of the key that signs authorization responses, where several fit.
	AuthorizationSignatureKeyID string `json:"authorizationSignatureKeyId,omitempty"`
	// The kid of the key that signs ID tokens, where several fit.
	IDTokenSignatureKeyID string `json:"idTokenSignatureKeyId,omitempty"`
	// The kid of the key that signs userinfo responses, where several fit.
	UserInfoSignatureKeyID string `json:"userInfoSignatureKeyId,omitempty"`
	// The kid of the key that signs introspection responses, where several fit.
	IntrospectionSignatureKeyID string `json:"introspectionSignatureKeyId,omitempty"`
	// The kid of the key that signs resource responses (RFC 9421), where several fit.
	ResourceSignatureKeyID string `json:"resourceSignatureKeyId,omitempty"`
	// Keys can be made in hardware security modules.
	HsmEnabled bool `json:"hsmEnabled,omitempty"`
	// Those keys. They are changed only by the hsk operations. Read-only.
	HSKs []HSK `json:"hsks,omitempty"`
	// The roots (PEM) that certificates of clients are validated against.
	TrustedRootCertificates []string `json:"trustedRootCertificates,omitempty"`
	// The chain of a client's certificate must be sent and is validated.
	MutualTLSValidatePkiCertChain bool `json:"mutualTlsValidatePkiCertChain,omitempty"`

	// Security switches. A client's switch of the same name can only add to them.

	// A request for a code must have a code_challenge (RFC 7636).
	PKCERequired bool `json:"pkceRequired,omitempty"`
	// A code_challenge must be of the method S256.
	PKCES256Required bool `json:"pkceS256Required,omitempty"`
	// Authorization requests must be pushed (RFC 9126).
	PARRequired bool `json:"parRequired,omitempty"`
	// Authorization requests must come as request objects.
	RequestObjectRequired bool `json:"requestObjectRequired,omitempty"`
	// Request objects follow OpenID Connect Core §6: they may be unsigned, and parameters beside
	// them count. Otherwise they follow RFC 9101.
	TraditionalRequestObjectProcessingApplied bool `json:"traditionalRequestObjectProcessingApplied,omitempty"`
	// The aud of a request object must name the issuer.
	RequestObjectAudienceChecked bool `json:"requestObjectAudienceChecked,omitempty"`
	// Request objects that pass through a browser must be encrypted.
	FrontChannelRequestObjectEncryptionRequired bool `json:"frontChannelRequestObjectEncryptionRequired,omitempty"`
	// The alg of an encrypted request object must be the client's requestEncryptionAlg.
	RequestObjectEncryptionAlgMatchRequired bool `json:"requestObjectEncryptionAlgMatchRequired,omitempty"`
	// The enc of an encrypted request object must be the client's requestEncryptionEnc.
	RequestObjectEncryptionEncMatchRequired bool `json:"requestObjectEncryptionEncMatchRequired,omitempty"`
	// FAPI 1 Advanced does not demand nbf in request objects, nor a lifetime of at most an hour.
	NbfOptional bool `json:"nbfOptional,omitempty"`
	// Authorization responses have no iss (RFC 9207). For tests of clients only.
	IssSuppressed bool `json:"issSuppressed,omitempty"`
	// An authorization request that asks for no scope, where there is no default one, is refused.
	ScopeRequired bool `json:"scopeRequired,omitempty"`
	// The scopes profile, email, address and phone put claims into the ID token only where no
	// access token is issued.
	ClaimShortcutRestrictive bool `json:"claimShortcutRestrictive,omitempty"`
	// The port of a redirect URI on the loopback interface is free (RFC 8252 §7.3).
	LoopbackRedirectionURIVariable bool `json:"loopbackRedirectionUriVariable,omitempty"`
	// Clients may be named by their alias.
	ClientIDAliasEnabled bool `json:"clientIdAliasEnabled,omitempty"`
	// An alias must not begin with http:// or https://.
	HTTPAliasProhibited bool `json:"httpAliasProhibited,omitempty"`
	// Errors have no error_description.
	ErrorDescriptionOmitted bool `json:"errorDescriptionOmitted,omitempty"`
	// Errors have no error_uri.
	ErrorURIOmitted bool `json:"errorUriOmitted,omitempty"`
	// Access tokens can be bound to a client's certificate (RFC 8705).
	TLSClientCertificateBoundAccessTokens bool `json:"tlsClientCertificateBoundAccessTokens,omitempty"`
	// DPoP proofs must carry the engine's nonce (RFC 9449 §8).
	DPoPNonceRequired bool `json:"dpopNonceRequired,omitempty"`
	// The aud of a client assertion must be the issuer, as a string and nothing else.
	ClientAssertionAudRestrictedToIssuer bool `json:"clientAssertionAudRestrictedToIssuer,omitempty"`
	// Resource responses, userinfo among them, are signed (RFC 9421).
	RSResponseSigned bool `json:"rsResponseSigned,omitempty"`
	// The profiles that every request is held to. Absent = the client's, then by the attributes of
	// the scopes asked for.
	FAPIModes []FAPIMode `json:"fapiModes,omitempty"`
	// The version of the High Assurance Interoperability Profile that requests are held to, for
	// example 1.0. Absent = none.
	HaipVersion string `json:"haipVersion,omitempty"`
	// By how many seconds the clocks of others may differ, in checks of exp, iat and nbf: 0 to
	// 65535.
	AllowableClockSkew int64 `json:"allowableClockSkew,omitempty"`
	// A token exchange must tell which client asks.
	TokenExchangeByIdentifiableClientsOnly bool `json:"tokenExchangeByIdentifiableClientsOnly,omitempty"`
	// Public clients may not exchange tokens.
	TokenExchangeByConfidentialClientsOnly bool `json:"tokenExchangeByConfidentialClientsOnly,omitempty"`
	// Only clients whose extension has tokenExchangePermitted may exchange tokens.
	TokenExchangeByPermittedClientsOnly bool `json:"tokenExchangeByPermittedClientsOnly,omitempty"`
	// An encrypted JWT is refused as subject or actor token. Otherwise it passes unread.
	TokenExchangeEncryptedJWTRejected bool `json:"tokenExchangeEncryptedJwtRejected,omitempty"`
	// An unsigned JWT is refused as subject or actor token.
	TokenExchangeUnsignedJWTRejected bool `json:"tokenExchangeUnsignedJwtRejected,omitempty"`
	// A JWT bearer request must tell which client asks.
	JWTGrantByIdentifiableClientsOnly bool `json:"jwtGrantByIdentifiableClientsOnly,omitempty"`
	// An encrypted JWT is refused as assertion. Otherwise it passes unread.
	JWTGrantEncryptedJWTRejected bool `json:"jwtGrantEncryptedJwtRejected,omitempty"`
	// An unsigned JWT is refused as assertion.
	JWTGrantUnsignedJWTRejected bool `json:"jwtGrantUnsignedJwtRejected,omitempty"`

	// CIBA.

	// Requests can carry a user_code.
	BackchannelUserCodeParameterSupported bool `json:"backchannelUserCodeParameterSupported,omitempty"`
	// Lifetime of an auth_req_id in seconds; 0 = the engine's default. Fits 32 bits.
	BackchannelAuthReqIDDuration int64 `json:"backchannelAuthReqIdDuration,omitempty"`
	// The least time between two polls in seconds: 0 to 65535, 0 = 5.
	BackchannelPollingInterval int64 `json:"backchannelPollingInterval,omitempty"`
	// A request that is held to FAPI must have a binding_message.
	BackchannelBindingMessageRequiredInFAPI bool `json:"backchannelBindingMessageRequiredInFapi,omitempty"`

	// Device flow.

	// Where the user enters the user code.
	DeviceVerificationURI string `json:"deviceVerificationUri,omitempty"`
	// The same with the code in it; USER_CODE stands for the code.
	DeviceVerificationURIComplete string `json:"deviceVerificationUriComplete,omitempty"`
	// Lifetime of device and user codes in seconds; 0 = the engine's default. Fits 32 bits.
	DeviceFlowCodeDuration int64 `json:"deviceFlowCodeDuration,omitempty"`
	// The least time between two polls in seconds: 0 to 65535, 0 = 5.
	DeviceFlowPollingInterval int64 `json:"deviceFlowPollingInterval,omitempty"`
	// The alphabet of user codes; absent = BASE20.
	UserCodeCharset UserCodeCharset `json:"userCodeCharset,omitempty"`
	// The length of user codes: 0 to 255, 0 = the engine's default.
	UserCodeLength int `json:"userCodeLength,omitempty"`

	// Client registration.

	// Clients may register themselves (RFC 7591, RFC 7592).
	DynamicRegistrationSupported bool `json:"dynamicRegistrationSupported,omitempty"`
	// The scope of a registration limits what the client may ask for.
	DCRScopeUsedAsRequestable bool `json:"dcrScopeUsedAsRequestable,omitempty"`
	// A software_id that another client has is refused.
	DCRDuplicateSoftwareIDBlocked bool `json:"dcrDuplicateSoftwareIdBlocked,omitempty"`
	// The client configuration operations may answer UNAUTHORIZED. Otherwise they answer
	// BAD_REQUEST in its place.
	UnauthorizedOnClientConfigSupported bool `json:"unauthorizedOnClientConfigSupported,omitempty"`

	// Grant management.

	// Authorization requests must have a grant_management_action; this excludes public clients.
	GrantManagementActionRequired bool `json:"grantManagementActionRequired,omitempty"`

	// Identity assurance.

	// The trust frameworks that claims can be verified under.
	SupportedTrustFrameworks []string `json:"supportedTrustFrameworks,omitempty"`
	// The types of evidence that claims can rest on.
	SupportedEvidence []string `json:"supportedEvidence,omitempty"`
	// The types of documents that can be evidence.
	SupportedDocuments []string `json:"supportedDocuments,omitempty"`
	// The same under its older name.
	SupportedIdentityDocuments []string `json:"supportedIdentityDocuments,omitempty"`
	// The methods of checking documents.
	SupportedDocumentsMethods []string `json:"supportedDocumentsMethods,omitempty"`
	// The methods of validating documents.
	SupportedDocumentsValidationMethods []string `json:"supportedDocumentsValidationMethods,omitempty"`
	// The methods of verifying that a document is the user's.
	SupportedDocumentsVerificationMethods []string `json:"supportedDocumentsVerificationMethods,omitempty"`
	// The check methods of documents.
	SupportedDocumentsCheckMethods []string `json:"supportedDocumentsCheckMethods,omitempty"`
	// The verification methods, under their older name.
	SupportedVerificationMethods []string `json:"supportedVerificationMethods,omitempty"`
	// The types of electronic records; needed where electronic_record is supported evidence.
	SupportedElectronicRecords []string `json:"supportedElectronicRecords,omitempty"`
	// The names of the claims that can be verified ones.
	SupportedVerifiedClaims []string `json:"supportedVerifiedClaims,omitempty"`
	// The schemas that verified_claims requests are checked with; absent = standard.
	VerifiedClaimsValidationSchemaSet VerifiedClaimsValidationSchema `json:"verifiedClaimsValidationSchemaSet,omitempty"`
	// Transformed claims that every request may use: a JSON object as JSON text.
	PredefinedTransformedClaims string `json:"predefinedTransformedClaims,omitempty"`
	// External attachments come with an access token to fetch them with.
	AccessTokenForExternalAttachmentEmbedded bool `json:"accessTokenForExternalAttachmentEmbedded,omitempty"`

	// OpenID Federation. It works only where authorityHints, trustAnchors and federationJwks are set.

	// The service takes part in federations.
	FederationEnabled bool `json:"federationEnabled,omitempty"`
	// The endpoint of explicit registration.
	FederationRegistrationEndpoint string `json:"federationRegistrationEndpoint,omitempty"`
	// Lifetime of the entity configuration in seconds; 0 = the engine's default.
	FederationConfigurationDuration int64 `json:"federationConfigurationDuration,omitempty"`
	// The keys for entity statements with their private parts: a JWK Set as JSON text.
	FederationJWKS string `json:"federationJwks,omitempty"`
	// The kid of the key that signs the entity configuration, where several fit.
	FederationSignatureKeyID string `json:"federationSignatureKeyId,omitempty"`
	// The superiors of the service.
	AuthorityHints []string `json:"authorityHints,omitempty"`
	// The anchors that trust chains of clients must end in.
	TrustAnchors []TrustAnchor `json:"trustAnchors,omitempty"`
	// Where the public keys of the service can be had as a signed JWT.
	SignedJWKSURI string `json:"signedJwksUri,omitempty"`

	// Verifiable credentials.

	// The service issues verifiable credentials.
	VerifiableCredentialsEnabled bool `json:"verifiableCredentialsEnabled,omitempty"`
	// The version of the protocol: 1.0-ID1 (also where absent), 1.0 or 1.0-Final.
	Oid4vciVersion string `json:"oid4vciVersion,omitempty"`
	// What the credential issuer publishes about itself.
	CredentialIssuerMetadata *CredentialIssuerMetadata `json:"credentialIssuerMetadata,omitempty"`
	// The keys that sign credentials, with their private parts: a JWK Set as JSON text.
	CredentialJWKS string `json:"credentialJwks,omitempty"`
	// Where the public part of those keys can be had.
	CredentialJWKSURI string `json:"credentialJwksUri,omitempty"`
	// Lifetime of credential offers in seconds; 0 = the engine's default.
	CredentialOfferDuration int64 `json:"credentialOfferDuration,omitempty"`
	// Lifetime of a transaction_id for deferred issuance in seconds; 0 = the engine's default.
	CredentialTransactionDuration int64 `json:"credentialTransactionDuration,omitempty"`
	// Lifetime of credentials in seconds; 0 = they have no exp.
	CredentialDuration int64 `json:"credentialDuration,omitempty"`
	// Lifetime of nonces for key proofs in seconds; 0 = the engine's default.
	CnonceDuration int64 `json:"cnonceDuration,omitempty"`
	// A pre-authorized code may be redeemed without naming a client.
	PreAuthorizedGrantAnonymousAccessSupported bool `json:"preAuthorizedGrantAnonymousAccessSupported,omitempty"`
	// The length of PINs for pre-authorized codes; superseded by transaction codes.
	UserPinLength int `json:"userPinLength,omitempty"`

	// Client metadata documents.

	// A client may be known by the address of its metadata document.
	ClientIDMetadataDocumentSupported bool `json:"clientIdMetadataDocumentSupported,omitempty"`
	// Only the addresses of cimdAllowlist are accepted.
	CIMDAllowlistEnabled bool `json:"cimdAllowlistEnabled,omitempty"`
	// Addresses: scheme and authority must be the same, the path must begin with the same
	// segments, and the query, where one is given, must be the same.
	CIMDAllowlist []string `json:"cimdAllowlist,omitempty"`
	// Fetch the document even if a fresh copy is cached.
	CIMDAlwaysRetrieved bool `json:"cimdAlwaysRetrieved,omitempty"`
	// Accept addresses of the scheme http.
	CIMDHTTPPermitted bool `json:"cimdHttpPermitted,omitempty"`
	// Accept addresses with a query.
	CIMDQueryPermitted bool `json:"cimdQueryPermitted,omitempty"`
	// Apply cimdMetadataPolicy.
	CIMDMetadataPolicyEnabled bool `json:"cimdMetadataPolicyEnabled,omitempty"`
	// A metadata policy of OpenID Federation that documents are put through: a JSON object as JSON
	// text.
	CIMDMetadataPolicy string `json:"cimdMetadataPolicy,omitempty"`

	// Native SSO and back-channel logout.

	// Applications of one device may share a login (OpenID Connect Native SSO for Mobile Apps).
	NativeSsoSupported bool `json:"nativeSsoSupported,omitempty"`
	// The service can tell clients about a logout (OpenID Connect Back-Channel Logout).
	BackchannelLogoutSupported bool `json:"backchannelLogoutSupported,omitempty"`
	// Logout tokens can carry sid.
	BackchannelLogoutSessionSupported bool `json:"backchannelLogoutSessionSupported,omitempty"`

	// Attestation of clients and keys.

	// The root certificates of client attesters: base64 DER with or without PEM lines, answered as
	// PEM.
	ClientAttesterRoots []string `json:"clientAttesterRoots,omitempty"`
	// Certificate chains of client attestations are validated.
	ClientAttesterRootsEnabled bool `json:"clientAttesterRootsEnabled,omitempty"`
	// The system's roots do not count beside clientAttesterRoots.
	ClientAttesterRootsOnly bool `json:"clientAttesterRootsOnly,omitempty"`
	// The root certificates of key attesters: base64 DER with or without PEM lines, answered as
	// PEM.
	KeyAttesterRoots []string `json:"keyAttesterRoots,omitempty"`
	// Certificate chains of key attestations are validated.
	KeyAttesterRootsEnabled bool `json:"keyAttesterRootsEnabled,omitempty"`
	// The system's roots do not count beside keyAttesterRoots.
	KeyAttesterRootsOnly bool `json:"keyAttesterRootsOnly,omitempty"`

	// Legacy: kept and returned, without effect.

	// Where user names and passwords would be checked.
	AuthenticationCallbackEndpoint string `json:"authenticationCallbackEndpoint,omitempty"`
	// The user name for that address.
	AuthenticationCallbackAPIKey string `json:"authenticationCallbackApiKey,omitempty"`
	// The password for that address.
	AuthenticationCallbackAPISecret string `json:"authenticationCallbackApiSecret,omitempty"`
	// Where developers' names and passwords would be checked.
	DeveloperAuthenticationCallbackEndpoint string `json:"developerAuthenticationCallbackEndpoint,omitempty"`
	// The user name for that address.
	DeveloperAuthenticationCallbackAPIKey string `json:"developerAuthenticationCallbackApiKey,omitempty"`
	// The password for that address.
	DeveloperAuthenticationCallbackAPISecret string `json:"developerAuthenticationCallbackApiSecret,omitempty"`
	// The social networks for the login of users.
	SupportedSnses []Sns `json:"supportedSnses,omitempty"`
	// The credentials at those networks.
	SnsCredentials []SnsCredentials `json:"snsCredentials,omitempty"`
	// The social networks for the login of developers.
	SupportedDeveloperSnses []Sns `json:"supportedDeveloperSnses,omitempty"`
	// The credentials at those networks.
	DeveloperSnsCredentials []SnsCredentials `json:"developerSnsCredentials,omitempty"`
	// The engine itself would be the authorization endpoint.
	DirectAuthorizationEndpointEnabled bool `json:"directAuthorizationEndpointEnabled,omitempty"`
	// The engine itself would be the token endpoint.
	DirectTokenEndpointEnabled bool `json:"directTokenEndpointEnabled,omitempty"`
	// The engine itself would be the revocation endpoint.
	DirectRevocationEndpointEnabled bool `json:"directRevocationEndpointEnabled,omitempty"`
	// The engine itself would be the userinfo endpoint.
	DirectUserInfoEndpointEnabled bool `json:"directUserInfoEndpointEnabled,omitempty"`
	// The engine itself would publish the keys.
	DirectJWKSEndpointEnabled bool `json:"directJwksEndpointEnabled,omitempty"`
	// The engine itself would be the introspection endpoint.
	DirectIntrospectionEndpointEnabled bool `json:"directIntrospectionEndpointEnabled,omitempty"`
}
