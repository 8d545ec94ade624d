package enginetest

import (
	"slices"
	"testing"
)

// TestVerdict: tests are worth what their reading of answers is.
func TestVerdict(t *testing.T) {
	t.Parallel()
	explained := Doc{"rule": "some.rule"}
	for _, x := range []struct {
		action, content string
		explained       bool
		want            Verdict
	}{
		{"OK", `Bearer error="invalid_request"`, false, Verdict{Action: "OK"}},
		{"BAD_REQUEST", `{"error":"invalid_request"}`, true, Verdict{"BAD_REQUEST", "some.rule", "invalid_request"}},
		{"LOCATION", "https://c.example/cb?a=b&error=invalid_scope&state=s", true, Verdict{"LOCATION", "some.rule", "invalid_scope"}},
		{"LOCATION", "https://c.example/cb#error=invalid_scope", true, Verdict{"LOCATION", "some.rule", "invalid_scope"}},
		{"UNAUTHORIZED", `DPoP error="invalid_token", error_description="d", algs="ES256"`, true, Verdict{"UNAUTHORIZED", "some.rule", "invalid_token"}},
	} {
		d := Doc{"action": x.action, "responseContent": x.content}
		if x.explained {
			d["explanation"] = explained
		}
		got := (&Answer{Doc: d}).Verdict()
		if got != x.want || got.Succeeded() != !x.explained {
			t.Errorf("%s %s: %+v", x.action, x.content, got)
		}
	}
	if slices.ContainsFunc([]Verdict{{Action: "LOCATION"}, {Action: "OK", Rule: "r"}, {}}, Verdict.Succeeded) {
		t.Error("a refusal counts as a success")
	}
}
