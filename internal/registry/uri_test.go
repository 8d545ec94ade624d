package registry

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// TestIsURI has what java.net.URI, which published clients parse with, reads
// and does not read.
func TestIsURI(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"https://x/?a=[b]", "https://x/\u65e5\u672c", "https://\u4f8b.jp/", "urn:a[b", "https://x/#[a]",
		"https://[::1]/a", "https://u@[::1]:1/a", "mailto:a@b", "https://x/%41", "a:b", "https://x:/", "https://x:65535/", "file:///p",
		"https://x?q", "custom:/", "x:?q", "https://u:p@x:80/",
	} {
		if !isURI(text) {
			t.Errorf("%q is refused", text)
		}
	}
	for _, text := range []string{
		"", "x", "/x", "https://x/a b", "https://x/{a}", "http://[", "%zz", "https://x/^", "https://x/[a]", "https://x/?a=%zz",
		"https://x/#a#b", "https:", "https://", "https://x/\u00a0", "https://x/\u2028", "https://x/%4", "https://x/\u0085",
		"https://x//[", "https://[::1", "https://[zz]/", "https://x/\u007f", "custom://", "x:#f", "https:///p", "https://[fe80::1%25eth0]/", "https://?x", "https://#f", "https:/", "https:?x", "https://x:65536/",
		"https://x:99999999999/", "http://:80/", "https://u@/", "https://x/a\nb",
		"https://x/?a=%g0", "https://x/?a=%0g", "https://x/?a=%4", "https://x/?a=%", "https://x/?a=%41%g0",
		"https://[fe80::1%25]/", "https://[::1]x/", "https://a[::1]/", "https://[v1.a]/", "https://[1.2.3.4]/",
	} {
		if isURI(text) {
			t.Errorf("%q is taken", text)
		}
	}
}

var uriMember = regexp.MustCompile(`(Uri|Endpoint|UriComplete|Documentation|Location)$|^(issuer|entityId|trustAnchorId|spiffeId)$`)

// TestEveryURIMember: a member that is a URI by its name holds nothing else.
func TestEveryURIMember(t *testing.T) {
	t.Parallel()
	seen := 0
	try := func(doc reflect.Value, normalize func(any) error) {
		for i := range doc.NumField() {
			name := regexp.MustCompile(`^[^,]*`).FindString(doc.Type().Field(i).Tag.Get("json"))
			if doc.Field(i).Kind() != reflect.String || !uriMember.MatchString(name) {
				continue
			}
			seen++
			changed := reflect.New(doc.Type())
			changed.Elem().Set(doc)
			changed.Elem().Field(i).SetString("https://x.example/a b")
			if err := normalize(changed.Interface()); !IsDocumentError(err) {
				t.Errorf("%s.%s takes a text that is no URI: %v", doc.Type().Name(), name, err)
			}
			changed.Elem().Field(i).SetString("https://x.example/a")
			if err := normalize(changed.Interface()); err != nil {
				t.Errorf("%s.%s: %v", doc.Type().Name(), name, err)
			}
		}
	}
	try(reflect.ValueOf(wire.Service{}), func(v any) error { return normalizeService(v.(*wire.Service)) })
	try(reflect.ValueOf(wire.Client{}), func(v any) error { return normalizeClient(v.(*wire.Client)) })
	if seen < 40 {
		t.Errorf("only %d members were tried", seen)
	}
	for _, s := range []*wire.Service{
		{MTLSEndpointAliases: []wire.NamedURI{{URI: "a b"}}}, {AuthorityHints: []string{"a b"}}, {TrustAnchors: []wire.TrustAnchor{{EntityID: "a b"}}},
		{CredentialIssuerMetadata: &wire.CredentialIssuerMetadata{NonceEndpoint: "a b"}},
		{CredentialIssuerMetadata: &wire.CredentialIssuerMetadata{BatchSize: 1 << 31}}, {UserCodeLength: 1 << 31}, {UserPinLength: 1 << 31},
		{ClientsPerDeveloper: 1 << 31},
	} {
		if err := normalizeService(s); !IsDocumentError(err) {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if err := normalizeClient(&wire.Client{DefaultMaxAge: 1 << 31}); !IsDocumentError(err) {
		t.Errorf("defaultMaxAge above 32 bits: %v", err)
	}
}
