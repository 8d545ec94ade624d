package jose

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

// MaxTokenBytes bounds a JWT that somebody sends us.
const MaxTokenBytes = 16 << 10

// Algorithms that Verify may be asked to accept. Symmetric ones and "none"
// are never among them.
var asymmetric = map[string]gojose.SignatureAlgorithm{
	"RS256": gojose.RS256, "RS384": gojose.RS384, "RS512": gojose.RS512,
	"PS256": gojose.PS256, "PS384": gojose.PS384, "PS512": gojose.PS512,
	"ES256": gojose.ES256, "ES384": gojose.ES384, "ES512": gojose.ES512,
	"EdDSA": gojose.EdDSA,
}

// The reasons why a token does not verify.
var (
	ErrMalformed = errors.New("it is not a compact JWS with a JSON payload")
	ErrAlgorithm = errors.New("its algorithm is not acceptable")
	ErrCritical  = errors.New("it has a critical header that is not understood")
	ErrNoKey     = errors.New("no key fits its algorithm and key id")
	ErrSignature = errors.New("its signature does not verify")
	ErrKey       = errors.New("its embedded key is missing, private or not acceptable")
)

// Header is what a JWS header says about itself.
type Header struct {
	Algorithm string
	KeyID     string
	Type      string // lower case, without "application/"
}

// rawHeader is read before the library sees the token, so that limits and
// allow-lists come first.
type rawHeader struct {
	Algorithm string          `json:"alg"`
	KeyID     string          `json:"kid"`
	Type      string          `json:"typ"`
	Critical  json.RawMessage `json:"crit"`
	JWK       json.RawMessage `json:"jwk"`
}

// PeekHeader reads the header of a compact JWS without verifying anything.
func PeekHeader(token string) (Header, error) {
	h, err := peek(token)
	return h.public(), err
}

func (h rawHeader) public() Header {
	typ := strings.ToLower(h.Type)
	return Header{Algorithm: h.Algorithm, KeyID: h.KeyID, Type: strings.TrimPrefix(typ, "application/")}
}

func peek(token string) (rawHeader, error) {
	var h rawHeader
	if !compact(token) {
		return h, ErrMalformed
	}
	first, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil || json.Unmarshal(raw, &h) != nil {
		return rawHeader{}, ErrMalformed
	}
	if h.Critical != nil {
		return h, ErrCritical
	}
	return h, nil
}

// compact reports whether a text has the form of a compact JWS. Decoders
// skip line breaks; they do not belong there (RFC7515-2).
func compact(token string) bool {
	return len(token) <= MaxTokenBytes && strings.Count(token, ".") == 2 && !strings.ContainsAny(token, "\r\n")
}

// PeekClaims decodes the payload of a compact JWS into v without verifying
// anything: to find out whose keys to ask for.
func PeekClaims(token string, v any) error {
	if !compact(token) {
		return ErrMalformed
	}
	payload := strings.Split(token, ".")[1]
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || json.Unmarshal(raw, v) != nil {
		return ErrMalformed
	}
	return nil
}

// Verify checks a compact JWS with the keys of a set and decodes its payload
// into claims, a pointer to a struct. Only the listed algorithms are
// accepted. Where the header names a key id and the set has it, only keys of
// that id are tried; of several keys of one id the one whose type fits counts
// (FAPI2-SP-FINAL-5.4.3).
func Verify(token string, keys *KeySet, algorithms []string, claims any) (Header, error) {
	raw, err := peek(token)
	h := raw.public()
	if err != nil {
		return h, err
	}
	if !acceptable(h.Algorithm, algorithms) {
		return h, ErrAlgorithm
	}
	jws, err := parse(token, h.Algorithm)
	if err != nil {
		return h, err
	}
	failure := ErrNoKey
	for _, k := range keys.candidates(h) {
		payload, err := jws.Verify(k.jwk.Public().Key)
		if err != nil {
			failure = ErrSignature
			continue
		}
		return h, decode(payload, claims)
	}
	return h, failure
}

// VerifyEmbedded checks a compact JWS with the public key in its own header,
// as DPoP proofs are (RFC 9449 §4.2), and returns that key.
func VerifyEmbedded(token string, algorithms []string, claims any) (Header, *Key, error) {
	raw, err := peek(token)
	h := raw.public()
	if err != nil {
		return h, nil, err
	}
	if !acceptable(h.Algorithm, algorithms) {
		return h, nil, ErrAlgorithm
	}
	if len(raw.JWK) == 0 || len(raw.JWK) > 4<<10 {
		return h, nil, ErrKey
	}
	k, err := parseKey(raw.JWK)
	if err != nil || k == nil || k.Private() || !k.fits(h.Algorithm) {
		return h, nil, ErrKey
	}
	jws, err := parse(token, h.Algorithm)
	if err != nil {
		return h, nil, err
	}
	payload, err := jws.Verify(k.jwk.Key)
	if err != nil {
		return h, nil, ErrSignature
	}
	return h, k, decode(payload, claims)
}

// Unsecured decodes the payload of a JWS without a signature, whose algorithm
// is "none" (RFC 7515 §6). Whoever asks for it has to want it: Verify never
// takes one.
func Unsecured(token string, claims any) (Header, error) {
	raw, err := peek(token)
	h := raw.public()
	switch {
	case err != nil:
		return h, err
	case h.Algorithm != "none":
		return h, ErrAlgorithm
	case !strings.HasSuffix(token, "."):
		return h, ErrMalformed
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		return h, ErrMalformed
	}
	return h, decode(payload, claims)
}

func acceptable(alg string, allowed []string) bool {
	_, known := asymmetric[alg]
	return known && slices.Contains(allowed, alg)
}

func parse(token, alg string) (*gojose.JSONWebSignature, error) {
	jws, err := gojose.ParseSignedCompact(token, []gojose.SignatureAlgorithm{asymmetric[alg]})
	if err != nil {
		return nil, ErrMalformed
	}
	return jws, nil
}

// decode demands one JSON object; the library's decoder refuses duplicate
// members and matches names exactly.
func decode(payload []byte, claims any) error {
	if p := bytes.TrimSpace(payload); len(p) == 0 || p[0] != '{' {
		return ErrMalformed
	}
	if err := json.Unmarshal(payload, claims); err != nil {
		return ErrMalformed
	}
	return nil
}

func (s *KeySet) candidates(h Header) []*Key {
	if s == nil {
		return nil
	}
	var named, all []*Key
	for _, k := range s.Keys {
		if !k.fits(h.Algorithm) {
			continue
		}
		if h.KeyID != "" && k.ID == h.KeyID {
			named = append(named, k)
		}
		if h.KeyID == "" || k.ID == "" {
			all = append(all, k)
		}
	}
	if len(named) > 0 {
		return named
	}
	const most = 10 // bounds the work of a token without a key id
	if len(all) > most {
		all = all[:most]
	}
	return all
}

// Sign makes a compact JWS of claims with the key. typ is the type header,
// "" for none; extra are further protected headers.
func (k *Key) Sign(alg, typ string, claims []byte, extra map[string]any) (string, error) {
	signer, err := k.signer(alg, typ, extra)
	if err != nil {
		return "", err
	}
	jws, err := signer.Sign(claims)
	if err != nil {
		return "", fmt.Errorf("jose: sign: %w", err)
	}
	return jws.CompactSerialize()
}

func (k *Key) signer(alg, typ string, extra map[string]any) (gojose.Signer, error) {
	cacheKey := alg + " " + typ
	if len(extra) == 0 {
		if s, ok := k.signers.Load(cacheKey); ok {
			return s.(gojose.Signer), nil
		}
	}
	opts := &gojose.SignerOptions{}
	for name, value := range extra {
		opts.WithHeader(gojose.HeaderKey(name), value)
	}
	if typ != "" {
		opts.WithType(gojose.ContentType(typ))
	}
	s, err := gojose.NewSigner(gojose.SigningKey{Algorithm: gojose.SignatureAlgorithm(alg), Key: k.jwk}, opts)
	if err != nil {
		return nil, fmt.Errorf("jose: signer for %s: %w", alg, err)
	}
	if len(extra) == 0 {
		k.signers.Store(cacheKey, s)
	}
	return s, nil
}
