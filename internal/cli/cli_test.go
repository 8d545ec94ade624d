package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/keyring"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// run runs a command to its end.
func run(t *testing.T, env map[string]string, stdin string, args ...string) (code int, out, err string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(t.Context(), &World{
		Args: args, Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		In: strings.NewReader(stdin), Out: &o, Err: &e,
	})
	return code, o.String(), e.String()
}

// process is a command that serves until it is stopped.
type process struct {
	*testing.T
	stop context.CancelFunc
	done chan int
	read chan struct{} // closed when err is complete
	once sync.Once
	addr map[string]string // by setting
	out  *safeBuffer
	err  *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// start starts a command and waits until it listens at so many addresses.
func start(t *testing.T, listeners int, env map[string]string, args ...string) *process {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	p := &process{T: t, stop: cancel, done: make(chan int, 1), read: make(chan struct{}), addr: map[string]string{}, out: &safeBuffer{}, err: &safeBuffer{}}
	r, w := io.Pipe()
	go func() {
		p.done <- Main(ctx, &World{
			Args: append(args, "--log-format", "json"), Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
			In: strings.NewReader(""), Out: p.out, Err: w,
		})
		_ = w.Close()
	}()
	lines := bufio.NewScanner(r)
	for len(p.addr) < listeners && lines.Scan() {
		_, _ = io.WriteString(p.err, lines.Text()+"\n")
		var line struct{ Msg, Setting, Addr string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			p.addr[line.Setting] = line.Addr
		}
	}
	if len(p.addr) < listeners {
		t.Fatalf("%v ended with %d: %s", args, <-p.done, p.err)
	}
	go func() {
		defer close(p.read)
		for lines.Scan() {
			_, _ = io.WriteString(p.err, lines.Text()+"\n")
		}
	}()
	t.Cleanup(p.end)
	return p
}

// end stops the command and demands that it ends well.
func (p *process) end() {
	p.Helper()
	p.once.Do(func() {
		p.stop()
		if code := <-p.done; code != ExitOK {
			p.Errorf("it ended with %d: %s", code, p.err)
		}
		<-p.read
	})
}

func wantLine(t *testing.T, text string, parts ...string) {
	t.Helper()
	if strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "symbolon: ") {
		t.Errorf("not one line: %q", text)
	}
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q lacks %q", text, p)
		}
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		env  map[string]string
		args string
		want string
	}{
		"nothing":             {nil, "", "expected one of"},
		"unknown command":     {nil, "fly", "unexpected argument fly"},
		"unknown flag":        {nil, "serve --api-adr=x", "--api-adr"},
		"missing value":       {nil, "front --users=x --issuer=y", "--service"},
		"wrong kind":          {nil, "front --service=abc", "--service"},
		"wrong in env":        {map[string]string{"SYMBOLON_SERVICE": "abc"}, "client list", "--service"},
		"wrong level":         {map[string]string{"SYMBOLON_LOG_LEVEL": "loud"}, "version", "--log-level"},
		"missing file":        {nil, "service apply", "<file>"},
		"settings file":       {nil, "version --config /nowhere.yaml", "config: open /nowhere.yaml"},
		"unknown right":       {nil, "token create --service 1 --permission FLY", "--permission"},
		"negative time":       {nil, "token create --service 1 --expires-in=-1h", "--expires-in"},
		"no password":         {nil, "hash-password", "standard input"},
		"password in command": {nil, "hash-password secret", "unexpected argument"},
	} {
		code, out, err := run(t, tc.env, "", strings.Fields(tc.args)...)
		if code != ExitUsage || out != "" {
			t.Errorf("%s: code %d, %q", name, code, out)
		}
		wantLine(t, err, tc.want)
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"--help": "demo", "serve --help": "--api-addr", "front --help": "--issuer", "client get --help": "--service",
		"demo --help": "--reset", "token create --help": "USE_INTROSPECTION",
	} {
		code, out, err := run(t, nil, "", strings.Fields(args)...)
		if code != ExitOK || !strings.Contains(out, want) || err != "" {
			t.Errorf("%s: code %d\n%s%s", args, code, out, err)
		}
		for line := range strings.Lines(out) {
			if len([]rune(line)) > 101 {
				t.Errorf("%s: a line is long: %s", args, line)
			}
		}
	}
}

func TestSmallCommands(t *testing.T) {
	t.Parallel()
	if code, out, _ := run(t, nil, "", "version"); code != ExitOK || !strings.HasPrefix(out, "symbolon ") {
		t.Errorf("version: %d %q", code, out)
	}
	for _, stdin := range []string{"secret\n", "secret", "secret\r\nmore\n"} {
		if code, out, _ := run(t, nil, stdin, "hash-password"); code != ExitOK || !strings.HasPrefix(out, "$argon2id$v=19$") {
			t.Errorf("hash-password: %d %q", code, out)
		}
	}
}

// A refused start names the setting, and leaves nothing behind.
func TestRefusedStarts(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	busy := taken.Addr().String()

	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lost := write("lost.db", "not empty")
	short := base64.StdEncoding.EncodeToString(make([]byte, 16))
	good := base64.StdEncoding.EncodeToString(make([]byte, keyring.MasterKeyBytes))
	users := write("users.yaml", "users: []")
	front := "front --service 1 --token t --issuer http://localhost:1 --users " + users + " "

	for name, tc := range map[string]struct{ args, want string }{
		"busy port":           {"serve --database memory: --api-addr " + busy, "api-addr: " + busy + " is in use"},
		"no address":          {"serve --database memory: --api-addr nonsense", "api-addr: "},
		"half of TLS":         {"serve --database memory: --api-tls-cert x.pem", "api-tls-cert and api-tls-key go together"},
		"no certificate":      {"serve --database memory: --api-tls-cert /nowhere --api-tls-key /nowhere", "api-tls-cert, api-tls-key: "},
		"short master key":    {"serve --database memory: --master-key " + short, "master-key: "},
		"no master key file":  {"serve --database memory: --master-key-file /nowhere", "master-key-file: "},
		"bad master key file": {"serve --database memory: --master-key-file " + users, "master-key-file: "},
		"PostgreSQL":          {"serve --database postgres://localhost/x", "master-key: this database needs one"},
		"lost key":            {"serve --database sqlite:" + lost, "master-key: " + lost + " exists, but its key"},
		"unknown database":    {"serve --api-addr 127.0.0.1:0 --database mysql:x --master-key " + good, "database: "},
		"short root token":    {"serve --api-addr 127.0.0.1:0 --database memory: --root-token short", "root-token: "},
		"migrate nowhere":     {"migrate --database sqlite:/nowhere/at/all.db", "database: "},

		"no token":              {"client list --service 1", "token: "},
		"no token file":         {"client list --service 1 --token-file /nowhere", "token-file: "},
		"api":                   {"client list --service 1 --token t --api localhost:9070", "api: "},
		"api CA":                {"client list --service 1 --token t --api-ca /nowhere", "api-ca: "},
		"api CA without any":    {"client list --service 1 --token t --api-ca " + users, "api-ca: "},
		"nobody there":          {"client list --service 1 --token t --api http://127.0.0.1:1", "127.0.0.1:1"},
		"no document":           {"service create /nowhere --token t", "/nowhere"},
		"document with a typo":  {"service create --token t " + write("typo.json", `{"isuer":"x"}`), `unknown field "isuer"`},
		"document is no object": {"service create --token t " + write("list.json", `[]`), "no document"},
		"document is no YAML":   {"service create --token t " + write("bad.yaml", "\t:"), "bad.yaml"},

		"front, users":         {"front --service 1 --token t --issuer http://localhost:1 --users /nowhere", "users: "},
		"front, issuer":        {front + "--issuer nonsense", "issuer: "},
		"front, cookie key":    {front + "--cookie-key " + short, "cookie-key: "},
		"front, introspectors": {front + "--introspection-clients nocolon", "introspection-clients: "},
		"front, busy":          {front + "--front-addr " + busy, "front-addr: " + busy + " is in use"},
		"front, open to all":   {front + "--front-addr 0.0.0.0:0", "front-addr: "},
		"front, nothing":       {front + "--front-addr=", "front-addr: "},
		"front, certificate":   {front + "--front-tls-cert /nowhere --front-tls-key /nowhere", "front-tls-cert"},
		"demo, busy":           {"demo --dir " + filepath.Join(dir, "demo") + " --api-addr " + busy, "api-addr: " + busy + " is in use"},
		"demo, open to all":    {"demo --dir " + filepath.Join(dir, "demo") + " --front-addr 0.0.0.0:1", "front-addr: "},
		"demo, address":        {"demo --dir " + filepath.Join(dir, "demo") + " --front-tls-addr x", "front-tls-addr: "},
		"demo, folder":         {"demo --api-addr 127.0.0.1:0 --front-addr 127.0.0.1:0 --front-tls-addr 127.0.0.1:0 --dir " + users, "dir: "},
	} {
		code, out, err := run(t, nil, "", strings.Fields(tc.args)...)
		if code != ExitFailed || out != "" {
			t.Errorf("%s: code %d, %q", name, code, out)
		}
		// The line that counts is the last one; a warning may precede it.
		lines := strings.SplitAfter(strings.TrimRight(err, "\n"), "\n")
		wantLine(t, lines[len(lines)-1]+"\n", tc.want)
	}
	if _, err := os.Stat(filepath.Join(dir, "demo")); err == nil {
		t.Error("a refused demo made its folder")
	}
}

// TestTokenEnds: what --expires-in says is counted from now.
func TestTokenEnds(t *testing.T) {
	t.Parallel()
	var asked wire.APITokenCreateRequest
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		_, _ = w.Write([]byte(`{"accessToken":"value","tokenId":"id"}`))
	}))
	defer api.Close()
	env := map[string]string{"SYMBOLON_API": api.URL, "SYMBOLON_TOKEN": "token"}
	before := time.Now().Add(time.Hour).UnixMilli()
	if code, _, text := run(t, env, "", "token", "create", "--service", "1", "--expires-in", "1h"); code != ExitOK {
		t.Fatalf("%d %s", code, text)
	}
	if after := time.Now().Add(time.Hour).UnixMilli(); asked.ExpiresAt < before || asked.ExpiresAt > after {
		t.Errorf("it ends at %d, which is not between %d and %d", asked.ExpiresAt, before, after)
	}
}
