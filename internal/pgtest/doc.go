// Package pgtest runs a real PostgreSQL for tests: the one that is installed,
// with a cluster of its own in a temporary folder, on a unix socket.
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
//	Database(t)           a fresh database in the cluster that the test binary shares
//	New(t, settings...)   a cluster of the test's own, which may be stopped, killed, started
//
// PostgreSQL refuses to run as root; then it runs as postgres or nobody. It
// ends with the test binary, however that ends.
//
// Where no PostgreSQL is installed, tests print a line that begins with
// "NOT RUN: " and are skipped. Whoever wants them to count looks for it.
package pgtest
