package registration

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
)

// Limits on what one registration may hold: it is kept for ever, and whoever
// sends it may be anybody.
const (
	maxBytes   = 32 << 10
	maxDepth   = 16
	maxMembers = 200
	maxList    = 100
	maxText    = 2048
)

// Body is the JSON of a request as it came: its members in their order, with
// values that nobody has looked into.
type Body struct {
	Members []Member
	Twice   string           // the first name that an object has twice
	Current *registry.Client // whose registration is replaced; nil for a new one
}

// Member is one member of a JSON object.
type Member struct {
	Name  string
	Value json.RawMessage
}

func (b *Body) get(name string) (json.RawMessage, bool) {
	for _, m := range b.Members {
		if m.Name == name {
			return m.Value, true
		}
	}
	return nil, false
}

func (b *Body) has(name string) bool { _, ok := b.get(name); return ok }

// text returns a member that is a text, or "".
func (b *Body) text(name string) string {
	raw, _ := b.get(name)
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// parse reads the JSON. Members that are null count as absent (RFC7592-2.2).
func parse(text string) (*Body, *rule.Fault) {
	if len(text) > maxBytes {
		return nil, bodySize.Fault(rule.No("The metadata is longer than %d bytes.", maxBytes))
	}
	wrong := func(why string) (*Body, *rule.Fault) {
		return nil, bodyWellFormed.Fault(rule.No("The request is not well-formed: %s.", why))
	}
	if !utf8.ValidString(text) {
		return wrong("it is not UTF-8")
	}
	b := &Body{}
	d := json.NewDecoder(strings.NewReader(text))
	if err := b.scan(d, 0); err != nil {
		if errors.Is(err, errDeep) {
			return wrong("it is nested too deeply")
		}
		return wrong("it is not JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return wrong("there is something behind the object")
	}
	d = json.NewDecoder(strings.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return wrong("it is not a JSON object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return wrong("it is not JSON")
		}
		m := Member{Name: name.(string)} // names are texts
		if err := d.Decode(&m.Value); err != nil {
			return wrong("it is not JSON")
		}
		if !bytes.Equal(m.Value, []byte("null")) {
			b.Members = append(b.Members, m)
		}
	}
	return b, nil
}

var errDeep = errors.New("nested too deeply")

// scan walks through one value and notes the first name that stands twice in
// one object: parsers differ in which of the two they take.
func (b *Body) scan(d *json.Decoder, depth int) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	opening, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	if depth == maxDepth {
		return errDeep
	}
	seen := map[string]bool{}
	for d.More() {
		if opening == '{' {
			t, err := d.Token()
			if err != nil {
				return err
			}
			name := t.(string) // names are texts
			if seen[name] && b.Twice == "" {
				b.Twice = name
			}
			seen[name] = true
		}
		if err := b.scan(d, depth+1); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// bodyRules judge the JSON before it is read.
var bodyRules = rule.Table[Body]{
	rule.Row("registration.unambiguous", "A935304", oauth.InvalidClientMetadata, checkUnambiguous, "RFC7591-3.1"),
	rule.Row("registration.limits", "A935305", oauth.InvalidClientMetadata, checkLimits, "RFC7591-3.2.2", "SYMBOLON-registration"),
	rule.Row("registration.update.client_id", "A214301", oauth.InvalidClientMetadata, checkClientID, "RFC7592-2.2"),
	rule.Row("registration.update.read_only", "A935306", oauth.InvalidClientMetadata, checkReadOnly, "RFC7592-2.2"),
	rule.Row("registration.update.client_secret", "A935307", oauth.InvalidClientMetadata, checkClientSecret, "RFC7592-2.2"),
	rule.Row("registration.software_statement", "A935308", oauth.InvalidSoftwareStatement, checkSoftwareStatement, "RFC7591-2.3", "RFC7591-3.2.2"),
}

func checkUnambiguous(b *Body) *rule.Fault {
	if b.Twice != "" {
		return rule.No("The member '%s' stands there twice.", rule.Printable(b.Twice))
	}
	return nil
}

func checkLimits(b *Body) *rule.Fault {
	if len(b.Members) > maxMembers {
		return rule.No("The metadata has more than %d members.", maxMembers)
	}
	for _, m := range b.Members {
		var text string
		var list []json.RawMessage
		switch m.Value[0] {
		case '"':
			_ = json.Unmarshal(m.Value, &text) // it was scanned
		case '[':
			_ = json.Unmarshal(m.Value, &list)
		}
		long := slices.ContainsFunc(list, func(entry json.RawMessage) bool { return len(entry) > maxText })
		if len(text) > maxText || len(list) > maxList || long {
			return rule.No("The member '%s' is too long.", rule.Printable(m.Name))
		}
	}
	return nil
}

func checkClientID(b *Body) *rule.Fault {
	if b.Current != nil && b.text("client_id") != op.ClientNumber(b.Current.ID) {
		return rule.No("client_id must be there and name the client.")
	}
	return nil
}

// readOnly are members of an answer that must not come back.
var readOnly = []string{"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"}

func checkReadOnly(b *Body) *rule.Fault {
	if i := slices.IndexFunc(readOnly, b.has); b.Current != nil && i >= 0 {
		return rule.No("%s must not be in an update.", readOnly[i])
	}
	return nil
}

// checkClientSecret: a client cannot choose its secret.
func checkClientSecret(b *Body) *rule.Fault {
	if b.Current != nil && b.has("client_secret") && !b.Current.SecretMatches(b.text("client_secret")) {
		return rule.No("client_secret is not the client's.")
	}
	return nil
}

func checkSoftwareStatement(b *Body) *rule.Fault {
	if b.has("software_statement") {
		return rule.No("Software statements are not supported.")
	}
	return nil
}
