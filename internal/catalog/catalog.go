// Package catalog lists every refusal of the engine, for generated documents and for the proof that rules are wired. Nothing on
// the request path uses it.
package catalog

import (
	"github.com/symbolon-auth/symbolon/internal/clientauth"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op/authorization"
	"github.com/symbolon-auth/symbolon/internal/op/introspection"
	"github.com/symbolon-auth/symbolon/internal/op/par"
	"github.com/symbolon-auth/symbolon/internal/op/registration"
	"github.com/symbolon-auth/symbolon/internal/op/revocation"
	"github.com/symbolon-auth/symbolon/internal/op/token"
	"github.com/symbolon-auth/symbolon/internal/op/userinfo"
	"github.com/symbolon-auth/symbolon/internal/proof"
	"github.com/symbolon-auth/symbolon/internal/request"
	"github.com/symbolon-auth/symbolon/internal/resource"
	"github.com/symbolon-auth/symbolon/internal/rule"
)

// Entry is one refusal, in the order in which its room checks.
type Entry struct {
	*rule.Refusal
	Room string
	// Cells is the error code at each endpoint, for refusals of the ruler;
	// nil for the others, which have one code.
	Cells map[string]oauth.ErrorCode
}

// Entries lists all refusals.
func Entries() []Entry {
	var out []Entry
	add := func(room string, list []*rule.Refusal) {
		for _, r := range list {
			out = append(out, Entry{r, room, nil})
		}
	}
	add("internal/clientauth", clientauth.Refusals())
	add("internal/proof", proof.Refusals())
	add("internal/op/authorization", authorization.Refusals())
	add("internal/op/par", par.Refusals())
	add("internal/request", request.Refusals())
	for _, l := range request.Lines() {
		out = append(out, Entry{l.Refusal, "internal/request", l.Cells})
	}
	add("internal/op/token", token.Refusals())
	add("internal/resource", resource.Refusals())
	add("internal/op/introspection", introspection.Refusals())
	add("internal/op/revocation", revocation.Refusals())
	add("internal/op/userinfo", userinfo.Refusals())
	add("internal/op/registration", registration.Refusals())
	return out
}
