package storetest

import (
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/symbolon-auth/symbolon/internal/store"
)

var feedTests = []test{
	{"Feed/names every write", feedNames},
	{"Feed/newest write of a row only", feedNewest},
	{"Feed/under parallel writers", feedParallel},
}

func feedNames(w *world) {
	v, err := w.b.Version(w.ctx)
	w.ok(err)
	w.that(v == 0, "nothing was written yet")
	s := w.putService(1)
	c := w.putClient(1, 10, "")
	w.putAPIToken(store.APITokenRow{ID: "t"})
	_, err = w.a.DeleteClient(w.ctx, 1, 10)
	w.ok(err)
	all, err := w.b.Changes(w.ctx, 0, 10)
	w.ok(err)
	want := []store.Change{
		{Version: s.Version, Kind: store.ServiceChanged, ID: 1},
		{Version: c.Version + 1, Kind: store.APITokenChanged, TokenID: "t"},
		{Version: c.Version + 2, Kind: store.ClientChanged, ID: 10, Deleted: true},
	}
	if !reflect.DeepEqual(all, want) {
		w.Fatalf("got %+v, want %+v", all, want)
	}
	v, err = w.b.Version(w.ctx)
	w.ok(err)
	w.that(v == want[2].Version, "the version is that of the newest write")
	rest, err := w.b.Changes(w.ctx, want[0].Version, 1)
	w.ok(err)
	w.that(len(rest) == 1 && rest[0] == want[1], "the feed goes on where one stopped, at most as far as asked")
	rest, err = w.b.Changes(w.ctx, v, 10)
	w.ok(err)
	w.that(len(rest) == 0, "there is nothing after the newest write")
}

func feedNewest(w *world) {
	s := w.putService(1)
	v, err := w.a.PutService(w.ctx, s)
	w.ok(err)
	all, err := w.b.Changes(w.ctx, 0, 10)
	w.ok(err)
	w.that(len(all) == 1 && all[0].Version == v, "a row is in the feed once, where it was written last")
}

// Many write while one follows. What it knows in the end must be what there
// is: no write may become visible behind the point that the follower reached.
func feedParallel(w *world) {
	const writers = 8
	perWriter := rounds()
	known := make(map[string]store.Change)
	id := func(c store.Change) string { return fmt.Sprint(c.Kind, c.ID, c.TokenID) }
	since := int64(0)
	follow := func() bool {
		page, err := w.b.Changes(w.ctx, since, 7)
		w.ok(err)
		for _, c := range page {
			w.that(c.Version > since, "the feed goes up")
			since = c.Version
			known[id(c)] = c
		}
		return len(page) > 0
	}
	var writing sync.WaitGroup
	errs := make([]error, writers)
	for n := range int64(writers) {
		writing.Go(func() { errs[n] = w.writeCold(n, perWriter) })
	}
	done := make(chan struct{})
	go func() { writing.Wait(); close(done) }()
	for writing := true; writing; {
		select {
		case <-done:
			writing = false
		default:
		}
		follow()
	}
	for follow() {
	}
	w.ok(errors.Join(errs...))
	all, err := w.a.Changes(w.ctx, 0, 1_000_000)
	w.ok(err)
	w.that(len(all) == len(known), "the follower knows of every row")
	for _, c := range all {
		w.that(known[id(c)] == c, "the follower knows the newest write of every row")
	}
}

func (w *world) writeCold(n int64, times int) error {
	s := []store.Store{w.a, w.b}[n%2]
	service := store.ServiceRow{ID: n + 1, Created: w.now}
	var errs []error
	var tokens [5]store.APITokenRow
	for i := range times {
		var err error
		service.Version, err = s.PutService(w.ctx, service)
		_, err2 := s.PutClient(w.ctx, store.ClientRow{ID: 1000*(n+1) + int64(i%3), Service: n + 1})
		if errors.Is(err2, store.ErrConflict) {
			_, err2 = s.DeleteClient(w.ctx, n+1, 1000*(n+1)+int64(i%3))
		}
		token := &tokens[i%len(tokens)]
		token.ID, token.Service = fmt.Sprint(n, i%len(tokens)), n+1
		var err3 error
		token.Version, err3 = s.PutAPIToken(w.ctx, *token)
		errs = append(errs, err, err2, err3)
	}
	return errors.Join(errs...)
}
