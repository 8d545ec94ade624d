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
	{"APIToken/one writer at a time", apiTokenConflict},
	{"APIToken/limit", apiTokenFull},
	{"Setting/first one counts", settingFirst},
	{"Setting/parallel", settingParallel},
	{"Ping", ping},
}

// putAPIToken inserts an API token and returns it as it is stored now.
func (w *world) putAPIToken(t store.APITokenRow) store.APITokenRow {
	w.Helper()
	var err error
	t.Version, err = w.a.PutAPIToken(w.ctx, t)
	w.ok(err)
	return t
}

func apiTokenLife(w *world) {
	w.putService(1)
	t := w.putAPIToken(store.APITokenRow{
		ID: "t", Hash: [32]byte{1, 2, 31: 3}, Service: 1, Created: w.now, Expires: w.now + hour, Doc: []byte("doc"),
	})
	w.putAPIToken(store.APITokenRow{ID: "u", Created: w.now + 1})
	got, err := w.b.APIToken(w.ctx, "t")
	w.ok(err)
	if got == nil || !reflect.DeepEqual(*got, t) {
		w.Fatalf("got %+v, want %+v", got, t)
	}
	t.Hash, t.Expires, t.Doc = [32]byte{9}, 0, []byte("changed")
	t.Version, err = w.b.PutAPIToken(w.ctx, t)
	w.ok(err)
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
	t := w.putAPIToken(store.APITokenRow{ID: "t", Hash: [32]byte{1}})
	_, err := w.a.DeleteAPIToken(w.ctx, "t")
	w.ok(err)
	for _, version := range []int64{0, t.Version} {
		t.Version = version
		_, err = w.b.PutAPIToken(w.ctx, t)
		w.conflict(err, store.ErrConflict)
	}
	got, err := w.b.APIToken(w.ctx, "t")
	w.ok(err)
	w.that(got == nil, "an update that comes late does not revive a token")
}

func apiTokenConflict(w *world) {
	old := w.putAPIToken(store.APITokenRow{ID: "t", Hash: [32]byte{1}})
	_, err := w.b.PutAPIToken(w.ctx, store.APITokenRow{ID: "t"})
	w.conflict(err, store.ErrConflict)
	rotated := old
	rotated.Hash = [32]byte{2}
	rotated.Version, err = w.b.PutAPIToken(w.ctx, rotated)
	w.ok(err)
	_, err = w.a.PutAPIToken(w.ctx, old)
	w.conflict(err, store.ErrConflict)
	got, err := w.a.APIToken(w.ctx, "t")
	w.ok(err)
	w.that(got != nil && got.Hash == rotated.Hash, "an update that comes late does not bring back the value before a rotation")
}

// haveRoom lets many write at once through two stores, of whom n have room; the
// others hear that it is full.
func (w *world) haveRoom(n int, write func(s store.Store, i int) error) {
	made := 0
	for _, err := range together(racers, func(i int) error { return write([]store.Store{w.a, w.b}[i%2], i) }) {
		if err == nil {
			made++
		} else {
			w.conflict(err, store.ErrFull)
		}
	}
	w.that(made == n, fmt.Sprintf("%d have room, not %d", n, made))
}

// apiTokenFull: the limit holds when many ask at once, and every service has
// its own.
func apiTokenFull(w *world) {
	w.putService(1)
	w.putService(2)
	for i := range store.MaxAPITokens - 2 {
		w.putAPIToken(store.APITokenRow{ID: fmt.Sprint("a", i), Service: 1})
	}
	w.haveRoom(2, func(s store.Store, i int) error {
		_, err := s.PutAPIToken(w.ctx, store.APITokenRow{ID: fmt.Sprint("b", i), Service: 1})
		return err
	})
	w.putAPIToken(store.APITokenRow{ID: "c", Service: 2})
	_, err := w.a.DeleteAPIToken(w.ctx, "a0")
	w.ok(err)
	w.putAPIToken(store.APITokenRow{ID: "d", Service: 1})
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
