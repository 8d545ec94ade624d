package storetest

import (
	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

var markTests = []test{
	{"Spend/once", spendOnce},
	{"Spend/one of several", spendOneOfSeveral},
	{"Spend/twice in one job", spendTwiceAtOnce},
	{"Spend/again after expiry", spendAfterExpiry},
}

func spendOnce(w *world) {
	m := w.mark(w.now + hour)
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{m}))
	w.is(store.Replayed)(w.b.Spend(w.ctx, w.now, []grant.Mark{m}))
	w.is(store.Replayed)(w.a.Spend(w.ctx, m.Expires-1, []grant.Mark{m}))
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{w.mark(w.now + hour)}))
}

func spendOneOfSeveral(w *world) {
	old, fresh := w.mark(w.now+hour), w.mark(w.now+hour)
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{old}))
	w.is(store.ReplayedLater)(w.b.Spend(w.ctx, w.now, []grant.Mark{fresh, old}))
}

func spendTwiceAtOnce(w *world) {
	m := w.mark(w.now + hour)
	w.is(store.ReplayedLater)(w.a.Spend(w.ctx, w.now, []grant.Mark{m, m}))
}

func spendAfterExpiry(w *world) {
	m := w.mark(w.now + hour)
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{m}))
	later := m
	later.Expires += hour
	w.is(store.Done)(w.b.Spend(w.ctx, m.Expires, []grant.Mark{later}))
	w.is(store.Replayed)(w.a.Spend(w.ctx, m.Expires+1, []grant.Mark{later}))
}
