// Package bench measures what operations of the engine cost, over real HTTP
// and in a closed loop: what is compared runs in turns, in the same run.
//
//	Operations   bench_test.go    SQLite, PostgreSQL and a bare net/http handler (handler_test.go)
//	Growth       growth_test.go   engines on databases with few and with many tokens, services and clients;
//	                              tokens on PostgreSQL too
//	Restart      growth_test.go   from the start of the process to the first healthcheck that says yes
//	Stored       lists_test.go    verbs of the store on those databases: reading, revoking all of a client
//	Telemetry    telemetry_test.go  engines on SQLite that tell nothing, metrics, and traces too
//	Peers        peers_test.go    engine and front beside other servers that are running
//
//	fill_test.go ──► population: a database as a day of work leaves it, made by the store's own verbs
//	                     │ copied for each operation
//	process_test.go ──► server: a process, its CPU time ◄── load_test.go: connections, rounds A B C A B C …
//	                     │
//	                     └──► table, CSV ── bench/chart ──► docs/benchmarks/*.svg
//
// What is reported is the CPU time of the server processes, and of PostgreSQL
// where there is one, per operation, and its ratio to what it is compared
// with; of several rounds the one of least CPU time counts, and in Growth the
// median of the rounds' ratios. Machines differ and are noisy; ratios of one
// run are what can be compared. The load generator shares the machine, so
// rates are lower bounds.
//
//	make bench, make bench-growth, make bench-peers
//
// What the upkeep of a database costs (clock hand, write-ahead log) is
// measured in internal/store/sqlstore, whose insides it needs.
package bench
