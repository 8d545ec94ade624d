package wire

// TokenRequest hands over a token request.
type TokenRequest struct {
	// The form body that reached the token endpoint, exactly as received. Required.
	Parameters *string `json:"parameters,omitempty"`
	// The client's identifier from the Authorization header (Basic): a number, an alias or an
	// address. Credentials may as well stand in parameters.
	ClientID string `json:"clientId,omitempty"`
	// The secret from the Authorization header (Basic).
	ClientSecret string `json:"clientSecret,omitempty"`
	// The certificate (PEM) that the client presented at the TLS layer.
	ClientCertificate string `json:"clientCertificate,omitempty"`
	// The chain (PEM) that came with the certificate, nearest issuer first; needed where the
	// service validates chains.
	ClientCertificatePath []string `json:"clientCertificatePath,omitempty"`
	// The OAuth-Client-Attestation header.
	OauthClientAttestation string `json:"oauthClientAttestation,omitempty"`
	// The OAuth-Client-Attestation-PoP header.
	OauthClientAttestationPop string `json:"oauthClientAttestationPop,omitempty"`
	// Extra properties of the new tokens; they win over those bound to the code or the refresh
	// token. Not available in form bodies.
	Properties []Property `json:"properties,omitempty"`
	// The DPoP header: a proof of possession of the client's key (RFC 9449).
	DPoP string `json:"dpop,omitempty"`
	// The HTTP method that the proof must name; absent = POST.
	HTM string `json:"htm,omitempty"`
	// The address that the proof must name; absent = tokenEndpoint of the service.
	HTU string `json:"htu,omitempty"`
	// The proof must carry the engine's nonce, even if the service does not demand it.
	DPoPNonceRequired bool `json:"dpopNonceRequired,omitempty"`
	// Additional claims of a JWT access token: a JSON object as JSON text. Only for client
	// credentials.
	JWTAtClaims string `json:"jwtAtClaims,omitempty"`
	// The value of the access token, where the caller chooses it itself. It must be unguessable.
	AccessToken string `json:"accessToken,omitempty"`
	// Lifetime of the access token in seconds; 0 = as configured.
	AccessTokenDuration int64 `json:"accessTokenDuration,omitempty"`
	// Lifetime of the refresh token in seconds; 0 = as configured.
	RefreshTokenDuration int64 `json:"refreshTokenDuration,omitempty"`
	// How the client's metadata document may be fetched.
	CIMDOptions *CIMDOptions `json:"cimdOptions,omitempty"`
}

// TokenResponse is the answer to a token request, ready to be sent, and what went into it.
type TokenResponse struct {
	Result
	// What to do next.
	Action TokenAction `json:"action,omitempty"`
	// The JSON body; absent where the caller has to decide first.
	ResponseContent string `json:"responseContent,omitempty"`
	// The username of the request; only with PASSWORD.
	Username string `json:"username,omitempty"`
	// The password of the request; only with PASSWORD.
	Password string `json:"password,omitempty"`
	// The handle of this request for token issue and token fail; only with PASSWORD.
	Ticket string `json:"ticket,omitempty"`
	// The access token; always the opaque value.
	AccessToken string `json:"accessToken,omitempty"`
	// When the access token expires: milliseconds since the epoch.
	AccessTokenExpiresAt int64 `json:"accessTokenExpiresAt,omitempty"`
	// Lifetime of the access token in seconds.
	AccessTokenDuration int64 `json:"accessTokenDuration,omitempty"`
	// The access token as a JWT, where the service issues JWTs; this is the one that the client
	// gets.
	JWTAccessToken string `json:"jwtAccessToken,omitempty"`
	// The refresh token.
	RefreshToken string `json:"refreshToken,omitempty"`
	// When the refresh token expires: milliseconds since the epoch.
	RefreshTokenExpiresAt int64 `json:"refreshTokenExpiresAt,omitempty"`
	// Lifetime of the refresh token in seconds.
	RefreshTokenDuration int64 `json:"refreshTokenDuration,omitempty"`
	// The scopes of the refresh token; a refresh may narrow those of the access token only.
	RefreshTokenScopes []string `json:"refreshTokenScopes,omitempty"`
	// The request repeated an earlier refresh and got the same refresh token again.
	PreviousRefreshTokenUsed bool `json:"previousRefreshTokenUsed,omitempty"`
	// The ID token.
	IDToken string `json:"idToken,omitempty"`
	// The grant type of the request.
	GrantType GrantType `json:"grantType,omitempty"`
	// The client's number.
	ClientID int64 `json:"clientId,omitempty"`
	// The client's alias, where it has one.
	ClientIDAlias string `json:"clientIdAlias,omitempty"`
	// The request named the client by its alias.
	ClientIDAliasUsed bool `json:"clientIdAliasUsed,omitempty"`
	// The client's entity identifier in its OpenID Federation.
	ClientEntityID string `json:"clientEntityId,omitempty"`
	// The request named the client by its entity identifier.
	ClientEntityIDUsed bool `json:"clientEntityIdUsed,omitempty"`
	// The address of the client's metadata document, for clients that are known by one.
	MetadataDocumentLocation string `json:"metadataDocumentLocation,omitempty"`
	// The request named the client by the address of its metadata document.
	MetadataDocumentUsed bool `json:"metadataDocumentUsed,omitempty"`
	// How the client authenticated.
	ClientAuthMethod ClientAuthMethod `json:"clientAuthMethod,omitempty"`
	// The user; absent where there is none.
	Subject string `json:"subject,omitempty"`
	// The scopes of the access token.
	Scopes []string `json:"scopes,omitempty"`
	// The extra properties of the access token.
	Properties []Property `json:"properties,omitempty"`
	// The resource parameters of this request.
	Resources []string `json:"resources,omitempty"`
	// The resources that the access token is for.
	AccessTokenResources []string `json:"accessTokenResources,omitempty"`
	// The authorization details of the access token.
	AuthorizationDetails *AuthorizationDetails `json:"authorizationDetails,omitempty"`
	// The grant that the tokens belong to (Grant Management for OAuth 2.0).
	GrantID string `json:"grantId,omitempty"`
	// The attributes of the service, as its owner set them.
	ServiceAttributes []Pair `json:"serviceAttributes,omitempty"`
	// The attributes of the client, as its owner set them.
	ClientAttributes []Pair `json:"clientAttributes,omitempty"`
	// The audience parameters of a token exchange.
	Audiences []string `json:"audiences,omitempty"`
	// The requested_token_type of a token exchange.
	RequestedTokenType TokenType `json:"requestedTokenType,omitempty"`
	// The subject_token of a token exchange.
	SubjectToken string `json:"subjectToken,omitempty"`
	// The subject_token_type of a token exchange.
	SubjectTokenType TokenType `json:"subjectTokenType,omitempty"`
	// What is known of the subject token, where it is an access or refresh token of this service.
	SubjectTokenInfo *TokenInfo `json:"subjectTokenInfo,omitempty"`
	// The actor_token of a token exchange.
	ActorToken string `json:"actorToken,omitempty"`
	// The actor_token_type of a token exchange.
	ActorTokenType TokenType `json:"actorTokenType,omitempty"`
	// What is known of the actor token, where it is an access or refresh token of this service.
	ActorTokenInfo *TokenInfo `json:"actorTokenInfo,omitempty"`
	// The assertion of a JWT bearer request; its signature is not verified.
	Assertion string `json:"assertion,omitempty"`
	// The nonce for key proofs of credential requests (first implementer's draft).
	Cnonce string `json:"cnonce,omitempty"`
	// When that nonce expires: milliseconds since the epoch.
	CnonceExpiresAt int64 `json:"cnonceExpiresAt,omitempty"`
	// Lifetime of that nonce in seconds.
	CnonceDuration int64 `json:"cnonceDuration,omitempty"`
	// The claims that the ID token of the original request had; only with ID_TOKEN_REISSUABLE.
	RequestedIDTokenClaims []string `json:"requestedIdTokenClaims,omitempty"`
	// The session that the tokens belong to, for Native SSO.
	SessionID string `json:"sessionId,omitempty"`
	// The device secret of the request, for Native SSO.
	DeviceSecret string `json:"deviceSecret,omitempty"`
	// The ds_hash of the ID token of the request, for Native SSO.
	DeviceSecretHash string `json:"deviceSecretHash,omitempty"`
	// Claims bound to the tokens, for a new ID token: JSON text.
	AdditionalClaims string `json:"additionalClaims,omitempty"`
	// The value of a DPoP-Nonce header to add, whatever the action is.
	DPoPNonce string `json:"dpopNonce,omitempty"`
	// The value of an OAuth-Client-Attestation-Challenge header to add, whatever the action is.
	AttestationChallenge string `json:"attestationChallenge,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}

// TokenInfo is what the engine knows of a token that a client presented for exchange.
type TokenInfo struct {
	// The client's number.
	ClientID int64 `json:"clientId,omitempty"`
	// The client's alias, where it has one.
	ClientIDAlias string `json:"clientIdAlias,omitempty"`
	// The request named the client by its alias.
	ClientIDAliasUsed bool `json:"clientIdAliasUsed,omitempty"`
	// The client's entity identifier in its OpenID Federation.
	ClientEntityID string `json:"clientEntityId,omitempty"`
	// The request named the client by its entity identifier.
	ClientEntityIDUsed bool `json:"clientEntityIdUsed,omitempty"`
	// The address of the client's metadata document, for clients that are known by one.
	MetadataDocumentLocation string `json:"metadataDocumentLocation,omitempty"`
	// The request named the client by the address of its metadata document.
	MetadataDocumentUsed bool `json:"metadataDocumentUsed,omitempty"`
	// The user; absent where there is none.
	Subject string `json:"subject,omitempty"`
	// The scopes.
	Scopes []Scope `json:"scopes,omitempty"`
	// When the token expires: milliseconds since the epoch.
	ExpiresAt int64 `json:"expiresAt,omitempty"`
	// The extra properties.
	Properties []Property `json:"properties,omitempty"`
	// The resources that the token is for.
	Resources []string `json:"resources,omitempty"`
	// The authorization details.
	AuthorizationDetails *AuthorizationDetails `json:"authorizationDetails,omitempty"`
}
