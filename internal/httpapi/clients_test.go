package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// TestClientSecret: a secret is made or set; the old one stops working at
// once. Calls at the same time make a chain: what one replaced, another made.
func TestClientSecret(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.With(enginetest.BaseService(), doc{"clientIdAliasEnabled": true}))
	c := s.NewClient(enginetest.With(enginetest.BaseClient(), doc{"clientIdAlias": "web", "clientIdAliasEnabled": true}))
	works := func(secret string) bool {
		return s.Do("auth/token", doc{"parameters": "grant_type=client_credentials", "clientId": c.ID, "clientSecret": secret}).Text("action") == "OK"
	}
	r := s.Call("GET", s.Path("client/secret/refresh/web"), enginetest.RootToken, nil)
	status(t, "refresh", r, http.StatusOK)
	if r.Text("oldClientSecret") != c.Secret || works(c.Secret) || !works(r.Text("newClientSecret")) {
		t.Errorf("refresh: %s", r.Body)
	}
	update := func(secret string) *enginetest.Answer {
		return s.Do("client/secret/update/"+c.ID, doc{"clientSecret": secret})
	}
	chosen := strings.Repeat("aZ09-_", 14) + "zz"
	u := update(chosen)
	status(t, "update", u, http.StatusOK)
	if u.Text("newClientSecret") != chosen || u.Text("oldClientSecret") != r.Text("newClientSecret") || !works(chosen) || works(r.Text("newClientSecret")) {
		t.Errorf("update: %s", u.Body)
	}
	for _, bad := range []string{"", chosen + "x", "with space", "ä", "a/b", "a\n"} {
		status(t, "a secret "+bad, update(bad), http.StatusBadRequest)
	}
	if r := update(""); r.Text("resultCode") != "A901201" {
		t.Errorf("no secret: %s", r.Body)
	}
	if !works(chosen) {
		t.Error("a refused secret was taken")
	}
	form := httptest.NewRequest("POST", s.Path("client/secret/update/"+c.ID), strings.NewReader("clientSecret=by-form"))
	form.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status(t, "update by a form", e.Raw(form), http.StatusOK)

	const calls = 16
	var mu sync.Mutex
	var olds, news []string
	var wg sync.WaitGroup
	for range calls {
		wg.Go(func() {
			r := s.Call("GET", s.Path("client/secret/refresh/"+c.ID), enginetest.RootToken, nil)
			mu.Lock()
			defer mu.Unlock()
			olds, news = append(olds, r.Text("oldClientSecret")), append(news, r.Text("newClientSecret"))
		})
	}
	wg.Wait()
	last := slices.DeleteFunc(slices.Clone(news), func(n string) bool { return slices.Contains(olds, n) })
	slices.Sort(olds)
	if len(last) != 1 || len(slices.Compact(olds)) != calls || !slices.Contains(olds, "by-form") || !works(last[0]) {
		t.Errorf("parallel refreshes: olds %v, news %v", olds, news)
	}
	for _, id := range []string{"1", "nobody"} {
		status(t, "no client", s.Call("GET", s.Path("client/secret/refresh/"+id), enginetest.RootToken, nil), http.StatusNotFound)
	}
}

// TestLockFlag: a locked client cannot authenticate and its tokens are
// refused; unlocked, both work again.
func TestLockFlag(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.BaseService())
	c := s.NewClient(enginetest.BaseClient())
	token := c.Tokens().Text("accessToken")
	for _, locked := range []bool{true, true, false} {
		r := s.Do("client/lock_flag/update/"+c.ID, doc{"clientLocked": locked})
		status(t, "lock flag", r, http.StatusOK)
		if r.Text("resultCode") == "" || s.Active(token) == locked {
			t.Errorf("locked %v: %s", locked, r.Body)
		}
		got := s.Call("GET", s.Path("client/get/"+c.ID), enginetest.RootToken, nil)
		if (got.Doc["locked"] == true) != locked || got.Text("clientSecret") != c.Secret {
			t.Errorf("locked %v: %s", locked, got.Body)
		}
		if asked := c.Authorize(); (asked.Text("action") == "INTERACTION") == locked {
			t.Errorf("locked %v: %s", locked, asked.Body)
		}
		grant := s.Do("auth/token", doc{"parameters": "grant_type=client_credentials", "clientId": c.ID, "clientSecret": c.Secret})
		if (grant.Text("action") == "OK") == locked {
			t.Errorf("locked %v: %s", locked, grant.Body)
		}
	}
	status(t, "no client", s.Do("client/lock_flag/update/1", doc{"clientLocked": true}), http.StatusNotFound)

	// What does not say whether it locks or unlocks does neither.
	path := s.Path("client/lock_flag/update/" + c.ID)
	status(t, "lock", e.Call("POST", path, enginetest.RootToken, doc{"clientLocked": true}), http.StatusOK)
	for _, members := range []doc{{}, {"locked": false}, {"clientLocked": nil}} {
		status(t, fmt.Sprint(members), e.Call("POST", path, enginetest.RootToken, members), http.StatusBadRequest)
	}
	form := func(text string) *enginetest.Answer {
		r := httptest.NewRequest("POST", path, strings.NewReader(text))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
		return e.Raw(r)
	}
	for _, text := range []string{"", "clientLocked=", "clientlocked=false", "clientLocked=2"} {
		status(t, "form "+text, form(text), http.StatusBadRequest)
	}
	if s.Active(token) {
		t.Error("the client is unlocked")
	}
	status(t, "form", form("clientLocked=false"), http.StatusOK)
	if !s.Active(token) {
		t.Error("the client is locked")
	}
}

// TestClientsPerDeveloper: a developer gets as many clients as the service
// says, also by way of an update; clients of no developer are not counted.
func TestClientsPerDeveloper(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.With(enginetest.QuickService(), doc{"clientsPerDeveloper": 1}))
	write := func(path, developer string) *enginetest.Answer {
		return e.Call("POST", s.Path(path), enginetest.RootToken, enginetest.With(enginetest.BaseClient(), doc{"developer": developer}))
	}
	first := write("client/create", "ada")
	status(t, "the first", first, http.StatusOK)
	refused := func(what string, a *enginetest.Answer) {
		t.Helper()
		if a.Status != http.StatusBadRequest || a.Text("resultCode") != "A901210" || !strings.Contains(a.Text("resultMessage"), "clientsPerDeveloper") {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}
	refused("a second one", write("client/create", "ada"))
	status(t, "another developer", write("client/create", "ben"), http.StatusOK)
	status(t, "no developer", write("client/create", ""), http.StatusOK)
	loose := write("client/create", "")
	status(t, "no developer again", loose, http.StatusOK)
	refused("by an update", write("client/update/"+loose.Text("clientId"), "ada"))
	status(t, "an update of the first", write("client/update/"+first.Text("clientId"), "ada"), http.StatusOK)
	status(t, "delete", e.Call("DELETE", s.Path("client/delete/"+first.Text("clientId")), enginetest.RootToken, nil), http.StatusNoContent)
	status(t, "by an update, with room", write("client/update/"+loose.Text("clientId"), "ada"), http.StatusOK)
	s.Update(doc{"clientsPerDeveloper": 3})
	status(t, "a second one, with room", write("client/create", "ada"), http.StatusOK)
	s.Update(doc{"clientsPerDeveloper": 1})
	status(t, "one of two, where one would have room", write("client/update/"+loose.Text("clientId"), "ada"), http.StatusOK)
}

// TestHTTPAliasProhibited: the service decides whether aliases may look like
// addresses.
func TestHTTPAliasProhibited(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	for prohibited, want := range map[bool]int{false: http.StatusOK, true: http.StatusBadRequest} {
		s := e.NewService(enginetest.With(enginetest.QuickService(), doc{"httpAliasProhibited": prohibited}))
		c := s.NewClient(enginetest.BaseClient())
		for _, alias := range []string{"http://a.example", "https://a.example"} {
			named := enginetest.With(enginetest.BaseClient(), doc{"clientIdAlias": alias})
			status(t, "client/update "+alias, e.Call("POST", s.Path("client/update/"+c.ID), enginetest.RootToken, named), want)
			named["clientIdAlias"] = alias + "/2"
			status(t, "client/create "+alias, e.Call("POST", s.Path("client/create"), enginetest.RootToken, named), want)
		}
		s.Update(doc{"httpAliasProhibited": false})
		before := enginetest.With(enginetest.BaseClient(), doc{"clientIdAlias": "https://kept.example"})
		status(t, "before", e.Call("POST", s.Path("client/update/"+c.ID), enginetest.RootToken, before), http.StatusOK)
		s.Update(doc{"httpAliasProhibited": prohibited})
		before["clientName"] = "another"
		status(t, "who has one keeps it", e.Call("POST", s.Path("client/update/"+c.ID), enginetest.RootToken, before), http.StatusOK)
		named := enginetest.With(enginetest.BaseClient(), doc{"clientIdAlias": "httpbin"})
		status(t, "another alias", e.Call("POST", s.Path("client/create"), enginetest.RootToken, named), http.StatusOK)
	}
}
