package authorization

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// reasons maps why an interaction failed to what the client is told.
var reasons = []struct {
	reason wire.AuthorizationFailReason
	code   oauth.ErrorCode
	result string
	text   string
}{
	{wire.FailReasonUnknown, oauth.ServerError, "A930305", "The authorization failed for an unknown reason."},
	{wire.FailReasonNotLoggedIn, oauth.LoginRequired, "A930306", "The end-user is not logged in."},
	{wire.FailReasonMaxAgeNotSupported, oauth.LoginRequired, "A930307", "It is not known when the end-user logged in."},
	{wire.FailReasonExceedsMaxAge, oauth.LoginRequired, "A930308", "The end-user's login is too old."},
	{wire.FailReasonACRNotSatisfied, oauth.UnmetAuthenticationRequirements, "A060305", "None of the essential authentication context classes was reached."},
	{wire.FailReasonDifferentSubject, oauth.LoginRequired, "A930309", "Another end-user than the requested one is logged in."},
	{wire.FailReasonDenied, oauth.AccessDenied, "A930310", "The end-user denied the request."},
	{wire.FailReasonServerError, oauth.ServerError, "A930311", "The server failed."},
	{wire.FailReasonNotAuthenticated, oauth.LoginRequired, "A930312", "The end-user was not authenticated."},
	{wire.FailReasonAccountSelectionRequired, oauth.AccountSelectionRequired, "A930313", "The end-user has to select an account."},
	{wire.FailReasonConsentRequired, oauth.ConsentRequired, "A060311", "The end-user has not consented."},
	{wire.FailReasonInteractionRequired, oauth.InteractionRequired, "A930314", "The end-user has to take part."},
	{wire.FailReasonInvalidTarget, oauth.InvalidTarget, "A930315", "The requested resource is not acceptable."},
	{wire.FailReasonInvalidScope, oauth.InvalidScope, "A930316", "The requested scope is not acceptable."},
	{wire.FailReasonUnauthorizedClient, oauth.UnauthorizedClient, "A930317", "The client must not do this."},
	{wire.FailReasonTemporarilyUnavailable, oauth.TemporarilyUnavailable, "A930318", "The server is temporarily unavailable."},
}

const maxDescription = 500

// Fail answers an authorization request with an error. Reads and commits:
// 1R + 1C.
func Fail(ctx context.Context, c *op.Call, in *wire.AuthorizationFailRequest) (*wire.AuthorizationFailResponse, error) {
	if in.Ticket == "" {
		return nil, op.Missing("ticket")
	}
	code, result, text, err := reasonOf(in)
	if err != nil {
		return nil, err
	}
	t, client, err := loadTicket(ctx, c, in.Ticket)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return failGone(c), nil
	}
	if err := c.Allowed(registry.AuthorizationFail, client); err != nil {
		return nil, err
	}
	outcome, err := c.Store.FinishAuthorization(ctx, store.FinishAuthorization{
		Now: c.Millis(), Service: c.Service.ID, Ticket: t.Key, Pushed: t.Pushed,
	})
	if err != nil {
		return nil, err
	}
	if outcome != store.Done {
		return failGone(c), nil
	}
	resp := errorResponse(c, wire.ResponseMode(t.Body.ResponseMode), t.Body.RedirectURI, t.Body.State,
		client.Policy(c.Service, t.Body.Scopes).ResponseIssuer.On, c.NewOAuthError(code, result, text))
	out := &wire.AuthorizationFailResponse{
		Result: c.Result(result, text), Action: wire.AuthorizationFailActionLocation, ResponseContent: resp.Content(),
	}
	if resp.Form() {
		out.Action = wire.AuthorizationFailActionForm
	}
	return out, nil
}

func reasonOf(in *wire.AuthorizationFailRequest) (oauth.ErrorCode, string, string, error) {
	if in.Reason == "" {
		return "", "", "", op.Missing("reason")
	}
	if len(in.Description) > maxDescription || !asciiUpTo(in.Description, maxDescription) {
		return "", "", "", op.Invalid("description", "must be at most 500 printable ASCII characters")
	}
	for _, r := range reasons {
		if r.reason != in.Reason {
			continue
		}
		text := r.text
		if in.Description != "" {
			text = in.Description
		}
		return r.code, r.result, text, nil
	}
	return "", "", "", op.Invalid("reason", "is not one of the published reasons")
}

func failGone(c *op.Call) *wire.AuthorizationFailResponse {
	f := ticketGone()
	return &wire.AuthorizationFailResponse{
		Result: c.Refused(f), Action: wire.AuthorizationFailActionBadRequest,
		ResponseContent: c.OAuthError(f).JSON(), Explanation: op.Explain(f),
	}
}
