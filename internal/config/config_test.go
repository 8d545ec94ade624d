package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/alecthomas/kong"
)

// grammar is a small command line with every kind of setting.
type grammar struct {
	Config string   `name:"config"`
	Addr   string   `name:"some-addr" default:"default"`
	On     bool     `name:"on" negatable:""`
	List   []string `name:"list"`
	Reset  bool     `name:"reset" setting:"-"`

	Run   struct{} `cmd:""`
	Other struct {
		Extra int `name:"extra"`
	} `cmd:""`
}

func parse(t *testing.T, env map[string]string, args ...string) (*grammar, error) {
	t.Helper()
	g := &grammar{}
	s := &Source{Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	k, err := kong.New(g, kong.Name("x"), kong.WithBeforeResolve(s.BeforeResolve), kong.Resolvers(s))
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.Parse(args)
	return g, err
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	path := file(t, "some-addr: file\nextra: 3\n")
	for _, tc := range []struct {
		name string
		env  map[string]string
		args []string
		want string
	}{
		{"default", nil, []string{"run"}, "default"},
		{"file", nil, []string{"run", "--config", path}, "file"},
		{"file named in the environment", map[string]string{"SYMBOLON_CONFIG": path}, []string{"run"}, "file"},
		{"environment before file", map[string]string{"SYMBOLON_SOME_ADDR": "env"}, []string{"--config=" + path, "run"}, "env"},
		{"empty variable is none", map[string]string{"SYMBOLON_SOME_ADDR": ""}, []string{"--config", path, "run"}, "file"},
		{"flag before all", map[string]string{"SYMBOLON_SOME_ADDR": "env"}, []string{"run", "--config", path, "--some-addr", "flag"}, "flag"},
		{"empty flag counts", map[string]string{"SYMBOLON_SOME_ADDR": "env"}, []string{"run", "--some-addr="}, ""},
	} {
		g, err := parse(t, tc.env, tc.args...)
		if err != nil || g.Addr != tc.want {
			t.Errorf("%s: %q, %v, want %q", tc.name, g.Addr, err, tc.want)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	fromFile, err := parse(t, nil, "run", "--config", file(t, "on: true\nlist: ['a,b', c]\n"))
	if err != nil || !fromFile.On || !reflect.DeepEqual(fromFile.List, []string{"a,b", "c"}) {
		t.Errorf("file: %+v, %v", fromFile, err)
	}
	fromEnv, err := parse(t, map[string]string{"SYMBOLON_ON": "true", "SYMBOLON_LIST": "a,b"}, "run")
	if err != nil || !fromEnv.On || !reflect.DeepEqual(fromEnv.List, []string{"a", "b"}) {
		t.Errorf("environment: %+v, %v", fromEnv, err)
	}
	off, err := parse(t, map[string]string{"SYMBOLON_ON": "true"}, "run", "--no-on")
	if err != nil || off.On {
		t.Errorf("negated: %+v, %v", off, err)
	}
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"unknown key":      {"some-addr: x\nsome-adr: y\n", `:2: there is no setting "some-adr"`},
		"an act":           {"reset: true\n", `there is no setting "reset"`},
		"the file itself":  {"config: x\n", `there is no setting "config"`},
		"key twice":        {"some-addr: x\nsome-addr: y\n", "already defined"},
		"a mapping":        {"some-addr: {a: b}\n", "some-addr is neither a text nor a list"},
		"list of mappings": {"list: [{a: b}]\n", "list is a list of something else than texts"},
		"no mapping":       {"- a\n", "config: "},
		"no YAML":          {"\t:", "config: "},
		"wrong kind":       {"on: perhaps\n", "--on: bool value"},
	} {
		_, err := parse(t, nil, "run", "--config", file(t, tc.text))
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
	if _, err := parse(t, nil, "run", "--config", "/nowhere/at/all.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if _, err := parse(t, nil, "run", "--config", file(t, "")); err != nil {
		t.Errorf("empty file: %v", err)
	}
}

// Acts are never taken from the environment.
func TestActs(t *testing.T) {
	t.Parallel()
	g, err := parse(t, map[string]string{"SYMBOLON_RESET": "true", "SYMBOLON_HELP": "true"}, "run")
	if err != nil || g.Reset {
		t.Errorf("%+v, %v", g, err)
	}
}

func TestReference(t *testing.T) {
	t.Parallel()
	k, err := kong.New(&grammar{}, kong.Name("x"))
	if err != nil {
		t.Fatal(err)
	}
	text := Reference(k.Model)
	for _, want := range []string{"## General", "| `--some-addr` | `SYMBOLON_SOME_ADDR` | `default` | all |", "| `--extra` | `SYMBOLON_EXTRA` | – | other |"} {
		if !strings.Contains(text, want) {
			t.Errorf("the reference lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "reset") || strings.Contains(text, "help") {
		t.Errorf("the reference has acts:\n%s", text)
	}
}

func TestAPIToken(t *testing.T) {
	t.Parallel()
	good, empty := file(t, "from-file\n"), file(t, " \n")
	for _, tc := range []struct {
		access      Access
		want, error string
	}{
		{Access{Token: "given", TokenFile: good}, "given", ""},
		{Access{TokenFile: good}, "from-file", ""},
		{Access{TokenFile: empty}, "", "token-file: " + empty + " is empty"},
		{Access{TokenFile: "/nowhere"}, "", "token-file: open /nowhere"},
		{Access{}, "", "token: there is no API token"},
	} {
		got, err := tc.access.APIToken()
		if got != tc.want || (err == nil) != (tc.error == "") || err != nil && !strings.HasPrefix(err.Error(), tc.error) {
			t.Errorf("%+v: %q, %v", tc.access, got, err)
		}
	}
}

// Of several processes that make a secret at once, one wins, and all read the
// same.
func TestCreateSecret(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret")
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 16 {
		wg.Go(func() {
			err := CreateSecret(path, strings.Repeat(string(rune('a'+i)), 100))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	text, err := ReadSecret("secret", path)
	if err != nil || won != 1 || len(text) != 100 || strings.Trim(text, text[:1]) != "" {
		t.Errorf("%d won: %q, %v", won, text, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
	if err := CreateSecret("/nowhere/at/all", "x"); err == nil {
		t.Error("a secret was written nowhere")
	}
}
