package storetest

import (
	"reflect"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

var authorizationTests = []test{
	{"Push/stores", pushStores},
	{"Push/replayed", pushReplayed},
	{"Pushed/visibility", pushedVisibility},
	{"PutTicket/stores", putTicketStores},
	{"PutTicket/needs the pushed request", putTicketNeedsPushed},
	{"Ticket/visibility", ticketVisibility},
	{"Finish/issues", finishIssues},
	{"Finish/fails", finishFails},
	{"Finish/ticket is single-use", finishOnce},
	{"Finish/expired ticket", finishExpired},
	{"Finish/other service", finishOtherService},
	{"Ticket/replaced", ticketReplaced},
	{"Ticket/not replaced", ticketNotReplaced},
	{"Finish/siblings", finishSiblings},
	{"Finish/pushed request expired meanwhile", finishPushedExpired},
	{"Finish/no ticket leaves the pushed request", finishWithoutTicket},
}

func (w *world) push() *grant.Pushed {
	w.Helper()
	p := w.pushed()
	w.is(store.Done)(w.a.Push(w.ctx, store.Push{Now: w.now, Pushed: p}))
	return p
}

func (w *world) putTicket(from grant.Key) *grant.Ticket {
	w.Helper()
	t := w.ticket(from)
	w.is(store.Done)(w.a.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: t}))
	return t
}

func (w *world) finish(t *grant.Ticket, g *grant.Grant, c *grant.Code) store.FinishAuthorization {
	return store.FinishAuthorization{
		Now: w.now, Service: w.service, Ticket: t.Key, Pushed: t.Pushed, Grant: g, Code: c,
	}
}

func pushStores(w *world) {
	p := w.push()
	if got := w.seePushed(p.Key); !reflect.DeepEqual(got, p) {
		w.Fatalf("got %+v, want %+v", got, p)
	}
}

func pushReplayed(w *world) {
	m := w.mark(w.now + hour)
	w.is(store.Done)(w.a.Push(w.ctx, store.Push{Now: w.now, Marks: []grant.Mark{m}, Pushed: w.pushed()}))
	p := w.pushed()
	w.is(store.Replayed)(w.b.Push(w.ctx, store.Push{Now: w.now, Marks: []grant.Mark{m}, Pushed: p}))
	w.that(w.seePushed(p.Key) == nil, "a replay inserts nothing")
}

func pushedVisibility(w *world) {
	p := w.push()
	other, err := w.b.Pushed(w.ctx, w.service+1, p.Key, w.now)
	w.ok(err)
	w.that(other == nil, "another service does not see it")
	unknown, err := w.b.Pushed(w.ctx, w.service, w.key(p.Expires), w.now)
	w.ok(err)
	w.that(unknown == nil, "an unknown key finds nothing")
	w.now = p.Expires - 1
	w.that(w.seePushed(p.Key) != nil, "it is there until it expires")
	w.now = p.Expires
	w.that(w.seePushed(p.Key) == nil, "it is invisible when it expires")
}

func putTicketStores(w *world) {
	p := w.push()
	for _, from := range []grant.Key{{}, p.Key} {
		t := w.putTicket(from)
		if got := w.seeTicket(t.Key); !reflect.DeepEqual(got, t) {
			w.Fatalf("got %+v, want %+v", got, t)
		}
	}
	w.that(w.seePushed(p.Key) != nil, "a ticket does not consume the pushed request")
}

func putTicketNeedsPushed(w *world) {
	none := w.ticket(w.key(w.now + hour))
	w.is(store.Lost)(w.a.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: none}))
	w.that(w.seeTicket(none.Key) == nil, "no ticket from a pushed request that is not there")

	p := w.push()
	foreign := w.ticket(p.Key)
	foreign.Service++
	w.is(store.Lost)(w.a.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: foreign}))

	late := w.ticket(p.Key)
	w.is(store.Lost)(w.a.PutTicket(w.ctx, store.PutTicket{Now: p.Expires, Ticket: late}))

	w.is(store.Done)(w.a.FinishAuthorization(w.ctx, w.finish(w.putTicket(p.Key), nil, nil)))
	after := w.ticket(p.Key)
	w.is(store.Lost)(w.b.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: after}))
	w.that(w.seeTicket(after.Key) == nil, "no ticket from a consumed pushed request")
}

func ticketVisibility(w *world) {
	t := w.putTicket(grant.Key{})
	other, err := w.b.Ticket(w.ctx, w.service+1, t.Key, w.now)
	w.ok(err)
	w.that(other == nil, "another service does not see it")
	w.now = t.Expires - 1
	w.that(w.seeTicket(t.Key) != nil, "it is there until it expires")
	w.now = t.Expires
	w.that(w.seeTicket(t.Key) == nil, "it is invisible when it expires")
}

func (w *world) replace(t *grant.Ticket) store.ReplaceTicket {
	body := t.Body
	body.Context = "another"
	return store.ReplaceTicket{Now: w.now, Service: w.service, Ticket: t.Key, Body: &body}
}

func ticketReplaced(w *world) {
	p := w.push()
	t := w.putTicket(p.Key)
	r := w.replace(t)
	w.is(store.Done)(w.a.ReplaceTicket(w.ctx, r))
	t.Body = *r.Body
	if got := w.seeTicket(t.Key); !reflect.DeepEqual(got, t) {
		w.Fatalf("got %+v, want %+v", got, t)
	}
	w.is(store.Done)(w.b.FinishAuthorization(w.ctx, w.finish(t, nil, nil)))
}

func ticketNotReplaced(w *world) {
	t := w.putTicket(grant.Key{})
	r := w.replace(t)
	r.Service++
	w.is(store.Lost)(w.a.ReplaceTicket(w.ctx, r))
	r.Service--
	r.Now = t.Expires
	w.is(store.Lost)(w.a.ReplaceTicket(w.ctx, r))
	if got := w.seeTicket(t.Key); !reflect.DeepEqual(got, t) {
		w.Fatalf("got %+v, want %+v", got, t)
	}
	w.is(store.Done)(w.b.FinishAuthorization(w.ctx, w.finish(t, nil, nil)))
	r.Now = w.now
	w.is(store.Lost)(w.a.ReplaceTicket(w.ctx, r))
	w.that(w.seeTicket(t.Key) == nil, "a spent ticket does not come back")
}

func finishIssues(w *world) {
	p := w.push()
	t := w.putTicket(p.Key)
	g := w.grant()
	c := w.code(g.Key)
	w.is(store.Done)(w.a.FinishAuthorization(w.ctx, w.finish(t, g, c)))
	w.that(w.seeTicket(t.Key) == nil, "the ticket is spent")
	w.that(w.seePushed(p.Key) == nil, "the pushed request is consumed")
	gotCode, gotGrant, err := w.b.Code(w.ctx, w.service, c.Key, w.now)
	w.ok(err)
	if !reflect.DeepEqual(gotCode, c) || !reflect.DeepEqual(gotGrant, g) {
		w.Fatalf("got %+v of %+v, want %+v of %+v", gotCode, gotGrant, c, g)
	}
}

func finishFails(w *world) {
	p := w.push()
	t := w.putTicket(p.Key)
	w.is(store.Done)(w.a.FinishAuthorization(w.ctx, w.finish(t, nil, nil)))
	w.that(w.seeTicket(t.Key) == nil, "the ticket is spent")
	w.that(w.seePushed(p.Key) == nil, "the pushed request is consumed")
}

func finishOnce(w *world) {
	t := w.putTicket(grant.Key{})
	w.is(store.Done)(w.a.FinishAuthorization(w.ctx, w.finish(t, nil, nil)))
	g := w.grant()
	c := w.code(g.Key)
	w.is(store.Lost)(w.b.FinishAuthorization(w.ctx, w.finish(t, g, c)))
	w.that(w.seeCode(c.Key) == nil, "who lost inserts nothing")
}

func finishExpired(w *world) {
	t := w.putTicket(grant.Key{})
	f := w.finish(t, nil, nil)
	f.Now = t.Expires
	w.is(store.Lost)(w.a.FinishAuthorization(w.ctx, f))
	f.Now = t.Expires - 1
	w.is(store.Done)(w.a.FinishAuthorization(w.ctx, f))
}

func finishOtherService(w *world) {
	t := w.putTicket(grant.Key{})
	f := w.finish(t, nil, nil)
	f.Service++
	w.is(store.Lost)(w.a.FinishAuthorization(w.ctx, f))
	w.that(w.seeTicket(t.Key) != nil, "another service's attempt leaves the ticket")
}

func finishSiblings(w *world) {
	p := w.push()
	first, second := w.putTicket(p.Key), w.putTicket(p.Key)
	w.is(store.Done)(w.a.FinishAuthorization(w.ctx, w.finish(first, nil, nil)))
	g := w.grant()
	c := w.code(g.Key)
	w.is(store.Lost)(w.b.FinishAuthorization(w.ctx, w.finish(second, g, c)))
	w.that(w.seeCode(c.Key) == nil, "a sibling inserts nothing")
	w.that(w.seeTicket(second.Key) == nil, "a sibling's ticket is spent all the same")
}

func finishPushedExpired(w *world) {
	p := w.pushed()
	p.Expires = w.now + minute
	w.is(store.Done)(w.a.Push(w.ctx, store.Push{Now: w.now, Pushed: p}))
	t := w.putTicket(p.Key)
	w.now = p.Expires + minute
	w.that(w.seePushed(p.Key) == nil, "the pushed request has expired")
	w.is(store.Done)(w.b.FinishAuthorization(w.ctx, w.finish(t, nil, nil)))
}

func finishWithoutTicket(w *world) {
	p := w.push()
	w.is(store.Lost)(w.a.FinishAuthorization(w.ctx, w.finish(w.ticket(p.Key), nil, nil)))
	w.that(w.seePushed(p.Key) != nil, "the pushed request is left alone")
}
