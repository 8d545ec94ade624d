// Package registration holds the operations behind the client registration
// endpoint (RFC 7591, OpenID Connect Dynamic Client Registration 1.0) and the
// client configuration endpoint (RFC 7592).
//
//	register ───────────► read ─► judge ─► stored, with a token to manage it
//	get ──────► token ──────────────────► written out
//	update ───► token ──► read ─► judge ─► replaced, as it is stored now
//	delete ───► token ──────────────────► gone, with its tokens
//
// Reading turns JSON into members (body.go, bodyRules) and members into a
// client document (metadata.go, the one table of both directions). Judging is
// metadataRules, and last what client/create would refuse (registry). So a
// client cannot register what nobody could configure.
//
// What asks for a feature that is not built is refused where ignoring it would
// leave the client with less protection than it asked for. Members that are
// not known are ignored (RFC7591-2).
//
// What a registration cannot say (lock, alias, extension, attributes) is the
// administrator's and stays when the client replaces its registration.
//
// Not here: who may register at all. The caller of the Web API decides that
// before it calls.
package registration

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

var (
	supported   = rule.Refusal{ID: "registration.supported", Refs: spec.Refs("RFC7591-3"), Result: "A206201", Error: oauth.AccessDenied}
	clientKnown = rule.Refusal{ID: "registration.client.known", Refs: spec.Refs("RFC7592-2.1", "RFC7592-2.2", "RFC7592-2.3"), Result: "A935301", Error: oauth.InvalidToken, Structural: true}
	// The same code as above: who has no token does not learn which clients
	// there are.
	tokenRight     = rule.Refusal{ID: "registration.token", Refs: spec.Refs("RFC7592-2.1", "RFC7592-2.2", "RFC7592-2.3"), Result: "A935301", Error: oauth.InvalidToken}
	clientUnlocked = rule.Refusal{ID: "registration.client.unlocked", Refs: spec.Refs("RFC7592-2.1", "SYMBOLON-locked"), Result: "A001215", Error: oauth.InvalidToken}
	bodySize       = rule.Refusal{ID: "registration.size", Refs: spec.Refs("RFC7591-3.1"), Result: "A935302", Error: oauth.InvalidClientMetadata, Structural: true}
	bodyWellFormed = rule.Refusal{ID: "registration.well_formed", Refs: spec.Refs("RFC7591-3.1"), Result: "A935303", Error: oauth.InvalidClientMetadata, Structural: true}
	memberReadable = rule.Refusal{ID: "registration.member.readable", Refs: spec.Refs("RFC7591-2", "OIDCR-2"), Result: "A935310", Error: oauth.InvalidClientMetadata, Structural: true}
	documentFit    = rule.Refusal{ID: "registration.document", Refs: spec.Refs("RFC7591-3.2.2"), Result: "A935330", Error: oauth.InvalidClientMetadata, Structural: true}
)

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal {
	list := []*rule.Refusal{&supported, &clientKnown, &tokenRight, &clientUnlocked, &bodySize, &bodyWellFormed}
	list = append(list, bodyRules.Refusals()...)
	list = append(list, &memberReadable)
	list = append(list, metadataRules.Refusals()...)
	return append(list, &documentFit)
}

// offered refuses where the service does not register clients.
func offered(c *op.Call) *rule.Fault {
	if c.Service.Doc.DynamicRegistrationSupported {
		return nil
	}
	return supported.Fault(rule.No("Clients cannot register here.").DemandedBy(rule.Source{Switch: "service.dynamicRegistrationSupported"}))
}

// identify finds the client whose registration is meant and demands its
// registration access token.
func identify(ctx context.Context, c *op.Call, in *wire.ClientRegistrationRequest) (*registry.Client, *rule.Fault, error) {
	if in.ClientID == "" {
		return nil, nil, op.Missing("clientId")
	}
	if f := offered(c); f != nil {
		return nil, f, nil
	}
	client, _, err := c.Clients.Client(ctx, c.Service, in.ClientID)
	if err != nil {
		return nil, nil, err
	}
	if client == nil {
		return nil, gone(), nil
	}
	return client, admit(client, in.Token), nil
}

const noAccess = "The registration access token is not valid."

func gone() *rule.Fault {
	return clientKnown.Fault(rule.No(noAccess).Because("there is no such client"))
}

// admit demands that the token is the client's and that the client may do
// something.
func admit(client *registry.Client, token string) *rule.Fault {
	if !client.RegistrationTokenMatches(token) {
		f := rule.No(noAccess)
		if client.Doc.RegistrationAccessTokenHash == "" {
			f = f.Because("the client has no registration access token: it did not register itself, or nobody told where it manages its registration")
		}
		if f = tokenRight.Fault(f); f != nil {
			return f
		}
	}
	if client.Doc.Locked {
		return clientUnlocked.Fault(rule.No("The client is locked."))
	}
	return nil
}

// read makes the client document that the JSON asks for. current is the client
// whose registration is replaced, nil for a new one.
func read(s *registry.Service, text string, current *registry.Client) (*wire.Client, *rule.Fault) {
	b, f := parse(text)
	if f != nil {
		return nil, f
	}
	b.Current = current
	if f := bodyRules.Run(b); f != nil {
		return nil, f
	}
	m, f := understand(s, b)
	if f != nil {
		return nil, f
	}
	if f := metadataRules.Run(m); f != nil {
		return nil, f
	}
	if current != nil {
		return m.over(current.Doc), nil
	}
	return m.Doc, nil
}

// unfit refuses what client/create would refuse too.
func unfit(err error) *rule.Fault {
	return documentFit.Fault(rule.No("The client cannot be stored: %s.", rule.Printable(err.Error())))
}

func refuse(c *op.Call, f *rule.Fault) *wire.ClientRegistrationResponse {
	action := wire.ClientRegistrationActionBadRequest
	if f.Code == oauth.InvalidToken && c.Service.Doc.UnauthorizedOnClientConfigSupported {
		action = wire.ClientRegistrationActionUnauthorized
	}
	return &wire.ClientRegistrationResponse{
		Result: c.Refused(f), Action: action, ResponseContent: c.OAuthError(f).JSON(), Explanation: op.Explain(f),
	}
}
