package registry

import (
	"context"
	"crypto/rand"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/keyring"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
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

// memory is a directory and a writer on a database of their own.
func memory(t *testing.T) (*Directory, *Writer, store.Store) {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), "memory:", sqlstore.Options{Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ring, err := keyring.New(make([]byte, keyring.MasterKeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(t.Context(), s, ring)
	if err != nil {
		t.Fatal(err)
	}
	return d, NewWriter(d, s, rand.Reader, time.Now), s
}

// someService is one whose keys are made quickly.
func someService(t *testing.T, w *Writer) *Service {
	t.Helper()
	key, err := jose.GenerateKey("ES256", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := w.CreateService(t.Context(), &wire.Service{JWKS: `{"keys":[` + string(key) + `]}`}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOldDocuments: a client that was stored before a rule came can be locked
// and get another secret, and is judged when it is replaced.
func TestOldDocuments(t *testing.T) {
	t.Parallel()
	_, w, _ := memory(t)
	s := someService(t, w)
	c, err := w.CreateClient(t.Context(), s, &wire.Client{})
	if err != nil {
		t.Fatal(err)
	}
	old := *c.Doc
	old.LogoURI = "no URI at all"
	if c, err = w.putClient(t.Context(), store.ClientRow{ID: c.ID, Service: s.ID, Created: c.Doc.CreatedAt, Version: c.Version}, &old); err != nil {
		t.Fatal(err)
	}
	if c, err = w.LockClient(t.Context(), c, true); err != nil || !c.Doc.Locked {
		t.Errorf("lock: %v", err)
	}
	if changed, before, err := w.SetClientSecret(t.Context(), c, "chosen"); err != nil || changed.Doc.ClientSecret != "chosen" || before != old.ClientSecret {
		t.Errorf("secret: %v", err)
	}
	if _, err := w.UpdateClient(t.Context(), c, &old); !IsDocumentError(err) {
		t.Errorf("update: %v", err)
	}
}

// TestKeysDoNotHoldUp: while keys are made, and others wait for theirs, what
// needs none is written; of those who wait there are not too many.
func TestKeysDoNotHoldUp(t *testing.T) {
	t.Parallel()
	_, w, _ := memory(t)
	s := someService(t, w)
	c, err := w.CreateClient(t.Context(), s, &wire.Client{})
	if err != nil {
		t.Fatal(err)
	}
	w.keys <- struct{}{}
	w.waiting.Store(maxWaiting)
	if _, err := w.UpdateService(t.Context(), s.ID, s.Doc); err != nil {
		t.Errorf("a service that has its keys: %v", err)
	}
	if _, err := w.LockClient(t.Context(), c, true); err != nil {
		t.Errorf("a client: %v", err)
	}
	if _, err := w.CreateService(t.Context(), &wire.Service{}, 0); !errors.Is(err, ErrBusy) {
		t.Errorf("one too many waits: %v", err)
	}
	if n := w.waiting.Load(); n != maxWaiting {
		t.Errorf("%d wait", n)
	}
}

// counting counts the times that all API tokens are read.
type counting struct {
	store.Cold
	all atomic.Int32
}

func (c *counting) APITokens(ctx context.Context) ([]store.APITokenRow, error) {
	c.all.Add(1)
	return c.Cold.APITokens(ctx)
}

// TestChangesAreReadOneByOne: what one API token costs does not depend on how
// many others there are, and nobody who looks for a client waits for it.
func TestChangesAreReadOneByOne(t *testing.T) {
	t.Parallel()
	d, w, s := memory(t)
	counted := &counting{Cold: s}
	d.cold = counted
	made := &APIToken{Permissions: []wire.Permission{wire.PermissionAdmin}}
	value, err := w.CreateAPIToken(t.Context(), made)
	if err != nil || d.APIToken(value) == nil || d.Stats().APITokens != 1 {
		t.Fatalf("%v, %+v", err, d.Stats())
	}
	_, next, err := w.RotateAPIToken(t.Context(), made.ID)
	if err != nil || d.APIToken(value) != nil || d.APIToken(next) == nil || d.Stats().APITokens != 1 {
		t.Errorf("rotated: %v, %+v", err, d.Stats())
	}
	if found, err := w.RevokeAPIToken(t.Context(), made.ID); err != nil || !found || d.APIToken(next) != nil || d.Stats().APITokens != 0 {
		t.Errorf("revoked: %v, %+v", err, d.Stats())
	}
	if n := counted.all.Load(); n != 0 {
		t.Errorf("all tokens were read %d times", n)
	}
	c, err := w.CreateClient(t.Context(), someService(t, w), &wire.Client{})
	if err != nil {
		t.Fatal(err)
	}
	d.mu.Lock() // a follower is at work
	defer d.mu.Unlock()
	if got, err := d.ClientByID(t.Context(), c.ID); err != nil || got == nil || d.clients.EstimatedSize() != 0 {
		t.Errorf("%v, %v, %d cached", got, err, d.clients.EstimatedSize())
	}
}
