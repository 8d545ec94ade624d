//go:build unix

package sqlstore

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// What the upkeep of SQLite leaves behind and what it costs. Each writes a
// table of comma-separated values to the folder of -report:
//
//	go test -run - -bench Upkeep -benchtime 1x ./internal/store/sqlstore
var report = flag.String("report", "", "folder to write results to")

func keep(b *testing.B, name, text string) {
	b.Helper()
	if *report == "" {
		fmt.Print(text)
		return
	}
	if err := os.WriteFile(filepath.Join(*report, name), []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkUpkeepHand prints the curve of garbage over an hour of steady
// churn and half an hour in which a tenth happens.
func BenchmarkUpkeepHand(b *testing.B) {
	const flows = 50 // a second
	for b.Loop() {
		c := newChurn(b, "sqlite:"+filepath.Join(b.TempDir(), "db"))
		var out strings.Builder
		fmt.Fprintln(&out, "minute,garbage / live,live,garbage")
		worst := map[bool]float64{}
		for minute := range 90 {
			steady := minute < 60
			for range 60 {
				if steady {
					c.second(flows)
				} else {
					c.second(flows / 10)
				}
			}
			live, garbage := c.sum()
			ratio := float64(garbage) / float64(live)
			worst[steady] = max(worst[steady], ratio)
			fmt.Fprintf(&out, "%d,%.3f,%d,%d\n", minute+1, ratio, live, garbage)
		}
		keep(b, "hand.csv", out.String())
		fmt.Printf("garbage / live at most: %.2f while steady, %.2f after the fall\n", worst[true], worst[false])
	}
}

// BenchmarkUpkeepLog prints the size of the write-ahead log over a long run of
// writing: with readers that come and go, and with one that keeps its snapshot
// for a while, as a backup does.
func BenchmarkUpkeepLog(b *testing.B) {
	const length, held, letGo = 60 * time.Second, 20 * time.Second, 30 * time.Second
	for b.Loop() {
		path := filepath.Join(b.TempDir(), "db")
		of := &bench{b, openOne(b, "sqlite:"+path, Options{Migrate: true}), 11, 22, nil}
		stop, wait := of.load(8)
		var out strings.Builder
		fmt.Fprintln(&out, "second,log_mb")
		var snapshot func()
		most := map[bool]float64{}
		for began := time.Now(); time.Since(began) < length; time.Sleep(100 * time.Millisecond) {
			at := time.Since(began)
			switch {
			case at >= held && at < letGo && snapshot == nil:
				snapshot = holdSnapshot(b, path)
			case at >= letGo && snapshot != nil:
				snapshot()
				snapshot = func() {}
			}
			info, err := os.Stat(path + "-wal")
			if err != nil {
				b.Fatal(err)
			}
			mb := float64(info.Size()) / 1e6
			holding := at >= held && at < letGo+time.Second // and the second in which it is emptied
			most[holding] = max(most[holding], mb)
			fmt.Fprintf(&out, "%.1f,%.1f\n", at.Seconds(), mb)
		}
		stop()
		wait()
		keep(b, "log.csv", out.String())
		fmt.Printf("log at most: %.0f MB, while a reader holds its snapshot for %s: %.0f MB\n", most[false], letGo-held, most[true])
	}
}

// load writes with 64 callers and reads with some more until it is stopped.
func (b *bench) load(readers int) (stop func(), wait func()) {
	of := b.clientGrant()
	var stopped atomic.Bool
	var wg sync.WaitGroup
	var known sync.Map
	fail := func(err error) bool {
		if err != nil {
			b.Error(err)
		}
		return err != nil
	}
	for i := range benchCallers {
		wg.Go(func() {
			for !stopped.Load() {
				t := b.token(grant.Access, of)
				t.Successor = make([]byte, 1000) // the log is to grow fast
				known.Store(i, t.Key)
				if fail(b.must(b.s.IssueToken(context.Background(), store.IssueToken{Now: t.Created, Token: t}))) {
					return
				}
			}
		})
	}
	for range readers {
		wg.Go(func() {
			for !stopped.Load() {
				if k, ok := known.Load(rand.IntN(benchCallers)); ok {
					if _, _, err := b.s.Token(context.Background(), b.service, k.(grant.Key), 0); fail(err) {
						return
					}
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	return func() { stopped.Store(true) }, wg.Wait
}

// holdSnapshot opens a transaction that reads, and returns what ends it.
func holdSnapshot(b *testing.B, path string) func() {
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		b.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	var n int
	if err := tx.QueryRow(`SELECT COUNT(*) FROM settings`).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return func() { _, _ = tx.Rollback(), db.Close() }
}

// BenchmarkUpkeepPauses compares the times that callers wait for a write,
// with the clock hand and the checkpoints at work and without them. Every
// token has expired when it is inserted, so the hand removes as many rows as
// there are inserted.
func BenchmarkUpkeepPauses(b *testing.B) {
	const rounds, length, preloaded = 6, 5 * time.Second, 200_000
	for b.Loop() {
		with, without := newPauses(b, preloaded, true), newPauses(b, preloaded, false)
		var out strings.Builder
		fmt.Fprintln(&out, "upkeep,round,jobs,p50_ms,p99_ms,p999_ms,max_ms")
		best := map[*pauses]time.Duration{}
		for round := range rounds {
			for _, p := range []*pauses{with, without} {
				times := p.run(length)
				at := func(q float64) time.Duration { return times[min(len(times)-1, int(q*float64(len(times))))] }
				if best[p] == 0 || at(.99) < best[p] {
					best[p] = at(.99)
				}
				ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
				fmt.Fprintf(&out, "%v,%d,%d,%.2f,%.2f,%.2f,%.2f\n", p.upkeep, round+1, len(times), ms(at(.5)), ms(at(.99)), ms(at(.999)), ms(at(1)))
			}
		}
		keep(b, "pauses.csv", out.String())
		fmt.Printf("p99 of the least disturbed round: %v with upkeep, %v without: %.2f times\n", best[with], best[without], float64(best[with])/float64(best[without]))
	}
}

type pauses struct {
	*bench
	of     grant.Key
	d      *sqlite
	upkeep bool
}

func newPauses(b *testing.B, rows int, upkeep bool) *pauses {
	s := openOne(b, "sqlite:"+filepath.Join(b.TempDir(), "db"), Options{Migrate: true})
	p := &pauses{bench: &bench{b, s, 11, 22, nil}, d: s.(*sqlStore).dialect.(*sqlite), upkeep: upkeep}
	p.of = p.clientGrant()
	p.prepare(rows, func(int) error {
		t := p.token(grant.Access, p.of)
		return p.must(s.IssueToken(context.Background(), store.IssueToken{Now: t.Created, Token: t}))
	})
	if upkeep {
		return p
	}
	// Off: no checkpoint runs any more, and the hand has a debt that it never
	// pays.
	p.d.stop()
	p.d.checkpoints.Wait()
	p.alone(func() error {
		for t := range tableCount {
			p.d.hand.credit[t] = math.MinInt / 2
		}
		p.d.walLimit = math.MaxInt64
		return nil
	})
	return p
}

// alone runs f in the writer.
func (p *pauses) alone(f func() error) {
	if err := p.d.coldWrite(context.Background(), func(context.Context, coldQueries) error { return f() }); err != nil {
		p.Fatal(err)
	}
}

// emptyLog copies the log, so that what one round left is not measured in the
// next. It takes a connection of its own: the writer's may be in a transaction.
func (p *pauses) emptyLog() {
	db, err := openSQLiteDB(p.d.path, 1, readerBusy)
	if err != nil {
		p.Fatal(err)
	}
	defer db.Close()
	if _, done, err := walCheckpoint(context.Background(), db, "TRUNCATE"); err != nil || !done {
		p.Fatal("the log cannot be emptied: ", err)
	}
}

// run returns how long callers waited, the shortest wait first.
func (p *pauses) run(length time.Duration) (times []time.Duration) {
	// What was left behind is not measured.
	p.emptyLog()
	var mu sync.Mutex
	var wg sync.WaitGroup
	end := time.Now().Add(length)
	for range benchCallers {
		wg.Go(func() {
			var own []time.Duration
			for time.Now().Before(end) {
				t := p.token(grant.Access, p.of)
				now := time.Now()
				t.Expires = now.Add(-handGrace - time.Second).UnixMilli()
				t.Key = p.key(t.Expires)
				if err := p.must(p.s.IssueToken(context.Background(), store.IssueToken{Now: t.Expires - 1, Token: t})); err != nil {
					p.Error(err)
					return
				}
				own = append(own, time.Since(now))
			}
			mu.Lock()
			times = append(times, own...)
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(times)
	return times
}
