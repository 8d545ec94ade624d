package op

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/clientauth"
	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/proof"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// SpendRefused spends the marks of a client assertion that verified although
// a later rule refused the request: whoever sees the assertion must not be
// able to use it. Where one was spent before, the refusal becomes that.
func (c *Call) SpendRefused(ctx context.Context, marks []grant.Mark, f *rule.Fault) (*rule.Fault, error) {
	if len(marks) == 0 {
		return f, nil
	}
	outcome, err := c.Store.Spend(ctx, c.Millis(), marks)
	if err != nil {
		return nil, err
	}
	if outcome == store.Replayed {
		return assertionReplay(), nil
	}
	return f, nil
}

func assertionReplay() *rule.Fault {
	return clientauth.Replayed.Fault(rule.No("The client assertion was used before."))
}

func proofReplay() *rule.Fault {
	return proof.Replayed.Fault(rule.No("The DPoP proof was used before."))
}

// Replay returns the fault of a job one of whose marks was spent before, or
// nil. The mark of a client assertion, where there is one, is the first of a
// job's marks; the other one is a DPoP proof's.
func Replay(outcome store.Outcome, client *clientauth.Client) *rule.Fault {
	switch {
	case outcome == store.Replayed && client != nil && client.Mark != nil:
		return assertionReplay()
	case outcome == store.Replayed, outcome == store.ReplayedLater:
		return proofReplay()
	default:
		return nil
	}
}
