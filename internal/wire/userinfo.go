package wire

// UserInfoRequest hands over the token of a request that reached the userinfo endpoint.
type UserInfoRequest struct {
	// The access token that the request carried. Required.
	Token string `json:"token,omitempty"`
	// The certificate (PEM) that the client presented at the TLS layer.
	ClientCertificate string `json:"clientCertificate,omitempty"`
	// The DPoP header: a proof of possession of the client's key (RFC 9449).
	DPoP string `json:"dpop,omitempty"`
	// The HTTP method of the request, which the proof must name.
	HTM string `json:"htm,omitempty"`
	// The address that the proof must name; absent = userInfoEndpoint of the service.
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
}

// UserInfoResponse tells whose claims the client may have, and which ones it wants.
type UserInfoResponse struct {
	Result
	// What to do next.
	Action UserInfoAction `json:"action,omitempty"`
	// The value of the WWW-Authenticate header of a refusal.
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
	// The user whose claims are wanted.
	Subject string `json:"subject,omitempty"`
	// The access token of the request, for issue.
	Token string `json:"token,omitempty"`
	// The scopes of the token.
	Scopes []string `json:"scopes,omitempty"`
	// The names of the claims wanted; a name may carry a language (family_name#ja-Kana-JP).
	Claims []string `json:"claims,omitempty"`
	// The userinfo member of the claims parameter of the authorization request: JSON text.
	UserInfoClaims string `json:"userInfoClaims,omitempty"`
	// The transformed claims that the claims parameter defined: JSON text.
	TransformedClaims string `json:"transformedClaims,omitempty"`
	// The claims needed to compute the transformed claims.
	RequestedClaimsForTx []string `json:"requestedClaimsForTx,omitempty"`
	// The verified claims needed to compute the transformed claims, one list per verified_claims
	// entry.
	RequestedVerifiedClaimsForTx [][]string `json:"requestedVerifiedClaimsForTx,omitempty"`
	// The claims that the user agreed to give.
	ConsentedClaims []string `json:"consentedClaims,omitempty"`
	// The extra properties of the token, the hidden ones too.
	Properties []Property `json:"properties,omitempty"`
	// The attributes of the service, as its owner set them.
	ServiceAttributes []Pair `json:"serviceAttributes,omitempty"`
	// The attributes of the client, as its owner set them.
	ClientAttributes []Pair `json:"clientAttributes,omitempty"`
	// The value of a DPoP-Nonce header to add, whatever the action is.
	DPoPNonce string `json:"dpopNonce,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}

// UserInfoIssueRequest hands over the claims for a userinfo response.
type UserInfoIssueRequest struct {
	// The access token of the request. Required.
	Token string `json:"token,omitempty"`
	// The claims of the user: a JSON object as JSON text. Only those that the client may have are
	// used.
	Claims string `json:"claims,omitempty"`
	// The sub of the response where it is not to be the subject of the token.
	Sub string `json:"sub,omitempty"`
	// The claims that requestedClaimsForTx asked for: a JSON object as JSON text.
	ClaimsForTx string `json:"claimsForTx,omitempty"`
	// The verified claims that requestedVerifiedClaimsForTx asked for: one JSON text per entry.
	VerifiedClaimsForTx []string `json:"verifiedClaimsForTx,omitempty"`
	// The Signature header of the request, which a signed response covers (RFC 9421).
	RequestSignature string `json:"requestSignature,omitempty"`
	// The header fields of the response that a signature is to cover.
	Headers []Pair `json:"headers,omitempty"`
}

// UserInfoIssueResponse is the answer of the userinfo endpoint, ready to be sent.
type UserInfoIssueResponse struct {
	Result
	// What to answer.
	Action UserInfoIssueAction `json:"action,omitempty"`
	// The JSON body, the JWT, or the value of the WWW-Authenticate header of a refusal.
	ResponseContent string `json:"responseContent,omitempty"`
	// The Signature header of the response, where rsResponseSigned of the service is on.
	Signature string `json:"signature,omitempty"`
	// The Signature-Input header of the response.
	SignatureInput string `json:"signatureInput,omitempty"`
	// The Content-Digest header of the response.
	ContentDigest string `json:"contentDigest,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}
