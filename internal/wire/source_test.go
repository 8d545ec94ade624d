package wire

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// sources parses the files of the package, tests left out.
func sources(t *testing.T) []*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	fset := token.NewFileSet()
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, e.Name(), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// TestComments: every type and every field has a comment, and every struct is a
// document that the other tests look at.
func TestComments(t *testing.T) {
	listed := map[string]bool{}
	for _, d := range documents {
		listed[reflect.TypeOf(d.zero).Name()] = true
	}
	for _, file := range sources(t) {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.TYPE {
				continue
			}
			for _, spec := range gen.Specs {
				typ := spec.(*ast.TypeSpec)
				if strings.TrimSpace(gen.Doc.Text()) == "" {
					t.Errorf("%s has no comment", typ.Name)
				}
				st, ok := typ.Type.(*ast.StructType)
				if !ok || !typ.Name.IsExported() {
					continue
				}
				if !listed[typ.Name.Name] {
					t.Errorf("%s is missing in documents", typ.Name)
				}
				for _, f := range st.Fields.List {
					for _, name := range f.Names {
						if len(f.Names) > 1 || !strings.HasSuffix(strings.TrimSpace(f.Doc.Text()), ".") {
							t.Errorf("%s.%s has no comment of its own", typ.Name, name)
						}
					}
				}
			}
		}
	}
}

// TestTables: the constants of an enum are exactly the rows of its table, in
// the same order.
func TestTables(t *testing.T) {
	constants := map[string][]string{}
	rows := map[string][]string{}
	for _, file := range sources(t) {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST && gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				value := spec.(*ast.ValueSpec)
				if gen.Tok == token.CONST {
					typ, ok := value.Type.(*ast.Ident)
					if !ok {
						t.Errorf("constant %s has no enum type", value.Names[0])
						continue
					}
					constants[typ.Name] = append(constants[typ.Name], value.Names[0].Name)
					continue
				}
				table, ok := value.Values[0].(*ast.CompositeLit)
				if !ok {
					continue
				}
				typ := table.Type.(*ast.IndexExpr).Index.(*ast.Ident).Name
				for _, row := range table.Elts {
					if lit, ok := row.(*ast.CompositeLit); ok {
						row = lit.Elts[0]
					}
					rows[typ] = append(rows[typ], row.(*ast.Ident).Name)
				}
			}
		}
	}
	if len(constants) == 0 {
		t.Fatal("no constants found")
	}
	for typ, want := range constants {
		if got := rows[typ]; !slices.Equal(got, want) {
			t.Errorf("%s: the table has %q, the constants are %q", typ, got, want)
		}
		seen := map[string]bool{}
		for _, name := range rows[typ] {
			if seen[name] {
				t.Errorf("%s: %s stands twice in the table", typ, name)
			}
			seen[name] = true
		}
	}
}

// TestImports: the room stands on the standard library alone.
func TestImports(t *testing.T) {
	for _, file := range sources(t) {
		for _, i := range file.Imports {
			if first, _, _ := strings.Cut(strings.Trim(i.Path.Value, `"`), "/"); strings.Contains(first, ".") {
				t.Errorf("imports %s", i.Path.Value)
			}
		}
	}
}
