package main

import (
	"strings"
	"testing"
	"time"
)

func TestReport(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	r := newReport(&out, "https://suite.example", expectations{
		{Plans: []string{"fapi2-oauth"}, Module: "seen", Result: review, Reason: "The suite wants to see fapi2-oauth page."},
		{Plans: []string{"fapi2-oauth"}, Module: "mended", Result: warning, Reason: "It was broken."},
		{Plans: []string{"fapi2-oauth"}, Module: "worse", Result: warning, Reason: "It was odd."},
	})
	var unwanted int
	for _, o := range []outcome{
		{plan: "fapi2-oauth", module: "fine", result: passed},
		{plan: "fapi2-oauth", module: "seen", id: "1", result: review, conditions: []string{"X: y"}},
		{plan: "fapi2-oauth", module: "mended", id: "2", result: passed},
		{plan: "fapi2-oauth", module: "worse", id: "3", result: failed, conditions: []string{"A: b [C-1]", "D: e"}},
		{plan: "oidc-config", module: "slow", id: "4", result: timeout, conditions: []string{"at last: F: g"}},
		{plan: "oidc-config", module: "late", result: notRun},
		{plan: "oidc-config", module: "refused", result: notRun, conditions: []string{"the suite answered 500"}},
	} {
		if r.add(o) {
			unwanted++
		}
	}
	if unwanted != 5 || r.good() {
		t.Errorf("%d are unwanted; good: %v", unwanted, r.good())
	}
	if err := r.finish(62*time.Second + 300*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	const want = `REVIEW      fapi2-oauth seen: expected: The suite wants to see fapi2-oauth page.
STALE       fapi2-oauth mended: it passed; WARNING is expected of it
FAILED      fapi2-oauth worse (WARNING is expected of it): A: b [C-1]; D: e <https://suite.example/log-detail.html?log=3>
TIMEOUT     oidc-config slow: at last: F: g <https://suite.example/log-detail.html?log=4>
NOT RUN     oidc-config refused: the suite answered 500

plan         modules  PASSED  WARNING  REVIEW  SKIPPED  FAILED  INTERRUPTED  TIMEOUT  NOT RUN
oidc-config        3       .        .       .        .       .            .        1        2
fapi2-oauth        4       2        .       1        .       1            .        .        .

This took 1m2s.
1 passed, 3 failed, 1 expected, 2 NOT RUN
`
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
	m := memory{"fapi2-oauth": {"fine", "mended", "other"}, "c": {"x"}}
	m.note([]job{{plan: &plan{name: "fapi2-oauth"}, module: module{label: "fine"}}, {plan: &plan{name: "fapi2-oauth"}, module: module{label: "mended"}}}, r.unwanted)
	for plan, labels := range map[string]string{"fapi2-oauth": "mended other worse", "oidc-config": "late refused slow", "c": "x"} {
		if got := strings.Join(m[plan], " "); got != labels {
			t.Errorf("remembered of %s: %s", plan, got)
		}
	}
}

func TestGood(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	r := newReport(&out, "", nil)
	r.add(outcome{plan: "fapi2-oauth", module: "m", result: passed})
	if !r.good() || out.String() != "" || r.counts() != "1 passed, 0 failed, 0 expected" {
		t.Errorf("%v %q %s", r.good(), out.String(), r.counts())
	}
}
