package httpapi_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/httpapi"
)

// elsewhere are published operations that this engine does not answer, each
// with its reason.
var elsewhere = map[string]string{
	"GET /api/info": "not built; needs no credentials, so 403 would say nothing",
	"DELETE /api/{serviceId}/client/authorization/delete/{clientId}/{subject}":  "a second way to write an operation that is not built",
	"DELETE /api/{serviceId}/client/granted_scopes/delete/{clientId}/{subject}": "a second way to write an operation that is not built",
	"GET /api/{serviceId}/client/granted_scopes/get/{clientId}/{subject}":       "a second way to write an operation that is not built",

	"GET /api/misc/echo": "not built; needs no credentials, so 403 would say nothing",
}

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// TestPublishedOperations: every published path and method, of both versions,
// is a row of the surface, built or not.
func TestPublishedOperations(t *testing.T) {
	t.Parallel()
	ours := map[string]bool{}
	for _, r := range httpapi.Routes() {
		ours[r.Method+" "+parameter.ReplaceAllString(strings.Replace(r.Path, "/{serviceId}", "", 1), "{}")] = true
	}
	data, err := os.ReadFile("../wire/testdata/facts.tsv")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) < 3 || f[1] != "op" {
			continue
		}
		found++
		method, path, _ := strings.Cut(f[2], " ")
		name := method + " " + parameter.ReplaceAllString(strings.Replace(path, "/{serviceId}", "", 1), "{}")
		// Version 2 names the service at the end of three paths.
		name = regexp.MustCompile(`(/api/service/(?:get|update|delete))/\{\}`).ReplaceAllString(name, "$1")
		switch {
		case elsewhere[method+" "+path] != "":
		case !ours[name]:
			t.Errorf("%s %s is not a route", f[0], f[2])
		}
	}
	if found < 100 {
		t.Errorf("only %d published operations were found", found)
	}
}
