package front

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/oauth"
)

// address returns who sent a request, as far as limits care: an IPv4 address
// or the network of an IPv6 one. Where a trusted proxy brought it, it is the
// last address in X-Forwarded-For that is no trusted proxy: what stands
// before that, the sender wrote.
func (f *Front) address(r *http.Request) string {
	addr, host := peer(r)
	if !addr.IsValid() {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && f.isProxy(addr); i-- {
		hop := strings.TrimSpace(hops[i])
		before, err := netip.ParseAddr(hop)
		if err != nil { // some proxies add the port
			withPort, err := netip.ParseAddrPort(hop)
			if err != nil {
				break
			}
			before = withPort.Addr()
		}
		addr = before
	}
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		if network, err := addr.Prefix(64); err == nil {
			return network.String()
		}
	}
	return addr.String()
}

// peer returns who is at the other end of the connection; addr is invalid
// where that has no address.
func peer(r *http.Request) (addr netip.Addr, host string) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, _ = netip.ParseAddr(host)
	return addr, host
}

// proxied returns a header that only trusted proxies may set.
func (f *Front) proxied(r *http.Request, name string) string {
	if addr, _ := peer(r); !f.isProxy(addr) {
		return ""
	}
	return r.Header.Get(name)
}

func (f *Front) isProxy(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(f.proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// limited keeps one address from filling the engine with requests that
// nobody will ever answer.
// refuse tells how.
func (f *Front) limited(h http.HandlerFunc, refuse tooMany) http.HandlerFunc {
	if f.requestRate <= 0 {
		return h
	}
	return func(w http.ResponseWriter, r *http.Request) {
		of := limit{"requests of " + f.address(r), 10 * f.requestRate, time.Second / time.Duration(f.requestRate)}
		if wait, ok := f.limits.take(f.now(), of); !ok {
			refuse(f, w, r, wait)
			return
		}
		h(w, r)
	}
}

// registrations keeps one address from filling the store with clients. It
// counts besides limited, and not without it.
func (f *Front) registrations(h http.HandlerFunc) http.HandlerFunc {
	if f.requestRate <= 0 || f.registerRate <= 0 {
		return h
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if wait, ok := f.limits.take(f.now(), ofRegistrations(f.address(r), f.registerRate)); !ok {
			tooManyJSON(f, w, r, wait)
			return
		}
		h(w, r)
	}
}

// tooMany refuses what is over a limit.
type tooMany func(f *Front, w http.ResponseWriter, r *http.Request, wait time.Duration)

func tooManyPage(f *Front, w http.ResponseWriter, r *http.Request, wait time.Duration) {
	f.show(w, r, http.StatusTooManyRequests, messagePage(messageLimited, f.retryLater(w, r, wait)))
}

func tooManyJSON(f *Front, w http.ResponseWriter, r *http.Request, wait time.Duration) {
	text := "Too many requests; incident " + f.retryLater(w, r, wait)
	refuse(w, &problem{status: http.StatusTooManyRequests, code: oauth.TemporarilyUnavailable, text: text}) // PAR-2.3
}

func (f *Front) retryLater(w http.ResponseWriter, r *http.Request, wait time.Duration) (incident string) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(wait.Seconds()))))
	return f.incident(w, r.Pattern, "too many from "+f.address(r))
}
