package sqlstore

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// commit runs a batch in one transaction of set-based statements, in phases.
// A phase is sent at once and waits for one answer; a phase that no job needs
// is not sent, so a batch that only inserts costs one round trip.
//
//	marks ─► consumes of what was not replayed ─► pushed requests of tickets won
//	      ─► inserts of who won, consequences of who lost, COMMIT
//
// A job has won unless a statement did not return it; nothing is decided by
// reading a column, which would show the state before the statement.
func (d *postgres) commit(ctx context.Context, batch []*job) error {
	err := d.with(ctx, func(conn *pgx.Conn) error {
		t := &pgTransaction{d: d, ctx: ctx, conn: conn, live: slices.Clone(batch)}
		err := t.run(batch)
		if err != nil && !conn.IsClosed() && conn.PgConn().TxStatus() != 'I' {
			t.rollback()
		}
		return err
	})
	if err == nil {
		d.earn(batch)
	}
	return err
}

// pgTransaction is one attempt to commit a batch.
type pgTransaction struct {
	d     *postgres
	ctx   context.Context
	conn  *pgx.Conn
	begun bool
	next  *pgx.Batch // the phase that is being put together
	fault error      // what it failed with already
	live  []*job     // who is neither replayed nor lost
	lost  []*job
}

func (t *pgTransaction) run(batch []*job) error {
	t.phase()
	t.spend()
	if !slices.ContainsFunc(batch, (*job).doesMore) {
		t.queue("commit", "COMMIT")
		err := t.send()
		for _, j := range t.live {
			j.outcome = store.Done
		}
		return err
	}
	if err := t.send(); err != nil {
		return err
	}
	chosen := batch[0].chosen && len(t.live) > 0
	if chosen {
		t.queue("save", "SAVEPOINT chosen")
	}
	t.consume()
	if err := t.send(); err != nil {
		return err
	}
	t.consumePushed()
	if err := t.send(); err != nil {
		return err
	}
	for _, j := range t.live {
		j.outcome = store.Done
	}
	for _, j := range t.lost {
		j.outcome = store.Lost
	}
	t.change()
	if chosen {
		// Whether the handles were free must be known before the end.
		if err := t.send(); err != nil {
			return err
		}
		if batch[0].outcome == store.Taken {
			t.queue("undo", "ROLLBACK TO SAVEPOINT chosen")
		}
	}
	t.queue("commit", "COMMIT")
	return t.send()
}

// phase begins a new one.
func (t *pgTransaction) phase() { t.next = &pgx.Batch{} }

// queue adds a statement to the phase.
func (t *pgTransaction) queue(stage, sql string, args ...any) *pgx.QueuedQuery {
	if !t.begun {
		t.begun = true
		t.queue("begin", "BEGIN")
	}
	if t.fault == nil {
		t.fault = t.d.store.opts.Fault(stage)
	}
	return t.next.Queue(sql, args...)
}

// send sends the phase, if there is anything in it, and lets the jobs know.
func (t *pgTransaction) send() error {
	if t.fault != nil {
		return t.fault
	}
	if t.next.Len() == 0 {
		return nil
	}
	if err := t.d.store.opts.Fault("send"); err != nil {
		return err
	}
	err := t.conn.SendBatch(t.ctx, t.next).Close()
	t.phase()
	return err
}

// rollback has a moment of its own: the deadline of the batch may be what
// ended it.
func (t *pgTransaction) rollback() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), time.Second)
	defer cancel()
	_, _ = t.conn.Exec(ctx, "ROLLBACK")
}

// spend stores the marks of all jobs. Those of whose marks one was there are
// replayed.
func (t *pgTransaction) spend() {
	type item struct {
		mark *grant.Mark
		job  *job
		k    int
	}
	var items []item
	now := int64(never)
	for _, j := range t.live {
		for k := range j.marks {
			if j.repeats(k) { // in one statement a key stands once
				j.replayed(k)
				continue
			}
			items = append(items, item{&j.marks[k], j, k})
			now = min(now, j.now)
		}
	}
	if len(items) == 0 {
		return
	}
	slices.SortFunc(items, func(a, b item) int { return compareKeys(&a.mark.Key, &b.mark.Key) })
	keys, expires := make([][]byte, len(items)), make([]int64, len(items))
	for i, it := range items {
		keys[i], expires[i] = it.mark.Key[:], toStored(it.mark.Expires)
	}
	// The time of the earliest job counts for all: where they differ by a
	// moment, a mark that expired in that moment still counts.
	t.queue("marks.spend", pgSpendMarks, keys, expires, now).Query(func(rows pgx.Rows) error {
		fresh, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
		if err != nil {
			return err
		}
		if len(fresh) < len(items) {
			spent := make(map[grant.Key]bool, len(fresh))
			for _, k := range fresh {
				spent[grant.Key(k)] = true
			}
			for _, it := range items {
				if !spent[it.mark.Key] {
					it.job.replayed(it.k)
				}
			}
		}
		live := t.live[:0]
		for _, j := range t.live {
			if j.outcome == 0 {
				live = append(live, j)
			}
		}
		t.live = live
		return nil
	})
}

// consume queues what the live jobs consume.
func (t *pgTransaction) consume() {
	for _, p := range []struct {
		what       consumption
		stage, sql string
		more       func(*pgColumns, *job)
	}{
		{redeemCode, "codes.redeem", pgRedeemCodes, func(c *pgColumns, j *job) { c.int(j.keep) }},
		{rotateToken, "tokens.rotate", pgRotateTokens, func(c *pgColumns, j *job) { c.int(j.keep); c.bytes(j.successor) }},
		{renewToken, "tokens.renew", pgRenewTokens, func(c *pgColumns, j *job) { c.int(j.keep); c.key(&j.pair) }},
		{useWindow, "tokens.window", pgUseWindows, func(*pgColumns, *job) {}},
		{editTicket, "tickets.edit", pgEditTickets, func(c *pgColumns, j *job) { c.bytes(j.body) }},
		{takeTicket, "tickets.take", pgTakeTickets, func(*pgColumns, *job) {}},
		{holdPushed, "pushed.hold", pgHoldPushed, func(c *pgColumns, j *job) { c.int(j.keep) }},
	} {
		jobs := pick(t.live, func(j *job) bool { return j.consume == p.what }, func(j *job) *grant.Key { return &j.key })
		columns := pgColumns{}
		for _, j := range jobs {
			columns.row()
			columns.key(&j.key)
			columns.int(j.service)
			columns.int(j.now)
			p.more(&columns, j)
		}
		t.consumeBy(p.stage, p.sql, jobs, &columns)
	}
}

// consumePushed queues the pushed requests of tickets that were won.
func (t *pgTransaction) consumePushed() {
	jobs := pick(t.live, func(j *job) bool { return j.consume == takeTicket && !j.pushed.IsZero() },
		func(j *job) *grant.Key { return &j.pushed })
	columns := pgColumns{}
	for _, j := range jobs {
		columns.row()
		columns.key(&j.pushed)
		columns.int(j.service)
	}
	t.consumeBy("pushed.consume", pgConsumePushed, jobs, &columns)
}

// consumeBy queues one conditional statement. The jobs that it does not
// return have lost.
func (t *pgTransaction) consumeBy(stage, sql string, jobs []*job, columns *pgColumns) {
	if len(jobs) == 0 {
		return
	}
	t.queue(stage, sql, columns.args()...).Query(func(rows pgx.Rows) error {
		won, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(won) == len(jobs) {
			return err
		}
		gone := make(map[*job]bool, len(jobs))
		for _, j := range jobs {
			gone[j] = true
		}
		for _, ord := range won {
			delete(gone, jobs[ord-1])
		}
		t.live = slices.DeleteFunc(t.live, func(j *job) bool { return gone[j] })
		for _, j := range jobs {
			if gone[j] {
				t.lost = append(t.lost, j)
			}
		}
		return nil
	})
}

// pick returns the jobs that something is true of, sorted by a key.
func pick(jobs []*job, of func(*job) bool, key func(*job) *grant.Key) []*job {
	var picked []*job
	for _, j := range jobs {
		if of(j) {
			picked = append(picked, j)
		}
	}
	slices.SortFunc(picked, func(a, b *job) int { return compareKeys(key(a), key(b)) })
	return picked
}
