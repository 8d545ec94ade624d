package front

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
)

//go:embed pages
var files embed.FS

var templates = template.Must(template.ParseFS(files, "pages/*.html"))

// page is what a template is filled with.
type page struct {
	template string
	target   string // what forms may lead to besides this front; "" is not known, "-" nothing

	Base  string // set by show
	Title string
	// of login and consent
	In   *interaction
	User string
	Tag  string // of the session that the page was shown to
	// of a message
	Text     string
	Hint     string
	Error    string
	Detail   string
	Incident string
}

func loginPage(in *interaction) *page {
	return &page{template: "login.html", target: in.Target, Title: "Sign in", In: in}
}

func consentPage(in *interaction, s *session) *page {
	p := &page{template: "consent.html", target: in.Target, Title: "Allow access", In: in, User: s.user.LoginID, Tag: tag(s.ID)}
	if name, ok := s.user.Claims["name"].(string); ok {
		p.User = name
	}
	return p
}

// The texts of the pages that end a request. Tests and the official
// conformance suite look for them.
const (
	textRefused = "This request cannot be answered."
	textGone    = "This page has expired or was already used."
	textForged  = "This form did not come from our page."
	textLimited = "There were too many attempts to sign in."
	textBusy    = "The service is unavailable right now."
	textBroken  = "Something went wrong on our side."
)

func message(text, hint, incident string) *page {
	return &page{template: "message.html", target: "-", Title: text, Text: text, Hint: hint, Incident: incident}
}

func refusedPage(incident, code, detail string) *page {
	p := message(textRefused, "The application that sent you here asked for something that it must not get. Only its makers can mend that.", incident)
	p.Error, p.Detail = code, detail
	return p
}

func gonePage(incident string) *page {
	return message(textGone, "Go back to the application and begin again. Cookies must be allowed.", incident)
}

func forgedPage(incident string) *page {
	return message(textForged, "Go back to the application and begin again.", incident)
}

func limitedPage(incident string) *page {
	return message(textLimited, "Wait a while, then go back and try again.", incident)
}

func busyPage(incident string) *page {
	return message(textBusy, "Try again in a moment.", incident)
}

func brokenPage(incident string) *page {
	return message(textBroken, "Try again later. If it stays like this, tell us the incident.", incident)
}

// show writes a page.
func (f *Front) show(w http.ResponseWriter, status int, p *page) {
	p.Base = f.base
	var body bytes.Buffer
	if err := templates.ExecuteTemplate(&body, p.template, p); err != nil {
		f.log.Error("a page could not be made", "page", p.template, "error", err)
		http.Error(w, textBroken, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", pagePolicy(p.target))
	w.Header().Set("Content-Type", "text/html;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

func (f *Front) stylesheet(w http.ResponseWriter, _ *http.Request) {
	text, err := files.ReadFile("pages/front.css")
	if err != nil { // embedded
		panic(err)
	}
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Del("Pragma")
	w.Header().Set("Content-Type", "text/css;charset=UTF-8")
	_, _ = w.Write(text)
}

// pagePolicy is the Content-Security-Policy of our own pages: no script, no
// frame, nothing from elsewhere.
//
// Browsers hold the redirect that answers a form to form-action too, and the
// decision redirects to the client. So the client's origin must be named. It
// is known where the request carried the redirect URI itself, which the
// engine has compared; in a pushed request or a request object it is not
// visible here, and a client may leave it out: then there is no form-action.
// What it would keep off, a form that leads elsewhere, cannot be put into
// these pages, because every value is escaped.
func pagePolicy(target string) string {
	policy := "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
	switch target {
	case "":
		return policy
	case "-":
		return policy + "; form-action 'none'"
	}
	return policy + "; form-action 'self' " + target
}

// formTarget returns the origin that the answer to an authorization request
// will lead to, as far as the parameters of the request tell.
func formTarget(parameters string) string {
	form, err := oauth.ParseForm(parameters)
	if err != nil || form.Has("request_uri") || form.Has("request") {
		return ""
	}
	return policySource(form.Get("redirect_uri"))
}

var (
	policyHost   = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`)
	policyScheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)
)

// policySource writes the origin of an address as a source of a
// Content-Security-Policy, or returns nothing where that is not possible, as
// with IPv6 addresses.
func policySource(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || !policyScheme.MatchString(u.Scheme):
		return ""
	case u.Scheme != "http" && u.Scheme != "https": // an application's own scheme
		return u.Scheme + ":"
	case !policyHost.MatchString(u.Host):
		return ""
	}
	return u.Scheme + "://" + u.Host
}

var (
	formAction   = regexp.MustCompile(`<form[^>]*\saction="([^"]*)"`)
	inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
)

// formPostPolicy is the Content-Security-Policy of a form_post page, which
// the engine made: its scripts are allowed by their hashes, and its form may
// lead to where it leads.
func formPostPolicy(page string) string {
	var policy strings.Builder
	policy.WriteString("default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
	for i, script := range inlineScript.FindAllStringSubmatch(page, -1) {
		if i == 0 {
			policy.WriteString("; script-src")
		}
		sum := sha256.Sum256([]byte(script[1]))
		policy.WriteString(" 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'")
	}
	if action := formAction.FindStringSubmatch(page); action != nil {
		if source := policySource(html.UnescapeString(action[1])); source != "" {
			policy.WriteString("; form-action " + source)
		}
	}
	return policy.String()
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

// standardScopes says in plain words what the scopes of OpenID Connect mean,
// for services that do not say it themselves (OIDCC-5.4).
var standardScopes = map[string]string{
	"openid":         "Know that it is you",
	"profile":        "See your name and your profile",
	"email":          "See your e-mail address",
	"address":        "See your postal address",
	"phone":          "See your telephone number",
	"offline_access": "Keep access while you are away",
}

// Shown is a scope in words.
func (s scope) Shown() string {
	if s.Description != "" {
		return s.Description
	}
	return standardScopes[s.Name]
}
