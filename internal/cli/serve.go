package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/symbolon-auth/symbolon/internal/config"
	"github.com/symbolon-auth/symbolon/internal/fetch"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
	"github.com/symbolon-auth/symbolon/internal/telemetry"
)

type serveCommand struct {
	config.Database `embed:""`
	config.Engine   `embed:""`
}

func (c *serveCommand) Help() string {
	return `The Web API is served on api-addr until the process is told to stop; what is under way is then finished.

With nothing set, the state lies in symbolon.db in the current folder, with the key that seals its secrets in symbolon.db.key. When the database is new, a root token is made and printed: it is the credential to create services and API tokens with.`
}

// Run serves an engine.
func (c *serveCommand) Run(ctx context.Context, w *World, log *slog.Logger) (err error) {
	transport, err := loadTLS("api-tls", c.APITLSCert, c.APITLSKey)
	if err != nil {
		return err
	}
	key, err := masterKey(c.Database.Database, c.MasterKey, c.MasterKeyFile)
	if err != nil {
		return err
	}
	documents, err := c.documents()
	if err != nil {
		return err
	}
	api := &site{setting: "api-addr", addr: c.APIAddr, tls: transport}
	sites := []*site{api}
	figures, stop, err := c.telemetry(ctx, log)
	if err != nil {
		return err
	}
	defer stop()
	if c.MetricsAddr != "" {
		pages := http.NewServeMux()
		pages.Handle("GET /metrics", figures.Handler())
		sites = append(sites, &site{setting: "metrics-addr", addr: c.MetricsAddr, handler: pages})
	}
	port, err := listen(ctx, sites...)
	if err != nil {
		return err
	}
	defer port.close()
	e, err := openEngine(ctx, log, engineOptions{database: c.Database.Database, migrate: c.Migrate, masterKey: key, rootToken: c.RootToken, fetch: documents, telemetry: figures})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	if e.newRoot != "" {
		if err := w.say("root token: %s\nIt is shown only now. To use one of your own, set SYMBOLON_ROOT_TOKEN.", e.newRoot); err != nil {
			return err
		}
	}
	if transport == nil && !isLoopback(c.APIAddr) {
		log.Warn("the Web API is served without TLS to other machines: its tokens can be read on the way", "setting", "api-addr")
	}
	if c.MetricsAddr != "" && !isLoopback(c.MetricsAddr) {
		log.Warn("metrics are shown to other machines, without credentials", "setting", "metrics-addr")
	}
	go e.Run(ctx)
	api.handler = e
	return port.serve(ctx, log)
}

// lastSpans is how long a collector may take for the last spans: a process that
// is told to end soon must not wait for it.
const lastSpans = 2 * time.Second

// telemetry is nil where nobody asked for metrics or traces. What stop
// delivers are the last spans.
func (c *serveCommand) telemetry(ctx context.Context, log *slog.Logger) (t *telemetry.Telemetry, stop func(), err error) {
	if c.TraceEndpoint == "" {
		if c.MetricsAddr != "" {
			t = telemetry.New(nil)
		}
		return t, func() {}, nil
	}
	if !(c.TraceRatio >= 0 && c.TraceRatio <= 1) { // nor NaN
		return nil, nil, errors.New("trace-ratio: it is not from 0 to 1")
	}
	version, _ := buildVersion()
	spans, err := telemetry.Exporter(ctx, c.TraceEndpoint, c.TraceRatio, version, log)
	if err != nil {
		return nil, nil, fmt.Errorf("trace-endpoint: %w", err)
	}
	stop = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSpans)
		defer cancel()
		if err := spans.Shutdown(ctx); err != nil {
			log.Warn("the last traces could not be delivered", "error", err)
		}
	}
	return telemetry.New(spans), stop, nil
}

// documents says what the engine may fetch.
func (c *serveCommand) documents() (o fetch.Options, err error) {
	if o.Networks, err = networks("fetch-networks", c.FetchNetworks); err == nil && c.FetchCA != "" {
		o.CAs, err = certificates("fetch-ca", c.FetchCA)
	}
	return o, err
}

type migrateCommand struct {
	config.Database `embed:""`
}

// Run migrates a database.
func (c *migrateCommand) Run(ctx context.Context, w *World) error {
	if err := sqlstore.Migrate(ctx, c.Database.Database); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	return w.say("The schema is up to date.")
}
