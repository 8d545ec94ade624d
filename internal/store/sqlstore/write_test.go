package sqlstore

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// gather holds the writers, has jobs queued behind them, and lets go, so that
// the jobs meet in one batch.
func (w *world) gather(n int, f func(i int)) {
	w.Helper()
	held, release := w.hold()
	blockers := make(chan struct{})
	for range cap(w.s.queue.wake) { // one for every writer
		go func() {
			_, _ = w.s.Spend(w.ctx, w.now, []grant.Mark{w.mark()})
			blockers <- struct{}{}
		}()
		<-held
	}
	done := make(chan struct{})
	go func() { w.together(n, f); close(done) }()
	w.until("the jobs are queued", func() bool { return w.waiting() >= n })
	release()
	<-done
	for range cap(w.s.queue.wake) {
		<-blockers
	}
}

func (w *world) waiting() int {
	w.s.queue.mu.Lock()
	defer w.s.queue.mu.Unlock()
	return len(w.s.queue.waiting)
}

func (w *world) closing() bool {
	w.s.queue.mu.Lock()
	defer w.s.queue.mu.Unlock()
	return w.s.queue.closed
}

func (w *world) until(what string, so func() bool) {
	w.Helper()
	for late := time.Now().Add(patience); !so(); runtime.Gosched() {
		if time.Now().After(late) {
			w.Fatalf("not so in time: %s", what)
		}
	}
}

func TestBatchesShareATransaction(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{})
		before := w.s.Stats()
		w.gather(maxBatch, func(int) { w.done(w.s.Spend(w.ctx, w.now, []grant.Mark{w.mark()})) })
		after := w.s.Stats()
		blockers := int64(cap(w.s.queue.wake))
		if after.Commits-before.Commits != maxBatch+blockers || after.Batches-before.Batches > 2*blockers {
			t.Fatalf("%+v, then %+v", before, after)
		}
	})
}

// The batching rule, with all jobs ready at once: one mark for every two jobs.
func TestJobsOnOneKeyDoNotShareATransaction(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{})
		for range 20 {
			marks := make([]grant.Mark, 32)
			for i := range marks {
				marks[i] = w.mark()
			}
			outcomes := make([]store.Outcome, 64)
			w.gather(len(outcomes), func(i int) {
				var err error
				outcomes[i], err = w.s.Spend(w.ctx, w.now, []grant.Mark{marks[i/2]})
				w.ok(err)
			})
			for i := range marks {
				if outcomes[2*i]+outcomes[2*i+1] != store.Done+store.Replayed {
					t.Fatal("both jobs on one mark won, or none")
				}
			}
		}
	})
}

// One bad job among 64 in one batch: 63 are right.
func TestBadJobFailsAlone(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{})
		there := w.refresh()
		tokens, errs := make([]*grant.Token, 64), make([]error, 64)
		for i := range tokens {
			tokens[i] = w.token(grant.Access, there.Grant)
		}
		// Its key is there, and nobody said that it was chosen.
		bad := *there
		tokens[13] = &bad
		w.gather(len(tokens), func(i int) { _, errs[i] = w.issue(tokens[i]) })
		for i, token := range tokens {
			got, _, err := w.s.Token(w.ctx, w.service, token.Key, w.now)
			w.ok(err)
			if got == nil || (errs[i] == nil) != (i != 13) {
				t.Fatalf("job %d: there: %v, error: %v", i, got != nil, errs[i])
			}
		}
	})
}

// The clock hand is not worth an error: what fails with it is done without.
func TestHandFailsAlone(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		failed := make(chan struct{}, 1)
		s := openOne(t, url, Options{Migrate: true, Fault: func(stage string) error {
			if stage != "hand" {
				return nil
			}
			select {
			case failed <- struct{}{}:
			default:
			}
			return errInjected
		}})
		for range 100 {
			m := []grant.Mark{{Key: grant.KeyOf(rand.Text()), Expires: 1}}
			if o, err := s.Spend(context.Background(), 0, m); err != nil || o != store.Done {
				t.Fatal(o, err)
			}
		}
		<-failed
	})
}

func TestCallerGivesUp(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{})
		of := w.refresh().Grant
		taken, waits := w.token(grant.Access, of), w.token(grant.Access, of)
		held, release := w.hold()
		ctx, cancel := context.WithCancel(w.ctx)
		issue := func(token *grant.Token) <-chan error {
			result := make(chan error, 1)
			go func() {
				_, err := w.s.IssueToken(ctx, store.IssueToken{Now: w.now, Token: token})
				result <- err
			}()
			return result
		}
		var inFlight []<-chan error
		for range cap(w.s.queue.wake) {
			inFlight = append(inFlight, issue(taken))
			<-held
			taken = w.token(grant.Access, of)
		}
		queued := issue(waits)
		w.until("a job is queued", func() bool { return w.waiting() == 1 })
		cancel()
		if err := <-queued; !errors.Is(err, context.Canceled) {
			t.Fatalf("a job that waits is dropped with its context's error, not %v", err)
		}
		release()
		for _, result := range inFlight {
			if err := <-result; err != nil {
				t.Fatalf("a write that had begun is finished, not %v", err)
			}
		}
		w.done(w.issue(w.token(grant.Access, of)))
		if got, _, err := w.s.Token(w.ctx, w.service, waits.Key, w.now); got != nil || err != nil {
			t.Fatal("what was dropped was written", err)
		}
	})
}

func TestWriteTimeout(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{WriteTimeout: time.Nanosecond})
		m := w.mark()
		if _, err := w.s.Spend(w.ctx, w.now, []grant.Mark{m}); !errors.Is(err, errTooLate) {
			t.Fatal(err)
		}
		w = newWorld(t, url, Options{})
		w.done(w.s.Spend(w.ctx, w.now, []grant.Mark{m}))
	})
}

// Somebody else holds what the write needs, for longer than it may wait.
func TestWriteDeadline(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{WriteTimeout: 300 * time.Millisecond})
		m := w.mark()
		w.done(w.s.Spend(w.ctx, w.now, []grant.Mark{m}))
		tx, err := w.raw().BeginTx(w.ctx, nil)
		w.ok(err)
		_, err = tx.Exec("UPDATE marks SET expires_at = 0")
		w.ok(err)
		if _, err := w.s.Spend(w.ctx, w.now, []grant.Mark{m}); err == nil {
			t.Fatal("it did not wait")
		}
		w.ok(tx.Rollback())
		fresh := w.mark()
		w.done(w.s.Spend(w.ctx, w.now, []grant.Mark{fresh}))
	})
}

func TestCloseFinishesWhatWasAccepted(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{})
		marks := make([]grant.Mark, 100)
		for i := range marks {
			marks[i] = w.mark()
		}
		held, release := w.hold()
		results := make(chan error, len(marks))
		for i := range marks {
			go func() {
				_, err := w.s.Spend(w.ctx, w.now, []grant.Mark{marks[i]})
				results <- err
			}()
			if i < cap(w.s.queue.wake) {
				<-held
			}
		}
		w.until("the jobs are queued", func() bool { return w.waiting() == len(marks)-cap(w.s.queue.wake) })
		closed := make(chan error)
		go func() { closed <- w.s.Close() }()
		w.until("the store is closing", w.closing)
		release()
		w.ok(<-closed)
		for range marks {
			w.ok(<-results)
		}
		if _, err := w.s.Spend(w.ctx, w.now, []grant.Mark{w.mark()}); !errors.Is(err, errClosed) {
			t.Fatal(err)
		}
		if _, _, err := w.s.Token(w.ctx, 1, marks[0].Key, w.now); err == nil {
			t.Fatal("a closed store reads")
		}
		again := newWorld(t, url, Options{})
		for _, m := range marks {
			o, err := again.s.Spend(w.ctx, w.now, []grant.Mark{m})
			w.ok(err)
			if o != store.Replayed {
				t.Fatal("what was acknowledged is gone")
			}
		}
	})
}

// The same for the cold half, whose caller has gone meanwhile.
func TestCloseFinishesColdWrites(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{})
		held, open := make(chan struct{}), make(chan struct{})
		w.set(func(stage string) error {
			if stage == "cold.commit" {
				close(held)
				<-open
			}
			return nil
		})
		ctx, cancel := context.WithCancel(w.ctx)
		result, closed := make(chan error, 1), make(chan error, 1)
		go func() {
			_, err := w.s.PutService(ctx, store.ServiceRow{ID: 1})
			result <- err
		}()
		<-held
		cancel()
		go func() { closed <- w.s.Close() }()
		w.until("the store is closing", w.closing)
		select {
		case <-closed:
			t.Fatal("closed too early")
		default:
		}
		close(open)
		w.ok(<-closed)
		w.ok(<-result)
		if _, err := w.s.PutService(w.ctx, store.ServiceRow{ID: 2}); !errors.Is(err, errClosed) {
			t.Fatal(err)
		}
		again := newWorld(t, url, Options{})
		if s, err := again.s.Service(w.ctx, 1); s == nil || err != nil {
			t.Fatal(s, err)
		}
	})
}

// No goroutine of a store survives Close.
func TestCloseEndsEverything(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		s, err := Open(context.Background(), url, Options{Migrate: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Spend(context.Background(), 0, []grant.Mark{{Key: grant.KeyOf("x"), Expires: 1}}); err != nil {
			t.Fatal(err)
		}
		if ours() == 0 {
			t.Fatal("this test does not see goroutines")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if n := ours(); n != 0 {
			t.Fatalf("%d goroutines survive", n)
		}
	})
}

// ours counts the goroutines that were started by the package.
func ours() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	n := 0
	for stack := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(stack, "sqlstore.") && !strings.Contains(stack, "testing.tRunner") {
			n++
		}
	}
	return n
}

// A memory database leaves nothing behind.
func TestMemoryIsRemoved(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s, err := Open(context.Background(), "memory:", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if found, _ := filepath.Glob(filepath.Join(s.(*sqlStore).dialect.(*sqlite).path)); len(found) != 1 {
		t.Fatal("there is no file")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(s.(*sqlStore).dialect.(*sqlite).path)), "*")); len(left) != 0 {
		t.Fatal(left)
	}
}

func TestURLs(t *testing.T) {
	for _, url := range []string{"", "sqlite:", "mysql://x", "/some/path", "postgres://%zz"} {
		if s, err := Open(context.Background(), url, Options{Migrate: true}); err == nil {
			s.Close()
			t.Errorf("%q opens", url)
		}
	}
}
