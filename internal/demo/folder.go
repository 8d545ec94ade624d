package demo

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/symbolon-auth/symbolon/internal/config"
	"github.com/symbolon-auth/symbolon/internal/keyring"
	"github.com/symbolon-auth/symbolon/internal/userfile"
)

// The files of the folder.
const (
	databaseFile  = "symbolon.db"
	rootTokenFile = "root-token"
	cookieKeyFile = "cookie-key"
	usersFile     = "users.yaml"
	clientKeyFile = "fapi-client.jwk.json"
	stateFile     = "demo.json"
	caFile        = "ca.pem"
	certFile      = "server.pem"
	certKeyFile   = "server.key"
)

// files are all files that a demonstration makes, so that a reset deletes
// nothing else.
var files = []string{
	databaseFile, databaseFile + "-wal", databaseFile + "-shm", databaseFile + ".key",
	rootTokenFile, cookieKeyFile, usersFile, clientKeyFile, stateFile, caFile, certFile, certKeyFile,
}

// Folder keeps what a demonstration needs to be the same the next time.
type Folder struct{ dir string }

// Open opens a folder, and makes it where it is not there.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &Folder{dir: dir}, nil
}

// Reset deletes what a demonstration left.
func (f *Folder) Reset() error {
	for _, name := range files {
		if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func (f *Folder) path(name string) string { return filepath.Join(f.dir, name) }

// Database returns the address of the database.
func (f *Folder) Database() string { return "sqlite:" + f.path(databaseFile) }

// RootToken returns the root token, and makes it where it is not there.
func (f *Folder) RootToken() (string, error) {
	return f.secret(rootTokenFile, func() (string, error) { return rand.Text() + rand.Text(), nil })
}

// CookieKey returns the key of the fronts' cookies.
func (f *Folder) CookieKey() ([]byte, error) {
	text, err := f.secret(cookieKeyFile, func() (string, error) {
		return base64.StdEncoding.EncodeToString(newKey()), nil
	})
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}

func newKey() []byte {
	key := make([]byte, keyring.MasterKeyBytes)
	_, _ = rand.Read(key) // never fails
	return key
}

// ClientKey returns the private key of the FAPI client, a JWK.
func (f *Folder) ClientKey() (*ClientKey, error) {
	text, err := f.secret(clientKeyFile, generateClientKey)
	if err != nil {
		return nil, err
	}
	return parseClientKey(text)
}

// Users returns the end-users.
func (f *Folder) Users() (*userfile.Directory, error) {
	if _, err := f.secret(usersFile, func() (string, error) { return usersText(rand.Reader) }); err != nil {
		return nil, err
	}
	return userfile.Load(f.path(usersFile))
}

// secret returns what a file holds, and makes it where it is not there.
func (f *Folder) secret(name string, generate func() (string, error)) (string, error) {
	path := f.path(name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		text, err := generate()
		if err != nil {
			return "", err
		}
		if err := config.CreateSecret(path, text); err != nil {
			return "", err
		}
	}
	return config.ReadSecret("dir", path)
}

// State is what was seeded.
type State struct {
	Plain Tenant `json:"plain"`
	FAPI  Tenant `json:"fapi"`
}

// Tenant is one service of the demonstration.
type Tenant struct {
	Service int64  `json:"service"`
	Token   string `json:"token"` // API token of its front
}

// State returns what was seeded the last time.
func (f *Folder) State() (State, error) {
	var s State
	text, err := os.ReadFile(f.path(stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	return s, err
}

// Save keeps what was seeded.
func (f *Folder) Save(s State) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(f.path(stateFile), append(text, '\n'), 0o600)
}

// usersText returns the user file. The passwords are the login ids.
func usersText(random io.Reader) (string, error) {
	text := "# The end-users of the demonstration; the passwords are the login ids.\nusers:\n"
	for _, u := range []struct{ subject, login, name, given, family string }{
		{"1001", "john", "John Flores", "John", "Flores"},
		{"1002", "jane", "Jane Smith", "Jane", "Smith"},
	} {
		hash, err := userfile.Hash(u.login, random)
		if err != nil {
			return "", err
		}
		text += fmt.Sprintf(`  - subject: "%s"
    loginId: %s
    password: %s
    claims:
      name: %s
      given_name: %s
      family_name: %s
      preferred_username: %s
      email: %s@example.com
      email_verified: true
`, u.subject, u.login, hash, u.name, u.given, u.family, u.login, u.login)
	}
	return text, nil
}
