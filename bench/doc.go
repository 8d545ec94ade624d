// Package bench measures what operations of the engine cost: the binary over
// real HTTP on both databases, beside a bare net/http handler that parses a
// form, makes 32 random bytes and answers JSON, interleaved in the same run.
//
//	symbolon serve (SQLite)      ┐
//	symbolon serve (PostgreSQL)  ├─ rounds A B C A B C …, closed loop, 16 and 64 connections
//	the bare handler             ┘
//
// What is reported is the CPU time of the server process, and of PostgreSQL
// where there is one, per operation, and its ratio to the handler's. Machines
// differ and are noisy; ratios of one run are what can be compared. The load
// generator shares the machine, so rates are lower bounds.
//
//	make bench
package bench
