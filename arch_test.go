package symbolon_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const module = "github.com/symbolon-auth/symbolon/"

// levels is the statement of policy on imports: a package imports only
// packages of lower levels. Packages of one level do not know each other,
// except where allowed says so.
var levels = [][]string{
	// words: no I/O, no knowledge of each other
	{"internal/oauth", "internal/spec", "internal/wire", "internal/grant", "internal/keyring", "internal/jose", "internal/userfile"},
	// machines and contracts
	{"internal/rule", "internal/store"},
	// things and demands
	{"internal/policy"},
	{"internal/registry"},
	// crafts
	{"internal/clientauth", "internal/proof", "internal/mint"},
	{"internal/op"},
	{"internal/request", "internal/resource"},
	// operations: one folder per family
	{"internal/op/authorization", "internal/op/par", "internal/op/token", "internal/op/introspection", "internal/op/revocation", "internal/op/userinfo", "internal/op/discovery", "internal/op/registration"},
	{"internal/catalog"},
	// adapters
	{"internal/store/sqlstore/cold"},
	{"internal/store/sqlstore", "internal/store/storetest", "internal/pgtest", "internal/fetch", "internal/telemetry"},
	{"internal/httpapi"},
	{"internal/webapi", "internal/front/theme"},
	{"internal/front"},
	// wiring
	{"internal/config"},
	{"internal/enginetest"},
	{"internal/demo"},
	{"internal/cli"},
	{"internal/ruleproof", "internal/suite", "bench", "bench/chart", "conformance/runner", "tools/openapi", "tools/docs", "tools/settings", "cmd/symbolon"},
}

// pure packages know neither the network nor the database nor the clock of
// the machine: what they need is handed in.
var pure = []string{
	"internal/oauth", "internal/spec", "internal/wire", "internal/grant", "internal/keyring", "internal/jose",
	"internal/rule", "internal/store", "internal/policy", "internal/registry", "internal/clientauth", "internal/proof", "internal/mint",
	"internal/op", "internal/request", "internal/resource", "internal/op/authorization", "internal/op/par", "internal/op/token",
	"internal/op/introspection", "internal/op/revocation", "internal/op/userinfo", "internal/op/discovery", "internal/op/registration",
}

var impure = []string{"net/http", "database/sql", "os", "net", "log", "log/slog"}

// apart are pairs that must never meet: the front end uses the engine through
// the Web API only.
var apart = map[string][]string{
	"internal/front":  {"internal/httpapi", "internal/store", "internal/registry", "internal/op"},
	"internal/webapi": {"internal/httpapi", "internal/store", "internal/registry", "internal/op"},
}

type pkg struct {
	ImportPath string
	Dir        string
	Doc        string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []pkg
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

func TestImportDirection(t *testing.T) {
	t.Parallel()
	rank := map[string]int{}
	for i, level := range levels {
		for _, p := range level {
			rank[p] = i + 1
		}
	}
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if rank[name] == 0 {
			if name+"/" != module {
				t.Errorf("%s has no place on the map", name)
			}
			continue
		}
		for _, i := range p.Imports {
			imported, ours := strings.CutPrefix(i, module)
			if !ours {
				for _, bad := range impure {
					if i == bad && contains(pure, name) {
						t.Errorf("%s imports %s", name, i)
					}
				}
				continue
			}
			if rank[imported] >= rank[name] {
				t.Errorf("%s imports %s, which is not below it", name, imported)
			}
			for _, bad := range apart[name] {
				if imported == bad || strings.HasPrefix(imported, bad+"/") {
					t.Errorf("%s imports %s: it must use the Web API", name, imported)
				}
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// TestPackageComments: every package says what its room is for.
func TestPackageComments(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if name := strings.TrimPrefix(p.ImportPath, module); len(p.Doc) < 40 && name+"/" != module {
			t.Errorf("%s has no package comment", name)
		}
	}
}

// TestNoInit: nothing happens by being imported, and no clock or random
// source of the machine is read below the adapters.
func TestNoInit(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		files, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range parsed.Decls {
				if fn, ok := funcName(o); ok && fn == "init" {
					t.Errorf("%s has an init function", f)
				}
			}
			if contains(pure, name) && (strings.Contains(string(text), "time.Now()") || strings.Contains(string(text), `"crypto/rand"`)) {
				t.Errorf("%s reads the machine's clock or random source", f)
			}
		}
	}
}

func funcName(d ast.Decl) (string, bool) {
	fn, ok := d.(*ast.FuncDecl)
	if !ok || fn.Recv != nil {
		return "", false
	}
	return fn.Name.Name, true
}
