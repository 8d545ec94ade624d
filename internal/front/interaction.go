package front

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

const (
	interactionCookie = "i_"
	// interactionLifetime is how long the pages of one request stay usable;
	// the ticket is not good for longer.
	interactionLifetime = time.Hour
	// maxInteractions is how many requests may be open in one browser. The
	// oldest gives way: all its cookies are sent with every request.
	maxInteractions = 4
	// growth is what an interaction may gain until it ends: a session's id.
	growth = 80
	// what the pages show is cut at these lengths, so that it fits a cookie.
	maxShownText = 160
	maxLoginHint = 100
)

// interaction is an authorization request that waits for the end-user. It
// lives in a cookie of the browser that brought the request.
type interaction struct {
	Ticket       string   `json:"t"`
	Created      int64    `json:"b"` // seconds
	CSRF         string   `json:"x"`
	Service      string   `json:"v,omitempty"`
	Client       int64    `json:"c,omitempty"`
	ClientName   string   `json:"n,omitempty"`
	Scopes       []scope  `json:"o,omitempty"`
	Claims       []string `json:"m,omitempty"` // of the ID token
	ACRs         []string `json:"a,omitempty"`
	ACREssential bool     `json:"e,omitempty"`
	Subject      string   `json:"s,omitempty"`
	LoginHint    string   `json:"h,omitempty"`
	MaxAge       int64    `json:"g,omitempty"`
	Login        bool     `json:"l,omitempty"` // a login is wanted even of who is logged in
	Target       string   `json:"r,omitempty"` // where forms may lead, for the policy of the pages
	// What happened since.
	Session string `json:"i,omitempty"` // the id of the session that was made for this request
	Wrong   bool   `json:"w,omitempty"` // the last login failed

	id string // in the name of the cookie and in the address; "" before there is one
}

type scope struct {
	Name        string `json:"n"`
	Description string `json:"d,omitempty"`
}

func newInteraction(out *wire.AuthorizationResponse, now int64, target string) *interaction {
	in := &interaction{
		Ticket: out.Ticket, Created: now, CSRF: rand.Text(), Claims: out.Claims,
		ACRs: out.ACRs, ACREssential: out.ACREssential, Subject: out.Subject,
		LoginHint: cut(out.LoginHint, maxLoginHint), MaxAge: out.MaxAge, Target: target,
	}
	if out.Service != nil {
		in.Service = cut(out.Service.ServiceName, maxShownText)
	}
	if c := out.Client; c != nil {
		in.Client = c.ClientID
		if in.ClientName = cut(c.ClientName, maxShownText); in.ClientName == "" {
			in.ClientName = strconv.FormatInt(c.ClientID, 10)
		}
	}
	for _, s := range out.Scopes {
		in.Scopes = append(in.Scopes, scope{s.Name, cut(s.Description, maxShownText)})
	}
	for _, s := range out.DynamicScopes {
		in.Scopes = append(in.Scopes, scope{Name: s.Value})
	}
	// Choosing and creating an account both begin with a login here.
	in.Login = slices.ContainsFunc(out.Prompts, func(p wire.Prompt) bool {
		return p == wire.PromptLogin || p == wire.PromptSelectAccount || p == wire.PromptCreate
	})
	return in
}

// cut shortens a text to so many characters.
func cut(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}

// begin hands the request to the browser, sealed, and sends it to the pages.
func (f *Front) begin(w http.ResponseWriter, r *http.Request, in *interaction) {
	in.id = rand.Text()[:16]
	if len(f.sealed(in)) > maxCookie-growth {
		for i := range in.Scopes {
			in.Scopes[i].Description = ""
		}
	}
	if len(f.sealed(in)) > maxCookie-growth {
		f.log.Warn("an authorization request is too long for the pages", "client", in.Client)
		in.id = ""
		f.fail(w, r, in, wire.FailReasonInvalidScope)
		return
	}
	f.save(w, in)
	redirect(w, f.url("/interaction/"+in.id))
}

func (f *Front) sealed(in *interaction) string { return f.jar.seal(interactionCookie+in.id, in) }

func (f *Front) save(w http.ResponseWriter, in *interaction) {
	f.jar.set(w, interactionCookie+in.id, f.sealed(in))
}

// end forgets a request that was answered.
func (f *Front) end(w http.ResponseWriter, in *interaction) {
	if in.id != "" {
		f.jar.drop(w, interactionCookie+in.id)
	}
}

// interaction shows the page that is due, or takes its form.
func (f *Front) interaction(w http.ResponseWriter, r *http.Request) {
	in := &interaction{id: r.PathValue("id")}
	if !f.jar.open(r, interactionCookie+in.id, in) || f.now().Unix()-in.Created > int64(interactionLifetime.Seconds()) {
		f.show(w, http.StatusBadRequest, gonePage(f.incident("interaction", "no cookie of this interaction")))
		return
	}
	if r.Method == http.MethodPost {
		f.takeForm(w, r, in)
		return
	}
	f.prune(w, r, in)
	s := f.session(r)
	switch next, reason := in.next(s, f.now().Unix()); next {
	case stepLogin:
		f.show(w, http.StatusOK, loginPage(in))
	case stepConsent:
		f.show(w, http.StatusOK, consentPage(in, s))
	case stepFail:
		f.fail(w, r, in, reason)
	}
}

// prune forgets the oldest of the other requests of this browser.
func (f *Front) prune(w http.ResponseWriter, r *http.Request, in *interaction) {
	others := slices.DeleteFunc(f.jar.names(r, interactionCookie), func(name string) bool { return name == interactionCookie+in.id })
	for len(others) >= maxInteractions {
		f.jar.drop(w, others[0])
		others = others[1:]
	}
}

// step is what a request waits for.
type step int

const (
	stepLogin step = iota
	stepConsent
	stepFail
)

// next decides what a request waits for. Whatever asks for a login is
// satisfied by one that was made for this very request; what is then still
// wrong cannot be mended by a page.
func (in *interaction) next(s *session, now int64) (step, wire.AuthorizationFailReason) {
	if s == nil {
		return stepLogin, ""
	}
	if in.Session == s.ID {
		switch {
		case in.otherSubject(s):
			return stepFail, wire.FailReasonDifferentSubject
		case in.acrMissed(s):
			return stepFail, wire.FailReasonACRNotSatisfied
		}
		return stepConsent, ""
	}
	if in.Login || in.tooOld(s, now) || in.otherSubject(s) || in.acrMissed(s) {
		return stepLogin, ""
	}
	return stepConsent, ""
}

// takeForm takes the form of either page.
func (f *Front) takeForm(w http.ResponseWriter, r *http.Request, in *interaction) {
	body, p := readForm(w, r)
	if p != nil {
		f.show(w, p.status, refusedPage(f.incident("interaction", p.text), string(p.code), p.text))
		return
	}
	form, err := oauth.ParseForm(body)
	if err != nil || subtle.ConstantTimeCompare([]byte(form.Get("csrf")), []byte(in.CSRF)) != 1 {
		f.show(w, http.StatusForbidden, forgedPage(f.incident("interaction", "the form is not the one that was shown")))
		return
	}
	s := f.session(r)
	next, _ := in.next(s, f.now().Unix())
	switch {
	case form.Has("denied"):
		f.fail(w, r, in, wire.FailReasonDenied)
	case form.Has("loginId"):
		f.login(w, r, in, form)
	case form.Has("authorized") && next == stepConsent && form.Get("session") == tag(s.ID):
		s.consent(in.Client, in.scopeNames())
		f.saveSession(w, s)
		f.issue(w, r, in, s)
	default:
		// The login ended or changed since the page was shown.
		redirect(w, f.url("/interaction/"+in.id))
	}
}

// login checks a login id and a password.
func (f *Front) login(w http.ResponseWriter, r *http.Request, in *interaction, form *oauth.Form) {
	account := form.Get("loginId")
	if wait, ok := f.attempts.take(account, address(r), f.now()); !ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
		f.show(w, http.StatusTooManyRequests, limitedPage(f.incident("login", "too many attempts")))
		return
	}
	user, err := f.users.Authenticate(r.Context(), account, form.Get("password"))
	if err != nil { // the browser gave up waiting
		f.show(w, http.StatusServiceUnavailable, busyPage(f.incident("login", err.Error())))
		return
	}
	if in.Wrong = user == nil; !in.Wrong {
		f.attempts.clear(account)
		s := f.newSession(user, f.session(r))
		f.saveSession(w, s)
		// The form that the page before had is worth nothing any more.
		in.Session, in.CSRF = s.ID, rand.Text()
	}
	f.save(w, in)
	redirect(w, f.url("/interaction/"+in.id))
}

// ID is the interaction's name in addresses.
func (in *interaction) ID() string { return in.id }
