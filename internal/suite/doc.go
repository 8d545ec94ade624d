// Package suite tests the binary itself: several processes on one database,
// races between them, processes and databases that are killed.
//
//	go test -tags suite ./internal/suite                                   SQLite
//	SYMBOLON_TEST_DATABASE=postgres go test -tags suite ./internal/suite   PostgreSQL
//
// The same tests run on both databases. The suite is slow, so it has a build
// tag of its own; make suites runs it.
package suite
