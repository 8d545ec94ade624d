// Package grant holds what requests create: tickets, pushed requests, codes,
// tokens, and the grants they belong to. These things are hot: they are
// written by end users' and clients' requests, live for seconds to months and
// must never be served stale.
//
//	authorization request ──► Ticket ──► Grant + Code ──► access Token, refresh Token
//	pushed request ──► Pushed ──┘
//
// A thing is named by its handle, which only its holder knows, and found by
// its Key, which only the store knows. What a thing is for is in its typed
// members; what it carries along is in its Body, which the store keeps as
// JSON without looking into it.
//
// Not here: the rules that judge these things (op/*), how they are stored
// (store), and what administrators register (registry).
package grant
