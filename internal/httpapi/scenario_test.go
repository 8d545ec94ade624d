package httpapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

var update = flag.Bool("update", false, "write the answers of scenarios as they are")

// A scenario is a file of testdata/scenarios: parts "service" and "client"
// are laid over the base documents; a part "call OPERATION" is a request and
// the part "answer" behind it what comes back, to the letter. In requests,
// {{name}} stands for a value of an earlier answer (ticket, code, …),
// {{client}} and {{secret}} for the client's, {{registered}} and
// {{registration_access_token}} for those of one that registered itself, {{proof METHOD URL}} and
// {{bound METHOD URL}} for DPoP proofs without and with the access token's
// hash, {{assertion}} for a client assertion. In answers, values that change
// from run to run stand as these names.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a := txtar.Parse(data)
			runScenario(t, a)
			if *update {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

type scenario struct {
	*enginetest.Client
	key    *enginetest.Key
	values map[string]string
}

func runScenario(t *testing.T, a *txtar.Archive) {
	t.Helper()
	e := enginetest.Frozen(t, time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC))
	service, client := enginetest.BaseService(), enginetest.BaseClient()
	sc := &scenario{key: enginetest.NewKey(t), values: map[string]string{}}
	sc.values["jkt"] = sc.key.Thumbprint()
	last := ""
	for i := 0; i < len(a.Files); i++ {
		part := &a.Files[i]
		switch kind, rest, _ := strings.Cut(part.Name, " "); kind {
		case "service":
			service = enginetest.With(service, parseDoc(t, part.Data))
		case "client":
			client = enginetest.With(client, parseDoc(t, part.Data))
		case "call":
			if sc.Client == nil {
				s := e.NewService(service)
				if client["tokenAuthMethod"] == "PRIVATE_KEY_JWT" {
					sc.Client = s.NewKeyClient(client)
				} else {
					sc.Client = s.NewClient(client)
				}
				sc.values["client"], sc.values["secret"] = sc.ID, sc.Secret
			}
			answer := sc.Do(rest, parseDoc(t, []byte(sc.fill(string(part.Data)))))
			last = sc.mask(t, answer)
			if *update && (i+1 == len(a.Files) || a.Files[i+1].Name != "answer") {
				a.Files = slices.Insert(a.Files, i+1, txtar.File{Name: "answer"})
			}
		case "answer":
			if *update {
				part.Data = []byte(last)
			} else if string(part.Data) != last {
				t.Errorf("answer to %s\n got %s\nwant %s", a.Files[i-1].Name, last, part.Data)
			}
		default:
			t.Fatalf("unknown part %q", part.Name)
		}
	}
}

func parseDoc(t *testing.T, data []byte) doc {
	t.Helper()
	var d doc
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return d
}

var placeholder = regexp.MustCompile(`\{\{([^}]+)\}\}`)

func (sc *scenario) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(m string) string {
		words := strings.Fields(strings.Trim(m, "{}"))
		switch words[0] {
		case "proof":
			return sc.Proof(sc.key, words[1], words[2], "", nil)
		case "bound":
			return sc.Proof(sc.key, words[1], words[2], sc.values["access_token"], nil)
		case "assertion":
			return enginetest.Form("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", sc.Assertion(nil))
		case "challenge":
			return enginetest.Challenge()
		case "verifier":
			return enginetest.Verifier
		}
		v, ok := sc.values[words[0]]
		if !ok {
			sc.T.Fatalf("nothing is named %s", m)
		}
		return v
	})
}

var jwtForm = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+`)

// mask writes an answer with names for what changes from run to run.
func (sc *scenario) mask(t *testing.T, a *enginetest.Answer) string {
	t.Helper()
	keep := func(name, value string) {
		if value != "" {
			sc.values[name] = value
		}
	}
	keep("ticket", a.Text("ticket"))
	keep("code", a.Text("authorizationCode"))
	keep("request_uri", a.Text("requestUri"))
	keep("refresh_token", a.Text("refreshToken"))
	keep("access_token", a.Text("accessToken"))
	keep("nonce", a.Text("dpopNonce"))
	if content, ok := a.JSON(); ok {
		keep("registered", enginetest.Text(content, "client_id"))
		keep("registered_secret", enginetest.Text(content, "client_secret"))
		keep("registration_access_token", enginetest.Text(content, "registration_access_token"))
	}
	if client, ok := a.Doc["client"].(map[string]any); ok {
		keep("registered_secret", enginetest.Text(client, "clientSecret"))
		keep("registration_hash", enginetest.Text(client, "registrationAccessTokenHash"))
	}
	var b bytes.Buffer
	if err := json.Indent(&b, a.Body, "", "  "); err != nil {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	text := b.String()
	names := make([]string, 0, len(sc.values))
	for name := range sc.values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		text = strings.ReplaceAll(text, sc.values[name], "{{"+name+"}}")
		text = strings.ReplaceAll(text, strings.ReplaceAll(sc.values[name], ":", "%3A"), "{{"+name+"}}")
	}
	text = regexp.MustCompile(`"(number|serviceNumber|apiKey)": \d+`).ReplaceAllString(text, `"$1": 0`)
	return jwtForm.ReplaceAllString(text, "{{jwt}}") + "\n"
}

var actionForm = regexp.MustCompile(`(?m)^  "action": "(\w+)"`)

// TestScenariosCoverActions: every action that the built operations can
// answer with stands in an answer of a scenario.
func TestScenariosCoverActions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		call := ""
		for _, part := range txtar.Parse(data).Files {
			if op, ok := strings.CutPrefix(part.Name, "call "); ok {
				call = op
			} else if m := actionForm.FindSubmatch(part.Data); part.Name == "answer" && m != nil {
				seen[call+" "+string(m[1])] = true
			}
		}
	}
	for op, actions := range map[string][]string{
		"auth/authorization":          {"BAD_REQUEST", "LOCATION", "FORM", "NO_INTERACTION", "INTERACTION"},
		"auth/authorization/issue":    {"BAD_REQUEST", "LOCATION", "FORM"},
		"auth/authorization/fail":     {"BAD_REQUEST", "LOCATION", "FORM"},
		"pushed_auth_req":             {"CREATED", "BAD_REQUEST", "UNAUTHORIZED"}, // PAYLOAD_TOO_LARGE: TestLargePushedRequest
		"auth/token":                  {"OK", "BAD_REQUEST", "INVALID_CLIENT", "INTERNAL_SERVER_ERROR"},
		"auth/introspection":          {"OK", "BAD_REQUEST", "UNAUTHORIZED", "FORBIDDEN"},
		"auth/introspection/standard": {"OK", "BAD_REQUEST"},
		"auth/revocation":             {"OK", "BAD_REQUEST", "INVALID_CLIENT"},
		"auth/userinfo":               {"OK", "BAD_REQUEST", "UNAUTHORIZED", "FORBIDDEN"},
		"auth/userinfo/issue":         {"JSON", "UNAUTHORIZED", "FORBIDDEN"},
		"client/registration":         {"CREATED", "BAD_REQUEST"},
		"client/registration/get":     {"OK", "UNAUTHORIZED"},
		"client/registration/update":  {"UPDATED", "BAD_REQUEST", "UNAUTHORIZED"},
		"client/registration/delete":  {"DELETED", "UNAUTHORIZED"},
	} {
		for _, a := range actions {
			if !seen[op+" "+a] {
				t.Errorf("no scenario has %s answer %s", op, a)
			}
		}
	}
}

// TestFailReasons: every published reason leads to its error.
func TestFailReasons(t *testing.T) {
	t.Parallel()
	c := enginetest.Start(t).NewService(enginetest.BaseService()).NewClient(enginetest.BaseClient())
	for reason, want := range map[wire.AuthorizationFailReason]string{
		wire.FailReasonUnknown: "server_error", wire.FailReasonServerError: "server_error",
		wire.FailReasonNotLoggedIn: "login_required", wire.FailReasonMaxAgeNotSupported: "login_required",
		wire.FailReasonExceedsMaxAge: "login_required", wire.FailReasonDifferentSubject: "login_required",
		wire.FailReasonNotAuthenticated: "login_required", wire.FailReasonACRNotSatisfied: "unmet_authentication_requirements",
		wire.FailReasonDenied: "access_denied", wire.FailReasonAccountSelectionRequired: "account_selection_required",
		wire.FailReasonConsentRequired: "consent_required", wire.FailReasonInteractionRequired: "interaction_required",
		wire.FailReasonInvalidTarget: "invalid_target", wire.FailReasonInvalidScope: "invalid_scope",
		wire.FailReasonUnauthorizedClient: "unauthorized_client", wire.FailReasonTemporarilyUnavailable: "temporarily_unavailable",
	} {
		a := c.Do("auth/authorization/fail", doc{"ticket": c.Ticket(), "reason": reason})
		q := a.Redirect(t)
		if q.Get("error") != want || q.Get("state") != "st" || q.Get("iss") != "https://as.example" {
			t.Errorf("%s: %s", reason, a.Body)
		}
	}
}

// TestLargePushedRequest: what is too large to be pushed has its own action.
func TestLargePushedRequest(t *testing.T) {
	t.Parallel()
	c := enginetest.Start(t).NewService(enginetest.BaseService()).NewClient(enginetest.BaseClient())
	a := c.Do("pushed_auth_req", c.Auth(c.Request("state", strings.Repeat("s", 300<<10)), nil))
	if a.Text("action") != "PAYLOAD_TOO_LARGE" {
		t.Errorf("%d %.200s", a.Status, a.Body)
	}
	a = c.Do("pushed_auth_req", c.Auth(c.Request()+"&x="+strings.Repeat("é", 60<<10), nil)) // three times as long when it is stored
	if a.Text("action") != "PAYLOAD_TOO_LARGE" {
		t.Errorf("a request that grows: %d %.200s", a.Status, a.Body)
	}
	a = c.Do("pushed_auth_req", c.Auth(c.Request("state", strings.Repeat("s", 2000)), nil))
	if a.Text("action") != "CREATED" {
		t.Errorf("a long state: %d %.200s", a.Status, a.Body)
	}
}
