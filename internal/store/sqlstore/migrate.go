package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// ErrOlderSchema is returned by Open without Options.Migrate.
var ErrOlderSchema = errors.New("the schema of the database is older than this program; migrate it first")

// migrate brings the schema up to date, or, without apply, only looks. A
// schema newer than this program is fine: migrations only add (expand, then
// contract), so that two versions can run side by side.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect, folder string, apply bool, opts ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, "migrations/"+folder)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db, files, append(opts, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return err
	}
	current, target, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case current >= target:
		return nil
	case !apply:
		return fmt.Errorf("%w (it is at %d, not %d)", ErrOlderSchema, current, target)
	}
	_, err = p.Up(ctx)
	return err
}
