package sqlstore

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/pgtest"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/store/storetest"
)

// openTwo opens two stores on one database and closes them after the test.
func openTwo(t testing.TB, url string) (a, b store.Store) {
	t.Helper()
	return openOne(t, url, Options{Migrate: true}), openOne(t, url, Options{Migrate: true})
}

func openOne(t testing.TB, url string, opts Options) store.Store {
	t.Helper()
	s, err := Open(context.Background(), url, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) (a, b store.Store) {
		return openTwo(t, "sqlite:"+filepath.Join(t.TempDir(), "db"))
	})
}

// A database in memory belongs to one store.
func TestMemory(t *testing.T) {
	storetest.Run(t, func(t *testing.T) (a, b store.Store) {
		s := openOne(t, "memory:", Options{})
		return s, s
	})
}

func TestPostgreSQL(t *testing.T) {
	storetest.Run(t, func(t *testing.T) (a, b store.Store) {
		return openTwo(t, pgtest.Database(t))
	})
}

// TestOwnClock: a store that is given no clock goes by the time of day, and
// its clock hand keeps rows for the grace and no longer.
func TestOwnClock(t *testing.T) {
	t.Parallel()
	h := newHand(openOne(t, "memory:", Options{Migrate: true}).(*sqlStore).opts.Now)
	for range 2 {
		for last := time.Now().UnixMilli(); time.Now().UnixMilli() == last; { //nolint:revive // until the next one
		}
		before := time.Now().Add(-handGrace).UnixMilli()
		if at := h.deadline(); at < before || at > time.Now().Add(-handGrace).UnixMilli() {
			t.Errorf("the hand takes what expired before %d instead of %d", at, before)
		}
	}
}
