package sqlstore

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/pgtest"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// Some tests need another process. It is this program again.
const (
	childVerb = "SQLSTORE_TEST_CHILD"
	childURL  = "SQLSTORE_TEST_URL"
)

func TestMain(m *testing.M) {
	if verb := os.Getenv(childVerb); verb != "" {
		if err := child(verb, os.Getenv(childURL)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	pgtest.Main(m)
}

const childMarks = 300

// childMark is a mark that all processes know.
func childMark(i int) grant.Mark {
	return grant.Mark{Key: grant.KeyOf(fmt.Sprint("mark ", i)), Expires: time.Now().UnixMilli() + 3600_000}
}

// child is what the other process does; it tells of it line by line.
func child(verb, url string) error {
	ctx := context.Background()
	s, err := Open(ctx, url, Options{Migrate: true})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	tell := func(what any) {
		mu.Lock()
		fmt.Println(what)
		mu.Unlock()
	}
	failed := make(chan error, 16)
	var wg sync.WaitGroup
	for range cap(failed) {
		wg.Go(func() {
			switch verb {
			case "spend": // every mark, in an order of one's own
				for _, i := range rand.Perm(childMarks) {
					o, err := s.Spend(ctx, time.Now().UnixMilli(), []grant.Mark{childMark(i)})
					if err != nil {
						failed <- err
						return
					}
					if o == store.Done {
						tell(i)
					}
				}
			case "issue": // until killed
				for {
					t := &grant.Token{Key: grant.KeyOf(fmt.Sprint(rand.Int64())), Service: 1, Kind: grant.Access}
					if _, err := s.IssueToken(ctx, store.IssueToken{Token: t}); err != nil {
						failed <- err
						return
					}
					tell(t.Key)
				}
			}
		})
	}
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return s.Close()
	}
}

// start runs a child and returns what it tells.
func start(t *testing.T, verb, url string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), childVerb+"="+verb, childURL+"="+url)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewScanner(out)
}

// Three processes on one database, which none of them has set up: every mark
// is spent once, nobody sees an error.
func TestProcesses(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		var mu sync.Mutex
		won := make(map[string]int)
		var wg sync.WaitGroup
		for range 3 {
			c, lines := start(t, "spend", url)
			wg.Go(func() {
				for lines.Scan() {
					mu.Lock()
					won[lines.Text()]++
					mu.Unlock()
				}
				if err := c.Wait(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i, n := range won {
			if n != 1 {
				t.Errorf("mark %s was spent %d times", i, n)
			}
		}
		if len(won) != childMarks {
			t.Errorf("%d of %d marks were spent", len(won), childMarks)
		}
	})
}

// A process is killed while it writes. What it acknowledged is there, and
// single use still holds.
func TestKilledProcess(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		c, lines := start(t, "issue", url)
		acknowledged := make(map[string]bool)
		for len(acknowledged) < 1000 && lines.Scan() {
			acknowledged[lines.Text()] = true
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			if len(lines.Text()) == len(grant.Key{}.String()) {
				acknowledged[lines.Text()] = true
			}
		}
		if err := c.Wait(); err == nil {
			t.Fatal("it was not killed")
		}
		if len(acknowledged) < 1000 {
			t.Fatalf("only %d were acknowledged", len(acknowledged))
		}
		w := newWorld(t, url, Options{})
		rows, err := w.raw().Query("SELECT key FROM tokens")
		w.ok(err)
		defer rows.Close()
		for rows.Next() {
			var k grant.Key
			w.ok(rows.Scan(keyOf{&k}))
			delete(acknowledged, k.String())
		}
		w.ok(rows.Err())
		if len(acknowledged) != 0 {
			t.Fatalf("%d acknowledged tokens are gone", len(acknowledged))
		}
	})
}

// The server of the database dies under load. Callers hear of it; what was
// acknowledged is there when it is back, and the store recovers by itself.
func TestServerDies(t *testing.T) {
	server := pgtest.New(t)
	w := newWorld(t, server.Database(t), Options{})
	of := w.refresh().Grant
	var mu sync.Mutex
	acknowledged := 0
	var keys []grant.Key
	issue := func() error {
		token := w.token(grant.Access, of)
		_, err := w.issue(token)
		if err == nil {
			mu.Lock()
			acknowledged++
			keys = append(keys, token.Key)
			mu.Unlock()
		}
		return err
	}
	enough := func(n int) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			return acknowledged >= n
		}
	}
	for round := range 3 {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				for issue() == nil {
				}
			})
		}
		w.until("tokens are issued", enough(500*(round+1)))
		if server.Kill(t); round == 1 {
			server.Start(t)
			server.Stop(t)
		}
		wg.Wait() // all hear of it
		if _, _, err := w.s.Token(w.ctx, w.service, keys[0], w.now); err == nil {
			t.Fatal("a read does not hear of it")
		}
		if err := w.s.Ping(w.ctx); err == nil {
			t.Fatal("a ping does not hear of it")
		}
		server.Start(t)
		w.until("the store recovers", func() bool { return issue() == nil })
		w.until("so does Ping", func() bool { return w.s.Ping(w.ctx) == nil })
	}
	for _, k := range keys {
		got, _, err := w.s.Token(w.ctx, w.service, k, w.now)
		w.ok(err)
		if got == nil {
			t.Fatal("an acknowledged token is gone")
		}
	}
}
