package httpapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/httpapi"
	"github.com/symbolon-auth/symbolon/internal/registry"
)

func attribute(key, value string) []doc {
	return []doc{{"name": "openid"}, {"name": "read", "attributes": []doc{{"key": key, "value": value}}}}
}

func on(member string) []doc { return []doc{{member: true}} }

// unbuiltValues are documents laid over the usual ones: values under which
// the built operations do what they should, and others.
var unbuiltValues = map[string]struct {
	harmless, harmful []doc
	key               bool // the client authenticates with private_key_jwt
}{
	"service.accessTokenSignAlg": {
		harmless: []doc{{"accessTokenSignAlg": "ES256"}, {"accessTokenSignAlg": "RS256"}},
		harmful:  []doc{{"accessTokenSignAlg": "HS256"}, {"accessTokenSignAlg": "ES256K"}, {"accessTokenSignAlg": "NONE"}},
	},
	"service.fapiModes": {
		harmless: []doc{{"fapiModes": []string{"FAPI2_SECURITY"}}},
		harmful:  []doc{{"fapiModes": []string{"FAPI1_BASELINE"}}, {"fapiModes": []string{"FAPI2_SECURITY", "FAPI2_MESSAGE_SIGNING_AUTH_RES"}}},
	},
	"service.haipVersion": {harmful: []doc{{"haipVersion": "1.0"}}},
	"service.supportedScopes.attributes": {
		harmless: []doc{{"supportedScopes": attribute("access_token.duration", "60")}, {"supportedScopes": attribute("fapi2", "sp")}},
		harmful: []doc{
			{"supportedScopes": attribute("fapi", "rw")}, {"supportedScopes": attribute("haip", "true")},
			{"supportedScopes": attribute("regex", "^read:.*$")}, {"supportedScopes": attribute("fapi2", "ms-authreq")},
		},
	},
	"service.frontChannelRequestObjectEncryptionRequired": {harmful: on("frontChannelRequestObjectEncryptionRequired")},
	"service.tlsClientCertificateBoundAccessTokens":       {harmful: on("tlsClientCertificateBoundAccessTokens")},
	"service.singleAccessTokenPerSubject":                 {harmful: on("singleAccessTokenPerSubject")},
	"service.idTokenReissuable":                           {harmful: on("idTokenReissuable")},
	"service.missingClientIdAllowed":                      {harmful: on("missingClientIdAllowed")},
	"service.grantManagementActionRequired":               {harmful: on("grantManagementActionRequired")},
	"service.clientIdMetadataDocumentSupported":           {harmful: on("clientIdMetadataDocumentSupported")},
	"service.federationEnabled":                           {harmful: on("federationEnabled")},
	"service.verifiableCredentialsEnabled":                {harmful: on("verifiableCredentialsEnabled")},
	"service.dcrDuplicateSoftwareIdBlocked":               {harmful: on("dcrDuplicateSoftwareIdBlocked")},
	"service.nativeSsoSupported":                          {harmful: on("nativeSsoSupported")},
	"service.rsResponseSigned":                            {harmful: on("rsResponseSigned")},

	"client.tokenAuthMethod": {
		harmless: []doc{{"tokenAuthMethod": "CLIENT_SECRET_POST"}, {"tokenAuthMethod": "NONE"}},
		harmful:  []doc{{"tokenAuthMethod": "TLS_CLIENT_AUTH"}, {"tokenAuthMethod": "SELF_SIGNED_TLS_CLIENT_AUTH"}, {"tokenAuthMethod": "CLIENT_SECRET_JWT"}},
	},
	"client.tokenAuthSignAlg": {
		harmless: []doc{{"tokenAuthSignAlg": "ES256"}, {"tokenAuthSignAlg": "PS256"}},
		harmful:  []doc{{"tokenAuthSignAlg": "HS256"}, {"tokenAuthSignAlg": "ES256K"}},
		key:      true,
	},
	"client.jwksUri": {
		harmless: []doc{{"jwks": nil, "jwksUri": "https://client.example/jwks", "tokenAuthMethod": "CLIENT_SECRET_BASIC"}},
		harmful:  []doc{{"jwks": nil, "jwksUri": "https://client.example/jwks"}},
		key:      true,
	},
	"client.fapiModes": {
		harmless: []doc{{"fapiModes": []string{"FAPI2_SECURITY"}}},
		harmful:  []doc{{"fapiModes": []string{"FAPI1_ADVANCED"}}},
	},
	"client.haipVersion":    {harmful: []doc{{"haipVersion": "1.0"}}},
	"client.idTokenSignAlg": {harmless: []doc{{"idTokenSignAlg": "RS256"}}, harmful: []doc{{"idTokenSignAlg": "HS256"}, {"idTokenSignAlg": "NONE"}}},

	"client.idTokenEncryptionAlg":                        {harmful: []doc{{"idTokenEncryptionAlg": "RSA_OAEP_256"}}},
	"client.userInfoSignAlg":                             {harmful: []doc{{"userInfoSignAlg": "ES256"}, {"userInfoSignAlg": "NONE"}}},
	"client.userInfoEncryptionAlg":                       {harmful: []doc{{"userInfoEncryptionAlg": "ECDH_ES"}}},
	"client.subjectType":                                 {harmless: []doc{{"subjectType": "PUBLIC"}}, harmful: []doc{{"subjectType": "PAIRWISE"}}},
	"client.frontChannelRequestObjectEncryptionRequired": {harmful: on("frontChannelRequestObjectEncryptionRequired")},
	"client.tlsClientCertificateBoundAccessTokens":       {harmful: on("tlsClientCertificateBoundAccessTokens")},
	"client.singleAccessTokenPerSubject":                 {harmful: on("singleAccessTokenPerSubject")},
	"client.rsRequestSigned":                             {harmful: on("rsRequestSigned")},
}

// builtOperations are the operations that a member may block.
var builtOperations = []registry.Operation{
	registry.Authorization, registry.AuthorizationIssue, registry.AuthorizationFail, registry.PushedAuthReq, registry.Token,
	registry.Introspection, registry.StandardIntrospection, registry.Revocation, registry.UserInfo, registry.UserInfoIssue,
	registry.ClientRegistration, registry.ClientRegistrationGet, registry.ClientRegistrationUpdate, registry.ClientRegistrationDelete,
}

// TestUnbuiltMembers sets every member of a feature that is not built, to
// harmless and to harmful values, and calls every operation.
func TestUnbuiltMembers(t *testing.T) {
	t.Parallel()
	rows := map[string]bool{}
	e := enginetest.Start(t)
	for _, row := range registry.UnbuiltMembers() {
		rows[row.Member] = true
		values, ok := unbuiltValues[row.Member]
		if !ok || len(values.harmful) == 0 {
			t.Errorf("%s is tried with no harmful value", row.Member)
			continue
		}
		t.Run(row.Member, func(t *testing.T) {
			t.Parallel()
			for _, d := range append(values.harmless, doc{}) {
				blocks(t, e, row.Member, d, values.key, nil)
			}
			for _, d := range values.harmful {
				blocks(t, e, row.Member, d, values.key, row.Blocks)
			}
		})
	}
	for member := range unbuiltValues {
		if !rows[member] {
			t.Errorf("%s is in no table", member)
		}
	}
}

// blocks sets members of the service or client and checks which operations
// they block. What the calls refer to was made before.
func blocks(t *testing.T, e *enginetest.Engine, member string, set doc, key bool, blocked []registry.Operation) {
	t.Helper()
	s := e.For(t).NewService(enginetest.QuickService())
	make := s.NewClient
	if key {
		make = s.NewKeyClient
	}
	c := make(enginetest.BaseClient())
	calls := callsOf(c)
	if strings.HasPrefix(member, "service.") {
		s.Update(enginetest.With(s.Doc, set))
	} else if a := c.Do("client/update/"+c.ID, enginetest.With(c.Doc, set)); a.Status != http.StatusOK {
		t.Fatalf("client/update: %d %s", a.Status, a.Body)
	}
	for _, op := range builtOperations {
		a := c.Do(string(op), calls[op]())
		named := a.Status == http.StatusForbidden && a.Text("resultCode") == "A001223" && strings.Contains(a.Text("resultMessage"), member)
		switch {
		case slices.Contains(blocked, op) && !named:
			t.Errorf("%v does not block %s: %d %s", set, op, a.Status, a.Body)
		case !slices.Contains(blocked, op) && a.Status != http.StatusOK:
			t.Errorf("%v blocks %s: %d %s", set, op, a.Status, a.Body)
		}
	}
}

// callsOf prepares one call of every operation.
func callsOf(c *enginetest.Client) map[registry.Operation]func() doc {
	issue, fail, access := c.Ticket(), c.Ticket(), c.Tokens().Text("accessToken")
	always := func(d doc) func() doc { return func() doc { return d } }
	return map[registry.Operation]func() doc{
		registry.Authorization:         func() doc { return doc{"parameters": c.Request()} },
		registry.AuthorizationIssue:    always(doc{"ticket": issue, "subject": "1001"}),
		registry.AuthorizationFail:     always(doc{"ticket": fail, "reason": "DENIED"}),
		registry.PushedAuthReq:         func() doc { return c.Auth(c.Request(), nil) },
		registry.Token:                 func() doc { return c.Auth("grant_type=client_credentials", nil) },
		registry.Introspection:         always(doc{"token": access}),
		registry.StandardIntrospection: always(doc{"parameters": enginetest.Form("token", access)}),
		registry.Revocation:            func() doc { return c.Auth("token=unknown", nil) },
		registry.UserInfo:              always(doc{"token": access}),
		registry.UserInfoIssue:         always(doc{"token": access}),

		registry.ClientRegistration:       always(doc{"json": "{}"}),
		registry.ClientRegistrationGet:    always(doc{"clientId": c.ID}),
		registry.ClientRegistrationUpdate: always(doc{"clientId": c.ID, "json": "{}"}),
		registry.ClientRegistrationDelete: always(doc{"clientId": c.ID}),
	}
}

// TestUnbuiltRoutes: a route without a handler says so to who may call it,
// in both path styles, and nothing to others.
func TestUnbuiltRoutes(t *testing.T) {
	t.Parallel()
	s := enginetest.Start(t).NewService(enginetest.QuickService())
	c := s.NewClient(enginetest.BaseClient())
	own := s.Call("POST", "/api/servicetoken/create", enginetest.RootToken, doc{"serviceId": s.ID})
	if own.Text("accessToken") == "" {
		t.Fatalf("servicetoken/create: %s", own.Body)
	}
	id := strconv.FormatInt(s.ID, 10)
	fill := strings.NewReplacer("{serviceId}", id, "{clientId}", c.ID, "{subject}", "1001", "{handle}", "h", "{token}", "t", "{requestId}", "r")
	n := 0
	for _, r := range httpapi.Routes() {
		if r.Built {
			continue
		}
		n++
		v3 := fill.Replace(r.Path)
		v2 := strings.Replace(v3, "/api/"+id, "/api", 1)
		basic := func(q *http.Request) { q.SetBasicAuth(id, enginetest.Text(s.Doc, "apiSecret")) }
		bearer := func(token string) func(*http.Request) {
			return func(q *http.Request) { q.Header.Set("Authorization", "Bearer "+token) }
		}
		v2Credentials := basic
		switch {
		case v2 == v3: // of the server
			v2Credentials = func(q *http.Request) { q.SetBasicAuth("0", enginetest.RootToken) }
		case r.Right == "MODIFY_SERVICE": // not among the rights of a service's own credentials
			v2Credentials = bearer(own.Text("accessToken"))
		}
		for _, x := range []struct {
			path        string
			credentials func(*http.Request)
			status      int
			code        string
		}{
			{v3, bearer(enginetest.RootToken), http.StatusForbidden, "A001223"},
			{v2, v2Credentials, http.StatusForbidden, "A001223"},
			{"/some/prefix" + v3 + "/", bearer(enginetest.RootToken), http.StatusForbidden, "A001223"},
			{v3, func(*http.Request) {}, http.StatusUnauthorized, ""},
			{v2, func(*http.Request) {}, http.StatusUnauthorized, ""},
			{v3, bearer("not-a-token"), http.StatusUnauthorized, ""},
			{v2, func(q *http.Request) { q.SetBasicAuth(id, "wrong") }, http.StatusUnauthorized, ""},
		} {
			q := httptest.NewRequest(r.Method, x.path, strings.NewReader("{}"))
			x.credentials(q)
			a := s.Raw(q)
			if a.Status != x.status || x.code != "" && a.Text("resultCode") != x.code {
				t.Errorf("%s %s with %q: %d %s", r.Method, x.path, fmt.Sprint(q.Header["Authorization"]), a.Status, a.Body)
			}
		}
	}
	if n == 0 {
		t.Error("every route is built: this test is done")
	}
}
