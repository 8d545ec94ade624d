package front

import (
	"bytes"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/front/theme"
)

const (
	loginTemplate   = "login.html"
	consentTemplate = "consent.html"
	messageTemplate = "message.html"
)

// page is what a template is filled with.
type page struct {
	template string
	target   string // what forms may lead to besides this front; "" is not known, "-" nothing
	locales  []string
	words    *theme.Words // set by show, like the next two

	Base  string
	Lang  string
	Title string // the name of a text
	// of login and consent
	In *interaction
	// of consent
	User   string
	Tag    string // of the session that the page was shown to
	New    []scope
	Before []scope
	Claims []string
	Told   []string // agreed to before
	// of a message
	Hint     string // the name of a text
	Error    string
	Detail   string
	Incident string
}

// T is a text in the language of the page.
func (p *page) T(name string) string { return p.words.Text(p.Lang, name) }

// Say is a text with values, which are in bold.
func (p *page) Say(name string, values ...string) template.HTML {
	return p.words.Say(p.Lang, name, values...)
}

// Shown is a scope in words: the service's own, or ours for the scopes of
// OpenID Connect (OIDCC-5.4).
func (p *page) Shown(s scope) string {
	if s.Description != "" {
		return s.Description
	}
	return p.T("scope." + s.Name)
}

// Named is a claim in words, where it is one of OpenID Connect (OIDCC-5.1).
func (p *page) Named(claim string) string {
	name, _, _ := strings.Cut(claim, "#") // OIDCC-5.2
	return p.T("claim." + name)
}

// viewer is who looks at a consent page.
type viewer struct{ name, tag string }

func loginPage(in *interaction) *page {
	return &page{template: loginTemplate, target: in.Target, locales: in.Locales, Title: "signIn", In: in}
}

// consentPage asks for what the client wants; before is what the end-user
// agreed to earlier.
func consentPage(in *interaction, who *viewer, before []string) *page {
	p := &page{template: consentTemplate, target: in.Target, locales: in.Locales, Title: "consent", In: in, User: who.name, Tag: who.tag}
	for _, s := range in.Scopes {
		if slices.Contains(before, s.Name) {
			p.Before = append(p.Before, s)
		} else {
			p.New = append(p.New, s)
		}
	}
	for _, c := range in.Claims {
		if slices.Contains(before, claimPrefix+c) {
			p.Told = append(p.Told, c)
		} else {
			p.Claims = append(p.Claims, c)
		}
	}
	return p
}

// The pages that end a request. Tests and the official conformance suite look
// for their texts.
const (
	messageRefused = "message.refused"
	messageGone    = "message.gone"
	messageForged  = "message.forged"
	messageLimited = "message.limited"
	messageBusy    = "message.busy"
	messageBroken  = "message.broken"
)

func messagePage(name, incident string) *page {
	return &page{template: messageTemplate, target: "-", Title: name, Hint: name + ".hint", Incident: incident}
}

func refusedPage(incident, code, detail string) *page {
	p := messagePage(messageRefused, incident)
	p.Error, p.Detail = code, detail
	return p
}

// trials are the pages as a theme is tried with them.
func trials(words *theme.Words) []theme.Trial {
	in := &interaction{ClientName: "client-of-the-trial", Service: "service", Scopes: []scope{{Name: "openid"}, {Name: "scope-of-the-trial"}}, Claims: []string{"claim-of-the-trial"}, Wrong: true, id: "id", CSRF: "x"}
	user := &viewer{name: "user", tag: "tag"}
	asks := []string{`method="post"`, `name="csrf"`, `name="authorized"`, `name="denied"`, "client-of-the-trial"}
	login := slices.Concat(asks, []string{`name="loginId"`, `name="password"`})
	consent := slices.Concat(asks, []string{`name="session"`, "scope-of-the-trial", "claim-of-the-trial"})
	trial := func(p *page, needed ...string) theme.Trial {
		p.Lang, p.words = theme.Fallback, words
		return theme.Trial{Template: p.template, Data: p, Needed: needed}
	}
	return []theme.Trial{
		trial(loginPage(in), login...),
		trial(consentPage(in, user, nil), consent...),
		trial(consentPage(in, user, []string{"openid"}), consent...),
		trial(refusedPage("incident-of-the-trial", "error", "detail"), "incident-of-the-trial"),
	}
}

// show writes a page, in the language that the client and then the browser
// ask for.
func (f *Front) show(w http.ResponseWriter, r *http.Request, status int, p *page) {
	p.Base, p.words = f.base, f.theme.Words
	p.Lang = p.words.Choose(p.locales, r.Header.Get("Accept-Language"))
	var body bytes.Buffer
	if err := f.theme.Execute(&body, p.template, p); err != nil {
		f.log.Error("a page could not be made", "page", p.template, "error", err)
		http.Error(w, p.T(messageBroken), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy(p.target))
	w.Header().Set("Content-Type", "text/html;charset=UTF-8")
	w.Header().Set("Content-Language", p.Lang)
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

func (f *Front) stylesheet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Del("Pragma")
	w.Header().Set("Content-Type", "text/css;charset=UTF-8")
	_, _ = w.Write(f.theme.Stylesheet)
}

// shownError takes the error out of what the client may see.
func shownError(content string) (code, description string) {
	var e struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal([]byte(content), &e) != nil {
		return "", ""
	}
	return e.Error, e.Description
}
