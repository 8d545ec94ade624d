package cli

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"

	"github.com/symbolon-auth/symbolon/internal/fetch"
	"github.com/symbolon-auth/symbolon/internal/httpapi"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
	"github.com/symbolon-auth/symbolon/internal/telemetry"
)

// minRootToken is the least length of a root token that somebody chose.
const minRootToken = 20

// engineOptions say what an engine is made of.
type engineOptions struct {
	database  string
	migrate   bool
	masterKey []byte
	rootToken string // "": the one that was made when the database was new
	fetch     fetch.Options
	telemetry *telemetry.Telemetry // nil: none
}

// engine is a running engine.
type engine struct {
	*httpapi.Server
	store   store.Store
	newRoot string // the root token, where this start made it
}

// openEngine opens a database and the Web API on it.
func openEngine(ctx context.Context, log *slog.Logger, o engineOptions) (*engine, error) {
	if o.rootToken != "" && len(o.rootToken) < minRootToken {
		return nil, fmt.Errorf("root-token: it must have at least %d characters", minRootToken)
	}
	opts := sqlstore.Options{Migrate: o.migrate, Log: log}
	if o.telemetry != nil {
		opts.Observer = o.telemetry
	}
	s, err := sqlstore.Open(ctx, o.database, opts)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	e := &engine{store: s}
	options := httpapi.Options{Store: s, MasterKey: o.masterKey, RootToken: o.rootToken, Log: log, Documents: fetch.New(o.fetch), Telemetry: o.telemetry}
	options.Version, _ = buildVersion()
	if o.rootToken == "" {
		options.RootHash, e.newRoot, err = storedRoot(ctx, s)
	}
	if err == nil {
		e.Server, err = httpapi.New(ctx, options)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return e, nil
}

// storedRoot returns the hash of the root token that was made when the
// database was new, and the token itself where that is now. Only the hash is
// kept.
func storedRoot(ctx context.Context, s store.Store) (hash [sha256.Size]byte, token string, err error) {
	token = rand.Text() + rand.Text()
	hash = sha256.Sum256([]byte(token))
	stored, created, err := s.Setting(ctx, "root token hash", hash[:])
	switch {
	case err != nil:
		return hash, "", err
	case created:
		return hash, token, nil
	case len(stored) != len(hash):
		return hash, "", errors.New("database: the stored hash of the root token is damaged; set SYMBOLON_ROOT_TOKEN")
	}
	return [sha256.Size]byte(stored), "", nil
}

func (e *engine) close() error { return e.store.Close() }
