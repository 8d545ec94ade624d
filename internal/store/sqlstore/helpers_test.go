package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/pgtest"
	"github.com/symbolon-auth/symbolon/internal/store"
)

const patience = 30 * time.Second

// both runs a test on a database of each kind.
func both(t *testing.T, f func(t *testing.T, url string)) {
	t.Run("SQLite", func(t *testing.T) { f(t, "sqlite:"+filepath.Join(t.TempDir(), "db")) })
	t.Run("PostgreSQL", func(t *testing.T) { f(t, pgtest.Database(t)) })
}

// gate is an Options.Fault that a test may change while it runs. Stages of
// the clock hand pass it unseen.
type gate struct {
	mu   sync.Mutex
	rule func(stage string) error
}

func (g *gate) fault(stage string) error {
	if stage == "hand" || strings.HasPrefix(stage, "idle.") {
		return nil
	}
	g.mu.Lock()
	rule := g.rule
	g.mu.Unlock()
	if rule == nil {
		return nil
	}
	return rule(stage)
}

func (g *gate) set(rule func(stage string) error) {
	g.mu.Lock()
	g.rule = rule
	g.mu.Unlock()
}

// hold makes every writer wait at the beginning of its next batch. held
// reports each that waits; release lets them go on.
func (g *gate) hold() (held <-chan struct{}, release func()) {
	waits, open := make(chan struct{}, 16), make(chan struct{})
	g.set(func(stage string) error {
		if stage == "begin" {
			waits <- struct{}{}
			<-open
		}
		return nil
	})
	return waits, func() { g.set(nil); close(open) }
}

// world is a store with the things that verbs need.
type world struct {
	testing.TB
	url string
	s   *sqlStore
	gate
	ctx             context.Context
	now             int64
	service, client int64
}

func newWorld(t testing.TB, url string, opts Options) *world {
	t.Helper()
	w := &world{TB: t, url: url, ctx: context.Background(), now: time.Now().UnixMilli(), service: 11, client: 22}
	opts.Migrate, opts.Fault = true, w.fault
	w.s = openOne(t, url, opts).(*sqlStore)
	return w
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatalf("unexpected error: %v", err)
	}
}

func (w *world) done(o store.Outcome, err error) {
	w.Helper()
	w.ok(err)
	if o != store.Done {
		w.Fatalf("outcome %d", o)
	}
}

func (w *world) key() grant.Key {
	handle, err := grant.NewHandle(rand.Reader, time.UnixMilli(w.now+3600_000))
	w.ok(err)
	return grant.KeyOf(handle)
}

func (w *world) mark() grant.Mark {
	return grant.Mark{Key: grant.MarkKey("test", w.service, rand.Text()), Expires: w.now + 3600_000}
}

func (w *world) token(kind grant.Kind, of grant.Key) *grant.Token {
	return &grant.Token{
		Key: w.key(), Service: w.service, Client: w.client, Grant: of, Kind: kind, Created: w.now, Expires: w.now + 3600_000,
	}
}

func (w *world) issue(t *grant.Token) (store.Outcome, error) {
	return w.s.IssueToken(w.ctx, store.IssueToken{Now: w.now, Token: t})
}

func (w *world) ticket(from grant.Key) *grant.Ticket {
	return &grant.Ticket{Key: w.key(), Service: w.service, Client: w.client, Expires: w.now + 3600_000, Pushed: from}
}

func (w *world) push() *grant.Pushed {
	w.Helper()
	p := &grant.Pushed{Key: w.key(), Service: w.service, Client: w.client, Expires: w.now + 3600_000}
	w.done(w.s.Push(w.ctx, store.Push{Now: w.now, Pushed: p}))
	return p
}

func (w *world) authorization() (*grant.Grant, *grant.Code) {
	g := &grant.Grant{Key: w.key(), Service: w.service, Client: w.client, Subject: "john", Expires: w.now + 3600_000}
	return g, &grant.Code{Key: w.key(), Service: w.service, Client: w.client, Expires: w.now + 600_000, Grant: g.Key}
}

func (w *world) authorize() (*grant.Grant, *grant.Code) {
	w.Helper()
	t := w.ticket(grant.Key{})
	w.done(w.s.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: t}))
	g, c := w.authorization()
	w.done(w.s.FinishAuthorization(w.ctx, store.FinishAuthorization{
		Now: w.now, Service: w.service, Ticket: t.Key, Grant: g, Code: c,
	}))
	return g, c
}

// refresh makes a grant with a refresh token.
func (w *world) refresh() *grant.Token {
	w.Helper()
	g, _ := w.authorize()
	t := w.token(grant.Refresh, g.Key)
	w.done(w.issue(t))
	return t
}

// raw opens the database past the store.
func (w *world) raw() *sql.DB {
	w.Helper()
	var db *sql.DB
	if path, is := strings.CutPrefix(w.url, "sqlite:"); is {
		var err error
		db, err = openSQLiteDB(path, 1, readerBusy)
		w.ok(err)
	} else {
		config, err := pgx.ParseConfig(w.url)
		w.ok(err)
		db = stdlib.OpenDB(*config)
	}
	w.Cleanup(func() { db.Close() })
	return db
}

// dump returns all that is stored.
func (w *world) dump(db *sql.DB) string {
	w.Helper()
	var all strings.Builder
	for _, table := range []string{
		"marks", "codes", "tokens", "tickets", "pushed", "grants",
		"services", "clients", "api_tokens", "settings", "config_version",
	} {
		rows, err := db.QueryContext(w.ctx, "SELECT * FROM "+table+" ORDER BY 1")
		w.ok(err)
		columns, err := rows.Columns()
		w.ok(err)
		for rows.Next() {
			values, to := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				to[i] = &values[i]
			}
			w.ok(rows.Scan(to...))
			fmt.Fprintf(&all, "%s %x\n", table, values)
		}
		w.ok(rows.Err())
		w.ok(rows.Close())
	}
	return all.String()
}

func pgDatabase(t *testing.T) string { t.Helper(); return pgtest.Database(t) }

// together calls f from n goroutines, released together.
func (w *world) together(n int, f func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	wg.Wait()
}
