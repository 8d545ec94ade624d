package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// source is what the files of the wire package declare.
type source struct {
	types  map[string]declared
	values map[string][]value // by enum type, in the order of the file
}

type declared struct {
	comment string
	expr    ast.Expr
}

type value struct{ name, comment string }

// readSchemas makes a schema of every exported type of the package in dir.
func readSchemas(dir string) (openapi3.Schemas, error) {
	src, err := readSource(dir)
	if err != nil {
		return nil, err
	}
	schemas := openapi3.Schemas{}
	for name, d := range src.types {
		if !ast.IsExported(name) {
			continue
		}
		var schema *openapi3.Schema
		switch expr := d.expr.(type) {
		case *ast.StructType:
			schema, err = src.object(expr)
		case *ast.Ident:
			schema, err = src.enum(name, expr)
		default:
			err = errors.New("neither a struct nor an enum")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		comment := sentence(d.comment)
		if comment == "" {
			return nil, fmt.Errorf("%s: no comment", name)
		}
		schema.Description = comment + schema.Description
		schemas[name] = openapi3.NewSchemaRef("", schema)
	}
	if len(schemas) == 0 {
		return nil, fmt.Errorf("no documents in %s", dir)
	}
	return schemas, nil
}

func readSource(dir string) (*source, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	src := &source{types: map[string]declared{}, values: map[string][]value{}}
	fset := token.NewFileSet()
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, filepath.Join(dir, e.Name()), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok {
				if err := src.add(gen); err != nil {
					return nil, err
				}
			}
		}
	}
	return src, nil
}

// add takes over types and typed constants.
func (src *source) add(gen *ast.GenDecl) error {
	for _, spec := range gen.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			src.types[spec.Name.Name] = declared{gen.Doc.Text(), spec.Type}
		case *ast.ValueSpec:
			typ, ok := spec.Type.(*ast.Ident)
			if gen.Tok != token.CONST || !ok {
				continue
			}
			lit, ok := spec.Values[0].(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return fmt.Errorf("constant %s is no string literal", spec.Names[0])
			}
			name, err := strconv.Unquote(lit.Value)
			if err != nil {
				return err
			}
			src.values[typ.Name] = append(src.values[typ.Name], value{name, sentence(spec.Doc.Text())})
		}
	}
	return nil
}

// enum describes a string type with its constants; what is said about single
// values is listed in the description.
func (src *source) enum(name string, underlying *ast.Ident) (*openapi3.Schema, error) {
	if underlying.Name != "string" || len(src.values[name]) == 0 {
		return nil, errors.New("not a string type with constants")
	}
	schema := openapi3.NewStringSchema()
	for _, v := range src.values[name] {
		schema.Enum = append(schema.Enum, v.name)
		if v.comment != "" {
			if schema.Description == "" {
				schema.Description = "\n"
			}
			schema.Description += "\n- `" + v.name + "`: " + v.comment
		}
	}
	return schema, nil
}

// object describes a struct; what it embeds becomes part of it.
func (src *source) object(st *ast.StructType) (*openapi3.Schema, error) {
	schema := openapi3.NewObjectSchema()
	for _, f := range st.Fields.List {
		if len(f.Names) == 0 {
			if err := src.embed(schema, f.Type); err != nil {
				return nil, err
			}
			continue
		}
		if len(f.Names) > 1 || f.Tag == nil {
			return nil, fmt.Errorf("%s: one field with one tag each, please", f.Names[0])
		}
		if err := src.member(schema, f); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Names[0], err)
		}
	}
	slices.Sort(schema.Required)
	return schema, nil
}

func (src *source) embed(schema *openapi3.Schema, typ ast.Expr) error {
	name, ok := typ.(*ast.Ident)
	if !ok {
		return errors.New("embeds something without a name")
	}
	st, ok := src.types[name.Name].expr.(*ast.StructType)
	if !ok {
		return fmt.Errorf("embeds %s, which is no struct", name)
	}
	inner, err := src.object(st)
	if err != nil {
		return err
	}
	for member, s := range inner.Properties {
		schema.WithPropertyRef(member, s)
	}
	schema.Required = append(schema.Required, inner.Required...)
	return nil
}

// The last sentence of a comment can be one of these marks.
const (
	requiredMark = "Required."
	readOnlyMark = "Read-only."
)

// member adds one field to the schema.
func (src *source) member(schema *openapi3.Schema, f *ast.Field) error {
	tag, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
	if name == "" || name == "-" {
		return errors.New("no JSON name")
	}
	comment, required := strings.CutSuffix(sentence(f.Doc.Text()), requiredMark)
	comment, readOnly := strings.CutSuffix(comment, readOnlyMark)
	comment = strings.TrimSpace(comment)
	if comment == "" {
		return errors.New("no comment")
	}
	if strings.Contains(comment, requiredMark) || strings.Contains(comment, readOnlyMark) {
		return fmt.Errorf("%q and %q count only as the last sentence of a comment", requiredMark, readOnlyMark)
	}
	ref, err := src.schemaOf(f.Type)
	if err != nil {
		return err
	}
	if ref.Ref != "" {
		// A reference cannot have a description of its own.
		ref = openapi3.NewSchemaRef("", &openapi3.Schema{AllOf: openapi3.SchemaRefs{ref}})
	}
	ref.Value.Description, ref.Value.ReadOnly = comment, readOnly
	schema.WithPropertyRef(name, ref)
	if required {
		schema.Required = append(schema.Required, name)
	}
	return nil
}

// schemaOf describes the type of a field.
func (src *source) schemaOf(typ ast.Expr) (*openapi3.SchemaRef, error) {
	switch typ := typ.(type) {
	case *ast.StarExpr:
		return src.schemaOf(typ.X)
	case *ast.ArrayType:
		items, err := src.schemaOf(typ.Elt)
		if err != nil {
			return nil, err
		}
		list := openapi3.NewArraySchema()
		list.Items = items
		return list.NewRef(), nil
	case *ast.Ident:
		switch typ.Name {
		case "string":
			return openapi3.NewStringSchema().NewRef(), nil
		case "bool":
			return openapi3.NewBoolSchema().NewRef(), nil
		case "int":
			return openapi3.NewInt32Schema().NewRef(), nil
		case "int64":
			return openapi3.NewInt64Schema().NewRef(), nil
		}
		if _, ok := src.types[typ.Name]; ok && typ.IsExported() {
			// Value only tells the validator that the reference leads somewhere.
			return openapi3.NewSchemaRef(schemaPath+typ.Name, &openapi3.Schema{}), nil
		}
	}
	return nil, fmt.Errorf("a wire document has no %T", typ)
}
