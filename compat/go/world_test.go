// Published Go clients of the Web API, unmodified, against the real binary.
package compat

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	issuer   = "https://as.example"
	redirect = "https://client.example/cb?from=a%20b"
	root     = "the-root-token-of-this-test"
)

// engine is the address of the engine that all tests share; each makes
// services of its own.
var engine string

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	binary := os.Getenv("SYMBOLON_BINARY")
	if binary == "" {
		binary = "../../bin/symbolon"
	}
	dir, err := os.MkdirTemp("", "symbolon-compat-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	addr := free.Addr().String()
	free.Close()
	var log bytes.Buffer
	cmd := exec.Command(binary, "serve", "--api-addr", addr, "--database", "sqlite:"+filepath.Join(dir, "db"))
	cmd.Env = append(os.Environ(), "SYMBOLON_ROOT_TOKEN="+root)
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer func() {
		cmd.Process.Kill()
		<-ended
	}()
	engine = "http://" + addr
	for began := time.Now(); ; {
		if r, err := http.Get(engine + "/api/lifecycle/healthcheck"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return m.Run(), nil
			}
		}
		select {
		case err := <-ended:
			ended <- err
			return 0, fmt.Errorf("the engine ended: %v\n%s", err, &log)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Since(began) > 30*time.Second {
			return 0, fmt.Errorf("the engine does not answer\n%s", &log)
		}
	}
}

type doc = map[string]any

// wire remembers what passed between a client and the engine, and holds every
// answer against what the clients need: it is JSON, without null, without
// integers that JavaScript cannot hold, and a 204 has no body.
type wire struct {
	t     testing.TB
	mu    sync.Mutex
	calls []exchange
}

type exchange struct {
	method, path, sent string
	chunked            bool
	status             int
	answer             string
}

func (w *wire) RoundTrip(q *http.Request) (*http.Response, error) {
	var sent bytes.Buffer
	if q.Body != nil {
		q = q.Clone(q.Context())
		q.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(q.Body, &sent), q.Body}
	}
	r, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		return r, err
	}
	answer, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(answer))
	x := exchange{q.Method, q.URL.EscapedPath(), sent.String(), q.ContentLength <= 0 && sent.Len() > 0, r.StatusCode, string(answer)}
	w.mu.Lock()
	w.calls = append(w.calls, x)
	w.mu.Unlock()
	if x.status == http.StatusNoContent {
		if len(answer) > 0 {
			w.t.Errorf("%s %s: 204 with a body %s", x.method, x.path, x.answer)
		}
		return r, nil
	}
	if got := r.Header.Get("Content-Type"); got != "application/json;charset=UTF-8" {
		w.t.Errorf("%s %s: content type %q", x.method, x.path, got)
	}
	var v any
	if err := json.Unmarshal(answer, &v); err != nil {
		w.t.Errorf("%s %s: %v: %s", x.method, x.path, err, answer)
	} else if why := unfit(v); why != "" {
		w.t.Errorf("%s %s: %s: %s", x.method, x.path, why, answer)
	}
	return r, nil
}

func unfit(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case float64:
		if v == math.Trunc(v) && math.Abs(v) >= 1<<53 {
			return "an integer above 2^53"
		}
	case []any:
		for _, e := range v {
			if why := unfit(e); why != "" {
				return why
			}
		}
	case doc:
		for _, e := range v {
			if why := unfit(e); why != "" {
				return why
			}
		}
	}
	return ""
}

func (w *wire) last() exchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls[len(w.calls)-1]
}

// operation is one row of docs/operations.md.
type operation struct {
	name    string // method and path of version 3
	method  string
	pattern *regexp.Regexp // of the path in either version
	args    int
	built   bool
}

func operations(t testing.TB) []operation {
	t.Helper()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []operation
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) < 6 || !strings.HasPrefix(strings.TrimSpace(cells[2]), "/api/") {
			continue
		}
		method, path := strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])
		pattern := regexp.QuoteMeta(strings.Replace(path, "/{serviceId}", "", 1))
		args := strings.Count(pattern, `\{`)
		pattern = regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(pattern, `[^/]+`)
		pattern = strings.Replace(pattern, "/api/", `/api/(?:\d+/)?`, 1)
		switch strings.TrimPrefix(path, "/api/{serviceId}/") {
		case "service/get", "service/update", "service/delete": // in version 2 the service is named at the end
			pattern += `(?:/\d+)?`
		}
		out = append(out, operation{method + " " + path, method, regexp.MustCompile("^" + pattern + "$"), args, strings.TrimSpace(cells[4]) == "yes"})
	}
	// Of several that match, the one with the fewest arguments is meant.
	slices.SortStableFunc(out, func(a, b operation) int { return a.args - b.args })
	if len(out) < 80 {
		t.Fatalf("%d operations", len(out))
	}
	return out
}

func (x exchange) operation(t testing.TB) operation {
	t.Helper()
	path := x.path[strings.Index(x.path, "/api/"):] // without the prefix that a base URL may have
	for _, o := range operations(t) {
		if o.method == x.method && o.pattern.MatchString(path) {
			return o
		}
	}
	t.Fatalf("%s %s is no operation", x.method, x.path)
	panic("unreachable")
}

// without is what none of the clients has a call for: operations, and with a
// slash at the end all below.
var without = []string{
	"/api/lifecycle/", "/api/servicetoken/", "/api/organizationtoken/", "/api/mock/", "POST /api/service", "POST /api/service/remove",
	"POST /api/{serviceId}/service/configuration", "POST /api/{serviceId}/auth/authorization/ticket/info", "POST /api/{serviceId}/auth/authorization/ticket/update",
}

func covers(entry, name string) bool {
	if strings.HasSuffix(entry, "/") {
		_, path, _ := strings.Cut(name, " ")
		return strings.HasPrefix(path, entry)
	}
	return name == entry
}

// notForgotten checks that every built operation succeeded once, but for
// those that the client has no call for.
func (w *wire) notForgotten(t testing.TB, more ...string) {
	t.Helper()
	seen := map[string]bool{}
	for _, x := range w.calls {
		if x.status < 300 {
			seen[x.operation(t).name] = true
		}
	}
	var missing []string
	for _, o := range operations(t) {
		if o.built && !seen[o.name] {
			missing = append(missing, o.name)
		}
	}
	notOffered := slices.Concat(without, more)
	for _, name := range missing {
		if !slices.ContainsFunc(notOffered, func(entry string) bool { return covers(entry, name) }) {
			t.Errorf("never called: %s", name)
		}
	}
	for _, entry := range notOffered {
		if !slices.ContainsFunc(missing, func(name string) bool { return covers(entry, name) }) {
			t.Errorf("not true any more: the client has no call for %s", entry)
		}
	}
}

// sayNotBuilt checks that the last call was refused because its operation is
// not built.
func (w *wire) sayNotBuilt(t testing.TB, failed bool) {
	t.Helper()
	x := w.last()
	var r struct{ ResultCode string }
	_ = json.Unmarshal([]byte(x.answer), &r)
	if !failed || x.status != http.StatusForbidden || r.ResultCode != "A001223" {
		t.Errorf("%s %s: failed %v, %d %s", x.method, x.path, failed, x.status, x.answer)
	} else if x.operation(t).built {
		t.Errorf("%s %s is listed as built", x.method, x.path)
	}
}

func form(pairs ...string) string {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

func object(t testing.TB, text string) doc {
	t.Helper()
	var d doc
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return d
}

// claims is the payload of a JWT; its signature is looked at elsewhere.
func claims(t testing.TB, jwt string) doc {
	t.Helper()
	parts := strings.Split(jwt, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no JWT", jwt)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	return object(t, string(text))
}

// same compares as JSON, so that 1, int64(1) and 1.0 are the same.
func same(t testing.TB, what string, got, want any) {
	t.Helper()
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(g, w) {
		t.Errorf("%s: %s, want %s", what, g, w)
	}
}

// query is the query of a redirection to the client.
func query(t testing.TB, location string) url.Values {
	t.Helper()
	if !strings.HasPrefix(location, redirect+"&") {
		t.Fatalf("not to the client: %q", location)
	}
	u, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func in(t testing.TB, what string, ms int64, seconds int) {
	t.Helper()
	if d := time.Until(time.UnixMilli(ms)) - time.Duration(seconds)*time.Second; d.Abs() > time.Minute {
		t.Errorf("%s: %s is not in %d s", what, time.UnixMilli(ms), seconds)
	}
}
