// Package token holds the operation behind the token endpoint.
//
//	parse ─► client ─► rules of every grant ─► DPoP proof ─► grant_type
//	                                                            │
//	  grant_authorization_code.go   load code    rules   RedeemCode
//	  grant_refresh_token.go        load token   rules   Rotate or Renew
//	  grant_client_credentials.go                rules   IssueToken
//	                                                            │
//	                    tokens (issue.go) ─► answer (answer.go) ◄┘
//
// The phases that all grants share stand in Token, once, so that no grant
// can forget one. A grant loads, runs its table, mints and commits. Its last
// rule is the one with a consequence: a code or refresh token that is used
// again revokes its grant.
//
// Not here: client authentication (clientauth), proofs (proof), the texts of
// JWTs (mint).
package token
