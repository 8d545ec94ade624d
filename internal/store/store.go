package store

import (
	"context"
	"time"
)

// Store is a whole database.
type Store interface {
	Cold
	Hot

	// Ping reports whether the database can be read and written.
	Ping(ctx context.Context) error
	// Stats returns counters since the store was opened.
	Stats() Stats
	// Close finishes what was accepted, commits it and closes.
	Close() error
}

// Stats counts what operations cost. Maintenance (the clock hand,
// checkpoints, following the change feed) is counted apart.
type Stats struct {
	Reads       int64 // hot reads asked for by callers
	Commits     int64 // jobs committed
	Batches     int64 // transactions that committed jobs
	Maintenance int64 // statements of maintenance
	Removed     int64 // expired rows that the clock hand removed
	Waiting     int64 // jobs that wait for the writer now
}

// Observer is told what a store does, as it happens. It is called from many
// goroutines and must not wait.
type Observer interface {
	// Read is a hot read of a caller that has ended.
	Read(ctx context.Context, began time.Time, err error)
	// Write is a hot write of a caller that has ended; it waited, and then
	// shared a transaction with others.
	Write(ctx context.Context, began time.Time, err error)
	// Batch is one try to commit the jobs of several callers together.
	Batch(jobs int, took time.Duration, err error)
}
