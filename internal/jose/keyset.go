package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	gojose "github.com/go-jose/go-jose/v4"
)

// Limits on keys that others send us.
const (
	MaxKeys       = 100
	maxKeySetSize = 1 << 20
	minRSABits    = 2048 // FAPI2-SP-FINAL-5.4.1-2
	maxRSABits    = 4096 // bounds the cost of one verification; the library's limit too
)

// Key is one usable key of a set.
type Key struct {
	ID        string
	Use       string // "sig", "enc" or "" where the key does not say
	Algorithm string // "" where the key does not say
	jwk       gojose.JSONWebKey
	signers   sync.Map // type header -> gojose.Signer
}

// Private reports whether the key can sign.
func (k *Key) Private() bool { return !k.jwk.IsPublic() }

// KeySet is a parsed JWK set. Keys of unknown types are kept in the text
// that was parsed and ignored here (RFC7517-5).
type KeySet struct{ Keys []*Key }

// ParseKeySet parses a JWK set. A set that holds a symmetric key, a weak key
// or more than MaxKeys keys is refused as a whole, with the reason; a key of
// an unknown type or curve is skipped.
func ParseKeySet(text string) (*KeySet, error) {
	if len(text) > maxKeySetSize {
		return nil, errors.New("the JWK set is too large")
	}
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal([]byte(text), &raw); err != nil || raw.Keys == nil {
		return nil, errors.New("the JWK set is not a JSON object with a keys array")
	}
	if len(raw.Keys) > MaxKeys {
		return nil, fmt.Errorf("the JWK set has more than %d keys", MaxKeys)
	}
	set := &KeySet{}
	for i, r := range raw.Keys {
		k, err := parseKey(r)
		if err != nil {
			return nil, fmt.Errorf("key %d of the JWK set: %w", i, err)
		}
		if k != nil {
			set.Keys = append(set.Keys, k)
		}
	}
	return set, nil
}

// parseKey returns nil for a key of a type that we do not use.
func parseKey(raw []byte) (*Key, error) {
	var head struct {
		KeyType string `json:"kty"`
		Curve   string `json:"crv"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return nil, errors.New("it is not a JSON object")
	}
	switch head.KeyType {
	case "oct":
		return nil, errors.New("symmetric keys do not belong into a JWK set")
	case "RSA":
	case "EC":
		if head.Curve != "P-256" && head.Curve != "P-384" && head.Curve != "P-521" {
			return nil, nil
		}
	case "OKP":
		if head.Curve != "Ed25519" {
			return nil, nil
		}
	default:
		return nil, nil
	}
	k := &Key{}
	if err := k.jwk.UnmarshalJSON(raw); err != nil || !k.jwk.Valid() {
		return nil, errors.New("its members do not make a valid key")
	}
	if err := checkStrength(k.jwk.Key); err != nil {
		return nil, err
	}
	k.ID, k.Use, k.Algorithm = k.jwk.KeyID, k.jwk.Use, k.jwk.Algorithm
	return k, nil
}

func checkStrength(key any) error {
	var public *rsa.PublicKey
	switch k := key.(type) {
	case *rsa.PrivateKey:
		public = &k.PublicKey
	case *rsa.PublicKey:
		public = k
	default:
		return nil
	}
	if bits := public.N.BitLen(); bits < minRSABits || bits > maxRSABits {
		return fmt.Errorf("an RSA key must have %d to %d bits, it has %d", minRSABits, maxRSABits, bits)
	}
	if public.E < 3 || public.E%2 == 0 {
		return errors.New("its RSA exponent is not an odd number from 3 on")
	}
	return nil
}

// HasPrivate reports whether any key of the set is private.
func (s *KeySet) HasPrivate() bool {
	for _, k := range s.Keys {
		if k.Private() {
			return true
		}
	}
	return false
}

// Public returns the public halves as a JWK set text.
func (s *KeySet) Public() ([]byte, error) {
	out := gojose.JSONWebKeySet{Keys: []gojose.JSONWebKey{}}
	if s != nil {
		for _, k := range s.Keys {
			out.Keys = append(out.Keys, k.jwk.Public())
		}
	}
	return json.Marshal(out)
}

// SigningKey picks the private key that signs with alg: the one named kid
// or, where kid is empty, the first that fits. Nil if there is none.
func (s *KeySet) SigningKey(alg, kid string) *Key {
	if s == nil {
		return nil
	}
	for _, k := range s.Keys {
		if k.Private() && k.fits(alg) && (kid == "" || k.ID == kid) {
			return k
		}
	}
	return nil
}

// Algorithms returns the algorithms that the set's private keys sign with,
// in the order of the keys.
func (s *KeySet) Algorithms() []string {
	var list []string
	if s == nil {
		return nil
	}
	for _, alg := range []string{"ES256", "PS256", "RS256", "EdDSA", "ES384", "ES512", "PS384", "PS512", "RS384", "RS512"} {
		if s.SigningKey(alg, "") != nil {
			list = append(list, alg)
		}
	}
	return list
}

// fits reports whether the key may be used with a signature algorithm.
func (k *Key) fits(alg string) bool {
	if k.Use == "enc" || k.Algorithm != "" && k.Algorithm != alg {
		return false
	}
	switch key := k.jwk.Public().Key.(type) {
	case *rsa.PublicKey:
		return len(alg) == 5 && (alg[:2] == "RS" || alg[:2] == "PS")
	case *ecdsa.PublicKey:
		return alg == ecAlgorithm(key.Curve)
	case ed25519.PublicKey:
		return alg == "EdDSA"
	default:
		return false
	}
}

func ecAlgorithm(c elliptic.Curve) string {
	switch c {
	case elliptic.P256():
		return "ES256"
	case elliptic.P384():
		return "ES384"
	case elliptic.P521():
		return "ES512"
	default:
		return ""
	}
}

// Thumbprint returns the RFC 7638 SHA-256 thumbprint, base64url-encoded.
func (k *Key) Thumbprint() (string, error) {
	sum, err := k.jwk.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("jose: thumbprint: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// GenerateKey makes a private signing key for alg with a random key id, and
// returns it as a private JWK.
func GenerateKey(alg string, random io.Reader) (json.RawMessage, error) {
	var key any
	var err error
	switch alg {
	case "ES256":
		key, err = ecdsa.GenerateKey(elliptic.P256(), random)
	case "ES384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), random)
	case "ES512":
		key, err = ecdsa.GenerateKey(elliptic.P521(), random)
	case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
		key, err = rsa.GenerateKey(random, minRSABits)
	case "EdDSA":
		_, key, err = ed25519.GenerateKey(random)
	default:
		return nil, fmt.Errorf("jose: no key can be made for %q", alg)
	}
	if err != nil {
		return nil, fmt.Errorf("jose: generate key: %w", err)
	}
	var kid [12]byte
	if _, err := io.ReadFull(random, kid[:]); err != nil {
		return nil, fmt.Errorf("jose: random source: %w", err)
	}
	jwk := gojose.JSONWebKey{Key: key, KeyID: base64.RawURLEncoding.EncodeToString(kid[:]), Algorithm: alg, Use: "sig"}
	return jwk.MarshalJSON()
}

// Extend returns the private JWK set text with keys, as create makes them
// ([GenerateKey]), added for the algorithms that it has no key for. An empty
// text is an empty set.
func Extend(text string, algs []string, create func(alg string) (json.RawMessage, error)) (string, error) {
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	set := &KeySet{}
	if text != "" {
		var err error
		if set, err = ParseKeySet(text); err != nil {
			return "", err
		}
		if err := json.Unmarshal([]byte(text), &raw); err != nil {
			return "", fmt.Errorf("jose: %w", err)
		}
	}
	before := len(raw.Keys)
	for _, alg := range algs {
		if set.SigningKey(alg, "") != nil {
			continue
		}
		key, err := create(alg)
		if err != nil {
			return "", err
		}
		raw.Keys = append(raw.Keys, key)
	}
	if len(raw.Keys) == before {
		return text, nil
	}
	out, err := json.Marshal(raw)
	return string(out), err
}
