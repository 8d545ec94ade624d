package wire

// PushedAuthReqRequest hands over a pushed authorization request (RFC 9126).
type PushedAuthReqRequest struct {
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
	// The DPoP header: a proof of possession of the client's key (RFC 9449).
	DPoP string `json:"dpop,omitempty"`
	// The HTTP method that the proof must name; absent = POST.
	HTM string `json:"htm,omitempty"`
	// The address that the proof must name; absent = pushedAuthReqEndpoint of the service.
	HTU string `json:"htu,omitempty"`
	// The proof must carry the engine's nonce, even if the service does not demand it.
	DPoPNonceRequired bool `json:"dpopNonceRequired,omitempty"`
}

// PushedAuthReqResponse is the answer to a pushed authorization request, ready to be sent.
type PushedAuthReqResponse struct {
	Result
	// The HTTP status.
	Action PushedAuthReqAction `json:"action,omitempty"`
	// The JSON body.
	ResponseContent string `json:"responseContent,omitempty"`
	// How the client authenticated.
	ClientAuthMethod ClientAuthMethod `json:"clientAuthMethod,omitempty"`
	// The request_uri, good for one authorization.
	RequestURI string `json:"requestUri,omitempty"`
	// The value of a DPoP-Nonce header to add, whatever the action is.
	DPoPNonce string `json:"dpopNonce,omitempty"`
	// The value of an OAuth-Client-Attestation-Challenge header to add, whatever the action is.
	AttestationChallenge string `json:"attestationChallenge,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}
