//go:build suite

package suite

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

type doc = enginetest.Doc

const (
	parallel = 32
	rounds   = 100
)

// field is two engines on one database and 32 connections, half to each.
type field struct {
	t     *testing.T
	conns []*conn
}

type conn struct {
	c net.Conn
	r *bufio.Reader
}

func newField(t *testing.T, procs ...*process) *field {
	t.Helper()
	f := &field{t: t}
	for i := range parallel {
		c, err := net.Dial("tcp", procs[i%len(procs)].addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		f.conns = append(f.conns, &conn{c, bufio.NewReader(c)})
	}
	return f
}

// request is one of the requests that race.
type request struct {
	path string
	doc  doc
}

// race sends all but the last byte of every request, then all last bytes at
// once, and returns the answers.
func (f *field) race(requests []request) []*enginetest.Answer {
	f.t.Helper()
	last := make([]byte, len(requests))
	for i, q := range requests {
		body, err := json.Marshal(q.doc)
		if err != nil {
			f.t.Fatal(err)
		}
		var b bytes.Buffer
		fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: race\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", q.path, enginetest.RootToken, len(body))
		b.Write(body)
		whole := b.Bytes()
		last[i] = whole[len(whole)-1]
		if _, err := f.conns[i].c.Write(whole[:len(whole)-1]); err != nil {
			f.t.Fatal(err)
		}
	}
	answers := make([]*enginetest.Answer, len(requests))
	errs := make([]error, len(requests))
	barrier := make(chan struct{})
	var wg sync.WaitGroup
	for i := range requests {
		wg.Go(func() {
			<-barrier
			answers[i], errs[i] = f.conns[i].finish(last[i])
		})
	}
	close(barrier)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			f.t.Fatal(err)
		}
	}
	return answers
}

func (c *conn) finish(last byte) (*enginetest.Answer, error) {
	if _, err := c.c.Write([]byte{last}); err != nil {
		return nil, err
	}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return enginetest.NewAnswer(resp.StatusCode, resp.Header, body), err
}

// same is the same request 32 times.
func same(path string, d doc) []request {
	out := make([]request, parallel)
	for i := range out {
		out[i] = request{path, d}
	}
	return out
}

// tally counts answers by action and OAuth error.
func tally(answers []*enginetest.Answer) map[string]int {
	n := map[string]int{}
	for _, a := range answers {
		key := a.Text("action")
		var e struct {
			Error string `json:"error"`
		}
		if json.Unmarshal([]byte(a.Text("responseContent")), &e) == nil && e.Error != "" {
			key += " " + e.Error
		}
		if a.Status != http.StatusOK {
			key = fmt.Sprintf("HTTP %d", a.Status)
		}
		n[key]++
	}
	return n
}

func (f *field) want(round int, answers []*enginetest.Answer, want map[string]int) {
	f.t.Helper()
	got := tally(answers)
	for k, n := range want {
		if got[k] != n {
			f.t.Fatalf("round %d: %v, want %v", round, got, want)
		}
	}
	if len(got) != len(want) {
		f.t.Fatalf("round %d: %v, want %v", round, got, want)
	}
}

func won(answers []*enginetest.Answer, action string) *enginetest.Answer {
	for _, a := range answers {
		if a.Text("action") == action {
			return a
		}
	}
	return nil
}

// TestRaces: of parallel uses of what is single-use exactly one wins, over
// two processes, and the losers have their consequence.
func TestRaces(t *testing.T) {
	url := enginetest.URL(t)
	a, b := start(t, url), start(t, url)
	e := a.engine()

	setup := func(t *testing.T, service, client doc) (*field, *enginetest.Client) {
		s := e.NewService(enginetest.With(enginetest.BaseService(), service))
		c := s.NewClient(enginetest.With(enginetest.BaseClient(), client))
		b.sees(s)
		return newField(t, a, b), c
	}
	setupKey := func(t *testing.T) (*field, *enginetest.Client) {
		s := e.NewService(enginetest.BaseService())
		b.sees(s)
		return newField(t, a, b), s.NewKeyClient(enginetest.BaseClient())
	}
	t.Run("code", func(t *testing.T) {
		f, c := setup(t, nil, nil)
		for r := range rounds {
			answers := f.race(same(c.Path("auth/token"), c.Auth(enginetest.Form("grant_type", "authorization_code", "code", c.Code(),
				"redirect_uri", enginetest.Redirect, "code_verifier", enginetest.Verifier), nil)))
			f.want(r, answers, map[string]int{"OK": 1, "BAD_REQUEST invalid_grant": parallel - 1})
			if c.Active(won(answers, "OK").Text("accessToken")) {
				t.Fatalf("round %d: the losers did not revoke what the winner got", r)
			}
		}
	})
	t.Run("ticket", func(t *testing.T) {
		f, c := setup(t, nil, nil)
		for r := range rounds {
			answers := f.race(same(c.Path("auth/authorization/issue"), doc{"ticket": c.Ticket(), "subject": "1001"}))
			f.want(r, answers, map[string]int{"LOCATION": 1, "BAD_REQUEST invalid_request": parallel - 1})
		}
	})
	t.Run("issue against fail", func(t *testing.T) {
		f, c := setup(t, nil, nil)
		for r := range rounds {
			ticket := c.Ticket()
			requests := make([]request, parallel)
			for i := range requests {
				requests[i] = request{c.Path("auth/authorization/issue"), doc{"ticket": ticket, "subject": "1001"}}
				if i%4 > 1 { // on both processes
					requests[i] = request{c.Path("auth/authorization/fail"), doc{"ticket": ticket, "reason": "DENIED"}}
				}
			}
			f.want(r, f.race(requests), map[string]int{"LOCATION": 1, "BAD_REQUEST invalid_request": parallel - 1})
		}
	})
	t.Run("sibling tickets", func(t *testing.T) {
		f, c := setup(t, nil, nil)
		for r := range rounds {
			par := c.Do("pushed_auth_req", c.Auth(c.Request(), nil))
			requests := make([]request, parallel)
			for i := range requests {
				auth := c.Do("auth/authorization", doc{"parameters": enginetest.Form("client_id", c.ID, "request_uri", par.Text("requestUri"))})
				requests[i] = request{c.Path("auth/authorization/issue"), doc{"ticket": auth.Text("ticket"), "subject": "1001"}}
			}
			f.want(r, f.race(requests), map[string]int{"LOCATION": 1, "BAD_REQUEST invalid_request": parallel - 1})
		}
	})
	t.Run("assertion jti", func(t *testing.T) {
		f, c := setupKey(t)
		for r := range rounds {
			answers := f.race(same(c.Path("auth/token"), c.Auth("grant_type=client_credentials", nil)))
			f.want(r, answers, map[string]int{"OK": 1, "INVALID_CLIENT invalid_client": parallel - 1})
		}
	})
	t.Run("DPoP jti", func(t *testing.T) {
		f, c := setup(t, nil, nil)
		key := enginetest.NewKey(t)
		for r := range rounds {
			proof := c.Proof(key, "POST", "https://as.example/token", "", nil)
			answers := f.race(same(c.Path("auth/token"), c.Auth("grant_type=client_credentials", doc{"dpop": proof})))
			f.want(r, answers, map[string]int{"OK": 1, "BAD_REQUEST invalid_dpop_proof": parallel - 1})
		}
	})
	refresh := func(c *enginetest.Client, tok *enginetest.Answer) []request {
		return same(c.Path("auth/token"), c.Auth(enginetest.Form("grant_type", "refresh_token", "refresh_token", tok.Text("refreshToken")), nil))
	}
	t.Run("refresh rotated", func(t *testing.T) {
		f, c := setup(t, nil, nil)
		for r := range rounds {
			answers := f.race(refresh(c, c.Tokens()))
			f.want(r, answers, map[string]int{"OK": 1, "BAD_REQUEST invalid_grant": parallel - 1})
			if c.Active(won(answers, "OK").Text("accessToken")) {
				t.Fatalf("round %d: the family was not revoked", r)
			}
		}
	})
	t.Run("refresh rotated, idempotent", func(t *testing.T) {
		f, c := setup(t, doc{"refreshTokenIdempotent": true}, nil)
		for r := range rounds {
			answers := f.race(refresh(c, c.Tokens()))
			f.want(r, answers, map[string]int{"OK": parallel})
			successors := map[string]bool{}
			for _, a := range answers {
				successors[a.Text("refreshToken")] = true
				if !c.Active(a.Text("accessToken")) {
					t.Fatalf("round %d: an access token of the window is dead", r)
				}
			}
			if len(successors) != 1 {
				t.Fatalf("round %d: %d successors", r, len(successors))
			}
		}
	})
	t.Run("refresh kept", func(t *testing.T) {
		f, c := setup(t, doc{"refreshTokenKept": true}, nil)
		for r := range rounds {
			tok := c.Tokens()
			answers := f.race(refresh(c, tok))
			f.want(r, answers, map[string]int{"OK": parallel})
			for _, a := range answers {
				if a.Text("refreshToken") != tok.Text("refreshToken") {
					t.Fatalf("round %d: the refresh token changed", r)
				}
			}
		}
	})
	if strings.Contains(a.log.String()+b.log.String(), "panic") {
		t.Errorf("an engine panicked:\n%s\n%s", a.log.String(), b.log.String())
	}
}
