//go:build suite

package suite

import (
	"sync"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// TestConfigurationFollows: what one process writes to the configuration the
// other sees within a second, while tokens are written at full speed; the one
// that wrote sees it at once.
func TestConfigurationFollows(t *testing.T) {
	url := enginetest.URL(t)
	a, b := start(t, url), start(t, url)
	s := a.engine().NewService(enginetest.BaseService())
	c := s.NewClient(enginetest.BaseClient())
	b.sees(s)
	onB := &enginetest.Service{Engine: b.engine(), ID: s.ID}

	stop := make(chan struct{})
	var load sync.WaitGroup
	defer load.Wait()
	defer close(stop)
	for range 4 {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					c.Token("grant_type=client_credentials", nil)
				}
			}
		})
	}
	for i, issuer := range []string{"https://one.example", "https://two.example", "https://three.example"} {
		s.Update(enginetest.With(enginetest.BaseService(), doc{"issuer": issuer}))
		written := time.Now()
		if got := s.Call("GET", s.Path("service/configuration"), enginetest.RootToken, nil).Text("issuer"); got != issuer {
			t.Fatalf("change %d: the process that wrote it sees %s", i, got)
		}
		for onB.Call("GET", s.Path("service/configuration"), enginetest.RootToken, nil).Text("issuer") != issuer {
			if time.Since(written) > time.Second {
				t.Fatalf("change %d was not seen within a second", i)
			}
		}
	}
	// A client that was deleted is gone on the other process too, with its tokens.
	token := c.Token("grant_type=client_credentials", nil).Text("accessToken")
	if !onB.Active(token) {
		t.Fatal("the token is not active")
	}
	if a := s.Call("DELETE", s.Path("client/delete/"+c.ID), enginetest.RootToken, nil); a.Status != 204 {
		t.Fatalf("client/delete: %d %s", a.Status, a.Body)
	}
	if onB.Active(token) {
		t.Error("a token of a deleted client is active on the other process: the state of tokens must not lag")
	}
}
