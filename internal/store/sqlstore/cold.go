package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore/cold"
)

type (
	coldQueries = *cold.Queries
	coldFunc    func(ctx context.Context, q coldQueries) error
)

// errRollback, returned by a coldFunc, ends a transaction without a trace.
var errRollback = errors.New("rollback")

// one runs a read that finds one row or none.
func one[Row, T any](ctx context.Context, s *sqlStore, read func(context.Context, coldQueries) (Row, error), convert func(*Row) *T) (*T, error) {
	var row Row
	err := s.dialect.coldRead(ctx, func(ctx context.Context, q coldQueries) (err error) {
		row, err = read(ctx, q)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable(err)
	}
	return convert(&row), nil
}

// many runs a read that finds any number of rows.
func many[Row, T any](ctx context.Context, s *sqlStore, read func(context.Context, coldQueries) ([]Row, error), convert func(*Row) *T) ([]T, error) {
	var rows []Row
	err := s.dialect.coldRead(ctx, func(ctx context.Context, q coldQueries) (err error) {
		rows, err = read(ctx, q)
		return err
	})
	if err != nil {
		return nil, unavailable(err)
	}
	list := make([]T, len(rows))
	for i := range rows {
		list[i] = *convert(&rows[i])
	}
	return list, nil
}

// Version implements [store.Cold].
func (s *sqlStore) Version(ctx context.Context) (int64, error) {
	s.counters.maintenance.Add(1)
	v, err := one(ctx, s, func(ctx context.Context, q coldQueries) (int64, error) {
		return q.Version(ctx)
	}, func(v *int64) *int64 { return v })
	if err != nil || v == nil {
		return 0, err
	}
	return *v, nil
}

// Changes implements [store.Cold].
func (s *sqlStore) Changes(ctx context.Context, since int64, limit int) ([]store.Change, error) {
	s.counters.maintenance.Add(1)
	limit = max(0, min(limit, math.MaxInt32))
	return many(ctx, s, func(ctx context.Context, q coldQueries) ([]cold.ChangesRow, error) {
		return q.Changes(ctx, cold.ChangesParams{Since: since, Max: int32(limit)})
	}, func(r *cold.ChangesRow) *store.Change {
		return &store.Change{
			Version: r.Version, Kind: store.ChangeKind(r.Kind), ID: r.ID, TokenID: r.TokenID, Deleted: r.Deleted != 0,
		}
	})
}

// Service implements [store.Cold].
func (s *sqlStore) Service(ctx context.Context, id int64) (*store.ServiceRow, error) {
	return one(ctx, s, func(ctx context.Context, q coldQueries) (cold.ServiceRow, error) {
		return q.Service(ctx, id)
	}, func(r *cold.ServiceRow) *store.ServiceRow {
		return &store.ServiceRow{ID: r.ID, Created: r.CreatedAt, Version: r.Version, Doc: r.Doc}
	})
}

// Services implements [store.Cold].
func (s *sqlStore) Services(ctx context.Context) ([]store.ServiceRow, error) {
	return many(ctx, s, func(ctx context.Context, q coldQueries) ([]cold.ServicesRow, error) {
		return q.Services(ctx)
	}, func(r *cold.ServicesRow) *store.ServiceRow {
		return &store.ServiceRow{ID: r.ID, Created: r.CreatedAt, Version: r.Version, Doc: r.Doc}
	})
}

func toClient(r *cold.ClientRow) *store.ClientRow {
	return &store.ClientRow{
		ID: r.ID, Service: r.Service, Alias: r.Alias, Developer: r.Developer,
		Created: r.CreatedAt, Version: r.Version, Doc: r.Doc,
	}
}

// Client implements [store.Cold].
func (s *sqlStore) Client(ctx context.Context, service, id int64) (*store.ClientRow, error) {
	return one(ctx, s, func(ctx context.Context, q coldQueries) (cold.ClientRow, error) {
		return q.Client(ctx, cold.ClientParams{ID: id, Service: service})
	}, toClient)
}

// ClientByAlias implements [store.Cold].
func (s *sqlStore) ClientByAlias(ctx context.Context, service int64, alias string) (*store.ClientRow, error) {
	return one(ctx, s, func(ctx context.Context, q coldQueries) (cold.ClientRow, error) {
		r, err := q.ClientByAlias(ctx, cold.ClientByAliasParams{Service: service, Alias: alias})
		return cold.ClientRow(r), err
	}, toClient)
}

// Clients implements [store.Cold].
func (s *sqlStore) Clients(ctx context.Context, service int64, developer string, start, end int) ([]store.ClientRow, int, error) {
	start = max(0, min(start, math.MaxInt32))
	count := max(0, min(end, math.MaxInt32)-start)
	var total int64
	page, err := many(ctx, s, func(ctx context.Context, q coldQueries) ([]cold.ClientsRow, error) {
		var err error
		total, err = q.CountClients(ctx, cold.CountClientsParams{Service: service, Developer: developer})
		if err != nil || count == 0 || int64(start) >= total {
			return nil, err
		}
		return q.Clients(ctx, cold.ClientsParams{
			Service: service, Developer: developer, First: int32(start), Count: int32(count),
		})
	}, func(r *cold.ClientsRow) *store.ClientRow {
		c := cold.ClientRow(*r)
		return toClient(&c)
	})
	return page, int(total), err
}

// APIToken implements [store.Cold].
func (s *sqlStore) APIToken(ctx context.Context, id string) (*store.APITokenRow, error) {
	return one(ctx, s, func(ctx context.Context, q coldQueries) (cold.APITokenRow, error) {
		return q.APIToken(ctx, id)
	}, toAPIToken)
}

// APITokens implements [store.Cold].
func (s *sqlStore) APITokens(ctx context.Context) ([]store.APITokenRow, error) {
	return many(ctx, s, func(ctx context.Context, q coldQueries) ([]cold.APITokensRow, error) {
		return q.APITokens(ctx)
	}, func(r *cold.APITokensRow) *store.APITokenRow {
		t := cold.APITokenRow(*r)
		return toAPIToken(&t)
	})
}

func toAPIToken(r *cold.APITokenRow) *store.APITokenRow {
	t := &store.APITokenRow{ID: r.ID, Service: r.Service, Created: r.CreatedAt, Expires: r.ExpiresAt, Version: r.Version, Doc: r.Doc}
	copy(t.Hash[:], r.Hash)
	return t
}
