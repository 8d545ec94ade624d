// Package webapi calls the Web API: one client, typed by the documents of
// internal/wire.
//
//	Client.Token(ctx, request) ─► POST {base}/api/{service}/auth/token ─► response
//	                                        │
//	                             any http.RoundTripper: a socket, or Direct,
//	                             which calls an http.Handler in this process
//
// A verdict about an OAuth request is an answer: its action tells what to do.
// An error is about the call itself. Either the engine refused the call (an
// *Error, with what it said), or no answer came; Unavailable tells which
// errors will pass if one waits.
//
// Every call has a deadline and every answer a greatest length. Credentials
// are sent in the Authorization header only and appear in no error.
//
// What is not here: retries (an authorization ticket is good for one use),
// caching, and what the actions mean (front).
package webapi
