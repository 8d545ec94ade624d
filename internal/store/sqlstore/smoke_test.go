package sqlstore

import (
	"context"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

func TestSmoke(t *testing.T) {
	for _, url := range []string{"memory:", "sqlite:" + t.TempDir() + "/a?b %20#x.db"} {
		ctx := context.Background()
		s, err := Open(ctx, url, Options{Migrate: true})
		if err != nil {
			t.Fatal(err)
		}
		now := time.Now().UnixMilli()
		v, err := s.PutService(ctx, store.ServiceRow{ID: 7, Created: now, Doc: []byte("x")})
		if err != nil || v != 1 {
			t.Fatal(v, err)
		}
		if _, err := s.PutClient(ctx, store.ClientRow{ID: 8, Service: 7, Alias: "a", Created: now}); err != nil {
			t.Fatal(err)
		}
		k := grant.KeyOf("x")
		o, err := s.IssueToken(ctx, store.IssueToken{Now: now, Marks: []grant.Mark{{Key: grant.KeyOf("m"), Expires: now + 1000}}, Token: &grant.Token{Key: k, Service: 7, Client: 8, Grant: grant.ClientKey(7, 8), Kind: grant.Access, Expires: now + 1000, Body: grant.TokenBody{ClientID: "8"}}})
		if err != nil || o != store.Done {
			t.Fatal(o, err)
		}
		tok, g, err := s.Token(ctx, 7, k, now)
		if err != nil || tok == nil || g == nil || g.Expires != 0 || tok.Body.ClientID != "8" {
			t.Fatal(tok, g, err)
		}
		if err := s.RevokeClient(ctx, 7, 8); err != nil {
			t.Fatal(err)
		}
		if _, g, _ := s.Token(ctx, 7, k, now); !g.Revoked {
			t.Fatal("not revoked")
		}
		if err := s.Ping(ctx); err != nil {
			t.Fatal(err)
		}
		if ok, err := s.DeleteService(ctx, 7); !ok || err != nil {
			t.Fatal(ok, err)
		}
		ch, err := s.Changes(ctx, 0, 10)
		t.Log(ch, err, s.Stats())
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
