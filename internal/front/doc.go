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
// Who the end-user is comes from a file of users and our own pages, or from a
// login application of the operator's, to which the browser is handed over
// (handoff.go has the flow).
//
// There is no state in this process, so that several can stand side by side.
// What must outlast a request is attached to the engine's ticket (hand-off), or
// sealed (AES-256-GCM) in cookies:
//
//   - the session: who logged in, and when;
//   - the consents: what users of this browser agreed to, and for whom;
//   - one per interaction: the ticket and what the pages show. The address of
//     the interaction is worthless in another browser, because the ticket
//     exists only in the cookie (session fixation).
//
// The one exception counts logins and requests per account and address: a
// limit that several processes multiply, but do not lose.
//
// How pages look and what they say is the package theme; which page says what
// is pages.go.
//
// What is not here: TLS and listeners (cli), the file of end-users
// (userfile), client certificates, sign-out.
package front
