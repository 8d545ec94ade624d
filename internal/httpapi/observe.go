package httpapi

import (
	"context"
	"log/slog"

	"github.com/symbolon-auth/symbolon/internal/telemetry"
)

// operation is the path of the route, "" where there is none.
func (c *call) operation() string {
	if c.route == nil {
		return ""
	}
	return c.route.path
}

func (c *call) outcome(status int) telemetry.Outcome {
	o := telemetry.Outcome{Operation: c.operation(), Status: status, Action: c.action, RequestID: c.id}
	if c.Refusal != nil {
		o.Rule = c.Refusal.ID
	}
	if c.Service != nil {
		o.Service = c.Service.ID
	}
	return o
}

// logCall tells of every call, for whoever looks closely.
func (s *Server) logCall(c *call, status int) {
	if s.log.Enabled(context.Background(), slog.LevelDebug) {
		o := c.outcome(status)
		s.log.Debug("call", "request", c.id, "service", o.Service, "operation", o.Operation, "status", status, "action", o.Action, "rule", o.Rule)
	}
}

func (s *Server) logRefusal(c *call) {
	f := c.Refusal
	s.log.Info("request refused", "request", c.id, "service", c.Service.ID, "operation", c.route.path, "rule", f.ID,
		"error", f.Code, "result", f.Result, "description", f.Description, "detail", f.Detail, "demandedBy", f.By)
}

// tell adds the figures that are asked for when somebody scrapes.
func (s *Server) tell() {
	t := s.telemetry
	t.Gauge("symbolon_api_calls_in_flight", "Calls of the Web API under way.", func() float64 { return float64(s.inFlight.Load()) })
	t.Counter("symbolon_store_reads_total", "Reads of tickets, codes, tokens and pushed requests.", func() float64 { return float64(s.store.Stats().Reads) })
	t.Counter("symbolon_store_commits_total", "Writes that were committed.", func() float64 { return float64(s.store.Stats().Commits) })
	t.Counter("symbolon_store_batches_total", "Transactions that committed writes.", func() float64 { return float64(s.store.Stats().Batches) })
	t.Counter("symbolon_store_maintenance_total", "Statements of maintenance: clock hand, checkpoints, change feed.", func() float64 { return float64(s.store.Stats().Maintenance) })
	t.Counter("symbolon_store_hand_removed_total", "Expired rows that the clock hand removed.", func() float64 { return float64(s.store.Stats().Removed) })
	t.Gauge("symbolon_store_waiting_jobs", "Writes that wait for the writer.", func() float64 { return float64(s.store.Stats().Waiting) })
	t.Gauge("symbolon_services", "Services.", func() float64 { return float64(s.directory.Stats().Services) })
	t.Gauge("symbolon_api_tokens", "API tokens of services and of the organization.", func() float64 { return float64(s.directory.Stats().APITokens) })
	t.Gauge("symbolon_client_cache_entries", "Clients in memory.", func() float64 { return float64(s.directory.Stats().Clients) })
	t.Gauge("symbolon_client_cache_bytes", "What they take, about.", func() float64 { return float64(s.directory.Stats().ClientBytes) })
	t.Counter("symbolon_client_cache_hits_total", "Look-ups of clients that found one in memory.", func() float64 { return float64(s.directory.Stats().Hits) })
	t.Counter("symbolon_client_cache_misses_total", "Look-ups of clients that had to ask the database.", func() float64 { return float64(s.directory.Stats().Misses) })
}
