package front

import (
	"crypto/rand"
	"net/http"
	"slices"

	"github.com/symbolon-auth/symbolon/internal/userfile"
)

const sessionCookie = "session"

// session is a login.
type session struct {
	ID       string    `json:"i"`
	Subject  string    `json:"s"`
	AuthTime int64     `json:"t"` // seconds
	Expires  int64     `json:"e"` // seconds
	Consents []consent `json:"c,omitempty"`

	user *userfile.User
}

// consent is what the end-user agreed to in this session. It lets prompt=none
// succeed; a page is shown whenever a page may be shown.
type consent struct {
	Client int64    `json:"c"`
	Scopes []string `json:"s,omitempty"`
}

// session returns the login of the browser, or nil. A user who is no longer
// in the file is not logged in.
func (f *Front) session(r *http.Request) *session {
	s := new(session)
	if !f.jar.open(r, sessionCookie, s) || f.now().Unix() >= s.Expires {
		return nil
	}
	if s.user = f.users.Subject(s.Subject); s.user == nil {
		return nil
	}
	return s
}

// newSession makes a session; old is what the browser had, or nil. It gets a
// new id, so that nobody who knew the one before has a part in it, and keeps
// the consents of the same user.
func (f *Front) newSession(user *userfile.User, old *session) *session {
	now := f.now()
	s := &session{ID: rand.Text(), Subject: user.Subject, AuthTime: now.Unix(), Expires: now.Add(f.sessions).Unix(), user: user}
	if old != nil && old.Subject == s.Subject {
		s.Consents = old.Consents
	}
	return s
}

func (f *Front) saveSession(w http.ResponseWriter, s *session) {
	value := f.jar.seal(sessionCookie, s)
	for len(value) > maxCookie && len(s.Consents) > 0 { // forget the oldest
		s.Consents = s.Consents[1:]
		value = f.jar.seal(sessionCookie, s)
	}
	f.jar.set(w, sessionCookie, value)
}

// consented reports whether all scopes were agreed to for the client.
func (s *session) consented(client int64, scopes []string) bool {
	i := slices.IndexFunc(s.Consents, func(c consent) bool { return c.Client == client })
	if i < 0 {
		return false
	}
	return !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(s.Consents[i].Scopes, scope) })
}

// consent adds scopes to what was agreed to for the client.
func (s *session) consent(client int64, scopes []string) {
	c := consent{Client: client}
	if i := slices.IndexFunc(s.Consents, func(c consent) bool { return c.Client == client }); i >= 0 {
		c = s.Consents[i]
		s.Consents = slices.Delete(s.Consents, i, i+1)
	}
	for _, scope := range scopes {
		if !slices.Contains(c.Scopes, scope) {
			c.Scopes = append(c.Scopes, scope)
		}
	}
	s.Consents = append(s.Consents, c) // the newest last
}
