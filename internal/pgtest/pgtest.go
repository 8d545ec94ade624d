//go:build unix

package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

var (
	shared     *Server
	sharedErr  error
	sharedOnce sync.Once
	databases  atomic.Int64
)

// Main runs the tests and stops the shared cluster.
func Main(m *testing.M) {
	code := m.Run()
	if shared != nil {
		if err := shared.remove(); err != nil {
			fmt.Fprintln(os.Stderr, "pgtest:", err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// Database makes a database in the shared cluster and returns its URL. It is
// dropped when the test ends.
func Database(t testing.TB) (url string) {
	t.Helper()
	// Nothing here survives a crash of the machine, nor needs to.
	sharedOnce.Do(func() { shared, sharedErr = start("fsync=off", "full_page_writes=off") })
	check(t, sharedErr)
	return shared.Database(t)
}

// New starts a cluster of the test's own with settings such as fsync=on.
func New(t testing.TB, settings ...string) *Server {
	t.Helper()
	s, err := start(settings...)
	check(t, err)
	t.Cleanup(func() {
		if err := s.remove(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// check skips the test where there is no PostgreSQL.
func check(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, errMissing) {
		fmt.Printf("NOT RUN: %s: %v\n", t.Name(), err)
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

var errMissing = errors.New("no PostgreSQL")

// find returns the path of one of PostgreSQL's programs; the newest, where
// Debian has several.
func find(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	const pattern = "/usr/lib/postgresql/*/bin/"
	found, err := filepath.Glob(pattern + program)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%w: %s is neither in PATH nor in %s", errMissing, program, pattern)
	}
	slices.SortFunc(found, func(a, b string) int { return len(a) - len(b) })
	return found[len(found)-1], nil
}

// Database makes a database and returns its URL.
func (s *Server) Database(t testing.TB) (url string) {
	t.Helper()
	name := fmt.Sprintf("test%d", databases.Add(1))
	s.Exec(t, "postgres", "CREATE DATABASE "+name)
	t.Cleanup(func() { s.Exec(t, "postgres", "DROP DATABASE "+name+" WITH (FORCE)") })
	return s.URL(name)
}

// URL returns the URL of a database.
func (s *Server) URL(database string) string {
	return "postgres:///" + database + "?user=postgres&host=" + s.folder
}

// Exec runs a statement in a database. It may take a while: some copy all of
// it.
func (s *Server) Exec(t testing.TB, database, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL(database))
	if err == nil {
		_, err = conn.Exec(ctx, sql)
		_ = conn.Close(ctx)
	}
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
