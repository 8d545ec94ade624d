package wire

// AuthorizationAction tells what to do after /auth/authorization.
type AuthorizationAction string

// The values of AuthorizationAction.
const (
	// Answer the browser with 500 and the JSON of responseContent.
	AuthorizationActionInternalServerError AuthorizationAction = "INTERNAL_SERVER_ERROR"
	// Answer 400 and the JSON: redirecting is impossible or unsafe.
	AuthorizationActionBadRequest AuthorizationAction = "BAD_REQUEST"
	// Answer 302 with responseContent as Location: the request is refused.
	AuthorizationActionLocation AuthorizationAction = "LOCATION"
	// Answer 200 with the HTML page of responseContent: the request is refused by form post.
	AuthorizationActionForm AuthorizationAction = "FORM"
	// Decide without showing a page, then call issue or fail.
	AuthorizationActionNoInteraction AuthorizationAction = "NO_INTERACTION"
	// Let the user log in and consent, then call issue or fail.
	AuthorizationActionInteraction AuthorizationAction = "INTERACTION"
)

var authorizationActions = names[AuthorizationAction]{
	AuthorizationActionInternalServerError,
	AuthorizationActionBadRequest,
	AuthorizationActionLocation,
	AuthorizationActionForm,
	AuthorizationActionNoInteraction,
	AuthorizationActionInteraction,
}

// Known tells whether v is a published name.
func (v AuthorizationAction) Known() bool { return authorizationActions.known(v) }

// AuthorizationIssueAction tells what to do after /auth/authorization/issue.
type AuthorizationIssueAction string

// The values of AuthorizationIssueAction.
const (
	// Answer 500 and the JSON of responseContent.
	AuthorizationIssueActionInternalServerError AuthorizationIssueAction = "INTERNAL_SERVER_ERROR"
	// Answer 400 and the JSON: the ticket is unknown, used or expired.
	AuthorizationIssueActionBadRequest AuthorizationIssueAction = "BAD_REQUEST"
	// Answer 302 with responseContent as Location.
	AuthorizationIssueActionLocation AuthorizationIssueAction = "LOCATION"
	// Answer 200 with the HTML page of responseContent.
	AuthorizationIssueActionForm AuthorizationIssueAction = "FORM"
)

var authorizationIssueActions = names[AuthorizationIssueAction]{
	AuthorizationIssueActionInternalServerError,
	AuthorizationIssueActionBadRequest,
	AuthorizationIssueActionLocation,
	AuthorizationIssueActionForm,
}

// Known tells whether v is a published name.
func (v AuthorizationIssueAction) Known() bool { return authorizationIssueActions.known(v) }

// AuthorizationFailAction tells what to do after /auth/authorization/fail.
type AuthorizationFailAction string

// The values of AuthorizationFailAction.
const (
	// Answer 500 and the JSON of responseContent.
	AuthorizationFailActionInternalServerError AuthorizationFailAction = "INTERNAL_SERVER_ERROR"
	// Answer 400 and the JSON: the ticket is unknown, used or expired.
	AuthorizationFailActionBadRequest AuthorizationFailAction = "BAD_REQUEST"
	// Answer 302 with responseContent as Location.
	AuthorizationFailActionLocation AuthorizationFailAction = "LOCATION"
	// Answer 200 with the HTML page of responseContent.
	AuthorizationFailActionForm AuthorizationFailAction = "FORM"
)

var authorizationFailActions = names[AuthorizationFailAction]{
	AuthorizationFailActionInternalServerError,
	AuthorizationFailActionBadRequest,
	AuthorizationFailActionLocation,
	AuthorizationFailActionForm,
}

// Known tells whether v is a published name.
func (v AuthorizationFailAction) Known() bool { return authorizationFailActions.known(v) }

// AuthorizationTicketAction tells what was found of a ticket.
type AuthorizationTicketAction string

// The values of AuthorizationTicketAction.
const (
	// The ticket is there.
	AuthorizationTicketActionOK AuthorizationTicketAction = "OK"
	// The ticket is unknown, used or expired.
	AuthorizationTicketActionNotFound AuthorizationTicketAction = "NOT_FOUND"
	// The call is wrong.
	AuthorizationTicketActionCallerError AuthorizationTicketAction = "CALLER_ERROR"
	// The engine failed.
	AuthorizationTicketActionAuthleteError AuthorizationTicketAction = "AUTHLETE_ERROR"
)

var authorizationTicketActions = names[AuthorizationTicketAction]{
	AuthorizationTicketActionOK,
	AuthorizationTicketActionNotFound,
	AuthorizationTicketActionCallerError,
	AuthorizationTicketActionAuthleteError,
}

// Known tells whether v is a published name.
func (v AuthorizationTicketAction) Known() bool { return authorizationTicketActions.known(v) }

// AuthorizationFailReason is why an authorization request is not granted. The
// comment of each value names the error that the client gets.
type AuthorizationFailReason string

// The values of AuthorizationFailReason.
const (
	// server_error
	FailReasonUnknown AuthorizationFailReason = "UNKNOWN"
	// login_required: no user is logged in and no page may be shown.
	FailReasonNotLoggedIn AuthorizationFailReason = "NOT_LOGGED_IN"
	// login_required: the time of the login is not known.
	FailReasonMaxAgeNotSupported AuthorizationFailReason = "MAX_AGE_NOT_SUPPORTED"
	// login_required: the login is too old.
	FailReasonExceedsMaxAge AuthorizationFailReason = "EXCEEDS_MAX_AGE"
	// login_required: another user than the requested one.
	FailReasonDifferentSubject AuthorizationFailReason = "DIFFERENT_SUBJECT"
	// unmet_authentication_requirements
	FailReasonACRNotSatisfied AuthorizationFailReason = "ACR_NOT_SATISFIED"
	// access_denied: the user said no.
	FailReasonDenied AuthorizationFailReason = "DENIED"
	// server_error
	FailReasonServerError AuthorizationFailReason = "SERVER_ERROR"
	// login_required: the login failed.
	FailReasonNotAuthenticated AuthorizationFailReason = "NOT_AUTHENTICATED"
	// account_selection_required
	FailReasonAccountSelectionRequired AuthorizationFailReason = "ACCOUNT_SELECTION_REQUIRED"
	// consent_required
	FailReasonConsentRequired AuthorizationFailReason = "CONSENT_REQUIRED"
	// interaction_required
	FailReasonInteractionRequired AuthorizationFailReason = "INTERACTION_REQUIRED"
	// invalid_target
	FailReasonInvalidTarget AuthorizationFailReason = "INVALID_TARGET"
	// invalid_scope
	FailReasonInvalidScope AuthorizationFailReason = "INVALID_SCOPE"
	// unauthorized_client
	FailReasonUnauthorizedClient AuthorizationFailReason = "UNAUTHORIZED_CLIENT"
	// temporarily_unavailable
	FailReasonTemporarilyUnavailable AuthorizationFailReason = "TEMPORARILY_UNAVAILABLE"
)

var authorizationFailReasons = names[AuthorizationFailReason]{
	FailReasonUnknown,
	FailReasonNotLoggedIn,
	FailReasonMaxAgeNotSupported,
	FailReasonExceedsMaxAge,
	FailReasonDifferentSubject,
	FailReasonACRNotSatisfied,
	FailReasonDenied,
	FailReasonServerError,
	FailReasonNotAuthenticated,
	FailReasonAccountSelectionRequired,
	FailReasonConsentRequired,
	FailReasonInteractionRequired,
	FailReasonInvalidTarget,
	FailReasonInvalidScope,
	FailReasonUnauthorizedClient,
	FailReasonTemporarilyUnavailable,
}

// Known tells whether v is a published name.
func (v AuthorizationFailReason) Known() bool { return authorizationFailReasons.known(v) }

// UnmarshalText accepts the published names and the empty text.
func (v *AuthorizationFailReason) UnmarshalText(text []byte) error {
	return authorizationFailReasons.read(v, text)
}

// PushedAuthReqAction tells what to answer a pushed authorization request; the
// body is the JSON of responseContent.
type PushedAuthReqAction string

// The values of PushedAuthReqAction.
const (
	// 201
	PushedAuthReqActionCreated PushedAuthReqAction = "CREATED"
	// 400
	PushedAuthReqActionBadRequest PushedAuthReqAction = "BAD_REQUEST"
	// 401
	PushedAuthReqActionUnauthorized PushedAuthReqAction = "UNAUTHORIZED"
	// 403
	PushedAuthReqActionForbidden PushedAuthReqAction = "FORBIDDEN"
	// 413
	PushedAuthReqActionPayloadTooLarge PushedAuthReqAction = "PAYLOAD_TOO_LARGE"
	// 500
	PushedAuthReqActionInternalServerError PushedAuthReqAction = "INTERNAL_SERVER_ERROR"
)

var pushedAuthReqActions = names[PushedAuthReqAction]{
	PushedAuthReqActionCreated,
	PushedAuthReqActionBadRequest,
	PushedAuthReqActionUnauthorized,
	PushedAuthReqActionForbidden,
	PushedAuthReqActionPayloadTooLarge,
	PushedAuthReqActionInternalServerError,
}

// Known tells whether v is a published name.
func (v PushedAuthReqAction) Known() bool { return pushedAuthReqActions.known(v) }

// TokenAction tells what to do after /auth/token.
type TokenAction string

// The values of TokenAction.
const (
	// Answer 500 and the JSON of responseContent.
	TokenActionInternalServerError TokenAction = "INTERNAL_SERVER_ERROR"
	// Answer 401 (or 400 where no Authorization header was used) and the JSON.
	TokenActionInvalidClient TokenAction = "INVALID_CLIENT"
	// Answer 400 and the JSON.
	TokenActionBadRequest TokenAction = "BAD_REQUEST"
	// Check username and password, then call token issue or token fail with the ticket.
	TokenActionPassword TokenAction = "PASSWORD"
	// Answer 200 and the JSON.
	TokenActionOK TokenAction = "OK"
	// Decide about the exchange, create the token and write the answer yourself.
	TokenActionTokenExchange TokenAction = "TOKEN_EXCHANGE"
	// Verify the assertion's signature, create the token and write the answer yourself.
	TokenActionJWTBearer TokenAction = "JWT_BEARER"
	// Check the session and the device secret, then call nativesso.
	TokenActionNativeSso TokenAction = "NATIVE_SSO"
	// Answer 200 and the JSON, or have a new ID token made first.
	TokenActionIDTokenReissuable TokenAction = "ID_TOKEN_REISSUABLE"
)

var tokenActions = names[TokenAction]{
	TokenActionInternalServerError,
	TokenActionInvalidClient,
	TokenActionBadRequest,
	TokenActionPassword,
	TokenActionOK,
	TokenActionTokenExchange,
	TokenActionJWTBearer,
	TokenActionNativeSso,
	TokenActionIDTokenReissuable,
}

// Known tells whether v is a published name.
func (v TokenAction) Known() bool { return tokenActions.known(v) }

// IntrospectionAction tells what a resource server does after /auth/introspection;
// responseContent is the value of its WWW-Authenticate header.
type IntrospectionAction string

// The values of IntrospectionAction.
const (
	// Answer 500.
	IntrospectionActionInternalServerError IntrospectionAction = "INTERNAL_SERVER_ERROR"
	// Answer 400: no token was given.
	IntrospectionActionBadRequest IntrospectionAction = "BAD_REQUEST"
	// Answer 401: the token is not usable.
	IntrospectionActionUnauthorized IntrospectionAction = "UNAUTHORIZED"
	// Answer 403: the token does not reach far enough.
	IntrospectionActionForbidden IntrospectionAction = "FORBIDDEN"
	// Serve the resource.
	IntrospectionActionOK IntrospectionAction = "OK"
)

var introspectionActions = names[IntrospectionAction]{
	IntrospectionActionInternalServerError,
	IntrospectionActionBadRequest,
	IntrospectionActionUnauthorized,
	IntrospectionActionForbidden,
	IntrospectionActionOK,
}

// Known tells whether v is a published name.
func (v IntrospectionAction) Known() bool { return introspectionActions.known(v) }

// StandardIntrospectionAction tells what an introspection endpoint answers.
type StandardIntrospectionAction string

// The values of StandardIntrospectionAction.
const (
	// 500 and the JSON of responseContent.
	StandardIntrospectionActionInternalServerError StandardIntrospectionAction = "INTERNAL_SERVER_ERROR"
	// 400 and the JSON.
	StandardIntrospectionActionBadRequest StandardIntrospectionAction = "BAD_REQUEST"
	// 200 and the JSON (RFC 7662).
	StandardIntrospectionActionOK StandardIntrospectionAction = "OK"
	// 200 and the JWT as application/token-introspection+jwt (RFC 9701).
	StandardIntrospectionActionJWT StandardIntrospectionAction = "JWT"
)

var standardIntrospectionActions = names[StandardIntrospectionAction]{
	StandardIntrospectionActionInternalServerError,
	StandardIntrospectionActionBadRequest,
	StandardIntrospectionActionOK,
	StandardIntrospectionActionJWT,
}

// Known tells whether v is a published name.
func (v StandardIntrospectionAction) Known() bool { return standardIntrospectionActions.known(v) }

// RevocationAction tells what a revocation endpoint answers.
type RevocationAction string

// The values of RevocationAction.
const (
	// 500 and the JSON of responseContent.
	RevocationActionInternalServerError RevocationAction = "INTERNAL_SERVER_ERROR"
	// 401 (or 400 where no Authorization header was used) and the JSON.
	RevocationActionInvalidClient RevocationAction = "INVALID_CLIENT"
	// 400 and the JSON.
	RevocationActionBadRequest RevocationAction = "BAD_REQUEST"
	// 200; also where the token was not known.
	RevocationActionOK RevocationAction = "OK"
)

var revocationActions = names[RevocationAction]{
	RevocationActionInternalServerError,
	RevocationActionInvalidClient,
	RevocationActionBadRequest,
	RevocationActionOK,
}

// Known tells whether v is a published name.
func (v RevocationAction) Known() bool { return revocationActions.known(v) }

// UserInfoAction tells what to do after /auth/userinfo; in a refusal
// responseContent is the value of the WWW-Authenticate header.
type UserInfoAction string

// The values of UserInfoAction.
const (
	// Answer 500.
	UserInfoActionInternalServerError UserInfoAction = "INTERNAL_SERVER_ERROR"
	// Answer 400.
	UserInfoActionBadRequest UserInfoAction = "BAD_REQUEST"
	// Answer 401.
	UserInfoActionUnauthorized UserInfoAction = "UNAUTHORIZED"
	// Answer 403.
	UserInfoActionForbidden UserInfoAction = "FORBIDDEN"
	// Collect the claims of the subject, then call issue.
	UserInfoActionOK UserInfoAction = "OK"
)

var userInfoActions = names[UserInfoAction]{
	UserInfoActionInternalServerError,
	UserInfoActionBadRequest,
	UserInfoActionUnauthorized,
	UserInfoActionForbidden,
	UserInfoActionOK,
}

// Known tells whether v is a published name.
func (v UserInfoAction) Known() bool { return userInfoActions.known(v) }

// UserInfoIssueAction tells what a userinfo endpoint answers; in a refusal
// responseContent is the value of the WWW-Authenticate header.
type UserInfoIssueAction string

// The values of UserInfoIssueAction.
const (
	// 500
	UserInfoIssueActionInternalServerError UserInfoIssueAction = "INTERNAL_SERVER_ERROR"
	// 400
	UserInfoIssueActionBadRequest UserInfoIssueAction = "BAD_REQUEST"
	// 401
	UserInfoIssueActionUnauthorized UserInfoIssueAction = "UNAUTHORIZED"
	// 403
	UserInfoIssueActionForbidden UserInfoIssueAction = "FORBIDDEN"
	// 200 and the JSON of responseContent.
	UserInfoIssueActionJSON UserInfoIssueAction = "JSON"
	// 200 and the JWT of responseContent as application/jwt.
	UserInfoIssueActionJWT UserInfoIssueAction = "JWT"
)

var userInfoIssueActions = names[UserInfoIssueAction]{
	UserInfoIssueActionInternalServerError,
	UserInfoIssueActionBadRequest,
	UserInfoIssueActionUnauthorized,
	UserInfoIssueActionForbidden,
	UserInfoIssueActionJSON,
	UserInfoIssueActionJWT,
}

// Known tells whether v is a published name.
func (v UserInfoIssueAction) Known() bool { return userInfoIssueActions.known(v) }

// ClientRegistrationAction tells what a client registration or configuration endpoint answers.
type ClientRegistrationAction string

// The values of ClientRegistrationAction.
const (
	// 500 and the JSON of responseContent.
	ClientRegistrationActionInternalServerError ClientRegistrationAction = "INTERNAL_SERVER_ERROR"
	// 400 and the JSON.
	ClientRegistrationActionBadRequest ClientRegistrationAction = "BAD_REQUEST"
	// 401 and the JSON: the registration access token is not one of this client, or the client is
	// gone. Only where unauthorizedOnClientConfigSupported is on.
	ClientRegistrationActionUnauthorized ClientRegistrationAction = "UNAUTHORIZED"
	// 201 and the JSON: the client is registered.
	ClientRegistrationActionCreated ClientRegistrationAction = "CREATED"
	// 200 and the JSON: the registration as it is.
	ClientRegistrationActionOK ClientRegistrationAction = "OK"
	// 200 and the JSON: the registration is replaced.
	ClientRegistrationActionUpdated ClientRegistrationAction = "UPDATED"
	// 204: the client is gone.
	ClientRegistrationActionDeleted ClientRegistrationAction = "DELETED"
)

var clientRegistrationActions = names[ClientRegistrationAction]{
	ClientRegistrationActionInternalServerError,
	ClientRegistrationActionBadRequest,
	ClientRegistrationActionUnauthorized,
	ClientRegistrationActionCreated,
	ClientRegistrationActionOK,
	ClientRegistrationActionUpdated,
	ClientRegistrationActionDeleted,
}

// Known tells whether v is a published name.
func (v ClientRegistrationAction) Known() bool { return clientRegistrationActions.known(v) }
