package cli

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/demo"
)

func TestDemoOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	code, out, text := run(t, nil, "", "demo", "--once", "--dir", dir)
	if code != ExitOK || !strings.HasSuffix(out, "All 12 steps went as they should.\n") {
		t.Errorf("%d %s %s", code, out, text)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a demonstration that runs once leaves a folder")
	}
}

// The demonstration is the same at its next start, and another one after a
// reset.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	args := []string{"demo", "--dir", dir, "--api-addr", "127.0.0.1:0", "--front-addr", "127.0.0.1:0", "--front-tls-addr", "127.0.0.1:0"}
	first := start(t, 3, nil, args...)
	greeting := first.out.String()
	before, commands, _ := strings.Cut(greeting, "\n\n")
	if lines := strings.Count(before, "\n") + 1; lines != 10 {
		t.Errorf("it prints %d lines:\n%s", lines, before)
	}
	if n := strings.Count(commands, "curl -s"); n != 4 {
		t.Errorf("it prints %d commands:\n%s", n, commands)
	}
	token, err := os.ReadFile(filepath.Join(dir, "root-token"))
	if err != nil {
		t.Fatal(err)
	}
	if got := status(t, "http://"+first.addr["api-addr"]+"/api/service/get/list", strings.TrimSpace(string(token))); got != 200 {
		t.Errorf("the root token: %d", got)
	}
	if got := status(t, "http://"+first.addr["front-addr"]+"/.well-known/openid-configuration", ""); got != 200 {
		t.Errorf("discovery: %d", got)
	}
	wantTLS(t, first.addr["front-tls-addr"], filepath.Join(dir, "ca.pem"))
	first.end()

	// A file that the demonstration did not make survives a reset.
	mine := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(mine, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	second := start(t, 3, nil, args...)
	if second.out.String() != greeting {
		t.Errorf("the second start prints another greeting:\n%s", second.out)
	}
	second.end()
	third := start(t, 3, nil, append(args, "--reset")...)
	if third.out.String() == greeting {
		t.Error("after a reset everything is as it was")
	}
	third.end()
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
	secretsAreClosed(t, dir)
}

// wantTLS demands what FAPI asks of a listener: the certificate of the local
// authority, TLS 1.3, and of TLS 1.2 the ECDHE suites with AES-GCM alone.
func wantTLS(t *testing.T, addr, ca string) {
	t.Helper()
	pem, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	for name, tc := range map[string]struct {
		version uint16
		suite   uint16
		ok      bool
	}{
		"1.3":              {tls.VersionTLS13, 0, true},
		"1.2, AES-128-GCM": {tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true},
		"1.2, AES-256-GCM": {tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, true},
		"1.2, ChaCha20":    {tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, false},
		"1.2, CBC":         {tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, false},
		"1.2, RSA key":     {tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_GCM_SHA256, false},
		"1.1":              {tls.VersionTLS11, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, false},
	} {
		config := &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: tc.version, MaxVersion: tc.version}
		if tc.suite != 0 {
			config.CipherSuites = []uint16{tc.suite}
		}
		client := http.Client{Transport: &http.Transport{TLSClientConfig: config}}
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+addr+"/jwks", nil)
		resp, err := client.Do(r)
		if (err == nil) != tc.ok {
			t.Errorf("TLS %s: %v", name, err)
		}
		if err == nil {
			_ = resp.Body.Close()
		}
		client.CloseIdleConnections()
	}
}

func secretsAreClosed(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if public := strings.HasSuffix(e.Name(), ".pem"); !public && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", e.Name(), info.Mode())
		}
	}
}

// At other addresses the same services and clients are found, and a key that
// was lost is replaced.
func TestDemoMoves(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	e, err := openEngine(t.Context(), log, engineOptions{database: "memory:", migrate: true, masterKey: newKey(), rootToken: rootToken})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.close() })
	dir := t.TempDir()
	folder, err := demo.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	open := func(issuers demo.Issuers) *demonstration {
		d, err := openDemo(t.Context(), log, e, rootToken, folder, issuers)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := demo.Walk(t.Context(), &out, d.fapi, issuers.FAPI, d.client); err != nil {
			t.Errorf("%v after\n%s", err, &out)
		}
		if err := d.plain.Check(t.Context()); err != nil {
			t.Error(err)
		}
		return d
	}
	first := open(demo.Issuers{Plain: "http://localhost:1", FAPI: "https://localhost:2"})
	moved := open(demo.Issuers{Plain: "http://localhost:3", FAPI: "https://localhost:4"})
	if moved.seeded.State != first.seeded.State || moved.seeded.WebSecret != first.seeded.WebSecret {
		t.Errorf("before %+v, then %+v", first.seeded, moved.seeded)
	}
	if err := os.Remove(filepath.Join(dir, "fapi-client.jwk.json")); err != nil {
		t.Fatal(err)
	}
	open(demo.Issuers{Plain: "http://localhost:3", FAPI: "https://localhost:4"})
}
