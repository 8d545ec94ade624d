package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/symbolon-auth/symbolon/internal/op"
)

// Limits of bodies. Documents of services and clients hold keys and lists.
const (
	maxBody     = 1 << 20
	maxDocument = 4 << 20
)

// body is what a call sent, read and classified but not parsed.
type body struct {
	data []byte
	form bool
}

// readBody reads the body within its limit and looks at its type: JSON, also
// where nothing is said, or a form.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) (*body, error) {
	b := &body{}
	if t := r.Header.Get("Content-Type"); t != "" && r.Method != http.MethodGet && r.Method != http.MethodDelete {
		media, params, err := mime.ParseMediaType(t)
		if cs := strings.ToLower(params["charset"]); err != nil || cs != "" && cs != "utf-8" {
			return nil, unsupported(t)
		}
		switch media {
		case "application/json":
		case "application/x-www-form-urlencoded":
			b.form = true
		default:
			return nil, unsupported(t)
		}
	}
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	var err error
	b.data, err = io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, tooLarge(limit)
	case err != nil:
		return nil, &op.CallError{Status: http.StatusBadRequest, Code: "A990203", Text: "the body ended too early"}
	}
	return b, nil
}

func unsupported(t string) error {
	return &op.CallError{Status: http.StatusUnsupportedMediaType, Code: "A901203", Text: fmt.Sprintf("the content type %q is not supported", t)}
}

func tooLarge(limit int64) error {
	return &op.CallError{Status: http.StatusRequestEntityTooLarge, Code: "A901204", Text: fmt.Sprintf("the body is larger than %d bytes", limit)}
}

func malformed(why string) error {
	return &op.CallError{Status: http.StatusBadRequest, Code: "A126202", Text: "the body is malformed: " + why}
}

// demandObject refuses what is no JSON object.
func (b *body) demandObject() error {
	if b.form {
		return unsupported("application/x-www-form-urlencoded")
	}
	if !bytes.HasPrefix(bytes.TrimSpace(b.data), []byte("{")) {
		return &op.CallError{Status: http.StatusBadRequest, Code: "A126203", Text: "the body is not a JSON object"}
	}
	return nil
}

// decode parses the body into a document. An empty body is an empty document.
func (b *body) decode(into any, shape shape) error {
	if b.form {
		text, err := shape.fromForm(b.data)
		if err != nil {
			return err
		}
		b.data = text
	}
	if len(bytes.TrimSpace(b.data)) == 0 {
		return nil
	}
	if !utf8.Valid(b.data) {
		return malformed("it is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(b.data))
	if err := d.Decode(into); err != nil {
		return malformed(reason(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed("there is something behind the document")
	}
	return nil
}

// reason words a decoder's complaint without the names of our types.
func reason(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) && wrong.Field == "" {
		return "it is no JSON object"
	}
	if wrong != nil {
		return fmt.Sprintf("'%s' has the wrong type", wrong.Field)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// shape says which members of a document a form can hold, by their kind. It
// is made once per route.
type shape map[string]reflect.Kind

func shapeOf[T any]() shape {
	s := shape{}
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct {
		return s
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		k := f.Type.Kind()
		if k == reflect.Pointer && f.Type.Elem().Kind() != reflect.Struct {
			k = f.Type.Elem().Kind()
		}
		switch {
		case name == "" || name == "-":
		case k == reflect.Slice && f.Type.Elem().Kind() == reflect.String:
			s[name] = reflect.Slice
		case k == reflect.String, k == reflect.Bool, k == reflect.Int, k == reflect.Int64:
			s[name] = k
		}
	}
	return s
}

// fromForm writes a form as the JSON document that it stands for. Lists are
// separated by spaces. Unknown members are ignored, as in JSON.
func (s shape) fromForm(data []byte) ([]byte, error) {
	values, err := url.ParseQuery(string(data))
	if err != nil {
		return nil, malformed("it is not a form")
	}
	doc := make(map[string]any, len(values))
	for name, list := range values {
		v := list[len(list)-1]
		k := s[name]
		if !utf8.ValidString(v) { // the JSON would replace what it cannot hold
			return nil, malformed("it is not UTF-8")
		}
		if v == "" && k != reflect.String && k != reflect.Slice { // absent
			continue
		}
		switch k {
		case reflect.String:
			doc[name] = v
		case reflect.Bool:
			if doc[name], err = strconv.ParseBool(strings.ToLower(v)); err != nil {
				return nil, malformed("'" + name + "' is neither true nor false")
			}
		case reflect.Int, reflect.Int64:
			if doc[name], err = strconv.ParseInt(v, 10, 64); err != nil {
				return nil, malformed("'" + name + "' is not a number")
			}
		case reflect.Slice:
			doc[name] = strings.Fields(v)
		}
	}
	return json.Marshal(doc)
}

// flag reads a boolean of the query, whatever its case.
func (c *call) flag(name string) (bool, error) {
	v := c.r.URL.Query().Get(name)
	if v == "" {
		return false, nil
	}
	b, err := strconv.ParseBool(strings.ToLower(v))
	if err != nil {
		return false, op.Invalid(name, "is neither true nor false")
	}
	return b, nil
}

// number reads a number of the query.
func (c *call) number(name string, otherwise int) (int, error) {
	v := c.r.URL.Query().Get(name)
	if v == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 0 || n > 1<<31-1 {
		return 0, op.Invalid(name, "is not a number from 0 to 2147483647")
	}
	return n, nil
}
