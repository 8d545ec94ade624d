package compat

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/authlete/authlete-go/api"
	"github.com/authlete/authlete-go/conf"
	"github.com/authlete/authlete-go/dto"
	"github.com/authlete/authlete-go/types"
)

// connect makes a client with the credentials of the owner and of a service.
func connect(w *wire, service, secret string) (api.AuthleteApi, *conf.AuthleteSimpleConfiguration) {
	c := &conf.AuthleteSimpleConfiguration{}
	c.SetBaseUrl(engine)
	c.SetServiceOwnerApiKey("0")
	c.SetServiceOwnerApiSecret(root)
	c.SetServiceApiKey(service)
	c.SetServiceApiSecret(secret)
	a := api.New(c)
	a.Settings().Transport = w
	return a, c
}

func ok[T any](t testing.TB) func(T, *api.AuthleteError) T {
	return func(v T, err *api.AuthleteError) T {
		t.Helper()
		if err != nil {
			t.Fatal(err.Message, err.Cause)
		}
		return v
	}
}

func done(t testing.TB, err *api.AuthleteError) {
	t.Helper()
	if err != nil {
		t.Fatal(err.Message, err.Cause)
	}
}

func plainService() *dto.Service {
	return &dto.Service{
		ServiceName: "Go", Issuer: issuer, TokenEndpoint: issuer + "/token", RegistrationEndpoint: issuer + "/register", DynamicRegistrationSupported: true,
		SupportedGrantTypes:    []types.GrantType{types.GrantType_AUTHORIZATION_CODE, types.GrantType_REFRESH_TOKEN, types.GrantType_CLIENT_CREDENTIALS},
		SupportedResponseTypes: []types.ResponseType{types.ResponseType_CODE},
		SupportedScopes:        []dto.Scope{{Name: "openid"}, {Name: "profile", Description: "who you are"}, {Name: "read"}},
		SupportedClaims:        []string{"name", "email"}, AccessTokenDuration: 600, RefreshTokenDuration: 6000,
	}
}

func plainClient() *dto.Client {
	return &dto.Client{
		ClientName: "an app", ClientType: types.ClientType_CONFIDENTIAL, TokenAuthMethod: types.ClientAuthMethod_CLIENT_SECRET_BASIC,
		RedirectUris: []string{redirect}, ResponseTypes: []types.ResponseType{types.ResponseType_CODE}, IdTokenSignAlg: types.JWSAlg_ES256,
		GrantTypes: []types.GrantType{types.GrantType_AUTHORIZATION_CODE, types.GrantType_REFRESH_TOKEN, types.GrantType_CLIENT_CREDENTIALS},
	}
}

func TestAuthleteGo(t *testing.T) {
	w := &wire{t: t}
	owner, _ := connect(w, "", "")
	service := ok[*dto.Service](t)(owner.CreateService(plainService()))
	a, _ := connect(w, strconv.FormatUint(service.ApiKey, 10), service.ApiSecret)
	client := ok[*dto.Client](t)(a.CreateClient(plainClient()))
	id, secret := strconv.FormatUint(client.ClientId, 10), client.ClientSecret

	authorize := func(t testing.TB, more ...string) *dto.AuthorizationResponse {
		t.Helper()
		return ok[*dto.AuthorizationResponse](t)(a.Authorization(&dto.AuthorizationRequest{Parameters: form(append([]string{
			"response_type", "code", "client_id", id, "redirect_uri", redirect, "scope", "openid profile read", "state", "s t"}, more...)...)}))
	}
	token := func(t testing.TB, parameters ...string) *dto.TokenResponse {
		t.Helper()
		return ok[*dto.TokenResponse](t)(a.Token(&dto.TokenRequest{Parameters: form(parameters...), ClientId: id, ClientSecret: secret}))
	}
	code := func(t testing.TB, issue dto.AuthorizationIssueRequest) string {
		t.Helper()
		issue.Ticket, issue.Subject = authorize(t).Ticket, "1001"
		return ok[*dto.AuthorizationIssueResponse](t)(a.AuthorizationIssue(&issue)).AuthorizationCode
	}
	exchange := func(t testing.TB, issue dto.AuthorizationIssueRequest) *dto.TokenResponse {
		t.Helper()
		return token(t, "grant_type", "authorization_code", "code", code(t, issue), "redirect_uri", redirect)
	}
	run := func(name string, f func(t *testing.T)) {
		t.Run(name, func(t *testing.T) {
			w.t = t
			defer func() { w.t = nil }()
			f(t)
		})
	}

	run("services", func(t *testing.T) {
		made := ok[*dto.Service](t)(owner.CreateService(&dto.Service{ServiceName: "another", Issuer: "https://other.example"}))
		same(t, "made", []any{made.ServiceName, made.Issuer}, []any{"another", "https://other.example"})
		same(t, "read", ok[*dto.Service](t)(owner.GetService(made.ApiKey)), made)
		list := ok[*dto.ServiceListResponse](t)(owner.GetServiceList(0, 100))
		found := false
		for _, s := range list.Services {
			found = found || s.ApiKey == made.ApiKey && s.ServiceName == "another"
		}
		if !found || list.TotalCount != uint32(len(list.Services)) {
			t.Errorf("list: %+v", list)
		}
		made.ServiceName, made.AccessTokenDuration = "renamed", 77
		updated := ok[*dto.Service](t)(owner.UpdateService(made))
		same(t, "updated", []any{updated.ServiceName, updated.AccessTokenDuration, updated.Issuer}, []any{"renamed", 77, "https://other.example"})
		same(t, "read", ok[*dto.Service](t)(owner.GetService(made.ApiKey)), updated)
		done(t, owner.DeleteService(made.ApiKey))
		same(t, "status", w.last().status, http.StatusNoContent)
		_, err := owner.GetService(made.ApiKey)
		same(t, "after", err != nil && err.Response.StatusCode == http.StatusNotFound, true)
	})
	run("clients", func(t *testing.T) {
		d := plainClient()
		d.ClientName, d.Developer = "short-lived", "jane"
		made := ok[*dto.Client](t)(a.CreateClient(d))
		same(t, "made", []any{made.ClientName, made.Developer, made.TokenAuthMethod, made.RedirectUris}, []any{"short-lived", "jane", "CLIENT_SECRET_BASIC", []string{redirect}})
		same(t, "read", ok[*dto.Client](t)(a.GetClient(made.ClientId)), made)
		hers := ok[*dto.ClientListResponse](t)(a.GetClientList("jane", 0, 1))
		same(t, "hers", []any{hers.Start, hers.End, hers.TotalCount, hers.Developer, hers.Clients}, []any{0, 1, 1, "jane", []any{made}})
		same(t, "all", ok[*dto.ClientListResponse](t)(a.GetClientList("", 0, 10)).TotalCount, 2)
		made.ClientName = "renamed"
		updated := ok[*dto.Client](t)(a.UpdateClient(made))
		same(t, "updated", []any{updated.ClientName, updated.Developer, updated.ClientSecret}, []any{"renamed", "jane", made.ClientSecret})
		same(t, "read", ok[*dto.Client](t)(a.GetClient(made.ClientId)), updated)
		done(t, a.DeleteClient(made.ClientId))
		same(t, "status", w.last().status, http.StatusNoContent)
		same(t, "left", ok[*dto.ClientListResponse](t)(a.GetClientList("", 0, 10)).TotalCount, 1)
	})
	run("secrets", func(t *testing.T) {
		made := ok[*dto.Client](t)(a.CreateClient(plainClient()))
		enters := func(secret string) dto.TokenAction {
			return ok[*dto.TokenResponse](t)(a.Token(&dto.TokenRequest{Parameters: "grant_type=client_credentials", ClientId: strconv.FormatUint(made.ClientId, 10), ClientSecret: secret})).Action
		}
		refreshed := ok[*dto.ClientSecretRefreshResponse](t)(a.RefreshClientSecret(made.ClientId))
		same(t, "refreshed", []any{refreshed.OldClientSecret, enters(made.ClientSecret), enters(refreshed.NewClientSecret)}, []any{made.ClientSecret, "INVALID_CLIENT", "OK"})
		updated := ok[*dto.ClientSecretUpdateResponse](t)(a.UpdateClientSecret(made.ClientId, "chosen"))
		same(t, "updated", []any{updated.OldClientSecret, updated.NewClientSecret, enters("chosen")}, []any{refreshed.NewClientSecret, "chosen", "OK"})
		done(t, a.DeleteClient(made.ClientId))
	})
	run("echo", func(t *testing.T) {
		sent := map[string]string{"a": "1", "b": "x y&z"}
		same(t, "echo", *ok[*map[string]string](t)(a.Echo(&sent)), sent)
	})
	run("discovery and keys", func(t *testing.T) {
		text := ok[string](t)(a.GetServiceConfiguration(true))
		d := object(t, text)
		same(t, "discovery", []any{d["issuer"], d["token_endpoint"], strings.Contains(text, "\n")}, []any{issuer, issuer + "/token", true})
		for _, private := range []bool{false, true} {
			keys := object(t, ok[string](t)(a.GetServiceJwks(true, private)))["keys"].([]any)
			same(t, "keys", len(keys), 2)
			for _, k := range keys {
				if _, has := k.(doc)["d"]; has != private {
					t.Errorf("private %v: %v", private, k)
				}
			}
		}
	})
	run("authorization request", func(t *testing.T) {
		r := authorize(t, "prompt", "login", "max_age", "99999999999", "ui_locales", "ja en", "acr_values", "gold")
		same(t, "request", []any{r.Action, r.ResultCode, r.Prompts, r.MaxAge, r.UiLocales, r.Acrs, r.Client.ClientName, r.Service.ApiKey},
			[]any{"INTERACTION", "A004001", []string{"LOGIN"}, 1<<31 - 1, []string{"ja", "en"}, []string{"gold"}, "an app", service.ApiKey})
		same(t, "scopes", r.Scopes, []dto.Scope{{Name: "openid"}, {Name: "profile", Description: "who you are"}, {Name: "read"}})
		f := ok[*dto.AuthorizationFailResponse](t)(a.AuthorizationFail(&dto.AuthorizationFailRequest{Ticket: r.Ticket, Reason: dto.AuthorizationFailReason_DENIED}))
		q := query(t, f.ResponseContent)
		same(t, "fail", []any{f.Action, q.Get("error"), q.Get("state"), q.Get("iss")}, []any{"LOCATION", "access_denied", "s t", issuer})
	})
	run("tokens", func(t *testing.T) {
		spent := code(t, dto.AuthorizationIssueRequest{AuthTime: 1_700_000_000, Acr: "gold", Claims: `{"name":"John"}`, Properties: []dto.Property{{Key: "p", Value: "v"}, {Key: "h", Value: "w", Hidden: true}}})
		r := token(t, "grant_type", "authorization_code", "code", spent, "redirect_uri", redirect)
		same(t, "token", []any{r.Action, r.GrantType, r.Subject, r.ClientId, r.Scopes, r.ClientAuthMethod, r.AccessTokenDuration, r.RefreshTokenDuration, r.Properties},
			[]any{"OK", "AUTHORIZATION_CODE", "1001", client.ClientId, []string{"openid", "profile", "read"}, "CLIENT_SECRET_BASIC", 600, 6000,
				[]dto.Property{{Key: "p", Value: "v"}, {Key: "h", Value: "w", Hidden: true}}})
		in(t, "expiry", int64(r.AccessTokenExpiresAt), 600)
		content := object(t, r.ResponseContent)
		same(t, "content", []any{content["access_token"], content["refresh_token"], content["p"], content["h"]}, []any{r.AccessToken, r.RefreshToken, "v", nil})
		c := claims(t, r.IdToken)
		same(t, "ID token", []any{c["iss"], c["sub"], c["aud"], c["name"], c["acr"], c["auth_time"]}, []any{issuer, "1001", []string{id}, "John", "gold", 1700000000})
		again := token(t, "grant_type", "refresh_token", "refresh_token", r.RefreshToken, "scope", "read")
		same(t, "refreshed", []any{again.Action, again.GrantType, again.Subject, again.Scopes}, []any{"OK", "REFRESH_TOKEN", "1001", []string{"read"}})
		twice := token(t, "grant_type", "authorization_code", "code", spent, "redirect_uri", redirect)
		same(t, "twice", []any{twice.Action, object(t, twice.ResponseContent)["error"]}, []any{"BAD_REQUEST", "invalid_grant"})
		machine := token(t, "grant_type", "client_credentials", "scope", "read")
		same(t, "machine", []any{machine.Action, machine.Subject, machine.Scopes}, []any{"OK", "", []string{"read"}})
	})
	run("introspection and revocation", func(t *testing.T) {
		access := exchange(t, dto.AuthorizationIssueRequest{Properties: []dto.Property{{Key: "h", Value: "v", Hidden: true}}}).AccessToken
		i := ok[*dto.IntrospectionResponse](t)(a.Introspection(&dto.IntrospectionRequest{Token: access, Scopes: []string{"read"}}))
		same(t, "token", []any{i.Action, i.Usable, i.Sufficient, i.Existent, i.Subject, i.ClientId, i.Scopes, i.Properties},
			[]any{"OK", true, true, true, "1001", client.ClientId, []string{"openid", "profile", "read"}, []dto.Property{{Key: "h", Value: "v", Hidden: true}}})
		more := ok[*dto.IntrospectionResponse](t)(a.Introspection(&dto.IntrospectionRequest{Token: access, Scopes: []string{"write"}}))
		same(t, "more", []any{more.Action, more.Sufficient}, []any{"FORBIDDEN", false})
		standard := func(hidden bool) doc {
			r := ok[*dto.StandardIntrospectionResponse](t)(a.StandardIntrospection(&dto.StandardIntrospectionRequest{Parameters: form("token", access), WithHiddenProperties: hidden}))
			same(t, "action", r.Action, "OK")
			return object(t, r.ResponseContent)
		}
		s := standard(false)
		same(t, "standard", []any{s["active"], s["sub"], s["client_id"], s["scope"], s["h"]}, []any{true, "1001", id, "openid profile read", nil})
		same(t, "hidden", standard(true)["h"], "v")
		r := ok[*dto.RevocationResponse](t)(a.Revocation(&dto.RevocationRequest{Parameters: form("token", access), ClientId: id, ClientSecret: secret}))
		same(t, "revoked", r.Action, "OK")
		same(t, "after", standard(false), doc{"active": false})
	})
	run("userinfo", func(t *testing.T) {
		access := exchange(t, dto.AuthorizationIssueRequest{}).AccessToken
		u := ok[*dto.UserInfoResponse](t)(a.UserInfo(&dto.UserInfoRequest{Token: access}))
		same(t, "token", []any{u.Action, u.Subject, u.ClientId, u.Token}, []any{"OK", "1001", client.ClientId, access})
		r := ok[*dto.UserInfoIssueResponse](t)(a.UserInfoIssue(&dto.UserInfoIssueRequest{Token: access, Claims: `{"name":"John"}`}))
		same(t, "response", []any{r.Action, object(t, r.ResponseContent)}, []any{"JSON", doc{"sub": "1001", "name": "John"}})
	})
	run("pushed request", func(t *testing.T) {
		p := ok[*dto.PushedAuthReqResponse](t)(a.PushAuthorizationRequest(&dto.PushedAuthReqRequest{
			Parameters: form("response_type", "code", "client_id", id, "redirect_uri", redirect, "scope", "read"), ClientId: id, ClientSecret: secret}))
		same(t, "pushed", []any{p.Action, p.ClientAuthMethod, object(t, p.ResponseContent)["request_uri"]}, []any{"CREATED", "CLIENT_SECRET_BASIC", p.RequestUri})
		r := ok[*dto.AuthorizationResponse](t)(a.Authorization(&dto.AuthorizationRequest{Parameters: form("client_id", id, "request_uri", p.RequestUri)}))
		same(t, "request", []any{r.Action, r.Scopes}, []any{"INTERACTION", []dto.Scope{{Name: "read"}}})
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
		registered := ok[*dto.ClientRegistrationResponse](t)
		made := registered(a.DynamicClientRegister(&dto.ClientRegistrationRequest{Json: metadata(nil)}))
		d := object(t, made.ResponseContent)
		same(t, "made", []any{made.Action, d["client_name"], made.Client.DynamicallyRegistered}, []any{"CREATED", "dyn", true})
		of := dto.ClientRegistrationRequest{ClientId: d["client_id"].(string), Token: d["registration_access_token"].(string)}
		read := registered(a.DynamicClientGet(&of))
		same(t, "read", []any{read.Action, object(t, read.ResponseContent)["client_id"]}, []any{"OK", of.ClientId})
		with := of
		with.Json = metadata(doc{"client_id": d["client_id"], "client_secret": d["client_secret"], "client_name": "dyn 2"})
		updated := registered(a.DynamicClientUpdate(&with))
		same(t, "updated", []any{updated.Action, updated.Client.ClientName}, []any{"UPDATED", "dyn 2"})
		same(t, "deleted", registered(a.DynamicClientDelete(&of)).Action, "DELETED")
		same(t, "after", registered(a.DynamicClientGet(&of)).Action, "BAD_REQUEST")
	})

	// What is not built. Once an operation is, its line fails; then it goes
	// away and a test above takes its place.
	failed := func(_ any, err *api.AuthleteError) bool { return err != nil }
	for name, call := range map[string]func() bool{
		"TokenIssue":           func() bool { return failed(a.TokenIssue(&dto.TokenIssueRequest{Ticket: "t"})) },
		"TokenFail":            func() bool { return failed(a.TokenFail(&dto.TokenFailRequest{Ticket: "t"})) },
		"TokenCreate":          func() bool { return failed(a.TokenCreate(&dto.TokenCreateRequest{ClientId: client.ClientId})) },
		"TokenUpdate":          func() bool { return failed(a.TokenUpdate(&dto.TokenUpdateRequest{AccessToken: "t"})) },
		"TokenDelete":          func() bool { return a.TokenDelete("t") != nil },
		"GetTokenList":         func() bool { return failed(a.GetTokenList(id, "1001", 0, 5)) },
		"GetRequestableScopes": func() bool { return failed(a.GetRequestableScopes(id)) },
		"SetRequestableScopes": func() bool { return failed(a.SetRequestableScopes(id, []string{"read"})) },
		"DeleteRequestable":    func() bool { return a.DeleteRequestableScopes(id) != nil },
		"GetGrantedScopes":     func() bool { return failed(a.GetGrantedScopes(id, "1001")) },
		"DeleteGrantedScopes":  func() bool { return a.DeleteGrantedScopes(id, "1001") != nil },
		"DeleteAuthorization":  func() bool { return a.DeleteClientAuthorization(id, "1001") != nil },
		"GetAuthorizationList": func() bool {
			return failed(a.GetClientAuthorizationList(&dto.ClientAuthorizationGetListRequest{Subject: "1001"}))
		},
		"UpdateAuthorization": func() bool {
			return a.UpdateClientAuthorization(id, &dto.ClientAuthorizationUpdateRequest{Subject: "1001"}) != nil
		},
		"VerifyJose": func() bool { return failed(a.VerifyJose(&dto.JoseVerifyRequest{Jose: "j"})) },
		"Backchannel": func() bool {
			return failed(a.BackchannelAuthentication(&dto.BackchannelAuthenticationRequest{Parameters: "a=b"}))
		},
		"BackchannelIssue": func() bool {
			return failed(a.BackchannelAuthenticationIssue(&dto.BackchannelAuthenticationIssueRequest{Ticket: "t"}))
		},
		"BackchannelFail": func() bool {
			return failed(a.BackchannelAuthenticationFail(&dto.BackchannelAuthenticationFailRequest{Ticket: "t"}))
		},
		"BackchannelComplete": func() bool {
			return failed(a.BackchannelAuthenticationComplete(&dto.BackchannelAuthenticationCompleteRequest{Ticket: "t"}))
		},
		"DeviceAuthorization": func() bool { return failed(a.DeviceAuthorization(&dto.DeviceAuthorizationRequest{Parameters: "a=b"})) },
		"DeviceComplete":      func() bool { return failed(a.DeviceComplete(&dto.DeviceCompleteRequest{UserCode: "c"})) },
		"DeviceVerification":  func() bool { return failed(a.DeviceVerification(&dto.DeviceVerificationRequest{UserCode: "c"})) },
		"HskGet":              func() bool { return failed(a.HskGet("h")) },
		"HskGetList":          func() bool { return failed(a.HskGetList()) },
	} {
		run("not built/"+name, func(t *testing.T) { w.sayNotBuilt(t, call()) })
	}
	// Changing keys in hardware asks for a right that a service's own credentials
	// lack; that is seen, and not that it is not built.
	for name, call := range map[string]func() bool{
		"HskCreate": func() bool { return failed(a.HskCreate(&dto.HskCreateRequest{Kty: "EC"})) },
		"HskDelete": func() bool { return failed(a.HskDelete("h")) },
	} {
		run("not built/"+name, func(t *testing.T) {
			if x := w.last; !call() || x().status != http.StatusForbidden || object(t, x().answer)["resultCode"] != "A901205" || x().operation(t).built {
				t.Errorf("%+v", x())
			}
		})
	}

	run("parameters as they came, in chunks", func(t *testing.T) {
		raw := "response_type=code&client_id=" + id + "&redirect_uri=https%3A%2F%2Fclient.example%2Fcb%3Ffrom%3Da%2520b&scope=read&state=a%20b%2Bc+d%26e%E3%81%82"
		r := ok[*dto.AuthorizationResponse](t)(a.Authorization(&dto.AuthorizationRequest{Parameters: raw}))
		x := w.last()
		if !x.chunked || !strings.Contains(x.sent, `\u0026state=a%20b%2Bc+d%26e`) {
			t.Errorf("the client sends another request now: %+v", x)
		}
		issued := ok[*dto.AuthorizationIssueResponse](t)(a.AuthorizationIssue(&dto.AuthorizationIssueRequest{Ticket: r.Ticket, Subject: "1001"}))
		same(t, "state", query(t, issued.ResponseContent).Get("state"), "a b+c d&eあ")
	})
	run("a base URL with a prefix", func(t *testing.T) {
		c := &conf.AuthleteSimpleConfiguration{}
		c.SetBaseUrl(engine + "/some/prefix/")
		c.SetServiceApiKey(strconv.FormatUint(service.ApiKey, 10))
		c.SetServiceApiSecret(service.ApiSecret)
		b := api.New(c)
		b.Settings().Transport = w
		same(t, "client", ok[*dto.Client](t)(b.GetClient(id)).ClientName, "an app")
	})
	run("wrong credentials", func(t *testing.T) {
		b, _ := connect(w, strconv.FormatUint(service.ApiKey, 10), "wrong")
		_, err := b.GetClient(id)
		if err == nil || err.Response.StatusCode != http.StatusUnauthorized || !strings.Contains(err.Message, "A990202") {
			t.Errorf("%+v", err)
		}
	})
	run("a client is deleted with the owner's credentials", func(t *testing.T) {
		made := ok[*dto.Client](t)(a.CreateClient(plainClient()))
		b, _ := connect(w, "0", root)
		done(t, b.DeleteClient(made.ClientId))
		same(t, "status", w.last().status, http.StatusNoContent)
		_, err := a.GetClient(made.ClientId)
		same(t, "gone", err != nil && err.Response.StatusCode == http.StatusNotFound, true)
	})
	w.t = t
	w.notForgotten(t, "GET /api/info", "POST /api/{serviceId}/client/lock_flag/update/{clientId}")
}
