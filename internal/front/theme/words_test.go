package theme

import (
	"strings"
	"testing"
)

func none(*Words) []Trial { return nil }

// TestCatalogueIsComplete: every language has every text, with the same
// values in it.
func TestCatalogueIsComplete(t *testing.T) {
	t.Parallel()
	th, err := Load(nil, none)
	if err != nil {
		t.Fatal(err)
	}
	if len(th.Words.tags) < 2 || th.Words.tags[0] != "en" {
		t.Fatalf("languages %v", th.Words.tags)
	}
	values := func(text string) int { return strings.Count(text, "{0}")*10 + strings.Count(text, "{1}") }
	for name, english := range th.Words.texts["en"] {
		for _, tag := range th.Words.tags {
			text, ok := th.Words.texts[tag][name]
			if !ok || text == "" || values(text) != values(english) {
				t.Errorf("%s of %s: %q", name, tag, text)
			}
		}
	}
	for _, tag := range th.Words.tags {
		if len(th.Words.texts[tag]) != len(th.Words.texts["en"]) {
			t.Errorf("%s has texts that English lacks", tag)
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	th, err := Load(nil, none)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		locales      []string
		accept, want string
	}{
		{nil, "", "en"},
		{nil, "ja", "ja"},
		{nil, "ja-JP,en;q=0.8", "ja"},
		{nil, "fr,de", "en"},
		{nil, "en-GB,ja;q=0.5", "en"},
		{nil, "ja;q=0.1,en;q=0.9", "en"},
		{[]string{"ja"}, "en", "ja"},
		{[]string{"fr", "ja-JP"}, "en", "ja"},
		{[]string{"en"}, "ja", "en"},
		{[]string{"not a language", "\x00"}, "ja", "ja"},
		{nil, strings.Repeat("ja,", 1000), "en"},
		{make([]string, 100), "ja", "ja"},
	} {
		if got := th.Words.Choose(x.locales, x.accept); got != x.want {
			t.Errorf("%v and %.20q: %s, want %s", x.locales, x.accept, got, x.want)
		}
	}
}

func TestSay(t *testing.T) {
	t.Parallel()
	w, err := newWords([]byte(`en: {x: "<{0}> & {1}"}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Say("en", "x", "{1}<b>", "{0}"); got != "&lt;<strong>&#123;1}&lt;b&gt;</strong>&gt; &amp; <strong>&#123;0}</strong>" {
		t.Error(got)
	}
}
