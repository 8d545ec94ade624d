package wire

// RevocationRequest hands over a request that reached a revocation endpoint (RFC 7009).
type RevocationRequest struct {
	// The form body that reached the endpoint, exactly as received. Required.
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
}

// RevocationResponse is the answer of a revocation endpoint, ready to be sent.
type RevocationResponse struct {
	Result
	// What to answer.
	Action RevocationAction `json:"action,omitempty"`
	// The JSON of a refusal, or a JavaScript call where the request has a callback parameter.
	ResponseContent string `json:"responseContent,omitempty"`
	// The value of an OAuth-Client-Attestation-Challenge header to add, whatever the action is.
	AttestationChallenge string `json:"attestationChallenge,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}
