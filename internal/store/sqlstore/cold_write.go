package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore/cold"
)

// noDoc is the document of what was deleted (a nil slice would be NULL).
var noDoc = []byte{}

// doc makes sure that a document is not NULL.
func doc(raw []byte) []byte {
	if raw == nil {
		return noDoc
	}
	return raw
}

// errNothing ends a write that found nothing to do.
var errNothing = errors.New("nothing to do")

// writeCold runs f with the next version. Taking the version locks its row
// until the transaction ends, so versions become visible in their order, and
// what f reads nobody else is writing.
func (s *sqlStore) writeCold(ctx context.Context, f func(ctx context.Context, q coldQueries, version int64) error) error {
	err := s.dialect.coldWrite(ctx, func(ctx context.Context, q coldQueries) error {
		version, err := q.TakeVersions(ctx, 1)
		if err != nil {
			return err
		}
		return f(ctx, q, version)
	})
	if err == nil || isOutcome(err) {
		return err
	}
	return unavailable(err)
}

// isOutcome tells an answer of a write from its failure.
func isOutcome(err error) bool {
	var outcome store.Error
	return errors.As(err, &outcome) || errors.Is(err, errNothing)
}

// found turns errNothing into the answer of a deletion.
func found(err error) (bool, error) {
	if errors.Is(err, errNothing) {
		return false, nil
	}
	return err == nil, err
}

// must is the error of a statement that should have changed one row.
func must(rows int64, err, otherwise error) error {
	if err == nil && rows == 0 {
		return otherwise
	}
	return err
}

// PutService implements [store.Cold].
func (s *sqlStore) PutService(ctx context.Context, r store.ServiceRow) (version int64, err error) {
	err = s.writeCold(ctx, func(ctx context.Context, q coldQueries, v int64) error {
		version = v
		if r.Version == 0 {
			n, err := q.InsertService(ctx, cold.InsertServiceParams{
				ID: r.ID, CreatedAt: r.Created, Version: v, Doc: doc(r.Doc),
			})
			return must(n, err, store.ErrConflict)
		}
		n, err := q.UpdateService(ctx, cold.UpdateServiceParams{
			ID: r.ID, OldVersion: r.Version, Version: v, Doc: doc(r.Doc),
		})
		return must(n, err, store.ErrConflict)
	})
	if err != nil {
		return 0, err
	}
	return version, nil
}

// DeleteService implements [store.Cold]. Every row gets a version of its own,
// so that a page of the change feed may end at any of them.
func (s *sqlStore) DeleteService(ctx context.Context, id int64) (bool, error) {
	return found(s.writeCold(ctx, func(ctx context.Context, q coldQueries, v int64) error {
		n, err := q.DeleteService(ctx, cold.DeleteServiceParams{ID: id, Version: v, NoDoc: noDoc})
		if err := must(n, err, errNothing); err != nil {
			return err
		}
		clients, err := q.ClientIDs(ctx, id)
		if err != nil {
			return err
		}
		tokens, err := q.APITokenIDs(ctx, id)
		if err != nil {
			return err
		}
		if _, err := q.TakeVersions(ctx, int64(len(clients)+len(tokens))); err != nil {
			return err
		}
		for _, client := range clients {
			v++
			if _, err := q.DeleteClient(ctx, cold.DeleteClientParams{ID: client, Service: id, Version: v, NoDoc: noDoc}); err != nil {
				return err
			}
		}
		for _, token := range tokens {
			v++
			if _, err := q.DeleteAPIToken(ctx, cold.DeleteAPITokenParams{ID: token, Version: v, NoDoc: noDoc}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// PutClient implements [store.Cold].
func (s *sqlStore) PutClient(ctx context.Context, r store.ClientRow) (version int64, err error) {
	err = s.writeCold(ctx, func(ctx context.Context, q coldQueries, v int64) error {
		version = v
		write := updateClient
		if r.Version == 0 {
			write = insertClient
		}
		if err := write(ctx, q, &r, v); err != nil || r.PerDeveloper == 0 {
			return err
		}
		n, err := q.ClientsOfDeveloper(ctx, cold.ClientsOfDeveloperParams{Service: r.Service, Developer: r.Developer})
		if err == nil && n > int64(r.PerDeveloper) {
			err = store.ErrFull
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return version, nil
}

// mustLive is ErrGone where there is no such service. Nobody deletes it before
// the write has ended: that takes a version, too.
func mustLive(ctx context.Context, q coldQueries, service int64) error {
	n, err := q.ServiceLives(ctx, service)
	return must(n, err, store.ErrGone)
}

func aliasTaken(ctx context.Context, q coldQueries, r *store.ClientRow) (bool, error) {
	n, err := q.AliasTaken(ctx, cold.AliasTakenParams{Service: r.Service, Alias: r.Alias, ExceptID: r.ID})
	return n > 0, err
}

// insertClient inserts a client and the one grant that all its
// client_credentials tokens belong to.
func insertClient(ctx context.Context, q coldQueries, r *store.ClientRow, version int64) error {
	if err := mustLive(ctx, q, r.Service); err != nil {
		return err
	}
	taken, err := aliasTaken(ctx, q, r)
	if err != nil {
		return err
	}
	if taken {
		return store.ErrAlias
	}
	n, err := q.InsertClient(ctx, cold.InsertClientParams{
		ID: r.ID, Service: r.Service, Alias: r.Alias, Developer: r.Developer,
		CreatedAt: r.Created, Version: version, Doc: doc(r.Doc),
	})
	if err := must(n, err, store.ErrConflict); err != nil {
		return err
	}
	of, err := newGrantRow(&grant.Grant{Key: grant.ClientKey(r.Service, r.ID), Service: r.Service, Client: r.ID})
	if err != nil {
		return err
	}
	return q.InsertClientGrant(ctx, cold.InsertClientGrantParams{
		Key: of.key[:], Service: of.service, Client: of.client, ExpiresAt: of.expires, Body: of.body,
	})
}

func updateClient(ctx context.Context, q coldQueries, r *store.ClientRow, version int64) error {
	taken, err := aliasTaken(ctx, q, r)
	if err != nil {
		return err
	}
	if taken {
		// The version is judged before the alias.
		if now, err := q.Client(ctx, cold.ClientParams{ID: r.ID, Service: r.Service}); errors.Is(err, sql.ErrNoRows) ||
			err == nil && now.Version != r.Version {
			return store.ErrConflict
		}
		return store.ErrAlias
	}
	n, err := q.UpdateClient(ctx, cold.UpdateClientParams{
		ID: r.ID, Service: r.Service, OldVersion: r.Version,
		Alias: r.Alias, Developer: r.Developer, Version: version, Doc: doc(r.Doc),
	})
	return must(n, err, store.ErrConflict)
}

// DeleteClient implements [store.Cold].
func (s *sqlStore) DeleteClient(ctx context.Context, service, id int64) (bool, error) {
	return found(s.writeCold(ctx, func(ctx context.Context, q coldQueries, v int64) error {
		n, err := q.DeleteClient(ctx, cold.DeleteClientParams{ID: id, Service: service, Version: v, NoDoc: noDoc})
		return must(n, err, errNothing)
	}))
}

// PutAPIToken implements [store.Cold].
func (s *sqlStore) PutAPIToken(ctx context.Context, r store.APITokenRow) (version int64, err error) {
	err = s.writeCold(ctx, func(ctx context.Context, q coldQueries, v int64) error {
		version = v
		if r.Version != 0 {
			n, err := q.UpdateAPIToken(ctx, cold.UpdateAPITokenParams{
				ID: r.ID, OldVersion: r.Version, Hash: r.Hash[:], ExpiresAt: r.Expires, Version: v, Doc: doc(r.Doc),
			})
			return must(n, err, store.ErrConflict)
		}
		if r.Service != 0 {
			if err := mustLive(ctx, q, r.Service); err != nil {
				return err
			}
		}
		n, err := q.CountAPITokens(ctx, r.Service)
		if err != nil {
			return err
		}
		if n >= store.MaxAPITokens {
			return store.ErrFull
		}
		n, err = q.InsertAPIToken(ctx, cold.InsertAPITokenParams{
			ID: r.ID, Hash: r.Hash[:], Service: r.Service, CreatedAt: r.Created, ExpiresAt: r.Expires,
			Version: v, Doc: doc(r.Doc),
		})
		return must(n, err, store.ErrConflict)
	})
	if err != nil {
		return 0, err
	}
	return version, nil
}

// DeleteAPIToken implements [store.Cold].
func (s *sqlStore) DeleteAPIToken(ctx context.Context, id string) (bool, error) {
	return found(s.writeCold(ctx, func(ctx context.Context, q coldQueries, v int64) error {
		n, err := q.DeleteAPIToken(ctx, cold.DeleteAPITokenParams{ID: id, Version: v, NoDoc: noDoc})
		return must(n, err, errNothing)
	}))
}

// Setting implements [store.Cold]. It is not part of the change feed.
func (s *sqlStore) Setting(ctx context.Context, name string, initial []byte) ([]byte, bool, error) {
	read := func(ctx context.Context, q coldQueries) ([]byte, error) { return q.Setting(ctx, name) }
	same := func(v *[]byte) *[]byte { return v }
	value, err := one(ctx, s, read, same)
	if err != nil {
		return nil, false, err
	}
	if value != nil {
		return *value, false, nil
	}
	var created bool
	err = s.dialect.coldWrite(ctx, func(ctx context.Context, q coldQueries) error {
		n, err := q.InsertSetting(ctx, cold.InsertSettingParams{Name: name, Content: doc(initial)})
		created = n > 0
		return err
	})
	if err != nil {
		return nil, false, unavailable(err)
	}
	if value, err = one(ctx, s, read, same); err != nil || value == nil {
		return nil, false, err
	}
	return *value, created, nil
}
