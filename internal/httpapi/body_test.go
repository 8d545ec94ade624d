package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// decodeAs decodes a body as a document.
func decodeAs[T any](data []byte, form bool) (*T, error) {
	in := new(T)
	b := body{data: data, form: form}
	return in, b.decode(in, shapeOf[T]())
}

// TestDecode: what is a document, and what is none.
func TestDecode(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		text string
		form bool
		want string // parameters, "-" for no document
	}{
		{``, false, "none"},
		{"\r\n ", false, "none"},
		{`{}`, false, "none"},
		{`null`, false, "none"},
		{`{"parameters":null}`, false, "none"},
		{`{"parameters":""}`, false, ""},
		{`{"parameters":"a=b"}`, false, "a=b"},
		{`{"parameters":"a=b"}` + "\n\n", false, "a=b"},
		{`{"parameters":"a","parameters":"b"}`, false, "b"},
		{`{"unknown":{"deep":[1,2]},"parameters":"a"}`, false, "a"},
		{`{"parameters":"\u0061"}`, false, "a"},
		{`{"parameters":"a"}{}`, false, "-"},
		{`{"parameters":"a"}x`, false, "-"},
		{`{"parameters":"a"`, false, "-"},
		{`{"parameters":7}`, false, "-"},
		{`{"accessTokenDuration":"7"}`, false, "-"},
		{`{"accessTokenDuration":1.5}`, false, "-"},
		{`{"accessTokenDuration":99999999999999999999}`, false, "-"},
		{`[]`, false, "-"},
		{`"parameters"`, false, "-"},
		{"{\"parameters\":\"\xff\"}", false, "-"},
		{"{\"parameters\":\"\xc0\xaf\"}", false, "-"},
		{"\xef\xbb\xbf{}", false, "-"}, // a byte order mark
		{strings.Repeat(`{"a":`, 20000), false, "-"},
		{`parameters=a%3Db&accessTokenDuration=7`, true, "a=b"},
		{`parameters=a&parameters=b`, true, "b"},
		{`dpopNonceRequired=tRuE&parameters=a`, true, "a"},
		{`dpopNonceRequired=&parameters=a`, true, "a"},
		{`accessTokenDuration=&unknown=x`, true, "none"},
		{`parameters=`, true, ""},
		{`accessTokenDuration=x`, true, "-"},
		{`dpopNonceRequired=perhaps`, true, "-"},
		{`parameters=%zz`, true, "-"},
		{`parameters=%ff`, true, "-"},
	} {
		in, err := decodeAs[wire.TokenRequest]([]byte(x.text), x.form)
		got := "none"
		if in.Parameters != nil {
			got = *in.Parameters
		}
		var refused *op.CallError
		switch {
		case x.want == "-" && (!errors.As(err, &refused) || refused.Status != http.StatusBadRequest):
			t.Errorf("%.60q: %v", x.text, err)
		case x.want != "-" && (err != nil || got != x.want):
			t.Errorf("%.60q: %q %v", x.text, got, err)
		}
	}
}

// TestReadBody: sizes and types.
func TestReadBody(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		method, contentType string
		size                int
		unannounced         bool
		status              int // 0: read
	}{
		{"POST", "", 10, false, 0},
		{"POST", "application/json", 10, false, 0},
		{"POST", "application/json; charset=UTF-8", 10, false, 0},
		{"POST", "Application/JSON;charset=utf-8", 10, false, 0},
		{"POST", "application/x-www-form-urlencoded", 10, false, 0},
		{"POST", "application/json; charset=iso-8859-1", 10, false, http.StatusUnsupportedMediaType},
		{"POST", "text/plain", 10, false, http.StatusUnsupportedMediaType},
		{"POST", "multipart/form-data; boundary=x", 10, false, http.StatusUnsupportedMediaType},
		{"POST", "nonsense;;", 10, false, http.StatusUnsupportedMediaType},
		{"GET", "text/plain", 0, false, 0},
		{"POST", "", 100, false, 0},
		{"POST", "", 101, false, http.StatusRequestEntityTooLarge},
		{"POST", "", 101, true, http.StatusRequestEntityTooLarge},
		{"POST", "", 100, true, 0},
	} {
		r := httptest.NewRequest(x.method, "/", strings.NewReader(strings.Repeat(" ", x.size)))
		if x.contentType != "" {
			r.Header.Set("Content-Type", x.contentType)
		}
		if x.unannounced {
			r.ContentLength = -1
		}
		b, err := readBody(httptest.NewRecorder(), r, 100)
		var refused *op.CallError
		switch {
		case x.status == 0 && (err != nil || len(b.data) != x.size || b.form != strings.Contains(x.contentType, "form-urlencoded")):
			t.Errorf("%+v: %v", x, err)
		case x.status != 0 && (!errors.As(err, &refused) || refused.Status != x.status):
			t.Errorf("%+v: %v", x, err)
		}
	}
}

// FuzzDecode: whatever is sent as a document, nothing panics; what is none is
// the caller's fault; and what is taken, written and read again says the
// same.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `null`, `[]`, `{"parameters":"a=b","properties":[{"key":"k","value":"v","hidden":true}]}`, `{"accessTokenDuration":1e3}`,
		`{"supportedScopes":[{"name":"openid","defaultEntry":true,"attributes":[{"key":"k","value":"v"}]}],"fapiModes":["FAPI2_SECURITY"]}`,
		`{"clientType":"PUBLIC","redirectUris":["https://c.example/cb"],"grantTypes":[""],"extension":{"accessTokenDuration":7}}`,
		`{"authorizationDetails":{"elements":[{"type":"t","otherFields":"{}"}]}}`, `{"clientType":"UNKNOWN"}`, "{\"a\":\"\xff\"}", `{} {}`,
		`{"serviceName":"\ud800"}`, `{"supportedGrantTypes":[null]}`, `{"attributes":[null]}`,
	} {
		f.Add([]byte(seed), false)
	}
	for _, seed := range []string{``, `parameters=a%3Db&accessTokenDuration=7&scopes=a+b`, `redirectUris=a+b&clientType=PUBLIC`, `=`, `&&`, `parRequired=true`, `serviceName=%ff`} {
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, form bool) {
		again[wire.Service](t, data, form)
		again[wire.Client](t, data, form)
		again[wire.TokenRequest](t, data, form)
		again[wire.AuthorizationIssueRequest](t, data, form)
	})
}

func again[T any](t *testing.T, data []byte, form bool) {
	one, err := decodeAs[T](data, form)
	if err != nil {
		var refused *op.CallError
		if !errors.As(err, &refused) || refused.Status != http.StatusBadRequest || strings.Contains(refused.Text, "wire.") {
			t.Fatalf("%q: %v", data, err)
		}
		return
	}
	text, err := json.Marshal(one)
	if err != nil {
		t.Fatalf("%q cannot be written: %v", data, err)
	}
	two, err := decodeAs[T](text, false)
	if err != nil {
		t.Fatalf("%q is written as %q, which is not taken: %v", data, text, err)
	}
	if back, err := json.Marshal(two); err != nil || string(back) != string(text) {
		t.Errorf("%q is written as %q, and that as %q", data, text, back)
	}
}

// TestNoObject: what is no object is called so.
func TestNoObject(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`[]`: "it is no JSON object", `7`: "it is no JSON object", `{"parameters":7}`: "'parameters' has the wrong type",
	} {
		if _, err := decodeAs[wire.TokenRequest]([]byte(text), false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
