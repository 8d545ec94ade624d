package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// telemetryAim is how much CPU time metrics may add.
const telemetryAim = 1.05

// BenchmarkTelemetry measures what metrics and traces add: three engines on
// SQLite in turns, of which one tells nothing, one counts, and one counts and
// sends the traces of every tenth call to a collector that drops them.
func BenchmarkTelemetry(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	binary := engineBinary(b)
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	b.Cleanup(collector.Close)
	var engines []*server
	for _, e := range []struct {
		name string
		args []string
	}{
		{"nothing", nil},
		{"metrics", []string{"--metrics-addr", "127.0.0.1:0"}},
		{"metrics, traces of a tenth", []string{"--metrics-addr", "127.0.0.1:0", "--trace-endpoint", collector.URL + "/v1/traces", "--trace-ratio", "0.1"}},
	} {
		s, err := startEngine(ctx, binary, e.name, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), func() []int { return nil }, e.args...)
		if err != nil {
			b.Fatal(err)
		}
		engines = append(engines, s)
	}
	var table strings.Builder
	fmt.Fprintf(&table, "| operation | telling | CPU µs | × nothing | aim for metrics |\n|---|---|---|---|---|\n")
	for b.Loop() {
		for _, o := range operations {
			if !strings.Contains(o.name, *only) {
				continue
			}
			best := turns(b, o.name, 32, begin(b, o, engines), engines)
			for _, e := range engines {
				cpu := best[e].cpuPerOp()
				fmt.Fprintf(&table, "| %s | %s | %.1f | %.3f | ≤ %.2f |\n", o.name, e.name, cpu, cpu/best[engines[0]].cpuPerOp(), telemetryAim)
			}
		}
	}
	fmt.Println(table.String())
	writeReport(b, "telemetry.md", table.String())
}
