package demo

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T) *Folder {
	t.Helper()
	f, err := Open(filepath.Join(t.TempDir(), "a", "b"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The certificate stays the same until it is about to end.
func TestCertificate(t *testing.T) {
	t.Parallel()
	f := open(t)
	now := time.Now()
	first, err := f.Certificate(now)
	if err != nil {
		t.Fatal(err)
	}
	key, ok := first.PrivateKey.(*rsa.PrivateKey)
	if !ok || key.N.BitLen() != leafBits {
		t.Errorf("the key is a %T", first.PrivateKey)
	}
	pem, err := os.ReadFile(f.path(caFile))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		if _, err := first.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, tc := range []struct {
		later time.Duration
		same  bool
	}{{0, true}, {certLifetime - certReserve - 2*time.Hour, true}, {certLifetime - certReserve, false}} {
		again, err := f.Certificate(now.Add(tc.later))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(again.Certificate[0], first.Certificate[0]) != tc.same {
			t.Errorf("after %v: same is not %v", tc.later, tc.same)
		}
	}
}

func TestSecretsStay(t *testing.T) {
	t.Parallel()
	f := open(t)
	read := func() string {
		root, err := f.RootToken()
		if err != nil {
			t.Fatal(err)
		}
		cookie, err := f.CookieKey()
		if err != nil {
			t.Fatal(err)
		}
		key, err := f.ClientKey()
		if err != nil {
			t.Fatal(err)
		}
		return root + string(cookie) + string(key.public)
	}
	first := read()
	if read() != first {
		t.Error("the secrets change")
	}
	if err := f.Reset(); err != nil {
		t.Fatal(err)
	}
	if read() == first {
		t.Error("a reset changes nothing")
	}
}

func TestDamagedFolders(t *testing.T) {
	t.Parallel()
	f := open(t)
	for _, name := range []string{stateFile, clientKeyFile, usersFile, cookieKeyFile} {
		if err := os.WriteFile(f.path(name), []byte("["), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.State(); err == nil {
		t.Error("state")
	}
	if _, err := f.ClientKey(); err == nil || !strings.Contains(err.Error(), clientKeyFile) {
		t.Errorf("client key: %v", err)
	}
	if _, err := f.Users(); err == nil {
		t.Error("users")
	}
	if _, err := f.CookieKey(); err == nil {
		t.Error("cookie key")
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	d, err := Memory{}.Users()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"john", "jane"} {
		if u, err := d.Authenticate(t.Context(), name, name); err != nil || u == nil || u.Claims["preferred_username"] != name {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
	}
}

// A walk that goes wrong names the step.
func TestWalkFails(t *testing.T) {
	t.Parallel()
	key, err := Memory{}.ClientKey()
	if err != nil {
		t.Fatal(err)
	}
	for want, front := range map[string]http.HandlerFunc{
		"step 1, discovery: ": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"step 2, pushed authorization request: ": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				_, _ = io.WriteString(w, `{"issuer":"https://localhost:2","pushed_authorization_request_endpoint":"https://localhost:2/par"}`)
				return
			}
			w.WriteHeader(http.StatusBadRequest)
		},
	} {
		err := Walk(t.Context(), io.Discard, front, "https://localhost:2", key)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
