package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
)

// BenchmarkStored measures verbs of the store itself, with few and with many
// tokens: reading a token at random, and revoking all grants of a client,
// which is the one verb that lists (page by page, by the index of clients).
func BenchmarkStored(b *testing.B) {
	folder := dataFolder(b)
	const reads = 200_000
	for b.Loop() {
		var table strings.Builder
		fmt.Fprintf(&table, "| tokens | read of a token, CPU µs | grants of the client | revoking them: per page, CPU µs | per grant, CPU µs |\n|---|---|---|---|---|\n")
		for _, p := range tokenPopulations(b, folder) {
			url, drop := p.copied(b)
			s, err := sqlstore.Open(context.Background(), url, sqlstore.Options{})
			if err != nil {
				b.Fatal(err)
			}
			now := time.Now().UnixMilli()
			read := func(int) error {
				n := rand.IntN(p.Flows)
				t, _, err := s.Token(context.Background(), p.tenantOf(n).Service, grant.KeyOf(p.access(n)), now)
				if err == nil && t == nil {
					err = fmt.Errorf("no token %d", n)
				}
				return err
			}
			var reading, revoking time.Duration
			err = parallel(reads, read) // once to warm up
			if err == nil {
				reading, err = spent(func() error { return parallel(reads, read) })
			}
			t := p.Tenants[0]
			grants := (p.Flows + len(p.Tenants) - 1) / len(p.Tenants)
			if err == nil {
				revoking, err = spent(func() error { return s.RevokeClient(context.Background(), t.Service, t.number()) })
			}
			if err != nil {
				b.Fatal(err)
			}
			const page = 256
			pages := (grants + page) / page // the client's own grant is one more
			fmt.Fprintf(&table, "| %d | %.1f | %d | %.0f | %.1f |\n", 4*p.Flows, float64(reading.Microseconds())/reads, grants,
				float64(revoking.Microseconds())/float64(pages), float64(revoking.Microseconds())/float64(grants))
			_ = s.Close()
			drop()
		}
		fmt.Println(table.String())
		writeReport(b, "stored.md", table.String())
	}
}

// spent returns the processor time that this process uses for f.
func spent(f func() error) (time.Duration, error) {
	own := func() time.Duration {
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := own()
	err := f()
	return own() - before, err
}
