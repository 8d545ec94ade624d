package bench

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// peerFlags are the running servers to measure beside the engine. Each is
// name=value pairs, separated by semicolons:
//
//	name=…;url=http://127.0.0.1:9300;pid=1[,2];client=…;secret=…;token=/token;introspect=/introspect;authorize=/authorize;jwt=resource=…
//
// jwt is what makes the token of a client_credentials request a JWT. An
// endpoint that is not given is not measured.
type peerFlags []string

func (p *peerFlags) String() string     { return strings.Join(*p, " ") }
func (p *peerFlags) Set(s string) error { *p = append(*p, s); return nil }

var peers = func() *peerFlags {
	p := new(peerFlags)
	flag.Var(p, "peer", "a running peer: name=…;url=…;pid=…;client=…;secret=…;token=…;introspect=…;authorize=…;jwt=…")
	return p
}()

// oauthServer is an authorization server as its clients meet it.
type oauthServer struct {
	*server
	client, secret               string
	introspector                 string // name:secret of who introspects
	token, introspect, authorize string // paths; empty: not measured
	jwt                          string // what makes a token a JWT
	forJWT                       *oauthServer
	cookies                      string // of a browser that has logged in
}

func parsePeer(text string) (*oauthServer, error) {
	o := &oauthServer{server: &server{}}
	var pids []int
	for _, part := range strings.Split(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch name {
		case "name":
			o.name = value
		case "url":
			o.addr = strings.TrimPrefix(value, "http://")
		case "pid":
			for _, p := range strings.Split(value, ",") {
				pid, err := strconv.Atoi(p)
				if err != nil {
					return nil, err
				}
				pids = append(pids, pid)
			}
		case "client":
			o.client = value
		case "secret":
			o.secret = value
		case "token":
			o.token = value
		case "introspect":
			o.introspect = value
		case "authorize":
			o.authorize = value
		case "jwt":
			o.jwt = value
		default:
			return nil, fmt.Errorf("-peer: what is %q?", name)
		}
	}
	o.pids = func() []int { return pids }
	o.forJWT = o
	o.introspector = o.client + ":" + o.secret
	return o, nil
}

func basicHeader(credentials string) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(credentials)) + "\r\n"
}

// form posts a form and returns the JSON of the answer.
func (o *oauthServer) form(c *conn, path, credentials, body string) (map[string]any, error) {
	resp, out, err := c.send(http.MethodPost, path, "Content-Type: application/x-www-form-urlencoded\r\n"+basicHeader(credentials), []byte(body))
	if err != nil {
		return nil, err
	}
	var answer map[string]any
	if resp.StatusCode != http.StatusOK || json.Unmarshal(out, &answer) != nil {
		return nil, fmt.Errorf("%s: %d %.300s", path, resp.StatusCode, out)
	}
	return answer, nil
}

func (o *oauthServer) tokens(c *conn, body string) (map[string]any, error) {
	return o.form(c, o.token, o.client+":"+o.secret, body)
}

// authorization is a request for a code; prompt=none asks for it without a page.
func (o *oauthServer) authorization(prompt string) string {
	q := url.Values{
		"response_type": {"code"}, "client_id": {o.client}, "redirect_uri": {redirect}, "scope": {"openid read"}, "state": {"s"},
		"nonce": {"n"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	if prompt != "" {
		q.Set("prompt", prompt)
	}
	return o.authorize + "?" + q.Encode()
}

// flow is a code flow of an end-user who is logged in and has agreed before.
func (o *oauthServer) flow(c *conn) (map[string]any, error) {
	resp, out, err := c.send(http.MethodGet, o.authorization("none"), "Cookie: "+o.cookies+"\r\n", nil)
	if err != nil {
		return nil, err
	}
	to, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || to.Query().Get("code") == "" {
		return nil, fmt.Errorf("%s: no code: %d %s %.300s", o.name, resp.StatusCode, to, out)
	}
	return o.tokens(c, url.Values{
		"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "redirect_uri": {redirect}, "code_verifier": {verifier},
	}.Encode())
}

var (
	formAction  = regexp.MustCompile(`<form[^>]*action="([^"]+)"`)
	hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
)

const (
	loginID  = "john"
	password = "the password of a bench"
)

// logIn walks through the pages as a browser does, and keeps its cookies.
func (o *oauthServer) logIn() error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	at, err := url.Parse("http://" + o.addr + o.authorization(""))
	if err != nil {
		return err
	}
	var form url.Values
	for range 10 {
		get := func() (*http.Response, error) { return browser.Get(at.String()) }
		if form != nil {
			get = func() (*http.Response, error) { return browser.PostForm(at.String(), form) }
		}
		resp, err := get()
		if err != nil {
			return err
		}
		page, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		to := resp.Header.Get("Location")
		if strings.HasPrefix(to, redirect) {
			return o.keepCookies(jar, to)
		}
		form = nil
		if action := formAction.FindSubmatch(page); to == "" && action != nil {
			to = html.UnescapeString(string(action[1]))
			form = url.Values{"authorized": {"true"}}
			if strings.Contains(string(page), `type="password"`) {
				form.Set("loginId", loginID)
				form.Set("password", password)
			}
			for _, input := range hiddenInput.FindAllSubmatch(page, -1) {
				form.Set(string(input[1]), html.UnescapeString(string(input[2])))
			}
		}
		if to == "" {
			return fmt.Errorf("%s: %d %.300s", at, resp.StatusCode, page)
		}
		if at, err = at.Parse(to); err != nil {
			return err
		}
	}
	return errors.New("the login does not end")
}

func (o *oauthServer) keepCookies(jar http.CookieJar, to string) error {
	if !strings.Contains(to, "code=") {
		return fmt.Errorf("no code: %s", to)
	}
	var pairs []string
	for _, c := range jar.Cookies(&url.URL{Scheme: "http", Host: o.addr, Path: o.authorize}) {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	o.cookies = strings.Join(pairs, "; ")
	return nil
}

// comparison is an operation as OAuth clients see it, beside the calls of the
// Web API that it takes.
type comparison struct {
	name   string
	engine string // of operations
	serves func(*oauthServer) bool
	start  func(*oauthServer) func(*conn) (func() error, error)
}

var comparisons = []comparison{
	{
		"client_credentials, opaque", "client_credentials, opaque", func(o *oauthServer) bool { return o.token != "" },
		func(o *oauthServer) func(*conn) (func() error, error) {
			return repeat(func(c *conn) error { _, err := o.tokens(c, "grant_type=client_credentials&scope=read"); return err })
		},
	},
	{
		"client_credentials, JWT ES256", "client_credentials, JWT ES256", func(o *oauthServer) bool { return o.forJWT != o || o.jwt != "" },
		func(o *oauthServer) func(*conn) (func() error, error) {
			o = o.forJWT
			return repeat(func(c *conn) error {
				a, err := o.tokens(c, strings.TrimSuffix("grant_type=client_credentials&scope=read&"+o.jwt, "&"))
				if err == nil && strings.Count(a["access_token"].(string), ".") != 2 {
					err = fmt.Errorf("%s: no JWT", o.name)
				}
				return err
			})
		},
	},
	{
		"introspection", "introspection", func(o *oauthServer) bool { return o.introspect != "" },
		func(o *oauthServer) func(*conn) (func() error, error) {
			return func(c *conn) (func() error, error) {
				a, err := o.tokens(c, "grant_type=client_credentials&scope=read")
				if err != nil {
					return nil, err
				}
				body := "token=" + a["access_token"].(string)
				return func() error {
					a, err := o.form(c, o.introspect, o.introspector, body)
					if err == nil && a["active"] != true {
						err = fmt.Errorf("%s: the token is not active", o.name)
					}
					return err
				}, nil
			}
		},
	},
	{
		"code flow, logged in before", "code flow: authorization, issue, token", func(o *oauthServer) bool { return o.authorize != "" },
		func(o *oauthServer) func(*conn) (func() error, error) {
			return repeat(func(c *conn) error { _, err := o.flow(c); return err })
		},
	},
	{
		"refresh, rotated, with ID token", "refresh, rotated, with ID token", func(o *oauthServer) bool { return o.authorize != "" },
		func(o *oauthServer) func(*conn) (func() error, error) {
			return func(c *conn) (func() error, error) {
				a, err := o.flow(c)
				return func() error {
					before := a["refresh_token"].(string)
					a, err = o.tokens(c, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {before}}.Encode())
					if err == nil && (a["refresh_token"] == before || a["id_token"] == nil) {
						err = fmt.Errorf("%s: not rotated, or no ID token", o.name)
					}
					return err
				}, err
			}
		},
	},
}

const peerConns = 16

// BenchmarkPeers measures the peers that -peer names, the engine behind its
// own front (two processes, as OAuth clients meet them), and the engine alone
// (as a front end of one's own meets it), in turns; run it with -benchtime 1x.
func BenchmarkPeers(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	binary := engineBinary(b)
	engine, err := startEngine(ctx, binary, "engine alone, SQLite, Web API", "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), func() []int { return nil })
	if err != nil {
		b.Fatal(err)
	}
	front, err := newFront(ctx, b, binary, engine, map[string]any{"refreshTokenKept": false})
	if err != nil {
		b.Fatal(err)
	}
	if front.forJWT, err = newFront(ctx, b, binary, engine, map[string]any{"accessTokenSignAlg": "ES256"}); err != nil {
		b.Fatal(err)
	}
	servers := []*oauthServer{front}
	for _, text := range *peers {
		o, err := parsePeer(text)
		if err != nil {
			b.Fatal(err)
		}
		servers = append(servers, o)
	}
	for b.Loop() {
		var table strings.Builder
		fmt.Fprintf(&table, "| operation | server | CPU µs | × engine and front | per second | p50 ms | p99 ms |\n|---|---|---|---|---|---|---|\n")
		for _, c := range comparisons {
			if strings.Contains(c.name, *only) {
				comparePeers(b, &table, c, engine, servers)
			}
		}
		fmt.Println(table.String())
		writeReport(b, "peers.md", table.String())
	}
}

func comparePeers(b *testing.B, table *strings.Builder, c comparison, engine *server, servers []*oauthServer) {
	type entry struct {
		*server
		start  func(*conn) (func() error, error)
		before func() error
		best   figures
	}
	var entries []*entry
	for _, o := range servers {
		if c.serves(o) {
			at := o
			if strings.Contains(c.name, "JWT") {
				at = o.forJWT
			}
			// A peer that keeps a thousand things in memory has forgotten the login
			// by the next round.
			before := o.logIn
			if o.authorize == "" {
				before = func() error { return nil }
			}
			entries = append(entries, &entry{server: at.server, start: c.start(o), before: before})
		}
	}
	opaque, err := newTenant(engine.addr, map[string]any{"refreshTokenKept": false})
	if err != nil {
		b.Fatal(err)
	}
	jwt, err := newTenant(engine.addr, map[string]any{"accessTokenSignAlg": "ES256"})
	if err != nil {
		b.Fatal(err)
	}
	for _, o := range operations {
		if o.name == c.engine {
			entries = append(entries, &entry{server: engine, start: o.start(opaque, jwt), before: func() error { return nil }})
		}
	}
	for range *rounds {
		for _, e := range entries {
			if err := e.before(); err != nil {
				b.Fatal(err)
			}
			f, err := run(e.server, peerConns, time.Second, time.Duration(*seconds)*time.Second, e.start)
			if err != nil {
				b.Fatalf("%s at %s: %v", c.name, e.name, err)
			}
			if e.best.ops == 0 || f.cpuPerOp() < e.best.cpuPerOp() {
				e.best = f
			}
		}
	}
	for _, e := range entries {
		fmt.Fprintf(table, "| %s | %s | %.0f | %.2f | %.0f | %.2f | %.2f |\n", c.name, e.name, e.best.cpuPerOp(),
			e.best.cpuPerOp()/entries[0].best.cpuPerOp(), float64(e.best.ops)/e.best.elapsed.Seconds(), millis(e.best.p50), millis(e.best.p99))
	}
}

// newFront makes a service with a client and serves it.
func newFront(ctx context.Context, b *testing.B, binary string, engine *server, service map[string]any) (*oauthServer, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	issuer := "http://" + addr
	for member, path := range map[string]string{
		"issuer": "", "authorizationEndpoint": "/authorize", "tokenEndpoint": "/token", "introspectionEndpoint": "/introspect",
		"revocationEndpoint": "/revoke", "userInfoEndpoint": "/userinfo", "jwksUri": "/jwks", "pushedAuthReqEndpoint": "/par",
	} {
		service[member] = issuer + path
	}
	t, err := newTenant(engine.addr, service)
	if err != nil {
		return nil, err
	}
	users, err := usersFile(b, binary)
	if err != nil {
		return nil, err
	}
	const introspector = "resource-server:the-secret-of-a-resource-server"
	cmd := exec.CommandContext(ctx, binary, "front", "--api", "http://"+engine.addr, "--service", fmt.Sprint(t.Service), "--issuer", issuer,
		"--front-addr", addr, "--users", users, "--front-rate", "0", "--introspection-clients", introspector,
		"--cookie-key", masterKey, "--log-level", "error")
	cmd.Env = append(os.Environ(), "SYMBOLON_TOKEN="+rootToken)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	o := &oauthServer{
		server: &server{name: "engine and front, SQLite", addr: addr, cmd: cmd, pids: func() []int { return append(engine.pids(), cmd.Process.Pid) }},
		client: t.ClientID, secret: t.Secret, introspector: introspector, token: "/token", introspect: "/introspect", authorize: "/authorize",
	}
	for began := time.Now(); time.Since(began) < patience; time.Sleep(10 * time.Millisecond) {
		if r, err := http.Get(issuer + "/jwks"); err == nil {
			_ = r.Body.Close()
			o.forJWT = o
			return o, o.logIn()
		}
	}
	return nil, errors.New("the front does not answer")
}

func usersFile(b *testing.B, binary string) (string, error) {
	cmd := exec.Command(binary, "hash-password")
	cmd.Stdin = strings.NewReader(password)
	hash, err := cmd.Output()
	if err != nil {
		return "", err
	}
	path := filepath.Join(b.TempDir(), "users.yaml")
	return path, os.WriteFile(path, fmt.Appendf(nil, "users:\n  - subject: %q\n    loginId: %s\n    password: %q\n", "1001", loginID, strings.TrimSpace(string(hash))), 0o600)
}
