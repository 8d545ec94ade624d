//go:build suite

package suite

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/pgtest"
)

const (
	kills   = 20
	workers = 16
	between = 400 * time.Millisecond // of load before each kill
)

// entry is a line of the log of acknowledgements. An intent is written before
// a request that ends the life of a token; until it is acknowledged nobody
// can say whether the token lives.
type entry struct {
	Kind  string `json:"k"` // "lives", "intent", "dead", "redeemed"
	Value string `json:"v"`
}

// ledger is a log that is on disk before the next request is made.
type ledger struct {
	mu sync.Mutex
	f  *os.File
}

func (l *ledger) write(t *testing.T, entries ...entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range entries {
		b, err := json.Marshal(e)
		if err != nil {
			t.Error(err)
		}
		if _, err := l.f.Write(append(b, '\n')); err != nil {
			t.Error(err)
		}
	}
	if err := l.f.Sync(); err != nil {
		t.Error(err)
	}
}

// load works until ctx ends. Clients never retry.
func load(ctx context.Context, t *testing.T, c *enginetest.Client, l *ledger) {
	post := func(op string, d doc) *enginetest.Answer {
		if ctx.Err() != nil {
			return nil
		}
		a := c.Do(op, d)
		switch a.Status {
		case http.StatusOK:
			return a
		case http.StatusBadGateway, http.StatusServiceUnavailable:
		default:
			t.Errorf("%s: %d %s", op, a.Status, a.Body)
		}
		return nil
	}
	for n := 0; ctx.Err() == nil; n++ {
		if a := post("auth/token", c.Auth("grant_type=client_credentials", nil)); a != nil {
			l.write(t, entry{"lives", a.Text("accessToken")})
			if n%3 == 0 {
				l.write(t, entry{"intent", a.Text("accessToken")})
				if post("auth/revocation", c.Auth("token="+a.Text("accessToken"), nil)) != nil {
					l.write(t, entry{"dead", a.Text("accessToken")})
				}
			}
		}
		flow(t, c, l, post, n)
	}
}

// flow is a code flow with a refresh.
func flow(t *testing.T, c *enginetest.Client, l *ledger, post func(string, doc) *enginetest.Answer, n int) {
	auth := post("auth/authorization", doc{"parameters": c.Request()})
	if auth == nil {
		return
	}
	issued := post("auth/authorization/issue", doc{"ticket": auth.Text("ticket"), "subject": fmt.Sprint(n)})
	if issued == nil {
		return
	}
	code := issued.Text("authorizationCode")
	tok := post("auth/token", c.Auth(enginetest.Form("grant_type", "authorization_code", "code", code,
		"redirect_uri", enginetest.Redirect, "code_verifier", enginetest.Verifier), nil))
	if tok == nil {
		return
	}
	if tok.Text("action") != "OK" {
		t.Errorf("a fresh code: %s", tok.Body)
		return
	}
	l.write(t, entry{"redeemed", code}, entry{"lives", tok.Text("accessToken")})
	l.write(t, entry{"intent", tok.Text("accessToken")})
	again := post("auth/token", c.Auth(enginetest.Form("grant_type", "refresh_token", "refresh_token", tok.Text("refreshToken")), nil))
	if again == nil {
		return
	}
	if again.Text("action") != "OK" {
		t.Errorf("a fresh refresh token: %s", again.Body)
		return
	}
	l.write(t, entry{"dead", tok.Text("accessToken")}, entry{"lives", again.Text("accessToken")})
}

// verify reads the ledger and holds every line against the engine.
func verify(t *testing.T, c *enginetest.Client, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	state := map[string]string{}
	var codes []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		if e.Kind == "redeemed" {
			codes = append(codes, e.Value)
			continue
		}
		state[e.Value] = e.Kind
	}
	counted := map[string]int{}
	for token, s := range state {
		counted[s]++
		active := c.Active(token)
		if s == "lives" && !active {
			t.Errorf("an acknowledged token is not active: %s", token)
		}
		if s == "dead" && active {
			t.Errorf("an acknowledged revocation does not hold: %s", token)
		}
	}
	if counted["lives"] == 0 || counted["dead"] == 0 || len(codes) == 0 {
		t.Errorf("the load did nothing: %v, %d codes", counted, len(codes))
	}
	t.Logf("acknowledged: %d tokens that live, %d that were ended, %d codes; %d unknown", counted["lives"], counted["dead"], len(codes), counted["intent"])
	// Redeeming again revokes, so this comes last.
	for _, code := range codes[max(0, len(codes)-200):] {
		if a := c.Redeem(code, nil); a.Text("action") == "OK" {
			t.Errorf("a code was redeemed twice: %s", code)
		}
	}
}

// noHalfGrants looks into the database: a code that is consumed has left
// tokens, and every token has its grant.
func noHalfGrants(t *testing.T, url string) {
	t.Helper()
	driver, source := "pgx", url
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, source = "sqlite", "file:"+path+"?mode=ro"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for what, query := range map[string]string{
		"consumed codes without tokens": `SELECT count(*) FROM codes c WHERE c.consumed <> 0 AND NOT EXISTS (SELECT 1 FROM tokens t WHERE t.grant_key = c.grant_key)`,
		"tokens without a grant":        `SELECT count(*) FROM tokens t WHERE NOT EXISTS (SELECT 1 FROM grants g WHERE g.key = t.grant_key)`,
		"codes without a grant":         `SELECT count(*) FROM codes c WHERE NOT EXISTS (SELECT 1 FROM grants g WHERE g.key = c.grant_key)`,
	} {
		var n int
		if err := db.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

// underLoad kills again and again while clients work, and verifies what was
// acknowledged.
func underLoad(t *testing.T, url string, p *process, kill func()) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "acknowledged")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	l := &ledger{f: f}
	c := p.engine().NewService(enginetest.With(enginetest.BaseService(), doc{"jwksUri": "https://as.example/jwks"})).NewClient(enginetest.BaseClient())
	for range kills {
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() { load(ctx, t, c, l) })
		}
		time.Sleep(between)
		kill()
		cancel()
		wg.Wait()
		p.ready()
		if t.Failed() {
			t.FailNow()
		}
	}
	verify(t, c, path)
	noHalfGrants(t, url)
}

// TestKilledEngine: kill -9 of the engine under load, twenty times.
func TestKilledEngine(t *testing.T) {
	url := enginetest.URL(t)
	p := start(t, url)
	underLoad(t, url, p, func() {
		p.kill()
		p.run()
	})
}

// TestKilledDatabase: kill -9 of the database under load, twenty times; the
// engine is not restarted. An embedded database dies with its engine, so it
// is another engine on the same file that is killed there.
func TestKilledDatabase(t *testing.T) {
	if os.Getenv("SYMBOLON_TEST_DATABASE") != "postgres" {
		url := enginetest.URL(t)
		p, other := start(t, url), start(t, url)
		c := other.engine().NewService(enginetest.BaseService()).NewClient(enginetest.BaseClient())
		underLoad(t, url, p, func() {
			ctx, cancel := context.WithCancel(context.Background())
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					for ctx.Err() == nil {
						c.Token("grant_type=client_credentials", nil)
					}
				})
			}
			time.Sleep(between / 4)
			other.kill()
			cancel()
			wg.Wait()
			other.run()
		})
		return
	}
	pg := pgtest.New(t, "fsync=on")
	url := pg.Database(t)
	p := start(t, url)
	underLoad(t, url, p, func() {
		pg.Kill(t)
		pg.Start(t)
	})
}
