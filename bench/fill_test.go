package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/httpapi"
	"github.com/symbolon-auth/symbolon/internal/pgtest"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
)

// The population of a database is what it would hold after a day of work:
// tokens that were issued over the last eighteen hours, by the store's own
// verbs under a clock that runs through those hours, so that tickets, codes
// and the clock hand have done what they do. Services and clients are made by
// the Web API.
//
// Four tokens belong together: an access and a refresh token of one code
// flow, and two of client_credentials. Handles follow from their number, so
// that a benchmark can present any of ten million without a list of them.
type population struct {
	Name     string
	From, To int64 // when the first and the last token were issued, milliseconds
	Flows    int
	Services int
	Tenants  []*tenant // one per client

	database // where it lives
}

// database is what keeps a population.
type database interface {
	url() string
	// copied makes a copy that a benchmark may change, and later drops.
	copied(b *testing.B) (url string, drop func())
	// processes are those of its server, if it has one.
	processes() []int
}

const (
	fillHours     = 18
	accessLife    = 24 * 3600 * 1000 // what a service has where nothing else is said
	refreshLife   = 10 * accessLife
	codeLife      = 600 * 1000
	perSubject    = 5   // grants of one end-user
	fillers       = 256 // parallel callers
	registrars    = 8   // those who make services and clients; the RSA key of a service takes long
	populationTTL = 5 * time.Hour
)

// populationOf opens the population of a folder, and makes it where it is
// not there or so old that its tokens expire.
func populationOf(b *testing.B, folder string, tokens, services, clients int) *population {
	b.Helper()
	name := fmt.Sprintf("%dx%dx%d", tokens, services, clients)
	in := file(filepath.Join(folder, name+".db"))
	p := &population{database: in}
	notes := string(in) + ".json"
	if raw, err := os.ReadFile(notes); err == nil {
		if err := json.Unmarshal(raw, p); err != nil {
			b.Fatal(err)
		}
		if time.Since(time.UnixMilli(p.To)) < populationTTL {
			return p
		}
	}
	for _, end := range []string{"", "-wal", "-shm", ".json"} {
		_ = os.Remove(string(in) + end)
	}
	p = newPopulation(b, in, name, tokens, services, clients)
	raw, err := json.Marshal(p)
	if err == nil {
		err = os.WriteFile(notes, raw, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// newPopulation fills an empty database.
func newPopulation(b *testing.B, in database, name string, tokens, services, clients int) *population {
	b.Helper()
	p := &population{Name: name, database: in}
	began := time.Now()
	if err := p.fill(tokens, services, clients); err != nil {
		b.Fatalf("fill %s: %v", name, err)
	}
	fmt.Printf("filled %s in %.0f s: %d tokens, %d clients\n", name, time.Since(began).Seconds(), 4*p.Flows, len(p.Tenants))
	return p
}

// file is an SQLite database.
type file string

func (f file) url() string      { return "sqlite:" + string(f) }
func (f file) processes() []int { return nil }

func (f file) copied(b *testing.B) (url string, drop func()) {
	b.Helper()
	to := file(filepath.Join(b.TempDir(), "copy.db"))
	in, err := os.Open(string(f))
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(string(to), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = io.Copy(out, in)
	}
	if err == nil {
		err = out.Sync() // what is not written now would be written during the measurement
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	return to.url(), func() { _ = os.Remove(string(to)) }
}

// postgres is a database in a cluster of the benchmark's own.
type postgres struct {
	server *pgtest.Server
	name   string
}

func (d postgres) url() string { return d.server.URL(d.name) }

func (d postgres) processes() []int {
	pid, err := d.server.PID()
	if err != nil {
		return nil
	}
	return children(pid)
}

func (d postgres) copied(b *testing.B) (url string, drop func()) {
	b.Helper()
	to := postgres{d.server, d.name + "_copy"}
	d.server.Exec(b, "postgres", "CREATE DATABASE "+to.name+" TEMPLATE "+d.name+" STRATEGY FILE_COPY")
	return to.url(), func() { d.server.Exec(b, "postgres", "DROP DATABASE "+to.name+" WITH (FORCE)") }
}

func (p *population) fill(tokens, services, clients int) (err error) {
	p.To = time.Now().UnixMilli()
	p.From = p.To - fillHours*3600*1000
	p.Flows, p.Services = tokens/4, services
	var clock atomic.Int64
	clock.Store(p.From)
	now := func() time.Time { return time.UnixMilli(clock.Load()) }
	ctx := context.Background()
	s, err := sqlstore.Open(ctx, p.url(), sqlstore.Options{Migrate: true, Now: now})
	if err != nil {
		return err
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	key, err := base64.StdEncoding.DecodeString(masterKey)
	if err != nil {
		return err
	}
	api, err := httpapi.New(ctx, httpapi.Options{Store: s, MasterKey: key, RootToken: rootToken, Log: slog.New(slog.DiscardHandler), Now: now})
	if err != nil {
		return err
	}
	if err := p.register(api, services, clients); err != nil {
		return err
	}
	return parallel(p.Flows, func(n int) error {
		clock.Store(p.issued(n - 4*fillers)) // the hand must not run ahead of the slowest caller
		return p.flow(ctx, s, n)
	})
}

// register makes the services and clients.
func (p *population) register(api http.Handler, services, clients int) error {
	caller := func(path string, doc any, out any) error { return callHandler(api, path, doc, out) }
	ids := make([]int64, services)
	p.Tenants = make([]*tenant, services*clients)
	if err := parallelBy(registrars, services, func(i int) (err error) {
		ids[i], err = newService(caller, map[string]any{"refreshTokenKept": false})
		return err
	}); err != nil {
		return err
	}
	return parallelBy(registrars, len(p.Tenants), func(i int) (err error) {
		p.Tenants[i], err = newClient(caller, ids[i%services])
		return err
	})
}

func callHandler(api http.Handler, path string, doc any, out any) error {
	raw, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(raw))
	r.Header.Set("Authorization", "Bearer "+rootToken)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	if w.Code >= 300 {
		return fmt.Errorf("%s: %d %s", path, w.Code, w.Body)
	}
	return json.Unmarshal(w.Body.Bytes(), out)
}

// parallel calls f for 0 … n-1 and returns the first error.
func parallel(n int, f func(i int) error) error { return parallelBy(fillers, n, f) }

func parallelBy(callers, n int, f func(i int) error) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, callers)
	for range callers {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := f(i); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

// issued is when flow n took place.
func (p *population) issued(n int) int64 {
	return p.From + int64(float64(p.To-p.From)*float64(n)/float64(p.Flows))
}

func (p *population) tenantOf(n int) *tenant { return p.Tenants[n%len(p.Tenants)] }

// handleOf is the handle of the n-th thing of a kind.
func handleOf(kind string, n int, expires int64) string {
	random := sha256.Sum256(fmt.Appendf(nil, "%s %d", kind, n))
	h, err := grant.NewHandle(bytes.NewReader(random[:]), time.UnixMilli(expires))
	if err != nil {
		panic(err) // the reader is long enough
	}
	return h
}

func (p *population) access(n int) string  { return handleOf("access", n, p.issued(n)+accessLife) }
func (p *population) refresh(n int) string { return handleOf("refresh", n, p.issued(n)+refreshLife) }

// own is the n-th token of client_credentials; there are two for each flow.
func (p *population) own(n int) string { return handleOf("own", n, p.issued(n/2)+accessLife) }

// flow stores what one code flow and two client_credentials requests leave
// behind, in the words of op/authorization and op/token.
func (p *population) flow(ctx context.Context, s store.Store, n int) error {
	t, now := p.tenantOf(n), p.issued(n)
	client := t.number()
	key := func(kind string, life int64) grant.Key { return grant.KeyOf(handleOf(kind, n, now+life)) }
	scopes := []string{"openid", "read"}
	ticket := &grant.Ticket{
		Key: key("ticket", 3600*1000), Service: t.Service, Client: client, Expires: now + 3600*1000,
		Body: grant.TicketBody{
			ClientID: t.ClientID, ResponseType: "code", ResponseMode: "query", RedirectURI: redirect, RedirectSent: true, State: "s", Nonce: "n",
			Scopes: scopes, Challenge: challenge, ChallengeMeth: "S256",
		},
	}
	g := &grant.Grant{
		Key: key("grant", codeLife), Service: t.Service, Client: client, Subject: p.subject(n), Expires: now + codeLife,
	}
	code := &grant.Code{
		Key: key("code", codeLife), Service: t.Service, Client: client, Expires: now + codeLife, Grant: g.Key,
		Body: grant.CodeBody{ClientID: t.ClientID, RedirectURI: redirect, RedirectSent: true, Scopes: scopes, Challenge: challenge, ChallengeMeth: "S256", Nonce: "n"},
	}
	token := func(kind grant.Kind, handle string, life int64, of grant.Key, body grant.TokenBody) *grant.Token {
		body.ClientID = t.ClientID
		return &grant.Token{Key: grant.KeyOf(handle), Service: t.Service, Client: client, Grant: of, Kind: kind, Created: now, Expires: now + life, Body: body}
	}
	access := token(grant.Access, p.access(n), accessLife, g.Key, grant.TokenBody{GrantType: "AUTHORIZATION_CODE", Scopes: scopes})
	refresh := token(grant.Refresh, p.refresh(n), refreshLife, g.Key, grant.TokenBody{
		GrantType: "AUTHORIZATION_CODE", Scopes: scopes, Lifetime: refreshLife / 1000, IDToken: &grant.IDTokenFacts{},
	})
	access.Pair, refresh.Pair = refresh.Key, access.Key
	const grid = 24 * 3600 * 1000 // as op/token raises grants
	if err := done(s.PutTicket(ctx, store.PutTicket{Now: now, Ticket: ticket})); err != nil {
		return err
	}
	if err := done(s.FinishAuthorization(ctx, store.FinishAuthorization{Now: now, Service: t.Service, Ticket: ticket.Key, Grant: g, Code: code})); err != nil {
		return err
	}
	if err := done(s.RedeemCode(ctx, store.RedeemCode{
		Now: now, Service: t.Service, Code: code.Key, Grant: g.Key, GrantExpires: (refresh.Expires/grid + 1) * grid,
		Tokens: []*grant.Token{access, refresh},
	})); err != nil {
		return err
	}
	for i := 2 * n; i < 2*n+2; i++ {
		own := token(grant.Access, p.own(i), accessLife, grant.ClientKey(t.Service, client), grant.TokenBody{GrantType: "CLIENT_CREDENTIALS", Scopes: scopes[1:]})
		if err := done(s.IssueToken(ctx, store.IssueToken{Now: now, Token: own})); err != nil {
			return err
		}
	}
	return nil
}

func (p *population) subject(n int) string { return fmt.Sprintf("user-%d", n/perSubject) }

func done(o store.Outcome, err error) error {
	if err == nil && o != store.Done {
		err = fmt.Errorf("outcome %d", o)
	}
	return err
}
