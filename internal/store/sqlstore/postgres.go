package sqlstore

import (
	"context"
	"errors"
)

var errNotYet = errors.New("PostgreSQL comes next")

func openPostgres(ctx, run context.Context, url string, s *sqlStore) (dialect, error) {
	return nil, errNotYet
}

func migratePostgres(ctx context.Context, url string, apply bool) error { return errNotYet }
