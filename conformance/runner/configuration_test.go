package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/userfile"
)

const (
	testIssuer = "https://localhost:4711"
	testSuite  = "https://suite.example:8443"
)

// written returns a configuration as the suite reads it.
func written(t *testing.T, p *plan, l lane) (text string, c struct {
	Alias                             string
	Server                            struct{ DiscoveryURL string }
	Client, Client2, ClientSecretPost *struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
		Scope        string
		JWKS         json.RawMessage
	}
	Resource struct{ ResourceURL string }
	Browser  []visit
	Override map[string]struct{ Browser []visit }
}) {
	t.Helper()
	b, err := json.Marshal(configuration(p, testIssuer, testSuite, l))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return string(b), c
}

type visit struct {
	Match string
	Limit int `json:"match-limit"`
	Tasks []struct {
		Task, Match string
		Optional    bool
		Commands    [][]any
	}
}

func TestConfigurationFAPI2(t *testing.T) {
	t.Parallel()
	clients, err := fapi2Clients()
	if err != nil {
		t.Fatal(err)
	}
	l := lane{alias: "al", clients: []credentials{{id: "1", jwks: clients[0].jwks}, {id: "2", jwks: clients[1].jwks}}}
	for name, scope := range map[string]string{"fapi2-openid": "openid accounts offline_access", "fapi2-oauth": "accounts offline_access"} {
		p := plans[slices.IndexFunc(plans, func(p *plan) bool { return p.name == name })]
		_, c := written(t, p, l)
		if c.Alias != "al" || c.Server.DiscoveryURL != testIssuer+"/.well-known/openid-configuration" || c.Resource.ResourceURL != testIssuer+"/resource" {
			t.Errorf("%s: %+v", name, c)
		}
		if c.Client.Scope != scope || c.Client2.Scope != scope || c.Client.ClientID != "1" || c.Client2.ClientID != "2" {
			t.Errorf("%s: %+v %+v", name, c.Client, c.Client2)
		}
		kids := map[string]bool{}
		for i, alg := range []string{"PS256", "ES256"} {
			set, err := jose.ParseKeySet(string([]json.RawMessage{c.Client.JWKS, c.Client2.JWKS}[i]))
			if err != nil || !set.HasPrivate() || set.Keys[0].Algorithm != alg || kids[set.Keys[0].ID] {
				t.Errorf("keys of client %d: %v", i+1, err)
			}
			kids[set.Keys[0].ID] = true
			registered, err := jose.ParseKeySet(clients[i].document.JWKS)
			if err != nil || registered.HasPrivate() || registered.Keys[0].ID != set.Keys[0].ID {
				t.Errorf("registered keys of client %d: %v", i+1, err)
			}
		}
	}
}

func TestConfigurationOpenID(t *testing.T) {
	t.Parallel()
	p := plans[slices.IndexFunc(plans, func(p *plan) bool { return p.name == "oidc-basic-static" })]
	text, c := written(t, p, lane{alias: "al", clients: []credentials{{id: "1", secret: "s1"}, {id: "2", secret: "s2"}, {id: "3", secret: "s3"}}})
	if c.Client.ClientSecret != "s1" || c.Client2.ClientID != "2" || !strings.Contains(text, `"client_secret_post":{"client_id":"3","client_secret":"s3"}`) {
		t.Error(text)
	}
	p = plans[slices.IndexFunc(plans, func(p *plan) bool { return p.name == "oidc-basic-dynamic" })]
	if text, c = written(t, p, lane{}); strings.Contains(text, "alias") || c.Client.ClientID != "" || c.Client2 != nil {
		t.Error(text)
	}
}

// Patterns begin with an origin: one that begins with a star would match a
// page of ours whose address carries the redirect URI.
func TestBrowser(t *testing.T) {
	t.Parallel()
	_, c := written(t, plans[0], lane{clients: []credentials{{}, {}, {}}})
	all := [][]visit{c.Browser}
	for name, o := range c.Override {
		if len(o.Browser) == 0 {
			t.Errorf("%s has nothing to do", name)
		}
		all = append(all, o.Browser)
	}
	if len(all) < 5 {
		t.Errorf("%d entries", len(all))
	}
	for _, visits := range all {
		for i, v := range visits {
			if v.Match != testIssuer+"/authorize*" || (v.Limit == 0) != (i == len(visits)-1) {
				t.Errorf("%+v", v)
			}
			if v.Tasks[len(v.Tasks)-1].Optional {
				t.Errorf("%+v can end anywhere", v)
			}
			for _, task := range v.Tasks {
				if !strings.HasPrefix(task.Match, testIssuer+"/") && !strings.HasPrefix(task.Match, testSuite+"/") {
					t.Errorf("%s matches %s", task.Task, task.Match)
				}
				if len(task.Commands) == 0 {
					t.Errorf("%s does nothing", task.Task)
				}
			}
		}
	}
}

func TestRedirectURIs(t *testing.T) {
	t.Parallel()
	got := redirectURIs(testSuite+"/", "al")
	want := []string{testSuite + "/test/a/al/callback", testSuite + "/test/a/al/callback?dummy1=lorem&dummy2=ipsum"}
	if !slices.Equal(got, want) {
		t.Error(got)
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	text, err := users()
	if err != nil {
		t.Fatal(err)
	}
	d, err := userfile.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	u, err := d.Authenticate(t.Context(), userName, password)
	if err != nil || u == nil || len(u.Claims) != 19 || len(claimNames()) != 20 {
		t.Errorf("%+v, %v", u, err)
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ names, want string }{
		{"", strings.Join(planNames(), " ")},
		{"fapi2", "fapi2-openid fapi2-oauth"},
		{"fapi2-oauth oidc-config", "oidc-config fapi2-oauth"},
		{"fapi2 fapi2-oauth", "fapi2-openid fapi2-oauth"},
	} {
		chosen, err := choose(strings.Fields(tc.names))
		var got []string
		for _, p := range chosen {
			got = append(got, p.name)
		}
		if strings.Join(got, " ") != tc.want || err != nil {
			t.Errorf("%q: %v, %v", tc.names, got, err)
		}
	}
	for _, bad := range []string{"fapi3", "oidc-", "OIDC"} {
		if _, err := choose([]string{"oidc", bad}); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestWants(t *testing.T) {
	t.Parallel()
	j := job{plan: &plan{name: "a"}, module: module{Name: "oidcc-server", label: "oidcc-server (x=y)"}}
	last := memory{"a": {"oidcc-server (x=y)"}, "b": {"other"}}
	for _, tc := range []struct {
		o    options
		last memory
		want bool
	}{
		{options{}, nil, true},
		{options{Only: "*server"}, nil, true},
		{options{Only: "server"}, nil, false},
		{options{Failed: true}, last, true},
		{options{Failed: true}, memory{}, false},
		{options{Failed: true, Only: "x*"}, last, false},
	} {
		if got := tc.o.wants(j, tc.last); got != tc.want {
			t.Errorf("%+v: %v", tc.o, got)
		}
	}
}
