//go:build unix

package sqlstore

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/pgtest"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// What the hot verbs cost with 64 callers, durably: processor time of this
// process (callers included) and of the database's server.
//
//	go test -run - -bench . -benchtime 3s

const benchCallers = 64

func BenchmarkIssueToken(b *testing.B)  { onBoth(b, benchIssue) }
func BenchmarkRedeemCode(b *testing.B)  { onBoth(b, benchRedeem) }
func BenchmarkRotate(b *testing.B)      { onBoth(b, benchRotate) }
func BenchmarkPutTicket(b *testing.B)   { onBoth(b, benchTicket) }
func BenchmarkReadToken(b *testing.B)   { onBoth(b, benchRead) }
func BenchmarkReadUnknown(b *testing.B) { onBoth(b, benchUnknown) }

type bench struct {
	*testing.B
	s       store.Store
	service int64
	client  int64
	server  func() time.Duration // processor time of the database's server
}

func onBoth(b *testing.B, f func(*bench)) {
	b.Run("SQLite", func(b *testing.B) {
		s := openOne(b, "sqlite:"+filepath.Join(b.TempDir(), "db"), Options{Migrate: true})
		f(&bench{b, s, 11, 22, func() time.Duration { return 0 }})
	})
	b.Run("PostgreSQL", func(b *testing.B) {
		server := pgtest.New(b, "shared_buffers=1GB", "max_wal_size=4GB")
		s := openOne(b, server.Database(b), Options{Migrate: true})
		pid, err := server.PID()
		if err != nil {
			b.Fatal(err)
		}
		f(&bench{b, s, 11, 22, func() time.Duration { return serverTime(b, pid) }})
	})
}

// measure runs f b.N times from 64 goroutines and reports processor time.
func (b *bench) measure(f func(i int) error) {
	b.Helper()
	b.ReportAllocs()
	var next atomic.Int64
	b.SetParallelism(max(1, benchCallers/parallel()))
	own, server := ownTime(), b.server()
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if err := f(int(next.Add(1) - 1)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	perOp := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(b.N) }
	b.ReportMetric(perOp(ownTime()-own), "cpu-µs/op")
	if used := b.server() - server; used > 0 {
		b.ReportMetric(perOp(used), "server-µs/op")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s")
}

func parallel() int {
	n, err := strconv.Atoi(os.Getenv("GOMAXPROCS"))
	if err != nil || n < 1 {
		return 2
	}
	return n
}

func (b *bench) key(ms int64) grant.Key {
	handle, err := grant.NewHandle(rand.Reader, time.UnixMilli(ms))
	if err != nil {
		b.Fatal(err)
	}
	return grant.KeyOf(handle)
}

func (b *bench) token(kind grant.Kind, of grant.Key) *grant.Token {
	now := time.Now().UnixMilli()
	return &grant.Token{
		Key: b.key(now + 3600_000), Service: b.service, Client: b.client, Grant: of, Kind: kind,
		Created: now, Expires: now + 3600_000,
		Body: grant.TokenBody{
			ClientID: "https://client.example.com/metadata", GrantType: "client_credentials",
			Scopes: []string{"openid", "profile", "payments:read", "payments:write"}, JKT: rand.Text() + rand.Text(),
			Properties: []grant.Property{{Key: "tenant", Value: "a-tenant-of-some-length"}},
		},
	}
}

func (b *bench) mark() grant.Mark {
	return grant.Mark{Key: grant.MarkKey("bench", b.service, rand.Text()), Expires: time.Now().UnixMilli() + 60_000}
}

func (b *bench) must(o store.Outcome, err error) error {
	if err == nil && o != store.Done {
		err = fmt.Errorf("outcome %d", o)
	}
	return err
}

func benchIssue(b *bench) {
	of := b.clientGrant()
	b.measure(func(int) error {
		return b.must(b.s.IssueToken(context.Background(), store.IssueToken{
			Now: time.Now().UnixMilli(), Token: b.token(grant.Access, of),
		}))
	})
}

func (b *bench) clientGrant() grant.Key {
	if _, err := b.s.PutService(context.Background(), store.ServiceRow{ID: b.service}); err != nil {
		b.Fatal(err)
	}
	if _, err := b.s.PutClient(context.Background(), store.ClientRow{ID: b.client, Service: b.service}); err != nil {
		b.Fatal(err)
	}
	return grant.ClientKey(b.service, b.client)
}

func benchTicket(b *bench) {
	b.measure(func(int) error { _, err := b.putTicket(); return err })
}

func (b *bench) putTicket() (*grant.Ticket, error) {
	now := time.Now().UnixMilli()
	t := &grant.Ticket{
		Key: b.key(now + 3600_000), Service: b.service, Client: b.client, Expires: now + 3600_000,
		Body: grant.TicketBody{
			ClientID: "22", ResponseType: "code", ResponseMode: "query", RedirectURI: "https://client.example.com/callback",
			State: rand.Text(), Nonce: rand.Text(), Scopes: []string{"openid", "profile"}, Challenge: rand.Text() + rand.Text(),
			ChallengeMeth: "S256",
		},
	}
	return t, b.must(b.s.PutTicket(context.Background(), store.PutTicket{Now: now, Ticket: t}))
}

func (b *bench) authorize() (*grant.Code, error) {
	t, err := b.putTicket()
	if err != nil {
		return nil, err
	}
	now := time.Now().UnixMilli()
	g := &grant.Grant{
		Key: b.key(now + 7200_000), Service: b.service, Client: b.client, Subject: "john", Expires: now + 7200_000,
		Body: grant.Body{AuthTime: now / 1000, ACR: "urn:example:acr"},
	}
	c := &grant.Code{
		Key: b.key(now + 600_000), Service: b.service, Client: b.client, Expires: now + 600_000, Grant: g.Key,
		Body: grant.CodeBody{
			ClientID: "22", RedirectURI: "https://client.example.com/callback", Scopes: []string{"openid", "profile"},
			Challenge: rand.Text() + rand.Text(), ChallengeMeth: "S256", Nonce: rand.Text(),
		},
	}
	return c, b.must(b.s.FinishAuthorization(context.Background(), store.FinishAuthorization{
		Now: now, Service: b.service, Ticket: t.Key, Grant: g, Code: c,
	}))
}

// benchRedeem redeems codes as FAPI does: two marks, two tokens.
func benchRedeem(b *bench) {
	codes := make([]*grant.Code, b.N)
	b.prepare(b.N, func(i int) (err error) { codes[i], err = b.authorize(); return err })
	b.measure(func(i int) error {
		c := codes[i]
		now := time.Now().UnixMilli()
		return b.must(b.s.RedeemCode(context.Background(), store.RedeemCode{
			Now: now, Marks: []grant.Mark{b.mark(), b.mark()}, Service: b.service, Code: c.Key, Grant: c.Grant,
			GrantExpires: now + 7300_000, Tokens: []*grant.Token{b.token(grant.Access, c.Grant), b.token(grant.Refresh, c.Grant)},
		}))
	})
}

// prepare calls f n times from many goroutines.
func (b *bench) prepare(n int, f func(i int) error) {
	b.Helper()
	var next atomic.Int64
	errs := make(chan error, benchCallers)
	for range benchCallers {
		go func() {
			for {
				i := int(next.Add(1) - 1)
				if i >= n {
					errs <- nil
					return
				}
				if err := f(i); err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	for range benchCallers {
		if err := <-errs; err != nil {
			b.Fatal(err)
		}
	}
}

func benchRotate(b *bench) {
	of := b.clientGrant()
	refresh := make([]*grant.Token, b.N)
	b.prepare(b.N, func(i int) error {
		refresh[i] = b.token(grant.Refresh, of)
		return b.must(b.s.IssueToken(context.Background(), store.IssueToken{Now: refresh[i].Created, Token: refresh[i]}))
	})
	b.measure(func(i int) error {
		return b.must(b.s.Rotate(context.Background(), store.Rotate{
			Now: time.Now().UnixMilli(), Marks: []grant.Mark{b.mark()}, Service: b.service, Refresh: refresh[i].Key,
			LostRevokes: true, Grant: of, Tokens: []*grant.Token{b.token(grant.Access, of), b.token(grant.Refresh, of)},
		}))
	})
}

const benchRows = 100_000

func benchRead(b *bench) {
	of := b.clientGrant()
	keys := make([]grant.Key, benchRows)
	b.prepare(benchRows, func(i int) error {
		t := b.token(grant.Access, of)
		keys[i] = t.Key
		return b.must(b.s.IssueToken(context.Background(), store.IssueToken{Now: t.Created, Token: t}))
	})
	now := time.Now().UnixMilli()
	b.measure(func(i int) error {
		t, g, err := b.s.Token(context.Background(), b.service, keys[(i*7919)%benchRows], now)
		if err == nil && (t == nil || g == nil) {
			err = fmt.Errorf("no token")
		}
		return err
	})
}

func benchUnknown(b *bench) {
	now := time.Now().UnixMilli()
	b.measure(func(int) error {
		_, _, err := b.s.Token(context.Background(), b.service, b.key(now), now)
		return err
	})
}

func ownTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// serverTime sums the processor time of a server and all processes it has or
// had (Linux; elsewhere it is 0).
func serverTime(b *testing.B, pid int) time.Duration {
	const tick = 10 * time.Millisecond
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		b.Fatal(err)
	}
	var ticks int64
	for _, file := range all {
		raw, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		at := strings.LastIndexByte(string(raw), ')') // the name may hold anything
		id, _, _ := strings.Cut(string(raw), " ")
		f := strings.Fields(string(raw[at+1:])) // from the third field on
		number := func(i int) int64 { n, _ := strconv.ParseInt(f[i-3], 10, 64); return n }
		switch strconv.Itoa(pid) {
		case id:
			ticks += number(14) + number(15) + number(16) + number(17)
		case f[1]:
			ticks += number(14) + number(15)
		}
	}
	return time.Duration(ticks) * tick
}
