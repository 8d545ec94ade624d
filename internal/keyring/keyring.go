// Package keyring derives what must stay secret from one master key: the
// key that seals documents at rest, the keys of DPoP nonces, the keys that
// bind a sealed value to the token that opens it.
//
//	master key (32 bytes) ─HKDF─► purpose key ─AES-256-GCM─► sealed bytes
//
// Every sealed value names what it belongs to, so that a row cannot be moved
// to another place. Where the master key comes from is the command's
// business; the keys of services are documents (registry).
package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
)

// MasterKeyBytes is the length of a master key.
const MasterKeyBytes = 32

// sealVersion leads every sealed value, so that the scheme can change.
const sealVersion = 1

// ErrSealed says that a sealed value was not made with this key and place.
var ErrSealed = errors.New("keyring: the value was sealed with another master key, or is damaged")

// Ring derives keys from one master key. It is safe for concurrent use.
type Ring struct {
	master []byte
	seal   cipher.AEAD
}

// New returns the ring of a master key of MasterKeyBytes.
func New(master []byte) (*Ring, error) {
	if len(master) != MasterKeyBytes {
		return nil, fmt.Errorf("keyring: the master key must have %d bytes, it has %d", MasterKeyBytes, len(master))
	}
	r := &Ring{master: append([]byte(nil), master...)}
	aead, err := newAEAD(r.Derive("seal documents"))
	if err != nil {
		return nil, err
	}
	r.seal = aead
	return r, nil
}

// Derive returns a 32-byte key for one purpose.
func (r *Ring) Derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, r.master, nil, "symbolon "+purpose, 32)
	if err != nil { // only for lengths that HKDF cannot make
		panic(err)
	}
	return key
}

// Seal encrypts plain for one place, such as "service/42".
func (r *Ring) Seal(place string, plain []byte) []byte {
	return seal(r.seal, place, plain)
}

// Open decrypts what Seal made for the same place, or returns ErrSealed.
func (r *Ring) Open(place string, sealed []byte) ([]byte, error) {
	return open(r.seal, place, sealed)
}

// SealUnder encrypts plain so that only who presents secret, a value of full
// entropy such as a refresh token, can have it opened.
func (r *Ring) SealUnder(secret, place string, plain []byte) ([]byte, error) {
	aead, err := r.under(secret)
	if err != nil {
		return nil, err
	}
	return seal(aead, place, plain), nil
}

// OpenUnder is the inverse of SealUnder.
func (r *Ring) OpenUnder(secret, place string, sealed []byte) ([]byte, error) {
	aead, err := r.under(secret)
	if err != nil {
		return nil, err
	}
	return open(aead, place, sealed)
}

func (r *Ring) under(secret string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), r.Derive("seal under a secret"), "symbolon successor", 32)
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	return newAEAD(key)
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	return aead, nil
}

func seal(aead cipher.AEAD, place string, plain []byte) []byte {
	// The nonce is made by the AEAD; the constant is only the prefix.
	return aead.Seal([]byte{sealVersion}, nil, plain, []byte(place)) //nolint:gosec // see above
}

func open(aead cipher.AEAD, place string, sealed []byte) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != sealVersion {
		return nil, ErrSealed
	}
	plain, err := aead.Open(nil, nil, sealed[1:], []byte(place))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
