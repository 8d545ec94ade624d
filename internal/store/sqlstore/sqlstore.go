package sqlstore

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// Options are optional.
type Options struct {
	// Migrate brings an older schema up to date. Without it, Open refuses
	// an older schema.
	Migrate bool
	Log     *slog.Logger
	// Now is the clock of the clock hand. Verbs are told the time.
	Now func() time.Time
	// Observer, if set, is told of reads, writes and batches.
	Observer store.Observer
	// WriteTimeout is how long a write may wait, and then take. Default 10 s.
	WriteTimeout time.Duration
	// Fault is called before every statement and commit of verbs; what it
	// returns is taken for the database's answer. For tests.
	Fault func(stage string) error
}

// sqlStore is a store.Store. It is what both databases share.
type sqlStore struct {
	opts       Options
	dialect    dialect
	queue      *queue
	counters   *counters
	background sync.WaitGroup
	stop       context.CancelFunc
	closeOnce  sync.Once
	closeErr   error
}

var _ store.Store = (*sqlStore)(nil)

// dialect is what differs between the databases.
type dialect interface {
	// commit runs a batch in one transaction and sets the outcomes. On an
	// error nothing happened, unless the connection was lost.
	commit(ctx context.Context, batch []*job) error
	// again reports whether a failed batch is to be tried again as it is.
	again(err error) bool
	// lost reports whether there is no use in trying anything now.
	lost(err error) bool
	// idle is called by a writer that has had nothing to do for a while.
	idle(ctx context.Context)

	// The reads return the row whatever its service and expiry, or nil.
	readPushed(ctx context.Context, key grant.Key) (*pushedRow, error)
	readTicket(ctx context.Context, key grant.Key) (*ticketRow, error)
	readCode(ctx context.Context, key grant.Key) (*codeRow, *grantRow, error)
	readToken(ctx context.Context, key grant.Key) (*tokenRow, *grantRow, error)
	// readClientGrants returns unrevoked grants of a client, by key.
	readClientGrants(ctx context.Context, service, client int64, after grant.Key, limit int) ([]grant.Key, error)

	// coldRead and coldWrite run cold SQL; a write in a transaction of its
	// own that is run again where the database asks for it.
	coldRead(ctx context.Context, f coldFunc) error
	coldWrite(ctx context.Context, f coldFunc) error

	// close is called when the writers have ended.
	close() error
}

type counters struct {
	reads, commits, batches, maintenance, removed atomic.Int64
}

// Open opens a database: sqlite:PATH, memory: (SQLite in a temporary folder),
// postgres://….
func Open(ctx context.Context, url string, opts Options) (store.Store, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.WriteTimeout == 0 {
		opts.WriteTimeout = 10 * time.Second
	}
	if opts.Fault == nil {
		opts.Fault = func(string) error { return nil }
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &sqlStore{opts: opts, counters: &counters{}, stop: stop}
	var err error
	// One writer also on PostgreSQL: two make batches half as large, which
	// costs 15 to 25 % more CPU and gains no throughput (docs/benchmarks.md).
	const writers = 1
	switch kind, rest, _ := strings.Cut(url, ":"); kind {
	case "sqlite":
		s.dialect, err = openSQLite(ctx, run, rest, s)
	case "memory":
		s.dialect, err = openMemory(ctx, run, s)
	case "postgres", "postgresql":
		s.dialect, err = openPostgres(ctx, run, url, s)
	default:
		err = errURL
	}
	if err != nil {
		stop()
		return nil, unavailable(err)
	}
	if opts.Observer != nil {
		s.dialect = observed{s.dialect, opts.Observer}
	}
	s.queue = newQueue(writers, opts.WriteTimeout)
	for range writers {
		s.background.Add(1)
		go s.write(run)
	}
	return s, nil
}

var errURL = errors.New("a database is given as sqlite:PATH, memory: or postgres://…")

// Migrate brings the schema of a database up to date. Several processes may
// do so at once.
func Migrate(ctx context.Context, url string) error {
	var err error
	switch kind, rest, _ := strings.Cut(url, ":"); kind {
	case "sqlite":
		err = migrateSQLite(ctx, rest, true)
	case "postgres", "postgresql":
		err = migratePostgres(ctx, url, true)
	case "memory":
	default:
		err = errURL
	}
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// Ping reports whether the database can be read and written.
func (s *sqlStore) Ping(ctx context.Context) error {
	err := s.dialect.coldWrite(ctx, func(ctx context.Context, q coldQueries) error {
		if _, err := q.LockVersion(ctx); err != nil {
			return err
		}
		return errRollback
	})
	if err != nil && !errors.Is(err, errRollback) {
		return unavailable(err)
	}
	return nil
}

// Stats returns counters since the store was opened.
func (s *sqlStore) Stats() store.Stats {
	return store.Stats{
		Reads:       s.counters.reads.Load(),
		Commits:     s.counters.commits.Load(),
		Batches:     s.counters.batches.Load(),
		Maintenance: s.counters.maintenance.Load(),
		Removed:     s.counters.removed.Load(),
		Waiting:     int64(len(s.queue.room)),
	}
}

// Close finishes what was accepted, commits it and closes.
func (s *sqlStore) Close() error {
	s.closeOnce.Do(func() {
		s.queue.close()
		s.background.Wait()
		s.stop()
		s.closeErr = s.dialect.close()
	})
	return s.closeErr
}
