package sqlstore

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/store"
)

// Several open a database at once that nobody has set up.
func TestMigrateInParallel(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		stores := make([]store.Store, 8)
		errs := make([]error, len(stores))
		var wg sync.WaitGroup
		for i := range stores {
			wg.Go(func() { stores[i], errs[i] = Open(context.Background(), url, Options{Migrate: true}) })
		}
		wg.Wait()
		for i, s := range stores {
			if errs[i] != nil {
				t.Error(errs[i])
				continue
			}
			if err := s.Ping(context.Background()); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestOlderSchemaIsRefused(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		ctx := context.Background()
		if _, err := Open(ctx, url, Options{}); !errors.Is(err, ErrOlderSchema) {
			t.Fatal(err)
		}
		for range 2 { // once more does nothing
			if err := Migrate(ctx, url); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Open(ctx, url, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// Two versions of the program run side by side: the older one goes on.
func TestNewerSchemaIsAccepted(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{})
		insert := "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)"
		if _, err := w.raw().Exec(insert); err != nil {
			t.Fatal(err)
		}
		for _, migrate := range []bool{false, true} {
			s, err := Open(w.ctx, url, Options{Migrate: migrate})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
