// Package request reads authorization requests: what all endpoints that take
// one have in common.
//
//	parameters ─ ParseForm ─► client ─► carrier (the pushed request, if any)
//	      │                                  │
//	      └── stage located ◄────────────────┘   faults are a page at the authorization endpoint
//	               │ redirect URI stands
//	          stage requested                     faults are redirected
//	               │
//	          *Request ─► ticket body, answer
//
// The checks stand in two tables whose columns are the endpoints: a cell
// holds the error code that the fault has at that endpoint, or nothing where
// it is not checked there (located.go, requested_rules.go). The order
// of the rows is the contract.
//
// Also here: how an answer travels back to the client (response.go).
//
// Not here: tickets and codes (op/authorization), request objects (they come
// with their own room).
package request
