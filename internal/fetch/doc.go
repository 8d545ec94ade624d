// Package fetch reads documents from addresses that clients name: request
// objects by reference now.
//
//	address ─► https, no user ─► resolve ─► dial ─► is the address public? ─► 200, in time, not too long
//
// Whoever may name an address can make this machine ask it, so the address is
// judged when it is dialled, after the name was resolved: a name that answers
// differently the next time is of no use (DNS rebinding). Redirects are not
// followed, no proxy is asked, nothing is decompressed.
//
// Not here: caches, retries, and what a document means.
package fetch
