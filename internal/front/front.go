package front

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/front/theme"
	"github.com/symbolon-auth/symbolon/internal/keyring"
	"github.com/symbolon-auth/symbolon/internal/telemetry"
	"github.com/symbolon-auth/symbolon/internal/userfile"
	"github.com/symbolon-auth/symbolon/internal/webapi"
)

// DefaultSessionLifetime is how long a login counts.
const DefaultSessionLifetime = 8 * time.Hour

// Options are what a front is made of.
type Options struct {
	// API calls the engine for the one service that the front stands for.
	API *webapi.Client
	// Issuer is the issuer of the service and the address under which
	// everybody reaches this front. Headers of requests are not asked: they
	// are chosen by whoever sends them.
	Issuer string
	// Users are the end-users.
	Users *userfile.Directory
	// Key seals the cookies: keyring.MasterKeyBytes long, the same for all
	// fronts of the service.
	Key []byte
	// SessionLifetime is how long a login counts; 0 means
	// DefaultSessionLifetime.
	SessionLifetime time.Duration
	// Introspectors are the resource servers that may introspect tokens:
	// secrets by name.
	Introspectors map[string]string
	// RegistrationToken is what a client must present to register itself
	// (the initial access token of RFC 7591). Empty: anybody may register,
	// if the service lets clients register at all.
	RegistrationToken string
	// Paths are where endpoints are served, by their names (see paths): what
	// is not named has its usual place.
	Paths map[string]string
	// Theme is a folder of pages, a stylesheet and texts that take the place
	// of ours, file by file. Nil for none.
	Theme fs.FS
	// Login hands logins and consents to an application; Users is nil then.
	Login *LoginApplication
	// Proxies are the networks of proxies whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// RequestRate is how many requests a second one address may begin; ten
	// times as many at once. 0 is no limit.
	RequestRate int
	// RegistrationRate is how many clients a minute one address may register,
	// and at once. 0 is no limit, and so is a RequestRate of 0.
	RegistrationRate int
	// Log gets refusals and failures. Nil means slog.Default.
	Log *slog.Logger
	// Now is the clock. Nil means time.Now.
	Now func() time.Time
}

// Front is the http.Handler of one authorization server.
type Front struct {
	api           *webapi.Client
	base          string // the issuer without a trailing slash; public addresses begin with it
	users         *userfile.Directory
	jar           jar
	sessions      time.Duration
	introspectors map[string][sha256.Size]byte
	registration  *[sha256.Size]byte // hash of the token that registering takes; nil: none
	limits        *limits
	theme         *theme.Theme
	paths         map[string]string
	login         *LoginApplication
	proxies       []netip.Prefix
	requestRate   int
	registerRate  int
	log           *slog.Logger
	now           func() time.Time
	hsts          bool
	handler       http.Handler
}

// New returns a front.
func New(o Options) (*Front, error) {
	issuer, err := parseIssuer(o.Issuer)
	if err != nil {
		return nil, fmt.Errorf("issuer: %w", err)
	}
	ring, err := keyring.New(o.Key)
	if err != nil {
		return nil, err
	}
	f := &Front{
		api: o.API, base: strings.TrimRight(o.Issuer, "/"), users: o.Users, sessions: o.SessionLifetime,
		introspectors: make(map[string][sha256.Size]byte, len(o.Introspectors)),
		limits:        newLimits(), log: o.Log, now: o.Now,
		login: o.Login, proxies: o.Proxies, requestRate: o.RequestRate, registerRate: o.RegistrationRate,
	}
	if f.sessions == 0 {
		f.sessions = DefaultSessionLifetime
	}
	if f.log == nil {
		f.log = slog.Default()
	}
	if f.now == nil {
		f.now = time.Now
	}
	for name, secret := range o.Introspectors {
		f.introspectors[name] = sha256.Sum256([]byte(secret))
	}
	if o.RegistrationToken != "" {
		sum := sha256.Sum256([]byte(o.RegistrationToken))
		f.registration = &sum
	}
	secure := issuer.Scheme == "https"
	f.hsts = secure && !isLocal(issuer.Hostname())
	f.jar = newJar(ring, f.base, secure)
	if f.theme, err = theme.Load(o.Theme, trials); err != nil {
		return nil, fmt.Errorf("front-theme: %w", err)
	}
	if f.paths, err = paths(o.Paths); err != nil {
		return nil, fmt.Errorf("front-paths: %w", err)
	}
	if (f.users == nil) == (f.login == nil) {
		return nil, errors.New("a front has either users or a login application")
	}
	if f.login != nil {
		if err := f.login.check(); err != nil {
			return nil, err
		}
	}
	f.handler = f.routes(strings.TrimRight(issuer.EscapedPath(), "/"))
	return f, nil
}

func parseIssuer(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Host == "", u.User != nil, strings.ContainsAny(text, "?#"):
		return nil, fmt.Errorf("%q is no http or https address without user, query and fragment", text)
	case u.Path != "" && u.Path != "/" && path.Clean(u.Path) != strings.TrimRight(u.Path, "/"), strings.ContainsAny(u.EscapedPath(), "{}%"):
		return nil, fmt.Errorf("%q has a path that is not plain", text)
	}
	return u, nil
}

// isLocal tells names of this machine, on which other things are served too:
// what one port says about TLS must not reach the others.
func isLocal(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.IsLoopback()
}

// paths returns where the endpoints are served.
func paths(chosen map[string]string) (map[string]string, error) {
	all := map[string]string{}
	for _, name := range []string{"authorize", "par", "token", "revoke", "introspect", "userinfo", "resource", "register", "jwks"} {
		all[name] = "/" + name
	}
	for name, to := range chosen {
		if all[name] == "" {
			return nil, fmt.Errorf("there is no endpoint %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
		}
		if !plainPath.MatchString(to) || path.Clean(to) != to {
			return nil, fmt.Errorf("%q is no plain path", to)
		}
		all[name] = to
	}
	seen := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		first, _, _ := strings.Cut(all[name][1:], "/")
		if other, taken := seen[all[name]]; taken || slices.Contains(ownPaths, first) {
			return nil, fmt.Errorf("%s cannot be at %s, where %s is", name, all[name], cmp.Or(other, "something of the front's own"))
		}
		seen[all[name]] = name
	}
	return all, nil
}

var (
	plainPath = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+$`)
	ownPaths  = []string{"interaction", "handoff", "assets", ".well-known"}
)

// routes is the whole surface. Endpoints that scripts in browsers use are
// open to any origin, without credentials; the authorization endpoint never
// is (FAPI2-SP-FINAL-5.2.3-3). Those that anybody can make the engine store
// something with are limited.
func (f *Front) routes(prefix string) http.Handler {
	mux := http.NewServeMux()
	at := func(name string) string { return prefix + f.paths[name] }
	for _, r := range []struct {
		methods string
		path    string
		open    bool
		limited tooMany
		handler http.HandlerFunc
	}{
		{"GET POST", at("authorize"), false, tooManyPage, f.authorize},
		{"GET POST", prefix + "/interaction/{id}", false, nil, f.interaction},
		{"GET", prefix + "/handoff/{id}", false, nil, f.handoffRequest},
		{"POST", prefix + "/handoff/{id}/accept", false, nil, f.handoffAccept},
		{"POST", prefix + "/handoff/{id}/reject", false, nil, f.handoffReject},
		{"GET", prefix + "/assets/front.css", false, nil, f.stylesheet},
		{"POST", at("par"), true, tooManyJSON, f.par},
		{"POST", at("token"), true, nil, f.token},
		{"POST", at("revoke"), false, nil, f.revoke},
		{"POST", at("introspect"), false, nil, f.introspect},
		{"GET POST", at("userinfo"), true, nil, f.userinfo},
		{"GET POST", at("resource"), false, nil, f.resource},
		{"POST", at("register"), false, tooManyJSON, f.registrations(f.register)},
		{"GET PUT DELETE", at("register") + "/{id}", false, nil, f.configureClient},
		{"GET", at("jwks"), true, nil, f.jwks},
		{"GET", prefix + "/.well-known/openid-configuration", true, nil, f.configuration},
		{"GET", "/.well-known/oauth-authorization-server" + prefix, true, nil, f.configuration}, // RFC8414-3.1
	} {
		h := r.handler
		if r.limited != nil {
			h = f.limited(h, r.limited)
		}
		if r.open {
			h = allowOrigins(h)
			mux.HandleFunc("OPTIONS "+r.path, allowOrigins(preflight(r.methods)))
		}
		for method := range strings.FieldsSeq(r.methods) {
			mux.HandleFunc(method+" "+r.path, h)
		}
	}
	return mux
}

// ServeHTTP answers a request. What holds for every answer is set here.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store") // RFC6749-5.1, OIDCC-3.1.3.3
	h.Set("Pragma", "no-cache")
	h.Set("Referrer-Policy", "no-referrer") // RFC9700-4.2.4
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // RFC9700-4.16
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if f.hsts {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if path.Clean(r.URL.Path) != r.URL.Path && r.URL.Path != "/" {
		// The mux would redirect, and with it what was posted.
		http.NotFound(w, r)
		return
	}
	id := telemetry.RequestID(f.proxied(r, telemetry.RequestIDHeader))
	h.Set(telemetry.RequestIDHeader, id)
	f.handler.ServeHTTP(w, r.WithContext(webapi.WithRequestID(r.Context(), id)))
}

// url returns the public address of an endpoint.
func (f *Front) url(endpoint string) string { return f.base + f.paths[endpoint] }

// calling returns the context of calls to the engine. A client that goes away
// does not take with it what was begun; the calls have a deadline of their own.
func calling(r *http.Request) context.Context { return context.WithoutCancel(r.Context()) }

// Check compares what the engine publishes for the service with where this
// front serves it. Clients would be sent elsewhere, and proofs would name
// another address.
func (f *Front) Check(ctx context.Context) error {
	published, err := f.published(ctx)
	if err != nil {
		return err
	}
	var wrong []error
	for _, m := range []struct{ member, want string }{
		{"authorization_endpoint", f.url("authorize")},
		{"token_endpoint", f.url("token")},
		{"pushed_authorization_request_endpoint", f.url("par")},
		{"userinfo_endpoint", f.url("userinfo")},
		{"introspection_endpoint", f.url("introspect")},
		{"revocation_endpoint", f.url("revoke")},
		{"jwks_uri", f.url("jwks")},
	} {
		if got, _ := published[m.member].(string); got != m.want {
			wrong = append(wrong, fmt.Errorf("the service publishes %s %q, this front serves %q", m.member, got, m.want))
		}
	}
	if got, ok := published["registration_endpoint"]; ok && got != f.url("register") {
		wrong = append(wrong, fmt.Errorf("the service publishes registration_endpoint %q, this front serves %q", got, f.url("register")))
	}
	if got, _ := published["issuer"].(string); strings.TrimRight(got, "/") != f.base {
		wrong = append(wrong, fmt.Errorf("the service has the issuer %q, this front is %q", got, f.base))
	}
	return errors.Join(wrong...)
}

// tag shortens a value to something that names it without showing it.
func tag(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}
