package store

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/grant"
)

// Outcome is what the conditions of a job found.
type Outcome uint8

// The outcomes of a job.
const (
	// Done: every condition held and everything was inserted.
	Done Outcome = iota + 1
	// Replayed: the first of the job's marks was there already. Nothing
	// was consumed or inserted; the other marks may be spent.
	Replayed
	// Lost: what the job consumes was gone, consumed or expired. Nothing
	// was inserted, the marks are spent, and the verb's consequence, where
	// it names one, was performed in the same commit.
	Lost
	// Taken: a handle that the caller chose exists already and has not
	// expired. Nothing was consumed or inserted; the marks may be spent.
	Taken
	// ReplayedLater is Replayed where the first mark was new and a later
	// one was there already, or stands in the job twice.
	ReplayedLater
)

// Hot is the hot half. Operations take the small interface they need.
//
// All times are milliseconds since the epoch; an expiry of zero is never. A
// nil thing with a nil error means "there is none". An error means that the
// outcome is not known or that nothing happened; it is never a verdict on the
// request.
//
// A write whose context ends before it began is dropped with the context's
// error; once begun it is finished, and waited for.
type Hot interface {
	Authorizations
	Codes
	Tokens
	Marks
}

// Authorizations stores requests that wait for the end-user.
type Authorizations interface {
	// Push stores a pushed request. Marks are spent first.
	// Outcomes: Done, Replayed.
	Push(ctx context.Context, job Push) (Outcome, error)

	// Pushed returns a pushed request of the service that is neither
	// consumed nor expired, or nil.
	Pushed(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Pushed, error)

	// PutTicket stores a ticket. Where the ticket was made from a pushed
	// request, that request must still be neither consumed nor expired, and
	// its row is kept at least as long as the ticket lives.
	// Outcomes: Done, Lost (the pushed request is gone; no ticket).
	PutTicket(ctx context.Context, job PutTicket) (Outcome, error)

	// Ticket returns a live ticket of the service, or nil.
	Ticket(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Ticket, error)

	// ReplaceTicket gives a live ticket of the service another body. Of
	// parallel jobs each is Done, and the last one counts.
	// Outcomes: Done, Lost.
	ReplaceTicket(ctx context.Context, job ReplaceTicket) (Outcome, error)

	// FinishAuthorization takes the ticket; consumes the pushed request it
	// was made from, if any; then inserts grant and code, if given. Of
	// parallel jobs on one ticket exactly one is Done. Of parallel jobs on
	// sibling tickets of one pushed request exactly one is Done; the others'
	// tickets are spent all the same. A job that finds no ticket leaves the
	// pushed request alone. A pushed request that merely expired after the
	// ticket was made does not stand in the way.
	// Outcomes: Done, Lost.
	FinishAuthorization(ctx context.Context, job FinishAuthorization) (Outcome, error)
}

// Push is the job of Authorizations.Push.
type Push struct {
	Now    int64
	Marks  []grant.Mark
	Pushed *grant.Pushed
}

// PutTicket is the job of Authorizations.PutTicket.
type PutTicket struct {
	Now    int64
	Ticket *grant.Ticket
}

// ReplaceTicket is the job of Authorizations.ReplaceTicket.
type ReplaceTicket struct {
	Now     int64
	Service int64
	Ticket  grant.Key
	Body    *grant.TicketBody
}

// FinishAuthorization is the job of Authorizations.FinishAuthorization.
type FinishAuthorization struct {
	Now     int64
	Service int64
	Ticket  grant.Key
	Pushed  grant.Key    // zero: none
	Grant   *grant.Grant // nil: the request failed
	Code    *grant.Code  // nil: the request failed
}

// Codes redeems authorization codes.
type Codes interface {
	// Code returns a code of the service with its grant: one that is
	// unexpired, or one that was redeemed less than ten minutes ago
	// (Consumed is set then). Nil if there is none or its grant is gone.
	Code(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Code, *grant.Grant, error)

	// RedeemCode consumes the code if it is unconsumed and unexpired, keeps
	// it visible for ten more minutes, raises the grant's expiry and inserts
	// the tokens. A job that finds the code consumed revokes the grant
	// (RFC6749-4.1.2): the losers of a race kill the winner's tokens. One
	// that finds it expired, or not at all, revokes nothing.
	// Outcomes: Done, Replayed, Lost, Taken.
	RedeemCode(ctx context.Context, job RedeemCode) (Outcome, error)
}

// RedeemCode is the job of Codes.RedeemCode.
type RedeemCode struct {
	Now          int64
	Marks        []grant.Mark
	Service      int64
	Code         grant.Key
	Grant        grant.Key
	GrantExpires int64          // the grant lives at least this long; never lowered; zero: unchanged
	Tokens       []*grant.Token // one access token, perhaps a refresh token
	Chosen       bool           // a token's handle was chosen by the caller and may be Taken
}

// Tokens stores access and refresh tokens.
type Tokens interface {
	// Token returns a token of the service with its grant, in one read:
	// one that is unexpired, consumed or not. Nil if there is none or its
	// grant is gone. The caller judges Consumed and Revoked.
	Token(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Token, *grant.Grant, error)

	// IssueToken inserts a token of an existing grant.
	// Outcomes: Done, Replayed, Taken.
	IssueToken(ctx context.Context, job IssueToken) (Outcome, error)

	// Rotate consumes an unconsumed, unexpired refresh token, deletes its
	// access token, closes the retry window of its predecessor, raises the
	// grant's expiry and inserts the successors. If it is Lost and
	// LostRevokes is set, the grant is revoked.
	// Outcomes: Done, Replayed, Lost, Taken.
	Rotate(ctx context.Context, job Rotate) (Outcome, error)

	// Renew inserts a new access token for a refresh token that stays and
	// raises the grant's expiry. Without Window the refresh token must be
	// unconsumed and unexpired; its old access token is deleted, its pair
	// is the new one, its expiry is RefreshExpires where that is not zero.
	// With Window it must be unexpired, rotated, and its retry window open;
	// nothing else changes.
	// Outcomes: Done, Replayed, Lost (no consequence), Taken.
	Renew(ctx context.Context, job Renew) (Outcome, error)

	// Revoke revokes the grant and deletes the token, whichever is given.
	// Outcomes: Done (also where there was nothing to revoke), Replayed.
	Revoke(ctx context.Context, job Revoke) (Outcome, error)

	// RevokeClient revokes all grants of a client, page by page, the one of
	// its client_credentials tokens included; when it returns nil, all
	// grants that existed when it was called are revoked. There is no way
	// back, so this is for clients that go.
	RevokeClient(ctx context.Context, service, client int64) error
}

// IssueToken is the job of Tokens.IssueToken.
type IssueToken struct {
	Now    int64
	Marks  []grant.Mark
	Token  *grant.Token
	Chosen bool
}

// Rotate is the job of Tokens.Rotate.
type Rotate struct {
	Now          int64
	Marks        []grant.Mark
	Service      int64
	Refresh      grant.Key
	Access       grant.Key // the access token that goes with it; zero: none
	Predecessor  grant.Key // whose retry window ends now; zero: none
	RetryUntil   int64     // the window of this rotation; zero: none
	Successor    []byte    // sealed, for retries in the window
	LostRevokes  bool
	Grant        grant.Key
	GrantExpires int64 // as in RedeemCode
	Tokens       []*grant.Token
	Chosen       bool
}

// Renew is the job of Tokens.Renew.
type Renew struct {
	Now            int64
	Marks          []grant.Mark
	Service        int64
	Refresh        grant.Key
	Window         bool
	OldAccess      grant.Key // zero: none
	RefreshExpires int64     // zero: unchanged
	Grant          grant.Key
	GrantExpires   int64 // as in RedeemCode
	Token          *grant.Token
	Chosen         bool
}

// Revoke is the job of Tokens.Revoke.
type Revoke struct {
	Now     int64
	Marks   []grant.Mark
	Service int64
	Grant   grant.Key // zero: none
	Token   grant.Key // zero: none
}

// Marks spends single-use values on their own.
type Marks interface {
	// Spend stores the marks. Outcomes: Done, Replayed.
	Spend(ctx context.Context, now int64, marks []grant.Mark) (Outcome, error)
}
