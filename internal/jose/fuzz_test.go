package jose

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
)

// FuzzVerify: whatever is sent, nothing panics, and nothing verifies but what
// the one key signed.
func FuzzVerify(f *testing.F) {
	// Workers of the fuzzer are given each other's seeds: one key for all.
	k, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{1}, 32))
	if err != nil {
		f.Fatal(err)
	}
	keys := set(f, gojose.JSONWebKey{Key: &k.PublicKey, KeyID: "k"})
	good := es256(f, k, `{"alg":"ES256","kid":"k","typ":"JWT"}`, `{"iss":"x"}`)
	part := strings.Split(good, ".")
	for _, seed := range []string{
		"", ".", "..", "a.b.c", good, good + ".", good + "\n", "eyJhbGciOiJub25lIn0.e30.", part[0] + ".." + part[2], part[0] + "." + part[1] + ".",
		`{"payload":"e30","signatures":[]}`, segment(`{"alg":"ES256","crit":["exp"]}`) + ".e30.AA", segment(`{"alg":"ES256","jwk":{"kty":"EC"}}`) + ".e30.AA",
		segment(`{"alg":"ES256","kid":1}`) + ".e30.AA", segment(`[]`) + ".e30.AA", strings.Repeat(".", 100), segment(`{"alg":"HS256"}`) + ".e30.AA",
		segment(`{"alg":"ES256","x5c":["AA"],"jku":"http://127.0.0.1/"}`) + ".e30.AA",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		var c claims
		if _, err := Verify(token, keys, everything, &c); err == nil {
			if got := strings.Split(token, "."); got[0] != part[0] || got[1] != part[1] {
				t.Errorf("%q verifies", token)
			}
		}
		if _, key, err := VerifyEmbedded(token, everything, &c); err == nil && (key == nil || key.Private()) {
			t.Errorf("%q verifies with no public key", token)
		}
		if h, err := PeekHeader(token); err == nil && strings.ToLower(h.Type) != h.Type {
			t.Errorf("%q: typ %q is not folded", token, h.Type)
		}
		_ = PeekClaims(token, &c)
	})
}

// FuzzParseKeySet: what is taken can be used and published, without anything
// private.
func FuzzParseKeySet(f *testing.F) {
	x, y := publicEC(f, elliptic.P256())
	private, err := json.Marshal(gojose.JSONWebKeySet{Keys: []gojose.JSONWebKey{{Key: ecKey(f), KeyID: "k"}}})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		``, `{}`, `{"keys":[]}`, `{"keys":null}`, `{"keys":[{}]}`, `{"keys":[null]}`, `{"keys":[{"kty":"oct","k":"AA"}]}`,
		fmt.Sprintf(`{"keys":[{"kty":"EC","crv":"P-256","x":%q,"y":%q}]}`, x, y), string(private),
		`{"keys":[` + rsaJWK(2048, []byte{1, 0, 1}) + `]}`, `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}`,
		`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","x5c":["AA"],"x5u":"http://127.0.0.1/"}]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := ParseKeySet(text)
		if err != nil {
			return
		}
		published, err := set.Public()
		if err != nil {
			t.Fatalf("%q cannot be published: %v", text, err)
		}
		again, err := ParseKeySet(string(published))
		if err != nil || again.HasPrivate() || len(again.Keys) != len(set.Keys) {
			t.Fatalf("%q is published as %s: %v", text, published, err)
		}
		for _, k := range set.Keys {
			if _, err := k.Thumbprint(); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}
