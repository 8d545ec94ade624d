//go:build !unix

package pgtest

import (
	"fmt"
	"os"
	"testing"
)

// Server is a PostgreSQL cluster. There is none on this system.
type Server struct{}

// Main runs the tests.
func Main(m *testing.M) { os.Exit(m.Run()) }

// Database skips the test.
func Database(t testing.TB) string { return New(t).URL("") }

// New skips the test.
func New(t testing.TB, settings ...string) *Server {
	fmt.Printf("NOT RUN: %s: no PostgreSQL on this system\n", t.Name())
	t.Skip("no PostgreSQL on this system")
	return nil
}

// Database, URL, Exec, Stop, Kill, Start and PID are never reached.
func (*Server) Database(testing.TB) string      { return "" }
func (*Server) URL(string) string               { return "" }
func (*Server) Exec(testing.TB, string, string) {}
func (*Server) Stop(testing.TB)                 {}
func (*Server) Kill(testing.TB)                 {}
func (*Server) Start(testing.TB)                {}
func (*Server) PID() (int, error)               { return 0, nil }
