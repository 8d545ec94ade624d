package bench

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/pgtest"
)

// The aims: what an operation costs with the last population, as a multiple
// of what it costs with the first.
const (
	tokenGrowth   = 1.25
	serviceGrowth = 1.10
	readyWithin   = 300 * time.Millisecond
)

const growthConns = 32

// BenchmarkGrowth measures the same operations with few and with many tokens,
// and with one service and a thousand; run it with -benchtime 1x.
func BenchmarkGrowth(b *testing.B) {
	folder := dataFolder(b)
	for b.Loop() {
		b.Run("tokens", func(b *testing.B) { compare(b, "growth-tokens", "tokens", tokenGrowth, tokenPopulations(b, folder)) })
		b.Run("services", func(b *testing.B) {
			compare(b, "growth-services", "services", serviceGrowth, servicePopulations(b, folder))
		})
	}
}

// BenchmarkGrowthPostgreSQL measures them with few and with many tokens on
// PostgreSQL. Its databases are not kept: filling is part of each run.
func BenchmarkGrowthPostgreSQL(b *testing.B) {
	for b.Loop() {
		server := pgtest.New(b, "shared_buffers=1GB", "max_wal_size=4GB")
		var list []*population
		for _, n := range tokenCounts(b) {
			in := postgres{server, fmt.Sprintf("tokens%d", n)}
			server.Exec(b, "postgres", "CREATE DATABASE "+in.name)
			list = append(list, newPopulation(b, in, in.name, n, 1, 10))
			server.Exec(b, in.name, "VACUUM ANALYZE") // as autovacuum would have, in a day
			server.Exec(b, in.name, "CHECKPOINT")
		}
		compare(b, "growth-postgresql", "tokens", tokenGrowth, list)
	}
}

func dataFolder(b *testing.B) string {
	if *data == "" {
		return b.TempDir()
	}
	if err := os.MkdirAll(*data, 0o755); err != nil {
		b.Fatal(err)
	}
	return *data
}

// tokenPopulations are those that -tokens asks for, the smallest first, with
// one service of ten clients.
func tokenPopulations(b *testing.B, folder string) (list []*population) {
	for _, n := range tokenCounts(b) {
		list = append(list, populationOf(b, folder, n, 1, 10))
	}
	return list
}

func tokenCounts(b *testing.B) (list []int) {
	for _, text := range strings.Split(*tokens, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		list = append(list, n)
	}
	return list
}

func servicePopulations(b *testing.B, folder string) []*population {
	return []*population{populationOf(b, folder, 100_000, 1, 100), populationOf(b, folder, 100_000, *services, 100)}
}

// storedOperation works on what a population holds.
type storedOperation struct {
	name  string
	start func(p *population) func(*conn) (func() error, error)
	most  int // seconds of a round, since it uses up what is stored; 0: any
}

var storedOperations = []storedOperation{
	{"token, opaque", func(p *population) func(*conn) (func() error, error) {
		return repeat(func(c *conn) error {
			_, err := p.anyTenant().token(c, "grant_type=client_credentials&scope=read")
			return err
		})
	}, 0},
	{"introspection", func(p *population) func(*conn) (func() error, error) {
		return repeat(func(c *conn) error {
			n := rand.IntN(2 * p.Flows)
			text, t := p.own(n), p.tenantOf(n/2)
			if rand.IntN(2) == 0 {
				n %= p.Flows
				text, t = p.access(n), p.tenantOf(n)
			}
			_, err := t.do(c, "auth/introspection", map[string]any{"token": text})
			return err
		})
	}, 0},
	{"code flow", func(p *population) func(*conn) (func() error, error) {
		return repeat(func(c *conn) error { _, err := p.anyTenant().codeFlow(c); return err })
	}, 0},
	{"refresh, rotated", refreshStored, 0},
	{"revocation", revokeStored, 2},
}

func (p *population) anyTenant() *tenant { return p.Tenants[rand.IntN(len(p.Tenants))] }

// refreshStored refreshes refresh tokens at random. Each worker has its own
// part of them, and remembers what became of those that it refreshed.
func refreshStored(p *population) func(*conn) (func() error, error) {
	var workers atomic.Int64
	successors := make([]sync.Map, growthConns) // outlives the connections of one round
	return func(c *conn) (func() error, error) {
		me := int(workers.Add(1)-1) % growthConns
		return func() error {
			n := rand.IntN(p.Flows/growthConns)*growthConns + me
			handle := p.refresh(n)
			if s, ok := successors[me].Load(n); ok {
				handle = s.(string)
			}
			a, err := p.tenantOf(n).token(c, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {handle}}.Encode())
			if err == nil {
				successors[me].Store(n, a["refreshToken"].(string))
			}
			return err
		}, nil
	}
}

// revokeStored revokes access tokens, each once: in turn one of a code flow,
// which revokes its grant, and two of client_credentials, which are deleted.
func revokeStored(p *population) func(*conn) (func() error, error) {
	var next atomic.Int64
	const stride = 7919 // prime, so that all are met, in no order
	return repeat(func(c *conn) error {
		i := int(next.Add(1) - 1)
		n := i / 3 * stride % p.Flows
		if i/3 >= p.Flows {
			return fmt.Errorf("all of %d tokens are revoked; take shorter rounds", i)
		}
		text := p.access(n)
		if i%3 > 0 {
			text = p.own(2*n + i%3 - 1)
		}
		return p.tenantOf(n).revoke(c, text)
	})
}

func (t *tenant) revoke(c *conn, text string) error {
	_, err := t.do(c, "auth/revocation", map[string]any{"parameters": "token=" + text, "clientId": t.ClientID, "clientSecret": t.Secret})
	return err
}

// compare measures all operations on engines on fresh copies of the
// populations, in turns. It shows the round of least CPU time of each, and the
// median, over the rounds, of what it took compared with the first in the same
// round: a machine may be fast in one minute and slow in the next.
func compare(b *testing.B, name, what string, aim float64, populations []*population) {
	binary := engineBinary(b)
	var table, raw strings.Builder
	fmt.Fprintf(&table, "| operation | %s | CPU µs | × the first | aim | per second | p50 ms | p99 ms | RSS MB |\n|---|---|---|---|---|---|---|---|---|\n", what)
	fmt.Fprintf(&raw, "operation,%s,round,cpu_us,p50_ms,p99_ms\n", what)
	ratios := make([]strings.Builder, len(populations)) // one line of the curve for each
	for _, o := range storedOperations {
		if !strings.Contains(o.name, *only) {
			continue
		}
		all, memory := compareOne(b, &raw, what, binary, o, populations)
		for i, p := range populations {
			f, times := slices.MinFunc(all[i], func(x, y figures) int { return cmp.Compare(x.cpuPerOp(), y.cpuPerOp()) }), median(all[i], all[0])
			fmt.Fprintf(&ratios[i], ",%.3f", times)
			limit := ""
			if i > 0 {
				limit = fmt.Sprintf("≤ %.2f", aim)
			}
			fmt.Fprintf(&table, "| %s | %d | %.0f | %.2f | %s | %.0f | %.2f | %.2f | %d |\n", o.name, p.size(what), f.cpuPerOp(),
				times, limit, float64(f.ops)/f.elapsed.Seconds(), millis(f.p50), millis(f.p99), memory[i])
		}
	}
	fmt.Println(table.String())
	curve := what
	for _, o := range storedOperations {
		curve += fmt.Sprintf(",%q", o.name)
	}
	for i, p := range populations {
		curve += fmt.Sprintf("\n%d%s", p.size(what), ratios[i].String())
	}
	writeReport(b, name+".csv", curve+"\n")
	writeReport(b, name+"-rounds.csv", raw.String())
	writeReport(b, name+".md", table.String())
}

func (p *population) size(what string) int {
	if what == "services" {
		return p.Services
	}
	return 4 * p.Flows
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// median is that of the ratios of CPU times, round by round.
func median(all, first []figures) float64 {
	var ratios []float64
	for round := range all {
		ratios = append(ratios, all[round].cpuPerOp()/first[round].cpuPerOp())
	}
	slices.Sort(ratios)
	n := len(ratios)
	return (ratios[(n-1)/2] + ratios[n/2]) / 2
}

// compareOne returns the rounds of one operation, by population.
func compareOne(b *testing.B, raw *strings.Builder, what, binary string, o storedOperation, populations []*population) (all [][]figures, memory []int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	all, memory = make([][]figures, len(populations)), make([]int, len(populations))
	engines := make([]*server, len(populations))
	starts := make([]func(*conn) (func() error, error), len(populations))
	for i, p := range populations {
		url, drop := p.copied(b)
		defer drop()
		var err error
		if engines[i], err = startEngine(ctx, binary, p.Name, url, p.processes); err != nil {
			b.Fatal(err)
		}
		defer engines[i].stop(syscall.SIGTERM)
		if err := p.meetClients(engines[i].addr); err != nil {
			b.Fatal(err)
		}
		starts[i] = o.start(p)
	}
	length := *seconds
	if o.most > 0 {
		length = min(length, o.most)
	}
	for round := range *rounds {
		for n := range engines {
			i := n
			if round%2 == 1 { // nobody always follows the same one
				i = len(engines) - 1 - n
			}
			e := engines[i]
			time.Sleep(500 * time.Millisecond) // for the checkpoint of the one before
			f, err := run(e, growthConns, time.Second, time.Duration(length)*time.Second, starts[i])
			if err != nil {
				b.Fatalf("%s, %s: %v", o.name, e.name, err)
			}
			fmt.Fprintf(raw, "%q,%d,%d,%.1f,%.2f,%.2f\n", o.name, populations[i].size(what), round+1, f.cpuPerOp(), millis(f.p50), millis(f.p99))
			all[i] = append(all[i], f)
			memory[i] = e.memory()
		}
	}
	return all, memory
}

// meetClients lets every client authenticate once: what is measured is an
// engine that knows them. It commits nothing.
func (p *population) meetClients(addr string) error {
	var next atomic.Int64
	return parallelBy(growthConns, growthConns, func(int) error {
		c, err := dial(addr)
		if err != nil {
			return err
		}
		defer c.c.Close()
		for i := int(next.Add(1)) - 1; i < len(p.Tenants); i = int(next.Add(1)) - 1 {
			if err := p.Tenants[i].revoke(c, "unknown"); err != nil {
				return err
			}
		}
		return nil
	})
}

// BenchmarkRestart measures the time from the start of the process to the
// first healthcheck that says yes: after an orderly end, and after a kill
// under load, which leaves a write-ahead log to recover.
func BenchmarkRestart(b *testing.B) {
	folder := dataFolder(b)
	binary := engineBinary(b)
	for b.Loop() {
		var table strings.Builder
		fmt.Fprintf(&table, "| tokens | services | clients | after | least ms | most ms | CPU ms | log MB | aim |\n|---|---|---|---|---|---|---|---|---|\n")
		for _, p := range append(tokenPopulations(b, folder), servicePopulations(b, folder)...) {
			url, drop := p.copied(b)
			for _, how := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
				least, most, cpu, log := restart(b, binary, url, p, how)
				after := map[syscall.Signal]string{syscall.SIGTERM: "an orderly end", syscall.SIGKILL: "a kill under load"}[how]
				fmt.Fprintf(&table, "| %d | %d | %d | %s | %.0f | %.0f | %.0f | %.1f | ≤ %d |\n", 4*p.Flows, p.Services, len(p.Tenants), after,
					millis(least), millis(most), millis(cpu), float64(log)/1e6, readyWithin.Milliseconds())
			}
			drop()
		}
		fmt.Println(table.String())
		writeReport(b, "restart.md", table.String())
	}
}

const restarts = 5

// restart starts an engine several times. cpu is the least processor time that
// a start took: on a busy machine it tells more than the clock.
func restart(b *testing.B, binary, url string, p *population, how syscall.Signal) (least, most, cpu time.Duration, log int64) {
	for range restarts {
		if info, err := os.Stat(strings.TrimPrefix(url, "sqlite:") + "-wal"); err == nil {
			log = max(log, info.Size())
		}
		began := time.Now()
		e, err := startEngine(context.Background(), binary, p.Name, url, p.processes)
		if err != nil {
			b.Fatal(err)
		}
		took := time.Since(began)
		if used := e.cpu(); cpu == 0 || used < cpu {
			cpu = used
		}
		if most = max(most, took); least == 0 || took < least {
			least = took
		}
		if how == syscall.SIGKILL {
			timer := time.AfterFunc(2*time.Second, func() { e.stop(how) })
			_, _ = run(e, growthConns, 0, 4*time.Second, storedOperations[2].start(p)) // it ends by the kill
			timer.Stop()
		}
		e.stop(how)
	}
	return least, most, cpu, log
}

// memory is the resident memory of the process in MB.
func (s *server) memory() int {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(raw, []byte("RssAnon:")) // without the mapped file
	n, _ := strconv.Atoi(string(bytes.Fields(rest)[0]))
	return n / 1024
}
