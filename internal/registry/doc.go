// Package registry holds what administrators register: services, clients and
// API tokens, in the form in which requests need them.
//
//	wire document ─ Normalize ─► stored, sealed as a whole ─► compiled once per version
//	                                                               │
//	store.Cold ── change feed ──► Directory (in memory) ◄──────────┘
//
// A service or client is stored as the wire document it was written as, and
// compiled: keys parsed, secret hashed, scopes indexed, policy folded. What
// is compiled is immutable and shared by all requests; a change makes a new
// one. The Directory follows the change feed, so that what one process
// writes another sees within a second, and the process that wrote it at once.
// Services and API tokens are all in memory; clients are read when they are
// asked for and kept in a bounded cache.
//
// Members of features that are not built are stored and returned like all
// others. Where such a member would change what a built operation does,
// unbuilt.go blocks that operation instead of ignoring the member.
//
// Not here: rules on requests (op/*, request), SQL (store/sqlstore).
package registry
