package compat

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"

	v2 "github.com/authlete/openapi-for-go"
	v3 "github.com/authlete/openapi-for-go/v3"
)

// openAPI drives either generated client: their methods and models have the
// same names, but are different types.
type openAPI struct {
	t       testing.TB
	wire    *wire
	client  any
	owner   context.Context
	service context.Context
	id      string // of the service
	inPath  bool   // calls take the service's id
}

func newOpenAPI(t testing.TB, version int) *openAPI {
	w := &wire{t: t}
	o := &openAPI{t: t, wire: w, inPath: version == 3}
	if version == 2 {
		c := v2.NewConfiguration()
		c.Servers[0].URL, c.HTTPClient = engine, &http.Client{Transport: w}
		o.client = v2.NewAPIClient(c)
		o.owner = context.WithValue(t.Context(), v2.ContextBasicAuth, v2.BasicAuth{UserName: "0", Password: root})
	} else {
		c := v3.NewConfiguration()
		c.Servers[0].URL, c.HTTPClient = engine, &http.Client{Transport: w}
		o.client = v3.NewAPIClient(c)
		o.owner = context.WithValue(t.Context(), v3.ContextAccessToken, root)
	}
	s := o.must(o.owner, "ServiceCreateApi", doc{
		"serviceName": "OpenAPI", "issuer": issuer, "tokenEndpoint": issuer + "/token", "registrationEndpoint": issuer + "/register",
		"supportedGrantTypes": []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS"}, "supportedResponseTypes": []string{"CODE"},
		"supportedScopes": []doc{{"name": "openid"}, {"name": "profile", "description": "who you are"}, {"name": "read"}},
		"supportedClaims": []string{"name", "email"}, "dynamicRegistrationSupported": true, "accessTokenDuration": 600, "refreshTokenDuration": 6000,
	}, nil)
	o.id = number(s["apiKey"])
	if version == 2 {
		o.service = context.WithValue(t.Context(), v2.ContextBasicAuth, v2.BasicAuth{UserName: o.id, Password: s["apiSecret"].(string)})
	} else {
		o.service = o.owner
	}
	return o
}

func number(v any) string { return strconv.FormatFloat(v.(float64), 'f', -1, 64) }

// self stands for the service's id among the arguments of a call; it is one
// in version 3 alone.
const self = "the service"

// call makes the request of an operation, fills it and executes it. body is
// read into the operation's own model; what comes back went through one, too.
func (o *openAPI) call(ctx context.Context, name string, body doc, query map[string]any, args ...string) (doc, error) {
	o.t.Helper()
	method := o.method(name)
	values := []reflect.Value{reflect.ValueOf(ctx)}
	for _, a := range args {
		if a == self {
			if !o.inPath {
				continue
			}
			a = o.id
		}
		values = append(values, reflect.ValueOf(a))
	}
	if method.Type().NumIn() != len(values) {
		o.t.Fatalf("%s takes %d arguments, given %d", name, method.Type().NumIn(), len(values))
	}
	q := method.Call(values)[0]
	for member, v := range query {
		q = q.MethodByName(member).Call([]reflect.Value{reflect.ValueOf(v)})[0]
	}
	if body != nil {
		q = o.fill(name, q, body)
	}
	out := q.MethodByName("Execute").Call(nil)
	if err, _ := out[len(out)-1].Interface().(error); err != nil {
		return nil, err
	}
	if len(out) == 2 {
		return nil, nil
	}
	text, err := json.Marshal(out[0].Interface())
	if err != nil {
		o.t.Fatal(err)
	}
	return object(o.t, string(text)), nil
}

// method finds an operation among the parts of the client.
func (o *openAPI) method(name string) reflect.Value {
	o.t.Helper()
	c := reflect.ValueOf(o.client).Elem()
	for i := range c.NumField() {
		if m := c.Field(i).MethodByName(name); c.Type().Field(i).IsExported() && m.IsValid() {
			return m
		}
	}
	o.t.Fatalf("the client has no %s", name)
	panic("unreachable")
}

// fill hands the body to the only setter that takes a model.
func (o *openAPI) fill(name string, q reflect.Value, body doc) reflect.Value {
	o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	for i := range q.NumMethod() {
		if f := q.Method(i); f.Type().NumIn() == 1 && f.Type().In(0).Kind() == reflect.Struct {
			model := reflect.New(f.Type().In(0))
			if err := json.Unmarshal(text, model.Interface()); err != nil {
				o.t.Fatalf("%s: %v", name, err)
			}
			return f.Call([]reflect.Value{model.Elem()})[0]
		}
	}
	o.t.Fatalf("%s takes no body", name)
	panic("unreachable")
}

func (o *openAPI) must(ctx context.Context, name string, body doc, query map[string]any, args ...string) doc {
	o.t.Helper()
	d, err := o.call(ctx, name, body, query, args...)
	if err != nil {
		o.t.Fatalf("%s: %v: %s", name, err, o.wire.last().answer)
	}
	return d
}

func (o *openAPI) do(name string, body doc, args ...string) doc {
	o.t.Helper()
	return o.must(o.service, name, body, nil, append(args, self)...)
}

func newClient(more doc) doc {
	d := doc{
		"clientName": "an app", "clientType": "CONFIDENTIAL", "tokenAuthMethod": "CLIENT_SECRET_BASIC", "redirectUris": []string{redirect},
		"grantTypes": []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS"}, "responseTypes": []string{"CODE"}, "idTokenSignAlg": "ES256",
	}
	for k, v := range more {
		d[k] = v
	}
	return d
}

func TestOpenAPIv2(t *testing.T) { testOpenAPI(t, 2) }
func TestOpenAPIv3(t *testing.T) { testOpenAPI(t, 3) }

func testOpenAPI(t *testing.T, version int) {
	o := newOpenAPI(t, version)
	client := o.do("ClientCreateApi", newClient(nil))
	id, secret := number(client["clientId"]), client["clientSecret"]
	authorize := func(more ...string) doc {
		return o.do("AuthAuthorizationApi", doc{"parameters": form(append([]string{
			"response_type", "code", "client_id", id, "redirect_uri", redirect, "scope", "openid profile read", "state", "s t"}, more...)...)})
	}
	code := func(issue doc) string {
		issue["ticket"], issue["subject"] = authorize()["ticket"], "1001"
		return o.do("AuthAuthorizationIssueApi", issue)["authorizationCode"].(string)
	}
	token := func(parameters ...string) doc {
		return o.do("AuthTokenApi", doc{"parameters": form(parameters...), "clientId": id, "clientSecret": secret})
	}
	exchange := func(issue doc) doc {
		return token("grant_type", "authorization_code", "code", code(issue), "redirect_uri", redirect)
	}
	run := func(name string, f func(t *testing.T)) {
		t.Run(name, func(t *testing.T) {
			o.t, o.wire.t = t, t
			defer func() { o.t, o.wire.t = nil, nil }()
			f(t)
		})
	}

	run("services", func(t *testing.T) {
		made := o.must(o.owner, "ServiceCreateApi", doc{"serviceName": "another", "issuer": "https://other.example"}, nil)
		key := number(made["apiKey"])
		same(t, "made", []any{made["serviceName"], made["issuer"]}, []any{"another", "https://other.example"})
		same(t, "read", o.must(o.owner, "ServiceGetApi", nil, nil, key), made)
		list := o.must(o.owner, "ServiceGetListApi", nil, map[string]any{"Start": int32(0), "End": int32(100)})
		found := false
		for _, s := range list["services"].([]any) {
			found = found || number(s.(doc)["apiKey"]) == key
		}
		if !found || list["totalCount"].(float64) < 2 {
			t.Errorf("list: %v", list)
		}
		updated := o.must(o.owner, "ServiceUpdateApi", doc{"serviceName": "renamed", "accessTokenDuration": 77}, nil, key)
		same(t, "updated", []any{updated["serviceName"], updated["accessTokenDuration"], updated["issuer"]}, []any{"renamed", 77, nil})
		same(t, "read", o.must(o.owner, "ServiceGetApi", nil, nil, key), updated)
		o.must(o.owner, "ServiceDeleteApi", nil, nil, key)
		same(t, "status", o.wire.last().status, http.StatusNoContent)
		if _, err := o.call(o.owner, "ServiceGetApi", nil, nil, key); err == nil || o.wire.last().status != http.StatusNotFound {
			t.Errorf("after delete: %v", o.wire.last())
		}
	})
	run("clients", func(t *testing.T) {
		made := o.do("ClientCreateApi", newClient(doc{"clientName": "short-lived", "developer": "jane"}))
		other := number(made["clientId"])
		same(t, "made", []any{made["clientName"], made["clientType"], made["tokenAuthMethod"], made["redirectUris"]}, []any{"short-lived", "CONFIDENTIAL", "CLIENT_SECRET_BASIC", []string{redirect}})
		same(t, "read", o.do("ClientGetApi", nil, other), made)
		hers := o.must(o.service, "ClientGetListApi", nil, map[string]any{"Developer": "jane", "Start": int32(0), "End": int32(1)}, self)
		same(t, "hers", []any{hers["start"], hers["end"], hers["totalCount"], hers["clients"]}, []any{0, 1, 1, []any{made}})
		same(t, "all", o.do("ClientGetListApi", nil)["totalCount"], 2)
		updated := o.do("ClientUpdateApi", newClient(doc{"clientName": "renamed", "idTokenSignAlg": "RS256"}), other)
		same(t, "updated", []any{updated["clientName"], updated["idTokenSignAlg"], updated["developer"]}, []any{"renamed", "RS256", nil})
		same(t, "read", o.do("ClientGetApi", nil, other), updated)
		o.do("ClientDeleteApi", nil, other)
		same(t, "status", o.wire.last().status, http.StatusNoContent)
		same(t, "left", o.do("ClientGetListApi", nil)["totalCount"], 1)
	})
	run("secret and lock", func(t *testing.T) {
		made := o.do("ClientCreateApi", newClient(nil))
		other := number(made["clientId"])
		enters := func(secret any) any {
			return o.do("AuthTokenApi", doc{"parameters": "grant_type=client_credentials", "clientId": other, "clientSecret": secret})["action"]
		}
		refreshed := o.do("ClientSecretRefreshApi", nil, other)
		same(t, "refreshed", []any{refreshed["oldClientSecret"], enters(made["clientSecret"]), enters(refreshed["newClientSecret"])}, []any{made["clientSecret"], "INVALID_CLIENT", "OK"})
		updated := o.do("ClientSecretUpdateApi", doc{"clientSecret": "chosen"}, other)
		same(t, "updated", []any{updated["oldClientSecret"], updated["newClientSecret"], enters("chosen")}, []any{refreshed["newClientSecret"], "chosen", "OK"})
		o.do("ClientFlagUpdateApi", doc{"clientLocked": true}, other)
		same(t, "locked", enters("chosen"), "INVALID_CLIENT")
		o.do("ClientFlagUpdateApi", doc{"clientLocked": false}, other)
		same(t, "unlocked", enters("chosen"), "OK")
		o.do("ClientDeleteApi", nil, other)
	})
	run("info", func(t *testing.T) {
		info := o.must(o.owner, "InfoApi", nil, nil)
		features, _ := json.Marshal(info["features"])
		if info["version"] == "" || !strings.Contains(string(features), `"PUSHED_AUTHORIZATION_REQUESTS"`) {
			t.Errorf("%v", info)
		}
	})
	run("discovery and keys", func(t *testing.T) {
		d := o.must(o.service, "ServiceConfigurationApi", nil, map[string]any{"Pretty": true}, self)
		same(t, "discovery", []any{d["issuer"], d["token_endpoint"], d["response_types_supported"]}, []any{issuer, issuer + "/token", []string{"code"}})
		for _, private := range []bool{false, true} {
			keys := o.must(o.service, "ServiceJwksGetApi", nil, map[string]any{"IncludePrivateKeys": private}, self)["keys"].([]any)
			same(t, "keys", len(keys), 2)
			for _, k := range keys {
				if _, has := k.(doc)["d"]; has != private || k.(doc)["kid"] == nil {
					t.Errorf("private %v: %v", private, k)
				}
			}
		}
	})
	run("authorization request", func(t *testing.T) {
		a := authorize("prompt", "login", "max_age", "300", "ui_locales", "ja en", "acr_values", "gold", "login_hint", "john")
		same(t, "request", []any{a["action"], a["resultCode"], a["prompts"], a["maxAge"], a["uiLocales"], a["acrs"], a["loginHint"]},
			[]any{"INTERACTION", "A004001", []string{"LOGIN"}, 300, []string{"ja", "en"}, []string{"gold"}, "john"})
		same(t, "scopes", a["scopes"], []doc{{"name": "openid"}, {"name": "profile", "description": "who you are"}, {"name": "read"}})
		same(t, "client", []any{a["client"].(doc)["clientId"], a["client"].(doc)["clientName"]}, []any{client["clientId"], "an app"})
		same(t, "service", number(a["service"].(doc)["apiKey"]), o.id)
		// An int32 in these clients; a browser can ask for anything.
		same(t, "max_age", authorize("max_age", "99999999999")["maxAge"], 1<<31-1)
		f := o.do("AuthAuthorizationFailApi", doc{"ticket": a["ticket"], "reason": "DENIED"})
		same(t, "fail", f["action"], "LOCATION")
		q := query(t, f["responseContent"].(string))
		same(t, "error", []string{q.Get("error"), q.Get("state"), q.Get("iss")}, []string{"access_denied", "s t", issuer})
		refused := authorize("redirect_uri", "https://evil.example/")
		same(t, "refused", []any{refused["action"], object(t, refused["responseContent"].(string))["error"]}, []any{"BAD_REQUEST", "invalid_request"})
	})
	run("tokens", func(t *testing.T) {
		// These clients send authTime as text.
		spent := code(doc{"authTime": "1700000000", "acr": "gold", "claims": `{"name":"John"}`, "properties": []doc{{"key": "p", "value": "v"}}})
		r := token("grant_type", "authorization_code", "code", spent, "redirect_uri", redirect)
		same(t, "token", []any{r["action"], r["grantType"], r["subject"], r["clientId"], r["scopes"], r["clientAuthMethod"], r["accessTokenDuration"], r["refreshTokenDuration"]},
			[]any{"OK", "AUTHORIZATION_CODE", "1001", client["clientId"], []string{"openid", "profile", "read"}, "CLIENT_SECRET_BASIC", 600, 6000})
		in(t, "expiry", int64(r["accessTokenExpiresAt"].(float64)), 600)
		content := object(t, r["responseContent"].(string))
		same(t, "content", []any{content["access_token"], content["refresh_token"], content["id_token"], content["p"]}, []any{r["accessToken"], r["refreshToken"], r["idToken"], "v"})
		c := claims(t, r["idToken"].(string))
		same(t, "ID token", []any{c["iss"], c["sub"], c["aud"], c["name"], c["acr"], c["auth_time"]}, []any{issuer, "1001", []string{id}, "John", "gold", 1700000000})
		again := token("grant_type", "refresh_token", "refresh_token", r["refreshToken"].(string), "scope", "read")
		same(t, "refreshed", []any{again["action"], again["grantType"], again["subject"], again["scopes"]}, []any{"OK", "REFRESH_TOKEN", "1001", []string{"read"}})
		twice := token("grant_type", "authorization_code", "code", spent, "redirect_uri", redirect)
		same(t, "twice", []any{twice["action"], object(t, twice["responseContent"].(string))["error"]}, []any{"BAD_REQUEST", "invalid_grant"})
		machine := token("grant_type", "client_credentials", "scope", "read")
		same(t, "machine", []any{machine["action"], machine["subject"], machine["scopes"]}, []any{"OK", nil, []string{"read"}})
	})
	run("introspection and revocation", func(t *testing.T) {
		access := exchange(doc{"properties": []doc{{"key": "k", "value": "v"}}})["accessToken"].(string)
		i := o.do("AuthIntrospectionApi", doc{"token": access, "scopes": []string{"read"}})
		same(t, "token", []any{i["action"], i["usable"], i["sufficient"], i["subject"], i["clientId"], i["scopes"], i["properties"]},
			[]any{"OK", true, true, "1001", client["clientId"], []string{"openid", "profile", "read"}, []doc{{"key": "k", "value": "v"}}})
		more := o.do("AuthIntrospectionApi", doc{"token": access, "scopes": []string{"write"}})
		same(t, "more", more["action"], "FORBIDDEN")
		standard := func() doc {
			return object(t, o.do("AuthIntrospectionStandardApi", doc{"parameters": form("token", access)})["responseContent"].(string))
		}
		s := standard()
		same(t, "standard", []any{s["active"], s["sub"], s["client_id"], s["scope"]}, []any{true, "1001", id, "openid profile read"})
		// A flag that these clients send as text.
		hidden := exchange(doc{"properties": []doc{{"key": "h", "value": "v", "hidden": true}}})["accessToken"].(string)
		for flag, want := range map[string]any{"true": "v", "false": nil} {
			r := o.do("AuthIntrospectionStandardApi", doc{"parameters": form("token", hidden), "withHiddenProperties": flag})
			same(t, "hidden, "+flag, object(t, r["responseContent"].(string))["h"], want)
		}
		r := o.do("AuthRevocationApi", doc{"parameters": form("token", access), "clientId": id, "clientSecret": secret})
		same(t, "revoked", r["action"], "OK")
		same(t, "after", standard(), doc{"active": false})
		stranger := o.do("AuthRevocationApi", doc{"parameters": form("token", access), "clientId": id, "clientSecret": "wrong"})
		same(t, "stranger", stranger["action"], "INVALID_CLIENT")
	})
	run("userinfo", func(t *testing.T) {
		access := exchange(doc{})["accessToken"]
		u := o.do("AuthUserinfoApi", doc{"token": access})
		same(t, "token", []any{u["action"], u["subject"], u["clientId"], u["token"]}, []any{"OK", "1001", client["clientId"], access})
		r := o.do("AuthUserinfoIssueApi", doc{"token": access, "claims": `{"name":"John"}`})
		same(t, "response", []any{r["action"], object(t, r["responseContent"].(string))}, []any{"JSON", doc{"sub": "1001", "name": "John"}})
	})
	run("pushed request", func(t *testing.T) {
		p := o.do("PushedAuthReqApi", doc{"parameters": form("response_type", "code", "client_id", id, "redirect_uri", redirect, "scope", "read"), "clientId": id, "clientSecret": secret})
		same(t, "pushed", []any{p["action"], object(t, p["responseContent"].(string))["request_uri"]}, []any{"CREATED", p["requestUri"]})
		a := o.do("AuthAuthorizationApi", doc{"parameters": form("client_id", id, "request_uri", p["requestUri"].(string))})
		same(t, "request", []any{a["action"], a["scopes"]}, []any{"INTERACTION", []doc{{"name": "read"}}})
	})
	run("registration", func(t *testing.T) {
		metadata := func(more doc) string {
			d := doc{"client_name": "dyn", "redirect_uris": []string{redirect}, "id_token_signed_response_alg": "ES256"}
			for k, v := range more {
				d[k] = v
			}
			text, _ := json.Marshal(d)
			return string(text)
		}
		made := o.do("ClientRegistrationApi", doc{"json": metadata(nil)})
		d := object(t, made["responseContent"].(string))
		same(t, "made", []any{made["action"], d["client_name"], made["client"].(doc)["dynamicallyRegistered"]}, []any{"CREATED", "dyn", true})
		of := func(more doc) doc {
			x := doc{"clientId": d["client_id"], "token": d["registration_access_token"]}
			for k, v := range more {
				x[k] = v
			}
			return x
		}
		read := o.do("ClientRegistrationGetApi", of(nil))
		same(t, "read", []any{read["action"], object(t, read["responseContent"].(string))["client_id"]}, []any{"OK", d["client_id"]})
		updated := o.do("ClientRegistrationUpdateApi", of(doc{"json": metadata(doc{"client_id": d["client_id"], "client_secret": d["client_secret"], "client_name": "dyn 2"})}))
		same(t, "updated", []any{updated["action"], object(t, updated["responseContent"].(string))["client_name"]}, []any{"UPDATED", "dyn 2"})
		same(t, "deleted", o.do("ClientRegistrationDeleteApi", of(nil))["action"], "DELETED")
		same(t, "after", o.do("ClientRegistrationGetApi", of(nil))["action"], "BAD_REQUEST")
	})

	// What is not built. Once an operation is, its line fails; then it goes
	// away and a test above takes its place.
	type call struct {
		name string
		body doc
		args []string
	}
	ticket, subject := doc{"ticket": "t"}, doc{"subject": "1001"}
	for _, x := range []call{
		{"AuthTokenIssueApi", doc{"ticket": "t", "subject": "1001"}, nil},
		{"AuthTokenFailApi", doc{"ticket": "t", "reason": "UNKNOWN"}, nil},
		{"AuthTokenCreateApi", doc{"grantType": "CLIENT_CREDENTIALS", "clientId": client["clientId"]}, nil},
		{"AuthTokenUpdateApi", doc{"accessToken": "t"}, nil},
		{"AuthTokenRevokeApi", subject, nil},
		{"AuthTokenDeleteApi", nil, []string{self, "t"}},
		{"AuthTokenGetListApi", nil, nil},
		{"BackchannelAuthenticationApi", doc{"parameters": "scope=openid"}, nil},
		{"BackchannelAuthenticationIssueApi", ticket, nil},
		{"BackchannelAuthenticationFailApi", doc{"ticket": "t", "reason": "ACCESS_DENIED"}, nil},
		{"BackchannelAuthenticationCompleteApi", doc{"ticket": "t", "result": "AUTHORIZED", "subject": "1001"}, nil},
		{"DeviceAuthorizationApi", doc{"parameters": "client_id=1"}, nil},
		{"DeviceVerificationApi", doc{"userCode": "c"}, nil},
		{"DeviceCompleteApi", doc{"userCode": "c", "result": "AUTHORIZED", "subject": "1001"}, nil},
		{"GrantMApi", doc{"accessToken": "t"}, nil},
		{"JoseVerifyApi", doc{"jose": "j"}, nil},
		{"FederationConfigurationApi", nil, nil},
		{"ClientAuthorizationGetListApi", nil, []string{"1001", self}},
		{"ClientAuthorizationUpdateApi", subject, []string{id, self}},
		{"ClientAuthorizationDeleteApi", nil, []string{id, self, "1001"}},
		{"ClientGrantedScopesGetApi", nil, []string{id, self, "1001"}},
		{"ClientGrantedScopesDeleteApi", nil, []string{id, self, "1001"}},
	} {
		run("not built/"+x.name, func(t *testing.T) {
			if x.args == nil {
				x.args = []string{self}
			}
			_, err := o.call(o.service, x.name, x.body, nil, x.args...)
			o.wire.sayNotBuilt(t, err != nil)
		})
	}
	run("errors have a model", func(t *testing.T) {
		_, err := o.call(o.service, "AuthAuthorizationIssueApi", doc{"ticket": "", "subject": "1001"}, nil, self)
		e, ok := err.(interface{ Model() any })
		if !ok {
			t.Fatalf("%T %v", err, err)
		}
		text, _ := json.Marshal(e.Model())
		same(t, "result", []any{o.wire.last().status, object(t, string(text))["resultCode"]}, []any{400, "A901201"})
		if o.inPath {
			return
		}
		stranger := context.WithValue(t.Context(), v2.ContextBasicAuth, v2.BasicAuth{UserName: o.id, Password: "wrong"})
		_, err = o.call(stranger, "ClientGetListApi", nil, nil)
		same(t, "stranger", []any{err != nil, o.wire.last().status}, []any{true, 401})
	})
	o.wire.t = t
	o.wire.notForgotten(t, "/api/misc/")
}
