package webapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

const secret = "api-token-value"

func TestCall(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	engine := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, `{"action":"OK","responseContent":"{}","unknown":1}`)
	})
	server := httptest.NewServer(engine)
	t.Cleanup(server.Close)

	for name, c := range map[string]*Client{
		"socket": New(server.URL+"/", 42, secret, nil),
		"direct": New("http://engine", 42, secret, Direct(engine)),
	} {
		out, err := c.Token(t.Context(), &wire.TokenRequest{Parameters: "grant_type=<x>"})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if out.Action != wire.TokenActionOK || out.ResponseContent != "{}" {
			t.Errorf("%s: answer %+v", name, out)
		}
		if got.Method != "POST" || got.URL.Path != "/api/42/auth/token" || got.RequestURI != "/api/42/auth/token" {
			t.Errorf("%s: %s %s", name, got.Method, got.RequestURI)
		}
		if h := got.Header; h.Get("Authorization") != "Bearer "+secret || h.Get("Content-Type") != "application/json" {
			t.Errorf("%s: header %v", name, h)
		}
		var in wire.TokenRequest
		if json.Unmarshal(body, &in) != nil || in.Parameters != "grant_type=<x>" || !strings.Contains(string(body), "<x>") {
			t.Errorf("%s: body %s", name, body)
		}
	}
}

// Every operation goes to its published path.
func TestPaths(t *testing.T) {
	t.Parallel()
	var seen string
	c := New("http://engine", 7, secret, Direct(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Method + " " + r.RequestURI
		_, _ = io.WriteString(w, `{}`)
	})))
	ctx := t.Context()
	for want, call := range map[string]func() error{
		"POST /api/7/auth/authorization":           func() error { _, err := c.Authorization(ctx, &wire.AuthorizationRequest{}); return err },
		"POST /api/7/auth/authorization/issue":     func() error { _, err := c.AuthorizationIssue(ctx, &wire.AuthorizationIssueRequest{}); return err },
		"POST /api/7/auth/authorization/fail":      func() error { _, err := c.AuthorizationFail(ctx, &wire.AuthorizationFailRequest{}); return err },
		"POST /api/7/pushed_auth_req":              func() error { _, err := c.PushedAuthReq(ctx, &wire.PushedAuthReqRequest{}); return err },
		"POST /api/7/auth/token":                   func() error { _, err := c.Token(ctx, &wire.TokenRequest{}); return err },
		"POST /api/7/auth/introspection/standard":  func() error { _, err := c.StandardIntrospection(ctx, &wire.StandardIntrospectionRequest{}); return err },
		"POST /api/7/auth/revocation":              func() error { _, err := c.Revocation(ctx, &wire.RevocationRequest{}); return err },
		"POST /api/7/auth/userinfo":                func() error { _, err := c.UserInfo(ctx, &wire.UserInfoRequest{}); return err },
		"POST /api/7/auth/userinfo/issue":          func() error { _, err := c.UserInfoIssue(ctx, &wire.UserInfoIssueRequest{}); return err },
		"GET /api/7/service/configuration":         func() error { _, err := c.ServiceConfiguration(ctx); return err },
		"GET /api/7/service/jwks/get":              func() error { _, err := c.ServiceJWKS(ctx); return err },
		"POST /api/service/create":                 func() error { _, err := c.CreateService(ctx, &wire.Service{}); return err },
		"GET /api/service/get/list?start=0&end=5":  func() error { _, err := c.Services(ctx, 0, 5); return err },
		"GET /api/7/service/get":                   func() error { _, err := c.GetService(ctx); return err },
		"POST /api/7/service/update":               func() error { _, err := c.UpdateService(ctx, &wire.Service{}); return err },
		"DELETE /api/8/service/delete":             func() error { return c.WithService(8).DeleteService(ctx) },
		"POST /api/7/client/create":                func() error { _, err := c.CreateClient(ctx, &wire.Client{}); return err },
		"GET /api/7/client/get/list?start=0&end=5": func() error { _, err := c.Clients(ctx, 0, 5); return err },
		"GET /api/7/client/get/a%2Fb":              func() error { _, err := c.GetClient(ctx, "a/b"); return err },
		"POST /api/7/client/update/9":              func() error { _, err := c.UpdateClient(ctx, &wire.Client{ClientID: 9}); return err },
		"DELETE /api/7/client/delete/web":          func() error { return c.DeleteClient(ctx, "web") },
		"POST /api/servicetoken/create":            func() error { _, err := c.CreateServiceToken(ctx, &wire.APITokenCreateRequest{}); return err },
		"POST /api/servicetoken/revoke":            func() error { return c.RevokeServiceToken(ctx, &wire.APITokenRequest{}) },
	} {
		if err := call(); err != nil {
			t.Errorf("%s: %v", want, err)
		}
		if seen != want {
			t.Errorf("called %s, want %s", seen, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		status      int
		body        string
		code        string
		unavailable bool
	}{
		"refused":       {403, `{"resultCode":"A001223","resultMessage":"[A001223] no"}`, "A001223", false},
		"not ours":      {502, `<html>`, "", true},
		"busy":          {429, `{"resultCode":"A1"}`, "A1", true},
		"storage gone":  {503, `{"resultCode":"A2"}`, "A2", true},
		"failed":        {500, `{"resultCode":"A3"}`, "A3", false},
		"redirected":    {302, ``, "", false},
		"no document":   {200, `<html>`, "", true},
		"endless":       {200, `{"responseContent":"` + strings.Repeat("x", maxAnswer) + `"}`, "", true},
		"empty success": {204, ``, "", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := New("http://engine", 7, secret, Direct(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "http://elsewhere/")
				w.WriteHeader(tc.status)
				_, _ = io.WriteString(w, tc.body)
			})))
			_, err := c.Token(t.Context(), &wire.TokenRequest{})
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("error is %v", err)
			}
			if e.Code != tc.code || Unavailable(err) != tc.unavailable {
				t.Errorf("code %q, unavailable %v: %v", e.Code, Unavailable(err), err)
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	_, err := New("http://127.0.0.1:1", 7, secret, nil).Token(t.Context(), &wire.TokenRequest{})
	if !Unavailable(err) || strings.Contains(err.Error(), secret) {
		t.Errorf("error is %v", err)
	}
	if Unavailable(nil) || IsStatus(err, 404) {
		t.Error("no answer was taken for one")
	}
}

// A handler that does not look at its context holds up nobody.
func TestDirectHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		c := New("http://engine", 7, secret, Direct(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))).WithTimeout(3 * time.Second)
		start := time.Now()
		_, err := c.Token(t.Context(), &wire.TokenRequest{})
		if took := time.Since(start); took != 3*time.Second || !Unavailable(err) {
			t.Errorf("after %v: %v", took, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := c.Token(ctx, &wire.TokenRequest{}); !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
		close(release)
	})
}

func TestDirectPanics(t *testing.T) {
	t.Parallel()
	c := New("http://engine", 7, secret, Direct(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })))
	if _, err := c.Token(t.Context(), &wire.TokenRequest{}); !Unavailable(err) {
		t.Errorf("error is %v", err)
	}
}
