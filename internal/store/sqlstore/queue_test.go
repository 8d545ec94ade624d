package sqlstore

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
)

// jobOn is a job that touches the keys of these names.
func jobOn(names ...string) *job {
	j := &job{}
	for _, n := range names {
		j.marks = append(j.marks, grant.Mark{Key: grant.KeyOf(n)})
	}
	return j
}

func queueOf(t *testing.T, jobs ...*job) *queue {
	t.Helper()
	q := newQueue(1, time.Hour)
	for _, j := range jobs {
		if err := q.put(context.Background(), j); err != nil {
			t.Fatal(err)
		}
	}
	return q
}

func takes(t *testing.T, q *queue, want ...*job) []*job {
	t.Helper()
	batch, _ := q.take()
	if !slices.Equal(batch, want) {
		t.Fatalf("took %d jobs, not the %d expected", len(batch), len(want))
	}
	return batch
}

// The batching rule.
func TestQueueKeepsKeysApart(t *testing.T) {
	a, b, c, d := jobOn("1"), jobOn("1", "2"), jobOn("2"), jobOn("3")
	q := queueOf(t, a, b, c, d)
	// c waits behind b, though nobody in flight touches its key.
	first := takes(t, q, a, d)
	takes(t, q)
	q.finish(first)
	second := takes(t, q, b)
	takes(t, q)
	q.finish(second)
	takes(t, q, c)
}

// Every key that a job touches counts, whatever it does to it.
func TestQueueKnowsAllKeys(t *testing.T) {
	k := grant.KeyOf("k")
	for name, j := range map[string]*job{
		"mark":     {marks: []grant.Mark{{Key: grant.KeyOf("x")}, {Key: k}}},
		"consumed": {consume: redeemCode, key: k},
		"pushed":   {consume: takeTicket, key: grant.KeyOf("x"), pushed: k},
		"window":   {closes: k},
		"deleted":  {deletes: [2]grant.Key{{}, k}},
		"code":     {code: &codeRow{key: k}},
		"token":    {tokens: []tokenRow{{}, {key: k}}},
		"ticket":   {ticket: &ticketRow{key: k}},
		"request":  {push: &pushedRow{key: k}},
	} {
		other := &job{consume: rotateToken, key: k}
		q := queueOf(t, other, j)
		if batch, _ := q.take(); len(batch) != 1 {
			t.Errorf("%s: two jobs on one key in a batch", name)
		}
	}
}

func TestQueueLimitsBatches(t *testing.T) {
	var jobs []*job
	for range maxBatch + 10 {
		jobs = append(jobs, &job{})
	}
	q := queueOf(t, jobs...)
	takes(t, q, jobs[:maxBatch]...)
	takes(t, q, jobs[maxBatch:]...)

	big := func() *job {
		return &job{ticket: &ticketRow{key: grant.KeyOf(time.Now().String()), body: make([]byte, maxBytes)}}
	}
	jobs = []*job{big(), big(), big()}
	q = queueOf(t, jobs...)
	takes(t, q, jobs[:2]...)
	takes(t, q, jobs[2])
}

func TestQueueLetsSomeBeAlone(t *testing.T) {
	a, b, chosen, task, c := &job{}, &job{}, &job{chosen: true}, &job{task: func(context.Context) error { return nil }}, &job{}
	q := queueOf(t, a, b, chosen, task, c)
	takes(t, q, a, b)
	takes(t, q, chosen)
	takes(t, q, task)
	takes(t, q, c)
}

func TestQueueDropsWhoGaveUp(t *testing.T) {
	a, b := jobOn("1"), jobOn("1")
	q := queueOf(t, a)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := q.put(ctx, b); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	q = queueOf(t, a, b)
	a.state.Store(stateDropped)
	takes(t, q, b)
}

func TestQueueDropsWhatIsLate(t *testing.T) {
	a := jobOn("1")
	q := queueOf(t, a)
	a.queued = a.queued.Add(-2 * time.Hour)
	takes(t, q)
	<-a.done
	if !errors.Is(a.err, errTooLate) {
		t.Fatal(a.err)
	}
	b := jobOn("1") // its key is free
	if err := q.put(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	takes(t, q, b)
}

func TestQueueIsBounded(t *testing.T) {
	q := newQueue(1, time.Millisecond)
	for range maxQueued {
		if err := q.put(context.Background(), &job{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.put(context.Background(), &job{}); !errors.Is(err, errTooLate) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := q.waitForRoom(ctx); !errors.Is(err, context.Canceled) && !errors.Is(err, errTooLate) {
		t.Fatal(err)
	}
	q.timeout = time.Hour
	q.finish(first(q.take()))
	if err := q.put(context.Background(), &job{}); err != nil {
		t.Fatal(err)
	}
}

func first(batch []*job, _ bool) []*job { return batch }

func TestQueueCloses(t *testing.T) {
	a, b := jobOn("1"), jobOn("1")
	q := queueOf(t, a, b)
	q.close()
	if err := q.put(context.Background(), &job{}); !errors.Is(err, errClosed) {
		t.Fatal(err)
	}
	batch, drained := q.take()
	if len(batch) != 1 || drained {
		t.Fatal("what was accepted is handed out")
	}
	q.finish(batch)
	if batch, drained = q.take(); len(batch) != 1 || !drained {
		t.Fatal("until nothing is left")
	}
}
