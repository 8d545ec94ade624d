package sqlstore

import (
	"context"
	"database/sql"

	"github.com/symbolon-auth/symbolon/internal/store/sqlstore/cold"
)

// faulty puts Options.Fault before every statement of the cold half.
type faulty struct {
	cold.DBTX
	fault func(stage string) error
}

func (f faulty) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := f.fault("cold.exec"); err != nil {
		return nil, err
	}
	return f.DBTX.ExecContext(ctx, query, args...)
}

func (f faulty) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := f.fault("cold.query"); err != nil {
		return nil, err
	}
	return f.DBTX.QueryContext(ctx, query, args...)
}

// QueryRowContext cannot return an error; a context that has ended with it can.
func (f faulty) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if err := f.fault("cold.query"); err != nil {
		ctx = failed{ctx, err}
	}
	return f.DBTX.QueryRowContext(ctx, query, args...)
}

// failed is a context that has ended with an error.
type failed struct {
	context.Context
	err error
}

func (f failed) Err() error { return f.err }

func (f failed) Done() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}
