package userfile

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
)

// MaxPassword is the length in bytes up to which a password is looked at.
const MaxPassword = 1024

// cost is what one computation of a hash takes.
type cost struct {
	kib     uint32
	passes  uint32
	threads uint8
}

// defaultCost takes about 25 ms and 19 MiB.
var defaultCost = cost{kib: 19 * 1024, passes: 2, threads: 1}

const (
	saltBytes = 16
	hashBytes = 32
)

// ErrHash says that a text is no usable password hash.
var ErrHash = errors.New(`a password hash looks like $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH; "symbolon hash-password" makes one`)

// hash is a password hash, taken apart.
type hash struct {
	cost
	salt []byte
	sum  []byte
}

// Hash returns the hash of a password as a PHC string.
func Hash(password string, random io.Reader) (string, error) {
	if password == "" || len(password) > MaxPassword {
		return "", fmt.Errorf("a password has 1 to %d bytes", MaxPassword)
	}
	h := hash{cost: defaultCost, salt: make([]byte, saltBytes)}
	if _, err := io.ReadFull(random, h.salt); err != nil {
		return "", err
	}
	h.sum = h.compute(password, hashBytes)
	return h.String(), nil
}

// String returns the PHC string.
func (h *hash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.kib, h.passes, h.threads, b64.EncodeToString(h.salt), b64.EncodeToString(h.sum))
}

// matches reports whether password has the hash h.
func (h *hash) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.compute(password, len(h.sum)), h.sum) == 1
}

func (h *hash) compute(password string, length int) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.passes, h.kib, h.threads, uint32(length))
}

// parseHash reads a PHC string. Costs that would let one login exhaust the
// machine are refused.
func parseHash(text string) (*hash, error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return nil, ErrHash
	}
	var h hash
	var version int
	if n, err := fmt.Sscanf(parts[2], "v=%d", &version); n != 1 || err != nil || version != argon2.Version {
		return nil, ErrHash
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.kib, &h.passes, &h.threads); n != 3 || err != nil {
		return nil, ErrHash
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil {
		return nil, ErrHash
	}
	if h.sum, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil {
		return nil, ErrHash
	}
	if h.kib < 8 || h.kib > 256*1024 || h.passes < 1 || h.passes > 16 || h.threads < 1 || h.threads > 16 ||
		len(h.salt) < 8 || len(h.salt) > 64 || len(h.sum) < 16 || len(h.sum) > 64 {
		return nil, ErrHash
	}
	return &h, nil
}
