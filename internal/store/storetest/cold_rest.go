package storetest

import (
	"bytes"
	"fmt"
	"reflect"
	"sync/atomic"

	"github.com/symbolon-auth/symbolon/internal/store"
)

var coldRestTests = []test{
	{"APIToken/life", apiTokenLife},
	{"APIToken/deleted stays deleted", apiTokenDeleted},
	{"Setting/first one counts", settingFirst},
	{"Setting/parallel", settingParallel},
	{"Ping", ping},
}

func apiTokenLife(w *world) {
	t := store.APITokenRow{
		ID: "t", Hash: [32]byte{1, 2, 31: 3}, Service: 1, Created: w.now, Expires: w.now + hour, Doc: []byte("doc"),
	}
	w.ok(w.a.PutAPIToken(w.ctx, t))
	w.ok(w.a.PutAPIToken(w.ctx, store.APITokenRow{ID: "u", Created: w.now + 1}))
	got, err := w.b.APIToken(w.ctx, "t")
	w.ok(err)
	if got == nil || !reflect.DeepEqual(*got, t) {
		w.Fatalf("got %+v, want %+v", got, t)
	}
	t.Hash, t.Expires, t.Doc = [32]byte{9}, 0, []byte("changed")
	w.ok(w.b.PutAPIToken(w.ctx, t))
	all, err := w.a.APITokens(w.ctx)
	w.ok(err)
	if len(all) != 2 || !reflect.DeepEqual(all[0], t) {
		w.Fatalf("got %+v, want %+v first", all, t)
	}
	found, err := w.a.DeleteAPIToken(w.ctx, "t")
	w.ok(err)
	w.that(found, "it was there")
	found, err = w.b.DeleteAPIToken(w.ctx, "t")
	w.ok(err)
	w.that(!found, "it is not there any more")
	got, err = w.b.APIToken(w.ctx, "t")
	w.ok(err)
	w.that(got == nil, "a deleted token is not found")
	all, err = w.b.APITokens(w.ctx)
	w.ok(err)
	w.that(len(all) == 1, "a deleted token is not listed")
}

func apiTokenDeleted(w *world) {
	t := store.APITokenRow{ID: "t", Hash: [32]byte{1}}
	w.ok(w.a.PutAPIToken(w.ctx, t))
	_, err := w.a.DeleteAPIToken(w.ctx, "t")
	w.ok(err)
	w.conflict(w.b.PutAPIToken(w.ctx, t), store.ErrConflict)
	got, err := w.b.APIToken(w.ctx, "t")
	w.ok(err)
	w.that(got == nil, "an update that comes late does not revive a token")
}

func settingFirst(w *world) {
	v, created, err := w.a.Setting(w.ctx, "s", []byte("one"))
	w.ok(err)
	w.that(created && string(v) == "one", "where there is none, the initial value is stored")
	v, created, err = w.b.Setting(w.ctx, "s", []byte("two"))
	w.ok(err)
	w.that(!created && string(v) == "one", "where there is one, it is returned")
}

func settingParallel(w *world) {
	for round := range rounds() {
		var made atomic.Int64
		values := make([][]byte, racers)
		for _, err := range together(racers, func(i int) error {
			s := []store.Store{w.a, w.b}[i%2]
			v, created, err := s.Setting(w.ctx, fmt.Sprint(round), fmt.Appendf(nil, "%d", i))
			if created {
				made.Add(1)
			}
			values[i] = v
			return err
		}) {
			w.ok(err)
		}
		w.that(made.Load() == 1, "one value is stored")
		for _, v := range values {
			w.that(len(v) > 0 && bytes.Equal(v, values[0]), "all get the same value")
		}
	}
}

func ping(w *world) {
	w.ok(w.a.Ping(w.ctx))
	w.ok(w.b.Ping(w.ctx))
}
