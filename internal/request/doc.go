// Package request reads authorization requests: what all endpoints that take
// one have in common.
//
//	parameters ─ ParseForm ─► client ─► carrier (the pushed request, if any)
//	                                         │
//	          stage object ◄─────────────────┘   a request object: its parameters count from here
//	               │
//	          stage located                      faults are a page at the authorization endpoint
//	               │ redirect URI stands
//	          stage requested                    faults are redirected
//	               │
//	          *Request ─► ticket body, answer
//
// The checks stand in three tables whose columns are the endpoints: a cell
// holds the error code that the fault has at that endpoint, or nothing where
// it is not checked there (object.go, located.go, requested_rules.go). The
// order of the rows is the contract.
//
// A request object that was pushed is read when it is pushed; what is stored
// is its parameters. The base policy says how an object is read, the final
// one, which knows the scopes, judges what it was.
//
// Also here: how an answer travels back to the client (response.go).
//
// Not here: tickets and codes (op/authorization), fetching (op/authorization
// has the document before it comes here), encrypted request objects.
package request
