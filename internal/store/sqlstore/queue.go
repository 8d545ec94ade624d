package sqlstore

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

const (
	maxBatch  = 256     // jobs of one transaction
	maxBytes  = 4 << 20 // and what they insert, but for the last one
	maxQueued = 4096    // jobs that wait; more callers wait to join
)

var (
	errClosed  = unavailable(errors.New("closed"))
	errTooLate = unavailable(errors.New("the write did not begin in time; nothing happened"))
)

// queue holds the jobs that wait for a writer. It hands them out in the order
// of their arrival, except that a job is held back while another one that
// touches one of its keys is in flight or waits before it.
//
// That is the batching rule: in one set-based statement two jobs on the same
// key would both win.
type queue struct {
	timeout time.Duration // a job that waited longer is dropped
	room    chan struct{} // holds one element per job that waits
	wake    chan struct{} // tells one idle writer to look

	mu      sync.Mutex
	closed  bool
	waiting []*job
	flying  map[grant.Key]struct{}
}

func newQueue(writers int, timeout time.Duration) *queue {
	return &queue{
		timeout: timeout,
		room:    make(chan struct{}, maxQueued),
		wake:    make(chan struct{}, writers),
		flying:  make(map[grant.Key]struct{}),
	}
}

// do queues j and waits for what becomes of it. A caller that gives up before
// a writer took the job has it dropped; after that the job is finished, and
// waited for, whatever the caller wants.
func (q *queue) do(ctx context.Context, j *job) (store.Outcome, error) {
	if err := q.put(ctx, j); err != nil {
		return 0, err
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.state.CompareAndSwap(stateQueued, stateDropped) {
			return 0, ctx.Err()
		}
		<-j.done
	}
	return j.outcome, j.err
}

func (q *queue) put(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case q.room <- struct{}{}:
	default:
		if err := q.waitForRoom(ctx); err != nil {
			return err
		}
	}
	j.queued = time.Now()
	j.done = make(chan struct{})
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		<-q.room
		return errClosed
	}
	q.waiting = append(q.waiting, j)
	q.mu.Unlock()
	q.nudge()
	return nil
}

func (q *queue) waitForRoom(ctx context.Context) error {
	late := time.NewTimer(q.timeout)
	defer late.Stop()
	select {
	case q.room <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		return errTooLate
	}
}

func (q *queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take returns the next batch: jobs of which no two touch the same key, and
// none a key of a batch in flight. It is empty if there is nothing to do now.
// drained says that nothing will ever come again.
func (q *queue) take() (batch []*job, drained bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	late := time.Now().Add(-q.timeout)
	var blocked map[grant.Key]struct{} // keys of jobs held back in this round
	rest := q.waiting[:0]
	bytes := 0
	for i, j := range q.waiting {
		if len(batch) == maxBatch || bytes > maxBytes || len(batch) > 0 && (j.alone() || batch[0].alone()) {
			rest = append(rest, q.waiting[i:]...)
			break
		}
		if q.touched(j, blocked) {
			if blocked == nil {
				blocked = make(map[grant.Key]struct{})
			}
			for k := range j.keys {
				blocked[k] = struct{}{}
			}
			rest = append(rest, j)
			continue
		}
		<-q.room
		if !j.state.CompareAndSwap(stateQueued, stateTaken) {
			continue // its caller gave up
		}
		if j.queued.Before(late) {
			j.err = errTooLate
			close(j.done)
			continue
		}
		for k := range j.keys {
			q.flying[k] = struct{}{}
		}
		batch = append(batch, j)
		bytes += j.bytes()
	}
	clear(q.waiting[len(rest):])
	q.waiting = rest
	return batch, q.closed && len(q.waiting) == 0
}

func (q *queue) touched(j *job, blocked map[grant.Key]struct{}) bool {
	for k := range j.keys {
		if _, busy := q.flying[k]; busy {
			return true
		}
		if _, busy := blocked[k]; busy {
			return true
		}
	}
	return false
}

// finish answers the callers of a batch and frees its keys.
func (q *queue) finish(batch []*job) {
	q.mu.Lock()
	for _, j := range batch {
		for k := range j.keys {
			delete(q.flying, k)
		}
	}
	more := len(q.waiting) > 0 || q.closed
	q.mu.Unlock()
	for _, j := range batch {
		close(j.done)
	}
	if more {
		q.nudge()
	}
}

// close refuses what comes from now on. What waits is still handed out.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	for range cap(q.wake) {
		q.nudge()
	}
}

// unavailable is what every failure of the database is wrapped in.
func unavailable(err error) error { return &store.Unavailable{Err: err} }
