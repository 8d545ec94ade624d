package request

import (
	"net/url"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// located makes the first stage of a request for a redirect URI.
func located(t *testing.T, redirect string, service wire.Service, client wire.Client) *Located {
	t.Helper()
	form, err := oauth.ParseForm("client_id=1&redirect_uri=" + url.QueryEscape(redirect))
	if err != nil {
		t.Skipf("%q cannot stand in a request: %v", redirect, err)
	}
	return &Located{Service: &registry.Service{Doc: &service}, Client: &registry.Client{ID: 1, Doc: &client}, Sent: form, Form: form}
}

const registered = "https://good.example/cb"

// TestAttackA_RedirectURIs: texts that somebody's parser once took for the
// registered redirect URI.
func TestAttackA_RedirectURIs(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ row, uri string }{
		{"A2", "https://evil.test/cb"},
		{"A2", "https://good.example.evil.test/cb"},
		{"A2", "https://evilgood.example/cb"},
		{"A2", "http://good.example/cb"},
		{"A4", "https://good.example@evil.test/cb"},
		{"A4", "https://good.example:x@evil.test/cb"},
		{"A4", "https://a@good.example@evil.test/cb"},
		{"A4", "https://user@good.example/cb"},
		{"A4", "https://evil.test@good.example/cb"},
		{"A4", "https://good.example%40evil.test/cb"},
		{"A5", "https://good.example/cb/../evil"},
		{"A5", "https://good.example/evil/../cb"},
		{"A5", "https://good.example/./cb"},
		{"A5", "https://good.example/cb/..;/evil"},
		{"A5", "https://good.example/cb/%2e%2e/evil"},
		{"A5", "https://good.example/x/%2e%2e/cb"},
		{"A5", "https://good.example/cb/%252e%252e/evil"},
		{"A5", "https://good.example/cb;a=b"},
		{"A5", "https://good.example//cb"},
		{"A7", "https://good.example/cb?a=b"},
		{"A7", "https://good.example/cb?"},
		{"A7", "https://good.example/cb#fragment"},
		{"A7", "https://good.example/cb#"},
		{"A7", "https://good.example/cb&a=b"},
		{"A10", "https://good.example/cb/"},
		{"A10", "https://good.example:443/cb"},
		{"A10", "https://good.example:/cb"},
		{"A10", "https://good.example:8443/cb"},
		{"A10", "https://good.example/%63b"},
		{"A10", "https://good.example/c%62"},
		{"A10", "https://good%2Eexample/cb"},
		{"A10", "HTTPS://good.example/cb"},
		{"A10", "https://GOOD.example/cb"},
		{"A10", "https://good.example/CB"},
		{"A10", "https://good.example./cb"},
		{"A10", "//good.example/cb"},
		{"A10", "good.example/cb"},
		{"A10", "/cb"},
		{"A13", `https://evil.test\@good.example/cb`},
		{"A13", `https://good.example\cb`},
		{"A13", `https:\\good.example/cb`},
		{"A13", "https://good.example/cb\t"},
		{"A13", "https://good.example/\tcb"},
		{"A13", "https://good.example/cb\r\nSet-Cookie: a=b"},
		{"A13", "https://good.example/cb\n"},
		{"A13", "https://good.example/cb "},
		{"A13", " https://good.example/cb"},
		{"A13", "https://good.example/cb\u00a0"},
		{"A13", "https://g\u043eod.example/cb"}, // a Cyrillic o
		{"A13", "https://good\u3002example/cb"}, // an ideographic full stop
		{"A13", "https://good.exa\u00admple/cb"},
		{"A13", "https://good.example\uff0fcb"},
		{"A14", "javascript:alert(1)"},
		{"A14", "JaVaScRiPt://good.example/cb"},
		{"A14", "data:text/html,x"},
	} {
		for _, c := range []wire.Client{
			{RedirectURIs: []string{registered}},
			{RedirectURIs: []string{"https://good.example/other", registered}, ApplicationType: wire.ApplicationTypeNative},
		} {
			l := located(t, x.uri, wire.Service{LoopbackRedirectionURIVariable: true}, c)
			if f := checkRedirectRegistered(l); f == nil {
				t.Errorf("%s: %q is taken for %q", x.row, x.uri, registered)
			}
		}
	}
	if f := checkRedirectRegistered(located(t, registered, wire.Service{}, wire.Client{RedirectURIs: []string{registered}})); f != nil {
		t.Errorf("the registered one: %v", f.Description)
	}
}

// TestAttackA8_Query: the query of a registered redirect URI is part of it.
func TestAttackA8_Query(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]bool{
		registered + "?tenant=1": true, registered: false, registered + "?": false, registered + "?tenant=2": false,
		registered + "?tenant=1&a=b": false, registered + "?a=b&tenant=1": false, registered + "?tenant=%31": false, registered + "?Tenant=1": false,
	} {
		l := located(t, uri, wire.Service{}, wire.Client{RedirectURIs: []string{registered + "?tenant=1"}})
		if f := checkRedirectRegistered(l); (f == nil) != want {
			t.Errorf("%q: taken %v, want %v", uri, f == nil, want)
		}
	}
}

// TestAttackA11_Loopback: only the port of a loopback redirect URI may vary,
// for native clients, where the service allows it.
func TestAttackA11_Loopback(t *testing.T) {
	t.Parallel()
	native := wire.Client{RedirectURIs: []string{"http://127.0.0.1:1234/cb?a=b"}, ApplicationType: wire.ApplicationTypeNative}
	on := wire.Service{LoopbackRedirectionURIVariable: true}
	for _, x := range []struct {
		uri     string
		service wire.Service
		client  wire.Client
		want    bool
	}{
		{"http://127.0.0.1:49152/cb?a=b", on, native, true},
		{"http://127.0.0.1/cb?a=b", on, native, true},
		{"http://127.0.0.1:65535/cb?a=b", on, native, true},
		{"http://127.0.0.1:1234/cb?a=b", wire.Service{}, native, true},
		{"http://127.0.0.1:49152/cb?a=b", wire.Service{}, native, false},
		{"http://127.0.0.1:49152/cb?a=b", on, wire.Client{RedirectURIs: native.RedirectURIs}, false},
		{"http://127.0.0.1:49152/cb?a=b", on, wire.Client{RedirectURIs: native.RedirectURIs, ApplicationType: wire.ApplicationTypeWeb}, false},
		{"http://127.0.0.1:0/cb?a=b", on, native, false},
		{"http://127.0.0.1:65536/cb?a=b", on, native, false},
		{"http://127.0.0.1:-1/cb?a=b", on, native, false},
		{"http://127.0.0.1:49152/cb", on, native, false},
		{"http://127.0.0.1:49152/cb?", on, native, false},
		{"http://127.0.0.1:49152/cb?a=c", on, native, false},
		{"http://127.0.0.1:49152/cb?a=b#f", on, native, false},
		{"http://127.0.0.1:49152/CB?a=b", on, native, false},
		{"http://127.0.0.1:49152/%63b?a=b", on, native, false},
		{"http://127.0.0.1:49152/x/../cb?a=b", on, native, false},
		{"https://127.0.0.1:49152/cb?a=b", on, native, false},
		{"http://localhost:49152/cb?a=b", on, native, false},
		{"http://127.0.0.2:49152/cb?a=b", on, native, false},
		{"http://127.1:49152/cb?a=b", on, native, false},
		{"http://2130706433:49152/cb?a=b", on, native, false},
		{"http://[::1]:49152/cb?a=b", on, native, false},
		{"http://127.0.0.1:1@evil.test/cb?a=b", on, native, false},
		{"http://evil@127.0.0.1:1/cb?a=b", on, native, false},
		{"http://127.0.0.1.evil.test:1/cb?a=b", on, native, false},
		{`http://127.0.0.1:1\@evil.test/cb?a=b`, on, native, false},
		{"http://127.0.0.1:1 /cb?a=b", on, native, false},
		{"http://localhost:49152/cb", on, wire.Client{RedirectURIs: []string{"http://localhost/cb"}, ApplicationType: wire.ApplicationTypeNative}, true},
		{"http://[::1]:49152/cb", on, wire.Client{RedirectURIs: []string{"http://[::1]/cb"}, ApplicationType: wire.ApplicationTypeNative}, true},
		{"http://[::1]:49152/cb?", on, wire.Client{RedirectURIs: []string{"http://[::1]/cb"}, ApplicationType: wire.ApplicationTypeNative}, false},
		{"https://127.0.0.1:49152/cb", on, wire.Client{RedirectURIs: []string{"https://127.0.0.1/cb"}, ApplicationType: wire.ApplicationTypeNative}, false},
		{"http://good.example:49152/cb", on, wire.Client{RedirectURIs: []string{"http://good.example/cb"}, ApplicationType: wire.ApplicationTypeNative}, false},
	} {
		if f := checkRedirectRegistered(located(t, x.uri, x.service, x.client)); (f == nil) != x.want {
			t.Errorf("%q of a %s client, switch %v: taken %v, want %v", x.uri, x.client.ApplicationType, x.service.LoopbackRedirectionURIVariable, f == nil, x.want)
		}
	}
}

// TestSecureRedirect: what FAPI 2 takes for secure.
func TestSecureRedirect(t *testing.T) {
	t.Parallel()
	fapi := wire.Service{SupportedServiceProfiles: []wire.ServiceProfile{wire.ServiceProfileFAPI}, FAPIModes: []wire.FAPIMode{wire.FAPIModeFAPI2Security}}
	for _, x := range []struct {
		uri     string
		kind    wire.ApplicationType
		service wire.Service
		want    bool
	}{
		{"https://good.example/cb", wire.ApplicationTypeWeb, fapi, true},
		{"http://good.example/cb", wire.ApplicationTypeWeb, fapi, false},
		{"http://good.example/cb", wire.ApplicationTypeWeb, wire.Service{}, true},
		{"http://127.0.0.1/cb", wire.ApplicationTypeWeb, fapi, false},
		{"http://127.0.0.1/cb", wire.ApplicationTypeNative, fapi, true},
		{"http://good.example/cb", wire.ApplicationTypeNative, fapi, false},
		{"com.example.app:/cb", wire.ApplicationTypeNative, fapi, true},
		{"com.example.app:/cb", wire.ApplicationTypeWeb, fapi, false},
		{"ftp://good.example/cb", wire.ApplicationTypeNative, fapi, false},
	} {
		l := located(t, x.uri, x.service, wire.Client{RedirectURIs: []string{x.uri}, ApplicationType: x.kind})
		l.base = l.Client.BasePolicy(l.Service)
		if f := run(locatedRules, l.At, l); (f == nil) != x.want {
			t.Errorf("%s of a %s client: taken %v, want %v", x.uri, x.kind, f == nil, x.want)
		}
	}
}
