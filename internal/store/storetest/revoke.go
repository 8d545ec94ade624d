package storetest

import (
	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

var revokeTests = []test{
	{"Revoke/grant", revokeGrant},
	{"Revoke/token", revokeToken},
	{"Revoke/nothing there", revokeNothing},
	{"Revoke/other service", revokeOtherService},
	{"Revoke/replayed", revokeReplayed},
	{"RevokeClient/pages", revokeClientPages},
}

func revokeGrant(w *world) {
	g, access, refresh := w.tokens()
	w.is(store.Done)(w.a.Revoke(w.ctx, store.Revoke{Now: w.now, Service: w.service, Grant: g.Key}))
	w.that(w.seeGrantOf(access.Key).Revoked && w.seeGrantOf(refresh.Key).Revoked, "all tokens of a grant are dead at once")
}

func revokeToken(w *world) {
	_, access, refresh := w.tokens()
	w.is(store.Done)(w.a.Revoke(w.ctx, store.Revoke{Now: w.now, Service: w.service, Token: access.Key}))
	w.that(w.seeToken(access.Key) == nil, "the token is gone")
	w.that(!w.seeGrantOf(refresh.Key).Revoked, "the grant is not revoked")
}

func revokeNothing(w *world) {
	r := store.Revoke{Now: w.now, Service: w.service, Grant: w.key(w.now), Token: w.key(w.now)}
	w.is(store.Done)(w.a.Revoke(w.ctx, r))
}

func revokeOtherService(w *world) {
	g, access, _ := w.tokens()
	r := store.Revoke{Now: w.now, Service: w.service + 1, Grant: g.Key, Token: access.Key}
	w.is(store.Done)(w.a.Revoke(w.ctx, r))
	w.that(!w.seeGrantOf(access.Key).Revoked, "another service revokes nothing")
}

func revokeReplayed(w *world) {
	g, access, _ := w.tokens()
	m := w.mark(w.now + hour)
	w.is(store.Done)(w.a.Spend(w.ctx, w.now, []grant.Mark{m}))
	r := store.Revoke{Now: w.now, Marks: []grant.Mark{m}, Service: w.service, Grant: g.Key, Token: access.Key}
	w.is(store.Replayed)(w.b.Revoke(w.ctx, r))
	w.that(w.seeToken(access.Key) != nil && !w.seeGrantOf(access.Key).Revoked, "a replay revokes nothing")
}

// More grants than fit on two pages; neighbours in the index must survive.
func revokeClientPages(w *world) {
	const many = 600
	issue := func(service, client int64) *grant.Token {
		w.service, w.client = service, client
		_, access, _ := w.tokens()
		return access
	}
	mine := make([]*grant.Token, many)
	for i, err := range together(many, func(i int) error {
		mine[i] = w.issueGrant()
		return nil
	}) {
		w.that(err == nil && mine[i] != nil, "a grant is made")
	}
	service, client := w.service, w.client
	others := []*grant.Token{issue(service, client+1), issue(service, client-1), issue(service+1, client)}
	w.service, w.client = service, client
	w.ok(w.b.RevokeClient(w.ctx, service, client))
	for _, t := range mine {
		w.that(w.seeGrantOf(t.Key).Revoked, "every grant of the client is revoked")
	}
	for _, t := range others {
		w.service = t.Service
		w.that(!w.seeGrantOf(t.Key).Revoked, "nobody else's is")
	}
}

// issueGrant makes a grant with one token. It may run in parallel.
func (w *world) issueGrant() *grant.Token {
	t := w.ticket(grant.Key{})
	g := w.grant()
	c := w.code(g.Key)
	token := w.token(grant.Access, g.Key)
	if _, err := w.a.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: t}); err != nil {
		return nil
	}
	if o, err := w.b.FinishAuthorization(w.ctx, w.finish(t, g, c)); o != store.Done || err != nil {
		return nil
	}
	if o, err := w.a.RedeemCode(w.ctx, w.redeem(c, token)); o != store.Done || err != nil {
		return nil
	}
	return token
}
