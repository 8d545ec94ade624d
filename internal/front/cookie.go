package front

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/keyring"
)

// maxCookie is the length of a value that every browser keeps: 4096 bytes
// with name and attributes.
const maxCookie = 3800

// jar seals cookies. A value can be read and made by the fronts of this issuer
// only, and stands for the cookie of its name only.
//
// Browsers send cookies to all ports of a host, and a host may have several
// issuers by path: so the names carry a tag of the issuer.
type jar struct {
	ring   *keyring.Ring
	issuer string
	prefix string
	secure bool
}

func newJar(ring *keyring.Ring, issuer string, secure bool) jar {
	j := jar{ring: ring, issuer: issuer, prefix: "symbolon_" + tag(issuer) + "_", secure: secure}
	if secure {
		// No neighbour below the same domain can set a cookie of this name.
		j.prefix = "__Host-" + j.prefix
	}
	return j
}

func (j jar) place(name string) string { return "front cookie " + j.issuer + " " + name }

// seal returns the value of a cookie. The caller sees to its length.
func (j jar) seal(name string, v any) string {
	plain, err := json.Marshal(v)
	if err != nil { // structs of ours
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(j.ring.Seal(j.place(name), plain))
}

// open reads a cookie of the request; false where there is none of ours.
func (j jar) open(r *http.Request, name string, v any) bool {
	c, err := r.Cookie(j.prefix + name)
	if err != nil {
		return false
	}
	return j.unseal(name, c.Value, v)
}

// unseal reads what seal made.
func (j jar) unseal(name, value string, v any) bool {
	sealed, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return false
	}
	plain, err := j.ring.Open(j.place(name), sealed)
	return err == nil && json.Unmarshal(plain, v) == nil
}

// set sends a cookie that lives as long as the browser runs; what is inside
// tells until when it counts.
func (j jar) set(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, j.cookie(name, value, 0))
}

// keep sends a cookie that outlives the browser.
func (j jar) keep(w http.ResponseWriter, name, value string, lifetime time.Duration) {
	http.SetCookie(w, j.cookie(name, value, int(lifetime.Seconds())))
}

func (j jar) drop(w http.ResponseWriter, name string) {
	http.SetCookie(w, j.cookie(name, "", -1))
}

func (j jar) cookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure wherever the issuer is https; plain http is for loopback
		Name: j.prefix + name, Value: value, Path: "/", MaxAge: maxAge,
		Secure: j.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// names returns the cookies of the request whose name begins so, without what
// the jar puts in front, in the order in which the browser sent them: oldest
// first (RFC6265-5.4).
func (j jar) names(r *http.Request, begin string) []string {
	var out []string
	for _, c := range r.Cookies() {
		if name, ok := strings.CutPrefix(c.Name, j.prefix); ok && strings.HasPrefix(name, begin) {
			out = append(out, name)
		}
	}
	return out
}
