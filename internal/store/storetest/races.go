package storetest

import (
	"sync"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

var raceTests = []test{
	{"Race/code", raceCode},
	{"Race/ticket", raceTicket},
	{"Race/issue against fail", raceIssueFail},
	{"Race/sibling tickets", raceSiblings},
	{"Race/ticket from a pushed request that is consumed", raceHold},
	{"Race/marks", raceMarks},
	{"Race/crossed marks", raceCrossedMarks},
	{"Race/rotate", raceRotate},
	{"Race/rotate with LostRevokes", raceRotateRevokes},
	{"Race/rotate against renew", raceRotateRenew},
	{"Race/renew", raceRenew},
	{"Race/renew in a window that closes", raceWindow},
	{"Race/chosen handle", raceChosen},
	{"Race/redeem against revoke", raceRevoke},
	{"Race/raise", raceRaise},
}

const racers = 32

func rounds() int {
	if testing.Short() {
		return 5
	}
	return 50
}

// together calls f from n goroutines, released together.
func together(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = f(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// race runs f in 32 goroutines over both stores and counts the outcomes.
func (w *world) race(f func(s store.Store, i int) (store.Outcome, error)) map[store.Outcome]int {
	w.Helper()
	outcomes := make([]store.Outcome, racers)
	errs := together(racers, func(i int) (err error) {
		outcomes[i], err = f([]store.Store{w.a, w.b}[i%2], i)
		return err
	})
	counts := make(map[store.Outcome]int)
	for i, err := range errs {
		w.ok(err)
		counts[outcomes[i]]++
	}
	return counts
}

// oneDone demands that exactly one job won and all others had the outcome.
func (w *world) oneDone(counts map[store.Outcome]int, others store.Outcome) {
	w.Helper()
	if counts[store.Done] != 1 || counts[others] != racers-1 {
		w.Fatalf("%d of %d won, %d had the outcome %s", counts[store.Done], racers, counts[others], name(others))
	}
}

func raceCode(w *world) {
	for range rounds() {
		g, c := w.authorize()
		tokens := make([]*grant.Token, racers)
		counts := w.race(func(s store.Store, i int) (store.Outcome, error) {
			tokens[i] = w.token(grant.Access, g.Key)
			return s.RedeemCode(w.ctx, w.redeem(c, tokens[i]))
		})
		w.oneDone(counts, store.Lost)
		there := 0
		for _, t := range tokens {
			if w.seeToken(t.Key) != nil {
				there++
				w.that(w.seeGrantOf(t.Key).Revoked, "the losers kill the winner's tokens")
			}
		}
		w.that(there == 1, "one token was issued")
	}
}

func raceTicket(w *world) {
	for range rounds() {
		t := w.putTicket(grant.Key{})
		codes := make([]*grant.Code, racers)
		counts := w.race(func(s store.Store, i int) (store.Outcome, error) {
			g := w.grant()
			codes[i] = w.code(g.Key)
			return s.FinishAuthorization(w.ctx, w.finish(t, g, codes[i]))
		})
		w.oneDone(counts, store.Lost)
		w.oneCode(codes)
	}
}

func (w *world) oneCode(codes []*grant.Code) {
	w.Helper()
	there := 0
	for _, c := range codes {
		if c != nil && w.seeCode(c.Key) != nil {
			there++
		}
	}
	w.that(there == 1, "one code was issued")
}

func raceIssueFail(w *world) {
	for range rounds() {
		t := w.putTicket(w.push().Key)
		g := w.grant()
		c := w.code(g.Key)
		issued := false
		counts := w.race(func(s store.Store, i int) (store.Outcome, error) {
			if i != 0 {
				return s.FinishAuthorization(w.ctx, w.finish(t, nil, nil))
			}
			o, err := s.FinishAuthorization(w.ctx, w.finish(t, g, c))
			issued = o == store.Done
			return o, err
		})
		w.oneDone(counts, store.Lost)
		w.that((w.seeCode(c.Key) != nil) == issued, "there is a code where the issue won, and only there")
	}
}

func raceSiblings(w *world) {
	for range rounds() {
		p := w.push()
		tickets := make([]*grant.Ticket, racers)
		for i := range tickets {
			tickets[i] = w.putTicket(p.Key)
		}
		codes := make([]*grant.Code, racers)
		counts := w.race(func(s store.Store, i int) (store.Outcome, error) {
			g := w.grant()
			codes[i] = w.code(g.Key)
			return s.FinishAuthorization(w.ctx, w.finish(tickets[i], g, codes[i]))
		})
		w.oneDone(counts, store.Lost)
		w.oneCode(codes)
		for _, t := range tickets {
			w.that(w.seeTicket(t.Key) == nil, "every ticket is spent")
		}
	}
}

// A ticket may be made before the pushed request is consumed or not at all.
func raceHold(w *world) {
	for range rounds() {
		p := w.push()
		first := w.putTicket(p.Key)
		tickets := make([]*grant.Ticket, racers)
		made := make([]bool, racers)
		w.race(func(s store.Store, i int) (store.Outcome, error) {
			if i == 0 {
				return s.FinishAuthorization(w.ctx, w.finish(first, nil, nil))
			}
			tickets[i] = w.ticket(p.Key)
			o, err := s.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: tickets[i]})
			made[i] = o == store.Done
			return o, err
		})
		for i, t := range tickets {
			if t == nil {
				continue
			}
			w.that((w.seeTicket(t.Key) != nil) == made[i], "a ticket is there if the outcome says so")
		}
		w.that(w.seePushed(p.Key) == nil, "the pushed request is consumed")
	}
}

func raceMarks(w *world) {
	for range rounds() {
		g, _, _ := w.tokens()
		m := w.mark(w.now + hour)
		tokens := make([]*grant.Token, racers)
		counts := w.race(func(s store.Store, i int) (store.Outcome, error) {
			tokens[i] = w.token(grant.Access, g.Key)
			return s.IssueToken(w.ctx, store.IssueToken{Now: w.now, Marks: []grant.Mark{m}, Token: tokens[i]})
		})
		w.oneDone(counts, store.Replayed)
		there := 0
		for _, t := range tokens {
			if w.seeToken(t.Key) != nil {
				there++
			}
		}
		w.that(there == 1, "one token was issued")
	}
}

// Every job has a mark that it shares with the next one, so batches of both
// stores wait for each other crosswise.
func raceCrossedMarks(w *world) {
	for range rounds() {
		ring := make([]grant.Mark, racers)
		for i := range ring {
			ring[i] = w.mark(w.now + hour)
		}
		won := make([]bool, racers)
		w.race(func(s store.Store, i int) (store.Outcome, error) {
			o, err := s.Spend(w.ctx, w.now, []grant.Mark{ring[i], ring[(i+1)%racers]})
			won[i] = o == store.Done
			return o, err
		})
		for i := range won {
			w.that(!won[i] || !won[(i+1)%racers], "of two jobs that share a mark at most one wins")
		}
	}
}

func raceRotate(w *world) { w.raceRotate(false) }

func raceRotateRevokes(w *world) { w.raceRotate(true) }

func (w *world) raceRotate(revokes bool) {
	for range rounds() {
		g, _, refresh := w.tokens()
		tokens := make([]*grant.Token, racers)
		counts := w.race(func(s store.Store, i int) (store.Outcome, error) {
			access, successor := w.pair(g.Key)
			tokens[i] = successor
			r := w.rotate(refresh, access, successor)
			r.LostRevokes = revokes
			return s.Rotate(w.ctx, r)
		})
		w.oneDone(counts, store.Lost)
		there := 0
		for _, t := range tokens {
			if w.seeToken(t.Key) != nil {
				there++
				w.that(w.seeGrantOf(t.Key).Revoked == revokes, "the losers revoke if they are told to")
			}
		}
		w.that(there == 1, "there is one successor")
	}
}

// A renewal may come before the rotation or lose.
func raceRotateRenew(w *world) {
	for range rounds() {
		g, _, refresh := w.tokens()
		tokens := make([]*grant.Token, racers)
		done := make([]bool, racers)
		w.race(func(s store.Store, i int) (store.Outcome, error) {
			tokens[i] = w.token(grant.Access, g.Key)
			if i == 0 {
				o, err := s.Rotate(w.ctx, w.rotate(refresh, tokens[i]))
				done[i] = o == store.Done
				return o, err
			}
			o, err := s.Renew(w.ctx, w.renew(refresh, tokens[i]))
			done[i] = o == store.Done
			return o, err
		})
		w.that(done[0], "the only rotation wins")
		for i, t := range tokens {
			w.that((w.seeToken(t.Key) != nil) == done[i], "a token is there if the outcome says so")
		}
	}
}

func raceRenew(w *world) {
	for range rounds() {
		g, _, refresh := w.tokens()
		tokens := make(map[grant.Key]bool)
		var mu sync.Mutex
		counts := w.race(func(s store.Store, i int) (store.Outcome, error) {
			t := w.token(grant.Access, g.Key)
			mu.Lock()
			tokens[t.Key] = true
			mu.Unlock()
			return s.Renew(w.ctx, w.renew(refresh, t))
		})
		w.that(counts[store.Done] == racers, "a refresh token that stays can be used at the same time")
		w.that(tokens[w.seeToken(refresh.Key).Pair], "its pair is the token of the last one")
		for k := range tokens {
			w.that(w.seeToken(k) != nil, "every one got its token")
		}
	}
}

// Retries in the window come before the successor is used, or lose.
func raceWindow(w *world) {
	for range rounds() {
		refresh, _, successor, _ := w.rotated()
		tokens := make([]*grant.Token, racers)
		done := make([]bool, racers)
		w.race(func(s store.Store, i int) (store.Outcome, error) {
			tokens[i] = w.token(grant.Access, refresh.Grant)
			var o store.Outcome
			var err error
			if i == 0 {
				r := w.rotate(successor, tokens[i])
				r.Predecessor = refresh.Key
				o, err = s.Rotate(w.ctx, r)
			} else {
				r := w.renew(refresh, tokens[i])
				r.Window = true
				o, err = s.Renew(w.ctx, r)
			}
			done[i] = o == store.Done
			return o, err
		})
		w.that(done[0], "the successor is rotated")
		w.that(w.seeToken(refresh.Key).RetryUntil == 0, "the window is closed")
		for i, t := range tokens {
			w.that((w.seeToken(t.Key) != nil) == done[i], "a token is there if the outcome says so")
		}
	}
}

func raceChosen(w *world) {
	for range rounds() {
		g, _, _ := w.tokens()
		k := w.key(w.now + hour)
		counts := w.race(func(s store.Store, i int) (store.Outcome, error) {
			t := w.token(grant.Access, g.Key)
			t.Key = k
			return s.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t, Chosen: true})
		})
		w.oneDone(counts, store.Taken)
	}
}

// Whatever the order, after a revocation nothing of the grant lives.
func raceRevoke(w *world) {
	for range rounds() {
		g, c := w.authorize()
		t := w.token(grant.Access, g.Key)
		w.race(func(s store.Store, i int) (store.Outcome, error) {
			switch i {
			case 0:
				return s.Revoke(w.ctx, store.Revoke{Now: w.now, Service: w.service, Grant: g.Key})
			case 1:
				r := w.redeem(c, t)
				r.GrantExpires = g.Expires + hour
				return s.RedeemCode(w.ctx, r)
			}
			return s.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: w.token(grant.Access, g.Key)})
		})
		of := w.seeGrantOf(t.Key)
		w.that(of.Revoked, "the grant is revoked")
		w.that(of.Expires == g.Expires+hour, "and its expiry was raised")
	}
}

// Several jobs raise one grant, each to another time. The latest counts.
func raceRaise(w *world) {
	for range rounds() {
		g, _, _ := w.tokens()
		refresh := make([]*grant.Token, racers)
		for i := range refresh {
			refresh[i] = w.token(grant.Refresh, g.Key)
		}
		for _, err := range together(racers, func(i int) error {
			_, err := w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: refresh[i]})
			return err
		}) {
			w.ok(err)
		}
		counts := w.race(func(s store.Store, i int) (store.Outcome, error) {
			r := w.renew(refresh[i], w.token(grant.Access, g.Key))
			r.GrantExpires = g.Expires + int64((i*7)%racers)
			return s.Renew(w.ctx, r)
		})
		w.that(counts[store.Done] == racers, "different refresh tokens do not meet")
		w.that(w.seeGrantOf(refresh[0].Key).Expires == g.Expires+racers-1, "the grant lives as long as the last of them")
	}
}
