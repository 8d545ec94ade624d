package httpapi

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"sort"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

func (s *Server) health(c *call) (any, error) {
	if err := s.store.Ping(c.ctx()); err != nil {
		return nil, err
	}
	return plainText("OK"), nil
}

// features names what info tells of. A feature is there where its operation
// is built.
var features = []struct{ name, path string }{
	{"PUSHED_AUTHORIZATION_REQUESTS", "pushed_auth_req"},
	{"INTROSPECTION", "auth/introspection"},
	{"REVOCATION", "auth/revocation"},
	{"USERINFO", "auth/userinfo"},
	{"DYNAMIC_CLIENT_REGISTRATION", "client/registration"},
	{"TOKEN_MANAGEMENT", "auth/token/create"},
	{"TOKEN_BATCH", "auth/token/create/batch"},
	{"CIBA", "backchannel/authentication"},
	{"BACKCHANNEL_LOGOUT", "backchannel/logout/token"},
	{"DEVICE_FLOW", "device/authorization"},
	{"GRANT_MANAGEMENT", "gm"},
	{"NATIVE_SSO", "nativesso"},
	{"ATTESTATION_BASED_CLIENT_AUTHENTICATION", "attestation/challenge"},
	{"OPENID_FEDERATION", "federation/configuration"},
	{"VERIFIABLE_CREDENTIALS", "vci/metadata"},
	{"HARDWARE_KEYS", "hsk/create"},
}

func (s *Server) info(*call) (any, error) {
	out := wire.InfoResponse{Version: s.version, Features: []string{}}
	for _, f := range features {
		if r := s.router.exact[f.path][http.MethodPost]; r != nil && r.handler != nil {
			out.Features = append(out.Features, f.name)
		}
	}
	return out, nil
}

// echo answers the query as a document of texts; of a repeated parameter the
// first value counts.
func echo(c *call) (any, error) {
	out := map[string]string{}
	for name, values := range c.r.URL.Query() {
		out[name] = values[0]
	}
	return out, nil
}

// page is a body that a browser shows.
type page []byte

var redirectionPage = template.Must(template.New("redirection").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Authorization response</title></head>
<body><h1>Authorization response</h1>
{{with .}}<table>{{range .}}<tr><th scope="row">{{.Name}}</th><td><code>{{.Value}}</code></td></tr>
{{end}}</table>{{else}}<p>There are no parameters here. If the response is in the fragment, the address shows it.</p>{{end}}
</body></html>
`))

// mockRedirection shows an authorization response, be it in the query or in a
// form. It stands in for a client's redirect URI while one tries things.
func mockRedirection(c *call) (any, error) {
	values := c.r.URL.Query()
	if c.body.form {
		posted, err := url.ParseQuery(string(c.body.data))
		if err != nil {
			return nil, malformed("it is not a form")
		}
		values = posted
	}
	type parameter struct{ Name, Value string }
	var list []parameter
	for name, all := range values {
		for _, v := range all {
			list = append(list, parameter{name, v})
		}
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Name < list[j].Name || list[i].Name == list[j].Name && list[i].Value < list[j].Value
	})
	var b bytes.Buffer
	if err := redirectionPage.Execute(&b, list); err != nil {
		return nil, &op.CallError{Status: http.StatusInternalServerError, Code: "A001101", Text: "the page could not be written"}
	}
	return page(b.Bytes()), nil
}
