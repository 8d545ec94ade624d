package front

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/symbolon-auth/symbolon/internal/front/theme"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// TestPagesSpeak: the client's wish counts before the browser's.
func TestPagesSpeak(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	login := func(parameters, accept string) (string, string) {
		w.engine.answer(opAuthorization, asksFor())
		resp := w.get(issuer + "/authorize?" + request)
		r := httptest.NewRequest(http.MethodGet, resp.Header.Get("Location"), nil)
		r.Header.Set("Accept-Language", accept)
		resp = w.do(r)
		return text(t, resp), resp.Header.Get("Content-Language")
	}
	for accept, title := range map[string]string{"ja": "<h1>ログイン</h1>", "en": "<h1>Sign in</h1>"} {
		page, lang := login("", accept)
		if !strings.Contains(page, title) || !strings.Contains(page, `<html lang="`+accept+`">`) || lang != accept {
			t.Errorf("%s: %s\n%s", accept, lang, page)
		}
	}
}

func TestTheme(t *testing.T) {
	t.Parallel()
	w := newFlow(t, asksFor())
	var err error
	w.front.theme, err = theme.Load(fstest.MapFS{
		"front.css":   file("body { color: red }"),
		"words.yaml":  file("de:\n  signIn: Anmelden\nen:\n  loginId: E-mail\n"),
		"layout.html": file(`{{define "head"}}<!DOCTYPE html><html lang="{{.Lang}}"><title>Our bank</title>{{end}}{{define "foot"}}<p>Our bank, est. 1870</p></html>{{end}}`),
		".DS_Store":   file("x"),
	}, trials)
	if err != nil {
		t.Fatal(err)
	}
	page, at := w.begin()
	for _, want := range []string{"Our bank, est. 1870", "E-mail", "Sign in"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if css := text(t, w.get("/assets/front.css")); css != "body { color: red }" {
		t.Errorf("stylesheet %q", css)
	}
	r := httptest.NewRequest(http.MethodGet, at, nil)
	r.Header.Set("Accept-Language", "de")
	if page := text(t, w.do(r)); !strings.Contains(page, "<h1>Anmelden</h1>") || !strings.Contains(page, `lang="de"`) || !strings.Contains(page, "Password") {
		t.Errorf("German:\n%s", page)
	}
}

// TestOwnFilesAsTheme: each of our files is a theme, alone and together.
func TestOwnFilesAsTheme(t *testing.T) {
	t.Parallel()
	own := os.DirFS("theme/pages")
	if _, err := theme.Load(own, trials); err != nil {
		t.Error(err)
	}
	entries, err := fs.ReadDir(own, ".")
	if err != nil || len(entries) < 6 {
		t.Fatal(entries, err)
	}
	for _, e := range entries {
		text, err := fs.ReadFile(own, e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := theme.Load(fstest.MapFS{e.Name(): file(string(text))}, trials); err != nil {
			t.Errorf("%s: %v", e.Name(), err)
		}
	}
}

// TestBrokenThemes: a theme that would lock people out does not start.
func TestBrokenThemes(t *testing.T) {
	t.Parallel()
	for name, folder := range map[string]fstest.MapFS{
		"a file that is none":      {"logo.png": file("x")},
		"a syntax error":           {"login.html": file("{{")},
		"a member there is not":    {"login.html": file(`{{.Password}}`)},
		"a login without csrf":     {"login.html": file(`<form method="post"><input name="loginId"><input name="password"><button name="authorized"><button name="denied"></form>`)},
		"a consent without deny":   {"consent.html": file(`<form method="post"><input name="csrf"><input name="session"><button name="authorized"></form>`)},
		"a consent without scopes": {"consent.html": file(`<form method="post">{{.In.ClientName}}<input name="csrf"><input name="session"><button name="authorized"><button name="denied"></form>`)},
		"a text without its value": {"words.yaml": file("en: {signIn.asks: Sign in}")},
		"a part of the layout":     {"head": file("x")},
		"no incident":              {"message.html": file(`<p>Sorry.</p>`)},
		"no texts":                 {"words.yaml": file("[]")},
		"a text there is not":      {"words.yaml": file("en: {signin: Hello}")},
		"a language there is not":  {"words.yaml": file("'no such': {signIn: Hello}")},
		"a folder":                 {"login.html/x": file("x")},
		"a file too long":          {"front.css": file(strings.Repeat(" ", 1<<20+1))},
	} {
		if _, err := theme.Load(folder, trials); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
