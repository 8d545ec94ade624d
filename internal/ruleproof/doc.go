// Package ruleproof proves that every refusal is wired: that a request with
// exactly this fault, sent to a running engine over its Web API, is refused
// by exactly this rule, and that without the rule the same request succeeds.
//
//	catalog.Entries ──► one Case for every cell
//	                         │
//	engine, all rules on  ◄──┤ Send: refused by the rule, with the cell's error
//	engine without it     ◄──┘ Send: succeeds, or meets what masks the rule
//
// That the request succeeds without the rule shows two things at once: the
// rule is what refused it, and the fault was its only one. Where the absence
// of a rule is caught by another rule or by the commit, the case says by
// which and why; such an entry is stale, and fails, once the request
// succeeds. Structural refusals have nothing to go on with and are only sent
// to the first engine.
//
// The engines are processes of the product, built with the tag ruleoff: one for
// all rules on, one for each rule that is switched off. The whole proof is
//
//	go test ./internal/ruleproof -run TestProof
//
// Not here: tests of the checks' finer points; they stand beside the checks.
package ruleproof
