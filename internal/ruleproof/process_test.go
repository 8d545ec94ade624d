package ruleproof

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// product is the binary to prove, built with the switch.
type product struct {
	once sync.Once
	path string
	err  error
}

var built product

const ready = 20 * time.Second // for an engine to start, or to end

// binary builds the product, once.
func binary(t *testing.T, dir string) *product {
	t.Helper()
	built.once.Do(func() {
		built.path = filepath.Join(dir, "symbolon")
		out, err := exec.Command("go", "build", "-tags", "ruleoff", "-o", built.path, "../../cmd/symbolon").CombinedOutput()
		if err != nil {
			built.err = fmt.Errorf("the product does not build: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return &built
}

// start runs an engine until the test ends, without one rule or, where off is
// empty, with all of them, and returns its base URL.
func (b *product) start(t *testing.T, off string) string {
	t.Helper()
	address := freeAddress(t)
	cmd := exec.Command(b.path, "serve", "--database", "memory:", "--api-addr", address)
	cmd.Env = append(os.Environ(), "SYMBOLON_RULE_OFF="+off, "SYMBOLON_ROOT_TOKEN="+enginetest.RootToken,
		"SYMBOLON_MASTER_KEY="+base64.StdEncoding.EncodeToString(enginetest.MasterKey), "TMPDIR="+t.TempDir())
	log := &logged{}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		dead := time.AfterFunc(ready, func() { _ = cmd.Process.Kill() })
		defer dead.Stop()
		_ = cmd.Wait() // how it ends is not what is proved
		if text := log.String(); strings.Contains(text, "panic") || t.Failed() {
			t.Errorf("the engine said:\n%s", text)
		}
	})
	awaitReady(t, "http://"+address, log)
	return "http://" + address
}

// freeAddress returns an address that nobody listens on now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// awaitReady waits until an engine that does not tell answers.
func awaitReady(t *testing.T, base string, log fmt.Stringer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), ready)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/api/lifecycle/healthcheck", nil)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := http.DefaultClient.Do(r); err == nil {
			_ = a.Body.Close()
			if a.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the engine does not get ready:\n%s", log)
		case <-tick.C:
		}
	}
}

// logged is what a process wrote, for several goroutines.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
