package wire

import (
	"bufio"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
)

// documents pairs every document of this package with the published schemas
// that it stands for; a trimmed view is the whole document with few members.
// A document without a schema is one that only we have.
var documents = []struct {
	zero    any
	schemas []string
}{
	{APITokenCreateRequest{}, nil},
	{APITokenRequest{}, nil},
	{APITokenResponse{}, nil},
	{AuthorizationDetails{}, []string{"authz_details", "authorization_details"}},
	{AuthorizationFailRequest{}, []string{"authorization_fail_request"}},
	{AuthorizationFailResponse{}, []string{"authorization_fail_response"}},
	{AuthorizationIssueRequest{}, []string{"authorization_issue_request"}},
	{AuthorizationIssueResponse{}, []string{"authorization_issue_response"}},
	{AuthorizationRequest{}, []string{"authorization_request"}},
	{AuthorizationResponse{}, []string{"authorization_response"}},
	{AuthorizationTicketInfo{}, []string{"authorization_ticket_info"}},
	{AuthorizationTicketInfoRequest{}, []string{"authorization_ticket_info_request"}},
	{AuthorizationTicketInfoResponse{}, []string{"authorization_ticket_info_response"}},
	{AuthorizationTicketUpdateRequest{}, []string{"authorization_ticket_update_request"}},
	{AuthorizationTicketUpdateResponse{}, []string{"authorization_ticket_update_response"}},
	{AuthzDetailsElement{}, []string{"authorization_details_element"}},
	{CIMDOptions{}, []string{"cimd_options"}},
	{Client{}, []string{"client", "client_limited", "client_limited_authorization"}},
	{ClientFlagUpdateRequest{}, []string{"client_flag_update_request"}},
	{ClientSecretResponse{}, []string{"client_secret_refresh_response", "client_secret_update_response"}},
	{ClientSecretUpdateRequest{}, []string{"client_secret_update_request"}},
	{ControlServiceCreateRequest{}, nil},
	{ControlServiceRemoveRequest{}, nil},
	{ClientExtension{}, []string{"client_extension"}},
	{ClientListResponse{}, []string{"client_get_list_response"}},
	{ClientRegistrationRequest{}, []string{
		"client_registration_request", "client_registration_get_request", "client_registration_update_request", "client_registration_delete_request",
	}},
	{ClientRegistrationResponse{}, []string{
		"client_registration_response", "client_registration_get_response", "client_registration_update_response", "client_registration_delete_response",
	}},
	{CredentialIssuerMetadata{}, []string{"credential_issuer_metadata"}},
	{CredentialOfferInfo{}, []string{"credential_offer_info"}},
	{DynamicScope{}, []string{"dynamic_scope"}},
	{Explanation{}, nil},
	{Grant{}, []string{"grant"}},
	{GrantScope{}, []string{"grant_scope"}},
	{HSK{}, []string{"hsk"}},
	{InfoResponse{}, []string{"info_response"}},
	{IntrospectionRequest{}, []string{"introspection_request"}},
	{IntrospectionResponse{}, []string{"introspection_response"}},
	{NamedURI{}, []string{"named_uri"}},
	{Pair{}, []string{"pair"}},
	{Property{}, []string{"property"}},
	{PushedAuthReqRequest{}, []string{"pushed_authorization_request"}},
	{PushedAuthReqResponse{}, []string{"pushed_authorization_response"}},
	{Result{}, []string{"result", "client_flag_update_response"}},
	{RevocationRequest{}, []string{"revocation_request"}},
	{RevocationResponse{}, []string{"revocation_response"}},
	{Scope{}, []string{"scope"}},
	{Service{}, []string{"service"}},
	{ServiceConfigurationRequest{}, []string{"service_configuration_request"}},
	{ServiceListResponse{}, []string{"service_get_list_response"}},
	{SnsCredentials{}, []string{"sns_credentials"}},
	{StandardIntrospectionRequest{}, []string{"standard_introspection_request"}},
	{StandardIntrospectionResponse{}, []string{"standard_introspection_response"}},
	{TaggedValue{}, []string{"tagged_value"}},
	{TokenInfo{}, []string{"token_info"}},
	{TokenRequest{}, []string{"token_request"}},
	{TokenResponse{}, []string{"token_response"}},
	{TrustAnchor{}, []string{"trust_anchor"}},
	{UserInfoIssueRequest{}, []string{"userinfo_issue_request"}},
	{UserInfoIssueResponse{}, []string{"userinfo_issue_response"}},
	{UserInfoRequest{}, []string{"userinfo_request"}},
	{UserInfoResponse{}, []string{"userinfo_response"}},
}

// notBuilt lists, by the beginning of their names, the published schemas that
// have no document yet, and why.
var notBuilt = []struct{ prefix, reason string }{
	{"access_token", "operation not built: token list"},
	{"attestation_challenge_", "operation not built: challenge for attestation-based client authentication"},
	{"backchannel_authentication_", "operation not built: CIBA"},
	{"backchannel_logout_token_", "operation not built: back-channel logout token"},
	{"client_authorization_", "operation not built: authorizations of a user"},
	{"client_extension_requestable_scopes_", "operation not built: requestable scopes"},
	{"client_granted_scopes_", "operation not built: granted scopes of a user"},
	{"credential_issuance_order", "operation not built: verifiable credentials"},
	{"credential_request_info", "operation not built: verifiable credentials"},
	{"device_", "operation not built: device flow"},
	{"federation_", "operation not built: OpenID Federation"},
	{"g_m_", "operation not built: grant management"},
	{"hsk_", "operation not built: keys in hardware"},
	{"idtoken_reissue_", "operation not built: reissue of an ID token"},
	{"jose_verify_", "operation not built: verification of a JOSE object"},
	{"native_sso_", "operation not built: Native SSO"},
	{"resource_server_signature_", "operation not built: signing for a resource server"},
	{"service_creatable_", "operation not built: quota of services"},
	{"service_jwks_get_response", "the answer is the JWK Set of the jose package"},
	{"token_batch_", "operation not built: token batch"},
	{"token_create_", "operation not built: token creation"},
	{"token_fail_", "operation not built: end of a password request"},
	{"token_get_list_", "operation not built: token list"},
	{"token_issue_", "operation not built: end of a password request"},
	{"token_revoke_", "operation not built: revocation by the caller"},
	{"token_update_", "operation not built: token update"},
	{"vci_", "operation not built: verifiable credentials"},
}

// enums pairs every published list of enum values with its type here.
var enums = map[string]any{
	"application_type":                  ApplicationType(""),
	"attachment_type":                   AttachmentType(""),
	"claim_type":                        ClaimType(""),
	"client_auth_method":                ClientAuthMethod(""),
	"client_authentication_method":      ClientAuthMethod(""),
	"client_registration_type":          ClientRegistrationType(""),
	"client_type":                       ClientType(""),
	"delivery_mode":                     DeliveryMode(""),
	"display":                           Display(""),
	"fapi_mode":                         FAPIMode(""),
	"grant_management_action":           GMAction(""),
	"grant_type":                        GrantType(""),
	"jwe_alg":                           JWEAlg(""),
	"jwe_enc":                           JWEEnc(""),
	"jws_alg":                           JWSAlg(""),
	"prompt":                            Prompt(""),
	"response_type":                     ResponseType(""),
	"service_profile":                   ServiceProfile(""),
	"sns":                               Sns(""),
	"subject_type":                      SubjectType(""),
	"token_type":                        TokenType(""),
	"user_code_charset":                 UserCodeCharset(""),
	"verified_claims_validation_schema": VerifiedClaimsValidationSchema(""),
}

// lacking lists the published enum values (type and value) and member types
// (version and member) that differ here on purpose, and why.
var lacking = map[string]string{
	"TokenType DEVICE_CODE":                                    "a grant type; no specification knows such a token",
	"TokenType TOKEN_EXCHANGE":                                 "a grant type; no specification knows such a token",
	"TokenType JWT_BEARER":                                     "a grant type; no specification knows such a token",
	"TokenType urn:ietf:params:oauth:token-type:jwt":           "2.3 spells the type in full; answers carry the name",
	"TokenType urn:ietf:params:oauth:token-type:access_token":  "2.3 spells the type in full; answers carry the name",
	"TokenType urn:ietf:params:oauth:token-type:refresh_token": "2.3 spells the type in full; answers carry the name",
	"TokenType urn:ietf:params:oauth:token-type:id_token":      "2.3 spells the type in full; answers carry the name",
	"TokenType urn:ietf:params:oauth:token-type:saml1":         "2.3 spells the type in full; answers carry the name",
	"TokenType urn:ietf:params:oauth:token-type:saml2":         "2.3 spells the type in full; answers carry the name",

	"v3 info_response.configuration":     "what an engine was started with is nobody's business but its operator's",
	"v3 info_response.serviceTokenCache": "API tokens are all in memory: there is no cache to count",

	"v3 authorization_ticket_update_request.info": "described as a string; the published Java library sends an object, and both are taken",

	"v2 token_info.authorizationDetails": "described as one entry, but a token can have several",
	"v3 token_info.authorizationDetails": "described as one entry, but a token can have several",

	"v2 pushed_authorization_request.clientCertificatePath":  "a list since 3.0",
	"v2 revocation_request.clientCertificatePath":            "a list since 3.0",
	"v2 standard_introspection_request.withHiddenProperties": "a boolean since 3.0",
	"v2 token_info.scopes":                                   "scopes with their attributes since 3.0",
	"v2 token_request.clientCertificatePath":                 "a list since 3.0",
	"v2 token_request.properties":                            "a list of properties since 3.0",
}

// extras are the members that only we have.
var extras = map[string]string{
	"AuthorizationFailResponse.explanation":     "refusals explain themselves",
	"AuthorizationIssueResponse.explanation":    "refusals explain themselves",
	"AuthorizationResponse.explanation":         "refusals explain themselves",
	"ClientListResponse.resultCode":             "every answer has a result",
	"ClientListResponse.resultMessage":          "every answer has a result",
	"ClientRegistrationResponse.explanation":    "refusals explain themselves",
	"IntrospectionResponse.explanation":         "refusals explain themselves",
	"PushedAuthReqResponse.explanation":         "refusals explain themselves",
	"RevocationResponse.explanation":            "refusals explain themselves",
	"ServiceListResponse.resultCode":            "every answer has a result",
	"ServiceListResponse.resultMessage":         "every answer has a result",
	"StandardIntrospectionResponse.explanation": "refusals explain themselves",
	"TokenResponse.explanation":                 "refusals explain themselves",
	"UserInfoIssueResponse.explanation":         "refusals explain themselves",
	"UserInfoResponse.explanation":              "refusals explain themselves",
}

// A fact is one row of the published names.
type fact struct {
	version, kind, name, typ string
}

// readFacts reads all rows of the kind from both files of published names.
func readFacts(t *testing.T, kind string) []fact {
	t.Helper()
	var rows []fact
	for _, file := range []string{"testdata/facts.tsv", "testdata/java.tsv"} {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		sc := bufio.NewScanner(f)
		for sc.Scan() {
			col := strings.Split(sc.Text(), "\t")
			if strings.HasPrefix(col[0], "#") || col[1] != kind {
				continue
			}
			r := fact{version: col[0], kind: col[1], name: col[2], typ: col[3]}
			if kind == "enum" {
				r.typ = col[4]
			}
			rows = append(rows, r)
		}
		if err := sc.Err(); err != nil {
			t.Fatal(err)
		}
	}
	if len(rows) == 0 {
		t.Fatalf("no rows of kind %q", kind)
	}
	return rows
}

var words = regexp.MustCompile(`([a-z0-9])([A-Z])`)

// snake gives the 2.3 names (NamedUri) the form of the 3.0 names (named_uri).
func snake(name string) string {
	return strings.ToLower(words.ReplaceAllString(name, "${1}_${2}"))
}

// schemaTypes maps each published schema that has a document to its type.
func schemaTypes() map[string]reflect.Type {
	m := map[string]reflect.Type{}
	for _, d := range documents {
		for _, s := range d.schemas {
			m[s] = reflect.TypeOf(d.zero)
		}
	}
	return m
}

// members maps the JSON names of a document, embedded ones included, to their
// fields.
func members(typ reflect.Type) map[string]reflect.StructField {
	m := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(typ) {
		if !f.Anonymous {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			m[name] = f
		}
	}
	return m
}

// checker compares published names with the documents.
type checker struct {
	schemas map[string]reflect.Type
	used    map[string]bool // rows of lacking that were needed
}

// excused tells whether the difference is listed in lacking.
func (c *checker) excused(what string) bool {
	_, ok := lacking[what]
	c.used[what] = c.used[what] || ok
	return ok
}

// enum tells which of the values the type does not know.
func (c *checker) enum(typ reflect.Type, values string) error {
	v := reflect.New(typ).Elem()
	known, ok := v.Interface().(interface{ Known() bool })
	if !ok {
		return fmt.Errorf("%s is no enum, published values are %s", typ, values)
	}
	var missing []string
	for value := range strings.FieldsSeq(values) {
		v.SetString(value)
		known = v.Interface().(interface{ Known() bool })
		if !known.Known() && !c.excused(typ.Name()+" "+value) {
			missing = append(missing, value)
		}
	}
	if missing != nil {
		return fmt.Errorf("%s lacks %s", typ, strings.Join(missing, " "))
	}
	return nil
}

// typ tells how a published type and a Go type differ.
func (c *checker) typ(published string, typ reflect.Type) error {
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if inner, ok := strings.CutPrefix(published, "["); ok {
		if typ.Kind() != reflect.Slice {
			return fmt.Errorf("published as a list, here %s", typ)
		}
		return c.typ(strings.TrimSuffix(inner, "]"), typ.Elem())
	}
	if values, ok := strings.CutPrefix(published, "string{"); ok {
		if typ.Kind() != reflect.String {
			return fmt.Errorf("published as an enum, here %s", typ)
		}
		return c.enum(typ, strings.TrimSuffix(values, "}"))
	}
	ok := false
	switch published {
	case "string":
		ok = typ.Kind() == reflect.String
	case "boolean":
		ok = typ.Kind() == reflect.Bool
	case "integer", "integer:int32":
		ok = typ.Kind() == reflect.Int || typ.Kind() == reflect.Int64
	case "integer:int64":
		ok = typ.Kind() == reflect.Int64
	default:
		ok = c.schemas[snake(published)] == typ
	}
	if !ok {
		return fmt.Errorf("published as %s, here %s", published, typ)
	}
	return nil
}

// TestPublishedMembers: every published member of a schema is in its document
// and has the published type.
func TestPublishedMembers(t *testing.T) {
	c := checker{schemas: schemaTypes(), used: map[string]bool{}}
	met := map[string]bool{}
	waiting := map[string]bool{}
	for _, f := range readFacts(t, "field") {
		schema, member, _ := strings.Cut(f.name, ".")
		schema = snake(schema)
		typ, built := c.schemas[schema]
		if !built {
			i := slices.IndexFunc(notBuilt, func(n struct{ prefix, reason string }) bool {
				return strings.HasPrefix(schema, n.prefix)
			})
			if i < 0 {
				t.Errorf("%s %s: no document, and not listed in notBuilt", f.version, f.name)
				continue
			}
			waiting[notBuilt[i].prefix] = true
			continue
		}
		met[schema] = true
		field, ok := members(typ)[member]
		if !ok {
			if !c.excused(f.version + " " + schema + "." + member) {
				t.Errorf("%s %s: %s lacks the member", f.version, f.name, typ)
			}
			continue
		}
		if err := c.typ(f.typ, field.Type); err != nil && !c.excused(f.version+" "+schema+"."+member) {
			t.Errorf("%s %s: %v", f.version, f.name, err)
		}
	}
	for _, f := range readFacts(t, "enum") {
		v, ok := enums[snake(f.name)]
		if !ok {
			t.Errorf("%s %s: no type for the enum", f.version, f.name)
			continue
		}
		if err := c.enum(reflect.TypeOf(v), f.typ); err != nil {
			t.Errorf("%s %s: %v", f.version, f.name, err)
		}
	}
	for schema := range c.schemas {
		if !met[schema] {
			t.Errorf("documents: no such published schema: %s", schema)
		}
	}
	for _, n := range notBuilt {
		if n.reason == "" {
			t.Errorf("notBuilt: %s has no reason", n.prefix)
		}
		if !waiting[n.prefix] {
			t.Errorf("notBuilt: stale entry %s", n.prefix)
		}
		for schema := range c.schemas {
			if strings.HasPrefix(schema, n.prefix) {
				t.Errorf("notBuilt: %s is stale or too wide, %s has a document", n.prefix, schema)
			}
		}
	}
	for what, reason := range lacking {
		if !c.used[what] || reason == "" {
			t.Errorf("lacking: stale entry or no reason: %s", what)
		}
	}
}

// TestOnlyPublishedMembers: what is not published is one of our extras, so
// that no member is a misspelling.
func TestOnlyPublishedMembers(t *testing.T) {
	published := map[reflect.Type]map[string]bool{}
	schemas := schemaTypes()
	for _, f := range readFacts(t, "field") {
		schema, member, _ := strings.Cut(f.name, ".")
		if typ, ok := schemas[snake(schema)]; ok {
			if published[typ] == nil {
				published[typ] = map[string]bool{}
			}
			published[typ][member] = true
		}
	}
	used := map[string]bool{}
	for _, d := range documents {
		if d.schemas == nil {
			continue
		}
		typ := reflect.TypeOf(d.zero)
		var unknown []string
		for name := range members(typ) {
			if extra := typ.Name() + "." + name; !published[typ][name] {
				if extras[extra] == "" {
					unknown = append(unknown, name)
				}
				used[extra] = true
			}
		}
		sort.Strings(unknown)
		for _, name := range unknown {
			t.Errorf("%s.%s is neither published nor one of extras", typ.Name(), name)
		}
	}
	for extra := range extras {
		if !used[extra] {
			t.Errorf("extras: stale entry %s", extra)
		}
	}
}
