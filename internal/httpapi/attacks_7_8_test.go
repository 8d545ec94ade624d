package httpapi_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// Registration. Rows of client metadata documents, federation and verifiable
// credentials wait until these are built; R12, the flood, is the front end's.

// registers is a service and how a client gets its metadata in: by
// registering, or by replacing a registration.
type registers struct {
	name string
	send func(metadata doc) *enginetest.Answer
}

// bothWays makes R6 of every row: what a registration refuses, an update
// refuses too.
func bothWays(t *testing.T, service doc) []registers {
	t.Helper()
	s := registering(t, service)
	r := s.Registered(enginetest.Metadata(nil))
	return []registers{
		{"register", s.Register},
		{"update", func(m doc) *enginetest.Answer {
			return s.Manage("update", r, enginetest.With(m, doc{"client_id": r["client_id"]}))
		}},
	}
}

// TestAttackR2_LargeMetadata: metadata that is large, deep or ambiguous.
func TestAttackR2_LargeMetadata(t *testing.T) {
	t.Parallel()
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprintf("https://client.example/%d", i)
	}
	members := enginetest.Metadata(nil)
	for i := range 300 {
		members[fmt.Sprintf("m%d", i)] = i
	}
	for _, way := range bothWays(t, nil) {
		refused(t, way.name+": 1000 redirect URIs", way.send(doc{"redirect_uris": many}), "invalid_client_metadata")
		refused(t, way.name+": a long redirect URI", way.send(doc{"redirect_uris": []string{"https://client.example/" + strings.Repeat("x", 3000)}}), "invalid_client_metadata")
		refused(t, way.name+": 33 KiB", way.send(enginetest.Metadata(doc{"ignored": doc{"x": strings.Repeat("x", 33<<10)}})), "invalid_client_metadata")
		refused(t, way.name+": half a megabyte", way.send(enginetest.Metadata(doc{"ignored": doc{"x": strings.Repeat("x", 500<<10)}})), "invalid_client_metadata")
		refused(t, way.name+": 300 members", way.send(members), "invalid_client_metadata")
	}
	s := registering(t, nil)
	if a := s.Register(enginetest.Metadata(doc{"ignored": strings.Repeat("x", 1<<20)})); a.Status != 413 {
		t.Errorf("a megabyte: %d %.200s", a.Status, a.Body)
	}
	for what, text := range map[string]string{
		"a member twice":              `{"redirect_uris":["https://client.example/cb"],"client_name":"a","client_name":"b"}`,
		"a member twice, escaped":     `{"redirect_uris":["https://client.example/cb"],"client_name":"a","client\u005fname":"b"}`,
		"a member of a key twice":     `{"redirect_uris":["https://client.example/cb"],"jwks":{"keys":[],"keys":[]}}`,
		"deep":                        `{"redirect_uris":["https://client.example/cb"],"x":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`,
		"very deep":                   `{"redirect_uris":["https://client.example/cb"],"x":` + strings.Repeat("[", 15000) + strings.Repeat("]", 15000) + `}`,
		"a list":                      `[{"redirect_uris":["https://client.example/cb"]}]`,
		"a text":                      `"x"`,
		"null":                        `null`,
		"something behind":            `{"redirect_uris":["https://client.example/cb"]}{}`,
		"a comma behind":              `{"redirect_uris":["https://client.example/cb"],}`,
		"NaN":                         `{"redirect_uris":["https://client.example/cb"],"x":NaN}`,
		"a control character":         "{\"redirect_uris\":[\"https://client.example/cb\"],\"client_name\":\"a\\u0000b\"}",
		"a text as a list":            `{"redirect_uris":"https://client.example/cb"}`,
		"an object as a redirect URI": `{"redirect_uris":[{}]}`,
		"an empty redirect URI":       `{"redirect_uris":[""]}`,
		"a negative max_age":          `{"redirect_uris":["https://client.example/cb"],"default_max_age":-1}`,
		"a max_age of nothing":        `{"redirect_uris":["https://client.example/cb"],"default_max_age":0}`,
		"a huge max_age":              `{"redirect_uris":["https://client.example/cb"],"default_max_age":1e99}`,
	} {
		a := s.Do("client/registration", doc{"json": text})
		if v := a.Verdict(); a.Status != 200 || v.Error != "invalid_client_metadata" && v.Error != "invalid_redirect_uri" {
			t.Errorf("%s: %d %.300s", what, a.Status, a.Body)
		}
	}
}

// TestAttackR3_RedirectURIs: addresses that would carry a code elsewhere.
func TestAttackR3_RedirectURIs(t *testing.T) {
	t.Parallel()
	for _, way := range bothWays(t, nil) {
		for kind, uris := range map[string][]string{
			"web": {
				"http://client.example/cb", "https://localhost/cb", "https://LOCALHOST./cb", "https://a.localhost/cb", "https://127.0.0.1/cb", "https://127.1.2.3/cb",
				"https://[::1]/cb", "https://[::ffff:127.0.0.1]/cb", "https://0.0.0.0/", "com.example.app:/cb", "HTTP://client.example/cb",
				"https://2130706433/cb", "https://127.1/cb", "https://0x7f000001/cb", "https://0/cb", "https://127.1:8443/cb", "https://１２７.0.0.1/cb",
			},
			"native": {"http://client.example/cb", "http://127.0.0.1.evil.example/cb", "http://localhost.evil.example/cb", "http://127.0.0.2/cb", "myapp:/cb", "myapp://x.y/cb", "x-app.:/cb"},
		} {
			for _, u := range uris {
				refused(t, way.name+": "+kind+" "+u, way.send(doc{"application_type": kind, "redirect_uris": []string{enginetest.Redirect, u}}), "invalid_redirect_uri")
			}
			for _, u := range []string{
				"https://client.example/cb#f", "https://client.example/cb#", "https://*.example/cb", "https://client.example/*", "//evil.example/cb", "/cb", "cb",
				"https:///cb", "https://user@client.example/cb", `https://client.example\@evil.example/`, "https://client.example/../cb", "https://client.example/a b",
				"https://client.example/\tcb", "https://client.example/%zz",
			} {
				refused(t, way.name+": "+kind+" "+u, way.send(doc{"application_type": kind, "redirect_uris": []string{u}}), "invalid_redirect_uri")
			}
		}
		accepted(t, way.name, way.send(doc{"application_type": "native", "redirect_uris": []string{
			"http://localhost/cb", "http://127.0.0.1:4711/cb", "http://[::1]/cb", "com.example.app:/cb", "https://claimed.example/cb",
		}}))
	}
}

// TestAttackA14_ScriptRedirects: redirect URIs that run something.
func TestAttackA14_ScriptRedirects(t *testing.T) {
	t.Parallel()
	for _, way := range bothWays(t, nil) {
		for _, u := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "DATA:text/html,x", "vbscript:x", "file:///etc/passwd", " javascript:alert(1)", "java\tscript:alert(1)"} {
			for _, kind := range []string{"web", "native"} {
				refused(t, way.name+": "+u, way.send(doc{"application_type": kind, "redirect_uris": []string{u}}), "invalid_redirect_uri")
			}
		}
	}
}

// TestAttackR5_Addresses: addresses that are shown or, some day, fetched.
func TestAttackR5_Addresses(t *testing.T) {
	t.Parallel()
	for _, way := range bothWays(t, nil) {
		for _, member := range []string{"logo_uri", "client_uri", "policy_uri", "tos_uri"} {
			for _, u := range []string{"javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:image/svg+xml,x", "ftp://client.example/", "//evil.example/", "https://", "https://u:p@client.example/", "mailto:a@b.example"} {
				for _, name := range []string{member, member + "#de"} {
					refused(t, way.name+": "+name+" "+u, way.send(enginetest.Metadata(doc{name: u})), "invalid_client_metadata")
				}
			}
		}
		for _, u := range []string{"http://client.example/", "javascript:alert(1)", "file:///etc/passwd", "https://u@client.example/"} {
			refused(t, way.name+": jwks_uri "+u, way.send(enginetest.Metadata(doc{"jwks_uri": u})), "invalid_client_metadata")
			refused(t, way.name+": initiate_login_uri "+u, way.send(enginetest.Metadata(doc{"initiate_login_uri": u})), "invalid_client_metadata")
			refused(t, way.name+": request_uris "+u, way.send(enginetest.Metadata(doc{"request_uris": []string{u}})), "invalid_client_metadata")
		}
		accepted(t, way.name, way.send(enginetest.Metadata(doc{"logo_uri": "http://client.example/logo", "jwks_uri": "https://client.example/jwks", "request_uris": []string{"https://client.example/ro#hash"}})))
	}
}

// TestAttackC10_RegisteredKeys: keys that are weak, wrong or not public.
func TestAttackC10_RegisteredKeys(t *testing.T) {
	t.Parallel()
	set := func(keys ...any) doc { return doc{"keys": keys} }
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	private := enginetest.NewKey(t)
	var secret doc
	text, err := json.Marshal(gojose.JSONWebKey{Key: private.Priv, KeyID: "k"})
	if err == nil {
		err = json.Unmarshal(text, &secret)
	}
	if err != nil {
		t.Fatal(err)
	}
	offCurve := enginetest.With(secret, doc{"d": nil, "y": secret["x"]})
	for _, way := range bothWays(t, nil) {
		for what, jwks := range map[string]any{
			"a private key": set(secret), "a symmetric key": set(doc{"kty": "oct", "k": "AAAA"}),
			"a private key of an unknown curve": set(doc{"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA", "d": "AA"}),
			"RSA with 1024 bits":                set(gojose.JSONWebKey{Key: &weak.PublicKey}), "a point off the curve": set(offCurve),
			"no keys": doc{}, "a text": `{"keys":[]}`, "a list": []any{}, "keys that are none": set("x"), "keys as an object": doc{"keys": doc{}},
		} {
			refused(t, way.name+": "+what, way.send(enginetest.Metadata(doc{"jwks": jwks})), "invalid_client_metadata")
		}
		accepted(t, way.name, way.send(enginetest.Metadata(doc{"token_endpoint_auth_method": "private_key_jwt", "jwks": set(private.JWK(), doc{"kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"})})))
	}
}

// TestAttackR8_OthersRegistrations is TestRegistrationToken, and here the row
// with its two clients in both directions.
func TestAttackR8_OthersRegistrations(t *testing.T) {
	t.Parallel()
	s := registering(t, nil)
	a, b := s.Registered(enginetest.Metadata(nil)), s.Registered(enginetest.Metadata(nil))
	swapped := func(r, token doc) doc {
		return enginetest.With(r, doc{"registration_access_token": token["registration_access_token"]})
	}
	for _, op := range []string{"get", "update", "delete"} {
		refused(t, op+" of b with a's token", s.Manage(op, swapped(b, a), again(b, nil)), "invalid_token")
		refused(t, op+" of a with b's token", s.Manage(op, swapped(a, b), again(a, nil)), "invalid_token")
	}
	refused(t, "b's body at a's address", s.Manage("update", a, again(b, nil)), "invalid_client_metadata")
	accepted(t, "delete a", s.Manage("delete", a, nil))
	refused(t, "a is gone", s.Manage("get", a, nil), "invalid_token")
	refused(t, "a's token is good for nothing", s.Manage("get", swapped(b, a), nil), "invalid_token")
	accepted(t, "b", s.Manage("get", b, nil))
}

// TestAttackR9_SoftwareStatements: none is supported, so none is trusted.
func TestAttackR9_SoftwareStatements(t *testing.T) {
	t.Parallel()
	key := enginetest.NewKey(t)
	for _, way := range bothWays(t, nil) {
		for what, statement := range map[string]any{
			"signed by somebody": key.Sign(doc{"kid": key.KID}, doc{"iss": "x", "software_id": "s"}), "alg none": "eyJhbGciOiJub25lIn0.e30.", "no JWT": "x", "no text": 1,
		} {
			refused(t, way.name+": "+what, way.send(enginetest.Metadata(doc{"software_statement": statement})), "invalid_software_statement")
		}
	}
	// A software_id that must be one client's alone needs what is not built.
	blocked := registering(t, doc{"dcrDuplicateSoftwareIdBlocked": true})
	if a := blocked.Register(enginetest.Metadata(doc{"software_id": "s"})); a.Status != 403 || a.Text("resultCode") != "A001223" {
		t.Errorf("dcrDuplicateSoftwareIdBlocked: %d %s", a.Status, a.Body)
	}
}

// TestAttackR11_MoreThanAllowed: grants, methods and features that the service
// does not offer.
func TestAttackR11_MoreThanAllowed(t *testing.T) {
	t.Parallel()
	narrow := doc{
		"supportedGrantTypes": []string{"AUTHORIZATION_CODE"}, "supportedResponseTypes": []string{"CODE"},
		"supportedTokenAuthMethods": []string{"CLIENT_SECRET_BASIC", "PRIVATE_KEY_JWT"},
	}
	for _, way := range bothWays(t, narrow) {
		for what, members := range map[string]doc{
			"a grant type that the service lacks":  {"grant_types": []string{"authorization_code", "client_credentials"}},
			"a grant type that is not built":       {"grant_types": []string{"authorization_code", "urn:ietf:params:oauth:grant-type:device_code"}},
			"a grant type that nobody knows":       {"grant_types": []string{"authorization_code", "x"}},
			"implicit":                             {"grant_types": []string{"implicit"}, "response_types": []string{"id_token"}},
			"a code without its grant type":        {"grant_types": []string{"refresh_token"}, "response_types": []string{"code"}},
			"a grant type without its code":        {"grant_types": []string{"authorization_code"}, "response_types": []string{"none"}},
			"a method that the service lacks":      {"token_endpoint_auth_method": "none"},
			"a method that is not built":           {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=x"},
			"a secret as a key":                    {"token_endpoint_auth_method": "client_secret_jwt"},
			"keys from an address":                 {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://client.example/jwks"},
			"unsigned ID tokens":                   {"id_token_signed_response_alg": "none"},
			"ID tokens signed with the secret":     {"id_token_signed_response_alg": "HS256"},
			"encrypted ID tokens":                  {"id_token_encrypted_response_alg": "RSA-OAEP-256"},
			"encrypted ID tokens, without alg":     {"id_token_encrypted_response_enc": "A256GCM"},
			"signed userinfo":                      {"userinfo_signed_response_alg": "ES256"},
			"encrypted userinfo":                   {"userinfo_encrypted_response_alg": "ECDH-ES"},
			"encrypted request objects":            {"request_object_encryption_alg": "RSA-OAEP-256"},
			"request objects signed with a secret": {"request_object_signing_alg": "HS256"},
			"assertions without a signature":       {"token_endpoint_auth_signing_alg": "none"},
			"signed responses":                     {"authorization_signed_response_alg": "ES256"},
			"pairwise subjects":                    {"subject_type": "pairwise"},
			"a sector":                             {"sector_identifier_uri": "https://client.example/sector"},
			"tokens bound to a certificate":        {"tls_client_certificate_bound_access_tokens": true},
			"authorization details":                {"authorization_details_types": []string{"payment"}},
			"CIBA":                                 {"backchannel_token_delivery_mode": "poll"},
			"notifications":                        {"backchannel_client_notification_endpoint": "http://127.0.0.1/"},
			"a signed response mode":               {"response_modes": []string{"jwt"}},
		} {
			refused(t, way.name+": "+what, way.send(enginetest.Metadata(members)), "invalid_client_metadata")
		}
		accepted(t, way.name, way.send(enginetest.Metadata(doc{"grant_types": []string{"authorization_code"}, "id_token_signed_response_alg": "ES256", "request_object_signing_alg": "PS256"})))
	}
}
