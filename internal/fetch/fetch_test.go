package fetch

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// serve starts a TLS server and a client that trusts it and may ask it.
func serve(t *testing.T, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return New(Options{Networks: loopback, CAs: pool}), s.URL
}

func TestGet(t *testing.T) {
	t.Parallel()
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(r.URL.Path + " " + r.Header.Get("Accept-Encoding")))
	})
	for range 2 * inFlight { // none of them keeps a slot
		body, err := c.Get(t.Context(), 1, base+"/a#fragment")
		if err != nil || string(body) != "/a " {
			t.Fatalf("%q %v", body, err)
		}
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	c, base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch r.URL.Path {
		case "/elsewhere":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/missing":
			http.NotFound(w, r)
		case "/long":
			_, _ = w.Write(make([]byte, MaxBytes+1))
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		case "/header":
			w.Header().Set("X", strings.Repeat("x", 64<<10))
		}
	})
	for _, path := range []string{"/elsewhere", "/missing", "/long", "/endless", "/header"} {
		if body, err := c.Get(t.Context(), 1, base+path); err == nil {
			t.Errorf("%s: %d bytes", path, len(body))
		}
	}
	before := asked.Load()
	for _, address := range []string{
		"", "http://example.com/", "ftp://example.com/", "https:///x", "//example.com", "https://" + strings.Repeat("a", MaxAddress),
		strings.Replace(base, "https", "http", 1), strings.Replace(base, "https://", "https://user@", 1), "file:///etc/passwd",
	} {
		if _, err := c.Get(t.Context(), 1, address); err == nil {
			t.Errorf("%q was fetched", address)
		}
	}
	// A certificate that nobody trusts, and an address that is not public.
	if _, err := New(Options{Networks: loopback}).Get(t.Context(), 1, base); err == nil {
		t.Error("an untrusted server was believed")
	}
	if _, err := New(Options{}).Get(t.Context(), 1, base); err == nil || !strings.Contains(err.Error(), "public") {
		t.Errorf("a private address was asked: %v", err)
	}
	if asked.Load() != before {
		t.Error("the server was asked")
	}
}

// TestAttackSSRF: addresses that nobody outside can reach are not asked.
func TestAttackSSRF(t *testing.T) {
	t.Parallel()
	c := New(Options{})
	for address, want := range map[string]bool{
		"127.0.0.1:443": false, "[::1]:443": false, "0.0.0.0:443": false, "[::]:443": false, "10.1.2.3:443": false, "172.16.0.1:443": false,
		"192.168.1.1:443": false, "169.254.169.254:80": false, "100.64.0.1:443": false, "224.0.0.1:443": false, "255.255.255.255:443": false,
		"198.18.0.1:443": false, "[fe80::1%eth0]:443": false, "[fd00::1]:443": false, "[::ffff:127.0.0.1]:443": false, "[::ffff:10.0.0.1]:443": false,
		"[64:ff9b::7f00:1]:443": false, "[2002:7f00:1::]:443": false, "[ff02::1]:443": false, "name:443": false, "[::7f00:1]:443": false, "[::ffff:0:7f00:1]:443": false, "[64:ff9b:1::1]:443": false, "[3fff::1]:443": false, "[5f00::1]:443": false,
		"168.63.129.16:80": false, "192.31.196.1:443": false, "192.175.48.1:443": false,
		"8.8.8.8:443": true, "[2606:4700::1111]:443": true,
	} {
		if err := c.control("tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	// A name of a private address is no way around.
	if _, err := c.Get(t.Context(), 1, "https://localhost:1/"); err == nil || !strings.Contains(err.Error(), "public") {
		t.Errorf("localhost: %v", err)
	}
}

// TestGivesUp: one who gives up takes nobody along.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	release, begun := make(chan struct{}), make(chan struct{})
	var once sync.Once
	c, base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		once.Do(func() { close(begun) })
		<-release
		_, _ = w.Write([]byte("document"))
	})
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() {
		_, err := c.Get(ctx, 1, base)
		first <- err
	}()
	<-begun
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if body, err := c.Get(t.Context(), 1, base); err != nil || string(body) != "document" {
				t.Errorf("%q %v", body, err)
			}
		})
	}
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the one who gave up: %v", err)
	}
	close(release)
	wg.Wait()
}

// TestAttackSlowDocuments: clients of one service, whose documents come
// slowly, do not keep another service from fetching.
func TestAttackSlowDocuments(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	var begun sync.WaitGroup
	begun.Add(inFlight)
	c, base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			begun.Done()
			<-release
		}
	})
	var wg sync.WaitGroup
	for i := range inFlight {
		wg.Go(func() {
			if _, err := c.Get(t.Context(), 1, base+"/slow?"+strconv.Itoa(i)); err != nil {
				t.Error(err)
			}
		})
	}
	begun.Wait()
	if _, err := c.Get(t.Context(), 1, base+"/one-too-many"); err == nil {
		t.Error("one too many was fetched")
	}
	if _, err := c.Get(t.Context(), 2, base+"/of-another"); err != nil {
		t.Error(err)
	}
	close(release)
	wg.Wait()
	if _, err := c.Get(t.Context(), 1, base+"/afterwards"); err != nil || len(c.busy) != 0 {
		t.Error(err, c.busy)
	}
}
