package front

import (
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

func TestClaimsInWords(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor(func(o *wire.AuthorizationResponse) {
		o.Claims = []string{"given_name", "phone_number#ja", "account<b>"}
	}))
	page, at := w.begin()
	page, _ = w.logIn(page, at, "john", "secret")
	for _, want := range []string{"<li>Given name</li>", "<li>Telephone number</li>", "<li><code>account&lt;b&gt;</code></li>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the consent page lacks %s:\n%s", want, page)
		}
	}
}

// The error is read out with the field that has the focus.
func TestFocusAfterWrongPassword(t *testing.T) {
	t.Parallel()
	for hint, want := range map[string]string{"": `name="loginId"`, "john": `name="password"`} {
		w := newFlow(t, asksFor(func(o *wire.AuthorizationResponse) { o.LoginHint = hint }))
		page, at := w.begin()
		if strings.Contains(page, "autofocus") || strings.Contains(page, "aria-invalid") {
			t.Errorf("before anything was wrong:\n%s", page)
		}
		page, _ = w.logIn(page, at, "john", "wrong")
		focused := 0
		for line := range strings.Lines(page) {
			if strings.Contains(line, "autofocus") {
				focused++
				if !strings.Contains(line, want) || !strings.Contains(line, `aria-describedby="login-error"`) {
					t.Errorf("hint %q: %s has the focus, not %s", hint, line, want)
				}
			}
		}
		if focused != 1 {
			t.Errorf("hint %q: %d fields have the focus:\n%s", hint, focused, page)
		}
	}
}
