package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/singleflight"
)

// The limits of one fetch.
const (
	Timeout    = 5 * time.Second
	MaxBytes   = 256 << 10
	MaxAddress = 2048
	// inFlight is how many may be under way for one service. More are refused
	// at once: slow servers of one service's clients must not stand in the
	// way of another's.
	inFlight = 8
)

// Options say what may be fetched besides public addresses.
type Options struct {
	// Networks are private networks that may be asked all the same.
	Networks []netip.Prefix
	// CAs are trusted besides those of the system. Nil for none.
	CAs *x509.CertPool
}

// Client fetches documents. It is safe for concurrent use.
type Client struct {
	http     *http.Client
	networks []netip.Prefix
	flights  singleflight.Group

	mu   sync.Mutex
	busy map[int64]int // fetches under way, by service
}

// New returns a client.
func New(o Options) *Client {
	c := &Client{networks: o.Networks, busy: map[int64]int{}}
	dialer := &net.Dialer{Timeout: Timeout, Control: c.control}
	c.http = &http.Client{
		Timeout: Timeout,
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{RootCAs: o.CAs, MinVersion: tls.VersionTLS12},
			DisableCompression:     true,
			DisableKeepAlives:      true,
			MaxResponseHeaderBytes: 16 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c
}

// Get returns the document at an https address for a service. Callers that
// want the same address at the same time share one answer.
func (c *Client) Get(ctx context.Context, service int64, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || len(address) > MaxAddress || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, errors.New("it is no https address")
	}
	// The one who began may go away; the others still wait.
	done := c.flights.DoChan(address, func() (any, error) { return c.get(context.WithoutCancel(ctx), service, address) })
	select {
	case r := <-done:
		if r.Err != nil {
			return nil, r.Err
		}
		return slices.Clone(r.Val.([]byte)), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *Client) get(ctx context.Context, service int64, address string) ([]byte, error) {
	if !c.take(service) {
		return nil, errors.New("too many other documents are being fetched")
	}
	defer c.release(service)
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers with status %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBytes+1))
	if err == nil && len(body) > MaxBytes {
		err = fmt.Errorf("it has more than %d bytes", MaxBytes)
	}
	return body, err
}

func (c *Client) take(service int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[service] >= inFlight {
		return false
	}
	c.busy[service]++
	return true
}

func (c *Client) release(service int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[service]--; c.busy[service] == 0 {
		delete(c.busy, service)
	}
}

// control is asked with the address that a connection is about to go to.
func (c *Client) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if addr := to.Addr().Unmap().WithZone(""); !c.allowed(addr) {
		return fmt.Errorf("%s is no public address", addr)
	}
	return nil
}

func (c *Client) allowed(addr netip.Addr) bool {
	in := func(p netip.Prefix) bool { return p.Contains(addr) }
	public := addr.IsGlobalUnicast() && !addr.IsPrivate() && (addr.Is4() || globalIPv6.Contains(addr)) && !slices.ContainsFunc(special, in)
	return public || slices.ContainsFunc(c.networks, in)
}

// globalIPv6 is all that is given out so far.
var globalIPv6 = netip.MustParsePrefix("2000::/3")

// special are networks that look public and are not (RFC 6890, RFC 8215), or
// lead to IPv4 addresses of any kind; one is the host of a cloud's machines.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("168.63.129.16/32"),
	netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("192.31.196.0/24"),
	netip.MustParsePrefix("192.52.193.0/24"), netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("192.175.48.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("2620:4f:8000::/48"), netip.MustParsePrefix("3fff::/20"),
}
