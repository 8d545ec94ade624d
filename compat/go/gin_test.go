package compat

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/authlete/authlete-go-gin/endpoint"
	"github.com/authlete/authlete-go-gin/handler"
	"github.com/authlete/authlete-go-gin/handler/spi"
	"github.com/authlete/authlete-go-gin/middleware"
	"github.com/authlete/authlete-go-gin/web"
	"github.com/authlete/authlete-go/api"
	"github.com/authlete/authlete-go/conf"
	"github.com/authlete/authlete-go/dto"
	"github.com/gin-gonic/gin"
)

// decision is what the user of the front end decided.
type decision struct {
	spi.AuthReqDecisionHandlerSpiAdapter
	allowed bool
}

func (d *decision) IsClientAuthorized() bool       { return d.allowed }
func (d *decision) GetUserSubject() string         { return "1001" }
func (d *decision) GetUserAuthenticatedAt() uint64 { return uint64(time.Now().Unix()) }
func (d *decision) GetUserClaimValue(_ string, name, _ string) any {
	return map[string]any{"name": "John Flores", "email": "john@example.com"}[name]
}

// nobody is logged in, so a request without interaction fails.
type nobody struct {
	spi.NoInteractionHandlerSpiAdapter
}

type user struct {
	spi.UserInfoReqHandlerSpiAdapter
}

func (*user) GetUserClaimValue(_ string, name, _ string) any {
	return (&decision{}).GetUserClaimValue("", name, "")
}

// front is a whole authorization server: the library's endpoints, and the
// authorization endpoint made of its handlers. The consent page is the ticket.
func front(c conf.AuthleteConfiguration) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(middleware.AuthleteApi_Conf(c))
	the := func(ctx *gin.Context) api.AuthleteApi { return (&endpoint.BaseEndpoint{}).GetAuthleteApi(ctx) }
	pages := map[string]*dto.AuthorizationResponse{}
	authorize := func(ctx *gin.Context) {
		res, err := the(ctx).Authorization(&dto.AuthorizationRequest{Parameters: (&web.RequestUtility{}).ExtractParams(ctx)})
		switch {
		case err != nil:
			(&web.ResponseUtility{}).WithAuthleteError(ctx, err)
		case res.Action == dto.AuthorizationAction_INTERACTION:
			pages[res.Ticket] = res
			ctx.String(http.StatusOK, "%s", res.Ticket)
		case res.Action == dto.AuthorizationAction_NO_INTERACTION:
			handler.NoInteractionHandler_New(the(ctx), &nobody{}).Handle(ctx, res)
		default:
			handler.AuthReqErrorHandler_New(the(ctx)).Handle(ctx, res)
		}
	}
	r.GET("/authorize", authorize)
	r.POST("/authorize", authorize)
	r.POST("/decision", func(ctx *gin.Context) {
		res := pages[ctx.PostForm("ticket")]
		handler.AuthReqDecisionHandler_New(the(ctx), &decision{allowed: ctx.PostForm("authorized") == "1"}).Handle(ctx, res.Ticket, res.Claims, res.ClaimsLocales)
	})
	r.POST("/token", endpoint.TokenEndpoint_Handler(&spi.TokenReqHandlerSpiAdapter{}))
	r.POST("/revoke", endpoint.RevocationEndpoint_Handler())
	r.POST("/introspect", endpoint.IntrospectionEndpoint_Handler(
		func(ctx *gin.Context) bool { u, p, _ := ctx.Request.BasicAuth(); return u == "rs" && p == "rs-secret" },
		func(ctx *gin.Context) { (&web.ResponseUtility{}).Unauthorized(ctx, `Basic realm="introspection"`) }))
	r.GET("/userinfo", endpoint.UserInfoEndpoint_Handler(&user{}))
	r.GET("/.well-known/openid-configuration", endpoint.DiscoveryEndpoint_Handler())
	r.GET("/jwks", endpoint.JwksEndpoint_Handler())
	r.GET("/resource", func(ctx *gin.Context) {
		e := endpoint.BaseEndpoint{}
		valid, v := e.ValidateAccessToken(ctx, []string{"read"})
		if !valid {
			v.Deny(ctx)
			return
		}
		ctx.String(http.StatusOK, "%s", v.Result.Subject)
	})
	return r
}

// TestGin drives the front end as a client and its user would.
func TestGin(t *testing.T) {
	w := &wire{t: t}
	owner, _ := connect(w, "", "")
	service := ok[*dto.Service](t)(owner.CreateService(plainService()))
	a, c := connect(w, strconv.FormatUint(service.ApiKey, 10), service.ApiSecret)
	client := ok[*dto.Client](t)(a.CreateClient(plainClient()))
	id := strconv.FormatUint(client.ClientId, 10)
	s := httptest.NewServer(front(c))
	defer s.Close()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

	do := func(t testing.TB, method, path, body string, credentials func(*http.Request)) (*http.Response, string) {
		t.Helper()
		q, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if method == http.MethodPost {
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if credentials != nil {
			credentials(q)
		}
		r, err := browser.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r, string(text)
	}
	asClient := func(q *http.Request) { q.SetBasicAuth(id, client.ClientSecret) }
	bearer := func(token string) func(*http.Request) {
		return func(q *http.Request) { q.Header.Set("Authorization", "Bearer "+token) }
	}
	request := func(more ...string) string {
		return form(append([]string{"response_type", "code", "client_id", id, "redirect_uri", redirect, "scope", "openid profile read", "state", "s t", "nonce", "n"}, more...)...)
	}
	decide := func(t testing.TB, authorized string) url.Values {
		t.Helper()
		r, ticket := do(t, http.MethodGet, "/authorize?"+request("claims", `{"id_token":{"name":null}}`), "", nil)
		same(t, "page", r.StatusCode, http.StatusOK)
		r, _ = do(t, http.MethodPost, "/decision", form("ticket", ticket, "authorized", authorized), nil)
		same(t, "decision", r.StatusCode, http.StatusFound)
		return query(t, r.Header.Get("Location"))
	}

	t.Run("discovery and keys", func(t *testing.T) {
		r, text := do(t, http.MethodGet, "/.well-known/openid-configuration", "", nil)
		same(t, "discovery", []any{r.StatusCode, object(t, text)["issuer"]}, []any{200, issuer})
		r, text = do(t, http.MethodGet, "/jwks", "", nil)
		same(t, "keys", []any{r.StatusCode, len(object(t, text)["keys"].([]any))}, []any{200, 2})
	})
	t.Run("denied", func(t *testing.T) {
		q := decide(t, "0")
		same(t, "error", []string{q.Get("error"), q.Get("state"), q.Get("iss")}, []string{"access_denied", "s t", issuer})
	})
	t.Run("without interaction", func(t *testing.T) {
		r, _ := do(t, http.MethodPost, "/authorize", request("prompt", "none"), nil)
		same(t, "error", []any{r.StatusCode, query(t, r.Header.Get("Location")).Get("error")}, []any{302, "login_required"})
	})
	t.Run("refused", func(t *testing.T) {
		r, text := do(t, http.MethodGet, "/authorize?"+request("redirect_uri", "https://evil.example/"), "", nil)
		same(t, "page", []any{r.StatusCode, object(t, text)["error"]}, []any{400, "invalid_request"})
		r, text = do(t, http.MethodPost, "/token", form("grant_type", "client_credentials"), func(q *http.Request) { q.SetBasicAuth(id, "wrong") })
		same(t, "token", []any{r.StatusCode, object(t, text)["error"], r.Header.Get("WWW-Authenticate")}, []any{401, "invalid_client", `Basic realm="token"`})
	})
	t.Run("code, refresh, revocation", func(t *testing.T) {
		code := decide(t, "1").Get("code")
		r, text := do(t, http.MethodPost, "/token", form("grant_type", "authorization_code", "code", code, "redirect_uri", redirect), asClient)
		first := object(t, text)
		same(t, "token", []any{r.StatusCode, first["token_type"], first["expires_in"], first["scope"]}, []any{200, "Bearer", 600, "openid profile read"})
		i := claims(t, first["id_token"].(string))
		same(t, "ID token", []any{i["iss"], i["sub"], i["nonce"], i["name"]}, []any{issuer, "1001", "n", "John Flores"})

		r, text = do(t, http.MethodPost, "/token", form("grant_type", "refresh_token", "refresh_token", first["refresh_token"].(string)), asClient)
		second := object(t, text)
		same(t, "refresh", []any{r.StatusCode, second["scope"]}, []any{200, "openid profile read"})
		access := second["access_token"].(string)

		r, text = do(t, http.MethodGet, "/userinfo", "", bearer(access))
		u := object(t, text)
		same(t, "userinfo", []any{r.StatusCode, u["sub"], u["name"]}, []any{200, "1001", "John Flores"})
		r, text = do(t, http.MethodGet, "/resource", "", bearer(access))
		same(t, "resource", []any{r.StatusCode, text}, []any{200, "1001"})

		introspect := func(token, secret string) (int, string) {
			r, text := do(t, http.MethodPost, "/introspect", form("token", token), func(q *http.Request) { q.SetBasicAuth("rs", secret) })
			return r.StatusCode, text
		}
		status, text := introspect(access, "rs-secret")
		same(t, "introspection", []any{status, object(t, text)["active"], object(t, text)["sub"]}, []any{200, true, "1001"})
		status, _ = introspect(access, "wrong")
		same(t, "stranger", status, 401)

		r, _ = do(t, http.MethodPost, "/revoke", form("token", second["refresh_token"].(string)), asClient)
		same(t, "revocation", r.StatusCode, 200)
		status, text = introspect(access, "rs-secret")
		same(t, "after", []any{status, object(t, text)}, []any{200, doc{"active": false}})
		r, _ = do(t, http.MethodGet, "/userinfo", "", bearer(access))
		same(t, "userinfo after", []any{r.StatusCode, strings.Contains(r.Header.Get("WWW-Authenticate"), `error="invalid_token"`)}, []any{401, true})
		r, _ = do(t, http.MethodGet, "/resource", "", bearer(access))
		same(t, "resource after", r.StatusCode, 401)
		r, text = do(t, http.MethodPost, "/token", form("grant_type", "refresh_token", "refresh_token", second["refresh_token"].(string)), asClient)
		same(t, "refresh after", []any{r.StatusCode, object(t, text)["error"]}, []any{400, "invalid_grant"})
	})
}
