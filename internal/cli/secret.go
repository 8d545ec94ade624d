package cli

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/config"
	"github.com/symbolon-auth/symbolon/internal/keyring"
)

// key returns the key that a setting holds, or the file that another one
// names, or nil where neither is given.
func key(setting, text, file string) ([]byte, error) {
	if text == "" && file != "" {
		setting += "-file"
		var err error
		if text, err = config.ReadSecret(setting, file); err != nil {
			return nil, err
		}
	}
	if text == "" {
		return nil, nil
	}
	k, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(k) != keyring.MasterKeyBytes {
		return nil, fmt.Errorf("%s: it must be %d bytes in base64", setting, keyring.MasterKeyBytes)
	}
	return k, nil
}

func newKey() []byte {
	k := make([]byte, keyring.MasterKeyBytes)
	_, _ = rand.Read(k) // never fails
	return k
}

// masterKey returns the master key of an engine. SQLite has one made beside
// the database; a database whose key is missing is not given another one.
func masterKey(database, text, file string) ([]byte, error) {
	k, err := key("master-key", text, file)
	if k != nil || err != nil {
		return k, err
	}
	kind, path, _ := strings.Cut(database, ":")
	switch kind {
	case "memory":
		return newKey(), nil
	case "sqlite":
		return keyBeside(path)
	default:
		return nil, errors.New("master-key: this database needs one; set SYMBOLON_MASTER_KEY or --master-key-file")
	}
}

func keyBeside(database string) ([]byte, error) {
	path := database + ".key"
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if info, err := os.Stat(database); err == nil && info.Size() > 0 {
			return nil, fmt.Errorf("master-key: %s exists, but its key %s does not; put it back or set SYMBOLON_MASTER_KEY", database, path)
		}
		if err := config.CreateSecret(path, base64.StdEncoding.EncodeToString(newKey())); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("master-key: %w", err)
		}
	}
	return key("master-key", "", path)
}
