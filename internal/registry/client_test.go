package registry

import (
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// TestFootprint: what a client is said to take is near to what it takes. It
// counts all of the heap, so that no other test may run beside it.
func TestFootprint(t *testing.T) {
	heap := func() int64 {
		runtime.GC()
		runtime.GC() // what the first one put off
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	service := &Service{Doc: &wire.Service{}, Version: 1}
	for _, uris := range []int{1, 100, 1000} {
		doc := wire.Client{ClientType: wire.ClientTypeConfidential, ClientSecret: "secret", Extension: &wire.ClientExtension{}}
		for i := range uris {
			doc.RedirectURIs = append(doc.RedirectURIs, fmt.Sprintf("https://client.example/callback/%d", i))
		}
		list := make([]*Client, 500)
		before := heap()
		said := int64(0)
		for i := range list {
			doc.Extension.AccessTokenDuration = int64(i + 1) // no policy like another's
			plain, err := json.Marshal(&doc)
			if err != nil {
				t.Fatal(err)
			}
			if list[i], err = openClient(int64(i+1), 1, 1, plain); err != nil {
				t.Fatal(err)
			}
			list[i].BasePolicy(service)
			said += int64(list[i].bytes)
		}
		took := heap() - before
		runtime.KeepAlive(list)
		if took > said+said/10 || took < said/2 {
			t.Errorf("%d redirect URIs: clients take %d bytes each, and are said to take %d", uris, took/500, said/500)
		}
	}
}

// TestSharedPolicies: clients that are alike have one policy, others their own,
// and a service remembers so many and no more.
func TestSharedPolicies(t *testing.T) {
	t.Parallel()
	s := &Service{Doc: &wire.Service{}, Version: 1}
	of := func(seconds int64) *policy.Policy {
		doc := &wire.Client{Extension: &wire.ClientExtension{AccessTokenDuration: seconds}}
		c, err := compileClient(1, 1, 1, doc)
		if err != nil {
			t.Fatal(err)
		}
		got, modes := c.BasePolicy(s), policy.Input{Service: s.Doc, Client: doc}
		if !reflect.DeepEqual(got, policy.Fold(modes)) {
			t.Fatalf("%d seconds: %+v", seconds, got)
		}
		return got
	}
	first := of(1)
	if of(1) != first || of(2) == first {
		t.Error("policies are not shared where they are equal")
	}
	for n := range int64(maxPolicies + 10) {
		of(n + 1)
	}
	late, again := of(maxPolicies+5), of(maxPolicies+5)
	if of(1) != first || late == again || len(s.policies) != maxPolicies {
		t.Errorf("%d policies are shared", len(s.policies))
	}
}

// TestClientCache: the cache is limited by what clients take, not by how many
// there are.
func TestClientCache(t *testing.T) {
	t.Parallel()
	cache := newClientCache(100_000)
	for i := range int64(1000) {
		cache.Set(i, &Client{ID: i, bytes: footprint(nil)})
	}
	cache.CleanUp()
	if n := cache.EstimatedSize(); n < 10 || n > 24 { // 24 × 4096 = 98304
		t.Errorf("%d small clients are in the cache", n)
	}
	for i := range int64(1000) {
		cache.Set(i, &Client{ID: i, bytes: footprint(make([]byte, 15_000))})
	}
	cache.CleanUp()
	if n := cache.EstimatedSize(); n < 1 || n > 2 { // 2 × 34096 = 68192
		t.Errorf("%d large clients are in the cache", n)
	}
}
