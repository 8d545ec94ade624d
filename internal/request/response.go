package request

import (
	"bytes"
	"html"
	"html/template"
	"net/url"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Param is one parameter of an authorization response.
type Param struct{ Name, Value string }

// Response is an authorization response on its way to the client.
type Response struct {
	Mode        wire.ResponseMode
	RedirectURI string
	Params      []Param
}

// Add appends a parameter unless it is empty.
func (r *Response) Add(name, value string) {
	if value != "" {
		r.Params = append(r.Params, Param{name, value})
	}
}

// Form reports whether the response is a page that posts itself; otherwise
// it is the address to redirect to.
func (r *Response) Form() bool { return r.Mode == wire.ResponseModeFormPost }

// Content returns the address to redirect to, or the page.
func (r *Response) Content() string {
	switch r.Mode {
	case wire.ResponseModeFormPost:
		return r.page()
	case wire.ResponseModeFragment:
		return r.RedirectURI + "#" + r.encode()
	default:
		// A query that the registered URI has stays as it is (RFC6749-3.1.2).
		sep := "?"
		if strings.Contains(r.RedirectURI, "?") {
			sep = "&"
		}
		return r.RedirectURI + sep + r.encode()
	}
}

func (r *Response) encode() string {
	var b strings.Builder
	for i, p := range r.Params {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.Name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(p.Value))
	}
	return b.String()
}

// FormScript is the script of the form_post page, to the byte, so that a
// front end can allow it by its hash.
const FormScript = "document.forms[0].submit()"

// formPage is the page of the form_post response mode (OAuth2-FP-2). It
// works without scripts too.
var formPage = template.Must(template.New("form_post").Parse(`<!DOCTYPE html>
<html><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width"><title>Continue</title></head>
<body><form method="post" {{.Action}}>
{{range .Params}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">
{{end}}<noscript><button type="submit">Continue</button></noscript>
</form><script>` + FormScript + `</script></body></html>
`))

func (r *Response) page() string {
	var b bytes.Buffer
	// The action was compared with a registered URI. It goes into the page
	// to the byte: the template would replace private-use schemes and
	// re-encode characters.
	action := template.HTMLAttr(`action="` + html.EscapeString(r.RedirectURI) + `"`) //nolint:gosec // escaped
	err := formPage.Execute(&b, map[string]any{"Action": action, "Params": r.Params})
	if err != nil { // writing to memory cannot fail
		panic(err)
	}
	return b.String()
}
