package wire

import (
	"encoding/json"
	"testing"
)

// checkSpecs demands that the table of an enum translates both ways.
func checkSpecs[T ~string](t *testing.T, table specs[T], spec func(T) string, fromSpec func(string) (T, bool)) {
	t.Helper()
	for _, r := range table {
		if got := spec(r.name); got != r.spec || got == "" {
			t.Errorf("%T: the spec of %s is %q, want %q", r.name, r.name, got, r.spec)
		}
		if got, ok := fromSpec(r.spec); !ok || got != r.name {
			t.Errorf("%T: %q is %q, %t; want %q", r.name, r.spec, got, ok, r.name)
		}
		if got, ok := fromSpec(string(r.name)); ok && string(r.name) != r.spec {
			t.Errorf("%T: the name %s passes as a spec, of %s", r.name, r.name, got)
		}
	}
	if got := spec("no such name"); got != "" {
		t.Errorf("%T: an unknown name has the spec %q", table[0].name, got)
	}
	if got, ok := fromSpec(""); ok {
		t.Errorf("%T: an empty spec is %s", table[0].name, got)
	}
}

func TestSpecs(t *testing.T) {
	checkSpecs(t, applicationTypes, ApplicationType.Spec, ApplicationTypeFromSpec)
	checkSpecs(t, attachmentTypes, AttachmentType.Spec, AttachmentTypeFromSpec)
	checkSpecs(t, claimTypes, ClaimType.Spec, ClaimTypeFromSpec)
	checkSpecs(t, clientAuthMethods, ClientAuthMethod.Spec, ClientAuthMethodFromSpec)
	checkSpecs(t, clientRegistrationTypes, ClientRegistrationType.Spec, ClientRegistrationTypeFromSpec)
	checkSpecs(t, compressionAlgs, CompressionAlg.Spec, CompressionAlgFromSpec)
	checkSpecs(t, deliveryModes, DeliveryMode.Spec, DeliveryModeFromSpec)
	checkSpecs(t, displays, Display.Spec, DisplayFromSpec)
	checkSpecs(t, gmActions, GMAction.Spec, GMActionFromSpec)
	checkSpecs(t, grantTypes, GrantType.Spec, GrantTypeFromSpec)
	checkSpecs(t, jweAlgs, JWEAlg.Spec, JWEAlgFromSpec)
	checkSpecs(t, jweEncs, JWEEnc.Spec, JWEEncFromSpec)
	checkSpecs(t, jwsAlgs, JWSAlg.Spec, JWSAlgFromSpec)
	checkSpecs(t, prompts, Prompt.Spec, PromptFromSpec)
	checkSpecs(t, responseModes, ResponseMode.Spec, ResponseModeFromSpec)
	checkSpecs(t, responseTypes, ResponseType.Spec, ResponseTypeFromSpec)
	checkSpecs(t, subjectTypes, SubjectType.Spec, SubjectTypeFromSpec)
	checkSpecs(t, tokenTypes, TokenType.Spec, TokenTypeFromSpec)
}

// TestSpecsOfSpecifications pins a few strings that no rule would give.
func TestSpecsOfSpecifications(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{GrantTypeCIBA.Spec(), "urn:openid:params:grant-type:ciba"},
		{GrantTypePreAuthorizedCode.Spec(), "urn:ietf:params:oauth:grant-type:pre-authorized_code"},
		{ResponseModeFormPostJWT.Spec(), "form_post.jwt"},
		{JWSAlgNone.Spec(), "none"},
		{JWEAlgRSAOAEP256.Spec(), "RSA-OAEP-256"},
		{JWEAlgRSA15.Spec(), "RSA1_5"},
		{JWEAlgECDHESA128KW.Spec(), "ECDH-ES+A128KW"},
		{JWEAlgPBES2HS512A256KW.Spec(), "PBES2-HS512+A256KW"},
		{JWEEncA128CBCHS256.Spec(), "A128CBC-HS256"},
		{TokenTypeDeviceSecret.Spec(), "urn:openid:params:token-type:device-secret"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestResponseTypeFromSpec(t *testing.T) {
	for spec, want := range map[string]ResponseType{
		"code":                    ResponseTypeCode,
		"code id_token":           ResponseTypeCodeIDToken,
		"id_token code":           ResponseTypeCodeIDToken,
		"token id_token":          ResponseTypeIDTokenToken,
		"token id_token code":     ResponseTypeCodeIDTokenToken,
		"id_token token code":     ResponseTypeCodeIDTokenToken,
		"code code":               "",
		"code  id_token":          "",
		" code":                   "",
		"Code":                    "",
		"none code":               "",
		"code id_token token x":   "",
		"code,id_token":           "",
		"code\tid_token":          "",
		"code id_token code":      "",
		"id_token id_token token": "",
	} {
		if got, ok := ResponseTypeFromSpec(spec); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %t; want %q", spec, got, ok, want)
		}
	}
}

// TestUnknown: a name that nobody published is not known.
func TestUnknown(t *testing.T) {
	for _, known := range []bool{
		GrantType("").Known(), GrantType("authorization_code").Known(), // a table with specs
		Permission("").Known(), Permission("use_service").Known(), // a table without
	} {
		if known {
			t.Error("an unknown name is known")
		}
	}
}

// TestFoldedNames: names are read in any case of ASCII letters, and in no
// other spelling that Unicode takes for the same.
func TestFoldedNames(t *testing.T) {
	t.Parallel()
	for text, known := range map[string]bool{
		"PRIVATE_KEY_JWT": true, "private_key_jwt": true, "Private_Key_JWT": true, "private_\u212aey_jwt": false,
	} {
		var m ClientAuthMethod
		if err := json.Unmarshal([]byte(`"`+text+`"`), &m); (err == nil) != known || known && m != ClientAuthMethodPrivateKeyJWT {
			t.Errorf("%s: %q, %v", text, m, err)
		}
	}
	for text, known := range map[string]bool{"USE_SERVICE": true, "use_Service": true, "u\u017fe_service": false} {
		var p Permission
		if err := json.Unmarshal([]byte(`"`+text+`"`), &p); (err == nil) != known || known && p != PermissionUseService {
			t.Errorf("%s: %q, %v", text, p, err)
		}
	}
}
