package wire

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fill sets every member of v, at any depth, to a value that is not zero.
func fill(t *testing.T, v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("s" + strings.Repeat("x", *n%7))
		if enum, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
			setName(t, enum)
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(*n))
	case reflect.Int64:
		v.SetInt(1<<52 + int64(*n)) // does not survive a detour over 32 bits or a float32
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), n)
		}
	default:
		t.Fatalf("a wire document has no %s", v.Type())
	}
}

// setName sets an enum to the first of these names that it has.
func setName(t *testing.T, enum encoding.TextUnmarshaler) {
	for _, name := range []string{
		"NONE", "AUTHORIZATION_CODE", "CODE", "QUERY", "ES256", "RSA_OAEP", "A128GCM", "DEF", "PUBLIC", "WEB", "FAPI",
		"FAPI2_SECURITY", "PAGE", "NORMAL", "POLL", "BASE20", "AUTOMATIC", "EMBEDDED", "STATIC_REGISTRATION", "CREATE",
		"ADMIN", "FACEBOOK", "standard", "JWT", "DENIED",
	} {
		if enum.UnmarshalText([]byte(name)) == nil {
			return
		}
	}
	t.Errorf("no name is known to %T", enum)
}

// TestUnknownName: a name that is not published is an error, an empty one is
// an absent member.
func TestUnknownName(t *testing.T) {
	var s Service
	if err := json.Unmarshal([]byte(`{"supportedGrantTypes":["CODE"]}`), &s); err == nil {
		t.Error("an unknown name was read")
	}
	if err := json.Unmarshal([]byte(`{"accessTokenSignAlg":"","supportedGrantTypes":null}`), &s); err != nil || s.AccessTokenSignAlg != "" {
		t.Errorf("an empty name: %q, %v", s.AccessTokenSignAlg, err)
	}
}

// TestRoundTrip: what a document says survives encoding and decoding, and every
// member stands at the top level under its own name.
func TestRoundTrip(t *testing.T) {
	for _, d := range documents {
		typ := reflect.TypeOf(d.zero)
		full := reflect.New(typ)
		n := 0
		fill(t, full.Elem(), &n)
		text, err := json.Marshal(full.Interface())
		if err != nil {
			t.Errorf("%s: %v", typ, err)
			continue
		}
		again := reflect.New(typ)
		if err := json.Unmarshal(text, again.Interface()); err != nil {
			t.Errorf("%s: %v", typ, err)
			continue
		}
		if !reflect.DeepEqual(full.Interface(), again.Interface()) {
			t.Errorf("%s: came back changed:\n%+v\n%+v", typ, full.Elem(), again.Elem())
		}
		var object map[string]any
		if err := json.Unmarshal(text, &object); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
		got, want := slices.Sorted(maps.Keys(object)), slices.Sorted(maps.Keys(members(typ)))
		if !slices.Equal(got, want) {
			t.Errorf("%s: members %q, want %q", typ, got, want)
		}
	}
}

// TestZeroDocument: an empty document is written without any member but the
// counters of lists, and null on input is the same as absent.
func TestZeroDocument(t *testing.T) {
	counters := map[reflect.Type]string{
		reflect.TypeFor[ServiceListResponse](): `{"start":0,"end":0,"totalCount":0}`,
		reflect.TypeFor[ClientListResponse]():  `{"start":0,"end":0,"totalCount":0}`,
	}
	for _, d := range documents {
		typ := reflect.TypeOf(d.zero)
		text, err := json.Marshal(d.zero)
		if err != nil {
			t.Errorf("%s: %v", typ, err)
			continue
		}
		want := counters[typ]
		if want == "" {
			want = "{}"
		}
		if string(text) != want {
			t.Errorf("%s: written as %s, want %s", typ, text, want)
		}
		nulls := map[string]any{}
		for name := range members(typ) {
			nulls[name] = nil
		}
		if text, err = json.Marshal(nulls); err != nil {
			t.Fatal(err)
		}
		again := reflect.New(typ)
		if err := json.Unmarshal(text, again.Interface()); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
		if !again.Elem().IsZero() {
			t.Errorf("%s: nulls are read as %+v", typ, again.Elem())
		}
	}
}

// TestEmptyList: where an empty list differs from an absent one, both sides can
// tell.
func TestEmptyList(t *testing.T) {
	for _, text := range []string{`{}`, `{"scopes":[]}`, `{"consentedClaims":[]}`} {
		var r AuthorizationIssueRequest
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != text {
			t.Errorf("%s came back as %s", text, again)
		}
	}
	var r AuthorizationIssueRequest
	if err := json.Unmarshal([]byte(`{"scopes":null}`), &r); err != nil || r.Scopes != nil {
		t.Errorf("null scopes: %v, %v; want none", r.Scopes, err)
	}
}

var humps = regexp.MustCompile(`[A-Z]?[a-z0-9]+`)

// initialisms are the words that keep their own spelling in field names.
var initialisms = map[string]string{
	"Acr": "ACR", "Acrs": "ACRs", "Api": "API", "Cimd": "CIMD", "Dcr": "DCR", "Dns": "DNS",
	"Dpop": "DPoP", "Fapi": "FAPI", "Gm": "GM", "Hsk": "HSK", "Hsks": "HSKs", "Html": "HTML",
	"Htm": "HTM", "Http": "HTTP", "Htu": "HTU", "Id": "ID", "Ids": "IDs", "Idt": "IDT", "Ip": "IP",
	"Json": "JSON", "Jwks": "JWKS", "Jwt": "JWT", "Mtls": "MTLS", "Openid": "OpenID", "Par": "PAR", "Pkce": "PKCE",
	"Rs": "RS", "Tls": "TLS", "Ui": "UI", "Uri": "URI", "Uris": "URIs", "Url": "URL",
}

// TestFieldNames: a field is named after its member.
func TestFieldNames(t *testing.T) {
	for _, d := range documents {
		typ := reflect.TypeOf(d.zero)
		for member, field := range members(typ) {
			want := humps.ReplaceAllStringFunc(strings.ToUpper(member[:1])+member[1:], func(w string) string {
				if i := initialisms[w]; i != "" {
					return i
				}
				return w
			})
			if field.Name != want {
				t.Errorf("%s.%s: member %s wants the name %s", typ, field.Name, member, want)
			}
		}
	}
}
