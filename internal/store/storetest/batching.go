package storetest

import (
	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// Two jobs that touch the same single-use key never share a transaction: in
// one set-based statement both would win. Here all jobs touch one key, so
// there must be as many transactions as jobs.
var batchingTests = []test{
	{"Batching/independent jobs share", batchingShares},
	{"Batching/one mark", batchingMark},
	{"Batching/one of many marks", batchingMarks},
	{"Batching/one code", batchingCode},
	{"Batching/a ticket that one inserts", batchingInserted},
	{"Batching/one pushed request", batchingPushed},
	{"Batching/one retry window", batchingWindow},
	{"Batching/one refresh token", batchingRefresh},
}

// apart demands that the jobs that f makes are committed one by one.
func (w *world) apart(f func(i int) (store.Outcome, error)) {
	w.Helper()
	before := w.a.Stats()
	for _, err := range together(racers, func(i int) error {
		_, err := f(i)
		return err
	}) {
		w.ok(err)
	}
	after := w.a.Stats()
	commits, batches := after.Commits-before.Commits, after.Batches-before.Batches
	if commits != racers || batches < commits {
		w.Fatalf("%d jobs in %d transactions", commits, batches)
	}
}

func batchingShares(w *world) {
	for range 20 {
		before := w.a.Stats()
		for _, err := range together(512, func(int) error {
			_, err := w.a.Spend(w.ctx, w.now, []grant.Mark{w.mark(w.now + hour)})
			return err
		}) {
			w.ok(err)
		}
		after := w.a.Stats()
		w.that(after.Commits-before.Commits == 512, "every job is counted")
		if after.Batches-before.Batches < 256 {
			return
		}
	}
	w.Fatal("jobs do not share transactions")
}

func batchingMark(w *world) {
	m := w.mark(w.now + hour)
	w.apart(func(int) (store.Outcome, error) { return w.a.Spend(w.ctx, w.now, []grant.Mark{m}) })
}

func batchingMarks(w *world) {
	m := w.mark(w.now + hour)
	w.apart(func(int) (store.Outcome, error) {
		return w.a.Push(w.ctx, store.Push{Now: w.now, Marks: []grant.Mark{w.mark(w.now + hour), m}, Pushed: w.pushed()})
	})
}

func batchingCode(w *world) {
	g, c := w.authorize()
	w.apart(func(int) (store.Outcome, error) {
		return w.a.RedeemCode(w.ctx, w.redeem(c, w.token(grant.Access, g.Key)))
	})
}

// Here one job differs from the others, and must meet one of them.
func batchingInserted(w *world) {
	for range rounds()/5 + 1 {
		t := w.ticket(grant.Key{})
		w.apart(func(i int) (store.Outcome, error) {
			if i == racers/2 {
				return w.a.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: t})
			}
			return w.a.FinishAuthorization(w.ctx, w.finish(t, nil, nil))
		})
	}
}

func batchingPushed(w *world) {
	p := w.push()
	var tickets [racers]*grant.Ticket
	for i := range tickets {
		tickets[i] = w.putTicket(p.Key)
	}
	w.apart(func(i int) (store.Outcome, error) {
		if i%2 == 0 {
			return w.a.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: w.ticket(p.Key)})
		}
		return w.a.FinishAuthorization(w.ctx, w.finish(tickets[i], nil, nil))
	})
}

// As above.
func batchingWindow(w *world) {
	for range rounds()/5 + 1 {
		refresh, _, successor, _ := w.rotated()
		w.apart(func(i int) (store.Outcome, error) {
			t := w.token(grant.Access, refresh.Grant)
			if i == racers/2 {
				r := w.rotate(successor, t)
				r.Predecessor = refresh.Key
				return w.a.Rotate(w.ctx, r)
			}
			r := w.renew(refresh, t)
			r.Window = true
			return w.a.Renew(w.ctx, r)
		})
	}
}

func batchingRefresh(w *world) {
	g, _, refresh := w.tokens()
	w.apart(func(i int) (store.Outcome, error) {
		t := w.token(grant.Access, g.Key)
		if i%2 == 0 {
			return w.a.Rotate(w.ctx, w.rotate(refresh, t))
		}
		return w.a.Renew(w.ctx, w.renew(refresh, t))
	})
}
