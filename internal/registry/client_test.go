package registry

import (
	"encoding/json"
	"fmt"
	"runtime"
	"testing"

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
		doc := wire.Client{ClientType: wire.ClientTypeConfidential, ClientSecret: "secret"}
		for i := range uris {
			doc.RedirectURIs = append(doc.RedirectURIs, fmt.Sprintf("https://client.example/callback/%d", i))
		}
		plain, err := json.Marshal(&doc)
		if err != nil {
			t.Fatal(err)
		}
		list := make([]*Client, 500)
		before := heap()
		said := int64(0)
		for i := range list {
			if list[i], err = openClient(int64(i+1), 1, 1, plain); err != nil {
				t.Fatal(err)
			}
			list[i].BasePolicy(service)
			said += int64(list[i].bytes)
		}
		took := heap() - before
		runtime.KeepAlive(list)
		if took > said+said/10 || took < said/2 {
			t.Errorf("documents of %d bytes: clients take %d bytes each, and are said to take %d", len(plain), took/500, said/500)
		}
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
	if n := cache.EstimatedSize(); n < 1 || n > 2 {
		t.Errorf("%d large clients are in the cache", n)
	}
}
