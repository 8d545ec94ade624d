package wire

// IntrospectionRequest asks, for a resource server, whether a token allows a request.
type IntrospectionRequest struct {
	// The access token that the request carried; opaque or JWT. Required.
	Token string `json:"token,omitempty"`
	// The scopes that the resource needs, all of them.
	Scopes []string `json:"scopes,omitempty"`
	// The user that the token must belong to.
	Subject string `json:"subject,omitempty"`
	// The certificate (PEM) that the client presented at the TLS layer.
	ClientCertificate string `json:"clientCertificate,omitempty"`
	// The DPoP header: a proof of possession of the client's key (RFC 9449).
	DPoP string `json:"dpop,omitempty"`
	// The HTTP method of the request, which the proof must name.
	HTM string `json:"htm,omitempty"`
	// The address of the request, which the proof must name, without query and fragment.
	HTU string `json:"htu,omitempty"`
	// The proof must carry the engine's nonce, even if the service does not demand it.
	DPoPNonceRequired bool `json:"dpopNonceRequired,omitempty"`
	// The address of the request; superseded by targetUri.
	URI string `json:"uri,omitempty"`
	// The address of the request with its query, for HTTP message signatures (RFC 9421).
	TargetURI string `json:"targetUri,omitempty"`
	// The body of the request; superseded by headers and requestBodyContained.
	Message string `json:"message,omitempty"`
	// The header fields of the request, for HTTP message signatures.
	Headers []Pair `json:"headers,omitempty"`
	// The request has a body, so that the signature must cover its digest.
	RequestBodyContained bool `json:"requestBodyContained,omitempty"`
	// The components that the signature must cover; absent = @method, @target-uri, authorization
	// and, where sent, dpop.
	RequiredComponents []string `json:"requiredComponents,omitempty"`
	// The authentication context classes of which one must have been reached (RFC 9470).
	ACRValues []string `json:"acrValues,omitempty"`
	// The greatest age of the login in seconds (RFC 9470); 0 = any. Fits 32 bits.
	MaxAge int64 `json:"maxAge,omitempty"`
	// The resources that the token must be for (RFC 8707).
	Resources []string `json:"resources,omitempty"`
}

// IntrospectionResponse tells whether a token allows a request, and what is known of the token.
type IntrospectionResponse struct {
	Result
	// What to do next.
	Action IntrospectionAction `json:"action,omitempty"`
	// The value of the WWW-Authenticate header. With OK it is a challenge for a resource server
	// that wants to refuse the request as malformed.
	ResponseContent string `json:"responseContent,omitempty"`
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
	// The scopes of the token.
	Scopes []string `json:"scopes,omitempty"`
	// The scopes of the token with their attributes.
	ScopeDetails []Scope `json:"scopeDetails,omitempty"`
	// The token is known.
	Existent bool `json:"existent,omitempty"`
	// The token is known and has not expired.
	Usable bool `json:"usable,omitempty"`
	// The token has all scopes asked for.
	Sufficient bool `json:"sufficient,omitempty"`
	// The token has a refresh token that is still good.
	Refreshable bool `json:"refreshable,omitempty"`
	// When the token expires: milliseconds since the epoch.
	ExpiresAt int64 `json:"expiresAt,omitempty"`
	// The extra properties of the token, the hidden ones too.
	Properties []Property `json:"properties,omitempty"`
	// The certificate that the token is bound to: SHA-256 of its DER, base64url.
	CertificateThumbprint string `json:"certificateThumbprint,omitempty"`
	// The resources of the authorization request.
	Resources []string `json:"resources,omitempty"`
	// The resources that the access token is for.
	AccessTokenResources []string `json:"accessTokenResources,omitempty"`
	// The authorization details of the token.
	AuthorizationDetails *AuthorizationDetails `json:"authorizationDetails,omitempty"`
	// The grant that the token belongs to (Grant Management for OAuth 2.0).
	GrantID string `json:"grantId,omitempty"`
	// What that grant contains.
	Grant *Grant `json:"grant,omitempty"`
	// The claims that the user agreed to give.
	ConsentedClaims []string `json:"consentedClaims,omitempty"`
	// The attributes of the service, as its owner set them.
	ServiceAttributes []Pair `json:"serviceAttributes,omitempty"`
	// The attributes of the client, as its owner set them.
	ClientAttributes []Pair `json:"clientAttributes,omitempty"`
	// The token is only for fetching an external attachment (OpenID for Identity Assurance).
	ForExternalAttachment bool `json:"forExternalAttachment,omitempty"`
	// The authentication context class that was reached when the token was asked for.
	ACR string `json:"acr,omitempty"`
	// When the user logged in: seconds since the epoch.
	AuthTime int64 `json:"authTime,omitempty"`
	// How the token was obtained.
	GrantType GrantType `json:"grantType,omitempty"`
	// The token may be used at the credential endpoints.
	ForCredentialIssuance bool `json:"forCredentialIssuance,omitempty"`
	// The nonce for key proofs of credential requests (first implementer's draft).
	Cnonce string `json:"cnonce,omitempty"`
	// When that nonce expires: milliseconds since the epoch.
	CnonceExpiresAt int64 `json:"cnonceExpiresAt,omitempty"`
	// The credentials that the token allows to obtain: JSON text.
	IssuableCredentials string `json:"issuableCredentials,omitempty"`
	// The value of a DPoP-Nonce header to add, whatever the action is.
	DPoPNonce string `json:"dpopNonce,omitempty"`
	// The response of the resource server must be signed (RFC 9421).
	ResponseSigningRequired bool `json:"responseSigningRequired,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}

// StandardIntrospectionRequest hands over a request that reached an introspection endpoint (RFC
// 7662). Its sender has been authenticated by the caller.
type StandardIntrospectionRequest struct {
	// The form body that reached the endpoint, exactly as received. Required.
	Parameters *string `json:"parameters,omitempty"`
	// Tell hidden properties of the token too.
	WithHiddenProperties bool `json:"withHiddenProperties,omitempty"`
	// The resource server that asks; it must be in the token's audience. Needed for signed
	// answers.
	RSURI string `json:"rsUri,omitempty"`
	// The Accept header of the request; application/token-introspection+jwt asks for a signed
	// answer (RFC 9701).
	HTTPAcceptHeader string `json:"httpAcceptHeader,omitempty"`
	// The signature algorithm of a signed answer; absent = RS256.
	IntrospectionSignAlg JWSAlg `json:"introspectionSignAlg,omitempty"`
	// The key management algorithm, where the signed answer is encrypted as well.
	IntrospectionEncryptionAlg JWEAlg `json:"introspectionEncryptionAlg,omitempty"`
	// The content encryption algorithm for that.
	IntrospectionEncryptionEnc JWEEnc `json:"introspectionEncryptionEnc,omitempty"`
	// The resource server's secret, for symmetric signatures.
	SharedKeyForSign string `json:"sharedKeyForSign,omitempty"`
	// The resource server's secret, for symmetric encryption.
	SharedKeyForEncryption string `json:"sharedKeyForEncryption,omitempty"`
	// The resource server's public key, for asymmetric encryption: a JWK as JSON text.
	PublicKeyForEncryption string `json:"publicKeyForEncryption,omitempty"`
}

// StandardIntrospectionResponse is the answer of an introspection endpoint, ready to be sent.
type StandardIntrospectionResponse struct {
	Result
	// What to answer.
	Action StandardIntrospectionAction `json:"action,omitempty"`
	// The JSON body, or the JWT.
	ResponseContent string `json:"responseContent,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}
