package userfile

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// cheap is the hash of "secret" at the lowest cost.
func cheap(t *testing.T, password string) string {
	t.Helper()
	h := hash{cost: cost{kib: 8, passes: 1, threads: 1}, salt: []byte("saltsalt")}
	h.sum = h.compute(password, hashBytes)
	return h.String()
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	d, err := Parse([]byte(`
users:
  - {subject: "1001", loginId: john, password: "` + cheap(t, "secret") + `", acr: urn:a, claims: {name: John, address: {country: JP}}}
  - {subject: "1002", loginId: jane, password: "` + cheap(t, "other") + `"}
`))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ login, password, subject string }{
		{"john", "secret", "1001"},
		{"jane", "other", "1002"},
		{"john", "other", ""},
		{"John", "secret", ""},
		{"1001", "secret", ""},
		{"nobody", "secret", ""},
		{"", "", ""},
		{"john", "", ""},
		{"john", strings.Repeat("x", MaxPassword+1), ""},
	}
	for _, tc := range cases {
		u, err := d.Authenticate(t.Context(), tc.login, tc.password)
		if err != nil {
			t.Fatal(err)
		}
		if got := subjectOf(u); got != tc.subject {
			t.Errorf("%q with %.10q: subject %q, want %q", tc.login, tc.password, got, tc.subject)
		}
	}
	if u := d.Subject("1001"); u == nil || u.ACR != "urn:a" || u.Claims["name"] != "John" {
		t.Errorf("user 1001 is %+v", u)
	}
	if d.nobody.cost != d.Subject("1001").hash.cost {
		t.Error("an unknown user costs less or more than a known one")
	}
}

func subjectOf(u *User) string {
	if u == nil {
		return ""
	}
	return u.Subject
}

func TestAuthenticateWaits(t *testing.T) {
	t.Parallel()
	d, err := Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	for range cap(d.slots) {
		d.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Authenticate(ctx, "john", "secret"); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	good := cheap(t, "secret")
	cases := map[string]string{
		"unknown key":        `users: [{subject: a, loginId: a, password: "` + good + `", pasword: x}]`,
		"unknown top key":    `people: []`,
		"no subject":         `users: [{loginId: a, password: "` + good + `"}]`,
		"subject with space": `users: [{subject: "a b", loginId: a, password: "` + good + `"}]`,
		"long subject":       `users: [{subject: "` + strings.Repeat("a", 101) + `", loginId: a, password: "` + good + `"}]`,
		"no login id":        `users: [{subject: a, password: "` + good + `"}]`,
		"no password":        `users: [{subject: a, loginId: a}]`,
		"empty entry":        `users: [null]`,
		"subject twice":      `users: [{subject: a, loginId: a, password: "` + good + `"}, {subject: a, loginId: b, password: "` + good + `"}]`,
		"login id twice":     `users: [{subject: a, loginId: a, password: "` + good + `"}, {subject: b, loginId: a, password: "` + good + `"}]`,
		"sub claim":          `users: [{subject: a, loginId: a, password: "` + good + `", claims: {sub: b}}]`,
		"key is no text":     `users: [{subject: a, loginId: a, password: "` + good + `", claims: {a: {1: b}}}]`,
	}
	for name, text := range cases {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestParseHash(t *testing.T) {
	t.Parallel()
	text, err := Hash("secret", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h, err := parseHash(text)
	if err != nil || h.String() != text || h.cost != defaultCost {
		t.Fatalf("%q: %+v, %v", text, h, err)
	}
	if !h.matches("secret") || h.matches("Secret") {
		t.Error("the hash does not tell passwords apart")
	}
	for _, bad := range []string{
		"", "secret", "$2a$10$abc", "$argon2i$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
		"$argon2id$v=16$m=8,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
		"$argon2id$v=19$m=9999999,t=1,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
		"$argon2id$v=19$m=8,t=99,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
		"$argon2id$v=19$m=8,t=1,p=0$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA",
		"$argon2id$v=19$m=8,t=1,p=1$c2Fs$c2FsdHNhbHRzYWx0c2FsdA",
		"$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$c2Fs",
		"$argon2id$v=19$m=8,t=1,p=1$!!!$c2FsdHNhbHRzYWx0c2FsdA",
	} {
		if _, err := parseHash(bad); !errors.Is(err, ErrHash) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, password := range []string{"", strings.Repeat("x", MaxPassword+1)} {
		if _, err := Hash(password, rand.Reader); err == nil {
			t.Errorf("a password of %d bytes was hashed", len(password))
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "users.yaml")
	if _, err := Load(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if err := os.WriteFile(path, []byte("users: 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error does not name the file: %v", err)
	}
}

// TestSalt: the same password is never hashed to the same text.
func TestSalt(t *testing.T) {
	t.Parallel()
	one, err := Hash("a long password", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if two, err := Hash("a long password", rand.Reader); err != nil || two == one {
		t.Errorf("%q twice, %v", one, err)
	}
}
