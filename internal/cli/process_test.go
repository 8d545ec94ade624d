package cli

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/keyring"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

const rootToken = "a-root-token-of-a-test"

// serveMemory starts an engine without a trace.
func serveMemory(t *testing.T) (api string) {
	t.Helper()
	p := start(t, 1, map[string]string{"SYMBOLON_ROOT_TOKEN": rootToken}, "serve", "--database", "memory:", "--api-addr", "127.0.0.1:0")
	if p.out.String() != "" {
		t.Errorf("with a root token of one's own it prints %q", p.out)
	}
	return "http://" + p.addr["api-addr"]
}

func status(t *testing.T, address, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// The root token of a new database is printed once, and works after a
// restart; one of the variable takes its place.
func TestRootToken(t *testing.T) {
	t.Parallel()
	args := []string{"serve", "--database", "sqlite:" + filepath.Join(t.TempDir(), "symbolon.db"), "--api-addr", "127.0.0.1:0"}
	first := start(t, 1, nil, args...)
	m := regexp.MustCompile(`(?m)^root token: (\S{40,})$`).FindStringSubmatch(first.out.String())
	if m == nil {
		t.Fatalf("it prints %q", first.out)
	}
	const list = "/api/service/get/list"
	if got := status(t, "http://"+first.addr["api-addr"]+list, m[1]); got != 200 {
		t.Errorf("the printed token: %d", got)
	}
	first.end()
	second := start(t, 1, nil, args...)
	if second.out.String() != "" {
		t.Errorf("the second start prints %q", second.out)
	}
	if got := status(t, "http://"+second.addr["api-addr"]+list, m[1]); got != 200 {
		t.Errorf("the printed token after a restart: %d", got)
	}
	second.end()
	third := start(t, 1, map[string]string{"SYMBOLON_ROOT_TOKEN": rootToken}, args...)
	if got := status(t, "http://"+third.addr["api-addr"]+list, m[1]); got != 401 {
		t.Errorf("the printed token beside another: %d", got)
	}
	if got := status(t, "http://"+third.addr["api-addr"]+list, rootToken); got != 200 {
		t.Errorf("the token of the variable: %d", got)
	}
}

// SQLite keeps its master key beside the database, for its owner only, and
// does not open with another one.
func TestMasterKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "symbolon.db")
	args := []string{"serve", "--database", "sqlite:" + path, "--api-addr", "127.0.0.1:0"}
	start(t, 1, nil, args...).end()
	info, err := os.Stat(path + ".key")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key file: %v, %v", info, err)
	}
	other := base64.StdEncoding.EncodeToString(make([]byte, keyring.MasterKeyBytes))
	code, _, text := run(t, map[string]string{"SYMBOLON_MASTER_KEY": other}, "", args...)
	if code != ExitFailed || !strings.Contains(text, "master key") {
		t.Errorf("another key: %d %s", code, text)
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	database := "sqlite:" + filepath.Join(t.TempDir(), "symbolon.db")
	args := []string{"serve", "--database", database, "--api-addr", "127.0.0.1:0", "--master-key", base64.StdEncoding.EncodeToString(make([]byte, keyring.MasterKeyBytes))}
	if code, _, text := run(t, nil, "", append(args, "--no-migrate")...); code != ExitFailed || !strings.Contains(text, "database: ") {
		t.Errorf("an empty database: %d %s", code, text)
	}
	if code, out, text := run(t, nil, "", "migrate", "--database", database); code != ExitOK || out == "" {
		t.Errorf("migrate: %d %s", code, text)
	}
	start(t, 1, nil, append(args, "--no-migrate")...)
}

func TestStops(t *testing.T) {
	t.Parallel()
	p := start(t, 1, nil, "serve", "--database", "memory:", "--api-addr", "127.0.0.1:0")
	if got := status(t, "http://"+p.addr["api-addr"]+"/api/lifecycle/healthcheck", ""); got != 200 {
		t.Errorf("healthcheck: %d", got)
	}
	p.end()
	if !strings.Contains(p.err.String(), `"stopping"`) {
		t.Errorf("log: %s", p.err)
	}
}

// admin runs commands against one engine.
type admin struct {
	*testing.T
	env map[string]string
}

func (a *admin) do(stdin string, args ...string) string {
	a.Helper()
	code, out, text := run(a.T, a.env, stdin, args...)
	if code != ExitOK {
		a.Fatalf("%v: %d %s", args, code, text)
	}
	return out
}

func (a *admin) document(stdin string, into any, args ...string) {
	a.Helper()
	if out := a.do(stdin, args...); json.Unmarshal([]byte(out), into) != nil {
		a.Fatalf("%v printed %q", args, out)
	}
}

func TestAdministration(t *testing.T) {
	t.Parallel()
	api := serveMemory(t)
	a := &admin{T: t, env: map[string]string{"SYMBOLON_API": api, "SYMBOLON_TOKEN": rootToken}}

	// A service comes to be, is replaced, and is listed.
	var s, got wire.Service
	a.document(`{"serviceName":"One","issuer":"https://one.example","clientIdAliasEnabled":true}`, &s, "service", "create", "-")
	if s.APIKey == 0 || s.ServiceName != "One" {
		t.Fatalf("created %+v", s)
	}
	id := json.Number(regexp.MustCompile(`"apiKey": (\d+)`).FindStringSubmatch(a.do("", "service", "get", "--service", itoa(s.APIKey)))[1]).String()
	a.document("apiKey: "+id+"\nserviceName: Two\nissuer: https://two.example\nclientIdAliasEnabled: true\n", &got, "service", "apply", "-")
	if got.APIKey != s.APIKey || got.ServiceName != "Two" {
		t.Errorf("applied %+v", got)
	}
	a.document(`{"apiKey":4711,"serviceName":"Chosen"}`, &got, "service", "apply", "-")
	if got.APIKey != 4711 {
		t.Errorf("a service of a chosen id: %+v", got)
	}
	a.document(`{"serviceName":"Third"}`, &got, "service", "apply", "-")
	third := got.APIKey
	if out := a.do("", "service", "list"); strings.Count(out, "\n") != 3 || !regexp.MustCompile(id+` +Two +https://two\.example\n`).MatchString(out) {
		t.Errorf("list:\n%s", out)
	}
	var all []wire.Service
	if a.document("", &all, "service", "list", "--json"); len(all) != 3 {
		t.Errorf("%d services", len(all))
	}

	// So does a client.
	a.env["SYMBOLON_SERVICE"] = id
	var c, gotClient wire.Client
	a.document(`{"clientName":"App","clientIdAlias":"app","clientIdAliasEnabled":true,"clientType":"CONFIDENTIAL"}`, &c, "client", "apply", "-")
	if c.ClientID == 0 || c.ClientSecret == "" {
		t.Fatalf("created %+v", c)
	}
	a.document(`{"clientName":"Renamed","clientIdAlias":"app","clientIdAliasEnabled":true,"clientType":"CONFIDENTIAL"}`, &gotClient, "client", "apply", "-")
	if gotClient.ClientID != c.ClientID || gotClient.ClientName != "Renamed" {
		t.Errorf("applied by alias: %+v", gotClient)
	}
	a.document(`{"clientId":`+itoa(c.ClientID)+`,"clientName":"Again"}`, &gotClient, "client", "apply", "-")
	if gotClient.ClientID != c.ClientID || gotClient.ClientName != "Again" {
		t.Errorf("applied by id: %+v", gotClient)
	}
	a.document(`{"clientName":"Other"}`, &gotClient, "client", "create", "-")
	if out := a.do("", "client", "list"); strings.Count(out, "\n") != 2 || !strings.Contains(out, "Again") {
		t.Errorf("list:\n%s", out)
	}
	var clients []wire.Client
	if a.document("", &clients, "client", "list", "--json"); len(clients) != 2 {
		t.Errorf("%d clients", len(clients))
	}
	a.document("", &gotClient, "client", "get", itoa(c.ClientID))
	if gotClient.ClientName != "Again" {
		t.Errorf("get: %+v", gotClient)
	}
	a.do("", "client", "delete", itoa(c.ClientID))
	if code, _, text := run(t, a.env, "", "client", "get", itoa(c.ClientID)); code != ExitFailed || !strings.Contains(text, "A001212") {
		t.Errorf("a deleted client: %d %s", code, text)
	}
	if code, _, text := run(t, a.env, `{"clientId":99}`, "client", "apply", "-"); code != ExitFailed {
		t.Errorf("a client of an unknown id: %d %s", code, text)
	}

	// An API token may do what it is for, until it is revoked.
	code, out, text := run(t, a.env, "", "token", "create", "--permission", "VIEW_CLIENT,USE_INTROSPECTION", "--description", "test", "--expires-in", "1h")
	token := strings.TrimSpace(out)
	m := regexp.MustCompile(`is (\S+)\.\n$`).FindStringSubmatch(text)
	if code != ExitOK || strings.ContainsAny(token, " \n") || m == nil {
		t.Fatalf("token: %d %q %q", code, out, text)
	}
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	weak := map[string]string{"SYMBOLON_API": api, "SYMBOLON_SERVICE": id, "SYMBOLON_TOKEN_FILE": file}
	if code, _, text := run(t, weak, "", "client", "list"); code != ExitOK {
		t.Errorf("a token that may: %d %s", code, text)
	}
	if code, _, _ := run(t, weak, `{}`, "client", "create", "-"); code != ExitFailed {
		t.Errorf("a token that may not: %d", code)
	}
	a.do("", "token", "revoke", m[1])
	if code, _, text := run(t, weak, "", "client", "list"); code != ExitFailed || !strings.Contains(text, "401") {
		t.Errorf("a revoked token: %d %s", code, text)
	}

	for _, gone := range []string{id, itoa(third), "4711"} {
		a.do("", "service", "delete", "--service", gone)
	}
	if out := a.do("", "service", "list"); out != "" {
		t.Errorf("list:\n%s", out)
	}
}

func itoa(n int64) string { b, _ := json.Marshal(n); return string(b) }

// The front as a process of its own, in front of an engine of its own.
func TestFront(t *testing.T) {
	t.Parallel()
	api := serveMemory(t)
	a := &admin{T: t, env: map[string]string{"SYMBOLON_API": api, "SYMBOLON_TOKEN": rootToken}}
	var s wire.Service
	a.document(`{"serviceName":"One","issuer":"http://localhost:1"}`, &s, "service", "create", "-")
	a.env["SYMBOLON_SERVICE"] = itoa(s.APIKey)
	token := strings.TrimSpace(a.do("", "token", "create", "--permission", "USE_SERVICE"))
	users := filepath.Join(t.TempDir(), "users.yaml")
	if err := os.WriteFile(users, []byte("users: []"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, 1, map[string]string{"SYMBOLON_API": api, "SYMBOLON_TOKEN": token, "SYMBOLON_SERVICE": itoa(s.APIKey)},
		"front", "--issuer", "http://localhost:1", "--users", users, "--front-addr", "127.0.0.1:0", "--introspection-clients", "rs:secret")
	at := "http://" + p.addr["front-addr"]
	for path, want := range map[string]int{
		"/.well-known/openid-configuration": 200, "/jwks": 200, "/token": 405, "/userinfo": 401, "/authorize?client_id=x": 400, "/": 404,
	} {
		if got := status(t, at+path, ""); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

// Metrics have a listener of their own, and only where somebody asks.
func TestMetricsAddr(t *testing.T) {
	t.Parallel()
	args := []string{"serve", "--database", "memory:", "--api-addr", "127.0.0.1:0"}
	p := start(t, 2, nil, append(args, "--metrics-addr", "127.0.0.1:0")...)
	metrics := "http://" + p.addr["metrics-addr"]
	if got := status(t, "http://"+p.addr["api-addr"]+"/api/info", ""); got != 200 {
		t.Errorf("info: %d", got)
	}
	resp, err := http.Get(metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	if want := `symbolon_api_calls_total{action="",operation="info",status="200"} 1`; !strings.Contains(string(text), want) {
		t.Errorf("the metrics lack %s", want)
	}
	if got := status(t, metrics+"/api/info", ""); got != 404 {
		t.Errorf("the Web API at the address of the metrics: %d", got)
	}
	if got := status(t, "http://"+p.addr["api-addr"]+"/metrics", ""); got != 404 {
		t.Errorf("metrics at the address of the Web API: %d", got)
	}
	for _, tc := range [][]string{
		{"--trace-endpoint", "collector", "trace-endpoint"},
		{"--trace-endpoint", "htp://user:the-password@localhost", "trace-endpoint"},
		{"--trace-endpoint", "http://localhost:4318", "--trace-ratio", "2", "trace-ratio"},
		{"--trace-endpoint", "http://localhost:4318", "--trace-ratio", "NaN", "trace-ratio"},
	} {
		code, _, text := run(t, nil, "", append(args, tc[:len(tc)-1]...)...)
		if code != ExitFailed || !strings.Contains(text, tc[len(tc)-1]) || strings.Contains(text, "the-password") {
			t.Errorf("%v: %d %s", tc, code, text)
		}
	}
	const warning = "metrics are shown to other machines"
	if strings.Contains(p.err.String(), warning) {
		t.Errorf("on loopback: %s", p.err)
	}
	open := start(t, 2, nil, append(args, "--metrics-addr", "0.0.0.0:0")...)
	open.end()
	if !strings.Contains(open.err.String(), warning) {
		t.Errorf("on all interfaces: %s", open.err)
	}
}

// A collector that does not answer keeps nobody from ending, and gets little
// time: whoever sent the signal will kill.
func TestHangingCollector(t *testing.T) {
	t.Parallel()
	if lastSpans > 5*time.Second {
		t.Errorf("a collector gets %v", lastSpans)
	}
	hangs := make(chan struct{})
	collector := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hangs }))
	defer collector.Close()
	defer close(hangs)
	p := start(t, 1, nil, "serve", "--database", "memory:", "--api-addr", "127.0.0.1:0", "--trace-endpoint", collector.URL+"/v1/traces")
	if got := status(t, "http://"+p.addr["api-addr"]+"/api/info", ""); got != 200 {
		t.Errorf("info: %d", got)
	}
	p.end()
	if !strings.Contains(p.err.String(), "the last traces could not be delivered") {
		t.Errorf("nothing is said of lost traces: %s", p.err)
	}
}
