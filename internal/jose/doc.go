// Package jose is the only room that knows a JOSE library: JWS in compact
// form, JWK sets, thumbprints, with allow-lists everywhere.
//
//	foreign JWT ─► Verify(token, keys, algorithms) ─► claims     (bounded, pinned algorithms)
//	our JWT     ◄─ KeySet.Sign(key, type, claims)
//	jwks text   ─► ParseKeySet ─► KeySet ─► Public()
//
// Whatever a header says about keys (jku, x5u, x5c) is never followed; an
// embedded jwk is read by VerifyEmbedded alone, for DPoP proofs.
//
// Not here: what a JWT must claim (clientauth, proof, mint), fetching of
// remote key sets, encryption.
package jose
