package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"sync/atomic"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

var coldTests = []test{
	{"Service/life", serviceLife},
	{"Service/conflicts", serviceConflicts},
	{"Service/order", serviceOrder},
	{"Service/deleted with all that is its", serviceDeleted},
	{"Client/life", clientLife},
	{"Client/conflicts", clientConflicts},
	{"Client/per developer", clientsPerDeveloper},
	{"Client/alias", clientAlias},
	{"Client/grant", clientGrant},
	{"Client/pages", clientPages},
	{"Client/parallel alias", clientParallelAlias},
	{"Client/parallel update", clientParallelUpdate},
	{"Client/of no service", ofNoService},
	{"Client/beside a deletion", besideDeletion},
}

func (w *world) conflict(err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Fatalf("got %v, want %v", err, want)
	}
}

func (w *world) putService(id int64) store.ServiceRow {
	w.Helper()
	s := store.ServiceRow{ID: id, Created: w.now, Doc: fmt.Appendf(nil, "service %d", id)}
	v, err := w.a.PutService(w.ctx, s)
	w.ok(err)
	s.Version = v
	return s
}

func (w *world) putClient(service, id int64, alias string) store.ClientRow {
	w.Helper()
	c := store.ClientRow{
		ID: id, Service: service, Alias: alias, Developer: "joe", Created: w.now, Doc: fmt.Appendf(nil, "client %d", id),
	}
	v, err := w.a.PutClient(w.ctx, c)
	w.ok(err)
	c.Version = v
	return c
}

func serviceLife(w *world) {
	none, err := w.b.Service(w.ctx, 1)
	w.ok(err)
	w.that(none == nil, "there is no service yet")
	s := w.putService(1)
	got, err := w.b.Service(w.ctx, 1)
	w.ok(err)
	if !reflect.DeepEqual(*got, s) {
		w.Fatalf("got %+v, want %+v", got, s)
	}
	s.Doc = []byte("changed")
	v, err := w.b.PutService(w.ctx, s)
	w.ok(err)
	w.that(v > s.Version, "every write gets a higher version")
	s.Version = v
	got, err = w.a.Service(w.ctx, 1)
	w.ok(err)
	if !reflect.DeepEqual(*got, s) {
		w.Fatalf("got %+v, want %+v", got, s)
	}
	found, err := w.a.DeleteService(w.ctx, 1)
	w.ok(err)
	w.that(found, "it was there")
	found, err = w.a.DeleteService(w.ctx, 1)
	w.ok(err)
	w.that(!found, "it is not there any more")
	got, err = w.b.Service(w.ctx, 1)
	w.ok(err)
	w.that(got == nil, "a deleted service is not found")
}

func serviceConflicts(w *world) {
	s := w.putService(1)
	_, err := w.b.PutService(w.ctx, store.ServiceRow{ID: 1, Created: w.now})
	w.conflict(err, store.ErrConflict)
	_, err = w.b.PutService(w.ctx, s)
	w.ok(err)
	_, err = w.a.PutService(w.ctx, s)
	w.conflict(err, store.ErrConflict)
	_, err = w.a.PutService(w.ctx, store.ServiceRow{ID: 2, Version: 1})
	w.conflict(err, store.ErrConflict)
	before, err := w.a.Version(w.ctx)
	w.ok(err)
	_, err = w.a.DeleteService(w.ctx, 1)
	w.ok(err)
	_, err = w.a.PutService(w.ctx, store.ServiceRow{ID: 1, Created: w.now})
	w.conflict(err, store.ErrConflict)
	_, err = w.a.PutService(w.ctx, store.ServiceRow{ID: 1, Version: before + 1})
	w.conflict(err, store.ErrConflict)
}

func serviceOrder(w *world) {
	for i, id := range []int64{5, 3, 9, 1} {
		w.now += int64(i)
		w.putService(id)
	}
	s := w.putService(2) // of the same millisecond: by id
	_, err := w.a.PutService(w.ctx, s)
	w.ok(err)
	_, err = w.a.DeleteService(w.ctx, 9)
	w.ok(err)
	all, err := w.b.Services(w.ctx)
	w.ok(err)
	var ids []int64
	for _, s := range all {
		ids = append(ids, s.ID)
	}
	if !reflect.DeepEqual(ids, []int64{5, 3, 1, 2}) {
		w.Fatalf("order %v", ids)
	}
}

func serviceDeleted(w *world) {
	w.putService(1)
	w.putService(2)
	w.putClient(1, 10, "ten")
	w.putClient(1, 11, "")
	w.putClient(2, 20, "")
	w.putAPIToken(store.APITokenRow{ID: "one", Service: 1})
	w.putAPIToken(store.APITokenRow{ID: "two", Service: 2})
	w.putAPIToken(store.APITokenRow{ID: "all", Service: 0})
	before, err := w.a.Version(w.ctx)
	w.ok(err)
	_, err = w.a.DeleteService(w.ctx, 1)
	w.ok(err)
	for id, there := range map[int64]bool{10: false, 11: false, 20: true} {
		c, err := w.b.Client(w.ctx, 0, id)
		w.ok(err)
		w.that((c != nil) == there, "clients go with their service")
	}
	for id, there := range map[string]bool{"one": false, "two": true, "all": true} {
		t, err := w.b.APIToken(w.ctx, id)
		w.ok(err)
		w.that((t != nil) == there, "API tokens go with their service")
	}
	// One row at a time, so that none shares its version with another.
	var gone []store.Change
	for since := before; ; since = gone[len(gone)-1].Version {
		page, err := w.b.Changes(w.ctx, since, 1)
		w.ok(err)
		if len(page) == 0 {
			break
		}
		w.that(page[0].Deleted, "the feed says deleted")
		gone = append(gone, page...)
	}
	w.that(len(gone) == 4, "the feed names the service, its clients and its token")
	after, err := w.b.Version(w.ctx)
	w.ok(err)
	w.that(after == gone[3].Version, "the version is that of the newest write")
	w.that(w.putService(3).Version > after, "no version is given twice")
}

func clientLife(w *world) {
	w.putService(1)
	c := w.putClient(1, 10, "ten")
	for _, service := range []int64{1, 0} {
		got, err := w.b.Client(w.ctx, service, 10)
		w.ok(err)
		if got == nil || !reflect.DeepEqual(*got, c) {
			w.Fatalf("got %+v, want %+v", got, c)
		}
	}
	other, err := w.b.Client(w.ctx, 2, 10)
	w.ok(err)
	w.that(other == nil, "another service does not see it")
	c.Developer, c.Alias, c.Doc = "ann", "zehn", []byte("changed")
	v, err := w.b.PutClient(w.ctx, c)
	w.ok(err)
	w.that(v > c.Version, "every write gets a higher version")
	c.Version = v
	got, err := w.a.ClientByAlias(w.ctx, 1, "zehn")
	w.ok(err)
	if got == nil || !reflect.DeepEqual(*got, c) {
		w.Fatalf("got %+v, want %+v", got, c)
	}
	found, err := w.a.DeleteClient(w.ctx, 2, 10)
	w.ok(err)
	w.that(!found, "another service does not delete it")
	found, err = w.a.DeleteClient(w.ctx, 1, 10)
	w.ok(err)
	w.that(found, "it was there")
	found, err = w.a.DeleteClient(w.ctx, 1, 10)
	w.ok(err)
	w.that(!found, "it is not there any more")
	got, err = w.b.Client(w.ctx, 1, 10)
	w.ok(err)
	w.that(got == nil, "a deleted client is not found")
	got, err = w.b.ClientByAlias(w.ctx, 1, "zehn")
	w.ok(err)
	w.that(got == nil, "a deleted client is not found by its alias")
}

func clientConflicts(w *world) {
	w.putService(1)
	w.putService(2)
	c := w.putClient(1, 10, "")
	_, err := w.b.PutClient(w.ctx, store.ClientRow{ID: 10, Service: 2})
	w.conflict(err, store.ErrConflict)
	_, err = w.b.PutClient(w.ctx, c)
	w.ok(err)
	_, err = w.a.PutClient(w.ctx, c)
	w.conflict(err, store.ErrConflict)
	_, err = w.a.DeleteClient(w.ctx, 1, 10)
	w.ok(err)
	_, err = w.a.PutClient(w.ctx, store.ClientRow{ID: 10, Service: 1})
	w.conflict(err, store.ErrConflict)
}

// clientsPerDeveloper: the limit holds among writers of two stores.
func clientsPerDeveloper(w *world) {
	w.putService(1)
	w.putService(2)
	put := func(s store.Store, r store.ClientRow) error {
		r.PerDeveloper = 3
		_, err := s.PutClient(w.ctx, r)
		return err
	}
	w.ok(put(w.a, store.ClientRow{ID: 10, Service: 1, Developer: "d"}))
	w.haveRoom(2, func(s store.Store, i int) error {
		return put(s, store.ClientRow{ID: int64(100 + i), Service: 1, Developer: "d"})
	})
	w.ok(put(w.b, store.ClientRow{ID: 20, Service: 2, Developer: "d"}))
	w.ok(put(w.a, store.ClientRow{ID: 11, Service: 1, Developer: "e"}))
	for id := range int64(4) { // nobody's
		w.ok(put(w.a, store.ClientRow{ID: 30 + id, Service: 1}))
	}

	mover, err := w.a.Client(w.ctx, 1, 11)
	w.ok(err)
	mover.Developer = "d"
	w.conflict(put(w.a, *mover), store.ErrFull)
	still, err := w.b.Client(w.ctx, 1, 11)
	w.ok(err)
	w.that(still.Developer == "e" && still.Version == mover.Version, "who has no room stays where it was")
	_, err = w.a.DeleteClient(w.ctx, 1, 10)
	w.ok(err)
	w.ok(put(w.b, *mover))
}

func clientAlias(w *world) {
	w.putService(1)
	w.putService(2)
	w.putClient(1, 10, "x")
	w.putClient(2, 20, "x")
	w.putClient(1, 11, "")
	w.putClient(1, 12, "")
	c := w.putClient(1, 13, "y")
	_, err := w.b.PutClient(w.ctx, store.ClientRow{ID: 14, Service: 1, Alias: "x"})
	w.conflict(err, store.ErrAlias)
	c.Alias = "x"
	_, err = w.b.PutClient(w.ctx, c)
	w.conflict(err, store.ErrAlias)
	none, err := w.b.ClientByAlias(w.ctx, 1, "")
	w.ok(err)
	w.that(none == nil, "the empty alias names nobody")
	_, err = w.a.DeleteClient(w.ctx, 1, 10)
	w.ok(err)
	_, err = w.b.PutClient(w.ctx, c)
	w.ok(err)
}

func clientGrant(w *world) {
	w.putService(1)
	w.service, w.client = 1, 10
	c := w.putClient(1, 10, "")
	t := w.token(grant.Access, grant.ClientKey(1, 10))
	w.is(store.Done)(w.a.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t}))
	want := &grant.Grant{Key: grant.ClientKey(1, 10), Service: 1, Client: 10}
	if got := w.seeGrantOf(t.Key); !reflect.DeepEqual(got, want) {
		w.Fatalf("got %+v, want %+v", got, want)
	}
	w.is(store.Done)(w.a.Revoke(w.ctx, store.Revoke{Now: w.now, Service: 1, Grant: t.Grant}))
	_, err := w.a.PutClient(w.ctx, c)
	w.ok(err)
	w.that(w.seeGrantOf(t.Key).Revoked, "a later write of the client leaves its grant alone")
}

func clientPages(w *world) {
	w.putService(1)
	w.putService(2)
	for i := range int64(10) {
		w.now++
		c := store.ClientRow{ID: 100 - i, Service: 1, Created: w.now, Developer: "joe"}
		if i%3 == 0 {
			c.Developer = "ann"
		}
		_, err := w.a.PutClient(w.ctx, c)
		w.ok(err)
	}
	w.putClient(2, 7, "")
	_, err := w.a.DeleteClient(w.ctx, 1, 99)
	w.ok(err)
	for _, c := range []struct {
		developer  string
		start, end int
		total      int
		ids        []int64
	}{
		{"", 0, 3, 9, []int64{100, 98, 97}},
		{"", 3, 5, 9, []int64{96, 95}},
		{"", 7, 100, 9, []int64{92, 91}},
		{"", 9, 20, 9, nil},
		{"", 5, 5, 9, nil},
		{"", 5, 2, 9, nil},
		{"ann", 1, 3, 4, []int64{97, 94}},
		{"nobody", 0, 5, 0, nil},
	} {
		page, total, err := w.b.Clients(w.ctx, 1, c.developer, c.start, c.end)
		w.ok(err)
		var ids []int64
		for _, row := range page {
			ids = append(ids, row.ID)
		}
		if total != c.total || !reflect.DeepEqual(ids, c.ids) {
			w.Fatalf("%+v: got %v of %d", c, ids, total)
		}
	}
}

func clientParallelAlias(w *world) {
	w.putService(1)
	for round := range int64(rounds()) {
		alias := fmt.Sprintf("alias %d", round)
		var won, taken atomic.Int64
		for _, err := range together(racers, func(i int) error {
			s := []store.Store{w.a, w.b}[i%2]
			_, err := s.PutClient(w.ctx, store.ClientRow{ID: 1000*round + int64(i) + 1, Service: 1, Alias: alias})
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, store.ErrAlias):
				taken.Add(1)
			default:
				return err
			}
			return nil
		}) {
			w.ok(err)
		}
		w.that(won.Load() == 1 && taken.Load() == racers-1, "one client gets the alias, the others hear why not")
	}
}

func clientParallelUpdate(w *world) {
	w.putService(1)
	c := w.putClient(1, 10, "")
	for range rounds() {
		var won atomic.Int64
		for _, err := range together(racers, func(i int) error {
			s := []store.Store{w.a, w.b}[i%2]
			_, err := s.PutClient(w.ctx, c)
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, store.ErrConflict) {
				return err
			}
			return nil
		}) {
			w.ok(err)
		}
		w.that(won.Load() == 1, "of writers that read the same version one wins")
		now, err := w.a.Client(w.ctx, 1, 10)
		w.ok(err)
		c = *now
	}
}

// ofNoService: nothing is stored for a service that is not there.
func ofNoService(w *world) {
	w.putService(1)
	_, err := w.a.DeleteService(w.ctx, 1)
	w.ok(err)
	for _, service := range []int64{1, 2} {
		_, err := w.b.PutClient(w.ctx, store.ClientRow{ID: 10, Service: service})
		w.conflict(err, store.ErrGone)
		_, err = w.b.PutAPIToken(w.ctx, store.APITokenRow{ID: "t", Service: service})
		w.conflict(err, store.ErrGone)
	}
}

// besideDeletion: whatever is written while a service is being deleted, none
// of it is left.
func besideDeletion(w *world) {
	for round := range int64(rounds()) {
		service := round + 1
		w.putService(service)
		for _, err := range together(racers, func(i int) error {
			s := []store.Store{w.a, w.b}[i%2]
			switch {
			case i == racers/2:
				_, err := s.DeleteService(w.ctx, service)
				return err
			case i%3 == 0:
				_, err := s.PutAPIToken(w.ctx, store.APITokenRow{ID: fmt.Sprint(service, "-", i), Service: service})
				return err
			default:
				_, err := s.PutClient(w.ctx, store.ClientRow{ID: 1000*service + int64(i), Service: service})
				return err
			}
		}) {
			if err != nil {
				w.conflict(err, store.ErrGone)
			}
		}
		_, clients, err := w.a.Clients(w.ctx, service, "", 0, 1)
		w.ok(err)
		tokens, err := w.a.APITokens(w.ctx)
		w.ok(err)
		w.that(clients == 0 && len(tokens) == 0, "nothing of a deleted service is left")
	}
}
