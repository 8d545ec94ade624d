package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
)

// exportTime is how long one delivery of spans may take.
const exportTime = 10 * time.Second

// Exporter returns a provider whose spans go to a collector that speaks OTLP
// over HTTP at the address, such as http://localhost:4318/v1/traces. ratio is
// the share of calls that are traced, unless the caller has decided. Spans
// that cannot be delivered are dropped and logged; the queue is bounded.
func Exporter(ctx context.Context, address string, ratio float64, version string, log *slog.Logger) (*trace.TracerProvider, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("it is no http or https address") // and may hold a password
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(address), otlptracehttp.WithTimeout(exportTime))
	if err != nil {
		return nil, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces could not be delivered", "error", err) }))
	return trace.NewTracerProvider(
		trace.WithBatcher(exporter),
		trace.WithSampler(trace.ParentBased(trace.TraceIDRatioBased(ratio))),
		trace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "symbolon"), attribute.String("service.version", version))),
	), nil
}
