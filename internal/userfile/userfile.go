package userfile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"go.yaml.in/yaml/v3"
)

// maxSubject is what the Web API takes.
const maxSubject = 100

// User is one end-user.
type User struct {
	Subject string         `yaml:"subject"`
	LoginID string         `yaml:"loginId"`
	PHC     string         `yaml:"password"`
	ACR     string         `yaml:"acr"`
	Claims  map[string]any `yaml:"claims"`

	hash *hash
}

// Directory is a read user file. It does not change and is safe for
// concurrent use.
type Directory struct {
	byLogin   map[string]*User
	bySubject map[string]*User
	nobody    *hash         // what unknown users are compared with
	slots     chan struct{} // one per hash being computed
}

// Load reads a user file.
func Load(path string) (*Directory, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// Parse reads the text of a user file. Unknown keys are an error.
func Parse(text []byte) (*Directory, error) {
	var file struct {
		Users []*User `yaml:"users"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	d := &Directory{
		byLogin:   make(map[string]*User, len(file.Users)),
		bySubject: make(map[string]*User, len(file.Users)),
		nobody:    &hash{cost: defaultCost, salt: make([]byte, saltBytes), sum: make([]byte, hashBytes)},
		slots:     make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	for i, u := range file.Users {
		if err := d.add(u); err != nil {
			return nil, fmt.Errorf("user %d: %w", i+1, err)
		}
	}
	return d, nil
}

func (d *Directory) add(u *User) error {
	switch {
	case u == nil:
		return errors.New("is empty")
	case !isSubject(u.Subject):
		return fmt.Errorf("subject has 1 to %d printable ASCII characters", maxSubject)
	case u.LoginID == "":
		return errors.New("loginId is missing")
	case d.bySubject[u.Subject] != nil:
		return fmt.Errorf("subject %q is there twice", u.Subject)
	case d.byLogin[u.LoginID] != nil:
		return fmt.Errorf("loginId %q is there twice", u.LoginID)
	}
	if _, ok := u.Claims["sub"]; ok {
		return errors.New("claims has sub, which is the subject")
	}
	if _, err := json.Marshal(u.Claims); err != nil {
		return errors.New("claims has a key that is no text")
	}
	var err error
	if u.hash, err = parseHash(u.PHC); err != nil {
		return fmt.Errorf("password: %w", err)
	}
	if len(d.bySubject) == 0 {
		// An unknown user shall cost what a known one does.
		d.nobody.cost = u.hash.cost
	}
	d.bySubject[u.Subject], d.byLogin[u.LoginID] = u, u
	return nil
}

func isSubject(s string) bool {
	for i := range len(s) {
		if s[i] < 0x21 || s[i] > 0x7e {
			return false
		}
	}
	return s != "" && len(s) <= maxSubject
}

// Subject returns a user by subject, or nil.
func (d *Directory) Subject(subject string) *User { return d.bySubject[subject] }

// Authenticate returns the user with that login id and password, or nil. The
// error is that of ctx, which ended before it was this login's turn.
func (d *Directory) Authenticate(ctx context.Context, loginID, password string) (*User, error) {
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if len(password) > MaxPassword {
		password = ""
	}
	user := d.byLogin[loginID]
	h := d.nobody
	if user != nil {
		h = user.hash
	}
	if !h.matches(password) || user == nil {
		return nil, nil
	}
	return user, nil
}
