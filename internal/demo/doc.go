// Package demo is what a newcomer meets first: two services with users and
// clients, in a folder that can be thrown away.
//
//	folder ── keys, users, certificate, ids of the last time
//	   │
//	   ├─► Seed ── root token ─► Web API: services, clients, API tokens
//	   ├─► Greet ── what is there, and four commands to paste
//	   └─► Walk ── one complete flow through a front, told step by step
//
// The plain service (http) needs no certificate to be trusted; the other one
// (https) keeps to the FAPI 2.0 Security Profile. What was seeded is left
// alone afterwards, so that it can be played with; only the addresses are kept
// current.
//
// What is not here: the engine, the listeners and the settings (cli).
package demo
