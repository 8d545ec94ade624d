package proof

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/symbolon-auth/symbolon/internal/keyring"
)

// Nonces makes and checks DPoP nonces without state: a nonce is the number of
// a time window and its MAC, so every node that has the master key accepts it
// (DPOP-8). A nonce is good in its window and in the next one.
type Nonces struct{ key []byte }

const nonceMAC = 16

// NewNonces derives the key of nonces from the master key.
func NewNonces(ring *keyring.Ring) *Nonces { return &Nonces{key: ring.Derive("dpop nonces")} }

// Current returns the nonce of a service for now.
func (n *Nonces) Current(service, window int64, now time.Time) string {
	return n.make(service, uint64(now.Unix()/window))
}

// Valid reports whether a nonce was made for the service in the current or
// the previous window.
func (n *Nonces) Valid(nonce string, service, window int64, now time.Time) bool {
	current := uint64(now.Unix() / window)
	a := hmac.Equal([]byte(nonce), []byte(n.make(service, current)))
	b := hmac.Equal([]byte(nonce), []byte(n.make(service, current-1)))
	return a || b
}

func (n *Nonces) make(service int64, window uint64) string {
	var in [16]byte
	binary.BigEndian.PutUint64(in[:8], uint64(service))
	binary.BigEndian.PutUint64(in[8:], window)
	mac := hmac.New(sha256.New, n.key)
	mac.Write(in[:])
	return base64.RawURLEncoding.EncodeToString(append(in[8:], mac.Sum(nil)[:nonceMAC]...))
}
