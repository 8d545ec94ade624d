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

// ReplayFault says which kind of mark a replayed job had. A job with an
// assertion and a proof does not tell which of them was spent; the assertion
// is named, since a client that retries makes both anew.
func ReplayFault(marks []grant.Mark, assertion *grant.Mark) *rule.Fault {
	if assertion != nil && len(marks) > 0 {
		return assertionReplay()
	}
	return proofReplay()
}
