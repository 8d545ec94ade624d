package sqlstore

import (
	"context"
	"database/sql"
	"time"
)

const (
	checkpointTick = 250 * time.Millisecond
	// walLimit is how many pages the write-ahead log may have (64 MB)
	// before the writer pauses to empty it. Checkpoints beside the writer
	// copy it but cannot begin it anew while it grows.
	walLimit = 64 << 20 / 4096
)

// checkpoint copies the write-ahead log into the file, beside the writer, so
// that no commit has to.
func (d *sqlite) checkpoint(ctx context.Context) {
	db, err := openSQLiteDB(d.path, 1, 0)
	if err != nil {
		return
	}
	defer db.Close()
	tick := time.NewTicker(checkpointTick)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !d.written.Swap(false) {
			continue
		}
		d.store.counters.maintenance.Add(1)
		if pages, _, err := walCheckpoint(ctx, db, "PASSIVE"); err == nil {
			d.walPages.Store(pages)
		}
	}
}

// shrink empties the write-ahead log when it has become too long. The writer
// calls it between batches. Where readers stand in the way it is tried again
// a moment later.
func (d *sqlite) shrink(ctx context.Context) {
	if d.walPages.Load() < d.walLimit || time.Now().Before(d.nextShrink) {
		return
	}
	d.store.counters.maintenance.Add(1)
	if _, done, err := walCheckpoint(ctx, d.writer, "TRUNCATE"); err == nil && done {
		d.walPages.Store(0)
	}
	d.nextShrink = time.Now().Add(100 * time.Millisecond)
}

func walCheckpoint(ctx context.Context, on interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}, mode string) (pages int64, done bool, err error) {
	var busy, copied int64
	err = on.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &pages, &copied)
	return pages, busy == 0, err
}
