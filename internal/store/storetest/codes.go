package storetest

import (
	"reflect"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

var codeTests = []test{
	{"Code/visibility", codeVisibility},
	{"RedeemCode/inserts tokens", redeemInserts},
	{"RedeemCode/replayed mark", redeemReplayed},
	{"RedeemCode/second use revokes", redeemTwice},
	{"RedeemCode/expired or foreign does not revoke", redeemLostHarmlessly},
	{"RedeemCode/loser spends its marks", redeemLoserSpends},
	{"RedeemCode/raises the grant", redeemRaises},
	{"RedeemCode/stays visible for ten minutes", redeemedVisible},
	{"RedeemCode/taken", redeemTaken},
}

func codeVisibility(w *world) {
	_, c := w.authorize()
	other, g, err := w.b.Code(w.ctx, w.service+1, c.Key, w.now)
	w.ok(err)
	w.that(other == nil && g == nil, "another service does not see it")
	w.now = c.Expires - 1
	w.that(w.seeCode(c.Key) != nil, "it is there until it expires")
	w.now = c.Expires
	w.that(w.seeCode(c.Key) == nil, "it is invisible when it expires")
}

func redeemInserts(w *world) {
	g, c := w.authorize()
	access, refresh := w.token(grant.Access, g.Key), w.token(grant.Refresh, g.Key)
	access.Pair, refresh.Pair = refresh.Key, access.Key
	w.is(store.Done)(w.a.RedeemCode(w.ctx, w.redeem(c, access, refresh)))
	for _, want := range []*grant.Token{access, refresh} {
		got, of, err := w.b.Token(w.ctx, w.service, want.Key, w.now)
		w.ok(err)
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(of, g) {
			w.Fatalf("got %+v of %+v, want %+v of %+v", got, of, want, g)
		}
	}
	w.that(w.seeCode(c.Key).Consumed, "the code is consumed")
}

func redeemReplayed(w *world) {
	g, c := w.authorize()
	m := w.mark(w.now + hour)
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{m}))
	token := w.token(grant.Access, g.Key)
	r := w.redeem(c, token)
	r.Marks = []grant.Mark{m}
	w.is(store.Replayed)(w.b.RedeemCode(w.ctx, r))
	w.that(!w.seeCode(c.Key).Consumed, "a replay consumes nothing")
	w.that(w.seeToken(token.Key) == nil, "a replay inserts nothing")
}

func redeemTwice(w *world) {
	g, c := w.authorize()
	first, second := w.token(grant.Access, g.Key), w.token(grant.Access, g.Key)
	w.is(store.Done)(w.a.RedeemCode(w.ctx, w.redeem(c, first)))
	w.that(!w.seeGrantOf(first.Key).Revoked, "one use is fine")
	w.is(store.Lost)(w.b.RedeemCode(w.ctx, w.redeem(c, second)))
	w.that(w.seeGrantOf(first.Key).Revoked, "the second use revokes what the first one got")
	w.that(w.seeToken(second.Key) == nil, "who lost inserts nothing")
}

func redeemLostHarmlessly(w *world) {
	g, c := w.authorize()
	late := w.redeem(c, w.token(grant.Access, g.Key))
	late.Now = c.Expires
	w.is(store.Lost)(w.a.RedeemCode(w.ctx, late))
	foreign := w.redeem(c, w.token(grant.Access, g.Key))
	foreign.Service++
	w.is(store.Lost)(w.a.RedeemCode(w.ctx, foreign))
	unknown := w.redeem(c, w.token(grant.Access, g.Key))
	unknown.Code = w.key(c.Expires)
	w.is(store.Lost)(w.a.RedeemCode(w.ctx, unknown))
	token := w.token(grant.Access, g.Key)
	w.is(store.Done)(w.a.RedeemCode(w.ctx, w.redeem(c, token)))
	w.that(!w.seeGrantOf(token.Key).Revoked, "only a consumed code revokes")
	w.is(store.Lost)(w.a.RedeemCode(w.ctx, foreign))
	w.that(!w.seeGrantOf(token.Key).Revoked, "another service's attempt revokes nothing")
}

func redeemLoserSpends(w *world) {
	g, c := w.authorize()
	w.is(store.Done)(w.a.RedeemCode(w.ctx, w.redeem(c, w.token(grant.Access, g.Key))))
	m := w.mark(w.now + hour)
	r := w.redeem(c, w.token(grant.Access, g.Key))
	r.Marks = []grant.Mark{m}
	w.is(store.Lost)(w.a.RedeemCode(w.ctx, r))
	w.is(store.Replayed)(w.b.Spend(w.ctx, w.now, []grant.Mark{m}))
}

func redeemRaises(w *world) {
	g, c := w.authorize()
	token := w.token(grant.Access, g.Key)
	r := w.redeem(c, token)
	r.GrantExpires = g.Expires + hour
	w.is(store.Done)(w.a.RedeemCode(w.ctx, r))
	w.that(w.seeGrantOf(token.Key).Expires == g.Expires+hour, "the grant lives as long as its tokens")

	g, c = w.authorize()
	token = w.token(grant.Access, g.Key)
	r = w.redeem(c, token)
	r.GrantExpires = g.Expires - minute
	w.is(store.Done)(w.a.RedeemCode(w.ctx, r))
	w.that(w.seeGrantOf(token.Key).Expires == g.Expires, "the grant's expiry is never lowered")
}

func redeemedVisible(w *world) {
	g, c := w.authorize()
	w.now = c.Expires - 1
	w.is(store.Done)(w.a.RedeemCode(w.ctx, w.redeem(c, w.token(grant.Access, g.Key))))
	redeemed := w.now
	w.now = redeemed + 10*minute - 1
	w.that(w.seeCode(c.Key) != nil, "a redeemed code is visible for ten minutes")
	w.now = redeemed + 10*minute
	w.that(w.seeCode(c.Key) == nil, "a redeemed code is invisible after ten minutes")
}

func redeemTaken(w *world) {
	g, c := w.authorize()
	there := w.token(grant.Access, g.Key)
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: there}))
	fresh, same := w.token(grant.Refresh, g.Key), w.token(grant.Access, g.Key)
	same.Key = there.Key
	r := w.redeem(c, fresh, same)
	r.Chosen, r.GrantExpires = true, g.Expires+hour
	w.is(store.Taken)(w.b.RedeemCode(w.ctx, r))
	w.that(!w.seeCode(c.Key).Consumed, "where a handle is taken nothing is consumed")
	w.that(w.seeToken(fresh.Key) == nil, "where a handle is taken nothing is inserted")
	w.that(w.seeGrantOf(there.Key).Expires == g.Expires, "where a handle is taken nothing is raised")
	r.Tokens = []*grant.Token{fresh}
	w.is(store.Done)(w.b.RedeemCode(w.ctx, r))
	r.Tokens = []*grant.Token{same}
	w.is(store.Lost)(w.b.RedeemCode(w.ctx, r))
	w.that(w.seeGrantOf(there.Key).Revoked, "lost comes before taken")
}
