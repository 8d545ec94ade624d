package front

import (
	"crypto/rand"
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/userfile"
)

const sessionCookie = "session"

// session is a login.
type session struct {
	ID       string `json:"i"`
	Subject  string `json:"s"`
	AuthTime int64  `json:"t"` // seconds
	Expires  int64  `json:"e"` // seconds

	user *userfile.User
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

// newSession makes a session. It gets a new id, so that nobody who knew the
// one before has a part in it.
func (f *Front) newSession(user *userfile.User) *session {
	now := f.now()
	return &session{ID: rand.Text(), Subject: user.Subject, AuthTime: now.Unix(), Expires: now.Add(f.sessions).Unix(), user: user}
}

func (f *Front) saveSession(w http.ResponseWriter, s *session) {
	f.jar.set(w, sessionCookie, f.jar.seal(sessionCookie, s))
}

// viewer is the end-user of the session as pages name them.
func (s *session) viewer() *viewer {
	v := &viewer{name: s.user.LoginID, tag: tag(s.ID)}
	if name, ok := s.user.Claims["name"].(string); ok {
		v.name = name
	}
	return v
}
