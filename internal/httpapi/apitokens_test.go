package httpapi_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// TestServiceTokens: the tokens of a service are listed without their values,
// described, rotated and revoked.
func TestServiceTokens(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s, other := e.NewService(enginetest.BaseService()), e.NewService(enginetest.BaseService())
	first := apiToken(t, s, enginetest.RootToken, doc{"description": "one", "permissions": []string{"USE_SERVICE"}})
	e.Advance(time.Second)
	second := apiToken(t, s, enginetest.RootToken, doc{"description": "two", "expiresAt": e.Now().Add(time.Hour).UnixMilli()})
	apiToken(t, other, enginetest.RootToken, nil)
	do := func(verb, by string, members doc) *enginetest.Answer {
		return e.Call("POST", "/api/servicetoken/"+verb, by, enginetest.With(doc{"organizationId": 1, "apiServerId": 1, "serviceId": s.ID}, members))
	}
	all := list(t, do("all", enginetest.RootToken, nil))
	if len(all) != 2 || all[0]["tokenId"] != first.Doc["tokenId"] || all[1]["tokenId"] != second.Doc["tokenId"] {
		t.Fatalf("all: %v", all)
	}
	for i, want := range []*enginetest.Answer{first, second} {
		members := doc{}
		maps.Copy(members, want.Doc)
		delete(members, "accessToken")
		if got, want := asJSON(t, all[i]), asJSON(t, members); got != want {
			t.Errorf("all tells %s, create told %s", got, want)
		}
	}
	if got := list(t, do("all", enginetest.RootToken, doc{"serviceId": e.NewService(enginetest.BaseService()).ID})); len(got) != 0 {
		t.Errorf("the tokens of a service that has none: %v", got)
	}

	use := func(value string) int { return s.Call("GET", s.Path("service/get"), value, nil).Status }
	id, value := first.Text("tokenId"), first.Text("accessToken")
	named := do("update", enginetest.RootToken, doc{"tokenId": id, "description": "renamed"})
	status(t, "update", named, http.StatusOK)
	if named.Text("description") != "renamed" || named.Text("accessToken") != "" || named.Text("permissions") != `["USE_SERVICE"]` || use(value) != http.StatusOK {
		t.Errorf("update: %s", named.Body)
	}
	turned := do("rotate", enginetest.RootToken, doc{"tokenId": id})
	status(t, "rotate", turned, http.StatusOK)
	next := turned.Text("accessToken")
	if next == "" || next == value || turned.Text("tokenId") != id || turned.Text("description") != "renamed" || turned.Text("permissions") != `["USE_SERVICE"]` {
		t.Errorf("rotate: %s", turned.Body)
	}
	before := next
	if next = do("rotate", enginetest.RootToken, doc{"tokenId": id}).Text("accessToken"); next == before || use(before) != http.StatusUnauthorized {
		t.Error("a second rotation yields the same value, or the first one's works")
	}
	if use(value) != http.StatusUnauthorized || use(next) != http.StatusOK {
		t.Error("after a rotation the old value works, or the new one does not")
	}
	for _, verb := range []string{"update", "rotate", "revoke"} {
		status(t, verb+" nothing", do(verb, enginetest.RootToken, nil), http.StatusBadRequest)
		status(t, verb+" an unknown token", do(verb, enginetest.RootToken, doc{"tokenId": "none"}), http.StatusNotFound)
		status(t, verb+" what is no text", do(verb, enginetest.RootToken, doc{"tokenId": "\x00"}), http.StatusNotFound)
		status(t, verb+" a token of another service", do(verb, enginetest.RootToken, doc{"tokenId": id, "serviceId": other.ID}), http.StatusNotFound)
	}
	status(t, "a long description", do("update", enginetest.RootToken, doc{"tokenId": id, "description": strings.Repeat("x", 1001)}), http.StatusBadRequest)
	status(t, "a long description", do("create", enginetest.RootToken, doc{"description": strings.Repeat("x", 1001)}), http.StatusBadRequest)
	for _, members := range []doc{
		{"description": "a\x00b"}, {"expiresAt": -1}, {"dpopKeyThumbprint": "short"}, {"permissions": []any{nil}}, {"permissions": []string{"USE_SERVICE", ""}},
	} {
		status(t, fmt.Sprint("create with ", members), do("create", enginetest.RootToken, members), http.StatusBadRequest)
	}
	status(t, "a description with control characters", do("update", enginetest.RootToken, doc{"tokenId": id, "description": "a\x00b"}), http.StatusBadRequest)
	for _, verb := range []string{"create", "all"} {
		status(t, verb+" for no such service", do(verb, enginetest.RootToken, doc{"serviceId": s.ID + other.ID}), http.StatusNotFound)
	}
	status(t, "all of no service", do("all", enginetest.RootToken, doc{"serviceId": nil}), http.StatusBadRequest)
	status(t, "revoke", do("revoke", enginetest.RootToken, doc{"tokenId": id}), http.StatusOK)
	status(t, "revoke again", do("revoke", enginetest.RootToken, doc{"tokenId": id}), http.StatusNotFound)
	if use(next) != http.StatusUnauthorized {
		t.Error("a revoked token works")
	}
	e.Advance(time.Hour)
	expired := do("rotate", enginetest.RootToken, doc{"tokenId": second.Text("tokenId")})
	if use(expired.Text("accessToken")) != http.StatusUnauthorized {
		t.Error("a rotation makes an expired token live")
	}
}

// TestAPITokensHandOutNoMore: nobody gets through another token what he has
// not, and each family of calls reaches its own kind of token only.
func TestAPITokensHandOutNoMore(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.BaseService())
	strong := apiToken(t, s, enginetest.RootToken, nil).Text("tokenId")
	weak := apiToken(t, s, enginetest.RootToken, doc{"permissions": []string{"USE_SERVICE"}}).Text("tokenId")
	root := organizationToken(t, e, enginetest.RootToken, nil).Text("tokenId")
	maker := organizationToken(t, e, enginetest.RootToken, doc{"permissions": []string{"CREATE_SERVICE", "USE_SERVICE"}}).Text("accessToken")
	bound := apiToken(t, s, enginetest.RootToken, doc{"permissions": []string{"ADMIN"}}).Text("accessToken")
	for _, c := range []struct {
		path, by, id string
		want         int
	}{
		{"servicetoken/rotate", maker, strong, http.StatusForbidden},
		{"servicetoken/update", maker, strong, http.StatusForbidden},
		{"servicetoken/rotate", maker, weak, http.StatusOK},
		{"servicetoken/rotate", maker, root, http.StatusNotFound},
		{"servicetoken/revoke", maker, root, http.StatusNotFound},
		{"servicetoken/rotate", enginetest.RootToken, root, http.StatusNotFound},
		{"servicetoken/rotate", bound, root, http.StatusForbidden},
		{"servicetoken/rotate", bound, strong, http.StatusOK},
		{"organizationtoken/rotate", maker, root, http.StatusForbidden},
		{"organizationtoken/rotate", bound, root, http.StatusForbidden},
		{"organizationtoken/revoke", bound, root, http.StatusForbidden},
		{"organizationtoken/rotate", enginetest.RootToken, strong, http.StatusNotFound},
		{"organizationtoken/revoke", enginetest.RootToken, strong, http.StatusNotFound},
	} {
		status(t, c.path, e.Call("POST", "/api/"+c.path, c.by, doc{"tokenId": c.id}), c.want)
	}
	for _, verb := range []string{"create", "all"} {
		status(t, verb+" by a token of one service", e.Call("POST", "/api/organizationtoken/"+verb, bound, doc{}), http.StatusForbidden)
		status(t, verb+" without ADMIN", e.Call("POST", "/api/organizationtoken/"+verb, maker, doc{}), http.StatusForbidden)
	}
}

// TestOrganizationTokens: a token of the organization reaches all services,
// within its rights and its lifetime.
func TestOrganizationTokens(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	a, b := e.NewService(enginetest.BaseService()), e.NewService(enginetest.BaseService())
	all := organizationToken(t, e, enginetest.RootToken, doc{"description": "all"})
	status(t, "create", all, http.StatusOK)
	if all.Text("permissions") != `["ADMIN"]` || all.Text("organizationId") != "1" || all.Doc["serviceId"] != nil || all.Doc["apiServerId"] != nil {
		t.Errorf("create: %s", all.Body)
	}
	e.Advance(time.Second)
	some := organizationToken(t, e, all.Text("accessToken"), doc{
		"permissions": []string{"USE_INTROSPECTION"}, "expiresAt": e.Now().Add(time.Minute).UnixMilli(),
	})
	for _, s := range []*enginetest.Service{a, b} {
		introspect := func(value string) int {
			return e.Call("POST", s.Path("auth/introspection"), value, doc{"token": "x"}).Status
		}
		if introspect(all.Text("accessToken")) != http.StatusOK || introspect(some.Text("accessToken")) != http.StatusOK {
			t.Error("an organization token does not reach a service")
		}
		status(t, "beyond its rights", e.Call("POST", s.Path("client/create"), some.Text("accessToken"), doc{}), http.StatusForbidden)
	}
	known := list(t, e.Call("POST", "/api/organizationtoken/all", enginetest.RootToken, doc{"organizationId": 1}))
	if len(known) != 2 || known[0]["description"] != "all" || known[1]["tokenId"] != some.Doc["tokenId"] || known[0]["accessToken"] != nil {
		t.Errorf("all: %v", known)
	}
	do := func(verb string, members doc) *enginetest.Answer {
		return e.Call("POST", "/api/organizationtoken/"+verb, enginetest.RootToken, members)
	}
	if r := do("update", doc{"tokenId": all.Text("tokenId"), "description": "everything"}); r.Text("description") != "everything" {
		t.Errorf("update: %s", r.Body)
	}
	turned := do("rotate", doc{"tokenId": all.Text("tokenId")})
	status(t, "the value before", a.Call("GET", a.Path("service/get"), all.Text("accessToken"), nil), http.StatusUnauthorized)
	status(t, "the value after", a.Call("GET", a.Path("service/get"), turned.Text("accessToken"), nil), http.StatusOK)
	status(t, "revoke", do("revoke", doc{"tokenId": all.Text("tokenId")}), http.StatusOK)
	status(t, "a revoked token", a.Call("GET", a.Path("service/get"), turned.Text("accessToken"), nil), http.StatusUnauthorized)
	e.Advance(time.Minute)
	status(t, "an expired token", e.Call("POST", a.Path("auth/introspection"), some.Text("accessToken"), doc{"token": "x"}), http.StatusUnauthorized)
}

// TestAPITokensLastNoLonger: what a token makes or rotates ends when it does,
// and needs a key where it does.
func TestAPITokensLastNoLonger(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.BaseService())
	end := e.Now().Add(time.Hour).UnixMilli()
	short := organizationToken(t, e, enginetest.RootToken, doc{"expiresAt": end}).Text("accessToken")
	for _, make := range []func(by string, members doc) *enginetest.Answer{
		func(by string, members doc) *enginetest.Answer { return organizationToken(t, e, by, members) },
		func(by string, members doc) *enginetest.Answer { return apiToken(t, s, by, members) },
	} {
		if got := make(short, nil); got.Text("expiresAt") != fmt.Sprint(end) {
			t.Errorf("a token made by one that ends at %d: %s", end, got.Body)
		}
		if got := make(short, doc{"expiresAt": end - 1}); got.Text("expiresAt") != fmt.Sprint(end-1) {
			t.Errorf("one that ends earlier: %s", got.Body)
		}
		status(t, "a token that lasts longer", make(short, doc{"expiresAt": end + 1}), http.StatusForbidden)
	}
	for id, want := range map[string]int{
		apiToken(t, s, enginetest.RootToken, nil).Text("tokenId"):                           http.StatusForbidden,
		apiToken(t, s, enginetest.RootToken, doc{"expiresAt": end + 1}).Text("tokenId"):     http.StatusForbidden,
		apiToken(t, s, enginetest.RootToken, doc{"expiresAt": end}).Text("tokenId"):         http.StatusOK,
		apiToken(t, s, enginetest.RootToken, doc{"expiresAt": end - 60000}).Text("tokenId"): http.StatusOK,
	} {
		status(t, "rotate", e.Call("POST", "/api/servicetoken/rotate", short, doc{"tokenId": id}), want)
	}

	key, other := enginetest.NewKey(t), enginetest.NewKey(t)
	bound := organizationToken(t, e, enginetest.RootToken, doc{"dpopKeyThumbprint": key.Thumbprint()}).Text("accessToken")
	call := func(path string, members doc) *enginetest.Answer {
		r := httptest.NewRequest("POST", "/api/"+path, strings.NewReader(asJSON(t, members)))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "DPoP "+bound)
		r.Header.Set("DPoP", e.Proof(key, "POST", "https://api.example/api/"+path, "", nil))
		return e.Raw(r)
	}
	if got := call("servicetoken/create", doc{"serviceId": s.ID}); got.Text("dpopKeyThumbprint") != key.Thumbprint() {
		t.Errorf("a token made by a bound one: %s", got.Body)
	}
	if got := call("servicetoken/create", doc{"serviceId": s.ID, "dpopKeyThumbprint": other.Thumbprint()}); got.Text("dpopKeyThumbprint") != other.Thumbprint() {
		t.Errorf("one for another key: %s", got.Body)
	}
	free := apiToken(t, s, enginetest.RootToken, nil).Text("tokenId")
	status(t, "rotate a token without a key", call("servicetoken/rotate", doc{"tokenId": free}), http.StatusForbidden)
}

// TestRightsOnce: a right counts once, however often it is named.
func TestRightsOnce(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.QuickService())
	made := apiToken(t, s, enginetest.RootToken, doc{"permissions": slices.Repeat([]string{"USE_SERVICE", "use_service", "VIEW_CLIENT"}, 10000)})
	if made.Text("permissions") != `["USE_SERVICE","VIEW_CLIENT"]` {
		t.Errorf("%.200s", made.Body)
	}
}

// TestUnreadableAPIToken: a token of rights that another version knows, or one
// that is damaged, is refused and can be revoked; everything else goes on.
func TestUnreadableAPIToken(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.QuickService())
	for _, text := range []string{`{"permissions":["NEW_RIGHT"]}`, "x", ""} {
		made := apiToken(t, s, enginetest.RootToken, nil)
		id, value := made.Text("tokenId"), made.Text("accessToken")
		row, err := e.Store.APIToken(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		row.Doc = []byte(text)
		if _, err := e.Store.PutAPIToken(t.Context(), *row); err != nil {
			t.Fatal(err)
		}
		for _, node := range []*enginetest.Engine{e, enginetest.On(t, e.Store)} { // that has heard of it, and that starts with it
			status(t, "another write", node.Call("POST", s.Path("client/create"), enginetest.RootToken, enginetest.BaseClient()), http.StatusOK)
			status(t, "the token", node.Call("GET", s.Path("service/get"), value, nil), http.StatusInternalServerError)
			status(t, "rotate", node.Call("POST", "/api/servicetoken/rotate", enginetest.RootToken, doc{"tokenId": id}), http.StatusInternalServerError)
			known := list(t, node.Call("POST", "/api/servicetoken/all", enginetest.RootToken, doc{"serviceId": s.ID}))
			if len(known) != 1 || known[0]["tokenId"] != id || known[0]["permissions"] != nil {
				t.Errorf("%q: %v", text, known)
			}
		}
		status(t, "revoke", e.Call("POST", "/api/servicetoken/revoke", enginetest.RootToken, doc{"tokenId": id}), http.StatusOK)
		status(t, "the revoked token", e.Call("GET", s.Path("service/get"), value, nil), http.StatusUnauthorized)
	}
}

// TestNothingForDeletedServices: what another node writes for a service that
// it does not know to be deleted is refused, and nothing is left behind.
func TestNothingForDeletedServices(t *testing.T) {
	t.Parallel()
	far := enginetest.Start(t)
	s := far.NewService(enginetest.QuickService())
	near := enginetest.On(t, far.Store)
	status(t, "service/remove", far.Call("POST", "/api/service/remove", enginetest.RootToken, doc{"serviceId": s.ID}), http.StatusOK)
	status(t, "servicetoken/create", near.Call("POST", "/api/servicetoken/create", enginetest.RootToken, doc{"serviceId": s.ID}), http.StatusNotFound)
	late := enginetest.On(t, far.Store)
	for _, node := range []*enginetest.Engine{near, late} {
		status(t, "client/create", node.Call("POST", s.Path("client/create"), enginetest.RootToken, enginetest.BaseClient()), http.StatusNotFound)
	}
	tokens, err := far.Store.APITokens(t.Context())
	_, clients, err2 := far.Store.Clients(t.Context(), s.ID, "", 0, 10)
	if err != nil || err2 != nil || slices.ContainsFunc(tokens, func(r store.APITokenRow) bool { return r.Service == s.ID }) || clients != 0 {
		t.Errorf("left: %d tokens, %d clients, %v, %v", len(tokens), clients, err, err2)
	}
}
