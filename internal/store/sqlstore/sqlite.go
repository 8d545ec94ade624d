package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pressly/goose/v3"
	sqlitedriver "modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

// sqlite is the dialect of SQLite: one connection that writes, a pool that
// reads, and one connection that copies the write-ahead log into the file.
type sqlite struct {
	store   *sqlStore
	path    string
	remove  func() error // what to clean up after closing
	writeDB *sql.DB
	writer  *sql.Conn
	do      *sqliteStatements
	hand    hand
	reads   *sqliteReads

	checkpoints sync.WaitGroup
	stop        context.CancelFunc
	written     atomic.Bool  // since the last checkpoint
	walPages    atomic.Int64 // as of the last checkpoint
	walLimit    int64        // see sqlite_checkpoint.go
	nextShrink  time.Time
	idleTicks   int
	idleFails   bool
}

// Two processes may have the file open: whoever waits for the other tries
// again in short steps, so that a busy writer does not starve the other one.
const (
	readerBusy = 5 * time.Second
	writerBusy = 20 * time.Millisecond
)

// mmapBytes is more than SQLite allows; it takes what it allows. Without
// mapping, a read costs three to six times as much.
const mmapBytes = 1 << 40

// openMemory opens a database that nobody else sees and that is gone when it
// is closed. It is a file all the same: SQLite's own databases in memory know
// no write-ahead log, and readers would wait for the writer.
func openMemory(ctx, run context.Context, s *sqlStore) (*sqlite, error) {
	folder, err := os.MkdirTemp("", "symbolon-memory-")
	if err != nil {
		return nil, err
	}
	s.opts.Migrate = true
	d := newSQLite(s, filepath.Join(folder, "db"), func() error { return os.RemoveAll(folder) })
	if err := d.open(ctx, run, "off"); err != nil {
		return nil, errors.Join(err, d.remove())
	}
	return d, nil
}

func openSQLite(ctx, run context.Context, path string, s *sqlStore) (*sqlite, error) {
	d := newSQLite(s, path, func() error { return nil })
	if err := d.open(ctx, run, "full"); err != nil {
		return nil, err
	}
	return d, nil
}

func newSQLite(s *sqlStore, path string, remove func() error) *sqlite {
	return &sqlite{store: s, path: path, remove: remove, walLimit: walLimit}
}

func (d *sqlite) open(ctx, run context.Context, synchronous string) (err error) {
	if err := migrateSQLite(ctx, d.path, d.store.opts.Migrate); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.closeAll())
		}
	}()
	d.writeDB, err = openSQLiteDB(d.path, 1, writerBusy, "synchronous("+synchronous+")", "cache_size(-65536)")
	if err != nil {
		return err
	}
	if d.writer, err = d.writeDB.Conn(ctx); err != nil {
		return err
	}
	if d.do, err = prepareSQLite(ctx, d.writer); err != nil {
		return err
	}
	if d.reads, err = openSQLiteReads(ctx, d.path, 2*runtime.GOMAXPROCS(0)); err != nil {
		return err
	}
	d.hand = newHand(d.store.opts.Now)
	run, d.stop = context.WithCancel(run)
	d.checkpoints.Go(func() { d.checkpoint(run) })
	return nil
}

func (d *sqlite) close() error {
	d.stop()
	d.checkpoints.Wait()
	return errors.Join(d.closeAll(), d.remove())
}

// closeAll closes what is open. Before that the write-ahead log is copied into
// the file, so that the file alone is the database where nobody else has it
// open. If somebody has, that is theirs to do.
func (d *sqlite) closeAll() error {
	var errs []error
	if d.reads != nil {
		errs = append(errs, d.reads.db.Close())
	}
	if d.writer != nil {
		_, _ = d.writer.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		errs = append(errs, d.writer.Close())
	}
	if d.writeDB != nil {
		errs = append(errs, d.writeDB.Close())
	}
	return errors.Join(errs...)
}

// openSQLiteDB opens a pool. Nothing is connected yet.
func openSQLiteDB(path string, connections int, busy time.Duration, pragmas ...string) (*sql.DB, error) {
	query := url.Values{"_txlock": {"immediate"}}
	for _, p := range append([]string{
		fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()),
		fmt.Sprintf("mmap_size(%d)", int64(mmapBytes)),
		"wal_autocheckpoint(0)",
	}, pragmas...) {
		query.Add("_pragma", p)
	}
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// migrateSQLite makes the file if need be and brings its schema up to date.
// Of several processes that do so at once one wins each step; the others see
// that when they look again.
func migrateSQLite(ctx context.Context, path string, apply bool) error {
	if path == "" {
		return errURL
	}
	// Nobody else may read it, and what SQLite puts beside it inherits that.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	// auto_vacuum counts only before the first table is there.
	db, err := openSQLiteDB(path, 1, readerBusy, "auto_vacuum(incremental)", "journal_mode(wal)", "synchronous(full)")
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for tries := 0; ; tries++ {
		err := migrate(ctx, db, goose.DialectSQLite3, "sqlite", apply)
		if err == nil || errors.Is(err, ErrOlderSchema) || tries >= 20 && !sqliteBusy(err) {
			return err
		}
		if !pause(ctx, 10*time.Millisecond) {
			return err
		}
	}
}

// sqliteBusy reports whether somebody else has the file right now.
func sqliteBusy(err error) bool {
	var e *sqlitedriver.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code() & 0xff {
	case sqlitelib.SQLITE_BUSY, sqlitelib.SQLITE_LOCKED:
		return true
	}
	return false
}

func (d *sqlite) again(err error) bool { return sqliteBusy(err) }

// lost: a file does not go away and come back.
func (d *sqlite) lost(error) bool { return false }
