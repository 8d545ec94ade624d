// Package store is the contract between operations and the database: small
// interfaces, one verb per operation, each with its guarantees in its
// comment. Nothing of database/sql shows through.
//
// Two halves:
//
//	Cold  services, clients, API tokens, settings: rarely written, read into memory by
//	      following the change feed; may lag by a second on other nodes.
//	Hot   tickets, pushed requests, codes, tokens, grants, marks: written by every request
//	      through one batching writer; never lags.
//
// Every hot verb is one job, and a job always commits; its parts decide:
//
//	marks ──► one there already: Replayed; nothing is consumed or inserted
//	consume ─► nothing left to consume: Lost; the verb's consequence is performed instead
//	insert ──► Done
//
// Whatever is single-use is consumed by one conditional statement inside its
// job; no verb reads, checks and then writes. What has expired (by the now
// that the caller passes) is invisible. What was acknowledged is durable.
//
// Not here: SQL (sqlstore), the suite that every implementation passes
// (storetest), and any opinion on what a Lost job means to a client.
package store
