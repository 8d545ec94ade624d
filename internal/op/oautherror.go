package op

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// errorPage is where error_uri points: the generated list of result codes.
const errorPage = "https://github.com/symbolon-auth/symbolon/blob/main/docs/result-codes.md#"

// OAuthError is an error as an OAuth client sees it.
type OAuthError struct {
	Code        oauth.ErrorCode `json:"error"`
	Description string          `json:"error_description,omitempty"`
	URI         string          `json:"error_uri,omitempty"`
}

// OAuthError reduces a fault to what the OAuth client may see, under the
// service's switches.
func (c *Call) OAuthError(f *rule.Fault) OAuthError {
	return c.NewOAuthError(f.Code, f.Result, f.Description)
}

// NewOAuthError makes an error for an OAuth client.
func (c *Call) NewOAuthError(code oauth.ErrorCode, result, description string) OAuthError {
	e := OAuthError{Code: code}
	if !c.Service.Doc.ErrorDescriptionOmitted {
		e.Description = "[" + result + "] " + description
	}
	if !c.Service.Doc.ErrorURIOmitted {
		e.URI = errorPage + strings.ToLower(result)
	}
	return e
}

// JSON returns the error as a response body.
func (e OAuthError) JSON() string {
	b, err := json.Marshal(e)
	if err != nil { // strings only
		panic(err)
	}
	return string(b)
}

// Challenge returns the error as the value of a WWW-Authenticate header
// (RFC6750-3). params are further attributes, in pairs.
func (e OAuthError) Challenge(scheme string, params ...string) string {
	var b strings.Builder
	b.WriteString(scheme)
	sep := " "
	attribute := func(name, value string) {
		if value == "" {
			return
		}
		fmt.Fprintf(&b, `%s%s="%s"`, sep, name, headerSafe(value))
		sep = ", "
	}
	attribute("error", string(e.Code))
	attribute("error_description", e.Description)
	attribute("error_uri", e.URI)
	for i := 0; i+1 < len(params); i += 2 {
		attribute(params[i], params[i+1])
	}
	return b.String()
}

// headerSafe keeps a value from leaving its quoted string.
func headerSafe(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, s)
}

// Explain says to the owner of the service why a request was refused.
func Explain(f *rule.Fault) *wire.Explanation {
	e := &wire.Explanation{Rule: f.ID, Detail: f.Detail}
	for _, r := range f.Refs {
		e.Clauses = append(e.Clauses, string(r))
	}
	for _, s := range f.By {
		e.DemandedBy = append(e.DemandedBy, s.String())
	}
	return e
}
