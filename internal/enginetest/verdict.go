package enginetest

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
)

// Verdict is what an answer says.
type Verdict struct {
	Action string
	Rule   string // that refused; "" for none
	Error  string // as the OAuth client sees it; "" for none
}

// Succeeded reports whether the OAuth client got what it wanted.
func (v Verdict) Succeeded() bool {
	switch v.Action {
	case "OK", "INTERACTION", "NO_INTERACTION", "CREATED", "UPDATED", "DELETED":
		return v.Rule == ""
	}
	return false
}

var challengeError = regexp.MustCompile(`^\w+ (?:.*, )?error="([^"]*)"`)

// Verdict reads an answer of any operation: the error is in a JSON body, a
// redirection or a challenge.
func (a *Answer) Verdict() Verdict {
	v := Verdict{Action: a.Text("action")}
	if e, ok := a.Doc["explanation"].(map[string]any); ok {
		v.Rule = Text(e, "rule")
	}
	if v.Succeeded() {
		return v // responseContent is a token response or a challenge kept ready
	}
	content := a.Text("responseContent")
	var body struct {
		Error string `json:"error"`
	}
	switch m := challengeError.FindStringSubmatch(content); {
	case strings.HasPrefix(content, "{"):
		if json.Unmarshal([]byte(content), &body) == nil {
			v.Error = body.Error
		}
	case v.Action == "LOCATION":
		if u, err := url.Parse(content); err == nil {
			f, _ := url.ParseQuery(u.Fragment)
			v.Error = u.Query().Get("error") + f.Get("error")
		}
	case m != nil:
		v.Error = m[1]
	}
	return v
}
