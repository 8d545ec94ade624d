// Package front is a ready authorization server: the endpoints that browsers
// and OAuth clients talk to, with a login and a consent page. It knows the
// engine through the Web API only (webapi), one service of it.
//
//	client ── /par, /token, /revoke, /introspect, /userinfo, /register ──┐
//	                                                                     ├─► Web API ─► action ─► HTTP
//	browser ── /authorize ───────────────────────────────────────────────┘
//	   │            │
//	   │            ├─ LOCATION, FORM ────────► back to the client
//	   │            ├─ BAD_REQUEST ───────────► a page with an incident id
//	   │            ├─ NO_INTERACTION ─ judge ─► issue or fail
//	   │            └─ INTERACTION ─► 303 /interaction/{id}
//	   │                                 │
//	   └── /interaction/{id} ── login ── consent ── issue or fail ─► back to the client
//
// The front decides who the end-user is and whether they agree; everything
// that is written in a specification of OAuth is decided by the engine and
// only carried out here. Each endpoint is one file, and each has one switch
// over all actions of its operation; an action that is not known is a failure
// of ours (500), never a success.
//
// There is no state in this process, so that several can stand side by side.
// What must outlast a request is sealed (AES-256-GCM) in two kinds of cookies:
//
//   - the session: who logged in, when, and what they consented to since;
//   - one per interaction: the ticket and what the pages show. The address of
//     the interaction is worthless in another browser, because the ticket
//     exists only in the cookie (session fixation).
//
// The one exception counts failed logins per account and address: a limit
// that several processes multiply, but do not lose.
//
// What is not here: TLS and listeners (cli), the file of end-users
// (userfile), client certificates, sign-out, remembering consent for longer
// than a session.
package front
