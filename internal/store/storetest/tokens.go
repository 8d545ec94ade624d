package storetest

import (
	"reflect"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

var tokenTests = []test{
	{"Token/visibility", tokenVisibility},
	{"Token/never expires", tokenNeverExpires},
	{"Token/without grant", tokenWithoutGrant},
	{"IssueToken/inserts", issueInserts},
	{"IssueToken/replayed", issueReplayed},
	{"IssueToken/taken", issueTaken},
	{"IssueToken/a bad job fails alone", issueBadJob},
	{"Rotate/succeeds", rotateSucceeds},
	{"Rotate/needs a live refresh token", rotateNeeds},
	{"Rotate/lost without consequence", rotateLost},
	{"Rotate/lost revokes", rotateLostRevokes},
	{"Rotate/replayed", rotateReplayed},
	{"Rotate/closes the window before", rotateCloses},
	{"Rotate/taken", rotateTaken},
}

func (w *world) rotate(refresh *grant.Token, tokens ...*grant.Token) store.Rotate {
	return store.Rotate{
		Now: w.now, Service: w.service, Refresh: refresh.Key, Access: refresh.Pair, Grant: refresh.Grant, Tokens: tokens,
	}
}

// pair makes a refresh token with its access token.
func (w *world) pair(of grant.Key) (access, refresh *grant.Token) {
	access, refresh = w.token(grant.Access, of), w.token(grant.Refresh, of)
	access.Pair, refresh.Pair = refresh.Key, access.Key
	return access, refresh
}

func tokenVisibility(w *world) {
	_, access, _ := w.tokens()
	other, g, err := w.b.Token(w.ctx, w.service+1, access.Key, w.now)
	w.ok(err)
	w.that(other == nil && g == nil, "another service does not see it")
	w.now = access.Expires - 1
	w.that(w.seeToken(access.Key) != nil, "it is there until it expires")
	w.now = access.Expires
	w.that(w.seeToken(access.Key) == nil, "it is invisible when it expires")
}

func tokenNeverExpires(w *world) {
	g, _, _ := w.tokens()
	t := w.token(grant.Access, g.Key)
	t.Expires = 0
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t}))
	w.now += 1000 * 365 * 24 * hour
	if got := w.seeToken(t.Key); !reflect.DeepEqual(got, t) {
		w.Fatalf("got %+v, want %+v", got, t)
	}
}

func tokenWithoutGrant(w *world) {
	t := w.token(grant.Access, w.key(w.now+hour))
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t}))
	w.that(w.seeToken(t.Key) == nil, "a token whose grant is gone is gone")
}

func issueInserts(w *world) {
	g, _, _ := w.tokens()
	t := w.token(grant.Refresh, g.Key)
	t.RetryUntil, t.Successor, t.Consumed = w.now+5, []byte{0, 1, 255}, true
	t.Pair = w.key(w.now)
	pk := w.key(w.now)
	t.Body.Predecessor = &pk
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t}))
	if got := w.seeToken(t.Key); !reflect.DeepEqual(got, t) {
		w.Fatalf("got %+v, want %+v", got, t)
	}
}

func issueReplayed(w *world) {
	g, _, _ := w.tokens()
	m := w.mark(w.now + hour)
	first, second := w.token(grant.Access, g.Key), w.token(grant.Access, g.Key)
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Marks: []grant.Mark{m}, Token: first}))
	w.is(store.Replayed)(w.b.IssueToken(w.ctx, store.IssueToken{Now: w.now, Marks: []grant.Mark{m}, Token: second}))
	w.that(w.seeToken(first.Key) != nil && w.seeToken(second.Key) == nil, "only the first one is there")
}

func issueTaken(w *world) {
	g, access, _ := w.tokens()
	t := w.token(grant.Access, g.Key)
	t.Key, t.Body.ClientID = access.Key, "mine"
	w.is(store.Taken)(w.b.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t, Chosen: true}))
	w.that(w.seeToken(access.Key).Body.ClientID == "22", "what was there stays")
	w.now = access.Expires
	t.Created, t.Expires = w.now, w.now+hour
	w.is(store.Done)(w.b.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t, Chosen: true}))
	w.that(w.seeToken(access.Key).Body.ClientID == "mine", "what has expired is in nobody's way")
}

// A token whose key is there, though nobody said it was chosen, is an error.
// It must not be one for others, whatever they share with it.
func issueBadJob(w *world) {
	g, access, _ := w.tokens()
	bad := w.token(grant.Access, g.Key)
	bad.Key = access.Key
	var good []*grant.Token
	for range 31 {
		good = append(good, w.token(grant.Access, g.Key))
	}
	errs := together(32, func(i int) error {
		t := bad
		if i < 31 {
			t = good[i]
		}
		_, err := w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t})
		return err
	})
	for i, err := range errs {
		w.that((err == nil) == (i < 31), "only the bad job fails")
	}
	for _, t := range good {
		w.that(w.seeToken(t.Key) != nil, "the good jobs are done")
	}
}

func rotateSucceeds(w *world) {
	g, access, refresh := w.tokens()
	next, successor := w.pair(g.Key)
	r := w.rotate(refresh, next, successor)
	r.RetryUntil, r.Successor, r.GrantExpires = w.now+minute, []byte("sealed"), g.Expires+hour
	w.is(store.Done)(w.a.Rotate(w.ctx, r))
	old := w.seeToken(refresh.Key)
	w.that(old != nil && old.Consumed && old.RetryUntil == r.RetryUntil && string(old.Successor) == "sealed",
		"the old refresh token is consumed and has its window")
	w.that(w.seeToken(access.Key) == nil, "the old access token is gone")
	for _, want := range []*grant.Token{next, successor} {
		if got := w.seeToken(want.Key); !reflect.DeepEqual(got, want) {
			w.Fatalf("got %+v, want %+v", got, want)
		}
	}
	w.that(w.seeGrantOf(next.Key).Expires == g.Expires+hour, "the grant lives longer")
	w.that(!w.seeGrantOf(next.Key).Revoked, "the grant is not revoked")
}

func rotateNeeds(w *world) {
	g, access, refresh := w.tokens()
	try := func(change func(*store.Rotate)) {
		w.Helper()
		next := w.token(grant.Access, g.Key)
		r := w.rotate(refresh, next)
		change(&r)
		w.is(store.Lost)(w.a.Rotate(w.ctx, r))
		w.that(w.seeToken(next.Key) == nil, "who lost inserts nothing")
		w.that(w.seeToken(access.Key) != nil, "who lost deletes nothing")
	}
	try(func(r *store.Rotate) { r.Service++ })
	try(func(r *store.Rotate) { r.Now = refresh.Expires })
	try(func(r *store.Rotate) { r.Refresh = w.key(refresh.Expires) })
	try(func(r *store.Rotate) { r.Refresh = access.Key })
	w.is(store.Done)(w.a.Rotate(w.ctx, w.rotate(refresh)))
}

func rotateLost(w *world) {
	g, _, refresh := w.tokens()
	next, successor := w.pair(g.Key)
	w.is(store.Done)(w.a.Rotate(w.ctx, w.rotate(refresh, next, successor)))
	again := w.token(grant.Access, g.Key)
	m := w.mark(w.now + hour)
	r := w.rotate(refresh, again)
	r.Access, r.Marks = next.Key, []grant.Mark{m}
	w.is(store.Lost)(w.b.Rotate(w.ctx, r))
	w.that(w.seeToken(again.Key) == nil, "who lost inserts nothing")
	w.that(w.seeToken(next.Key) != nil, "who lost deletes nothing")
	w.that(!w.seeGrantOf(next.Key).Revoked, "without LostRevokes nothing is revoked")
	w.is(store.Replayed)(w.a.Spend(w.ctx, w.now, []grant.Mark{m}))
}

func rotateLostRevokes(w *world) {
	g, _, refresh := w.tokens()
	next, successor := w.pair(g.Key)
	r := w.rotate(refresh, next, successor)
	r.LostRevokes = true
	w.is(store.Done)(w.a.Rotate(w.ctx, r))
	w.that(!w.seeGrantOf(next.Key).Revoked, "one rotation is fine")
	r.Tokens = []*grant.Token{w.token(grant.Access, g.Key)}
	w.is(store.Lost)(w.b.Rotate(w.ctx, r))
	w.that(w.seeGrantOf(next.Key).Revoked, "the second rotation revokes the grant")
}

func rotateReplayed(w *world) {
	g, access, refresh := w.tokens()
	m := w.mark(w.now + hour)
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{m}))
	r := w.rotate(refresh, w.token(grant.Access, g.Key))
	r.Marks, r.LostRevokes = []grant.Mark{m}, true
	w.is(store.Replayed)(w.b.Rotate(w.ctx, r))
	w.that(!w.seeToken(refresh.Key).Consumed, "a replay consumes nothing")
	w.that(w.seeToken(access.Key) != nil, "a replay deletes nothing")
	w.that(!w.seeGrantOf(refresh.Key).Revoked, "a replay revokes nothing")
}

func rotateCloses(w *world) {
	g, _, refresh := w.tokens()
	next, successor := w.pair(g.Key)
	r := w.rotate(refresh, next, successor)
	r.RetryUntil, r.Successor = w.now+minute, []byte("sealed")
	w.is(store.Done)(w.a.Rotate(w.ctx, r))
	third, last := w.pair(g.Key)
	r = w.rotate(successor, third, last)
	r.Predecessor = refresh.Key
	w.is(store.Done)(w.b.Rotate(w.ctx, r))
	old := w.seeToken(refresh.Key)
	w.that(old.RetryUntil == 0 && old.Successor == nil && old.Consumed, "using the successor ends the window before")
}

func rotateTaken(w *world) {
	g, access, refresh := w.tokens()
	there := w.token(grant.Access, g.Key)
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: there}))
	same := w.token(grant.Access, g.Key)
	same.Key = there.Key
	r := w.rotate(refresh, same)
	r.Chosen = true
	w.is(store.Taken)(w.b.Rotate(w.ctx, r))
	w.that(!w.seeToken(refresh.Key).Consumed, "where a handle is taken nothing is consumed")
	w.that(w.seeToken(access.Key) != nil, "where a handle is taken nothing is deleted")
}
