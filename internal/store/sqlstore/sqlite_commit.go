package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore/cold"
)

// untimed is the context of the statements in a transaction. They wait for
// nobody, since the transaction has the file; and a context that can end
// would cost each of them a goroutine.
var untimed = context.Background()

// errHand is what the clock hand failed with.
type errHand struct{ error }

// commit runs a batch. Its jobs run one after the other in one transaction,
// each as if it were alone.
func (d *sqlite) commit(ctx context.Context, batch []*job) error {
	defer d.written.Store(true)
	if task := batch[0].task; task != nil {
		return d.inTransaction("cold.", func() error { return task(ctx) })
	}
	d.hand.earn(batch)
	err := d.commitJobs(batch, true)
	if failed := (errHand{}); errors.As(err, &failed) {
		d.store.opts.Log.Warn("clock hand failed", "error", failed.error)
		err = d.commitJobs(batch, false)
	}
	d.shrink(ctx)
	return err
}

func (d *sqlite) commitJobs(batch []*job, withHand bool) error {
	var removed int64
	err := d.inTransaction("", func() error {
		for _, j := range batch {
			if err := d.run(j); err != nil {
				return err
			}
		}
		if !withHand {
			return nil
		}
		for t := range tableCount {
			if n := d.hand.spend(t); n > 0 {
				gone, err := d.step(t, n)
				if err != nil {
					return errHand{err}
				}
				removed += gone
			}
		}
		return nil
	})
	if err == nil {
		d.store.counters.removed.Add(removed)
	}
	return err
}

func (d *sqlite) inTransaction(kind string, f func() error) error {
	if _, err := d.exec(kind+"begin", d.do.begin); err != nil {
		return err
	}
	err := f()
	if err == nil {
		_, err = d.exec(kind+"commit", d.do.commit)
	}
	if err != nil {
		// It fails where the error has ended the transaction already.
		_, _ = d.do.rollback.ExecContext(untimed)
	}
	return err
}

// exec runs a statement and returns how many rows it changed.
func (d *sqlite) exec(stage string, s *sql.Stmt, args ...any) (int64, error) {
	if err := d.store.opts.Fault(stage); err != nil {
		return 0, err
	}
	r, err := s.ExecContext(untimed, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// run performs one job.
func (d *sqlite) run(j *job) error {
	if err := d.spend(j); err != nil || j.outcome != 0 {
		return err
	}
	if j.chosen {
		if _, err := d.exec("save", d.do.save); err != nil {
			return err
		}
	}
	won, err := d.consume(j)
	if err != nil {
		return err
	}
	j.outcome = store.Lost
	if won {
		j.outcome, err = d.insert(j)
	} else {
		err = d.lose(j)
	}
	if err != nil {
		return err
	}
	if j.outcome == store.Taken {
		if _, err := d.exec("undo", d.do.undo); err != nil {
			return err
		}
	}
	if j.chosen {
		_, err = d.exec("release", d.do.release)
	}
	return err
}

// spend stores the marks of a job, all of them. If one was there the job has
// its outcome.
func (d *sqlite) spend(j *job) error {
	for i := range j.marks {
		m := &j.marks[i]
		n, err := d.exec("marks.spend", d.do.spendMark, m.Key[:], toStored(m.Expires), j.now)
		if err != nil {
			return err
		}
		if n == 0 {
			j.replayed(i)
		}
	}
	return nil
}

// consume reports whether the job got what it consumes.
func (d *sqlite) consume(j *job) (won bool, err error) {
	var n int64
	switch j.consume {
	case nothing:
		return true, nil
	case redeemCode:
		n, err = d.exec("codes.redeem", d.do.redeemCode, j.keep, j.key[:], j.service, j.now)
	case rotateToken:
		n, err = d.exec("tokens.rotate", d.do.rotateToken, j.keep, j.successor, j.key[:], j.service, j.now)
	case renewToken:
		n, err = d.exec("tokens.renew", d.do.renewToken, orNull(&j.pair), j.keep, j.key[:], j.service, j.now)
	case useWindow:
		n, err = d.exec("tokens.window", d.do.useWindow, j.key[:], j.service, j.now)
	case holdPushed:
		n, err = d.exec("pushed.hold", d.do.holdPushed, j.keep, j.key[:], j.service, j.now)
	case editTicket:
		n, err = d.exec("tickets.edit", d.do.editTicket, j.body, j.key[:], j.service, j.now)
	case takeTicket:
		n, err = d.exec("tickets.take", d.do.takeTicket, j.key[:], j.service, j.now)
		if err == nil && n == 1 && !j.pushed.IsZero() {
			n, err = d.exec("pushed.consume", d.do.consumePushed, j.pushed[:], j.service)
		}
	}
	return n == 1, err
}

// insert performs what a job that won does.
func (d *sqlite) insert(j *job) (store.Outcome, error) {
	if r := j.code; r != nil {
		if _, err := d.exec("codes.insert", d.do.insertCode, r.key[:], r.service, r.client, r.expires, r.keep,
			r.grant[:], number(r.consumed), r.body); err != nil {
			return 0, err
		}
	}
	if taken, err := d.changeTokens(j); err != nil || taken {
		return store.Taken, err
	}
	if r := j.ticket; r != nil {
		if _, err := d.exec("tickets.insert", d.do.insertTicket, r.key[:], r.service, r.client, r.expires,
			orNull(&r.pushed), r.body); err != nil {
			return 0, err
		}
	}
	if r := j.push; r != nil {
		if _, err := d.exec("pushed.insert", d.do.insertPushed, r.key[:], r.service, r.client, r.expires, r.keep,
			number(r.consumed), r.body); err != nil {
			return 0, err
		}
	}
	return store.Done, d.changeGrants(j)
}

func (d *sqlite) changeTokens(j *job) (taken bool, err error) {
	for i := range j.deletes {
		if k := &j.deletes[i]; !k.IsZero() {
			if _, err := d.exec("tokens.delete", d.do.deleteToken, k[:], j.service); err != nil {
				return false, err
			}
		}
	}
	if !j.closes.IsZero() {
		if _, err := d.exec("tokens.close", d.do.closeWindow, j.closes[:], j.service); err != nil {
			return false, err
		}
	}
	for i := range j.tokens {
		r := &j.tokens[i]
		statement := d.do.insertToken
		args := []any{
			r.key[:], r.service, r.client, r.grant[:], int64(r.kind), r.created, r.expires, orNull(&r.pair),
			number(r.consumed), r.retryUntil, r.successor, r.body,
		}
		if j.chosen {
			statement, args = d.do.chooseToken, append(args, j.now)
		}
		n, err := d.exec("tokens.insert", statement, args...)
		if err != nil {
			return false, err
		}
		if n == 0 {
			return true, nil
		}
	}
	return false, nil
}

func (d *sqlite) changeGrants(j *job) error {
	if r := j.grant; r != nil {
		if _, err := d.exec("grants.insert", d.do.insertGrant, r.key[:], r.service, r.client, r.subject, r.expires,
			number(r.revoked), r.body); err != nil {
			return err
		}
	}
	if !j.raise.IsZero() && j.raiseTo != 0 {
		if _, err := d.exec("grants.raise", d.do.raiseGrant, j.raiseTo, j.raise[:], j.service); err != nil {
			return err
		}
	}
	for i := range j.revoke {
		if _, err := d.exec("grants.revoke", d.do.revokeGrant, j.revoke[i][:], j.service); err != nil {
			return err
		}
	}
	return nil
}

// lose performs the consequence of having lost.
func (d *sqlite) lose(j *job) (err error) {
	switch {
	case j.lostRevoke.IsZero():
	case j.ifConsumed:
		_, err = d.exec("grants.revoke", d.do.revokeReplayed, j.lostRevoke[:], j.service, j.key[:])
	default:
		_, err = d.exec("grants.revoke", d.do.revokeGrant, j.lostRevoke[:], j.service)
	}
	return err
}

// step moves the clock hand n rows through t, in the transaction of the
// batch: one more would cost one more flush to the disk.
func (d *sqlite) step(t table, n int) (removed int64, err error) {
	after, deadline := d.hand.after[t], d.hand.deadline()
	d.store.counters.maintenance.Add(2)
	var end []byte
	err = d.do.handEnd[t].QueryRowContext(untimed, after, int64(n-1)).Scan(&end)
	switch {
	case errors.Is(err, sql.ErrNoRows): // fewer than n rows are left
		d.hand.moved(t, n, []byte{})
		return d.exec("hand", d.do.handDeleteTail[t], after, deadline)
	case err != nil:
		return 0, err
	}
	d.hand.moved(t, n, end)
	return d.exec("hand", d.do.handDelete[t], after, end, deadline)
}

const (
	vacuumEvery = 10  // idle ticks
	vacuumAbove = 256 // free pages that are kept for what comes
)

// idle moves the hand a little through one table and, now and then, gives
// free pages back to the file system.
func (d *sqlite) idle(ctx context.Context) {
	var removed int64
	err := d.inTransaction("idle.", func() (err error) {
		removed, err = d.step(d.hand.idle())
		return err
	})
	if err == nil && removed > 0 {
		d.written.Store(true)
		d.store.counters.removed.Add(removed)
	}
	if d.idleTicks++; err == nil && d.idleTicks%vacuumEvery == 0 {
		err = d.vacuum()
	}
	if failed := err != nil && !sqliteBusy(err); failed != d.idleFails {
		d.idleFails = failed // told once, not at every tick
		d.store.opts.Log.Warn("clock hand when idle", "error", err)
	}
	d.shrink(ctx)
}

func (d *sqlite) vacuum() error {
	d.store.counters.maintenance.Add(1)
	var free int
	if err := d.writer.QueryRowContext(untimed, "PRAGMA freelist_count").Scan(&free); err != nil || free <= vacuumAbove {
		return err
	}
	d.store.counters.maintenance.Add(1)
	d.written.Store(true)
	_, err := d.writer.ExecContext(untimed, "PRAGMA incremental_vacuum(64)")
	return err
}

// coldWrite runs in the writer, between batches.
func (d *sqlite) coldWrite(ctx context.Context, f coldFunc) error {
	_, err := d.store.queue.do(ctx, &job{task: func(ctx context.Context) error {
		return f(ctx, cold.New(faulty{d.writer, d.store.opts.Fault}))
	}})
	return err
}

func (d *sqlite) coldRead(ctx context.Context, f coldFunc) error {
	return f(ctx, cold.New(faulty{d.reads.db, d.store.opts.Fault}))
}

func orNull(k *grant.Key) any {
	if k.IsZero() {
		return nil
	}
	return k[:]
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
