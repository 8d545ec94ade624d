package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// The limits of every listener. An answer may take as long as a body, after
// which nobody waits for it.
const (
	maxHeader     = 32 << 10
	headerTimeout = 10 * time.Second
	bodyTimeout   = 30 * time.Second
	answerTimeout = bodyTimeout + 30*time.Second
	idleTimeout   = 120 * time.Second
	stopTimeout   = 30 * time.Second
)

// site is a handler at an address.
type site struct {
	setting string // that holds the address
	addr    string
	tls     *tls.Config // nil: without
	handler http.Handler
}

// listen opens the address of a site. Another one is never taken instead:
// issuers depend on it.
func (s *site) listen(ctx context.Context) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", s.addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s: %s is in use by another process", s.setting, s.addr)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", s.setting, err)
	case s.tls != nil:
		return tls.NewListener(l, s.tls), nil
	}
	return l, nil
}

// open are sites whose addresses are taken.
type open struct {
	sites     []*site
	listeners []net.Listener
}

// listen takes the addresses of sites. It comes before anything that leaves a
// trace, so that a busy port changes nothing.
func listen(ctx context.Context, sites ...*site) (*open, error) {
	o := &open{sites: sites}
	for _, s := range sites {
		l, err := s.listen(ctx)
		if err != nil {
			o.close()
			return nil, err
		}
		o.listeners = append(o.listeners, l)
	}
	return o, nil
}

func (o *open) close() {
	for _, l := range o.listeners {
		_ = l.Close()
	}
}

// serve serves the sites until ctx ends, then lets what is under way finish.
func (o *open) serve(ctx context.Context, log *slog.Logger) error {
	failed := make(chan error, len(o.sites))
	servers := make([]*http.Server, len(o.sites))
	for i, s := range o.sites {
		servers[i] = s.server(log)
		log.Info("listening", "setting", s.setting, "addr", o.listeners[i].Addr().String(), "tls", s.tls != nil)
		go func() { failed <- servers[i].Serve(o.listeners[i]) }()
	}
	var err error
	select {
	case <-ctx.Done():
		log.Info("stopping")
	case err = <-failed:
	}
	return errors.Join(err, shutdown(servers))
}

func (s *site) server(log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           s.handler,
		MaxHeaderBytes:    maxHeader,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: bodyTimeout, WriteTimeout: answerTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// shutdown stops accepting and waits for what is under way.
func shutdown(servers []*http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	errs := make([]error, len(servers))
	var wg sync.WaitGroup
	for i, s := range servers {
		wg.Go(func() {
			if errs[i] = s.Shutdown(ctx); errs[i] != nil {
				errs[i] = errors.Join(fmt.Errorf("requests were still under way after %v", stopTimeout), s.Close())
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// tlsConfig returns the configuration of a TLS listener: TLS 1.3, and 1.2
// with the ECDHE AES-GCM suites that BCP 195 recommends. No browser is ever
// asked for a certificate.
func tlsConfig(certificates ...tls.Certificate) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
		},
		Certificates: certificates,
		NextProtos:   []string{"h2", "http/1.1"},
	}
}

// loadTLS reads certificate and key, or returns nil where neither is given.
// setting is the common beginning of the names of the two settings.
func loadTLS(setting, cert, key string) (*tls.Config, error) {
	if cert == "" && key == "" {
		return nil, nil
	}
	if cert == "" || key == "" {
		return nil, fmt.Errorf("%s-cert and %s-key go together", setting, setting)
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("%s-cert, %s-key: %w", setting, setting, err)
	}
	return tlsConfig(pair), nil
}

// isLoopback reports whether an address reaches this machine only.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
