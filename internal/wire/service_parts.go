package wire

// HSK is a key in a hardware security module.
type HSK struct {
	// The key type: EC or RSA.
	Kty string `json:"kty,omitempty"`
	// What the key is for: sig or enc.
	Use string `json:"use,omitempty"`
	// The algorithm (RFC 7518) that the key is for.
	Alg string `json:"alg,omitempty"`
	// The key id in the JWK Set of the service.
	Kid string `json:"kid,omitempty"`
	// The module that holds the key.
	HsmName string `json:"hsmName,omitempty"`
	// The name of the key in the hsk operations: 43 characters. Read-only.
	Handle string `json:"handle,omitempty"`
	// The public key: PEM. Read-only.
	PublicKey string `json:"publicKey,omitempty"`
}

// TrustAnchor is an entity that a service trusts in an OpenID Federation.
type TrustAnchor struct {
	// The entity identifier.
	EntityID string `json:"entityId,omitempty"`
	// The keys of the entity: a JWK Set as JSON text.
	JWKS string `json:"jwks,omitempty"`
}

// SnsCredentials are the credentials of a service at a social network. They are kept without
// effect.
type SnsCredentials struct {
	// The network.
	Sns Sns `json:"sns,omitempty"`
	// The user name there.
	APIKey string `json:"apiKey,omitempty"`
	// The password there.
	APISecret string `json:"apiSecret,omitempty"`
}

// CredentialIssuerMetadata is what a credential issuer publishes about itself (OpenID for
// Verifiable Credential Issuance).
type CredentialIssuerMetadata struct {
	// The credential issuer identifier.
	CredentialIssuer string `json:"credentialIssuer,omitempty"`
	// The authorization servers that the issuer relies on; absent = the issuer is its own.
	AuthorizationServers []string `json:"authorizationServers,omitempty"`
	// The credential endpoint.
	CredentialEndpoint string `json:"credentialEndpoint,omitempty"`
	// The batch credential endpoint; first implementer's draft only.
	BatchCredentialEndpoint string `json:"batchCredentialEndpoint,omitempty"`
	// The deferred credential endpoint.
	DeferredCredentialEndpoint string `json:"deferredCredentialEndpoint,omitempty"`
	// Where wallets report what became of a credential.
	NotificationEndpoint string `json:"notificationEndpoint,omitempty"`
	// Where wallets obtain nonces for key proofs.
	NonceEndpoint string `json:"nonceEndpoint,omitempty"`
	// The key management algorithms for encrypted responses.
	CredentialResponseEncryptionAlgValuesSupported []JWEAlg `json:"credentialResponseEncryptionAlgValuesSupported,omitempty"`
	// The content encryption algorithms for encrypted responses.
	CredentialResponseEncryptionEncValuesSupported []JWEEnc `json:"credentialResponseEncryptionEncValuesSupported,omitempty"`
	// The compressions for encrypted responses.
	CredentialResponseEncryptionZipValuesSupported []CompressionAlg `json:"credentialResponseEncryptionZipValuesSupported,omitempty"`
	// Every response is encrypted.
	RequireCredentialResponseEncryption bool `json:"requireCredentialResponseEncryption,omitempty"`
	// The keys for encrypted requests, with their private parts: a JWK Set as JSON text.
	CredentialRequestEncryptionJWKS string `json:"credentialRequestEncryptionJwks,omitempty"`
	// The content encryption algorithms for encrypted requests.
	CredentialRequestEncryptionEncValuesSupported []JWEEnc `json:"credentialRequestEncryptionEncValuesSupported,omitempty"`
	// The compressions for encrypted requests.
	CredentialRequestEncryptionZipValuesSupported []CompressionAlg `json:"credentialRequestEncryptionZipValuesSupported,omitempty"`
	// Every request must be encrypted.
	RequireCredentialRequestEncryption bool `json:"requireCredentialRequestEncryption,omitempty"`
	// How many key proofs one request may have; 0 = one.
	BatchSize int `json:"batchSize,omitempty"`
	// How to show the issuer in several languages: a JSON array as JSON text.
	Display string `json:"display,omitempty"`
	// The credential configurations: a JSON object as JSON text.
	CredentialsSupported string `json:"credentialsSupported,omitempty"`
}
