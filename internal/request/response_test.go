package request

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// nasty is what a client may have as state.
const nasty = `"><script>alert(1)</script>' & = + % # ? é </form>` + "\u2028\x7f\t{{.}}"

func TestResponseQueryAndFragment(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		mode wire.ResponseMode
		uri  string
		want string
	}{
		{wire.ResponseModeQuery, "https://c.example/cb", "https://c.example/cb?code=c&state="},
		{wire.ResponseModeQuery, "https://c.example/cb?a=b", "https://c.example/cb?a=b&code=c&state="},
		{wire.ResponseModeQuery, "com.example.app:/cb", "com.example.app:/cb?code=c&state="},
		{wire.ResponseModeFragment, "https://c.example/cb", "https://c.example/cb#code=c&state="},
		{wire.ResponseModeFragment, "https://c.example/cb?a=b", "https://c.example/cb?a=b#code=c&state="},
	} {
		r := Response{Mode: x.mode, RedirectURI: x.uri}
		r.Add("code", "c")
		r.Add("state", nasty)
		r.Add("iss", "")
		got := r.Content()
		if !strings.HasPrefix(got, x.want) || strings.Contains(got, "iss") || strings.ContainsAny(got, " \"<>'\t\u2028\x7f") {
			t.Errorf("%s %s: %s", x.mode, x.uri, got)
		}
		if strings.Count(got, "#") > 1 || strings.Count(got, "?") > 1 || r.Form() {
			t.Errorf("%s %s: %s", x.mode, x.uri, got)
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatal(err)
		}
		v := u.Query()
		if x.mode == wire.ResponseModeFragment {
			if v, err = url.ParseQuery(u.EscapedFragment()); err != nil {
				t.Fatal(err)
			}
		}
		if v.Get("state") != nasty || v.Get("code") != "c" {
			t.Errorf("%s %s: %v", x.mode, x.uri, v)
		}
	}
}

var (
	inputs = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
	action = regexp.MustCompile(`<form method="post" action="([^"]*)">`)
)

// TestResponseFormPost: the page posts to the redirect URI what was added,
// whatever it is, and holds one script.
func TestResponseFormPost(t *testing.T) {
	t.Parallel()
	for _, uri := range []string{"https://c.example/cb?a=b&amp;c=d", `https://c.example/"><script>`, "com.example.app:/cb", "https://c.example/it's"} {
		r := Response{Mode: wire.ResponseModeFormPost, RedirectURI: uri}
		r.Add("code", "c")
		r.Add("state", nasty)
		r.Add(nasty, "v")
		page := r.Content()
		if !r.Form() {
			t.Error("a page is no form")
		}
		if m := action.FindStringSubmatch(page); m == nil || html.UnescapeString(m[1]) != uri {
			t.Errorf("%s: posts to %v", uri, m)
		}
		got := map[string]string{}
		for _, m := range inputs.FindAllStringSubmatch(page, -1) {
			got[html.UnescapeString(m[1])] = html.UnescapeString(m[2])
		}
		if len(got) != 3 || got["code"] != "c" || got["state"] != nasty || got[nasty] != "v" {
			t.Errorf("posts %q", got)
		}
		if strings.Count(page, "<script>") != 1 || !strings.Contains(page, "<script>"+FormScript+"</script>") || strings.Count(page, "<form") != 1 || strings.Count(page, "</form>") != 1 {
			t.Errorf("the page was broken out of:\n%s", page)
		}
	}
}
