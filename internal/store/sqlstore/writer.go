package sqlstore

import (
	"context"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/symbolon-auth/symbolon/internal/store"
)

const (
	idleTick = 100 * time.Millisecond
	// maxBackoff bounds the wait before the next try.
	maxBackoff = 10 * time.Millisecond
)

// write is the loop of one writer: take what waits, commit it, answer. There
// is no timer that waits for more: while one batch is committed, the next one
// gathers.
func (s *sqlStore) write(ctx context.Context) {
	defer s.background.Done()
	tick := time.NewTicker(idleTick)
	defer tick.Stop()
	for {
		// Callers that are ready to ask do so first. It costs nothing; with
		// one processor they would otherwise come one at a time.
		runtime.Gosched()
		batch, drained := s.queue.take()
		switch {
		case len(batch) > 0:
			s.commitAll(ctx, batch)
			s.queue.finish(batch)
			continue
		case drained:
			s.queue.nudge() // the next writer goes, too
			return
		}
		select {
		case <-s.queue.wake:
		case <-tick.C:
			s.dialect.idle(ctx)
		}
	}
}

// commitAll settles every job of a batch. A job that fails must not fail its
// neighbours, and which one it was is not worth finding out: they are all run
// again, one by one.
func (s *sqlStore) commitAll(ctx context.Context, batch []*job) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.WriteTimeout)
	defer cancel()
	err := s.commitRetrying(ctx, batch)
	if err != nil && len(batch) > 1 && !s.dialect.lost(err) && ctx.Err() == nil {
		s.opts.Log.Warn("batch failed; running its jobs one by one", "jobs", len(batch), "error", err)
		for _, j := range batch {
			j.settle(s.commitRetrying(ctx, []*job{j}))
		}
		return
	}
	for _, j := range batch {
		j.settle(err)
	}
}

// settle is what a job ends with.
func (j *job) settle(err error) {
	if err != nil {
		j.outcome, j.err = 0, unavailable(err)
	}
}

// commitRetrying commits a batch. What the database asks to try again
// (a busy file, a serialization failure, a deadlock) is tried again until the
// deadline.
func (s *sqlStore) commitRetrying(ctx context.Context, batch []*job) error {
	for backoff := time.Millisecond; ; backoff = min(2*backoff, maxBackoff) {
		for _, j := range batch {
			j.outcome = 0
		}
		err := s.dialect.commit(ctx, batch)
		if err == nil {
			s.counters.batches.Add(1)
			s.counters.commits.Add(int64(len(batch)))
			return nil
		}
		if !s.dialect.again(err) || !pause(ctx, backoff) {
			return err
		}
	}
}

// pause waits for about d and reports whether there is still time.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d/2 + rand.N(d)) //nolint:gosec // jitter is no secret
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// do runs one hot verb.
func (s *sqlStore) do(ctx context.Context, j *job) (store.Outcome, error) {
	if j.collides() {
		return store.Taken, nil
	}
	if s.opts.Observer == nil {
		return s.queue.do(ctx, j)
	}
	began := time.Now()
	outcome, err := s.queue.do(ctx, j)
	s.opts.Observer.Write(ctx, began, err)
	return outcome, err
}
