package catalog

import (
	"regexp"
	"testing"
)

var (
	idForm     = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`)
	resultForm = regexp.MustCompile(`^A[0-9]{6}$`)
)

func TestEveryRefusalIsWellFormed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, e := range Entries() {
		if seen[e.ID] {
			t.Errorf("%s stands twice", e.ID)
		}
		seen[e.ID] = true
		if !idForm.MatchString(e.ID) {
			t.Errorf("%s is no id", e.ID)
		}
		if !resultForm.MatchString(e.Result) {
			t.Errorf("%s: %q is no result code", e.ID, e.Result)
		}
		if len(e.Refs) == 0 {
			t.Errorf("%s cites nothing", e.ID)
		}
		for _, r := range e.Refs {
			if _, clause, _, ok := r.Document(); !ok || clause == "" {
				t.Errorf("%s cites %s, whose document is not known", e.ID, r)
			}
		}
		if e.Error == "" && len(e.Cells) == 0 {
			t.Errorf("%s has no error code", e.ID)
		}
	}
}
