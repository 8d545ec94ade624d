package demo

import (
	"crypto/rand"

	"github.com/symbolon-auth/symbolon/internal/userfile"
)

// Memory stands for the folder of a demonstration that runs once: everything
// is made anew, and nothing is kept.
type Memory struct{}

// CookieKey makes a key.
func (Memory) CookieKey() ([]byte, error) { return newKey(), nil }

// ClientKey makes a key.
func (Memory) ClientKey() (*ClientKey, error) {
	text, err := generateClientKey()
	if err != nil {
		return nil, err
	}
	return parseClientKey(text)
}

// Users returns the same users as the folder's.
func (Memory) Users() (*userfile.Directory, error) {
	text, err := usersText(rand.Reader)
	if err != nil {
		return nil, err
	}
	return userfile.Parse([]byte(text))
}

// State returns that nothing is seeded.
func (Memory) State() (State, error) { return State{}, nil }

// Save keeps nothing.
func (Memory) Save(State) error { return nil }
