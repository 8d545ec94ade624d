package grant

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

const (
	expiryBytes  = 6  // milliseconds since the epoch, big endian
	randomBytes  = 32 // entropy of a handle (FAPI2-SP-FINAL-5.4.1-4 asks for 16)
	handleBytes  = expiryBytes + randomBytes
	handleLength = (handleBytes*8 + 5) / 6
)

// Key is what a thing is stored under: six bytes of its expiry as known when
// it was issued, so that keys grow with time and B-trees stay append-like,
// then the first 26 bytes of the SHA-256 of its handle. The published
// accessTokenHash is this key, base64url-encoded.
type Key [expiryBytes + 26]byte

// NewHandle makes an unguessable value for something that expires at t. It
// reads 32 bytes from random and is safe in a URL path.
func NewHandle(random io.Reader, t time.Time) (string, error) {
	var raw [handleBytes]byte
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(t.UnixMilli()))
	copy(raw[:expiryBytes], ms[8-expiryBytes:])
	if _, err := io.ReadFull(random, raw[expiryBytes:]); err != nil {
		return "", fmt.Errorf("grant: random source: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw[:]), nil
}

// KeyOf returns the key of a handle. It is a function of the text alone, so
// a value that somebody else chose (a migrated token) has a key too; unless
// it has the very shape of our handles, its expiry bytes are zero.
func KeyOf(handle string) Key {
	var k Key
	if len(handle) == handleLength {
		var raw [handleBytes]byte
		if n, err := base64.RawURLEncoding.Strict().Decode(raw[:], []byte(handle)); err == nil && n == handleBytes {
			copy(k[:expiryBytes], raw[:expiryBytes])
		}
	}
	sum := sha256.Sum256([]byte(handle))
	copy(k[expiryBytes:], sum[:])
	return k
}

// MarkKey returns the key of a single-use mark, such as the jti of a client
// assertion. The parts are joined unambiguously; kind keeps marks of
// different purposes apart.
func MarkKey(kind string, service int64, parts ...string) Key {
	h := sha256.New()
	var n [8]byte
	write := func(s string) {
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	write(kind)
	binary.BigEndian.PutUint64(n[:], uint64(service))
	h.Write(n[:])
	for _, p := range parts {
		write(p)
	}
	var k Key
	copy(k[expiryBytes:], h.Sum(nil))
	return k
}

// ClientKey is the key of the one grant that all client_credentials tokens
// of a client belong to.
func ClientKey(service, client int64) Key {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(client))
	return MarkKey("client_credentials", service, string(n[:]))
}

// IsZero reports whether k names nothing.
func (k Key) IsZero() bool { return k == Key{} }

// String returns k as 43 characters of base64url.
func (k Key) String() string { return base64.RawURLEncoding.EncodeToString(k[:]) }

// MarshalText and UnmarshalText let a key stand in a Body.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (k *Key) UnmarshalText(text []byte) error {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(text))
	if err != nil || len(raw) != len(k) {
		return fmt.Errorf("grant: malformed key")
	}
	copy(k[:], raw)
	return nil
}
