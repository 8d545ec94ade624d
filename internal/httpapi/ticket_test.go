package httpapi_test

import (
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// TestTicketInfo: what a caller attaches to a ticket comes back, also with
// issue, and goes with the ticket.
func TestTicketInfo(t *testing.T) {
	t.Parallel()
	c := enginetest.Start(t).NewService(enginetest.QuickService()).NewClient(enginetest.BaseClient())
	ticket := c.Do("auth/authorization", doc{"parameters": c.Request(), "context": "first"}).Text("ticket")
	context := func(a *enginetest.Answer) string {
		t.Helper()
		if a.Status != 200 || a.Text("action") != "OK" || a.Text("resultCode") != "A930001" {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return enginetest.Text(a.Doc["info"].(doc), "context")
	}
	info := func() *enginetest.Answer { return c.Do("auth/authorization/ticket/info", doc{"ticket": ticket}) }
	update := func(info any) *enginetest.Answer {
		return c.Do("auth/authorization/ticket/update", doc{"ticket": ticket, "info": info})
	}
	if got := context(info()); got != "first" {
		t.Errorf("context %q", got)
	}
	for _, text := range []string{"", "a word", `{"step":1}`, `{"context":1}`, `[`} {
		update(text)
		if got := context(info()); got != text {
			t.Errorf("the text %q became %q", text, got)
		}
	}
	for name, given := range map[string]any{"object": doc{"context": "second"}, "text": `{"context":"second"}`} {
		update(doc{"context": "other"})
		if a := update(given); a.Text("action") != "OK" || a.Text("resultCode") != "A930002" || a.Doc["info"] != nil {
			t.Errorf("%s: update says %s", name, a.Body)
		}
		if got := context(info()); got != "second" {
			t.Errorf("%s: context %q", name, got)
		}
	}
	issued := c.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001"})
	if issued.Text("action") != "LOCATION" || enginetest.Text(issued.Doc["ticketInfo"].(doc), "context") != "second" {
		t.Errorf("issue: %s", issued.Body)
	}
	for _, a := range []*enginetest.Answer{info(), update(doc{"context": "third"})} {
		if a.Status != 200 || a.Text("action") != "NOT_FOUND" || a.Text("resultCode") != "A930319" || a.Doc["info"] != nil {
			t.Errorf("after issue: %d %s", a.Status, a.Body)
		}
	}
}

// TestTicketUpdateKeepsTheRequest: what else a ticket holds is not touched.
func TestTicketUpdateKeepsTheRequest(t *testing.T) {
	t.Parallel()
	c := enginetest.Start(t).NewService(enginetest.QuickService()).NewClient(enginetest.BaseClient())
	ticket := c.Ticket("scope", "openid read", "state", "kept", "response_mode", "form_post")
	if a := c.Do("auth/authorization/ticket/update", doc{"ticket": ticket, "info": doc{"context": "c"}}); a.Text("action") != "OK" {
		t.Fatalf("%s", a.Body)
	}
	issued := c.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001"})
	if page := issued.Text("responseContent"); issued.Text("action") != "FORM" || !strings.Contains(page, `value="kept"`) || !strings.Contains(page, enginetest.Redirect) {
		t.Errorf("%s", issued.Body)
	}
	if a := c.Token(enginetest.Form("grant_type", "authorization_code", "code", issued.Text("authorizationCode"), "redirect_uri", enginetest.Redirect, "code_verifier", "wrong-verifier-that-is-long-enough-for-rfc-7636"), nil); a.Text("action") != "BAD_REQUEST" {
		t.Errorf("the verifier does not count: %s", a.Body)
	}
	tokens := c.Redeem(issued.Text("authorizationCode"), nil)
	if scopes := tokens.Doc["scopes"].([]any); len(scopes) != 2 || tokens.Text("idToken") == "" {
		t.Errorf("%s", tokens.Body)
	}
}

func TestTicketInfoRefuses(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	c := e.NewService(enginetest.QuickService()).NewClient(enginetest.BaseClient())
	other := e.NewService(enginetest.QuickService())
	ticket := c.Ticket()
	for name, a := range map[string]*enginetest.Answer{
		"no ticket":      c.Do("auth/authorization/ticket/info", doc{}),
		"no ticket, too": c.Do("auth/authorization/ticket/update", doc{"info": doc{"context": "c"}}),
		"no info":        c.Do("auth/authorization/ticket/update", doc{"ticket": ticket}),
		"info is 1":      c.Do("auth/authorization/ticket/update", doc{"ticket": ticket, "info": 1}),
		"info is a list": c.Do("auth/authorization/ticket/update", doc{"ticket": ticket, "info": []string{"x"}}),
	} {
		if a.Status != 400 || a.Text("resultCode") == "" {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	for name, a := range map[string]*enginetest.Answer{
		"info":   other.Do("auth/authorization/ticket/info", doc{"ticket": ticket}),
		"update": other.Do("auth/authorization/ticket/update", doc{"ticket": ticket, "info": doc{"context": "c"}}),
	} {
		if a.Text("action") != "NOT_FOUND" {
			t.Errorf("another service, %s: %s", name, a.Body)
		}
	}
	if a := c.Do("auth/authorization/ticket/info", doc{"ticket": ticket}); a.Text("action") != "OK" || a.Doc["info"].(doc)["context"] != nil {
		t.Errorf("after all that: %s", a.Body)
	}
}

// TestTicketOfLockedClient: the tickets of a locked client are gone.
func TestTicketOfLockedClient(t *testing.T) {
	t.Parallel()
	c := enginetest.Start(t).NewService(enginetest.QuickService()).NewClient(enginetest.BaseClient())
	ticket := c.Ticket()
	if a := c.Do("client/update/"+c.ID, enginetest.With(c.Doc, doc{"locked": true})); a.Status != 200 {
		t.Fatalf("%s", a.Body)
	}
	for name, a := range map[string]*enginetest.Answer{
		"info":   c.Do("auth/authorization/ticket/info", doc{"ticket": ticket}),
		"update": c.Do("auth/authorization/ticket/update", doc{"ticket": ticket, "info": doc{"context": "c"}}),
	} {
		if a.Text("action") != "NOT_FOUND" {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
}
