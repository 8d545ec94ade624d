// Package userfile is the small user directory of the front: a YAML file with
// the end-users, their password hashes and their claims.
//
//	users:
//	  - subject: "1001"          # what tokens say; never changes
//	    loginId: john            # what is typed
//	    password: $argon2id$v=19$m=19456,t=2,p=1$...$...
//	    acr: urn:example:password        # optional
//	    claims: {name: John Flores, email: john@example.com}
//
// Passwords are hashed with argon2id (RFC 9106) in the PHC string form. A
// login costs the same whether the login id exists or not, and only as many
// are computed at once as there are processors: each takes memory.
//
// What is not here: sessions, limits on attempts (front), and any other kind
// of directory. Real users stay where they are.
package userfile
