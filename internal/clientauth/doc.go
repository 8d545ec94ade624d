// Package clientauth finds out which client sent a request to the PAR, token
// or revocation endpoint, and that it really was that client.
//
//	form + Basic credentials ─► what was presented ─► who it names ─► Client
//	                                                       │
//	                        rules (stage Identified) ◄─────┘
//	                              │
//	             secret ◄─────────┴────────► assertion (rules on stage Asserted)
//
// Only the method that is registered for a client is accepted, and only one
// method per request. The jti of an assertion that verified is a mark: the
// commit of the request spends it, also when a later rule refuses.
//
// Not here: certificates (they come with mutual TLS) and the rights of
// clients (policy).
package clientauth
