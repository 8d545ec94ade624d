// Package storetest is the suite that every implementation of store passes.
//
// Each test works on two stores that are open on one database, as two
// processes would be, and tells the time by the now that it passes. Only the
// tests of the clock hand depend on the real clock, which is why all tests
// begin at the real time.
//
//	contracts   authorizations.go, codes.go, tokens.go, renew.go, revoke.go, marks.go, cold.go, cold_rest.go
//	races       races.go: 32 goroutines over both stores, released together
//	batching    batching.go: what must not share a transaction does not
//	removal     hand.go: garbage goes, what lives stays
//	the feed    feed.go
//
// Not here: faults of the storage below (sqlstore's own tests inject them).
package storetest

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
)

// Run runs the suite. open returns two stores on one new database and closes
// them when the test ends.
func Run(t *testing.T, open func(t *testing.T) (a, b store.Store)) {
	for _, group := range [][]test{
		authorizationTests, codeTests, tokenTests, renewTests, revokeTests, markTests,
		raceTests, batchingTests, handTests, coldTests, coldRestTests, feedTests,
	} {
		for _, c := range group {
			t.Run(c.name, func(t *testing.T) {
				a, b := open(t)
				c.run(newWorld(t, a, b))
			})
		}
	}
}

type test struct {
	name string
	run  func(*world)
}

// world is what a test works on: two stores, a time, a service and a client.
type world struct {
	*testing.T
	a, b            store.Store
	ctx             context.Context
	now             int64
	service, client int64
}

func newWorld(t *testing.T, a, b store.Store) *world {
	return &world{
		T: t, a: a, b: b, ctx: context.Background(),
		now: time.Now().UnixMilli(), service: 11, client: 22,
	}
}

// key makes the key of a new handle that expires at ms.
func (w *world) key(ms int64) grant.Key {
	w.Helper()
	handle, err := grant.NewHandle(rand.Reader, time.UnixMilli(ms))
	if err != nil {
		w.Fatal(err)
	}
	return grant.KeyOf(handle)
}

// mark makes a mark that nobody has spent.
func (w *world) mark(expires int64) grant.Mark {
	return grant.Mark{Key: grant.MarkKey("test", w.service, rand.Text()), Expires: expires}
}

// is demands an outcome.
func (w *world) is(want store.Outcome) func(got store.Outcome, err error) {
	w.Helper()
	return func(got store.Outcome, err error) {
		w.Helper()
		if err != nil {
			w.Fatalf("unexpected error: %v", err)
		}
		if got != want {
			w.Fatalf("outcome %v, want %v", name(got), name(want))
		}
	}
}

func name(o store.Outcome) string {
	names := map[store.Outcome]string{
		store.Done: "Done", store.Replayed: "Replayed", store.Lost: "Lost", store.Taken: "Taken",
	}
	return names[o]
}

// ok demands that there is no error.
func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("unexpected error: %v", err)
	}
}

// that demands that a statement is true.
func (w *world) that(is bool, what string) {
	w.Helper()
	if !is {
		w.Fatalf("not so: %s", what)
	}
}

// The makers of things. They live for an hour.

func (w *world) pushed() *grant.Pushed {
	e := w.now + hour
	return &grant.Pushed{
		Key: w.key(e), Service: w.service, Client: w.client, Expires: e,
		Body: grant.PushedBody{Parameters: "a=b&c=ü", JKT: "j"},
	}
}

func (w *world) ticket(from grant.Key) *grant.Ticket {
	e := w.now + hour
	return &grant.Ticket{
		Key: w.key(e), Service: w.service, Client: w.client, Expires: e, Pushed: from,
		Body: grant.TicketBody{ClientID: "22", State: "s", Scopes: []string{"x", "y"}},
	}
}

func (w *world) grant() *grant.Grant {
	e := w.now + hour
	return &grant.Grant{
		Key: w.key(e), Service: w.service, Client: w.client, Subject: "john", Expires: e,
		Body: grant.Body{AuthTime: 5, ACR: "1"},
	}
}

func (w *world) code(of grant.Key) *grant.Code {
	e := w.now + hour
	return &grant.Code{
		Key: w.key(e), Service: w.service, Client: w.client, Expires: e, Grant: of,
		Body: grant.CodeBody{ClientID: "22", Nonce: "n"},
	}
}

func (w *world) token(kind grant.Kind, of grant.Key) *grant.Token {
	e := w.now + hour
	return &grant.Token{
		Key: w.key(e), Service: w.service, Client: w.client, Grant: of, Kind: kind, Created: w.now, Expires: e,
		Body: grant.TokenBody{ClientID: "22", Scopes: []string{"x"}},
	}
}

// authorize makes a grant with a code.
func (w *world) authorize() (*grant.Grant, *grant.Code) {
	w.Helper()
	t := w.ticket(grant.Key{})
	w.is(store.Done)(w.a.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: t}))
	g := w.grant()
	c := w.code(g.Key)
	w.is(store.Done)(w.a.FinishAuthorization(w.ctx, store.FinishAuthorization{
		Now: w.now, Service: w.service, Ticket: t.Key, Grant: g, Code: c,
	}))
	return g, c
}

func (w *world) redeem(c *grant.Code, tokens ...*grant.Token) store.RedeemCode {
	return store.RedeemCode{Now: w.now, Service: w.service, Code: c.Key, Grant: c.Grant, Tokens: tokens}
}

// tokens makes a grant with an access token and a refresh token.
func (w *world) tokens() (g *grant.Grant, access, refresh *grant.Token) {
	w.Helper()
	g, c := w.authorize()
	access, refresh = w.token(grant.Access, g.Key), w.token(grant.Refresh, g.Key)
	access.Pair, refresh.Pair = refresh.Key, access.Key
	w.is(store.Done)(w.a.RedeemCode(w.ctx, w.redeem(c, access, refresh)))
	return g, access, refresh
}

// Looks, all through the other store.

func (w *world) seeToken(k grant.Key) *grant.Token {
	w.Helper()
	t, _, err := w.b.Token(w.ctx, w.service, k, w.now)
	w.ok(err)
	return t
}

func (w *world) seeGrantOf(token grant.Key) *grant.Grant {
	w.Helper()
	_, g, err := w.b.Token(w.ctx, w.service, token, w.now)
	w.ok(err)
	if g == nil {
		w.Fatal("there is no such token")
	}
	return g
}

func (w *world) seeCode(k grant.Key) *grant.Code {
	w.Helper()
	c, _, err := w.b.Code(w.ctx, w.service, k, w.now)
	w.ok(err)
	return c
}

func (w *world) seeTicket(k grant.Key) *grant.Ticket {
	w.Helper()
	t, err := w.b.Ticket(w.ctx, w.service, k, w.now)
	w.ok(err)
	return t
}

func (w *world) seePushed(k grant.Key) *grant.Pushed {
	w.Helper()
	p, err := w.b.Pushed(w.ctx, w.service, k, w.now)
	w.ok(err)
	return p
}
