package front

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/keyring"
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
	attempts      *attempts
	log           *slog.Logger
	now           func() time.Time
	hsts          bool
	handler       http.Handler
}

// New returns a front.
func New(o Options) (*Front, error) {
	issuer, err := parseIssuer(o.Issuer)
	if err != nil {
		return nil, err
	}
	ring, err := keyring.New(o.Key)
	if err != nil {
		return nil, err
	}
	f := &Front{
		api: o.API, base: strings.TrimRight(o.Issuer, "/"), users: o.Users, sessions: o.SessionLifetime,
		introspectors: make(map[string][sha256.Size]byte, len(o.Introspectors)),
		attempts:      newAttempts(), log: o.Log, now: o.Now,
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

// routes is the whole surface. Endpoints that scripts in browsers use are
// open to any origin, without credentials; the authorization endpoint never
// is (FAPI2-SP-FINAL-5.2.3-3).
func (f *Front) routes(prefix string) http.Handler {
	const open = true
	mux := http.NewServeMux()
	for _, r := range []struct {
		methods string
		path    string
		open    bool
		handler http.HandlerFunc
	}{
		{"GET POST", prefix + "/authorize", !open, f.authorize},
		{"GET POST", prefix + "/interaction/{id}", !open, f.interaction},
		{"GET", prefix + "/assets/front.css", !open, f.stylesheet},
		{"POST", prefix + "/par", open, f.par},
		{"POST", prefix + "/token", open, f.token},
		{"POST", prefix + "/revoke", !open, f.revoke},
		{"POST", prefix + "/introspect", !open, f.introspect},
		{"GET POST", prefix + "/userinfo", open, f.userinfo},
		{"POST", prefix + "/register", !open, f.register},
		{"GET PUT DELETE", prefix + "/register/{id}", !open, f.configureClient},
		{"GET POST", prefix + "/resource", !open, f.resource},
		{"GET", prefix + "/jwks", open, f.jwks},
		{"GET", prefix + "/.well-known/openid-configuration", open, f.configuration},
		{"GET", "/.well-known/oauth-authorization-server" + prefix, open, f.configuration}, // RFC8414-3.1
	} {
		for method := range strings.FieldsSeq(r.methods) {
			h := r.handler
			if r.open {
				h = allowOrigins(h)
			}
			mux.HandleFunc(method+" "+r.path, h)
		}
		if r.open {
			mux.HandleFunc("OPTIONS "+r.path, allowOrigins(preflight(r.methods)))
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
	f.handler.ServeHTTP(w, r)
}

// url returns the public address of an endpoint.
func (f *Front) url(endpoint string) string { return f.base + endpoint }

// calling returns the context of calls to the engine. A client that goes away
// does not take with it what was begun; the calls have a deadline of their own.
func calling(r *http.Request) context.Context { return context.WithoutCancel(r.Context()) }

// address returns who sent the request, as far as limits care: an IPv4
// address or the network of an IPv6 one.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		if network, err := addr.Prefix(64); err == nil {
			return network.String()
		}
	}
	return addr.String()
}

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
		{"authorization_endpoint", f.url("/authorize")},
		{"token_endpoint", f.url("/token")},
		{"pushed_authorization_request_endpoint", f.url("/par")},
		{"userinfo_endpoint", f.url("/userinfo")},
		{"introspection_endpoint", f.url("/introspect")},
		{"revocation_endpoint", f.url("/revoke")},
		{"jwks_uri", f.url("/jwks")},
	} {
		if got, _ := published[m.member].(string); got != m.want {
			wrong = append(wrong, fmt.Errorf("the service publishes %s %q, this front serves %q", m.member, got, m.want))
		}
	}
	if got, ok := published["registration_endpoint"]; ok && got != f.url("/register") {
		wrong = append(wrong, fmt.Errorf("the service publishes registration_endpoint %q, this front serves %q", got, f.url("/register")))
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
