package jose

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
)

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// rsaJWK makes the public JWK of a modulus of some bits.
func rsaJWK(bits int, e []byte) string {
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return fmt.Sprintf(`{"kty":"RSA","n":%q,"e":%q}`, b64(n.Add(n, big.NewInt(1)).Bytes()), b64(e))
}

// publicEC makes the coordinates of a point.
func publicEC(t testing.TB, curve elliptic.Curve) (x, y string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p, err := k.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b64(p[1 : 1+len(p)/2]), b64(p[1+len(p)/2:])
}

// TestParseKeySet: which sets are taken, which are refused, and which keys
// are passed over.
func TestParseKeySet(t *testing.T) {
	t.Parallel()
	x, y := publicEC(t, elliptic.P256())
	x384, y384 := publicEC(t, elliptic.P384())
	good := fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q}`, x, y)
	exponent := []byte{1, 0, 1}
	private, err := json.Marshal(gojose.JSONWebKey{Key: ecKey(t)})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		keys string
		want int // usable keys; -1: the set is refused
	}{
		"none":                    {``, 0},
		"one":                     {good, 1},
		"private":                 {string(private), 1},
		"unknown type":            {`{"kty":"AKP","alg":"ML-DSA-65","pub":"AA"},` + good, 1},
		"no type":                 {`{"kid":"k"},` + good, 1},
		"unknown curve":           {`{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"},` + good, 1},
		"key agreement":           {`{"kty":"OKP","crv":"X25519","x":"AA"},` + good, 1},
		"Ed448":                   {`{"kty":"OKP","crv":"Ed448","x":"AA"},` + good, 1},
		"one kid twice":           {strings.Replace(good, "{", `{"kid":"k",`, 1) + "," + strings.Replace(good, "{", `{"kid":"k",`, 1), 2},
		"RSA 2048":                {rsaJWK(2048, exponent), 1},
		"RSA 4096":                {rsaJWK(4096, exponent), 1},
		"symmetric":               {`{"kty":"oct","k":"c2VjcmV0"},` + good, -1},
		"RSA 1024":                {rsaJWK(1024, exponent), -1},
		"RSA 2047":                {rsaJWK(2047, exponent), -1},
		"RSA 4097":                {rsaJWK(4097, exponent), -1},
		"RSA 16384":               {rsaJWK(16384, exponent), -1},
		"RSA e=1":                 {rsaJWK(2048, []byte{1}), -1},
		"RSA e=0":                 {rsaJWK(2048, []byte{0}), -1},
		"RSA e=2^64+1":            {rsaJWK(2048, []byte{1, 0, 0, 0, 0, 0, 0, 0, 1}), -1},
		"RSA e=2^64+65537":        {rsaJWK(2048, []byte{1, 0, 0, 0, 0, 0, 1, 0, 1}), -1},
		"RSA e even":              {rsaJWK(2048, []byte{1, 0, 0}), -1},
		"RSA without n":           {`{"kty":"RSA","e":"AQAB"}`, -1},
		"not on the curve":        {fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q}`, x, x), -1},
		"coordinates of another":  {fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q}`, x384, y384), -1},
		"the point at infinity":   {fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q}`, b64(make([]byte, 32)), b64(make([]byte, 32))), -1},
		"a coordinate is missing": {fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q}`, x), -1},
		"Ed25519 too short":       {`{"kty":"OKP","crv":"Ed25519","x":"AAAA"}`, -1},
		"text instead of a key":   {`"key"`, -1},
		"a number as kid":         {strings.Replace(good, "{", `{"kid":7,`, 1), -1},
	} {
		set, err := ParseKeySet(`{"keys":[` + c.keys + `]}`)
		switch {
		case c.want < 0 && err == nil:
			t.Errorf("%s: taken", name)
		case c.want >= 0 && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want >= 0 && len(set.Keys) != c.want:
			t.Errorf("%s: %d keys, want %d", name, len(set.Keys), c.want)
		case name == "private" && !set.HasPrivate(), name == "one" && set.HasPrivate():
			t.Errorf("%s: HasPrivate is %v", name, set.HasPrivate())
		}
	}
}

// TestKeySetShape: sets that are none, and sets that are too large.
func TestKeySetShape(t *testing.T) {
	t.Parallel()
	x, y := publicEC(t, elliptic.P256())
	keys := func(n int) string {
		one := fmt.Sprintf(`{"kty":"EC","crv":"P-256","x":%q,"y":%q}`, x, y)
		return `{"keys":[` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + `]}`
	}
	for name, text := range map[string]string{
		"no JSON": `keys`, "an array": `[]`, "keys is no array": `{"keys":{}}`, "nothing": ``,
		"more keys than are taken":  keys(MaxKeys + 1),
		"more bytes than are taken": `{"keys":[],"pad":"` + strings.Repeat("x", maxKeySetSize) + `"}`,
		"something behind":          `{"keys":[]}{}`,
	} {
		if _, err := ParseKeySet(text); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if set, err := ParseKeySet(keys(MaxKeys)); err != nil || len(set.Keys) != MaxKeys {
		t.Errorf("%d keys: %v", MaxKeys, err)
	}
}

// smallOrder are the encodings of the points of Ed25519 whose order divides
// eight, those that are not canonical too.
func smallOrder(t *testing.T) [][]byte {
	t.Helper()
	var out [][]byte
	for _, text := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	} {
		p, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		signed := append([]byte(nil), p...)
		signed[31] |= 0x80
		out = append(out, p, signed)
	}
	return out
}

// TestSmallOrder: with a key of small order a signature that nobody made
// fits one message in eight. The test shows that, and that no set takes such
// a key.
func TestSmallOrder(t *testing.T) {
	t.Parallel()
	forged := make([]byte, ed25519.SignatureSize)
	forged[0] = 1 // R is the neutral point, S is zero
	forgeable := 0
	for _, p := range smallOrder(t) {
		for i := range uint32(100) {
			if ed25519.Verify(p, binary.BigEndian.AppendUint32(nil, i), forged) {
				forgeable++
				break
			}
		}
		if _, err := ParseKeySet(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"` + b64(p) + `"}]}`); err == nil {
			t.Errorf("%x is taken", p)
		}
	}
	if forgeable < 8 {
		t.Errorf("only %d of the points take a forged signature: the list is wrong", forgeable)
	}
	pub, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseKeySet(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"` + b64(pub) + `"}]}`); err != nil {
		t.Errorf("an ordinary key: %v", err)
	}
}

func TestGenerateKeyUnknown(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"", "none", "HS256", "ES256K"} {
		if _, err := GenerateKey(alg, rand.Reader); err == nil {
			t.Errorf("%q: a key was made", alg)
		}
	}
}

// TestKeyIDs: no two keys have the same name.
func TestKeyIDs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 3 {
		text, err := GenerateKey("ES256", rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		var key struct {
			ID string `json:"kid"`
		}
		if err := json.Unmarshal(text, &key); err != nil || key.ID == "" || seen[key.ID] {
			t.Errorf("the name %q of a key: %v", key.ID, err)
		}
		seen[key.ID] = true
	}
}
