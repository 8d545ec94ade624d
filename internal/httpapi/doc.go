// Package httpapi is the Web API over HTTP: the one room between the network
// and the operations.
//
//	request ─► admission ─► route (v2 paths become v3) ─► credentials ─► right
//	        ─► body (size, type, syntax) ─► operation ─► answer
//
// The order of these steps is the order of refusals: 429, 404 and 405, 401,
// 403, 413 and 415, 400, and then whatever the operation says. The surface is
// one table, routes.go; nothing behind the router knows which path style a
// call used.
//
// What an OAuth client did wrong is 200 with an action. What the caller of
// the Web API did wrong is 4xx with resultCode and resultMessage. A failure
// of storage is 503, and never a verdict.
//
// Not here: what operations do (op/*), services and clients (registry).
package httpapi
