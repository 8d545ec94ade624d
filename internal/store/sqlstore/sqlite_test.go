package sqlstore

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

func sqliteWorld(t *testing.T, opts Options) (w *world, path string) {
	path = filepath.Join(t.TempDir(), "db")
	return newWorld(t, "sqlite:"+path, opts), path
}

func (w *world) sqlite() *sqlite { return w.s.dialect.(*sqlite) }

// What acknowledged data rests on.
func TestSQLiteSettings(t *testing.T) {
	w, path := sqliteWorld(t, Options{})
	var mode, synchronous, vacuum, checkpoint string
	for pragma, to := range map[string]*string{
		"journal_mode": &mode, "synchronous": &synchronous, "auto_vacuum": &vacuum, "wal_autocheckpoint": &checkpoint,
	} {
		w.ok(w.sqlite().writer.QueryRowContext(w.ctx, "PRAGMA "+pragma).Scan(to))
	}
	if mode != "wal" || synchronous != "2" || vacuum != "2" || checkpoint != "0" {
		t.Errorf("journal_mode %s, synchronous %s, auto_vacuum %s, wal_autocheckpoint %s", mode, synchronous, vacuum, checkpoint)
	}
	var mapped int64
	w.ok(w.sqlite().reads.db.QueryRowContext(w.ctx, "PRAGMA mmap_size").Scan(&mapped))
	if mapped == 0 {
		t.Error("readers do not map the file")
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		w.ok(err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("others may read %s: %v", filepath.Base(path+suffix), info.Mode())
		}
	}
}

// The write-ahead log is bounded even though nobody ever pauses.
func TestSQLiteLogIsBounded(t *testing.T) {
	w, path := sqliteWorld(t, Options{})
	const limit = 500 // pages
	w.done(w.s.Spend(w.ctx, w.now, nil))
	w.ok(w.sqlite().coldWrite(w.ctx, func(_ context.Context, _ coldQueries) error { w.sqlite().walLimit = limit; return nil }))
	of := w.refresh().Grant
	var grew bool
	var stop = make(chan struct{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					if _, err := w.issue(w.token(grant.Access, of)); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	w.until("the log grows and is emptied", func() bool {
		info, err := os.Stat(path + "-wal")
		w.ok(err)
		if info.Size() > limit*4096 {
			grew = true
		}
		return grew && info.Size() < limit*4096
	})
	close(stop)
	wg.Wait()
}

// Space that expired rows took goes back to the file system.
func TestSQLiteShrinks(t *testing.T) {
	var later sync.Mutex
	offset := time.Duration(0)
	w, _ := sqliteWorld(t, Options{Now: func() time.Time {
		later.Lock()
		defer later.Unlock()
		return time.Now().Add(offset)
	}})
	of := w.refresh().Grant
	w.together(64, func(int) {
		for range 50 {
			token := w.token(grant.Access, of)
			token.Successor = make([]byte, 3000)
			_, err := w.issue(token)
			w.ok(err)
		}
	})
	pages := func() (n int) {
		w.ok(w.sqlite().reads.db.QueryRowContext(w.ctx, "PRAGMA page_count").Scan(&n))
		return n
	}
	full := pages()
	later.Lock()
	offset = 2 * time.Hour
	later.Unlock()
	// Inserting moves the hand; the file shrinks while nothing happens.
	for range 40 {
		w.together(64, func(int) {
			_, err := w.s.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: w.token(grant.Access, of)})
			w.ok(err)
		})
	}
	w.until("the file shrinks", func() bool { return pages() < full-100 })
}
