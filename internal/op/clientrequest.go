package op

import (
	"context"
	"slices"

	"github.com/symbolon-auth/symbolon/internal/clientauth"
	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/proof"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// ClientRequest is a request that an OAuth client sends itself: to the token,
// the pushed authorization request or the revocation endpoint. What these
// have in common is owned here, so that none can forget a part: who sent it,
// which key, and that what was presented once is spent once.
type ClientRequest struct {
	*Call
	Form   *oauth.Form
	Client *clientauth.Client // nil until it stands
	DPoP   *proof.DPoP        // nil: no proof came
	Nonce  string             // that the answer hands out; "" is none

	assertion  []grant.Mark // of a client assertion that is not spent yet
	proofSpent bool
}

// Authenticate finds out who sent the form. id and secret are those of the
// Authorization header; audiences are those that an assertion may name,
// besides the issuer.
func (r *ClientRequest) Authenticate(ctx context.Context, operation registry.Operation, id, secret string, audiences ...string) (*rule.Fault, error) {
	client, f, err := clientauth.Authenticate(ctx, r.Clients, &clientauth.Request{
		Service: r.Service, Form: r.Form, BasicID: id, BasicSecret: secret, Audiences: audiences, Now: r.Now,
		Allowed: func(client *registry.Client) error { return r.Allowed(operation, client) },
	})
	if f != nil || err != nil {
		return f, err
	}
	r.Client, r.assertion = client, client.Marks()
	return nil, nil
}

// Prove checks the DPoP proof, if one came.
func (r *ClientRequest) Prove(p Proof, endpoint string) (f *rule.Fault) {
	r.DPoP, r.Nonce, f = r.CheckProof(p, r.Client.Policy, "POST", endpoint)
	return f
}

// Thumbprint is that of the key that was proved; "" where none was.
func (r *ClientRequest) Thumbprint() string {
	if r.DPoP == nil {
		return ""
	}
	return r.DPoP.Thumbprint
}

// SpendAll returns all marks, for a job that grants the request.
func (r *ClientRequest) SpendAll() []grant.Mark {
	marks := r.SpendAssertion()
	if r.DPoP != nil && !r.proofSpent {
		marks = append(slices.Clone(marks), r.DPoP.Mark)
	}
	r.proofSpent = true
	return marks
}

// SpendAssertion returns the marks that a job spends although it refuses the
// request. A proof is spent only by a request that succeeds.
func (r *ClientRequest) SpendAssertion() []grant.Mark {
	marks := r.assertion
	r.assertion = nil
	return marks
}

// Refuse ends a request: whoever sees an assertion that verified must not be
// able to use it, although a later rule refused. Where it was spent before,
// the refusal becomes that.
func (r *ClientRequest) Refuse(ctx context.Context, f *rule.Fault) (*rule.Fault, error) {
	marks := r.SpendAssertion()
	if len(marks) == 0 {
		return f, nil
	}
	outcome, err := r.Store.Spend(ctx, r.Millis(), marks)
	if err != nil {
		return nil, err
	}
	if outcome == store.Replayed {
		return assertionReplay(), nil
	}
	return f, nil
}

// Replay returns the fault of a job one of whose marks was spent before, or
// nil. The mark of a client assertion, where there is one, is the first of a
// job's marks; the other one is a DPoP proof's.
func (r *ClientRequest) Replay(outcome store.Outcome) *rule.Fault {
	switch {
	case outcome == store.Replayed && r.Client.Mark != nil:
		return assertionReplay()
	case outcome == store.Replayed, outcome == store.ReplayedLater:
		return ProofReplay()
	default:
		return nil
	}
}

func assertionReplay() *rule.Fault {
	return clientauth.Replayed.Fault(rule.No("The client assertion was used before."))
}

// ProofReplay is the fault of a DPoP proof that was used before.
func ProofReplay() *rule.Fault {
	return proof.Replayed.Fault(rule.No("The DPoP proof was used before."))
}
