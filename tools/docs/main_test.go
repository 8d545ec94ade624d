package main

import (
	"strings"
	"testing"
)

// TestResultCodes: every code that the sources use is listed with its meaning:
// what stands beside it, or else what a comment says. One that nothing explains
// is an error.
func TestResultCodes(t *testing.T) {
	list := func(a, b string) (string, error) {
		return resultCodes(&sources{
			paths: []string{"internal/a.go", "internal/a_test.go", "internal/b.go"},
			text:  map[string]string{"internal/a.go": a, "internal/a_test.go": `"A999999"`, "internal/b.go": b},
		})
	}
	text, err := list(
		"c.Result(\"A999001\", \"it went well\")\nreturn x, \"A999002\", y // what it means\nz = \"A999003\" // a remark",
		`c.Result("A999003", "its meaning")`+"\n"+`&CallError{Code: "A999004", Text: "it is wrong"}`)
	if err != nil {
		t.Fatal(err)
	}
	for code, meaning := range map[string]string{
		"A999001": "it went well", "A999002": "what it means", "A999003": "its meaning", "A999004": "it is wrong",
	} {
		if !strings.Contains(text, "\n### "+code+"\n\n"+meaning+"\n") {
			t.Errorf("%s does not mean %q in\n%s", code, meaning, text)
		}
	}
	if strings.Contains(text, "A999999") {
		t.Error("a code of a test is listed")
	}
	if _, err := list(`return "A999005", err`, ""); err == nil || !strings.Contains(err.Error(), "A999005") {
		t.Errorf("a code that nothing explains: %v", err)
	}
}
