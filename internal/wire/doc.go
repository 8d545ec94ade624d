// Package wire holds the documents of the Web API: what a caller sends and
// what the engine answers, member by member.
//
//	bytes ──decode──▶ …Request ──operation──▶ …Response ──encode──▶ bytes
//	(httpapi)          (here)    (op/*)        (here)      (httpapi)
//
// A document is a plain struct without behaviour. Its member names, types and
// enum values are published by others and frozen; everything behind this
// package is free to change. Service and Client are at the same time what the
// store keeps: they are written, stored and returned as the same document.
//
// How the documents are written:
//
//   - A field is the JSON name with its first letter in upper case and the
//     usual initialisms (jwksUri is JWKSURI).
//   - On input, absent, null, zero and false mean the same, and on output such
//     members are left out. Nothing is ever written as null. Exceptions are the
//     counters of lists, which are always written, and the few request members
//     whose comment says that an empty list differs from an absent one: there a
//     nil slice is "absent" and an empty slice is "empty".
//   - Identifiers are positive numbers below 2^53. Times are milliseconds since
//     the epoch, durations are seconds, unless the comment says otherwise.
//   - Some published clients keep durations in 32 bits. Where the comment says
//     "fits 32 bits" an answer must not exceed 2147483647.
//   - Enums carry the published names (AUTHORIZATION_CODE), never the strings of
//     the specifications (authorization_code); Spec and …FromSpec translate. On
//     input both are read; an unknown name is refused.
//   - Some members are JSON inside a JSON string ("JSON text"); they are strings
//     here too.
//
// The comments are the API reference: the OpenAPI document is generated from
// them. Two marks have a meaning there, as the last sentence of a comment:
// "Required." is a member that a request must have, "Read-only." one that the
// engine sets and that is ignored on input. Any other member of Service and
// Client is the caller's.
//
// What is not here: decoding limits, form bodies and HTTP status codes
// (httpapi), defaults and validity of configurations (registry), the rules that
// choose an action (op), the numbers and texts of result codes. The package
// imports the standard library only.
package wire
