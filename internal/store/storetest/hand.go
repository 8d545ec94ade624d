package storetest

import (
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// The clock hand goes by the real clock; the tests look at what is stored by
// telling a time at which it was valid.
var handTests = []test{
	{"Hand/removes tokens", handRemovesTokens},
	{"Hand/begins anew", handBeginsAnew},
	{"Hand/removes marks", handRemovesMarks},
	{"Hand/removes tickets and pushed requests", handRemovesTickets},
	{"Hand/removes codes and grants", handRemovesCodes},
	{"Hand/keeps what lives", handKeeps},
	{"Hand/works when idle", handIdle},
	{"Hand/keeps up", handKeepsUp},
}

// old sets the time back, so that what is made now has expired long ago.
func (w *world) old() { w.now -= 3 * hour }

const handPatience = 30 * time.Second

// until does work until something is so.
func (w *world) until(what string, so func() bool, work func()) {
	w.Helper()
	for late := time.Now().Add(handPatience); !so(); work() {
		if time.Now().After(late) {
			w.Fatalf("not so in time: %s", what)
		}
	}
}

// beforeTheHand makes things that have expired already. The hand may take them
// between two steps; then they are made again.
func (w *world) beforeTheHand(made func() bool) {
	w.Helper()
	for range 100 {
		if made() {
			return
		}
	}
	w.Fatal("the hand is always first")
}

func (w *world) done(o store.Outcome, err error) bool {
	w.Helper()
	w.ok(err)
	return o == store.Done
}

// issueLive inserts a few tokens that live, which moves the hand.
func (w *world) issueLive() {
	expires := time.Now().UnixMilli() + hour
	for _, err := range together(16, func(int) error {
		t := w.token(grant.Access, w.key(expires))
		t.Key, t.Expires = w.key(expires), expires
		_, err := w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t})
		return err
	}) {
		w.ok(err)
	}
}

func handRemovesTokens(w *world) {
	g := w.liveGrant()
	w.old()
	removed := func() int64 { return w.a.Stats().Removed + w.b.Stats().Removed }
	before := removed()
	var garbage []*grant.Token
	for range 100 {
		t := w.token(grant.Refresh, g.Key)
		w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t}))
		garbage = append(garbage, t)
	}
	w.until("expired tokens are removed", func() bool {
		for _, t := range garbage {
			if w.seeToken(t.Key) != nil {
				return false
			}
		}
		return true
	}, w.issueLive)
	w.until("each is counted", func() bool { return removed()-before >= int64(len(garbage)) }, func() {})
}

// The hand has been through the table when garbage appears before its place.
func handBeginsAnew(w *world) {
	for range 30 {
		w.issueLive()
	}
	for range 3 {
		handRemovesTokens(newWorld(w.T, w.a, w.b))
	}
}

// liveGrant makes a grant that lives.
func (w *world) liveGrant() *grant.Grant {
	g, _ := w.authorize()
	return g
}

func handRemovesMarks(w *world) {
	real := w.now
	w.old()
	m := w.mark(w.now + hour)
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{m}))
	// A replay does not insert, so this looks without touching.
	w.until("an expired mark is removed", func() bool {
		o, err := w.b.Spend(w.ctx, w.now, []grant.Mark{m})
		w.ok(err)
		return o == store.Done
	}, func() {
		_, err := w.a.Spend(w.ctx, w.now, []grant.Mark{w.mark(real + hour), w.mark(real + hour)})
		w.ok(err)
	})
}

func handRemovesTickets(w *world) {
	real := w.now
	w.old()
	p := w.push()
	t := w.putTicket(p.Key)
	w.until("expired tickets and pushed requests are removed", func() bool {
		return w.seeTicket(t.Key) == nil && w.seePushed(p.Key) == nil
	}, func() {
		p := w.pushed()
		p.Expires = real + hour
		w.is(store.Done)(w.a.Push(w.ctx, store.Push{Now: w.now, Pushed: p}))
		t := w.ticket(grant.Key{})
		t.Expires = real + hour
		w.is(store.Done)(w.a.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: t}))
	})
}

func handRemovesCodes(w *world) {
	live := newWorld(w.T, w.a, w.b)
	g := w.liveGrant()
	w.old()
	var c *grant.Code
	var token *grant.Token
	w.beforeTheHand(func() bool {
		t := w.putTicket(grant.Key{})
		c = w.code(g.Key) // its grant lives, so it can be seen while it is there
		return w.done(w.a.FinishAuthorization(w.ctx, w.finish(t, nil, c)))
	})
	w.beforeTheHand(func() bool {
		dying := w.grant()
		token = w.token(grant.Access, grant.Key{})
		token.Grant, token.Expires = dying.Key, live.now+hour
		t := w.putTicket(grant.Key{})
		return w.done(w.a.FinishAuthorization(w.ctx, w.finish(t, dying, nil))) &&
			w.done(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: token})) &&
			w.seeToken(token.Key) != nil
	})
	w.until("expired codes and grants are removed", func() bool {
		return w.seeCode(c.Key) == nil && w.seeToken(token.Key) == nil
	}, func() { live.authorize() })
}

func handKeeps(w *world) {
	now := w.now
	g, access, refresh := w.tokens()
	w.is(store.Done)(w.a.Rotate(w.ctx, w.rotate(refresh)))
	refresh2 := w.token(grant.Refresh, g.Key)
	refresh2.Expires = 0
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: refresh2}))
	w.is(store.Done)(w.a.Revoke(w.ctx, store.Revoke{Now: w.now, Service: w.service, Grant: g.Key}))
	m := w.mark(now + hour)
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{m}))

	// A pushed request that expired an hour ago, with a ticket that lives.
	w.now = now - 2*hour
	var p *grant.Pushed
	var ticket *grant.Ticket
	w.beforeTheHand(func() bool {
		p = w.push()
		ticket = w.ticket(p.Key)
		ticket.Expires = now + hour
		return w.done(w.a.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: ticket}))
	})
	// A code that expired five minutes ago and was redeemed just before.
	w.now = now - 6*minute
	var code *grant.Code
	w.beforeTheHand(func() bool {
		forever := w.grant()
		code = w.code(grant.Key{})
		forever.Expires, code.Grant, code.Expires = 0, forever.Key, now-5*minute
		t := w.putTicket(grant.Key{})
		return w.done(w.a.FinishAuthorization(w.ctx, w.finish(t, forever, code))) && w.done(w.a.RedeemCode(w.ctx, w.redeem(code)))
	})

	// Garbage that the hand must have met before we believe that it passed.
	w.now = now
	w.passed()
	w.that(w.seeToken(access.Key) == nil, "the rotated pair is gone")
	w.that(w.seeToken(refresh.Key).Consumed, "a consumed token is kept until it expires")
	w.that(w.seeGrantOf(refresh2.Key).Revoked, "a revoked grant is kept until it expires")
	w.is(store.Replayed)(w.b.Spend(w.ctx, now, []grant.Mark{m}))
	w.that(w.seeCode(code.Key) != nil, "a redeemed code is kept for ten minutes")
	w.is(store.Done)(w.b.FinishAuthorization(w.ctx, w.finish(ticket, nil, nil)))
}

// passed returns when the hand of the first store has been all through every
// table since it was called: garbage in each of them is gone twice.
func (w *world) passed() {
	w.Helper()
	for range 2 {
		for _, f := range []func(*world){handRemovesTokens, handRemovesMarks, handRemovesTickets, handRemovesCodes} {
			f(newWorld(w.T, w.a, w.b))
		}
	}
}

// Nothing is inserted: the hand moves all the same.
func handIdle(w *world) {
	g := w.liveGrant()
	w.old()
	t := w.token(grant.Access, g.Key)
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t}))
	w.until("an expired token is removed", func() bool { return w.seeToken(t.Key) == nil }, func() {})
}

// While rows are inserted that have expired already, garbage stays a part of
// the table.
func handKeepsUp(w *world) {
	g := w.liveGrant()
	w.old()
	var all []*grant.Token
	insert := func(rounds int) {
		for range rounds {
			batch := make([]*grant.Token, 64)
			for _, err := range together(len(batch), func(i int) error {
				batch[i] = w.token(grant.Access, g.Key)
				_, err := w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: batch[i]})
				return err
			}) {
				w.ok(err)
			}
			all = append(all, batch...)
		}
	}
	insert(40)
	w.until("garbage is less than half of what was inserted", func() bool {
		left := 0
		for _, t := range all {
			if w.seeToken(t.Key) != nil {
				left++
			}
		}
		return left < len(all)/2
	}, func() { insert(1) })
}
