package front

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"strings"
)

//go:embed pages
var files embed.FS

const (
	stylesheetFile = "front.css"
	wordsFile      = "words.yaml"
	maxThemeFile   = 1 << 20
)

// theme is how the pages look and what they say.
type theme struct {
	templates  *template.Template
	stylesheet []byte
	words      *words
}

// loadTheme reads the pages and lays the files of a folder over them:
// templates, the stylesheet and texts. A nil folder has none. What is wrong
// with a theme is found here and not by a user.
func loadTheme(folder fs.FS) (*theme, error) {
	own, err := fs.Sub(files, "pages")
	if err != nil {
		return nil, err
	}
	t := &theme{}
	if t.templates, err = template.New("theme").ParseFS(own, "*.html"); err != nil {
		return nil, err
	}
	if t.stylesheet, err = fs.ReadFile(own, stylesheetFile); err != nil {
		return nil, err
	}
	catalogue, err := fs.ReadFile(own, wordsFile)
	if err != nil {
		return nil, err
	}
	var more []byte
	if folder != nil {
		if more, err = t.overlay(folder); err != nil {
			return nil, err
		}
	}
	if t.words, err = newWords(catalogue, more); err != nil {
		return nil, fmt.Errorf("%s: %w", wordsFile, err)
	}
	return t, t.try()
}

// overlay takes the files of a theme and returns its texts.
func (t *theme) overlay(folder fs.FS) (texts []byte, err error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		if name != stylesheetFile && name != wordsFile && (!strings.HasSuffix(name, ".html") || t.templates.Lookup(name) == nil) {
			return nil, fmt.Errorf("%s is no file of a theme; those are %s, %s and %s", name, t.names(), stylesheetFile, wordsFile)
		}
		text, err := readThemeFile(folder, name)
		if err != nil {
			return nil, err
		}
		switch name {
		case stylesheetFile:
			t.stylesheet = text
		case wordsFile:
			texts = text
		default:
			if _, err := t.templates.New(name).Parse(string(text)); err != nil {
				return nil, err
			}
		}
	}
	return texts, nil
}

func readThemeFile(folder fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(folder, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxThemeFile {
		return nil, fmt.Errorf("%s is no file of at most 1 MiB", name)
	}
	return fs.ReadFile(folder, name)
}

func (t *theme) names() string {
	var names []string
	for _, f := range t.templates.Templates() {
		if strings.HasSuffix(f.Name(), ".html") {
			names = append(names, f.Name())
		}
	}
	return strings.Join(names, ", ")
}

// needed is what a page cannot do without, whoever made it.
var needed = map[string][]string{
	loginTemplate:   {`method="post"`, `name="csrf"`, `name="loginId"`, `name="password"`, `name="authorized"`, `name="denied"`, "client-of-the-trial"},
	consentTemplate: {`method="post"`, `name="csrf"`, `name="session"`, `name="authorized"`, `name="denied"`, "client-of-the-trial", "scope-of-the-trial", "claim-of-the-trial"},
	messageTemplate: {"incident-of-the-trial"},
}

// try makes every page once.
func (t *theme) try() error {
	in := &interaction{ClientName: "client-of-the-trial", Service: "service", Scopes: []scope{{Name: "openid"}, {Name: "scope-of-the-trial"}}, Claims: []string{"claim-of-the-trial"}, Wrong: true, id: "id", CSRF: "x"}
	var wrong []error
	for _, p := range []*page{
		loginPage(in),
		consentPage(in, &viewer{name: "user", tag: "tag"}, nil),
		consentPage(in, &viewer{name: "user", tag: "tag"}, []string{"openid"}),
		refusedPage("incident-of-the-trial", "error", "detail"),
	} {
		p.Lang, p.words = fallbackLanguage, t.words
		var out bytes.Buffer
		if err := t.templates.ExecuteTemplate(&out, p.template, p); err != nil {
			wrong = append(wrong, err)
			continue
		}
		for _, part := range needed[p.template] {
			if !strings.Contains(out.String(), part) {
				wrong = append(wrong, fmt.Errorf("%s has no %s", p.template, part))
			}
		}
	}
	return errors.Join(wrong...)
}
