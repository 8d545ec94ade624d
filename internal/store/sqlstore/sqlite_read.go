package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
)

// sqliteReads is the pool of connections that read, with its statements.
type sqliteReads struct {
	db                                  *sql.DB
	pushed, ticket, code, token, grants *sql.Stmt
}

// sqliteClientGrants reads a page of a client's grants.
const sqliteClientGrants = `SELECT key FROM grants WHERE service = ? AND client = ? AND key > ? AND revoked = 0
	ORDER BY key LIMIT ?`

func openSQLiteReads(ctx context.Context, path string, connections int) (*sqliteReads, error) {
	db, err := openSQLiteDB(path, connections, readerBusy, "query_only(1)")
	if err != nil {
		return nil, err
	}
	r := &sqliteReads{db: db}
	for _, p := range []struct {
		to    **sql.Stmt
		query string
	}{
		{&r.pushed, `SELECT service, client, expires_at, consumed, body FROM pushed WHERE key = ?`},
		{&r.ticket, `SELECT service, client, expires_at, pushed, body FROM tickets WHERE key = ?`},
		{&r.code, `SELECT c.service, c.client, c.expires_at, c.keep_until, c.grant_key, c.consumed, c.body,
			g.service, g.client, g.subject, g.expires_at, g.revoked, g.body
			FROM codes c JOIN grants g ON g.key = c.grant_key WHERE c.key = ?`},
		{&r.token, `SELECT t.service, t.client, t.grant_key, t.kind, t.created_at, t.expires_at, t.pair, t.consumed,
			t.retry_until, t.successor, t.body,
			g.service, g.client, g.subject, g.expires_at, g.revoked, g.body
			FROM tokens t JOIN grants g ON g.key = t.grant_key WHERE t.key = ?`},
		{&r.grants, sqliteClientGrants},
	} {
		if *p.to, err = db.PrepareContext(ctx, p.query); err != nil { //nolint:sqlclosecheck // lives as long as the store
			return nil, errors.Join(fmt.Errorf("%w: %s", err, p.query), db.Close())
		}
	}
	return r, nil
}

// scan reads the row of a key, if there is one. Like the writer's statements,
// it runs under a context that cannot end.
func (d *sqlite) scan(ctx context.Context, stage string, s *sql.Stmt, key *grant.Key, dest ...any) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if err := d.store.opts.Fault(stage); err != nil {
		return false, unavailable(err)
	}
	err := s.QueryRowContext(untimed, key[:]).Scan(dest...)
	for late := time.Now().Add(d.store.opts.WriteTimeout); sqliteBusy(err) && time.Now().Before(late); {
		if !pause(ctx, time.Millisecond) {
			return false, ctx.Err()
		}
		err = s.QueryRowContext(untimed, key[:]).Scan(dest...)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, unavailable(err)
	}
	return true, nil
}

// keyOf scans a key; NULL is the zero key.
type keyOf struct{ to *grant.Key }

func (k keyOf) Scan(v any) error {
	raw, _ := v.([]byte)
	if raw != nil && len(raw) != len(k.to) {
		return fmt.Errorf("a key of %d bytes", len(raw))
	}
	copy(k.to[:], raw)
	return nil
}

func (d *sqlite) readPushed(ctx context.Context, key grant.Key) (*pushedRow, error) {
	r := &pushedRow{key: key}
	found, err := d.scan(ctx, "pushed.read", d.reads.pushed, &key,
		&r.service, &r.client, &r.expires, &r.consumed, &r.body)
	if !found {
		return nil, err
	}
	return r, nil
}

func (d *sqlite) readTicket(ctx context.Context, key grant.Key) (*ticketRow, error) {
	r := &ticketRow{key: key}
	found, err := d.scan(ctx, "tickets.read", d.reads.ticket, &key,
		&r.service, &r.client, &r.expires, keyOf{&r.pushed}, &r.body)
	if !found {
		return nil, err
	}
	return r, nil
}

func (d *sqlite) readCode(ctx context.Context, key grant.Key) (*codeRow, *grantRow, error) {
	r, g := &codeRow{key: key}, &grantRow{}
	found, err := d.scan(ctx, "codes.read", d.reads.code, &key,
		&r.service, &r.client, &r.expires, &r.keep, keyOf{&r.grant}, &r.consumed, &r.body,
		&g.service, &g.client, &g.subject, &g.expires, &g.revoked, &g.body)
	if !found {
		return nil, nil, err
	}
	g.key = r.grant
	return r, g, nil
}

func (d *sqlite) readToken(ctx context.Context, key grant.Key) (*tokenRow, *grantRow, error) {
	r, g := &tokenRow{key: key}, &grantRow{}
	found, err := d.scan(ctx, "tokens.read", d.reads.token, &key,
		&r.service, &r.client, keyOf{&r.grant}, &r.kind, &r.created, &r.expires, keyOf{&r.pair}, &r.consumed,
		&r.retryUntil, &r.successor, &r.body,
		&g.service, &g.client, &g.subject, &g.expires, &g.revoked, &g.body)
	if !found {
		return nil, nil, err
	}
	g.key = r.grant
	return r, g, nil
}

func (d *sqlite) readClientGrants(ctx context.Context, service, client int64, after grant.Key, limit int) ([]grant.Key, error) {
	if err := d.store.opts.Fault("grants.read"); err != nil {
		return nil, err
	}
	rows, err := d.reads.grants.QueryContext(ctx, service, client, after[:], limit)
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	var keys []grant.Key
	for rows.Next() {
		var k grant.Key
		if err := rows.Scan(keyOf{&k}); err != nil {
			return nil, unavailable(err)
		}
		keys = append(keys, k)
	}
	if err := rows.Err(); err != nil {
		return nil, unavailable(err)
	}
	return keys, nil
}
