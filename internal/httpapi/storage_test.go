package httpapi_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
)

// faults fails the nth statement that is asked for, once it is armed.
type faults struct {
	mu     sync.Mutex
	armed  bool
	left   int
	stages []string
}

func (f *faults) next(stage string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	// Maintenance may fail without anybody being told.
	if !f.armed || stage == "hand" || strings.HasPrefix(stage, "idle") {
		return nil
	}
	f.stages = append(f.stages, stage)
	if f.left--; f.left == 0 {
		return errors.New("injected fault at " + stage)
	}
	return nil
}

func (f *faults) arm(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed, f.left, f.stages = n > 0, n, nil
}

// TestStorageFailing fails every statement of every operation in turn: the
// call answers 503, never a verdict, and what it did not do can be done
// afterwards, without a restart.
func TestStorageFailing(t *testing.T) {
	t.Parallel()
	f := &faults{}
	e := enginetest.On(t, enginetest.Open(t, enginetest.URL(t), sqlstore.Options{Fault: f.next}))
	s := e.NewService(enginetest.BaseService())
	c := s.NewKeyClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	c.Authorize()

	// Each prepares a call that succeeds once.
	for name, prepare := range map[string]func() func() *enginetest.Answer{
		"auth/authorization": func() func() *enginetest.Answer {
			return func() *enginetest.Answer { return c.Authorize() }
		},
		"auth/authorization/issue": func() func() *enginetest.Answer {
			ticket := c.Ticket()
			return func() *enginetest.Answer {
				return c.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001"})
			}
		},
		"auth/authorization/fail": func() func() *enginetest.Answer {
			ticket := c.Ticket()
			return func() *enginetest.Answer {
				return c.Do("auth/authorization/fail", doc{"ticket": ticket, "reason": "DENIED"})
			}
		},
		"pushed_auth_req": func() func() *enginetest.Answer {
			return func() *enginetest.Answer { return c.Do("pushed_auth_req", c.Auth(c.Request(), nil)) }
		},
		"code": func() func() *enginetest.Answer {
			code := c.Code()
			return func() *enginetest.Answer {
				return c.Redeem(code, doc{"dpop": e.Proof(key, "POST", "https://as.example/token", "", nil)})
			}
		},
		"refresh": func() func() *enginetest.Answer {
			tok := c.Tokens()
			return func() *enginetest.Answer {
				return c.Token(enginetest.Form("grant_type", "refresh_token", "refresh_token", tok.Text("refreshToken")), nil)
			}
		},
		"client_credentials": func() func() *enginetest.Answer {
			return func() *enginetest.Answer { return c.Token("grant_type=client_credentials", nil) }
		},
		"auth/introspection": func() func() *enginetest.Answer {
			tok := c.Tokens()
			return func() *enginetest.Answer { return c.Do("auth/introspection", doc{"token": tok.Text("accessToken")}) }
		},
		"auth/userinfo": func() func() *enginetest.Answer {
			tok := c.Tokens()
			return func() *enginetest.Answer { return c.Do("auth/userinfo", doc{"token": tok.Text("accessToken")}) }
		},
		"auth/revocation": func() func() *enginetest.Answer {
			tok := c.Tokens()
			return func() *enginetest.Answer {
				return c.Do("auth/revocation", c.Auth("token="+tok.Text("accessToken"), nil))
			}
		},
	} {
		stages := 0
		for n := 1; ; n++ {
			call := prepare()
			f.arm(n)
			a := call()
			f.mu.Lock()
			failed := f.left <= 0
			last := strings.Join(f.stages, " ")
			f.mu.Unlock()
			f.arm(0)
			if !failed {
				if a.Status != http.StatusOK {
					t.Errorf("%s without a fault: %d %s", name, a.Status, a.Body)
				}
				break
			}
			stages++
			if a.Status != http.StatusServiceUnavailable || a.Text("action") != "" || a.Header.Get("Retry-After") == "" {
				t.Errorf("%s with a fault at the end of %s: %d %s", name, last, a.Status, a.Body)
			}
			if again := call(); again.Status != http.StatusOK || again.Text("resultCode") == "" ||
				strings.Contains("BAD_REQUEST INVALID_CLIENT UNAUTHORIZED", again.Text("action")) {
				t.Errorf("%s again after a fault at the end of %s: %d %s", name, last, again.Status, again.Body)
			}
			if n > 40 {
				t.Fatalf("%s: no end of statements: %s", name, last)
			}
		}
		if stages == 0 {
			t.Errorf("%s: no statement was failed", name)
		}
	}
}

// TestDamagedDocuments: a service or client whose document cannot be opened
// fails the calls that are about it, and no others; it can still be removed.
func TestDamagedDocuments(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	s, sound := e.NewService(enginetest.QuickService()), e.NewService(enginetest.QuickService())
	other := e.NewService(enginetest.QuickService())
	c, kept := sound.NewClient(enginetest.BaseClient()), sound.NewClient(enginetest.BaseClient())
	service, err := e.Store.Service(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	service.Doc[len(service.Doc)/2] ^= 1
	if _, err := e.Store.PutService(t.Context(), *service); err != nil {
		t.Fatal(err)
	}
	number, err := strconv.ParseInt(c.ID, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	client, err := e.Store.Client(t.Context(), sound.ID, number)
	if err != nil {
		t.Fatal(err)
	}
	client.Doc[len(client.Doc)/2] ^= 1
	if _, err := e.Store.PutClient(t.Context(), *client); err != nil {
		t.Fatal(err)
	}

	near := enginetest.On(t, e.Store)
	root := func(method, path string, body any) *enginetest.Answer {
		return near.Call(method, path, enginetest.RootToken, body)
	}
	basic := httptest.NewRequest("POST", "/api/auth/token", strings.NewReader("{}"))
	basic.SetBasicAuth(fmt.Sprint(s.ID), enginetest.Text(s.Doc, "apiSecret"))
	for what, a := range map[string]*enginetest.Answer{
		"service/get":         root("GET", s.Path("service/get"), nil),
		"auth/token":          root("POST", s.Path("auth/token"), doc{"parameters": ""}),
		"its own credentials": near.Raw(basic),
		"service/update":      root("POST", s.Path("service/update"), enginetest.QuickService()),
		"service/get/list":    root("GET", "/api/service/get/list", nil),
		"client/get":          root("GET", sound.Path("client/get/"+c.ID), nil),
		"client/update":       root("POST", sound.Path("client/update/"+c.ID), enginetest.BaseClient()),
		"client/get/list":     root("GET", sound.Path("client/get/list"), nil),
	} {
		if a.Status != http.StatusInternalServerError || a.Text("resultCode") != "A001101" || strings.Contains(string(a.Body), "keyring") {
			t.Errorf("%s: %d %s", what, a.Status, a.Body)
		}
	}
	status(t, "another service", root("GET", sound.Path("service/get"), nil), http.StatusOK)
	status(t, "another client", root("GET", sound.Path("client/get/"+kept.ID), nil), http.StatusOK)
	status(t, "remove", root("POST", "/api/service/remove", doc{"serviceId": s.ID}), http.StatusOK)
	status(t, "service/get/list", root("GET", "/api/service/get/list", nil), http.StatusOK)
	status(t, "client/delete of another service", root("DELETE", other.Path("client/delete/"+c.ID), nil), http.StatusNotFound)
	status(t, "client/delete", root("DELETE", "/api/client/delete/"+c.ID, nil), http.StatusNoContent)
	status(t, "client/get", root("GET", sound.Path("client/get/"+c.ID), nil), http.StatusNotFound)
	status(t, "client/get/list", root("GET", sound.Path("client/get/list"), nil), http.StatusOK)
}
