package sqlstore

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/symbolon-auth/symbolon/internal/grant"
)

// Reads are joined: a reader takes what waits and asks for all of it at once,
// one statement per table, one round trip. Under load this is two to three
// times cheaper than one statement per read, and alone it costs nothing.
type pgReads struct {
	queue  chan *pgRead
	mu     sync.RWMutex // held for reading while queueing
	closed bool
}

const (
	maxJoined = 256 // reads of one round trip
	readTime  = 10 * time.Second
)

// pgRead is a read that waits: from pushed, tickets, codes or tokens.
type pgRead struct {
	from table
	key  grant.Key

	pushed *pushedRow
	ticket *ticketRow
	code   *codeRow
	token  *tokenRow
	grant  *grantRow
	err    error
	done   chan struct{}
}

func newPgReads() *pgReads { return &pgReads{queue: make(chan *pgRead, 1024)} }

// close lets the readers finish what waits.
func (r *pgReads) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	close(r.queue)
}

func (d *postgres) ask(ctx context.Context, r *pgRead) error {
	if err := d.put(ctx, r); err != nil {
		return err
	}
	select {
	case <-r.done:
		if r.err != nil {
			return unavailable(r.err)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *postgres) put(ctx context.Context, r *pgRead) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.done = make(chan struct{})
	d.reads.mu.RLock()
	defer d.reads.mu.RUnlock()
	if d.reads.closed {
		return errClosed
	}
	select {
	case d.reads.queue <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read is the loop of one reader. It ends when the queue is closed and empty.
func (d *postgres) read(ctx context.Context) {
	for first := range d.reads.queue {
		joined := []*pgRead{first}
		runtime.Gosched() // see write
	drain:
		for len(joined) < maxJoined {
			select {
			case r, ok := <-d.reads.queue:
				if !ok {
					break drain
				}
				joined = append(joined, r)
			default:
				break drain
			}
		}
		fetch := func() error { return d.fetch(ctx, joined) }
		err := pgRetry(ctx, fetch)
		if d.lost(err) {
			// A connection that broke while it was idle is no reason to fail.
			err = pgRetry(ctx, fetch)
		}
		for _, r := range joined {
			r.err = err
			close(r.done)
		}
	}
}

// pgFrom tells how to read from each table.
var pgFrom = [tableCount]struct {
	stage, sql string
	scan       func(pgx.Rows) (grant.Key, func(*pgRead), error)
}{
	pushed:  {"pushed.read", pgReadPushed, scanPushed},
	tickets: {"tickets.read", pgReadTickets, scanTicket},
	codes:   {"codes.read", pgReadCodes, scanCode},
	tokens:  {"tokens.read", pgReadTokens, scanToken},
}

// fetch answers the reads.
func (d *postgres) fetch(ctx context.Context, joined []*pgRead) error {
	// Close() of the store waits for the reads, so they have an end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
	defer cancel()
	batch := &pgx.Batch{}
	for from := range tableCount {
		waiting := make(map[grant.Key][]*pgRead)
		var keys [][]byte
		for _, r := range joined {
			if r.from != from {
				continue
			}
			if waiting[r.key] == nil {
				keys = append(keys, r.key[:])
			}
			waiting[r.key] = append(waiting[r.key], r)
		}
		if len(keys) == 0 {
			continue
		}
		how := &pgFrom[from]
		if err := d.store.opts.Fault(how.stage); err != nil {
			return err
		}
		batch.Queue(how.sql, keys).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				key, give, err := how.scan(rows)
				if err != nil {
					return err
				}
				for _, r := range waiting[key] {
					give(r)
				}
			}
			return rows.Err()
		})
	}
	return d.with(ctx, func(conn *pgx.Conn) error { return conn.SendBatch(ctx, batch).Close() })
}

const (
	pgReadPushed  = `SELECT key, service, client, expires_at, consumed, body FROM pushed WHERE key = ANY($1::bytea[])`
	pgReadTickets = `SELECT key, service, client, expires_at, pushed, body FROM tickets WHERE key = ANY($1::bytea[])`
	pgReadCodes   = `SELECT c.key, c.service, c.client, c.expires_at, c.keep_until, c.grant_key, c.consumed, c.body,
	g.service, g.client, g.subject, g.expires_at, g.revoked, g.body
FROM codes c JOIN grants g ON g.key = c.grant_key WHERE c.key = ANY($1::bytea[])`
	pgReadTokens = `SELECT t.key, t.service, t.client, t.grant_key, t.kind, t.created_at, t.expires_at, t.pair, t.consumed,
	t.retry_until, t.successor, t.body,
	g.service, g.client, g.subject, g.expires_at, g.revoked, g.body
FROM tokens t JOIN grants g ON g.key = t.grant_key WHERE t.key = ANY($1::bytea[])`
)

func scanPushed(rows pgx.Rows) (grant.Key, func(*pgRead), error) {
	var key []byte
	var consumed int64
	r := &pushedRow{}
	err := rows.Scan(&key, &r.service, &r.client, &r.expires, &consumed, &r.body)
	r.consumed = consumed != 0
	copy(r.key[:], key)
	return r.key, func(to *pgRead) { to.pushed = r }, err
}

func scanTicket(rows pgx.Rows) (grant.Key, func(*pgRead), error) {
	var key, from []byte
	r := &ticketRow{}
	err := rows.Scan(&key, &r.service, &r.client, &r.expires, &from, &r.body)
	copy(r.key[:], key)
	copy(r.pushed[:], from)
	return r.key, func(to *pgRead) { to.ticket = r }, err
}

func scanCode(rows pgx.Rows) (grant.Key, func(*pgRead), error) {
	var key, of []byte
	var consumed, revoked int64
	r, g := &codeRow{}, &grantRow{}
	err := rows.Scan(&key, &r.service, &r.client, &r.expires, &r.keep, &of, &consumed, &r.body,
		&g.service, &g.client, &g.subject, &g.expires, &revoked, &g.body)
	r.consumed, g.revoked = consumed != 0, revoked != 0
	copy(r.key[:], key)
	copy(r.grant[:], of)
	g.key = r.grant
	return r.key, func(to *pgRead) { to.code, to.grant = r, g }, err
}

func scanToken(rows pgx.Rows) (grant.Key, func(*pgRead), error) {
	var key, of, pair []byte
	var kind, consumed, revoked int64
	r, g := &tokenRow{}, &grantRow{}
	err := rows.Scan(&key, &r.service, &r.client, &of, &kind, &r.created, &r.expires, &pair, &consumed,
		&r.retryUntil, &r.successor, &r.body,
		&g.service, &g.client, &g.subject, &g.expires, &revoked, &g.body)
	r.kind, r.consumed, g.revoked = grant.Kind(kind), consumed != 0, revoked != 0
	copy(r.key[:], key)
	copy(r.grant[:], of)
	copy(r.pair[:], pair)
	g.key = r.grant
	return r.key, func(to *pgRead) { to.token, to.grant = r, g }, err
}

func (d *postgres) readPushed(ctx context.Context, key grant.Key) (*pushedRow, error) {
	r := &pgRead{from: pushed, key: key}
	if err := d.ask(ctx, r); err != nil {
		return nil, err
	}
	return r.pushed, nil
}

func (d *postgres) readTicket(ctx context.Context, key grant.Key) (*ticketRow, error) {
	r := &pgRead{from: tickets, key: key}
	if err := d.ask(ctx, r); err != nil {
		return nil, err
	}
	return r.ticket, nil
}

func (d *postgres) readCode(ctx context.Context, key grant.Key) (*codeRow, *grantRow, error) {
	r := &pgRead{from: codes, key: key}
	if err := d.ask(ctx, r); err != nil {
		return nil, nil, err
	}
	return r.code, r.grant, nil
}

func (d *postgres) readToken(ctx context.Context, key grant.Key) (*tokenRow, *grantRow, error) {
	r := &pgRead{from: tokens, key: key}
	if err := d.ask(ctx, r); err != nil {
		return nil, nil, err
	}
	return r.token, r.grant, nil
}

// pgClientGrants reads a page of a client's grants.
const pgClientGrants = `SELECT key FROM grants
WHERE service = $1 AND client = $2 AND key > $3 AND revoked = 0 ORDER BY key LIMIT $4`

func (d *postgres) readClientGrants(ctx context.Context, service, client int64, after grant.Key, limit int) ([]grant.Key, error) {
	var keys []grant.Key
	read := func(conn *pgx.Conn) error {
		if err := d.store.opts.Fault("grants.read"); err != nil {
			return err
		}
		rows, err := conn.Query(ctx, pgClientGrants, service, client, after[:], limit)
		if err != nil {
			return err
		}
		keys, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (k grant.Key, err error) {
			var raw []byte
			err = row.Scan(&raw)
			copy(k[:], raw)
			return k, err
		})
		return err
	}
	err := pgRetry(ctx, func() error { return d.with(ctx, read) })
	if err != nil {
		return nil, unavailable(err)
	}
	return keys, nil
}
