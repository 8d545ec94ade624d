package telemetry

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/symbolon-auth/symbolon/internal/store"
)

// Telemetry collects what an engine does. Its methods may be called from
// several goroutines, and on nil.
type Telemetry struct {
	registry *prometheus.Registry
	tracer   trace.Tracer // nil: no traces

	calls    *prometheus.CounterVec
	refusals *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	batches  prometheus.Histogram
	commits  *prometheus.HistogramVec
}

var _ store.Observer = (*Telemetry)(nil)

// durations are the bounds of what calls and commits take, in seconds.
var durations = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}

// New collects metrics and, where spans is not nil, makes traces.
func New(spans trace.TracerProvider) *Telemetry {
	t := &Telemetry{
		registry: prometheus.NewRegistry(),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "symbolon_api_calls_total", Help: "Calls of the Web API by operation, HTTP status and the action of the answer.",
		}, []string{"operation", "status", "action"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "symbolon_api_refusals_total", Help: "Answers that refuse what an OAuth client asked for, by operation and rule.",
		}, []string{"operation", "rule"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "symbolon_api_call_seconds", Help: "Time from a call of the Web API to its answer.", Buckets: durations,
		}, []string{"operation"}),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "symbolon_store_batch_jobs", Help: "Writes that shared a transaction.", Buckets: prometheus.ExponentialBuckets(1, 2, 9),
		}),
		commits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "symbolon_store_commit_seconds", Help: "Time of a transaction of writes, with its commit.", Buckets: durations,
		}, []string{"result"}),
	}
	if spans != nil {
		t.tracer = spans.Tracer("github.com/symbolon-auth/symbolon")
	}
	t.registry.MustRegister(t.calls, t.refusals, t.seconds, t.batches, t.commits,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return t
}

// Gauge adds a figure that is asked for at every scrape and may go down.
func (t *Telemetry) Gauge(name, help string, read func() float64) {
	if t != nil {
		t.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
}

// Counter adds a figure that is asked for at every scrape and only grows.
func (t *Telemetry) Counter(name, help string, read func() float64) {
	if t != nil {
		t.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, read))
	}
}

// Handler serves the metrics.
func (t *Telemetry) Handler() http.Handler {
	return promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Call is a call of the Web API that has begun.
type Call struct {
	began time.Time
	span  trace.Span // nil: no traces
}

// Outcome is how a call ended.
type Outcome struct {
	Operation string // "auth/token"; "" where the path names none
	Status    int    // of HTTP
	Action    string // "" where the answer has none
	Rule      string // that refused, or ""
	Service   int64  // 0: none
	RequestID string
}

var traceContext propagation.TraceContext

// Begin starts the clock of a call and, with traces, its span: below the
// caller's, where the header traceparent tells one.
func (t *Telemetry) Begin(ctx context.Context, h http.Header) (context.Context, Call) {
	if t == nil {
		return ctx, Call{}
	}
	c := Call{began: time.Now()}
	if t.tracer != nil {
		ctx = traceContext.Extract(ctx, propagation.HeaderCarrier(h))
		ctx, c.span = t.tracer.Start(ctx, "call", trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(c.began))
	}
	return ctx, c
}

// End counts a call.
func (t *Telemetry) End(c Call, o Outcome) {
	if t == nil {
		return
	}
	if o.Operation == "" {
		o.Operation = "none"
	}
	status := strconv.Itoa(o.Status)
	t.calls.WithLabelValues(o.Operation, status, o.Action).Inc()
	t.seconds.WithLabelValues(o.Operation).Observe(time.Since(c.began).Seconds())
	if o.Rule != "" {
		t.refusals.WithLabelValues(o.Operation, o.Rule).Inc()
	}
	if c.span == nil {
		return
	}
	if c.span.IsRecording() {
		c.span.SetName(o.Operation)
		c.span.SetAttributes(
			attribute.Int("http.response.status_code", o.Status), attribute.String("symbolon.action", o.Action),
			attribute.String("symbolon.rule", o.Rule), attribute.Int64("symbolon.service", o.Service),
			attribute.String("symbolon.request_id", o.RequestID))
		if o.Status >= http.StatusInternalServerError {
			c.span.SetStatus(codes.Error, status)
		}
	}
	c.span.End()
}

// Read implements [store.Observer].
func (t *Telemetry) Read(ctx context.Context, began time.Time, err error) {
	t.step(ctx, "store.read", began, err)
}

// Write implements [store.Observer].
func (t *Telemetry) Write(ctx context.Context, began time.Time, err error) {
	t.step(ctx, "store.write", began, err)
}

// Batch implements [store.Observer].
func (t *Telemetry) Batch(jobs int, took time.Duration, err error) {
	result := "committed"
	if err != nil {
		result = "failed"
	}
	t.batches.Observe(float64(jobs))
	t.commits.WithLabelValues(result).Observe(took.Seconds())
}

// step makes the span of something that has just ended.
func (t *Telemetry) step(ctx context.Context, name string, began time.Time, err error) {
	if t.tracer == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return
	}
	_, span := t.tracer.Start(ctx, name, trace.WithTimestamp(began))
	if err != nil {
		span.SetStatus(codes.Error, "the database failed")
	}
	span.End()
}
