package front

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

const opIntrospection = "/auth/introspection"

func TestResource(t *testing.T) {
	t.Parallel()
	const sent = "93bac548-d2de-4546-b106-880a5018460d"
	w := newWorld(t)
	w.engine.answer(opIntrospection, wire.IntrospectionResponse{Action: wire.IntrospectionActionOK, Subject: "1001", ClientID: 7, Scopes: []string{"openid"}, ExpiresAt: 5000, DPoPNonce: "n-1"})
	for name, r := range map[string]*http.Request{
		"GET":  httptest.NewRequest(http.MethodGet, "/resource", nil),
		"POST": httptest.NewRequest(http.MethodPost, "/resource", nil),
	} {
		r.Header.Set("Authorization", "dpop token-1")
		r.Header.Set("DPoP", "a.b.c")
		r.Header.Set("x-fapi-interaction-id", sent)
		resp := w.do(r)
		want := `{"client_id":7,"expires_at":5,"scopes":["openid"],"subject":"1001"}` + "\n"
		if got := text(t, resp); resp.StatusCode != 200 || got != want || resp.Header.Get("Content-Type") != "application/json;charset=UTF-8" || resp.Header.Get("DPoP-Nonce") != "n-1" {
			t.Errorf("%s: %d %v %s", name, resp.StatusCode, resp.Header, got)
		}
		if got := resp.Header.Get("X-Fapi-Interaction-Id"); got != sent {
			t.Errorf("%s: interaction id %q", name, got)
		}
		if in := asked[wire.IntrospectionRequest](t, w.engine, opIntrospection); in.Token != "token-1" || in.DPoP != "a.b.c" || in.HTM != name || in.HTU != issuer+"/resource" {
			t.Errorf("%s: asked %+v", name, in)
		}
	}
}

// TestResourceMakesInteractionID: a log is not to be written by the client.
func TestResourceMakesInteractionID(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{"", "x", "93bac548d2de4546b106880a5018460d", "urn:uuid:93bac548-d2de-4546-b106-880a5018460d", "93bac548-d2de-4546-b106-880a5018460d x"} {
		w := newWorld(t)
		r := httptest.NewRequest(http.MethodGet, "/resource", nil)
		r.Header.Set("x-fapi-interaction-id", sent)
		resp := w.do(r)
		if got := resp.Header.Get("X-Fapi-Interaction-Id"); got == sent || uuid.Validate(got) != nil {
			t.Errorf("%q: interaction id %q", sent, got)
		}
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%q: %d", sent, resp.StatusCode)
		}
	}
}

func TestResourceRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change    func(*http.Request)
		status    int
		challenge string
	}{
		"no token":      {func(r *http.Request) { r.Header.Del("Authorization") }, 401, "Bearer"},
		"in the query":  {func(r *http.Request) { r.URL.RawQuery = "access_token=token-1" }, 400, badToken[0]},
		"two headers":   {func(r *http.Request) { r.Header.Add("Authorization", "Bearer token-2") }, 400, badToken[0]},
		"two proofs":    {func(r *http.Request) { r.Header.Set("Authorization", "DPoP t"); r.Header["Dpop"] = []string{"a", "b"} }, 401, badDPoPProof[0]},
		"no proof":      {func(r *http.Request) { r.Header.Set("Authorization", "DPoP t") }, 401, badDPoPProof[0]},
		"other scheme":  {func(r *http.Request) { r.Header.Set("Authorization", "Basic Zm9vOmJhcg==") }, 401, "Bearer"},
		"engine says 4": {func(*http.Request) {}, 401, `Bearer error="invalid_token"`},
	} {
		w := newWorld(t)
		w.engine.answer(opIntrospection, wire.IntrospectionResponse{Action: wire.IntrospectionActionUnauthorized, ResponseContent: `Bearer error="invalid_token"`})
		r := httptest.NewRequest(http.MethodGet, "/resource", nil)
		r.Header.Set("Authorization", "Bearer token-1")
		tc.change(r)
		resp := w.do(r)
		if resp.StatusCode != tc.status || resp.Header.Get("WWW-Authenticate") != tc.challenge {
			t.Errorf("%s: %d %v", name, resp.StatusCode, resp.Header)
		}
		if asks := w.engine.count(opIntrospection); (asks > 0) != (name == "engine says 4") {
			t.Errorf("%s: the engine was asked %d times", name, asks)
		}
	}
}

func TestResourceVerdicts(t *testing.T) {
	t.Parallel()
	for action, status := range map[wire.IntrospectionAction]int{
		wire.IntrospectionActionBadRequest: 400, wire.IntrospectionActionUnauthorized: 401, wire.IntrospectionActionForbidden: 403,
		wire.IntrospectionActionInternalServerError: 500, "SOMETHING_NEW": 500,
	} {
		w := newWorld(t)
		w.engine.answer(opIntrospection, wire.IntrospectionResponse{Action: action})
		r := httptest.NewRequest(http.MethodGet, "/resource", nil)
		r.Header.Set("Authorization", "Bearer token-1")
		if resp := w.do(r); resp.StatusCode != status {
			t.Errorf("%s: %d, want %d", action, resp.StatusCode, status)
		}
	}
	w := newWorld(t)
	w.engine.answer(opIntrospection, 503)
	r := httptest.NewRequest(http.MethodGet, "/resource", nil)
	r.Header.Set("Authorization", "Bearer token-1")
	if resp := w.do(r); resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("engine gone: %d", resp.StatusCode)
	}
}

// TestResourceTellsWhoToOpenIDOnly: a token without openid does not say whose
// it is.
func TestResourceTellsWhoToOpenIDOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.engine.answer(opIntrospection, wire.IntrospectionResponse{Action: wire.IntrospectionActionOK, Subject: "1001", ClientID: 7, Scopes: []string{"read"}})
	r := httptest.NewRequest(http.MethodGet, "/resource", nil)
	r.Header.Set("Authorization", "Bearer token-1")
	if got := text(t, w.do(r)); got != `{"client_id":7,"expires_at":0,"scopes":["read"]}`+"\n" {
		t.Error(got)
	}
}
