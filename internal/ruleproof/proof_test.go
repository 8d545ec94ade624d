package ruleproof

import (
	"net/http"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/catalog"
	"github.com/symbolon-auth/symbolon/internal/request"
)

// want is what the catalog says about a cell.
type want struct {
	err        string
	structural bool
	action     string // "" for any
}

// cellsOfCatalog lists every cell by the name of its case.
func cellsOfCatalog() map[string]want {
	stages := map[string]string{}
	for _, l := range request.Lines() {
		stages[l.ID] = l.Stage
	}
	out := map[string]want{}
	for _, e := range catalog.Entries() {
		if e.Cells == nil {
			out[e.ID] = want{string(e.Error), e.Structural, ""}
			continue
		}
		for at, code := range e.Cells {
			c := Case{ID: e.ID, At: at}
			action := "BAD_REQUEST"
			if at == "authorization" && stages[e.ID] != "located" {
				action = "LOCATION" // the redirect URI stands
			}
			out[c.Name()] = want{string(code), e.Structural, action}
		}
	}
	return out
}

// TestComplete: every cell has one case, and every case a cell.
func TestComplete(t *testing.T) {
	t.Parallel()
	cells, refusals := cellsOfCatalog(), map[string]bool{}
	for _, e := range catalog.Entries() {
		refusals[e.ID] = true
	}
	seen := map[string]bool{}
	for _, c := range Cases() {
		w, ok := cells[c.Name()]
		switch {
		case !ok:
			t.Errorf("%s is no cell of the catalog", c.Name())
		case seen[c.Name()]:
			t.Errorf("%s has two cases", c.Name())
		case c.Fault == "" || c.Send == nil:
			t.Errorf("%s does not say what is wrong", c.Name())
		case w.structural && c.MaskedBy != "":
			t.Errorf("%s is structural: nothing can mask it", c.Name())
		case (c.MaskedBy == "") != (c.Because == ""):
			t.Errorf("%s: what masks a rule has a reason", c.Name())
		case c.MaskedBy == c.ID || c.MaskedBy != "" && c.MaskedBy != Commit && !refusals[c.MaskedBy]:
			t.Errorf("%s is masked by %s, which is no other refusal", c.Name(), c.MaskedBy)
		}
		seen[c.Name()] = true
	}
	for name := range cells {
		if !seen[name] {
			t.Errorf("%s has no case", name)
		}
	}
}

// processes is how many engines run at once besides the first.
const processes = 2

// TestProof runs every case twice: with all rules on, and without its own.
func TestProof(t *testing.T) {
	t.Parallel()
	bin, cells := binary(t, t.TempDir()), cellsOfCatalog()
	base := bin.start(t, "")
	slots := make(chan struct{}, processes)
	for id, list := range byRefusal() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			for _, c := range list {
				t.Run("on"+at(c), func(t *testing.T) { refused(t, c, cells[c.Name()], NewBench(t, base)) })
			}
			if cells[list[0].Name()].structural {
				return
			}
			slots <- struct{}{}
			t.Cleanup(func() { <-slots }) // after the engine has ended
			without := bin.start(t, id)
			for _, c := range list {
				t.Run("off"+at(c), func(t *testing.T) { unruled(t, c, NewBench(t, without)) })
			}
		})
	}
}

func byRefusal() map[string][]Case {
	out := map[string][]Case{}
	for _, c := range Cases() {
		out[c.ID] = append(out[c.ID], c)
	}
	return out
}

func at(c Case) string {
	if c.At == "" {
		return ""
	}
	return "@" + c.At
}

// refused: the fault is refused by its rule, with the error of its cell.
func refused(t *testing.T, c Case, w want, b *Bench) {
	a := c.Send(b)
	switch v := a.Verdict(); {
	case a.Status != http.StatusOK:
		t.Errorf("%s: the Web API refuses the call: %d %s", c.Fault, a.Status, a.Body)
	case v.Rule != c.ID:
		t.Errorf("%s: refused by %q: %s", c.Fault, v.Rule, a.Body)
	case v.Error != w.err:
		t.Errorf("%s: the error is %q, the cell says %q: %s", c.Fault, v.Error, w.err, a.Body)
	case w.action != "" && v.Action != w.action:
		t.Errorf("%s: the action is %s, the stage says %s: %s", c.Fault, v.Action, w.action, a.Body)
	}
}

// unruled: without its rule the fault harms nothing, or meets what masks it.
func unruled(t *testing.T, c Case, b *Bench) {
	a := c.Send(b)
	v := a.Verdict()
	masked := c.MaskedBy
	if masked == Commit {
		masked = c.ID
	}
	switch {
	case a.Status != http.StatusOK:
		t.Errorf("%s: without the rule the call fails: %d %s", c.Fault, a.Status, a.Body)
	case masked == "" && v.Rule == c.ID:
		t.Errorf("%s: the rule still refuses although it is off, or was raised elsewhere: %s", c.Fault, a.Body)
	case masked == "" && !v.Succeeded():
		t.Errorf("%s: without the rule it is refused by %q: the request has another fault, or something masks the rule: %s", c.Fault, v.Rule, a.Body)
	case masked != "" && v.Succeeded():
		t.Errorf("%s: nothing masks the rule any more; the entry is stale: %s", c.Fault, a.Body)
	case masked != "" && v.Rule != masked:
		t.Errorf("%s: masked by %q, not by %s: %s", c.Fault, v.Rule, c.MaskedBy, a.Body)
	}
}
