package front

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
)

// pagePolicy is the Content-Security-Policy of our own pages: no script, no
// frame, nothing from elsewhere. A theme has its pictures in its stylesheet.
//
// Browsers hold the redirect that answers a form to form-action too, and the
// decision redirects to the client. So the client's origin must be named. It
// is known where the request carried the redirect URI itself, which the
// engine has compared; in a pushed request or a request object it is not
// visible here, and a client may leave it out: then there is no form-action.
// What it would keep off, a form that leads elsewhere, cannot be put into
// these pages, because every value is escaped.
func pagePolicy(target string) string {
	policy := "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
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
