package telemetry

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// TestNil: without telemetry everything works and nothing happens.
func TestNil(t *testing.T) {
	t.Parallel()
	var none *Telemetry
	ctx, call := none.Begin(t.Context(), http.Header{"Traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}})
	none.End(call, Outcome{Operation: "x", Rule: "y"})
	none.Gauge("a", "", nil)
	none.Counter("b", "", nil)
	if ctx != t.Context() {
		t.Error("the context is another")
	}
}

// TestExport: spans reach a collector, with the name of the product, and a
// caller who decided against a trace gets none.
func TestExport(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var got []byte // protocol buffers; names stand in them as they are
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s %v", r.URL, err)
		}
		mu.Lock()
		defer mu.Unlock()
		got = append(got, b...)
	}))
	t.Cleanup(server.Close)
	spans, err := Exporter(t.Context(), server.URL+"/v1/traces", 1, "v1.2.3", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	figures := New(spans)
	for _, parent := range []string{"", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"} {
		ctx, call := figures.Begin(t.Context(), http.Header{"Traceparent": {parent}})
		figures.Write(ctx, time.Now(), errors.New("no"))
		figures.End(call, Outcome{Operation: "auth/token", Status: 503})
	}
	if err := spans.Shutdown(context.Background()); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	for want, times := range map[string]int{"auth/token": 2, "store.write": 2, "service.name": 1, "v1.2.3": 1} {
		if n := bytes.Count(got, []byte(want)); n != times {
			t.Errorf("%s is there %d times, want %d", want, n, times)
		}
	}
}

// TestFailures: spans of calls and of steps that failed say so, those that
// were refused do not; failed batches are counted apart.
func TestFailures(t *testing.T) {
	t.Parallel()
	recorder := tracetest.NewSpanRecorder()
	figures := New(trace.NewTracerProvider(trace.WithSpanProcessor(recorder)))
	for _, status := range []int{200, 404, 500, 503} {
		_, call := figures.Begin(t.Context(), nil)
		figures.End(call, Outcome{Operation: strconv.Itoa(status), Status: status})
	}
	ctx, call := figures.Begin(t.Context(), nil)
	figures.Read(ctx, time.Now(), nil)
	figures.Write(ctx, time.Now(), errors.New("no"))
	figures.End(call, Outcome{Operation: "call", Status: 200})
	failed := map[string]bool{"200": false, "404": false, "500": true, "503": true, "store.read": false, "store.write": true, "call": false}
	ended := recorder.Ended()
	if len(ended) != len(failed) {
		t.Errorf("%d spans", len(ended))
	}
	for _, span := range ended {
		if (span.Status().Code == codes.Error) != failed[span.Name()] {
			t.Errorf("%s: %v", span.Name(), span.Status())
		}
	}
	figures.Batch(1, time.Second, nil)
	figures.Batch(1, time.Second, errors.New("no"))
	figures.Batch(1, time.Second, errors.New("no"))
	page := httptest.NewRecorder()
	figures.Handler().ServeHTTP(page, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{`symbolon_store_commit_seconds_count{result="committed"} 1`, `symbolon_store_commit_seconds_count{result="failed"} 2`} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "localhost:4318", "ftp://x/v1", "http://", "://"} {
		if _, err := Exporter(t.Context(), bad, 1, "", slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// BenchmarkCall is what telemetry adds to one call.
func BenchmarkCall(b *testing.B) {
	figures := New(nil)
	for b.Loop() {
		ctx, call := figures.Begin(b.Context(), nil)
		figures.Read(ctx, call.began, nil)
		figures.Write(ctx, call.began, nil)
		figures.End(call, Outcome{Operation: "auth/token", Status: 200, Action: "OK"})
	}
}
