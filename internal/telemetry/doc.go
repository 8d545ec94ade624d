// Package telemetry tells how an engine is doing: metrics for Prometheus and,
// where an exporter is configured, traces by OpenTelemetry.
//
//	httpapi ── Begin, End ────────┐             ┌─► /metrics, on a listener of its own
//	sqlstore ─ Read, Write, Batch ┼─► Telemetry ┤
//	store, registry ◄─ asked ─────┘             └─► spans ─► OTLP over HTTP
//	                  at a scrape
//
// A call is a span, and what it asked of the store are spans below it. Those
// are made when they have ended, so that nothing has to be carried about and
// a call that is not sampled costs nothing.
//
// A nil *Telemetry does nothing; that is how the engine runs unless told
// otherwise.
//
// What is told never holds a secret: names of operations, actions and rules,
// numbers of services, durations. No parameter, no token, no subject.
//
// The name of a request (requestid.go), which httpapi and front give alike, is
// what joins their log lines and spans.
//
// Not here: log lines (slog, where they are written), addresses and settings
// (cli, config).
package telemetry
