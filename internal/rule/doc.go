// Package rule is the small machine that runs tables of checks.
//
// A Refusal is a way of saying no: its id, the clauses that demand it, its
// result code and the error that an OAuth client sees. A Rule is a refusal
// with a check; a table of rules is run in its order, and that order is the
// contract. A Fault is a refusal that happened, with what to tell whom.
//
//	Table[Stage].Run(stage) ──► nil | *Fault
//
// A check reads its stage and returns nil or No(...); it changes nothing.
// Refusals that cannot be rows (parsers, proofs, lost commits) are declared
// as Refusal values and raised with Fault, so that they too have an id, a
// line in docs/specs and, unless they are structural, an off-switch.
//
// Under the build tag ruleoff one refusal can be switched off by its id;
// the proof that rules are wired (internal/ruleproof) relies on it. Released
// binaries do not contain the switch.
package rule
