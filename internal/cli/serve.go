package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/symbolon-auth/symbolon/internal/config"
	"github.com/symbolon-auth/symbolon/internal/fetch"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
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
	port, err := listen(ctx, api)
	if err != nil {
		return err
	}
	defer port.close()
	e, err := openEngine(ctx, log, engineOptions{database: c.Database.Database, migrate: c.Migrate, masterKey: key, rootToken: c.RootToken, fetch: documents})
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
	go e.Run(ctx)
	api.handler = e
	return port.serve(ctx, log)
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
