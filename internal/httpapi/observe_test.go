package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/telemetry"
)

// watcher is an engine whose log, metrics and spans are kept.
type watcher struct {
	*enginetest.Engine
	figures *telemetry.Telemetry
	spans   *tracetest.SpanRecorder
	log     *lines
}

type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func watch(t *testing.T) *watcher {
	t.Helper()
	w := &watcher{spans: tracetest.NewSpanRecorder(), log: &lines{}}
	w.figures = telemetry.New(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(w.spans)))
	w.Engine = enginetest.Watched(t, w.figures, slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	return w
}

func (w *watcher) metrics() string {
	rec := httptest.NewRecorder()
	w.figures.Handler().ServeHTTP(rec, httptest.NewRequest("GET", "/metrics", nil))
	return rec.Body.String()
}

// TestMetrics: every call is counted by operation and action, every refusal by
// its rule, and the store and the caches tell their figures.
func TestMetrics(t *testing.T) {
	t.Parallel()
	w := watch(t)
	s := w.NewService(enginetest.BaseService())
	c := s.NewClient(enginetest.BaseClient())
	tokens := c.Tokens()
	for range 2 {
		s.Active(tokens.Text("accessToken"))
	}
	c.Redeem("no-such-code", nil)
	w.Call("GET", "/api/nothing", enginetest.RootToken, nil)
	w.Call("POST", s.Path("auth/token"), "wrong", nil)
	out := w.metrics()
	for _, want := range []string{
		`symbolon_api_calls_total{action="INTERACTION",operation="auth/authorization",status="200"} 1`,
		`symbolon_api_calls_total{action="LOCATION",operation="auth/authorization/issue",status="200"} 1`,
		`symbolon_api_calls_total{action="OK",operation="auth/token",status="200"} 1`,
		`symbolon_api_calls_total{action="BAD_REQUEST",operation="auth/token",status="200"} 1`,
		`symbolon_api_calls_total{action="",operation="auth/token",status="401"} 1`,
		`symbolon_api_calls_total{action="OK",operation="auth/introspection",status="200"} 2`,
		`symbolon_api_calls_total{action="",operation="client/create",status="200"} 1`,
		`symbolon_api_calls_total{action="",operation="none",status="404"} 1`,
		`symbolon_api_refusals_total{operation="auth/token",rule="token.code.known"} 1`,
		`symbolon_api_call_seconds_count{operation="auth/token"} 3`,
		`symbolon_api_calls_in_flight 0`,
		`symbolon_services 1`, `symbolon_api_tokens 0`, `symbolon_client_cache_entries 1`, `symbolon_store_waiting_jobs 0`, `symbolon_store_hand_removed_total 0`,
		`go_goroutines `, `process_cpu_seconds_total `,
	} {
		if !strings.Contains(out, "\n"+want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	stats := w.Store.Stats()
	for name, want := range map[string]int64{
		"symbolon_store_reads_total": stats.Reads, "symbolon_store_commits_total": stats.Commits, "symbolon_store_batches_total": stats.Batches,
	} {
		if want == 0 || !strings.Contains(out, fmt.Sprintf("\n%s %d\n", name, want)) {
			t.Errorf("%s is not %d", name, want)
		}
	}
	// Cold writes are batches of one.
	m := regexp.MustCompile(`symbolon_store_commit_seconds_count\{result="committed"\} (\d+)`).FindStringSubmatch(out)
	if m == nil || !strings.Contains(out, "\nsymbolon_store_batch_jobs_count "+m[1]+"\n") || m[1] != fmt.Sprint(stats.Batches) {
		t.Errorf("batches: %v, want %d", m, stats.Batches)
	}
	if !regexp.MustCompile(`\nsymbolon_client_cache_hits_total [1-9]`).MatchString(out) {
		t.Error("no look-up of a client found it in memory")
	}
	if !regexp.MustCompile(`\nsymbolon_client_cache_bytes [4-9]\d\d\d\n`).MatchString(out) {
		t.Error("the one client in memory does not take four to ten kilobytes")
	}
}

// TestTraces: a call is a span below the caller's, and what it asked of the
// store are spans below it.
func TestTraces(t *testing.T) {
	t.Parallel()
	w := watch(t)
	s := w.NewService(enginetest.BaseService())
	c := s.NewClient(enginetest.BaseClient())
	code := c.Code()
	body, err := json.Marshal(c.Auth(enginetest.Form("grant_type", "authorization_code", "code", code, "redirect_uri", enginetest.Redirect, "code_verifier", enginetest.Verifier), nil))
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", s.Path("auth/token"), bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
	r.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	r.Header.Set("X-Request-Id", "from-caller.1")
	before := len(w.spans.Ended())
	if a := w.Raw(r); a.Text("action") != "OK" {
		t.Fatalf("%s", a.Body)
	}
	ended := w.spans.Ended()[before:]
	var names []string
	for _, span := range ended {
		names = append(names, span.Name())
		if span.SpanContext().TraceID().String() != "0af7651916cd43dd8448eb211c80319c" {
			t.Errorf("%s is in another trace", span.Name())
		}
	}
	if !slices.Equal(names, []string{"store.read", "store.write", "auth/token"}) {
		t.Fatalf("spans %v", names)
	}
	root := ended[2]
	if root.Parent().SpanID().String() != "b7ad6b7169203331" || ended[0].Parent().SpanID() != root.SpanContext().SpanID() || ended[1].Parent().SpanID() != root.SpanContext().SpanID() {
		t.Error("the spans do not hang together")
	}
	if ended[0].StartTime().Before(root.StartTime()) || root.EndTime().Before(ended[1].EndTime()) || !ended[1].StartTime().Before(ended[1].EndTime()) {
		t.Error("the times of the spans do not lie within each other")
	}
	attributes := fmt.Sprint(root.Attributes())
	for _, want := range []string{"OK", "from-caller.1", fmt.Sprint(s.ID)} {
		if !strings.Contains(attributes, want) {
			t.Errorf("the attributes %s lack %s", attributes, want)
		}
	}
}

// TestRequestID: the caller's name of a request, where it can stand in a log,
// or one of ours, is in the answer and in every line about it.
func TestRequestID(t *testing.T) {
	t.Parallel()
	w := watch(t)
	s := w.NewService(enginetest.BaseService())
	c := s.NewClient(enginetest.BaseClient())
	call := func(id string) string {
		body, _ := json.Marshal(c.Auth("grant_type=authorization_code&code=none&redirect_uri=https%3A%2F%2Fclient.example%2Fcb", nil))
		r := httptest.NewRequest("POST", s.Path("auth/token"), bytes.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
		if id != "" {
			r.Header.Set("X-Request-Id", id)
		}
		return w.Raw(r).Header.Get("X-Request-Id")
	}
	if got := call("caller-1.a_B"); got != "caller-1.a_B" {
		t.Errorf("the caller's id became %q", got)
	}
	seen := map[string]bool{}
	for _, odd := range []string{"", "with space", `quote"`, "new\nline", strings.Repeat("x", 65), "ä"} {
		got := call(odd)
		if !regexp.MustCompile(`^[A-Z2-7]{16}$`).MatchString(got) || seen[got] {
			t.Errorf("%q became %q", odd, got)
		}
		seen[got] = true
	}
	refused, calls := 0, 0
	for line := range strings.Lines(w.log.String()) {
		var entry doc
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if id, _ := entry["request"].(string); entry["msg"] == "call" && (seen[id] || id == "caller-1.a_B") {
			calls++
		}
		if entry["msg"] == "request refused" {
			refused++
			if id, _ := entry["request"].(string); !seen[id] && id != "caller-1.a_B" || entry["rule"] != "token.code.known" || entry["operation"] != "auth/token" {
				t.Errorf("%s", line)
			}
		}
	}
	if refused != len(seen)+1 || calls != refused {
		t.Errorf("%d calls and %d refusals are logged", calls, refused)
	}
}

// TestFailuresAreTold: the answer and the log name the operation of a call, not
// the path with what is in it; a refused delete, which published clients take
// for a success, is in the log.
func TestFailuresAreTold(t *testing.T) {
	t.Parallel()
	w := watch(t)
	s := w.NewService(enginetest.BaseService())
	gone := w.Call("DELETE", s.Path("client/delete/123"), enginetest.RootToken, nil)
	if want := "[A001212] /client/delete, there is no such client"; gone.Text("resultMessage") != want {
		t.Errorf("%s, want %s", gone.Body, want)
	}
	none := w.Call("GET", "/api/nothing", enginetest.RootToken, nil)
	if want := "[A901209] /api/nothing, there is no such path"; none.Text("resultMessage") != want {
		t.Errorf("%s, want %s", none.Body, want)
	}
	// A mistyped path may hold a token, and strangers may fill a log.
	const mistyped = "mistyped-access-token"
	for _, by := range []string{enginetest.RootToken, "wrong"} {
		w.Call("DELETE", s.Path("auth/token/remove/"+mistyped), by, nil)
		w.Call("DELETE", s.Path("auth/token/delete/"+mistyped), "wrong", nil)
	}
	if strings.Contains(w.log.String(), mistyped) {
		t.Error("what a path holds is in the log")
	}
	told := 0
	for line := range strings.Lines(w.log.String()) {
		var entry doc
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if entry["msg"] != "delete refused" {
			continue
		}
		if told++; entry["path"] == "/auth/token/delete" && entry["code"] == "A458101" {
			continue
		}
		if entry["level"] != "WARN" || entry["path"] != "/client/delete" || entry["code"] != "A001212" || entry["request"] != gone.Header.Get("X-Request-Id") {
			t.Errorf("%s", line)
		}
	}
	if told != 3 {
		t.Errorf("%d refused deletes are in the log", told)
	}
}

// TestNothingSecretIsTold: what flows through the engine is in no log line, no
// metric and no span, at the most talkative level.
func TestNothingSecretIsTold(t *testing.T) {
	t.Parallel()
	w := watch(t)
	s := w.NewService(enginetest.BaseService())
	c, k := s.NewClient(enginetest.BaseClient()), s.NewKeyClient(enginetest.BaseClient())
	key := enginetest.NewKey(t)
	secrets := []string{enginetest.RootToken, c.Secret, enginetest.Text(s.Doc, "apiSecret"), enginetest.Verifier, "end-user-1001", "the-state"}
	keep := func(a *enginetest.Answer, members ...string) {
		for _, m := range members {
			if v := a.Text(m); v != "" {
				secrets = append(secrets, v)
			}
		}
	}
	ticket := c.Ticket("state", "the-state")
	code := c.Issue(ticket, doc{"subject": "end-user-1001"})
	good := c.Redeem(code, nil)
	keep(good, "accessToken", "refreshToken", "idToken")
	again := c.Redeem(code, nil) // refused, and its grant revoked
	late := c.Token(enginetest.Form("grant_type", "refresh_token", "refresh_token", good.Text("refreshToken")), nil)
	if good.Text("action") != "OK" || again.Text("action") == "OK" || late.Text("action") == "OK" {
		t.Fatalf("%s %s %s", good.Body, again.Body, late.Body)
	}
	bound := c.Token("grant_type=client_credentials", doc{"dpop": w.Proof(key, "POST", "https://as.example/token", "", nil), "htm": "POST", "htu": "https://as.example/token"})
	keep(bound, "accessToken")
	badProof := w.Proof(key, "GET", "https://as.example/token", "", nil)
	c.Token("grant_type=client_credentials", doc{"dpop": badProof, "htm": "POST", "htu": "https://as.example/token"})
	assertion := k.Assertion(doc{"aud": "https://other.example"})
	k.Do("auth/token", doc{"parameters": enginetest.Form("grant_type", "client_credentials",
		"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", assertion)})
	s.Do("auth/token", doc{"parameters": "grant_type=client_credentials", "clientId": c.ID, "clientSecret": "a-wrong-secret-guess"})
	w.Call("GET", s.Path("service/get"), "a-wrong-api-token", nil)
	// Guesses, and what is nobody's business, in requests that are refused.
	guess := func(name string) string {
		secrets = append(secrets, "the-"+name+"-of-a-stranger")
		return secrets[len(secrets)-1]
	}
	pushed := c.Do("pushed_auth_req", doc{"parameters": c.Request(), "clientId": c.ID, "clientSecret": c.Secret})
	keep(pushed, "requestUri")
	for range 2 { // the second finds it used
		s.Do("auth/authorization", doc{"parameters": enginetest.Form("client_id", c.ID, "request_uri", pushed.Text("requestUri"))})
	}
	c.Authorize("scope", "openid unknown", "state", guess("state"), "nonce", guess("nonce"), "login_hint", guess("login_hint"), "id_token_hint", guess("id_token_hint"))
	c.Authorize("request", guess("request"))
	c.Token(enginetest.Form("grant_type", "authorization_code", "code", guess("code"), "code_verifier", guess("verifier"), "redirect_uri", enginetest.Redirect), nil)
	c.Token(enginetest.Form("grant_type", "refresh_token", "refresh_token", guess("refresh-token")), nil)
	c.Token(enginetest.Form("grant_type", "password", "username", guess("username"), "password", guess("password")), nil)
	s.Do("auth/introspection", doc{"token": guess("access-token")})
	s.Do("auth/userinfo", doc{"token": guess("userinfo-token")})
	c.Do("auth/revocation", doc{"parameters": enginetest.Form("token", guess("revoked-token")), "clientId": c.ID, "clientSecret": guess("client-secret")})
	s.Do("auth/authorization/issue", doc{"ticket": guess("ticket"), "subject": guess("subject")})
	made := apiToken(t, s, enginetest.RootToken, nil)
	keep(made, "accessToken")
	w.Call("DELETE", s.Path("client/delete/none"), made.Text("accessToken"), nil)
	secrets = append(secrets, ticket, code, badProof, assertion, "a-wrong-secret-guess", "a-wrong-api-token")

	told := map[string]string{"log": w.log.String(), "metrics": w.metrics(), "spans": fmt.Sprint(tracetest.SpanStubsFromReadOnlySpans(w.spans.Ended()))}
	for where, text := range told {
		if !strings.Contains(text, "auth/token") {
			t.Errorf("the %s say nothing at all", where)
		}
		for _, secret := range secrets {
			if len(secret) < 9 || strings.Contains(text, secret) {
				t.Errorf("the %s hold %q", where, secret)
			}
		}
	}
	if status := w.Call("GET", "/api/lifecycle/healthcheck", "", nil).Status; status != http.StatusOK {
		t.Error(status)
	}
}
