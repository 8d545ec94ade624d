package storetest

import (
	"reflect"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

var renewTests = []test{
	{"Renew/keeps the refresh token", renewKeeps},
	{"Renew/changes its expiry", renewExtends},
	{"Renew/needs a live refresh token", renewNeeds},
	{"Renew/replayed", renewReplayed},
	{"Renew/in the window", renewInWindow},
	{"Renew/window needs a rotation", renewWindowNeeds},
	{"Renew/window closed by the successor", renewWindowClosed},
	{"Renew/taken", renewTaken},
}

func (w *world) renew(refresh, token *grant.Token) store.Renew {
	return store.Renew{
		Now: w.now, Service: w.service, Refresh: refresh.Key, OldAccess: refresh.Pair, Grant: refresh.Grant, Token: token,
	}
}

func renewKeeps(w *world) {
	g, access, refresh := w.tokens()
	next := w.token(grant.Access, g.Key)
	r := w.renew(refresh, next)
	r.GrantExpires = g.Expires + hour
	w.is(store.Done)(w.a.Renew(w.ctx, r))
	if got := w.seeToken(next.Key); !reflect.DeepEqual(got, next) {
		w.Fatalf("got %+v, want %+v", got, next)
	}
	w.that(w.seeToken(access.Key) == nil, "the old access token is gone")
	kept := w.seeToken(refresh.Key)
	w.that(!kept.Consumed && kept.Pair == next.Key && kept.Expires == refresh.Expires,
		"the refresh token stays and has a new pair")
	w.that(w.seeGrantOf(next.Key).Expires == g.Expires+hour, "the grant lives longer")
}

func renewExtends(w *world) {
	g, _, refresh := w.tokens()
	r := w.renew(refresh, w.token(grant.Access, g.Key))
	r.RefreshExpires = refresh.Expires + hour
	w.is(store.Done)(w.a.Renew(w.ctx, r))
	w.that(w.seeToken(refresh.Key).Expires == refresh.Expires+hour, "the refresh token lives longer")
}

func renewNeeds(w *world) {
	g, access, refresh := w.tokens()
	try := func(change func(*store.Renew)) {
		w.Helper()
		next := w.token(grant.Access, g.Key)
		r := w.renew(refresh, next)
		change(&r)
		w.is(store.Lost)(w.a.Renew(w.ctx, r))
		w.that(w.seeToken(next.Key) == nil, "who lost inserts nothing")
	}
	try(func(r *store.Renew) { r.Service++ })
	try(func(r *store.Renew) { r.Now = refresh.Expires })
	try(func(r *store.Renew) { r.Refresh = w.key(refresh.Expires) })
	try(func(r *store.Renew) { r.Refresh = access.Key })
	w.that(w.seeToken(access.Key) != nil, "who lost deletes nothing")
	w.is(store.Done)(w.a.Rotate(w.ctx, w.rotate(refresh)))
	try(func(r *store.Renew) {})
}

func renewReplayed(w *world) {
	g, access, refresh := w.tokens()
	m := w.mark(w.now + hour)
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{m}))
	r := w.renew(refresh, w.token(grant.Access, g.Key))
	r.Marks = []grant.Mark{m}
	w.is(store.Replayed)(w.b.Renew(w.ctx, r))
	w.that(w.seeToken(access.Key) != nil, "a replay deletes nothing")
	w.that(w.seeToken(refresh.Key).Pair == access.Key, "a replay changes nothing")
}

// rotated makes a refresh token that was rotated and whose window is open.
func (w *world) rotated() (refresh, access, successor *grant.Token, until int64) {
	w.Helper()
	g, _, refresh := w.tokens()
	access, successor = w.pair(g.Key)
	r := w.rotate(refresh, access, successor)
	r.RetryUntil, r.Successor = w.now+minute, []byte("sealed")
	w.is(store.Done)(w.a.Rotate(w.ctx, r))
	return refresh, access, successor, r.RetryUntil
}

func renewInWindow(w *world) {
	refresh, access, successor, _ := w.rotated()
	for range 2 {
		next := w.token(grant.Access, refresh.Grant)
		r := w.renew(refresh, next)
		r.Window, r.OldAccess, r.RefreshExpires = true, access.Key, w.now+2*hour
		w.is(store.Done)(w.b.Renew(w.ctx, r))
		w.that(w.seeToken(next.Key) != nil, "a retry gets an access token")
	}
	w.that(w.seeToken(access.Key) != nil, "all access tokens of the window live")
	w.that(w.seeToken(successor.Key).Pair == access.Key, "the successor is left alone")
	old := w.seeToken(refresh.Key)
	w.that(old.Pair == refresh.Pair && old.Expires == refresh.Expires && old.Consumed && string(old.Successor) == "sealed",
		"the rotated token stays as it is")
}

func renewWindowNeeds(w *world) {
	g, _, fresh := w.tokens()
	r := w.renew(fresh, w.token(grant.Access, g.Key))
	r.Window = true
	w.is(store.Lost)(w.a.Renew(w.ctx, r))
	open := w.token(grant.Refresh, g.Key) // it was not rotated, whatever its window
	open.RetryUntil = w.now + minute
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: open}))
	r.Refresh = open.Key
	w.is(store.Lost)(w.a.Renew(w.ctx, r))
	gone := w.token(grant.Refresh, g.Key) // it has expired, whatever its window
	gone.RetryUntil, gone.Consumed, gone.Expires = w.now+minute, true, w.now
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: gone}))
	r.Refresh = gone.Key
	w.is(store.Lost)(w.a.Renew(w.ctx, r))

	refresh, _, _, until := w.rotated()
	r = w.renew(refresh, w.token(grant.Access, refresh.Grant))
	w.is(store.Lost)(w.a.Renew(w.ctx, r))
	r.Window, r.Now = true, until
	w.is(store.Lost)(w.a.Renew(w.ctx, r))
	r.Now, r.Service = w.now, w.service+1
	w.is(store.Lost)(w.a.Renew(w.ctx, r))
	w.that(w.seeToken(r.Token.Key) == nil, "who lost inserts nothing")
	r.Now, r.Service = until-1, w.service
	w.is(store.Done)(w.a.Renew(w.ctx, r))
}

func renewWindowClosed(w *world) {
	refresh, _, successor, _ := w.rotated()
	r := w.rotate(successor, w.token(grant.Access, refresh.Grant))
	r.Predecessor = refresh.Key
	w.is(store.Done)(w.a.Rotate(w.ctx, r))
	retry := w.renew(refresh, w.token(grant.Access, refresh.Grant))
	retry.Window = true
	w.is(store.Lost)(w.b.Renew(w.ctx, retry))
}

func renewTaken(w *world) {
	g, access, refresh := w.tokens()
	there := w.token(grant.Access, g.Key)
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: there}))
	same := w.token(grant.Access, g.Key)
	same.Key = there.Key
	r := w.renew(refresh, same)
	r.Chosen = true
	w.is(store.Taken)(w.b.Renew(w.ctx, r))
	w.that(w.seeToken(refresh.Key).Pair == access.Key, "where a handle is taken nothing changes")
	w.that(w.seeToken(access.Key) != nil, "where a handle is taken nothing is deleted")
}
