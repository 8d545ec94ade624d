package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// TestUsedMeanwhile: of two calls that use a ticket, a code or a refresh token
// at the same time one succeeds, and what must be revoked is.
func TestUsedMeanwhile(t *testing.T) {
	t.Parallel()
	between := &slow{Store: enginetest.Start(t).Store}
	s := enginetest.On(t, between).NewService(enginetest.QuickService())
	c := s.NewClient(enginetest.BaseClient())
	issue := func(ticket string) *enginetest.Answer {
		return s.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001"})
	}
	fail := func(ticket string) *enginetest.Answer {
		return s.Do("auth/authorization/fail", doc{"ticket": ticket, "reason": "DENIED"})
	}
	update := func(ticket string) *enginetest.Answer {
		return s.Do("auth/authorization/ticket/update", doc{"ticket": ticket, "info": doc{"context": "x"}})
	}
	redeem := func(code string) *enginetest.Answer { return c.Redeem(code, nil) }
	refresh := func(token string) *enginetest.Answer {
		return c.Token(enginetest.Form("grant_type", "refresh_token", "refresh_token", token), nil)
	}
	ticket := func() string { return c.Ticket() }
	for _, x := range []struct {
		name         string
		thing        func() string
		late, early  func(string) *enginetest.Answer
		lost, gained string
	}{
		{"issue and issue", ticket, issue, issue, "BAD_REQUEST", "LOCATION"},
		{"issue and fail", ticket, issue, fail, "BAD_REQUEST", "LOCATION"},
		{"fail and issue", ticket, fail, issue, "BAD_REQUEST", "LOCATION"},
		{"update and issue", ticket, update, issue, "NOT_FOUND", "LOCATION"},
		{"code", func() string { return c.Code() }, redeem, redeem, "BAD_REQUEST", "OK"},
		{"refresh token", func() string { return c.Tokens().Text("refreshToken") }, refresh, refresh, "BAD_REQUEST", "OK"},
	} {
		thing := x.thing()
		var won *enginetest.Answer
		between.then = func() { won = x.early(thing) }
		if lost := x.late(thing); lost.Text("action") != x.lost || won.Text("action") != x.gained {
			t.Errorf("%s: %s and %s", x.name, lost.Body, won.Body)
		}
		if token := won.Text("accessToken"); token != "" && s.Active(token) {
			t.Errorf("%s: what the first call yielded is not revoked", x.name)
		}
	}
}

// TestChangedMeanwhile: what was read before a change is not remembered after
// it.
func TestChangedMeanwhile(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s := e.NewService(enginetest.QuickService())
	c := s.NewClient(enginetest.BaseClient())
	between := &slow{Store: e.Store}
	near := enginetest.On(t, between)
	name := func() string {
		return near.Call("GET", s.Path("client/get/"+c.ID), enginetest.RootToken, nil).Text("clientName")
	}
	between.then = func() {
		changed := enginetest.With(enginetest.BaseClient(), doc{"clientName": "new"})
		status(t, "client/update", near.Call("POST", s.Path("client/update/"+c.ID), enginetest.RootToken, changed), http.StatusOK)
	}
	name()
	if got := name(); got != "new" {
		t.Errorf("after the change the name is %q", got)
	}
}

// TestDeletedMeanwhile: what another node deletes while a call is under way, or
// before this one has heard of it, is not there.
func TestDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	far := enginetest.Start(t)
	between := &slow{Store: far.Store}
	s := far.NewService(enginetest.QuickService())
	for _, verb := range []string{"update", "rotate", "revoke"} {
		near := enginetest.On(t, between)
		id := apiToken(t, s, enginetest.RootToken, nil).Text("tokenId")
		between.then = func() {
			status(t, "revoke", far.Call("POST", "/api/servicetoken/revoke", enginetest.RootToken, doc{"serviceId": s.ID, "tokenId": id}), http.StatusOK)
		}
		status(t, verb+" a revoked token", near.Call("POST", "/api/servicetoken/"+verb, enginetest.RootToken, doc{"serviceId": s.ID, "tokenId": id}), http.StatusNotFound)
	}
	near := enginetest.On(t, far.Store)
	for _, call := range []struct {
		method, path string
		body         any
	}{
		{"POST", "client/update/", enginetest.BaseClient()}, {"POST", "client/lock_flag/update/", doc{"clientLocked": true}},
		{"POST", "client/lock_flag/update/", doc{"clientLocked": false}}, {"GET", "client/secret/refresh/", nil}, {"POST", "client/secret/update/", doc{"clientSecret": "chosen"}},
		{"DELETE", "client/delete/", nil},
	} {
		c := s.NewClient(enginetest.BaseClient())
		status(t, "client/get", near.Call("GET", s.Path("client/get/"+c.ID), enginetest.RootToken, nil), http.StatusOK)
		status(t, "client/delete", far.Call("DELETE", s.Path("client/delete/"+c.ID), enginetest.RootToken, nil), http.StatusNoContent)
		status(t, call.path+" of a deleted client", near.Call(call.method, s.Path(call.path+c.ID), enginetest.RootToken, call.body), http.StatusNotFound)
	}
	status(t, "service/delete", far.Call("DELETE", s.Path("service/delete"), enginetest.RootToken, nil), http.StatusNoContent)
	status(t, "update a deleted service", near.Call("POST", s.Path("service/update"), enginetest.RootToken, enginetest.QuickService()), http.StatusNotFound)
	gone := far.NewService(enginetest.QuickService())
	late := enginetest.On(t, far.Store)
	status(t, "service/delete", far.Call("DELETE", gone.Path("service/delete"), enginetest.RootToken, nil), http.StatusNoContent)
	status(t, "delete a deleted service", late.Call("DELETE", gone.Path("service/delete"), enginetest.RootToken, nil), http.StatusNotFound)
}
