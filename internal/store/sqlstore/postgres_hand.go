package sqlstore

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/symbolon-auth/symbolon/internal/grant"
)

// pgHand is the clock hand. It works beside the writers, each step a
// transaction of its own, so that no batch holds the locks of what it removes.
type pgHand struct {
	mu    sync.Mutex
	hand  hand
	ready chan struct{} // enough was earned for a step
	step  [tableCount]string
}

// pgStep removes what has expired of the next $2 + 1 rows, or of all that are
// left where there are fewer. Both parts go by a range of keys: a join of the
// two would have a plan that depends on how large the planner thinks they are.
const pgStep = `WITH edge AS (SELECT key FROM %[1]s WHERE key > $1 ORDER BY key LIMIT 1 OFFSET $2),
gone AS (DELETE FROM %[1]s WHERE key > $1 AND key <= COALESCE((SELECT key FROM edge), '%[3]s'::bytea) AND %[2]s < $3 RETURNING key)
SELECT (SELECT count(*) FROM gone), (SELECT key FROM edge)`

// pgLast is after all keys.
var pgLast = `\x` + strings.Repeat("ff", len(grant.Key{})+1)

func newPgHand(now func() time.Time) *pgHand {
	h := &pgHand{hand: newHand(now), ready: make(chan struct{}, 1)}
	for t := range tableCount {
		h.step[t] = fmt.Sprintf(pgStep, tableNames[t], tableUntil[t], pgLast)
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
		var removed int64
		var last []byte // NULL: it has come to the end
		err := conn.QueryRow(ctx, d.hand.step[t], h.after[t], n-1, h.deadline()).Scan(&removed, &last)
		if err != nil && pgAgain(err) {
			return nil // the next turn comes
		}
		if err != nil {
			return err
		}
		if last == nil {
			last = []byte{}
		}
		d.store.counters.removed.Add(removed)
		h.moved(t, n, last)
		return nil
	})
}
