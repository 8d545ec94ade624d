package theme

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
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

// Theme is a set of pages.
type Theme struct {
	Stylesheet []byte
	Words      *Words
	templates  *template.Template
}

// Trial is a page that every theme must be able to make, and what a page
// cannot do without, whoever made it.
type Trial struct {
	Template string
	Data     any
	Needed   []string
}

// Execute makes a page.
func (t *Theme) Execute(w io.Writer, name string, data any) error {
	return t.templates.ExecuteTemplate(w, name, data)
}

// Load reads the pages and lays the files of a folder over them:
// templates, the stylesheet and texts. A nil folder has none. What is wrong
// with a theme is found here and not by a user.
func Load(folder fs.FS, trials func(*Words) []Trial) (*Theme, error) {
	own, err := fs.Sub(files, "pages")
	if err != nil {
		return nil, err
	}
	t := &Theme{}
	if t.templates, err = template.New("theme").ParseFS(own, "*.html"); err != nil {
		return nil, err
	}
	if t.Stylesheet, err = fs.ReadFile(own, stylesheetFile); err != nil {
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
	if t.Words, err = newWords(catalogue, more); err != nil {
		return nil, fmt.Errorf("%s: %w", wordsFile, err)
	}
	return t, t.try(trials(t.Words))
}

// overlay takes the files of a theme and returns its texts.
func (t *Theme) overlay(folder fs.FS) (texts []byte, err error) {
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
			t.Stylesheet = text
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

func (t *Theme) names() string {
	var names []string
	for _, f := range t.templates.Templates() {
		if strings.HasSuffix(f.Name(), ".html") {
			names = append(names, f.Name())
		}
	}
	return strings.Join(names, ", ")
}

// try makes every page once.
func (t *Theme) try(trials []Trial) error {
	var wrong []error
	for _, p := range trials {
		var out bytes.Buffer
		if err := t.Execute(&out, p.Template, p.Data); err != nil {
			wrong = append(wrong, err)
			continue
		}
		for _, part := range p.Needed {
			if !strings.Contains(out.String(), part) {
				wrong = append(wrong, fmt.Errorf("%s has no %s", p.Template, part))
			}
		}
	}
	return errors.Join(wrong...)
}
