package oauth

// ErrorCode is the value of an error member in what an OAuth client sees.
type ErrorCode string

// The error codes, in the order of the documents that define them.
const (
	// RFC 6749 §4.1.2.1 and §5.2
	InvalidRequest          ErrorCode = "invalid_request"
	InvalidClient           ErrorCode = "invalid_client"
	InvalidGrant            ErrorCode = "invalid_grant"
	UnauthorizedClient      ErrorCode = "unauthorized_client"
	UnsupportedGrantType    ErrorCode = "unsupported_grant_type"
	UnsupportedResponseType ErrorCode = "unsupported_response_type"
	InvalidScope            ErrorCode = "invalid_scope"
	AccessDenied            ErrorCode = "access_denied"
	ServerError             ErrorCode = "server_error"
	TemporarilyUnavailable  ErrorCode = "temporarily_unavailable"
	// RFC 6750 §3.1
	InvalidToken      ErrorCode = "invalid_token"
	InsufficientScope ErrorCode = "insufficient_scope"
	// RFC 9470 §3
	InsufficientUserAuthentication ErrorCode = "insufficient_user_authentication"
	// RFC 7009 §2.2.1
	UnsupportedTokenType ErrorCode = "unsupported_token_type"
	// RFC 7591 §3.2.2
	InvalidRedirectURI          ErrorCode = "invalid_redirect_uri"
	InvalidClientMetadata       ErrorCode = "invalid_client_metadata"
	InvalidSoftwareStatement    ErrorCode = "invalid_software_statement"
	UnapprovedSoftwareStatement ErrorCode = "unapproved_software_statement"
	// RFC 8707 §2
	InvalidTarget ErrorCode = "invalid_target"
	// RFC 9396 §5
	InvalidAuthorizationDetails ErrorCode = "invalid_authorization_details"
	// RFC 9101 §7
	InvalidRequestURI       ErrorCode = "invalid_request_uri"
	InvalidRequestObject    ErrorCode = "invalid_request_object"
	RequestNotSupported     ErrorCode = "request_not_supported"
	RequestURINotSupported  ErrorCode = "request_uri_not_supported"
	RegistrationUnsupported ErrorCode = "registration_not_supported"
	// RFC 9449 §5 and §8
	InvalidDPoPProof ErrorCode = "invalid_dpop_proof"
	UseDPoPNonce     ErrorCode = "use_dpop_nonce"
	// OpenID Connect Core §3.1.2.6
	LoginRequired            ErrorCode = "login_required"
	AccountSelectionRequired ErrorCode = "account_selection_required"
	ConsentRequired          ErrorCode = "consent_required"
	InteractionRequired      ErrorCode = "interaction_required"
	// OpenID Connect Core Error Code unmet_authentication_requirements
	UnmetAuthenticationRequirements ErrorCode = "unmet_authentication_requirements"
)
