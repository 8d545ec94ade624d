package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	wireDir   = "../../internal/wire"
	committed = "../../api/openapi.yaml"
)

var sample = []Route{
	{"POST", "/api/{serviceId}/auth/token", false, "USE_SERVICE", "token", "Process a token request.", "TokenRequest", "TokenResponse"},
	{"GET", "/api/{serviceId}/service/get", false, "", "service-get", "Read a service.", "", "Service"},
	{"GET", "/api/{serviceId}/client/get/{clientId}", false, "VIEW_CLIENT", "client-get", "Read a client.", "", "Client"},
	{"DELETE", "/api/{serviceId}/client/delete/{clientId}", false, "MODIFY_CLIENT", "client-delete", "Delete a client.", "", ""},
	{"POST", "/api/{serviceId}/client/delete/{clientId}", false, "MODIFY_CLIENT", "client-delete", "Delete a client.", "", ""},
	{"GET", "/api/lifecycle/healthcheck", true, "", "healthcheck", "Tell whether the engine is ready.", "", ""},
}

func document(t *testing.T, routes []Route) *openapi3.T {
	t.Helper()
	doc, err := Document(routes, wireDir)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestCommitted: the committed document is what the sources say.
func TestCommitted(t *testing.T) {
	got, err := generate(routes(), wireDir)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("api/openapi.yaml is out of date: run go generate ./tools/openapi")
	}
}

// TestGenerate: the same input gives the same bytes, and a reader that did not
// write them finds them valid, references included.
func TestGenerate(t *testing.T) {
	first, err := generate(sample, wireDir)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		again, err := generate(slices.Clone(sample), wireDir)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("two runs differ")
		}
	}
	doc, err := openapi3.NewLoader().LoadFromData(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Error(err)
	}
	if got := doc.Paths.Len(); got != 5 {
		t.Errorf("%d paths, want 5", got)
	}
	body := doc.Paths.Value("/api/{serviceId}/auth/token").Post.RequestBody.Value.Content.Get("application/json").Schema
	if body.Ref != "#/components/schemas/TokenRequest" || body.Value.Properties["parameters"] == nil {
		t.Errorf("the body of a token request is %+v", body)
	}
}

func TestSchemas(t *testing.T) {
	schemas := document(t, nil).Components.Schemas

	service := schemas["Service"].Value
	if got := service.Properties["issuer"].Value; got.Description != "The issuer identifier: iss of everything that is issued." || !got.Type.Is("string") {
		t.Errorf("issuer is %+v", got)
	}
	key := service.Properties["apiKey"].Value
	if !key.Type.Is("integer") || key.Format != "int64" || !key.ReadOnly || strings.Contains(key.Description, "Read-only") {
		t.Errorf("apiKey is %+v", key)
	}
	if got := service.Properties["clientsPerDeveloper"].Value; got.Format != "int32" {
		t.Errorf("clientsPerDeveloper is %+v", got)
	}
	if got := service.Properties["fapiModes"].Value; !got.Type.Is("array") || got.Items.Ref != "#/components/schemas/FAPIMode" {
		t.Errorf("fapiModes is %+v", got)
	}
	if got := service.Properties["accessTokenSignAlg"].Value; len(got.AllOf) != 1 || got.AllOf[0].Ref != "#/components/schemas/JWSAlg" || got.Description == "" {
		t.Errorf("accessTokenSignAlg is %+v", got)
	}

	fail := schemas["AuthorizationFailRequest"].Value
	if want := []string{"reason", "ticket"}; !slices.Equal(fail.Required, want) {
		t.Errorf("required in a fail request: %q, want %q", fail.Required, want)
	}
	if strings.Contains(fail.Properties["ticket"].Value.Description, "Required.") {
		t.Errorf("the mark is left in %q", fail.Properties["ticket"].Value.Description)
	}
	if schemas["TokenResponse"].Value.Properties["resultCode"] == nil {
		t.Error("an embedded member is missing in TokenResponse")
	}

	prompt := schemas["Prompt"].Value
	if got, _ := json.Marshal(prompt.Enum); string(got) != `["NONE","LOGIN","CONSENT","SELECT_ACCOUNT","CREATE"]` {
		t.Errorf("values of Prompt: %s", got)
	}
	if !strings.Contains(prompt.Description, "\n- `NONE`: No page may be shown.\n") {
		t.Errorf("description of Prompt: %s", prompt.Description)
	}
}

func TestRoutes(t *testing.T) {
	doc := document(t, sample)

	get := doc.Paths.Value("/api/{serviceId}/client/get/{clientId}").Get
	var params []string
	for _, p := range get.Parameters {
		params = append(params, p.Value.In+" "+p.Value.Name+" "+p.Value.Schema.Value.Type.Slice()[0])
	}
	if want := []string{"path serviceId integer", "path clientId string"}; !slices.Equal(params, want) {
		t.Errorf("parameters %q, want %q", params, want)
	}
	if get.Extensions["x-right"] != "VIEW_CLIENT" || get.Security != nil {
		t.Errorf("client get: %v, security %v", get.Extensions, get.Security)
	}
	if got := get.Responses.Status(200).Value.Content.Get("application/json").Schema.Ref; got != "#/components/schemas/Client" {
		t.Errorf("client get answers %s", got)
	}
	if got := get.Responses.Default().Value.Content.Get("application/json").Schema.Ref; got != "#/components/schemas/Result" {
		t.Errorf("a wrong call is answered with %s", got)
	}

	del := doc.Paths.Value("/api/{serviceId}/client/delete/{clientId}")
	if del.Delete.Responses.Status(204) == nil || del.Delete.Responses.Status(200) != nil {
		t.Error("a delete answers 204 and nothing else")
	}
	if del.Delete.OperationID != "client-delete" || del.Post.OperationID != "client-delete-2" {
		t.Errorf("operation ids %s and %s", del.Delete.OperationID, del.Post.OperationID)
	}
	if s := doc.Paths.Value("/api/lifecycle/healthcheck").Get.Security; s == nil || len(*s) != 0 {
		t.Errorf("the health check asks for %v", s)
	}
	if read := doc.Paths.Value("/api/{serviceId}/service/get").Get; read.Security != nil || !strings.Contains(read.Description, "credential") {
		t.Errorf("reading a service asks for %v: %s", read.Security, read.Description)
	}
}

func TestWrongRoutes(t *testing.T) {
	for want, routes := range map[string][]Route{
		"no wire document": {{Method: "POST", Path: "/api/x", Operation: "x", Request: "NoSuchRequest"}},
		"unknown method":   {{Method: "FETCH", Path: "/api/x", Operation: "x"}},
		"listed twice":     {sample[0], sample[0]},
	} {
		if _, err := Document(routes, wireDir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

func TestWrongSources(t *testing.T) {
	for want, text := range map[string]string{
		"no documents":         "",
		"T: no comment":        "type T struct{}",
		"A: no comment":        "// T is.\ntype T struct {\nA string `json:\"a\"`\n}",
		"A: no JSON name":      "// T is.\ntype T struct {\n// A.\nA string `xml:\"a\"`\n}",
		"one field with":       "// T is.\ntype T struct {\n// A.\nA, B string `json:\"a\"`\n}",
		"last sentence":        "// T is.\ntype T struct {\n// Required. Or not.\nA string `json:\"a\"`\n}",
		"a wire document has":  "// T is.\ntype T struct {\n// A.\nA map[string]string `json:\"a\"`\n}",
		"string type with":     "// T is.\ntype T int",
		"neither a struct nor": "// T is.\ntype T func()",
		"no string literal":    "// T is.\ntype T string\nconst A T = B",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "t.go"), []byte("package t\n\n"+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Document(nil, dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", text, err, want)
		}
	}
}
