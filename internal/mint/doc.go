// Package mint makes the texts of tokens: JWT access tokens (RFC 9068) and ID
// tokens. Opaque tokens are handles (grant) and need no minting.
//
//	facts ─► claims ─► signed with the service's key
//
// Claims that the engine controls cannot be overwritten by extra properties,
// by jwtAtClaims or by the claims that the caller of the Web API hands over.
//
// Not here: who gets which token, lifetimes, storage.
package mint
