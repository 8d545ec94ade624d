package cli

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/config"
	"github.com/symbolon-auth/symbolon/internal/front"
	"github.com/symbolon-auth/symbolon/internal/userfile"
	"github.com/symbolon-auth/symbolon/internal/webapi"
)

type frontCommand struct {
	config.Access     `embed:""`
	config.OneService `embed:""`
	config.Front      `embed:""`
}

func (c *frontCommand) Help() string {
	return `The front serves one service of an engine to browsers and OAuth clients, with a login and a consent page, at the address that is the service's issuer. It talks to the engine through the Web API only; its API token needs the right USE_SERVICE.

Without TLS it listens on loopback only, unless front-behind-proxy is set.`
}

// Run serves a front.
func (c *frontCommand) Run(ctx context.Context, log *slog.Logger) error {
	api, err := newAPI(&c.Access)
	if err != nil {
		return err
	}
	f, err := c.build(api.WithService(c.Service), log)
	if err != nil {
		return err
	}
	sites, err := c.sites(f)
	if err != nil {
		return err
	}
	ports, err := listen(ctx, sites...)
	if err != nil {
		return err
	}
	go func() {
		if err := f.Check(ctx); err != nil && ctx.Err() == nil {
			log.Warn("the front and its service do not agree", "error", err)
		}
	}()
	return ports.serve(ctx, log)
}

func (c *frontCommand) build(api *webapi.Client, log *slog.Logger) (*front.Front, error) {
	options := front.Options{API: api, Issuer: c.Issuer, SessionLifetime: c.Session, RequestRate: c.Rate, RegistrationRate: c.Registrations, RegistrationToken: c.Registration, Log: log}
	if err := c.people(&options); err != nil {
		return nil, err
	}
	cookies, err := key("cookie-key", c.CookieKey, c.CookieKeyFile)
	if err != nil {
		return nil, err
	}
	if cookies == nil {
		log.Warn("there is no cookie-key: logins end with this process")
		cookies = newKey()
	}
	options.Key, options.Introspectors = cookies, make(map[string]string, len(c.Introspectors))
	for _, i := range c.Introspectors {
		name, secret, ok := strings.Cut(i, ":")
		if !ok || name == "" || secret == "" {
			return nil, errors.New("introspection-clients: an entry is not NAME:SECRET")
		}
		options.Introspectors[name] = secret
	}
	options.Paths = make(map[string]string, len(c.Paths))
	for _, p := range c.Paths {
		name, path, ok := strings.Cut(p, "=")
		if !ok {
			return nil, fmt.Errorf("front-paths: %q is not NAME=PATH", p)
		}
		options.Paths[name] = path
	}
	if options.Proxies, err = networks("front-trusted-proxies", c.Proxies); err != nil {
		return nil, err
	}
	if c.Theme != "" {
		options.Theme = os.DirFS(c.Theme)
	}
	return front.New(options)
}

// people says who knows the end-users.
func (c *frontCommand) people(o *front.Options) (err error) {
	switch {
	case c.Users != "" && c.LoginURL != "":
		return errors.New("login-url: there are users too; only one of them can log people in")
	case c.Users == "" && c.LoginURL == "":
		return errors.New("users: nobody could log in; set it or login-url")
	case c.Users != "":
		if o.Users, err = userfile.Load(c.Users); err != nil {
			return fmt.Errorf("users: %w", err)
		}
		return nil
	}
	o.Login = &front.LoginApplication{URL: c.LoginURL, Secret: c.LoginSecret}
	if c.LoginSecret == "" && c.LoginFile != "" {
		o.Login.Secret, err = config.ReadSecret("login-secret-file", c.LoginFile)
	}
	return err
}

// sites returns where the front listens.
func (c *frontCommand) sites(f http.Handler) ([]*site, error) {
	transport, err := loadTLS("front-tls", c.FrontTLSCert, c.FrontTLSKey)
	if err != nil {
		return nil, err
	}
	var sites []*site
	if c.FrontAddr != "" {
		if !c.BehindProxy && !isLoopback(c.FrontAddr) {
			return nil, fmt.Errorf("front-addr: %s would serve passwords without TLS; set front-tls-cert, or front-behind-proxy where a proxy does TLS", c.FrontAddr)
		}
		sites = append(sites, &site{setting: "front-addr", addr: c.FrontAddr, handler: f})
	}
	if transport != nil {
		sites = append(sites, &site{setting: "front-tls-addr", addr: c.FrontTLSAddr, tls: transport, handler: f})
	}
	if sites == nil {
		return nil, errors.New("front-addr: there is nothing to listen on; set it or front-tls-cert")
	}
	return sites, nil
}

// newAPI returns a client of the Web API.
func newAPI(a *config.Access) (*webapi.Client, error) {
	token, err := a.APIToken()
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(a.API, "http://") && !strings.HasPrefix(a.API, "https://") {
		return nil, fmt.Errorf("api: %q is no http or https address", a.API)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	if a.APICA != "" {
		roots, err := certificates("api-ca", a.APICA)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return webapi.New(a.API, 0, token, transport).WithTimeout(a.APITimeout), nil
}

// certificates returns those of the system and those of a file.
func certificates(setting, file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: %s holds no certificate", setting, file)
	}
	return roots, nil
}

// networks reads networks in CIDR notation.
func networks(setting string, texts []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range texts {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no network like 10.0.0.0/8", setting, text)
		}
		out = append(out, network)
	}
	return out, nil
}
