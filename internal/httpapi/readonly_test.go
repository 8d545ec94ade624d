package httpapi_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// readOnly returns the members of a wire document that are marked so, with
// something that nobody but the engine would write there.
func readOnly(t *testing.T, file string) doc {
	t.Helper()
	source, err := os.ReadFile("../wire/" + file)
	if err != nil {
		t.Fatal(err)
	}
	bogus := map[string]any{
		"int": 7, "int64": 7, "bool": true, "string": "mine", "[]Pair": []doc{{"key": "mine", "value": "mine"}},
		"[]HSK": []doc{{"handle": "mine", "hsmName": "mine"}}, "ClientSource": "METADATA_DOCUMENT",
	}
	out := doc{}
	for _, m := range regexp.MustCompile("Read-only\\.\n\t\\w+ +(\\S+) +`json:\"(\\w+)").FindAllStringSubmatch(string(source), -1) {
		value, known := bogus[m[1]]
		if !known {
			t.Fatalf("%s: a read-only member of type %s", m[2], m[1])
		}
		out[m[2]] = value
	}
	if marks := strings.Count(string(source), "Read-only.\n"); len(out) != marks || marks < 8 {
		t.Fatalf("%s: %d members of %d marks", file, len(out), marks)
	}
	return out
}

// TestReadOnlyMembers: what a document marks as read-only is the engine's: what
// callers write there changes nothing, in a new document or in a replacement.
func TestReadOnlyMembers(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	root := func(path string, body doc) doc {
		a := e.Call("POST", path, enginetest.RootToken, body)
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", path, a.Status, a.Body)
		}
		return a.Doc
	}
	same := func(a, b any) bool {
		x, err1 := json.Marshal(a)
		y, err2 := json.Marshal(b)
		return errors.Join(err1, err2) == nil && string(x) == string(y)
	}
	check := func(what string, written, got, before doc) {
		for member, bogus := range written {
			if same(got[member], bogus) {
				t.Errorf("%s: %s is what the caller wrote", what, member)
			}
			if before != nil && member != "modifiedAt" && !same(got[member], before[member]) {
				t.Errorf("%s: %s became %v, was %v", what, member, got[member], before[member])
			}
		}
	}
	service, client := readOnly(t, "service.go"), readOnly(t, "client.go")

	made := enginetest.With(service, doc{"apiKey": nil}) // one may be chosen
	check("service/create", made, root("/api/service/create", enginetest.With(enginetest.QuickService(), made)), nil)
	s := e.NewService(enginetest.QuickService())
	check("service/update", service, root(s.Path("service/update"), enginetest.With(enginetest.QuickService(), service)), s.Doc)

	check("client/create", client, root(s.Path("client/create"), enginetest.With(enginetest.BaseClient(), client)), nil)
	c := s.NewClient(enginetest.BaseClient())
	check("client/update", client, root(s.Path("client/update/"+c.ID), enginetest.With(enginetest.BaseClient(), client)), c.Doc)
}
