package registration

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

func service(t *testing.T) *registry.Service {
	t.Helper()
	return &registry.Service{Doc: &wire.Service{SupportedCustomClientMetadata: []string{"color"}}}
}

// sample is a value of every member that a registration knows.
var sample = map[string]string{
	"redirect_uris": `["https://client.example/cb"]`, "response_types": `["code","code id_token"]`, "grant_types": `["authorization_code","implicit"]`,
	"response_modes": `["query","form_post.jwt"]`, "application_type": `"native"`, "contacts": `["a@client.example"]`,
	"client_name": `"n"`, "logo_uri": `"l"`, "client_uri": `"u"`, "policy_uri": `"p"`, "tos_uri": `"t"`, "jwks_uri": `"j"`, "jwks": `{"keys":[]}`,
	"software_id": `"s"`, "software_version": `"v"`, "sector_identifier_uri": `"x"`, "subject_type": `"pairwise"`,
	"id_token_signed_response_alg": `"ES256"`, "id_token_encrypted_response_alg": `"RSA-OAEP-256"`, "id_token_encrypted_response_enc": `"A128CBC-HS256"`,
	"userinfo_signed_response_alg": `"RS256"`, "userinfo_encrypted_response_alg": `"ECDH-ES+A128KW"`, "userinfo_encrypted_response_enc": `"A256GCM"`,
	"request_object_signing_alg": `"none"`, "request_object_encryption_alg": `"dir"`, "request_object_encryption_enc": `"A128GCM"`,
	"authorization_signed_response_alg": `"PS256"`, "authorization_encrypted_response_alg": `"RSA-OAEP"`, "authorization_encrypted_response_enc": `"A192GCM"`,
	"token_endpoint_auth_method": `"private_key_jwt"`, "token_endpoint_auth_signing_alg": `"EdDSA"`, "default_max_age": `2147483647`, "require_auth_time": `true`,
	"default_acr_values": `["a","b"]`, "initiate_login_uri": `"i"`, "request_uris": `["r"]`, "authorization_details_types": `["d"]`,
	"require_pushed_authorization_requests": `true`, "require_signed_request_object": `true`, "dpop_bound_access_tokens": `true`,
	"tls_client_certificate_bound_access_tokens": `true`, "tls_client_auth_subject_dn": `"dn"`, "tls_client_auth_san_dns": `"dns"`, "tls_client_auth_san_uri": `"uri"`,
	"tls_client_auth_san_ip": `"ip"`, "tls_client_auth_san_email": `"email"`, "use_mtls_endpoint_aliases": `true`, "backchannel_token_delivery_mode": `"ping"`,
	"backchannel_client_notification_endpoint": `"b"`, "backchannel_authentication_request_signing_alg": `"ES384"`, "backchannel_user_code_parameter": `true`,
	"client_name#ja": `"名"`, "logo_uri#de-CH": `"l2"`, "client_uri#ja": `"u2"`, "policy_uri#ja": `"p2"`, "tos_uri#ja": `"t2"`, "color": `{"r":[1]}`,
}

func body(t *testing.T, members map[string]string) *Body {
	t.Helper()
	raw := map[string]json.RawMessage{}
	for name, value := range members {
		raw[name] = json.RawMessage(value)
	}
	text, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	b, f := parse(string(text))
	if f != nil {
		t.Fatal(f.Description)
	}
	return b
}

// TestRoundTrip: what is read is written as it was, member by member, and all
// of them together; each has a place of its own.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, row := range metadata {
		if sample[row.name] == "" {
			t.Errorf("%s has no sample", row.name)
		}
	}
	all := &wire.Client{}
	for name, value := range sample {
		m, f := understand(service(t), body(t, map[string]string{name: value}))
		if f != nil {
			t.Errorf("%s: %s", name, f.Description)
			continue
		}
		if got, err := json.Marshal(metadataOf(m.Doc)[name]); err != nil || string(got) != value {
			t.Errorf("%s: %s came back as %s, %v", name, value, got, err)
		}
	}
	m, f := understand(service(t), body(t, sample))
	if f != nil {
		t.Fatal(f.Description)
	}
	*all = *m.Doc
	got := metadataOf(all)
	for name, value := range sample {
		if text, err := json.Marshal(got[name]); err != nil || string(text) != value {
			t.Errorf("among others, %s: %s came back as %s, %v", name, value, text, err)
		}
	}
	if len(got) != len(sample) {
		t.Errorf("%d members came back for %d", len(got), len(sample))
	}
}

// TestReplacement: all that a registration can say is replaced, and nothing
// else.
func TestReplacement(t *testing.T) {
	t.Parallel()
	full, f := understand(service(t), body(t, sample))
	if f != nil {
		t.Fatal(f.Description)
	}
	current := *full.Doc
	current.Locked, current.PKCERequired, current.Developer, current.Description = true, true, "d", "text"
	current.Extension = &wire.ClientExtension{AccessTokenDuration: 60, RequestableScopesEnabled: true, RequestableScopes: []string{"a"}}
	empty, f := understand(service(t), body(t, map[string]string{"redirect_uris": `["https://new.example/"]`}))
	if f != nil {
		t.Fatal(f.Description)
	}
	want := *empty.Doc
	want.Locked, want.PKCERequired, want.Developer, want.Description, want.Extension = true, true, "d", "text", current.Extension
	if got := empty.over(&current); !reflect.DeepEqual(*got, want) {
		t.Errorf("got  %+v\nwant %+v", *got, want)
	}
	narrower := Metadata{Doc: &wire.Client{Extension: &wire.ClientExtension{RequestableScopesEnabled: true, RequestableScopes: []string{"b"}}}}
	extension := wire.ClientExtension{AccessTokenDuration: 60, RequestableScopesEnabled: true, RequestableScopes: []string{"b"}}
	if got := narrower.over(&current); !reflect.DeepEqual(*got.Extension, extension) || current.Extension.RequestableScopes[0] != "a" {
		t.Errorf("extension: got %+v, want %+v; the one before is %+v", *got.Extension, extension, *current.Extension)
	}
	if current.RedirectURIs[0] != "https://client.example/cb" || current.ClientName != "n" {
		t.Error("the document that is replaced was changed")
	}
}

// TestDefaults are those of the specifications.
func TestDefaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]wire.Client{
		`{}`: {ClientType: wire.ClientTypeConfidential, TokenAuthMethod: wire.ClientAuthMethodClientSecretBasic, GrantTypes: []wire.GrantType{wire.GrantTypeAuthorizationCode}},
		`{"token_endpoint_auth_method":"none","grant_types":[],"response_types":null}`: {ClientType: wire.ClientTypePublic, TokenAuthMethod: wire.ClientAuthMethodNone, GrantTypes: []wire.GrantType{wire.GrantTypeAuthorizationCode}},
		`{"grant_types":["client_credentials"],"response_types":[]}`:                   {ClientType: wire.ClientTypeConfidential, TokenAuthMethod: wire.ClientAuthMethodClientSecretBasic, GrantTypes: []wire.GrantType{wire.GrantTypeClientCredentials}},
	} {
		want.ApplicationType, want.SubjectType, want.IDTokenSignAlg = wire.ApplicationTypeWeb, wire.SubjectTypePublic, wire.JWSAlgRS256
		want.ResponseTypes = []wire.ResponseType{wire.ResponseTypeCode}
		b, f := parse(text)
		if f != nil {
			t.Fatal(f.Description)
		}
		m, f := understand(&registry.Service{Doc: &wire.Service{}}, b)
		if f != nil || !reflect.DeepEqual(*m.Doc, want) {
			t.Errorf("%s: %+v, %v", text, m.Doc, f)
		}
		if f := checkConsistent(m); f != nil {
			t.Errorf("%s: %s", text, f.Description)
		}
	}
}

// TestUnreadable: values that no member takes.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for name, values := range map[string][]string{
		"redirect_uris":              {`"x"`, `[1]`, `[null]`, `[""]`, `{}`, `["a\u0007"]`},
		"client_name":                {`1`, `["x"]`, `{}`, `true`, `"a\nb"`, `"a\u202eb"`, `"a\u2066b"`, `"a\u200bb"`, `"\ufeffa"`, `"a\u200fb"`, `"a\u00adb"`, `"a\u2028b"`, `"a\u0085b"`, `"a\udb40\udc41b"`},
		"client_name#ja":             {`1`, `"a\u0000"`, `"a\u202e"`},
		"require_auth_time":          {`"true"`, `1`, `[]`},
		"default_max_age":            {`0`, `-1`, `1.5`, `"60"`, `2147483648`, `1e3`},
		"jwks":                       {`"{}"`, `[]`, `1`},
		"grant_types":                {`["x"]`, `["AUTHORIZATION_CODE"]`, `[""]`, `"authorization_code"`},
		"token_endpoint_auth_method": {`"x"`, `["none"]`, `"CLIENT_SECRET_BASIC"`},
		"scope":                      {`["openid"]`, `1`},
	} {
		for _, v := range values {
			if m, f := understand(service(t), body(t, map[string]string{name: v})); f == nil || f.ID != memberReadable.ID {
				t.Errorf("%s %s: %+v", name, v, m.Doc)
			}
		}
	}
}

// TestJoiners: some scripts are not written without them.
func TestJoiners(t *testing.T) {
	t.Parallel()
	if m, f := understand(service(t), body(t, map[string]string{"client_name": `"می\u200cخواهم 👩\u200d💻"`})); f != nil || m.Doc.ClientName == "" {
		t.Error(f)
	}
}

// TestHosts: this machine has many names, and more that only browsers know.
func TestHosts(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]struct{ local, disguised bool }{
		"localhost": {local: true}, "LocalHost.": {local: true}, "a.localhost": {local: true}, "127.0.0.1": {local: true}, "127.9.9.9": {local: true}, "127.0.0.1.": {local: true},
		"::1": {local: true}, "::ffff:127.0.0.1": {local: true}, "0.0.0.0": {local: true}, "::": {local: true}, "::ffff:0.0.0.0": {local: true},
		"2130706433": {disguised: true}, "127.1": {disguised: true}, "0x7f000001": {disguised: true}, "0": {disguised: true}, "0x": {disguised: true}, "0177.0.0.01": {disguised: true},
		"127.0.0.0X1": {disguised: true}, "127.1.": {disguised: true}, "a.example.1": {disguised: true}, "１２７.0.0.１": {disguised: true}, "ⓛocalhost": {disguised: true}, ".": {disguised: true},
		"client.example": {}, "192.0.2.1": {}, "2001:db8::1": {}, "1.example": {}, "0xa.example": {}, "a.0xfg": {}, "localhost.example": {}, "xn--bcher-kva.example": {},
	} {
		if isLocal(host) != want.local || isDisguised(host) != want.disguised {
			t.Errorf("%s: local %v, disguised %v", host, isLocal(host), isDisguised(host))
		}
	}
}

// TestIgnored: members that are not known, tags that are none, and what the
// engine itself says, change nothing (RFC7591-2).
func TestIgnored(t *testing.T) {
	t.Parallel()
	s := service(t)
	s.Doc.SupportedCustomClientMetadata = append(slices.Clone(answered), "client_name")
	want, _ := understand(s, body(t, nil))
	members := map[string]string{
		"unknown": `1`, "client_name#": `"x"`, "client_name#a b": `"x"`, "client_name#" + strings.Repeat("x", 36): `"x"`, "redirect_uris#ja": `"x"`, "Client_Name": `"x"`,
		"client_name": `null`, "tos_uri": `""`, "tos_uri#ja": `""`, "contacts": `[]`, "jwks": `null`,
	}
	for _, name := range answered {
		if name != "scope" {
			members[name] = `"chosen"`
		}
	}
	m, f := understand(s, body(t, members))
	if f != nil || !reflect.DeepEqual(m.Doc, want.Doc) {
		t.Errorf("got %+v, %v", m.Doc, f)
	}
	forged := &wire.Client{CustomMetadata: `{"client_id":"1","registration_access_token":"x","color":1}`}
	if got := metadataOf(forged); got["client_id"] != nil || got["registration_access_token"] != nil || fmt.Sprintf("%s", got["color"]) != "1" {
		t.Errorf("stored custom metadata became %v", got)
	}
}

// FuzzRead: whatever comes in, there is a document or a refusal, and a
// document that was written is read as the same.
func FuzzRead(f *testing.F) {
	f.Add(`{"redirect_uris":["https://client.example/cb"],"client_name#ja":"x"}`)
	f.Add(`{"jwks":{"keys":[{"kty":"EC"}]},"scope":"a b","default_max_age":1}`)
	f.Add(`[[[[`)
	f.Fuzz(func(t *testing.T, text string) {
		s := &registry.Service{Doc: &wire.Service{SupportedCustomClientMetadata: []string{"color"}}}
		b, no := parse(text)
		if no != nil {
			return
		}
		bodyRules.Run(b)
		m, no := understand(s, b)
		if no != nil {
			return
		}
		metadataRules.Run(m)
		written, err := json.Marshal(metadataOf(m.Doc))
		if err != nil {
			t.Fatal(err)
		}
		b, no = parse(string(written))
		if no != nil {
			if no.ID == bodySize.ID {
				return
			}
			t.Fatalf("%s: %s", written, no.Description)
		}
		again, no := understand(s, b)
		if no != nil {
			t.Fatalf("%s: %s", written, no.Description)
		}
		if rewritten, err := json.Marshal(metadataOf(again.Doc)); err != nil || string(rewritten) != string(written) {
			t.Fatalf("%s was read as %s", written, rewritten)
		}
	})
}
