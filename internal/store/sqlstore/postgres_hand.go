package sqlstore

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// pgHand is the clock hand. It works beside the writers, each step a
// transaction of its own, so that no batch holds the locks of what it removes.
type pgHand struct {
	mu    sync.Mutex
	hand  hand
	ready chan struct{} // enough was earned for a step
	step  [tableCount]string
}

// pgStep looks at n rows and removes those of them that have expired.
const pgStep = `WITH seen AS (SELECT key, %[2]s AS until FROM %[1]s WHERE key > $1 ORDER BY key LIMIT $2),
gone AS (DELETE FROM %[1]s t USING seen s WHERE s.until < $3 AND t.key = s.key AND t.%[2]s < $3 RETURNING t.key)
SELECT count(*), (SELECT count(*) FROM gone), (SELECT key FROM seen ORDER BY key DESC LIMIT 1) FROM seen`

func newPgHand(now func() time.Time) *pgHand {
	h := &pgHand{hand: newHand(now), ready: make(chan struct{}, 1)}
	for t := range tableCount {
		h.step[t] = fmt.Sprintf(pgStep, tableNames[t], tableUntil[t])
	}
	return h
}

// earn gives the hand what a batch inserted.
func (d *postgres) earn(batch []*job) {
	h := d.hand
	h.mu.Lock()
	h.hand.earn(batch)
	ready := h.hand.due()
	h.mu.Unlock()
	if ready {
		select {
		case h.ready <- struct{}{}:
		default:
		}
	}
}

// turn is the loop of the hand.
func (d *postgres) turn(ctx context.Context) {
	tick := time.NewTicker(idleTick)
	defer tick.Stop()
	for {
		idle := false
		select {
		case <-ctx.Done():
			return
		case <-d.hand.ready:
		case <-tick.C:
			idle = true
		}
		if err := d.move(ctx, idle); err != nil && ctx.Err() == nil {
			d.store.opts.Log.Warn("clock hand failed", "error", err)
			if !pause(ctx, 10*idleTick) {
				return
			}
		}
	}
}

// move takes the steps that were earned; when idle, a small one.
func (d *postgres) move(ctx context.Context, idle bool) error {
	h := d.hand
	for t := range tableCount {
		h.mu.Lock()
		n := h.hand.spend(t)
		h.mu.Unlock()
		if err := d.stepBy(ctx, t, n); err != nil {
			return err
		}
	}
	if !idle {
		return nil
	}
	t, n := h.hand.idle()
	return d.stepBy(ctx, t, n)
}

func (d *postgres) stepBy(ctx context.Context, t table, n int) error {
	if n == 0 {
		return nil
	}
	if err := d.store.opts.Fault("hand"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, d.store.opts.WriteTimeout)
	defer cancel()
	d.store.counters.maintenance.Add(1)
	h := &d.hand.hand
	return d.with(ctx, func(conn *pgx.Conn) error {
		var seen int
		var removed int64
		var last []byte
		err := conn.QueryRow(ctx, d.hand.step[t], h.after[t], n, h.deadline()).Scan(&seen, &removed, &last)
		if err != nil && pgAgain(err) {
			return nil // the next turn comes
		}
		if err != nil {
			return err
		}
		if seen < n {
			last = []byte{}
		}
		d.store.counters.removed.Add(removed)
		h.moved(t, seen, last)
		return nil
	})
}
