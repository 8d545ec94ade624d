package proof

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"

	"github.com/symbolon-auth/symbolon/internal/keyring"
)

type doc = map[string]any

var now = time.Unix(1_900_000_000, 0)

func nonces(t testing.TB) *Nonces {
	t.Helper()
	ring, err := keyring.New(bytes.Repeat([]byte{1}, keyring.MasterKeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	return NewNonces(ring)
}

// signer makes proofs.
type signer struct{ key *ecdsa.PrivateKey }

func newSigner(t testing.TB) signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signer{k}
}

// fixedSigner has the same key in every process: workers of the fuzzer are
// given each other's seeds.
func fixedSigner(t testing.TB) signer {
	t.Helper()
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return signer{k}
}

// proof makes a good proof whose header and claims the given ones replace.
func (s signer) proof(t testing.TB, header, claims doc) string {
	t.Helper()
	h := with(doc{"typ": "dpop+jwt", "alg": "ES256", "jwk": gojose.JSONWebKey{Key: &s.key.PublicKey}}, header)
	c := with(doc{"jti": "j", "htm": "POST", "htu": "https://as.example/token", "iat": now.Unix()}, claims)
	input := encode(t, h) + "." + encode(t, c)
	sum := sha256.Sum256([]byte(input))
	r, v, err := ecdsa.Sign(rand.Reader, s.key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	v.FillBytes(sig[32:])
	return input + "." + base64.RawURLEncoding.EncodeToString(sig)
}

func with(d, members doc) doc {
	for k, v := range members {
		if v == nil {
			delete(d, k)
		} else {
			d[k] = v
		}
	}
	return d
}

func encode(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func request(proof string) Request {
	return Request{Proof: proof, Method: "POST", URL: "https://as.example/token", Algorithms: []string{"ES256", "PS256", "EdDSA"}, Service: 1, Window: 60, Now: now}
}

// TestCheck: every claim at its limits.
func TestCheck(t *testing.T) {
	t.Parallel()
	n, s := nonces(t), newSigner(t)
	for _, x := range []struct {
		name           string
		header, claims doc
		refused        string // the rule, "" for none
	}{
		{"good", nil, nil, ""},
		{"typ in other letters", doc{"typ": "DPoP+JWT"}, nil, ""},
		{"typ in full", doc{"typ": "application/dpop+jwt"}, nil, ""},
		{"typ JWT", doc{"typ": "JWT"}, nil, "dpop.type"},
		{"no typ", doc{"typ": nil}, nil, "dpop.type"},
		{"jti of 512", nil, doc{"jti": strings.Repeat("j", 512)}, ""},
		{"jti of 513", nil, doc{"jti": strings.Repeat("j", 513)}, "dpop.jti"},
		{"empty jti", nil, doc{"jti": ""}, "dpop.jti"},
		{"no jti", nil, doc{"jti": nil}, "dpop.jti"},
		{"htm in other letters", nil, doc{"htm": "post"}, "dpop.htm"},
		{"no htm", nil, doc{"htm": nil}, "dpop.htm"},
		{"no htu", nil, doc{"htu": nil}, "dpop.htu"},
		{"iat 60 s ago", nil, doc{"iat": now.Unix() - 60}, ""},
		{"iat 61 s ago", nil, doc{"iat": now.Unix() - 61}, "dpop.iat"},
		{"iat 60 s ahead", nil, doc{"iat": now.Unix() + 60}, ""},
		{"iat 61 s ahead", nil, doc{"iat": now.Unix() + 61}, "dpop.iat"},
		{"iat with a fraction", nil, doc{"iat": float64(now.Unix()) + 0.5}, ""},
		{"iat in milliseconds", nil, doc{"iat": now.UnixMilli()}, "dpop.iat"},
		{"iat beyond all dates", nil, doc{"iat": 1e300}, "dpop.iat"},
		{"iat below zero", nil, doc{"iat": -1}, "dpop.iat"},
		{"iat zero", nil, doc{"iat": 0}, "dpop.iat"},
		{"no iat", nil, doc{"iat": nil}, "dpop.iat"},
		{"iat as text", nil, doc{"iat": "1900000000"}, "dpop.well_formed"},
		{"our nonce, though none is demanded", nil, doc{"nonce": n.Current(1, 60, now)}, ""},
		{"a nonce that is not ours", nil, doc{"nonce": "n"}, "dpop.nonce"},
		{"an algorithm that is not listed", doc{"alg": "ES384"}, nil, "dpop.algorithm"},
		{"no algorithm", doc{"alg": "none"}, nil, "dpop.algorithm"},
		{"a private key", doc{"jwk": gojose.JSONWebKey{Key: s.key}}, nil, "dpop.key"},
		{"no key", doc{"jwk": nil}, nil, "dpop.key"},
		{"somebody else's key", doc{"jwk": gojose.JSONWebKey{Key: &newSigner(t).key.PublicKey}}, nil, "dpop.signature"},
		{"crit", doc{"crit": []string{"exp"}, "exp": 1}, nil, "dpop.well_formed"},
	} {
		d, f := n.Check(request(s.proof(t, x.header, x.claims)))
		switch {
		case f == nil && x.refused != "", f != nil && f.ID != x.refused:
			t.Errorf("%s: refused by %v, want %q", x.name, f, x.refused)
		case f == nil && (len(d.Thumbprint) != 43 || d.Mark.Key.IsZero() || d.Mark.Expires <= now.UnixMilli()):
			t.Errorf("%s: %+v", x.name, d)
		}
	}
	good := s.proof(t, nil, nil)
	for name, proof := range map[string]string{"two, joined by a comma": good + ", " + good, "nothing but a scheme": "DPoP " + good, "a line break": good + "\n", "empty": ""} {
		if _, f := n.Check(request(proof)); f == nil || f.ID != "dpop.well_formed" {
			t.Errorf("%s: %v", name, f)
		}
	}
}

// TestMark: the same proof has the same mark, another key, jti or service
// another one, and it is kept as long as the proof is good.
func TestMark(t *testing.T) {
	t.Parallel()
	n, s := nonces(t), newSigner(t)
	mark := func(r Request) *DPoP {
		d, f := n.Check(r)
		if f != nil {
			t.Fatal(f.ID)
		}
		return d
	}
	one := mark(request(s.proof(t, nil, nil)))
	if again := mark(request(s.proof(t, nil, nil))); again.Mark != one.Mark || again.Thumbprint != one.Thumbprint {
		t.Error("the same jti and key have two marks")
	}
	elsewhere := request(s.proof(t, nil, nil))
	elsewhere.Service = 2
	for name, d := range map[string]*DPoP{
		"jti": mark(request(s.proof(t, nil, doc{"jti": "k"}))), "key": mark(request(newSigner(t).proof(t, nil, nil))), "service": mark(elsewhere),
	} {
		if d.Mark.Key == one.Mark.Key {
			t.Errorf("another %s has the same mark", name)
		}
	}
	for _, at := range []int64{-60, 0, 60} {
		iat := now.Unix() + at
		if d := mark(request(s.proof(t, nil, doc{"iat": iat}))); d.Mark.Expires <= (iat+60)*1000 {
			t.Errorf("iat %d s from now: the mark expires %d ms before the proof", at, (iat+60)*1000-d.Mark.Expires)
		}
	}
}

// TestAccessTokenHash: ath counts where there is an access token.
func TestAccessTokenHash(t *testing.T) {
	t.Parallel()
	n, s := nonces(t), newSigner(t)
	sum := sha256.Sum256([]byte("token"))
	right := base64.RawURLEncoding.EncodeToString(sum[:])
	for ath, want := range map[string]bool{right: true, "": false, right + "=": false, base64.RawStdEncoding.EncodeToString(sum[:]): base64.RawStdEncoding.EncodeToString(sum[:]) == right, "token": false} {
		r := request(s.proof(t, nil, doc{"ath": ath}))
		r.AccessToken = "token"
		if _, f := n.Check(r); (f == nil) != want || f != nil && f.ID != "dpop.ath" {
			t.Errorf("%q: %v", ath, f)
		}
	}
	if _, f := n.Check(request(s.proof(t, nil, doc{"ath": "whatever"}))); f != nil {
		t.Errorf("ath without an access token: %s", f.ID)
	}
}

// TestNonces: good in their window and the next, for their service, with our
// key.
func TestNonces(t *testing.T) {
	t.Parallel()
	n, s := nonces(t), newSigner(t)
	nonce := n.Current(1, 60, now)
	other, err := keyring.New(bytes.Repeat([]byte{2}, keyring.MasterKeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	start := now.Truncate(time.Minute)
	for _, x := range []struct {
		name  string
		nonce string
		at    time.Time
		want  bool
	}{
		{"at once", nonce, now, true},
		{"at the end of the next window", nonce, start.Add(120*time.Second - 1), true},
		{"two windows later", nonce, start.Add(120 * time.Second), false},
		{"one window earlier", nonce, start.Add(-1), false},
		{"another service's", n.Current(2, 60, now), now, false},
		{"another master key's", NewNonces(other).Current(1, 60, now), now, false},
		{"altered", "A" + nonce[1:], now, nonce[0] == 'A'},
		{"truncated", nonce[:len(nonce)-1], now, false},
		{"empty", "", now, false},
	} {
		claims := doc{"nonce": x.nonce, "iat": x.at.Unix()}
		r := request(s.proof(t, nil, claims))
		r.NonceRequired, r.Now = true, x.at
		if _, f := n.Check(r); (f == nil) != x.want || f != nil && f.ID != "dpop.nonce" {
			t.Errorf("%s: %v", x.name, f)
		}
	}
	if n.Current(1, 60, start) != n.Current(1, 60, start.Add(59*time.Second)) || n.Current(1, 60, start) == n.Current(1, 60, start.Add(60*time.Second)) {
		t.Error("a window is not a window")
	}
}

// TestURLs: what counts as the same URL (DPOP-4.3).
func TestURLs(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		url, htu string
		same     bool
	}{
		{"https://as.example/token", "https://as.example/token", true},
		{"https://as.example/token", "HTTPS://AS.Example/token", true},
		{"https://as.example/token", "https://as.example:443/token", true},
		{"https://as.example:443/token", "https://as.example/token", true},
		{"http://as.example/token", "http://as.example:80/token", true},
		{"https://as.example", "https://as.example/", true},
		{"https://as.example/token", "https://as.example/token?a=b", true},
		{"https://as.example/token?a=b", "https://as.example/token", true},
		{"https://as.example/token", "https://as.example/token#f", true},
		{"https://as.example/~a", "https://as.example/%7Ea", true},
		{"https://as.example/%7ea", "https://as.example/%7Ea", true},
		{"https://as.example/é", "https://as.example/%C3%A9", true},
		{"https://as.example/a%2Fb", "https://as.example/a%2Fb", true},
		{"https://as.example/a%2Fb", "https://as.example/a/b", false},
		{"https://as.example/token", "https://as.example/Token", false},
		{"https://as.example/token", "https://as.example/token/", false},
		{"https://as.example/token", "https://as.example/x/../token", false},
		{"https://as.example/token", "http://as.example/token", false},
		{"https://as.example/token", "https://as.example:80/token", false},
		{"http://as.example/token", "http://as.example:443/token", false},
		{"https://as.example:8443/token", "https://as.example/token", false},
		{"https://as.example/token", "https://as.example.evil.test/token", false},
		{"https://as.example/token", "https://as.example@evil.test/token", false},
		{"https://as.example/token", "https://evil@as.example/token", false},
		{"https://as.example/token", "https://as.example\\@evil.test/token", false},
		{"https://as.example/token", "//as.example/token", false},
		{"https://as.example/token", "/token", false},
		{"https://as.example/token", "as.example/token", false},
		{"https://as.example/token", "", false},
		{"https://as.example/token", "https://as.example/token ", false},
		{"https://as.example/token", " https://as.example/token", false},
		{"https://as.example/token", "https://as.example/%zz", false},
		{"https://as.example/token", "https://as.example/token" + strings.Repeat("?", 9<<10), false},
		{"", "", false},
		{"", "https://as.example/token", false},
	} {
		a, okA := normalURL(x.url)
		b, okB := normalURL(x.htu)
		if same := okA && okB && a == b; same != x.same {
			t.Errorf("%q and %.80q: %v (%q, %q)", x.url, x.htu, same, a, b)
		}
	}
}

// FuzzCheck: whatever is sent as a proof, nothing panics, and what holds
// names this method and URL.
func FuzzCheck(f *testing.F) {
	n, s := nonces(f), fixedSigner(f)
	good := s.proof(f, nil, nil)
	part := strings.Split(good, ".")
	for _, seed := range []string{
		"", good, good + ", " + good, "..", "DPoP " + good, part[0] + "." + encode(f, doc{"jti": "j"}) + "." + part[2], s.proof(f, doc{"typ": 7}, nil),
		s.proof(f, nil, doc{"iat": 1e300}), s.proof(f, nil, doc{"htu": "https://[::1"}), s.proof(f, nil, doc{"nonce": "n"}), s.proof(f, doc{"jwk": "k"}, nil),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, proof string) {
		d, fault := n.Check(request(proof))
		if (d == nil) == (fault == nil) {
			t.Fatalf("%q: %v and %v", proof, d, fault)
		}
		if fault == nil {
			if p := strings.Split(proof, "."); p[0] != part[0] || p[1] != part[1] {
				t.Errorf("%q holds, and nobody made it", proof)
			}
		}
	})
}
