package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/symbolon-auth/symbolon/internal/store/sqlstore/cold"
)

// postgres is the dialect of PostgreSQL: connections of pgx for the hot half,
// of database/sql for the cold one.
type postgres struct {
	store *sqlStore
	hot   *pgxpool.Pool
	cold  *sql.DB
	hand  *pgHand
	reads *pgReads

	background sync.WaitGroup
	stop       context.CancelFunc

	writing sync.RWMutex // held for reading during cold writes
	closed  bool
}

const (
	pgReaders = 2
	pgCold    = 4 // connections
)

// pgPlans makes the plans of the hot statements independent of statistics,
// which are wrong as long as the tables are young. All of them go by primary
// key. A hash join or a scan would also lock rows in another order than that
// of the keys, and two writers would deadlock.
//
// Nothing is compiled (JIT): a generic plan takes what is behind a LIMIT for a
// share of the table, so that with millions of rows a short step of the clock
// hand looks dear enough to be compiled first, each time.
const pgPlans = `SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
SET enable_bitmapscan = off; SET plan_cache_mode = force_generic_plan; SET jit = off`

func openPostgres(ctx, run context.Context, url string, s *sqlStore) (*postgres, error) {
	if err := migratePostgres(ctx, url, s.opts.Migrate); err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 1 + pgReaders + 2 // the writer, readers, the hand and pages of grants
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		return conn.PgConn().Exec(ctx, pgPlans).Close()
	}
	d := &postgres{store: s}
	if d.hot, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, err
	}
	d.cold = stdlib.OpenDB(*config.ConnConfig)
	d.cold.SetMaxOpenConns(pgCold)
	d.cold.SetMaxIdleConns(pgCold)
	run, d.stop = context.WithCancel(run)
	d.reads = newPgReads()
	d.hand = newPgHand(s.opts.Now)
	d.background.Go(func() { d.turn(run) })
	for range pgReaders {
		d.background.Go(func() { d.read(run) })
	}
	return d, nil
}

func (d *postgres) close() error {
	d.writing.Lock()
	d.closed = true
	d.writing.Unlock()
	d.reads.close()
	d.stop()
	d.background.Wait()
	d.hot.Close()
	return d.cold.Close()
}

// migratePostgres brings the schema up to date, under a lock that is a row of
// a table (distributed SQL has no advisory locks). Making the tables of lock
// and version is itself not safe from races; who lost looks again.
func migratePostgres(ctx context.Context, url string, apply bool) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	locker, err := lock.NewPostgresTableLocker(
		lock.WithTableLockTimeout(200*time.Millisecond, 600),
		lock.WithTableUnlockTimeout(200*time.Millisecond, 50),
	)
	if err != nil {
		return err
	}
	for tries := 0; ; tries++ {
		err := migrate(ctx, db, goose.DialectPostgres, "postgres", apply, goose.WithLocker(locker))
		var answer *pgconn.PgError
		if err == nil || tries == 20 || !errors.As(err, &answer) || !pause(ctx, 50*time.Millisecond) {
			return err
		}
	}
}

// errLost says that the connection is gone.
type errLost struct{ error }

func (e errLost) Unwrap() error { return e.error }

func (d *postgres) lost(err error) bool { return errors.As(err, &errLost{}) }

// again: serialization failures and deadlocks. A distributed database answers
// with the former as a matter of course.
func (d *postgres) again(err error) bool { return pgAgain(err) }

func pgAgain(err error) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && (answer.Code == "40001" || answer.Code == "40P01")
}

// idle: the hand has a goroutine of its own.
func (d *postgres) idle(context.Context) {}

// with runs f on a connection of the hot pool. When a connection breaks, the
// idle ones are closed too: they have most likely gone with it.
func (d *postgres) with(ctx context.Context, f func(*pgx.Conn) error) error {
	conn, err := d.hot.Acquire(ctx)
	if err != nil {
		return errLost{err}
	}
	defer conn.Release()
	if err = f(conn.Conn()); err == nil {
		return nil
	}
	if conn.Conn().IsClosed() {
		d.hot.Reset()
		return errLost{err}
	}
	return err
}

// coldWrite does not take the caller's cancellation, like every write.
func (d *postgres) coldWrite(ctx context.Context, f coldFunc) error {
	d.writing.RLock()
	defer d.writing.RUnlock()
	if d.closed {
		return errClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.store.opts.WriteTimeout)
	defer cancel()
	return pgRetry(ctx, func() error {
		began := time.Now()
		err := d.coldTransaction(ctx, f)
		if by := d.store.opts.Observer; by != nil {
			by.Batch(1, time.Since(began), err)
		}
		return err
	})
}

// pgRetry runs f until the database does not ask to run it again.
func pgRetry(ctx context.Context, f func() error) error {
	for backoff := time.Millisecond; ; backoff = min(2*backoff, maxBackoff) {
		err := f()
		if err == nil || !pgAgain(err) || !pause(ctx, backoff) {
			return err
		}
	}
}

func (d *postgres) coldTransaction(ctx context.Context, f coldFunc) (err error) {
	tx, err := d.cold.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := f(ctx, cold.New(faulty{tx, d.store.opts.Fault})); err != nil {
		return err
	}
	if err := d.store.opts.Fault("cold.commit"); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	d.store.counters.commits.Add(1)
	d.store.counters.batches.Add(1)
	return nil
}

func (d *postgres) coldRead(ctx context.Context, f coldFunc) error {
	return pgRetry(ctx, func() error { return f(ctx, cold.New(faulty{d.cold, d.store.opts.Fault})) })
}
