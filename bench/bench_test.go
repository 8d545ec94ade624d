package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/pgtest"
)

var (
	seconds = flag.Int("seconds", 3, "length of one round")
	rounds  = flag.Int("rounds", 2, "rounds of each operation; the least CPU time counts")
	only    = flag.String("only", "", "operations to measure: those whose names contain this")
	report  = flag.String("report", "", "folder to write results to")

	data     = flag.String("data", "", "folder to keep filled databases in")
	tokens   = flag.String("tokens", "100000,1000000", "stored tokens, the fewest first")
	services = flag.Int("services", 1000, "services of 100 clients each")
)

func TestMain(m *testing.M) {
	if os.Getenv("BENCH_HANDLER") != "" {
		fmt.Fprintln(os.Stderr, serveHandler())
		os.Exit(1)
	}
	pgtest.Main(m)
}

// tenant is a client of an engine under measurement, and its service.
type tenant struct {
	Service  int64
	ClientID string
	Secret   string
}

func (t *tenant) number() int64 {
	n, _ := strconv.ParseInt(t.ClientID, 10, 64) // it came as a number
	return n
}

const (
	verifier = "a-code-verifier-that-is-long-enough-for-rfc-7636"
	redirect = "https://client.example/cb"
)

var challenge = func() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}()

func call(addr, path string, doc any, out any) error {
	b, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+addr+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+rootToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s: %d", path, resp.StatusCode)
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// caller calls the Web API as its administrator.
type caller func(path string, doc any, out any) error

func newService(call caller, service map[string]any) (int64, error) {
	var s struct {
		APIKey int64 `json:"apiKey"`
	}
	if service["issuer"] == nil {
		service["issuer"] = "https://as.example"
	}
	service["supportedScopes"] = []map[string]string{{"name": "openid"}, {"name": "read"}}
	err := call("/api/service/create", service, &s)
	return s.APIKey, err
}

func newClient(call caller, service int64) (*tenant, error) {
	var c struct {
		ClientID     int64  `json:"clientId"`
		ClientSecret string `json:"clientSecret"`
	}
	err := call(fmt.Sprintf("/api/%d/client/create", service), map[string]any{
		"clientType": "CONFIDENTIAL", "redirectUris": []string{redirect}, "idTokenSignAlg": "ES256",
		"grantTypes": []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS"},
	}, &c)
	return &tenant{Service: service, ClientID: fmt.Sprint(c.ClientID), Secret: c.ClientSecret}, err
}

func newTenant(addr string, service map[string]any) (*tenant, error) {
	caller := func(path string, doc any, out any) error { return call(addr, path, doc, out) }
	id, err := newService(caller, service)
	if err != nil {
		return nil, err
	}
	return newClient(caller, id)
}

func (t *tenant) do(c *conn, op string, doc map[string]any) (map[string]any, error) {
	b, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	out, err := c.post(fmt.Sprintf("/api/%d/%s", t.Service, op), "application/json", rootToken, b)
	if err != nil {
		return nil, err
	}
	var answer map[string]any
	if err := json.Unmarshal(out, &answer); err != nil {
		return nil, err
	}
	switch answer["action"] {
	case "OK", "INTERACTION", "LOCATION":
		return answer, nil
	}
	return nil, fmt.Errorf("%s: %s", op, out)
}

func (t *tenant) token(c *conn, parameters string) (map[string]any, error) {
	return t.do(c, "auth/token", map[string]any{"parameters": parameters, "clientId": t.ClientID, "clientSecret": t.Secret})
}

func (t *tenant) codeFlow(c *conn) (map[string]any, error) {
	q := url.Values{
		"response_type": {"code"}, "client_id": {t.ClientID}, "redirect_uri": {redirect}, "scope": {"openid read"}, "state": {"s"},
		"nonce": {"n"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	a, err := t.do(c, "auth/authorization", map[string]any{"parameters": q.Encode()})
	if err != nil {
		return nil, err
	}
	a, err = t.do(c, "auth/authorization/issue", map[string]any{"ticket": a["ticket"], "subject": "1001"})
	if err != nil {
		return nil, err
	}
	return t.token(c, url.Values{
		"grant_type": {"authorization_code"}, "code": {a["authorizationCode"].(string)}, "redirect_uri": {redirect}, "code_verifier": {verifier},
	}.Encode())
}

// operation is one row of the table.
type operation struct {
	name   string
	cost   string  // reads and commits, as TestBudgets asserts them
	budget float64 // times the handler
	start  func(opaque, jwt *tenant) func(*conn) (func() error, error)
}

var operations = []operation{
	{"client_credentials, opaque", "1C", 5.8, func(t, _ *tenant) func(*conn) (func() error, error) {
		return repeat(func(c *conn) error { _, err := t.token(c, "grant_type=client_credentials&scope=read"); return err })
	}},
	{"client_credentials, JWT ES256", "1C", 9.5, func(_, t *tenant) func(*conn) (func() error, error) {
		return repeat(func(c *conn) error { _, err := t.token(c, "grant_type=client_credentials&scope=read"); return err })
	}},
	{"introspection", "1R", 3.4, func(t, _ *tenant) func(*conn) (func() error, error) {
		return func(c *conn) (func() error, error) {
			a, err := t.token(c, "grant_type=client_credentials&scope=read")
			if err != nil {
				return nil, err
			}
			doc := map[string]any{"token": a["accessToken"]}
			return func() error { _, err := t.do(c, "auth/introspection", doc); return err }, nil
		}
	}},
	{"code flow: authorization, issue, token", "2R + 3C", 26, func(t, _ *tenant) func(*conn) (func() error, error) {
		return repeat(func(c *conn) error { _, err := t.codeFlow(c); return err })
	}},
	{"refresh, rotated, with ID token", "1R + 1C", 12, func(t, _ *tenant) func(*conn) (func() error, error) {
		return func(c *conn) (func() error, error) {
			a, err := t.codeFlow(c)
			if err != nil {
				return nil, err
			}
			return func() error {
				a, err = t.token(c, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a["refreshToken"].(string)}}.Encode())
				return err
			}, nil
		}
	}},
}

func repeat(f func(*conn) error) func(*conn) (func() error, error) {
	return func(c *conn) (func() error, error) { return func() error { return f(c) }, nil }
}

func handlerOp(c *conn) (func() error, error) {
	body := []byte("grant_type=client_credentials&scope=read&client_id=1&client_secret=secret")
	return func() error {
		_, err := c.post("/token", "application/x-www-form-urlencoded", rootToken, body)
		return err
	}, nil
}

// engineBinary is SYMBOLON_BINARY, or built.
func engineBinary(b *testing.B) string {
	if binary := os.Getenv("SYMBOLON_BINARY"); binary != "" {
		return binary
	}
	binary := filepath.Join(b.TempDir(), "symbolon")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", binary, "../cmd/symbolon").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return binary
}

// writeReport keeps a result in the folder of -report.
func writeReport(b *testing.B, name, text string) {
	if *report == "" {
		return
	}
	err := os.MkdirAll(*report, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(*report, name), []byte(text), 0o644)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkOperations measures all operations once; run it with -benchtime 1x.
func BenchmarkOperations(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(cancel)
	binary := engineBinary(b)
	handler, err := startHandler(ctx)
	if err != nil {
		b.Fatal(err)
	}
	pg := pgtest.New(b, "fsync=on", "shared_buffers=512MB", "max_wal_size=4GB")
	sqlite, err := startEngine(ctx, binary, "SQLite", "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), func() []int { return nil })
	if err != nil {
		b.Fatal(err)
	}
	pgPID, err := pg.PID()
	if err != nil {
		b.Fatal(err)
	}
	postgres, err := startEngine(ctx, binary, "PostgreSQL", pg.Database(b), func() []int { return children(pgPID) })
	if err != nil {
		b.Fatal(err)
	}
	var table strings.Builder
	fmt.Fprintf(&table, "| operation | cost | database | connections | CPU µs | × handler | budget | per second | p50 ms | p99 ms |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for b.Loop() {
		for _, n := range []int{16, 64} {
			for _, o := range operations {
				if !strings.Contains(o.name, *only) {
					continue
				}
				measure(b, &table, o, n, handler, sqlite, postgres)
			}
		}
	}
	text := fmt.Sprintf("go %s, %d CPUs, %d rounds of %d s\n\n%s", runtime.Version(), runtime.NumCPU(), *rounds, *seconds, table.String())
	fmt.Println(text)
	writeReport(b, "operations.md", text)
}

// begin makes tenants of an operation on every engine.
func begin(b *testing.B, o operation, engines []*server) map[*server]func(*conn) (func() error, error) {
	starts := map[*server]func(*conn) (func() error, error){}
	for _, e := range engines {
		opaque, err := newTenant(e.addr, map[string]any{"refreshTokenKept": false})
		if err != nil {
			b.Fatal(err)
		}
		jwt, err := newTenant(e.addr, map[string]any{"accessTokenSignAlg": "ES256"})
		if err != nil {
			b.Fatal(err)
		}
		starts[e] = o.start(opaque, jwt)
	}
	return starts
}

// turns measures servers in turns and takes the round of least CPU time of
// each.
func turns(b *testing.B, name string, n int, starts map[*server]func(*conn) (func() error, error), servers []*server) map[*server]figures {
	best := map[*server]figures{}
	for range *rounds {
		for _, s := range servers {
			f, err := run(s, n, 700*time.Millisecond, time.Duration(*seconds)*time.Second, starts[s])
			if err != nil {
				b.Fatalf("%s on %s: %v", name, s.name, err)
			}
			if old, ok := best[s]; !ok || f.cpuPerOp() < old.cpuPerOp() {
				best[s] = f
			}
		}
	}
	return best
}

// measure runs one operation on both databases and the handler in turns and
// takes the round of least CPU time of each.
func measure(b *testing.B, table *strings.Builder, o operation, n int, handler *server, engines ...*server) {
	starts := begin(b, o, engines)
	starts[handler] = handlerOp
	best := turns(b, o.name, n, starts, append([]*server{handler}, engines...))
	base := best[handler].cpuPerOp()
	for _, e := range engines {
		f := best[e]
		fmt.Fprintf(table, "| %s | %s | %s | %d | %.0f | %.1f | ≤ %.1f | %.0f | %.2f | %.2f |\n", o.name, o.cost, e.name, n,
			f.cpuPerOp(), f.cpuPerOp()/base, o.budget, float64(f.ops)/f.elapsed.Seconds(),
			float64(f.p50.Microseconds())/1000, float64(f.p99.Microseconds())/1000)
	}
	fmt.Printf("%s, %d connections: handler %.1f µs\n", o.name, n, base)
}
