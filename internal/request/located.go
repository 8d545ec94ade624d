package request

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// RequestURIPrefix leads the request_uri of a pushed request.
const RequestURIPrefix = "urn:ietf:params:oauth:request_uri:"

// Located is the first stage: the client stands, and the parameters that
// count. Until it passes, nothing may be sent to a redirect URI.
type Located struct {
	At         Endpoint
	Service    *registry.Service
	Client     *registry.Client
	Identifier string // as the client named itself
	AliasUsed  bool
	Sent       *oauth.Form   // the parameters of the request itself
	Form       *oauth.Form   // the parameters that count: the pushed ones, where they were
	Pushed     *grant.Pushed // nil: the parameters came as they are
	Carrier    *rule.Fault   // the pushed request is not to be had; what was sent counts, for the error
	Now        time.Time
	ProofJKT   string // of the DPoP proof that came with the request itself, at PAR
	base       *policy.Policy

	ObjectAlg     string // the algorithm of the request object that held the parameters, "" where none did
	ObjectPayload string // its claims
}

// locatedRules is the ruler's upper half. At the authorization endpoint its
// faults are shown to the end-user, not redirected.
var locatedRules = []Row[Located]{
	row("request.repeated", "A901301", both(oauth.InvalidRequest), checkRepeated, "RFC6749-3.1"),
	row("redirect_uri.present", "A950301", both(oauth.InvalidRequest), checkRedirectPresent, "RFC6749-3.1.2.3", "OIDCC-3.1.2.1", "FAPI2-SP-FINAL-5.3.2.2-6"),
	row("redirect_uri.registered", "A011304", both(oauth.InvalidRequest), checkRedirectRegistered, "RFC6749-3.1.2.4", "RFC9700-2.1", "OIDCC-3.1.2.1"),
	row("redirect_uri.secure", "A950302", both(oauth.InvalidRequest), checkRedirectSecure, "FAPI2-SP-FINAL-5.3.2.2-8"),
}

// Read judges an authorization request. Where there is no Request, the fault
// must not be sent to a redirect URI. A request object with a fault, or a
// pushed request that is gone, is told to the redirect URI beside it, where
// that is registered.
func Read(l *Located) (*Request, *rule.Fault) {
	l.base = l.Client.BasePolicy(l.Service)
	carrier := l.Carrier
	if carrier == nil && l.Form.Has("request") {
		carrier = l.openObject()
	}
	located := run(locatedRules, l.At, l)
	if located != nil || carrier != nil && !l.Form.Has("redirect_uri") {
		return nil, cmp.Or(carrier, located)
	}
	r, requested := resolve(l)
	return r, cmp.Or(carrier, requested)
}

func checkRepeated(l *Located) *rule.Fault {
	if r := l.Sent.Repeated(); len(r) > 0 {
		return rule.No("A parameter occurs more than once: %s.", rule.Printable(r[0]))
	}
	return nil
}

func hasOpenID(f *oauth.Form) bool {
	tokens, _ := oauth.ScopeTokens(f.Get("scope"))
	return slices.Contains(tokens, "openid")
}

// RedirectURI returns where answers go: the parameter or, without one, the
// only registered URI.
func (l *Located) RedirectURI() string {
	if u := l.Form.Get("redirect_uri"); u != "" {
		return u
	}
	if uris := l.Client.Doc.RedirectURIs; len(uris) == 1 {
		return uris[0]
	}
	return ""
}

func checkRedirectPresent(l *Located) *rule.Fault {
	if l.Form.Has("redirect_uri") {
		return nil
	}
	switch {
	case l.base.RedirectURIRequired.On:
		return rule.No("The request has no redirect_uri.").DemandedBy(l.base.RedirectURIRequired.By...)
	case hasOpenID(l.Form):
		return rule.No("The request has no redirect_uri, which OpenID Connect requires.")
	case l.RedirectURI() == "":
		return rule.No("The request has no redirect_uri, and the client has not registered exactly one.")
	}
	return nil
}

func checkRedirectRegistered(l *Located) *rule.Fault {
	asked := l.RedirectURI()
	for _, registered := range l.Client.Doc.RedirectURIs {
		if asked == registered || l.loopbackMatch(asked, registered) {
			return nil
		}
	}
	return rule.No("The redirect_uri is not registered for the client.").Because("redirect_uri is %q", rule.Printable(asked))
}

// loopbackMatch compares all but the port of a loopback redirect URI, for
// native clients, where the service has switched it on (RFC8252-7.3).
func (l *Located) loopbackMatch(asked, registered string) bool {
	if !l.Service.Doc.LoopbackRedirectionURIVariable || l.Client.Doc.ApplicationType != wire.ApplicationTypeNative {
		return false
	}
	a, errA := url.Parse(asked)
	r, errR := url.Parse(registered)
	if errA != nil || errR != nil || a.Scheme != "http" || !loopback(r) || strings.ContainsAny(asked, " \\#@") {
		return false
	}
	return a.Scheme == r.Scheme && a.Hostname() == r.Hostname() && a.EscapedPath() == r.EscapedPath() &&
		a.RawQuery == r.RawQuery && a.ForceQuery == r.ForceQuery && validPort(a.Port())
}

func validPort(p string) bool {
	if p == "" {
		return true
	}
	n, err := strconv.ParseUint(p, 10, 16)
	return err == nil && n > 0
}

func loopback(u *url.URL) bool {
	h := u.Hostname()
	return h == "localhost" || h == "127.0.0.1" || h == "::1"
}

func checkRedirectSecure(l *Located) *rule.Fault {
	if !l.base.SecureRedirects.On {
		return nil
	}
	u, err := url.Parse(l.RedirectURI())
	if err == nil && (u.Scheme == "https" || u.Scheme == "http" && loopback(u) && l.Client.Doc.ApplicationType == wire.ApplicationTypeNative) {
		return nil
	}
	if err == nil && u.Scheme != "http" && u.Host == "" && l.Client.Doc.ApplicationType == wire.ApplicationTypeNative {
		return nil // a private-use scheme of a native client (RFC8252-7.1)
	}
	return rule.No("The redirect_uri does not use https.").DemandedBy(l.base.SecureRedirects.By...)
}
