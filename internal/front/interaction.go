package front

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
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
	// growth is what an interaction may gain until it ends: a session's id and
	// the token of the page before.
	growth = 120
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
	Public       bool     `json:"p,omitempty"` // the client cannot prove who it is
	Policy       string   `json:"y,omitempty"` // the client's, addresses
	Terms        string   `json:"z,omitempty"`
	Locales      []string `json:"u,omitempty"`
	Scopes       []scope  `json:"o,omitempty"`
	Claims       []string `json:"m,omitempty"` // that are asked for one by one
	IDClaims     []string `json:"d,omitempty"` // of the ID token
	ClaimLocales []string `json:"k,omitempty"`
	ACRs         []string `json:"a,omitempty"`
	ACREssential bool     `json:"e,omitempty"`
	Subject      string   `json:"s,omitempty"`
	LoginHint    string   `json:"h,omitempty"`
	MaxAge       int64    `json:"g,omitempty"`
	Login        bool     `json:"l,omitempty"` // a login is wanted even of who is logged in
	Consent      bool     `json:"q,omitempty"` // the consent page is wanted even of who agreed before
	None         bool     `json:"f,omitempty"` // no page may be shown
	Target       string   `json:"r,omitempty"` // where forms may lead, for the policy of the pages
	// What happened since.
	Session string `json:"i,omitempty"` // the id of the session that was made for this request
	Wrong   bool   `json:"w,omitempty"` // the last login failed
	Before  string `json:"j,omitempty"` // the CSRF token of the page before

	id string // in the name of the cookie and in the address; "" before there is one
}

type scope struct {
	Name        string `json:"n"`
	Description string `json:"d,omitempty"`
}

func newInteraction(out *wire.AuthorizationResponse, now int64, target string) *interaction {
	in := &interaction{
		Ticket: out.Ticket, Created: now, CSRF: rand.Text(), IDClaims: out.Claims, Claims: askedClaims(out),
		Locales: bounded(out.UILocales), ClaimLocales: bounded(out.ClaimsLocales),
		ACRs: out.ACRs, ACREssential: out.ACREssential, Subject: out.Subject,
		LoginHint: cut(out.LoginHint, maxLoginHint), MaxAge: out.MaxAge, Target: target,
		Consent: slices.Contains(out.Prompts, wire.PromptConsent),
		None:    out.Action == wire.AuthorizationActionNoInteraction,
		// Choosing and creating an account both begin with a login here.
		Login: slices.ContainsFunc(out.Prompts, func(p wire.Prompt) bool {
			return p == wire.PromptLogin || p == wire.PromptSelectAccount || p == wire.PromptCreate
		}),
	}
	if out.Service != nil {
		in.Service = cut(out.Service.ServiceName, maxShownText)
	}
	if c := out.Client; c != nil {
		in.Client, in.Public = c.ClientID, c.ClientType == wire.ClientTypePublic
		in.Policy, in.Terms = link(c.PolicyURI), link(c.TosURI)
		if in.ClientName = cut(localized(c.ClientName, c.ClientNames, in.Locales), maxShownText); in.ClientName == "" {
			in.ClientName = strconv.FormatInt(c.ClientID, 10)
		}
	}
	for _, s := range out.Scopes {
		in.Scopes = append(in.Scopes, scope{s.Name, cut(localized(s.Description, s.Descriptions, in.Locales), maxShownText)})
	}
	for _, s := range out.DynamicScopes {
		in.Scopes = append(in.Scopes, scope{Name: s.Value})
	}
	return in
}

// bounded keeps the first few languages of a list that somebody sent.
func bounded(locales []string) []string {
	const most, longest = 8, 35 // RFC5646-4.4.1
	locales = slices.DeleteFunc(slices.Clone(locales), func(l string) bool { return len(l) > longest })
	return locales[:min(len(locales), most)]
}

// impersonal claims say something about the login and not about the person.
var impersonal = []string{"acr", "amr", "auth_time", "sub", "nonce", "iss", "aud", "exp", "iat"}

// askedClaims returns the claims that the claims parameter asks for, by name:
// what scopes stand for is told by the scopes.
func askedClaims(out *wire.AuthorizationResponse) []string {
	names := slices.Clone(out.Claims)
	var userinfo map[string]json.RawMessage
	if json.Unmarshal([]byte(out.UserInfoClaims), &userinfo) == nil {
		names = append(names, slices.Collect(maps.Keys(userinfo))...)
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return slices.Contains(impersonal, name) })
}

// localized returns the text of the first wanted language that there is one
// for.
func localized(text string, others []wire.TaggedValue, wanted []string) string {
	for _, locale := range wanted {
		for _, o := range others {
			if strings.EqualFold(o.Tag, locale) {
				return o.Value
			}
		}
	}
	return text
}

// link returns an address that a page may lead to, or nothing.
func link(address string) string {
	if len(address) > maxShownText || !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return ""
	}
	return address
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
	redirect(w, f.page(in))
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
	if r.Method == http.MethodHead { // it could answer the request
		w.Header().Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	in := &interaction{id: r.PathValue("id")}
	if !f.jar.open(r, interactionCookie+in.id, in) || f.now().Unix()-in.Created > int64(interactionLifetime.Seconds()) {
		f.show(w, r, http.StatusBadRequest, messagePage(messageGone, f.incident(w, "interaction", "no cookie of this interaction")))
		return
	}
	switch {
	case f.login != nil && r.Method == http.MethodGet:
		f.resume(w, r, in)
		return
	case f.login != nil:
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "", http.StatusMethodNotAllowed)
		return
	case r.Method == http.MethodPost:
		f.takeForm(w, r, in)
		return
	case in.None:
		f.decide(w, r, in)
		return
	}
	f.prune(w, r, in)
	s, remembered := f.session(r), f.consents(r)
	switch next, reason := f.next(in, s, remembered); next {
	case stepLogin:
		f.show(w, r, http.StatusOK, loginPage(in))
	case stepConsent:
		f.show(w, r, http.StatusOK, consentPage(in, s.viewer(), remembered.of(s.Subject, in.Client)))
	case stepIssue:
		f.issue(w, r, in, s)
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
	stepIssue
	stepFail
)

// next decides what a request waits for. Whatever asks for a login is
// satisfied by one that was made for this very request; what is then still
// wrong cannot be mended by a page.
func (f *Front) next(in *interaction, s *session, remembered *consents) (step, wire.AuthorizationFailReason) {
	switch {
	case s == nil:
		return stepLogin, ""
	case in.Session == s.ID && in.otherSubject(s):
		return stepFail, wire.FailReasonDifferentSubject
	case in.Session == s.ID && in.acrMissed(s):
		return stepFail, wire.FailReasonACRNotSatisfied
	case in.Session != s.ID && (in.Login || in.tooOld(s, f.now().Unix()) || in.otherSubject(s) || in.acrMissed(s)):
		return stepLogin, ""
	case !in.Consent && !in.Public && remembered.cover(s, in):
		return stepIssue, ""
	}
	return stepConsent, ""
}

// takeForm takes the form of either page.
func (f *Front) takeForm(w http.ResponseWriter, r *http.Request, in *interaction) {
	body, p := readForm(w, r)
	if p != nil {
		f.show(w, r, p.status, refusedPage(f.incident(w, "interaction", p.text), string(p.code), p.text))
		return
	}
	form, err := oauth.ParseForm(body)
	switch csrf := []byte(form.Get("csrf")); {
	case err == nil && subtle.ConstantTimeCompare(csrf, []byte(in.CSRF)) == 1:
	case err == nil && in.Before != "" && subtle.ConstantTimeCompare(csrf, []byte(in.Before)) == 1:
		// A button was pressed twice. The first press was answered.
		redirect(w, f.page(in))
		return
	default:
		f.show(w, r, http.StatusForbidden, messagePage(messageForged, f.incident(w, "interaction", "the form is not the one that was shown")))
		return
	}
	s, remembered := f.session(r), f.consents(r)
	next, _ := f.next(in, s, remembered)
	switch {
	case form.Has("denied"):
		if s != nil && remembered.forget(s.Subject, in.Client) {
			f.saveConsents(w, remembered)
		}
		f.fail(w, r, in, wire.FailReasonDenied)
	case form.Has("loginId"):
		f.checkLogin(w, r, in, form)
	case form.Has("switch"):
		in.Login, in.Session, in.Wrong = true, "", false
		in.renew()
		f.save(w, in)
		redirect(w, f.page(in))
	case form.Has("authorized") && (next == stepConsent || next == stepIssue) && form.Get("session") == tag(s.ID):
		remembered.add(s, in, f.now().Unix())
		f.saveConsents(w, remembered)
		f.issue(w, r, in, s)
	default:
		// The login ended or changed since the page was shown.
		redirect(w, f.page(in))
	}
}

// checkLogin checks a login id and a password.
func (f *Front) checkLogin(w http.ResponseWriter, r *http.Request, in *interaction, form *oauth.Form) {
	account := form.Get("loginId")
	if wait, ok := f.limits.take(f.now(), ofAccount(account), ofLogins(f.address(r))); !ok {
		tooManyPage(f, w, r, wait)
		return
	}
	user, err := f.users.Authenticate(r.Context(), account, form.Get("password"))
	if err != nil { // the browser gave up waiting
		f.show(w, r, http.StatusServiceUnavailable, messagePage(messageBusy, f.incident(w, "login", err.Error())))
		return
	}
	if in.Wrong = user == nil; !in.Wrong {
		f.limits.clear(ofAccount(account))
		s := f.newSession(user)
		f.saveSession(w, s)
		in.Session = s.ID
		in.renew()
	}
	f.save(w, in)
	redirect(w, f.page(in))
}

// renew makes the forms that were shown so far decide nothing.
func (in *interaction) renew() { in.Before, in.CSRF = in.CSRF, rand.Text() }

// page is the address of the pages of a request.
func (f *Front) page(in *interaction) string { return f.base + "/interaction/" + in.id }

// ID is the interaction's name in addresses.
func (in *interaction) ID() string { return in.id }
