package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExpectationsOfThisRepository(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", filepath.Base(expectationsFile)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseExpectations(text); err != nil {
		t.Error(err)
	}
}

func TestParseExpectations(t *testing.T) {
	t.Parallel()
	const good = "- plans: [oidc-config, fapi2-oauth]\n  module: m\n  result: REVIEW\n  reason: the suite wants to see it\n"
	list, err := parseExpectations([]byte(good))
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	for _, tc := range []struct {
		plan, label string
		there       bool
	}{
		{"oidc-config", "m", true},
		{"fapi2-oauth", "m", true},
		{"fapi2-oauth", "m (response_type=code)", true},
		{"fapi2-openid", "m", false},
		{"oidc-config", "mm", false},
	} {
		if got := list.of(tc.plan, tc.label); (got != nil) != tc.there {
			t.Errorf("%s %s: %v", tc.plan, tc.label, got)
		}
	}
	if err := list.check("oidc-config", []module{{Name: "other"}, {Name: "m"}}); err != nil {
		t.Error(err)
	}
	if err := list.check("fapi2-openid", nil); err != nil {
		t.Error(err)
	}
	if err := list.check("oidc-config", []module{{Name: "other"}}); err == nil {
		t.Error("a module that is not there was accepted")
	}
	if list, err := parseExpectations([]byte("# nothing\n")); err != nil || list != nil {
		t.Errorf("an empty list: %v, %v", list, err)
	}
	for _, tc := range []struct{ old, new, want string }{
		{"REVIEW", "FAILED", "can be WARNING"},
		{"REVIEW", "INTERRUPTED", "can be WARNING"},
		{"REVIEW", "PASSED", "can be WARNING"},
		{"  result: REVIEW\n", "", "can be WARNING"},
		{"the suite wants to see it", "' '", "no reason"},
		{"  reason: the suite wants to see it\n", "", "no reason"},
		{"  module: m\n", "", "no module"},
		{"[oidc-config, fapi2-oauth]", "[]", "no plans"},
		{"fapi2-oauth", "fapi2", "no plan"},
		{"fapi2-oauth", "oidc-config", "twice"},
		{"reason", "because", "because"},
	} {
		if _, err := parseExpectations([]byte(strings.Replace(good, tc.old, tc.new, 1))); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q for %q: %v", tc.new, tc.old, err)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		is, expected result
		want         verdict
	}{
		{passed, "", asPassed},
		{passed, review, asFailed}, // stale
		{review, review, asExpected},
		{review, "", asFailed},
		{warning, review, asFailed},
		{skipped, "", asFailed},
		{failed, "", asFailed},
		{failed, warning, asFailed},
		{interrupted, "", asFailed},
		{timeout, "", asFailed},
		{notRun, "", asNotRun},
		{notRun, review, asNotRun},
	} {
		var e *expectation
		if tc.expected != "" {
			e = &expectation{Result: tc.expected}
		}
		if got := judge(outcome{result: tc.is}, e); got != tc.want {
			t.Errorf("%s where %q is expected: %s", tc.is, tc.expected, got)
		}
	}
}

func TestResultOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status, text string
		want         result
	}{
		{"FINISHED", "PASSED", passed}, {"FINISHED", "SKIPPED", skipped}, {"INTERRUPTED", "FAILED", interrupted}, {"INTERRUPTED", "", interrupted},
	} {
		if got, err := resultOf(tc.status, tc.text); got != tc.want || err != nil {
			t.Errorf("%s %s: %s, %v", tc.status, tc.text, got, err)
		}
	}
	for _, text := range []string{"", "UNKNOWN", "TIMEOUT", "NOT RUN"} {
		if got, err := resultOf("FINISHED", text); err == nil {
			t.Errorf("%q: %s", text, got)
		}
	}
}
