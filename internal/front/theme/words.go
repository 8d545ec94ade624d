package theme

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// Words are the texts of the pages in all languages (pages/words.yaml).
type Words struct {
	texts   map[string]map[string]string // by language, then by name
	tags    []string                     // the languages; the first is the fallback
	matcher language.Matcher
}

// Fallback is the language of whoever asks for none that is there.
const Fallback = "en"

// newWords reads the catalogue and, over it, that of a theme, which may be
// empty.
func newWords(catalogue, theme []byte) (*Words, error) {
	w := &Words{}
	if err := yaml.Unmarshal(catalogue, &w.texts); err != nil {
		return nil, err
	}
	var over map[string]map[string]string
	if err := yaml.Unmarshal(theme, &over); err != nil {
		return nil, err
	}
	for tag, texts := range over {
		if _, err := language.Parse(tag); err != nil {
			return nil, fmt.Errorf("%q is no language: %w", tag, err)
		}
		for name, text := range texts {
			own, known := w.texts[Fallback][name]
			if !known {
				return nil, fmt.Errorf("there is no text %q", name)
			}
			for _, value := range []string{"{0}", "{1}"} {
				if strings.Contains(own, value) != strings.Contains(text, value) {
					return nil, fmt.Errorf("the text %q of %s must have %s as ours has it", name, tag, value)
				}
			}
		}
		if w.texts[tag] == nil {
			w.texts[tag] = map[string]string{}
		}
		maps.Copy(w.texts[tag], texts)
	}
	w.tags = slices.Sorted(maps.Keys(w.texts))
	slices.SortStableFunc(w.tags, func(a, b string) int { // the fallback comes first
		return strings.Compare(notFallback(a), notFallback(b))
	})
	parsed := make([]language.Tag, len(w.tags))
	for i, tag := range w.tags {
		parsed[i] = language.Make(tag)
	}
	w.matcher = language.NewMatcher(parsed)
	return w, nil
}

func notFallback(tag string) string {
	if tag == Fallback {
		return ""
	}
	return tag
}

// Choose returns the language for ui_locales (OIDCC-3.1.2.1) and, after it,
// the Accept-Language header of the browser.
func (w *Words) Choose(locales []string, accept string) string {
	const most = 20 // bounds the work that a request can ask for
	var wanted []language.Tag
	for _, l := range locales[:min(len(locales), most)] {
		if tag, err := language.Parse(l); err == nil {
			wanted = append(wanted, tag)
		}
	}
	if len(accept) <= 512 {
		if tags, _, err := language.ParseAcceptLanguage(accept); err == nil {
			wanted = append(wanted, tags...)
		}
	}
	_, i, _ := w.matcher.Match(wanted...)
	return w.tags[i]
}

// Text returns a text, in the fallback language where the language lacks it.
func (w *Words) Text(lang, name string) string {
	if text, ok := w.texts[lang][name]; ok {
		return text
	}
	return w.texts[Fallback][name]
}

// Say returns a text with values put in, in bold, as HTML.
func (w *Words) Say(lang, name string, values ...string) template.HTML {
	out := template.HTMLEscapeString(w.Text(lang, name))
	for i, v := range values {
		// A brace of a value must not be the place of the next one.
		v = strings.ReplaceAll(template.HTMLEscapeString(v), "{", "&#123;")
		out = strings.Replace(out, fmt.Sprintf("{%d}", i), "<strong>"+v+"</strong>", 1)
	}
	return template.HTML(out) //nolint:gosec // the text and every value are escaped
}
