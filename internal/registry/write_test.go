package registry

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// TestKeysAreMadeInTurn: while keys are made nobody else makes some, and who
// cannot wait goes away.
func TestKeysAreMadeInTurn(t *testing.T) {
	t.Parallel()
	w := NewWriter(nil, nil, rand.Reader, time.Now)
	w.keys <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.serviceKeys(ctx, &wire.Service{}, ""); !errors.Is(err, ErrBusy) {
		t.Errorf("beside another: %v", err)
	}
	<-w.keys
	for range 2 { // the turn is given back
		if jwks, err := w.serviceKeys(t.Context(), &wire.Service{}, ""); err != nil || jwks == "" {
			t.Errorf("%q, %v", jwks, err)
		}
	}
}
