package front

import (
	"net/http"
	"slices"
	"time"
)

const (
	consentsCookie = "consents"
	// consentLifetime is how long an agreement counts. Browsers keep no cookie
	// for much longer.
	consentLifetime = 365 * 24 * time.Hour
	// claimPrefix keeps claims apart from scopes, which have no spaces.
	claimPrefix = "claim "
)

// consents is what end-users agreed to in this browser. It spares them the
// page when a client asks for nothing else, and tells what is new when it
// does. What does not fit the cookie is forgotten, the oldest first, and asked
// for again.
type consents struct {
	List []consent `json:"l"` // the newest last
}

type consent struct {
	Subject string   `json:"s"`
	Client  int64    `json:"c"`
	Asked   []string `json:"a"` // scopes and claims
	At      int64    `json:"t"` // seconds
	Session string   `json:"i"` // in which the end-user agreed last
}

func (f *Front) consents(r *http.Request) *consents {
	c := new(consents)
	if !f.jar.open(r, consentsCookie, c) {
		return new(consents)
	}
	oldest := f.now().Add(-consentLifetime).Unix()
	c.List = slices.DeleteFunc(c.List, func(e consent) bool { return e.At < oldest })
	return c
}

func (f *Front) saveConsents(w http.ResponseWriter, c *consents) {
	value := f.jar.seal(consentsCookie, c)
	for len(value) > maxCookie && len(c.List) > 0 {
		c.List = c.List[1:]
		value = f.jar.seal(consentsCookie, c)
	}
	f.jar.keep(w, consentsCookie, value, consentLifetime)
}

func (c *consents) find(subject string, client int64) int {
	return slices.IndexFunc(c.List, func(e consent) bool { return e.Subject == subject && e.Client == client })
}

// of returns what a user agreed to for a client.
func (c *consents) of(subject string, client int64) []string {
	if i := c.find(subject, client); i >= 0 {
		return c.List[i].Asked
	}
	return nil
}

// cover reports whether the user of a session agreed to all that is asked
// for. Anybody may call themselves a public client, so an agreement with one
// counts in the session that it was given in (RFC6749-10.2).
func (c *consents) cover(s *session, in *interaction) bool {
	i := c.find(s.Subject, in.Client)
	if i < 0 || in.Public && c.List[i].Session != s.ID {
		return false
	}
	return !slices.ContainsFunc(in.asked(), func(name string) bool { return !slices.Contains(c.List[i].Asked, name) })
}

// add remembers that the user of a session agreed.
func (c *consents) add(s *session, in *interaction, now int64) {
	e := consent{Subject: s.Subject, Client: in.Client, At: now, Session: s.ID}
	if i := c.find(s.Subject, in.Client); i >= 0 {
		e.Asked = c.List[i].Asked
		c.List = slices.Delete(c.List, i, i+1)
	}
	for _, name := range in.asked() {
		if !slices.Contains(e.Asked, name) {
			e.Asked = append(e.Asked, name)
		}
	}
	c.List = append(c.List, e)
}

// forget takes an agreement back; it reports whether there was one.
func (c *consents) forget(subject string, client int64) bool {
	i := c.find(subject, client)
	if i >= 0 {
		c.List = slices.Delete(c.List, i, i+1)
	}
	return i >= 0
}

// asked is everything that the end-user has to agree to.
func (in *interaction) asked() []string {
	names := make([]string, 0, len(in.Scopes)+len(in.Claims))
	for _, s := range in.Scopes {
		names = append(names, s.Name)
	}
	for _, c := range in.Claims {
		names = append(names, claimPrefix+c)
	}
	return names
}
