package wire

import "encoding/json"

// AuthorizationRequest asks the engine to parse and check an authorization request.
type AuthorizationRequest struct {
	// The query or the form body that reached the authorization endpoint, exactly as received.
	// Required.
	Parameters *string `json:"parameters,omitempty"`
	// Any text that the caller wants to find again in the ticket's information.
	Context string `json:"context,omitempty"`
	// How the client's metadata document may be fetched.
	CIMDOptions *CIMDOptions `json:"cimdOptions,omitempty"`
}

// AuthorizationResponse tells what to do with an authorization request, and all that a login and
// consent page needs to know about it.
type AuthorizationResponse struct {
	Result
	// What to do next.
	Action AuthorizationAction `json:"action,omitempty"`
	// What to hand to the browser, ready made; absent with INTERACTION and NO_INTERACTION.
	ResponseContent string `json:"responseContent,omitempty"`
	// The handle of this request for issue and fail, good for one use; only with INTERACTION and
	// NO_INTERACTION.
	Ticket string `json:"ticket,omitempty"`
	// The service, trimmed to apiKey, clientIdAliasEnabled, number and serviceName.
	Service *Service `json:"service,omitempty"`
	// The client, trimmed to what a page shows.
	Client *Client `json:"client,omitempty"`
	// The request named the client by its alias.
	ClientIDAliasUsed bool `json:"clientIdAliasUsed,omitempty"`
	// The request named the client by its entity identifier.
	ClientEntityIDUsed bool `json:"clientEntityIdUsed,omitempty"`
	// The request named the client by the address of its metadata document.
	MetadataDocumentUsed bool `json:"metadataDocumentUsed,omitempty"`
	// How the pages should be shown; PAGE where the request does not say.
	Display Display `json:"display,omitempty"`
	// The greatest age of the login in seconds, from the request or the client's default; 0 = any.
	// Fits 32 bits.
	MaxAge int64 `json:"maxAge,omitempty"`
	// The scopes asked for, as far as the service knows them, or the default scopes.
	Scopes []Scope `json:"scopes,omitempty"`
	// The requested scopes that matched a dynamic scope.
	DynamicScopes []DynamicScope `json:"dynamicScopes,omitempty"`
	// The languages that the user prefers, in order of preference.
	UILocales []string `json:"uiLocales,omitempty"`
	// The languages preferred for claims, in order of preference.
	ClaimsLocales []string `json:"claimsLocales,omitempty"`
	// The names of the claims wanted in the ID token; a name may carry a language
	// (family_name#ja-Kana-JP).
	Claims []string `json:"claims,omitempty"`
	// The names of the claims wanted at the userinfo endpoint.
	ClaimsAtUserInfo []string `json:"claimsAtUserInfo,omitempty"`
	// One of acrs must be reached; otherwise they are a wish.
	ACREssential bool `json:"acrEssential,omitempty"`
	// The authentication context classes asked for, in order of preference: from claims,
	// acr_values or the client's default.
	ACRs []string `json:"acrs,omitempty"`
	// The user that the client expects, from the sub entry of the claims parameter.
	Subject string `json:"subject,omitempty"`
	// The login_hint of the request.
	LoginHint string `json:"loginHint,omitempty"`
	// The lowest of prompts; superseded by prompts.
	LowestPrompt Prompt `json:"lowestPrompt,omitempty"`
	// The interactions asked for. NONE stands alone.
	Prompts []Prompt `json:"prompts,omitempty"`
	// The claims of the request object: JSON text.
	RequestObjectPayload string `json:"requestObjectPayload,omitempty"`
	// The id_token member of the claims parameter: JSON text.
	IDTokenClaims string `json:"idTokenClaims,omitempty"`
	// The userinfo member of the claims parameter: JSON text.
	UserInfoClaims string `json:"userInfoClaims,omitempty"`
	// The transformed claims that the claims parameter defines: JSON text.
	TransformedClaims string `json:"transformedClaims,omitempty"`
	// The claims needed to compute the transformed claims.
	RequestedClaimsForTx []string `json:"requestedClaimsForTx,omitempty"`
	// The verified claims needed to compute the transformed claims, one list per verified_claims
	// entry.
	RequestedVerifiedClaimsForTx [][]string `json:"requestedVerifiedClaimsForTx,omitempty"`
	// The resource parameters (RFC 8707).
	Resources []string `json:"resources,omitempty"`
	// The authorization_details of the request.
	AuthorizationDetails *AuthorizationDetails `json:"authorizationDetails,omitempty"`
	// Why the client wants the claims, to be shown to the user: 3 to 300 characters.
	Purpose string `json:"purpose,omitempty"`
	// What the client wants to do with a grant (grant_management_action).
	GMAction GMAction `json:"gmAction,omitempty"`
	// The grant that the client named (grant_id).
	GrantID string `json:"grantId,omitempty"`
	// The user who gave that grant.
	GrantSubject string `json:"grantSubject,omitempty"`
	// What that grant contains.
	Grant *Grant `json:"grant,omitempty"`
	// The credential offer that the issuer_state of the request belongs to.
	CredentialOfferInfo *CredentialOfferInfo `json:"credentialOfferInfo,omitempty"`
	// The credentials that the token would allow to obtain: JSON text.
	IssuableCredentials string `json:"issuableCredentials,omitempty"`
	// The request asks for Native SSO: issue needs a sessionId.
	NativeSsoRequested bool `json:"nativeSsoRequested,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}

// AuthorizationIssueRequest answers an authorization request with yes.
type AuthorizationIssueRequest struct {
	// The ticket of the authorization response. Required.
	Ticket string `json:"ticket,omitempty"`
	// The user: up to 100 ASCII characters. Required unless the response type is none.
	Subject string `json:"subject,omitempty"`
	// The sub of the ID token where it is not to be the subject; the access token keeps the
	// subject.
	Sub string `json:"sub,omitempty"`
	// When the user logged in: seconds since the epoch, 0 = not said.
	AuthTime int64 `json:"authTime,omitempty"`
	// The authentication context class that was reached.
	ACR string `json:"acr,omitempty"`
	// The user's claims for the ID token: a JSON object as JSON text.
	Claims string `json:"claims,omitempty"`
	// Extra properties of the tokens. Not available in form bodies.
	Properties []Property `json:"properties,omitempty"`
	// The scopes to grant. Absent (nil) = as requested, empty = none. Others may be added, but not
	// openid.
	Scopes []string `json:"scopes,omitzero"`
	// Additions to the header of the ID token: a JSON object as JSON text.
	IDTHeaderParams string `json:"idtHeaderParams,omitempty"`
	// The details to grant in place of the requested ones.
	AuthorizationDetails *AuthorizationDetails `json:"authorizationDetails,omitempty"`
	// The claims that the user agreed to give. Absent (nil) = not said, empty = none.
	ConsentedClaims []string `json:"consentedClaims,omitzero"`
	// The claims that requestedClaimsForTx asked for: a JSON object as JSON text.
	ClaimsForTx string `json:"claimsForTx,omitempty"`
	// The verified claims that requestedVerifiedClaimsForTx asked for: one JSON text per entry.
	VerifiedClaimsForTx []string `json:"verifiedClaimsForTx,omitempty"`
	// Additional claims of a JWT access token: a JSON object as JSON text.
	JWTAtClaims string `json:"jwtAtClaims,omitempty"`
	// The value of the access token, where the caller chooses it itself and the response type has
	// token. It must be unguessable.
	AccessToken string `json:"accessToken,omitempty"`
	// Lifetime of the access token in seconds; 0 = as configured.
	AccessTokenDuration int64 `json:"accessTokenDuration,omitempty"`
	// The form of aud in the ID token: array or string. Absent = as the service says.
	IDTokenAudType string `json:"idTokenAudType,omitempty"`
	// The user's session: becomes sid of the ID token. Required where nativeSsoRequested was true.
	SessionID string `json:"sessionId,omitempty"`
}

// AuthorizationIssueResponse is the response of the authorization endpoint, ready to be sent.
type AuthorizationIssueResponse struct {
	Result
	// What to do next.
	Action AuthorizationIssueAction `json:"action,omitempty"`
	// What to hand on, ready made; the action says as what.
	ResponseContent string `json:"responseContent,omitempty"`
	// The access token, where the response type has token.
	AccessToken string `json:"accessToken,omitempty"`
	// When the access token expires: milliseconds since the epoch.
	AccessTokenExpiresAt int64 `json:"accessTokenExpiresAt,omitempty"`
	// Lifetime of the access token in seconds.
	AccessTokenDuration int64 `json:"accessTokenDuration,omitempty"`
	// The ID token, where the response type has id_token.
	IDToken string `json:"idToken,omitempty"`
	// The code, where the response type has code.
	AuthorizationCode string `json:"authorizationCode,omitempty"`
	// The access token as a JWT, where the service issues JWTs.
	JWTAccessToken string `json:"jwtAccessToken,omitempty"`
	// What the caller had attached to the ticket.
	TicketInfo *AuthorizationTicketInfo `json:"ticketInfo,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}

// AuthorizationTicketInfo is what a caller attached to a ticket.
type AuthorizationTicketInfo struct {
	// The text given as context.
	Context string `json:"context,omitempty"`
}

// UnmarshalJSON takes the object, a text that holds it, and any other text,
// which then is the context: published clients send an object or a text.
func (i *AuthorizationTicketInfo) UnmarshalJSON(data []byte) error {
	type plain AuthorizationTicketInfo
	if len(data) == 0 || data[0] != '"' {
		return json.Unmarshal(data, (*plain)(i))
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	var held struct {
		Context *string `json:"context"`
	}
	if i.Context = text; json.Unmarshal([]byte(text), &held) == nil && held.Context != nil {
		i.Context = *held.Context
	}
	return nil
}

// AuthorizationTicketInfoRequest asks what is attached to a ticket.
type AuthorizationTicketInfoRequest struct {
	// The ticket of the authorization response. Required.
	Ticket string `json:"ticket,omitempty"`
}

// AuthorizationTicketInfoResponse tells what is attached to a ticket.
type AuthorizationTicketInfoResponse struct {
	Result
	// What was found.
	Action AuthorizationTicketAction `json:"action,omitempty"`
	// What is attached to the ticket.
	Info *AuthorizationTicketInfo `json:"info,omitempty"`
}

// AuthorizationTicketUpdateRequest attaches something else to a ticket.
type AuthorizationTicketUpdateRequest struct {
	// The ticket of the authorization response. Required.
	Ticket string `json:"ticket,omitempty"`
	// What to attach in place of what is there. Required.
	Info *AuthorizationTicketInfo `json:"info,omitempty"`
}

// AuthorizationTicketUpdateResponse tells whether it was attached.
type AuthorizationTicketUpdateResponse struct {
	Result
	// What was found.
	Action AuthorizationTicketAction `json:"action,omitempty"`
	// Always absent: published clients disagree on whether it is an object or text.
	Info *AuthorizationTicketInfo `json:"info,omitempty"`
}

// AuthorizationFailRequest answers an authorization request with no.
type AuthorizationFailRequest struct {
	// The ticket of the authorization response. Required.
	Ticket string `json:"ticket,omitempty"`
	// Why; it decides the error that the client gets. Required.
	Reason AuthorizationFailReason `json:"reason,omitempty"`
	// The error_description for the client; absent = one made from the reason.
	Description string `json:"description,omitempty"`
}

// AuthorizationFailResponse is the error response of the authorization endpoint, ready to be sent.
type AuthorizationFailResponse struct {
	Result
	// What to do next.
	Action AuthorizationFailAction `json:"action,omitempty"`
	// What to hand on, ready made; the action says as what.
	ResponseContent string `json:"responseContent,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}

// CredentialOfferInfo is a credential offer (OpenID for Verifiable Credential Issuance).
type CredentialOfferInfo struct {
	// The handle of the offer.
	Identifier string `json:"identifier,omitempty"`
	// The offer itself: JSON text.
	CredentialOffer string `json:"credentialOffer,omitempty"`
	// The credential issuer that makes the offer.
	CredentialIssuer string `json:"credentialIssuer,omitempty"`
	// The credential configurations on offer.
	CredentialConfigurationIDs []string `json:"credentialConfigurationIds,omitempty"`
	// The offer has an authorization_code grant.
	AuthorizationCodeGrantIncluded bool `json:"authorizationCodeGrantIncluded,omitempty"`
	// That grant has an issuer_state.
	IssuerStateIncluded bool `json:"issuerStateIncluded,omitempty"`
	// The issuer_state.
	IssuerState string `json:"issuerState,omitempty"`
	// The offer has a pre-authorized code grant.
	PreAuthorizedCodeGrantIncluded bool `json:"preAuthorizedCodeGrantIncluded,omitempty"`
	// The pre-authorized code.
	PreAuthorizedCode string `json:"preAuthorizedCode,omitempty"`
	// The user whom the offer is for.
	Subject string `json:"subject,omitempty"`
	// When the offer expires: milliseconds since the epoch.
	ExpiresAt int64 `json:"expiresAt,omitempty"`
	// The text that the caller attached to the offer.
	Context string `json:"context,omitempty"`
	// Extra properties of tokens made from the offer.
	Properties []Property `json:"properties,omitempty"`
	// Additional claims of JWT access tokens made from the offer: JSON text.
	JWTAtClaims string `json:"jwtAtClaims,omitempty"`
	// When the user logged in, for the making of the offer: seconds since the epoch.
	AuthTime int64 `json:"authTime,omitempty"`
	// The authentication context class that was reached then.
	ACR string `json:"acr,omitempty"`
	// The transaction code that the wallet must present.
	TxCode string `json:"txCode,omitempty"`
	// What the transaction code consists of: numeric or text.
	TxCodeInputMode string `json:"txCodeInputMode,omitempty"`
	// What to tell the user about the transaction code.
	TxCodeDescription string `json:"txCodeDescription,omitempty"`
}
