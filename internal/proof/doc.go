// Package proof checks that whoever sends a request holds a key: DPoP proofs
// (RFC 9449) and their nonces. Certificates come to this room with mutual
// TLS.
//
//	DPoP header ─► Check ─► *DPoP{thumbprint, mark}   or a Fault
//	                 │
//	                 └─ nonce: stateless, a MAC of the time window and the service
//
// A proof is single-use inside its window; the mark that makes it so is spent
// by the commit of the request that it serves, never here.
//
// Not here: whether a token must be bound (policy), and whether the key is
// the token's (the operations).
package proof
