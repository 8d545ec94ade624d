package httpapi_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// jarClient is a client with a key at a service that follows RFC 9101.
func jarClient(t *testing.T, service, client doc) *enginetest.Client {
	t.Helper()
	return enginetest.Start(t).NewService(enginetest.With(enginetest.QuickService(), service)).NewKeyClient(enginetest.With(enginetest.BaseClient(), client))
}

var traditional = doc{"traditionalRequestObjectProcessingApplied": true}

// stated returns what an issued code is sent back with.
func stated(t *testing.T, c *enginetest.Client, a *enginetest.Answer) string {
	t.Helper()
	ticket := a.Text("ticket")
	if ticket == "" {
		t.Fatalf("no ticket: %s", a.Body)
	}
	return c.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001", "authTime": 1}).Redirect(t).Get("state")
}

// TestRequestObjectAlone: with RFC 9101 the parameters of the object count,
// and none beside it (JAR-6.3).
func TestRequestObjectAlone(t *testing.T) {
	t.Parallel()
	c := jarClient(t, nil, nil)
	object := c.RequestObject(nil, doc{"state": "inside", "max_age": 300, "claims": doc{"id_token": doc{"acr": doc{"value": "loa2"}}}, "prompt": nil})
	a := c.Do("auth/authorization", doc{"parameters": enginetest.Form("client_id", c.ID, "request", object, "state", "outside", "login_hint", "eve", "scope", "openid write")})
	if a.Text("maxAge") != "300" || a.Doc["loginHint"] != nil || a.Doc["acrs"].([]any)[0] != "loa2" {
		t.Errorf("%s", a.Body)
	}
	if scopes := a.Doc["scopes"].([]any); len(scopes) != 2 || scopes[1].(doc)["name"] != "read" {
		t.Errorf("scopes %v", scopes)
	}
	var payload doc
	if err := json.Unmarshal([]byte(a.Text("requestObjectPayload")), &payload); err != nil || payload["state"] != "inside" || payload["iss"] != c.ID {
		t.Errorf("payload %v: %v", payload, err)
	}
	if got := stated(t, c, a); got != "inside" {
		t.Errorf("state %q", got)
	}

	without := c.RequestObject(nil, doc{"state": nil})
	a = c.Do("auth/authorization", doc{"parameters": enginetest.Form("client_id", c.ID, "request", without, "state", "outside")})
	if got := stated(t, c, a); got != "" {
		t.Errorf("the state beside the object came back: %q", got)
	}
}

// TestRequestObjectMerged: with OpenID Connect Core §6 parameters beside the
// object count where the object has none.
func TestRequestObjectMerged(t *testing.T) {
	t.Parallel()
	c := jarClient(t, traditional, nil)
	for name, object := range map[string]string{
		"signed":   c.RequestObject(nil, doc{"state": "inside", "scope": nil, "client_id": nil}),
		"unsigned": c.UnsignedRequestObject(doc{"state": "inside", "scope": nil, "client_id": nil}),
	} {
		a := c.Authorize("request", object, "state", "outside", "login_hint", "john")
		if a.Text("loginHint") != "john" || len(a.Doc["scopes"].([]any)) != 2 {
			t.Errorf("%s: %s", name, a.Body)
		}
		if got := stated(t, c, a); got != "inside" {
			t.Errorf("%s: state %q", name, got)
		}
	}
}

// TestRequestObjectPushed: a pushed object is read when it is pushed, and
// what it said holds later, even where the object itself has expired.
func TestRequestObjectPushed(t *testing.T) {
	t.Parallel()
	for name, service := range map[string]doc{"alone": nil, "merged": traditional} {
		c := jarClient(t, service, doc{"requestObjectRequired": true})
		object := c.RequestObject(nil, doc{"state": "inside", "exp": c.Now().Unix() + 1})
		parameters := enginetest.Form("request", object)
		if service != nil {
			parameters += "&response_type=code&scope=openid"
		}
		pushed := c.Do("pushed_auth_req", c.Auth(parameters, nil))
		uri := pushed.Text("requestUri")
		if uri == "" {
			t.Fatalf("%s: %s", name, pushed.Body)
		}
		c.Advance(5e9)
		a := c.Do("auth/authorization", doc{"parameters": enginetest.Form("client_id", c.ID, "request_uri", uri, "state", "outside")})
		if !strings.Contains(a.Text("requestObjectPayload"), "inside") {
			t.Errorf("%s: %s", name, a.Body)
		}
		if got := stated(t, c, a); got != "inside" {
			t.Errorf("%s: state %q", name, got)
		}
	}
}

// TestRequestObjectFlow: code and tokens come of a signed object.
func TestRequestObjectFlow(t *testing.T) {
	t.Parallel()
	c := jarClient(t, nil, doc{"requestSignAlg": "ES256"})
	if a := c.Redeem(c.Code("request", c.RequestObject(nil, nil)), nil); a.Text("action") != "OK" {
		t.Errorf("%s", a.Body)
	}
}

// TestAttackD_RequestObjects: objects that somebody once took.
func TestAttackD_RequestObjects(t *testing.T) {
	t.Parallel()
	c := jarClient(t, nil, nil)
	none := c.UnsignedRequestObject(nil)
	for name, x := range map[string]struct{ object, rule string }{
		"D11 none":                   {none, "request_object.algorithm"},
		"D11 None":                   {"eyJhbGciOiJOb25lIn0" + none[strings.Index(none, "."):], "request_object.algorithm"},
		"D11 HS256":                  {"eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "request_object.algorithm"},
		"D11 signature cut off":      {strings.TrimRight(c.RequestObject(nil, nil), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"), "request_object.signature"},
		"D11 aud is the endpoint":    {c.RequestObject(nil, doc{"aud": "https://as.example/authorize"}), "request_object.aud"},
		"D11 expired":                {c.RequestObject(nil, doc{"exp": c.Now().Unix()}), "request_object.exp"},
		"D11 exp before 1970":        {c.RequestObject(nil, doc{"exp": -5}), "request_object.exp"},
		"D11 nbf tomorrow":           {c.RequestObject(nil, doc{"nbf": c.Now().Unix() + 86400}), "request_object.not_before"},
		"D11 no client_id":           {c.RequestObject(nil, doc{"client_id": nil}), "request_object.client_id"},
		"D11 iat tomorrow":           {c.RequestObject(nil, doc{"iat": c.Now().Unix() + 86400}), "request_object.not_before"},
		"D11 exp 0":                  {c.RequestObject(nil, doc{"exp": 0}), "request_object.exp"},
		"NUL in a name":              {c.RequestObject(nil, doc{"a\x00b": "c"}), "request_object.well_formed"},
		"too many claims":            {c.RequestObject(nil, many()), "request_object.well_formed"},
		"no UTF-8":                   {rawObject(c, "{\"client_id\":\""+c.ID+"\",\"claims\":{\"x\":\"\xff\"}}"), "request_object.well_formed"},
		"D12 request":                {c.RequestObject(nil, doc{"request": none}), "request_object.nested"},
		"D12 request_uri":            {c.RequestObject(nil, doc{"request_uri": "https://client.example/r"}), "request_object.nested"},
		"D12 registration":           {c.RequestObject(nil, doc{"registration": doc{}}), "request_object.nested"},
		"D18 an assertion":           {c.Assertion(nil), "request_object.client_id"},
		"D18 a proof":                {c.Proof(c.Key, "POST", "https://as.example/par", "", nil), "request_object.type"},
		"D18 typ of an access token": {c.RequestObject(doc{"typ": "at+jwt"}, nil), "request_object.type"},
		"scope is a list":            {c.RequestObject(nil, doc{"scope": []string{"openid"}}), "scope.syntax"},
		"resource is a list":         {c.RequestObject(nil, doc{"resource": []string{"https://a.example", "https://b.example"}}), "resource.supported"},
		"NUL":                        {c.RequestObject(nil, doc{"state": "a\x00b"}), "request_object.well_formed"},
		"aud is a number":            {c.RequestObject(nil, doc{"aud": 5}), "request_object.well_formed"},
		"five parts":                 {"e30.e30.e30.e30.e30", "request_object.encrypted"},
	} {
		for _, a := range []*enginetest.Answer{
			c.Authorize("request", x.object),
			c.Do("pushed_auth_req", c.Auth(c.Request("request", x.object), nil)),
		} {
			if rule := a.Doc["explanation"]; rule == nil || rule.(doc)["rule"] != x.rule {
				t.Errorf("%s: want %s: %s", name, x.rule, a.Body)
			}
		}
	}
}

func many() doc {
	d := doc{}
	for i := range 300 {
		d["claim"+strconv.Itoa(i)] = "x"
	}
	return d
}

// rawObject signs a payload as it is.
func rawObject(c *enginetest.Client, payload string) string {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","kid":"` + c.Key.KID + `"}`))
	input := header + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	sum := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, c.Key.Priv, sum[:])
	if err != nil {
		c.T.Fatal(err)
	}
	var signature [64]byte
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return input + "." + base64.RawURLEncoding.EncodeToString(signature[:])
}

// TestSignedObjectRequired: a client that must send signed objects cannot be
// made to send none, also where unsigned objects are allowed (JAR-10.5).
func TestSignedObjectRequired(t *testing.T) {
	t.Parallel()
	c := jarClient(t, traditional, doc{"requestObjectRequired": true})
	refused(t, "unsigned", c.Authorize("request", c.UnsignedRequestObject(nil)), "invalid_request")
	refused(t, "none", c.Authorize(), "invalid_request")
	accepted(t, "signed", c.Authorize("request", c.RequestObject(nil, nil)))
}

// TestTooManyMergedParameters: what is pushed can be read again, also where
// the parameters beside an object count.
func TestTooManyMergedParameters(t *testing.T) {
	t.Parallel()
	c := jarClient(t, traditional, nil)
	inside, pairs := doc{}, []string{}
	for i := range 150 {
		inside["a"+strconv.Itoa(i)] = "x"
		pairs = append(pairs, "b"+strconv.Itoa(i), "x")
	}
	refused(t, "pushed", push(c, nil, append(pairs, "request", c.RequestObject(nil, inside))...), "invalid_request")
	accepted(t, "half as many", push(c, nil, "request", c.RequestObject(nil, inside)))
}

// TestRequestURIBesideRequest: one of them, wherever the parameters that
// count come from.
func TestRequestURIBesideRequest(t *testing.T) {
	t.Parallel()
	c := jarClient(t, nil, nil)
	object := c.RequestObject(nil, nil)
	for _, uri := range []string{"https://client.example/r", "http://client.example/r", "urn:ietf:params:oauth:request_uri:x", "x"} {
		refused(t, uri, c.Authorize("request", object, "request_uri", uri), "invalid_request")
		refused(t, "pushed "+uri, push(c, nil, "request", object, "request_uri", uri), "invalid_request")
	}
}

// TestUnsignedWhereRegistered: a client that registered a signature cannot
// be made to send none, also where unsigned objects are allowed.
func TestUnsignedWhereRegistered(t *testing.T) {
	t.Parallel()
	for alg, taken := range map[string]bool{"": true, "NONE": true, "ES256": false} {
		c := jarClient(t, traditional, doc{"requestSignAlg": alg})
		if a := c.Authorize("request", c.UnsignedRequestObject(nil)); (a.Text("ticket") != "") != taken {
			t.Errorf("%q: %s", alg, a.Body)
		}
	}
	c := jarClient(t, traditional, doc{"requestSignAlg": "NONE"})
	if a := c.Authorize("request", c.RequestObject(nil, nil)); a.Text("ticket") != "" {
		t.Errorf("signed, registered as unsigned: %s", a.Body)
	}
}

// TestRequestObjectFaultTravels: the refusal of an object goes to a redirect
// URI that stands without it, and nowhere else.
func TestRequestObjectFaultTravels(t *testing.T) {
	t.Parallel()
	c := jarClient(t, nil, nil)
	object := c.RequestObject(nil, doc{"exp": 1})
	for redirect, action := range map[string]string{enginetest.Redirect: "LOCATION", "https://evil.example/cb": "BAD_REQUEST", "": "BAD_REQUEST"} {
		a := c.Authorize("request", object, "redirect_uri", redirect)
		if a.Text("action") != action || a.Doc["explanation"].(doc)["rule"] != "request_object.exp" || !strings.Contains(a.Text("responseContent"), "invalid_request_object") {
			t.Errorf("%q: %s", redirect, a.Body)
		}
	}
	// The object's own redirect URI is judged like any other.
	a := c.Authorize("request", c.RequestObject(nil, doc{"redirect_uri": "https://evil.example/cb"}))
	if a.Text("action") != "BAD_REQUEST" || a.Doc["explanation"].(doc)["rule"] != "redirect_uri.registered" {
		t.Errorf("%s", a.Body)
	}
}

// TestRequestObjectByName: an object may call the client by its alias.
func TestRequestObjectByName(t *testing.T) {
	t.Parallel()
	c := jarClient(t, doc{"clientIdAliasEnabled": true}, doc{"clientIdAlias": "app", "clientIdAliasEnabled": true})
	for _, name := range []string{c.ID, "app"} {
		a := c.Authorize("client_id", name, "request", c.RequestObject(nil, doc{"client_id": name, "iss": name}))
		if a.Text("ticket") == "" {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
}

func TestRequestObjectMetadata(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		service  doc
		algs     string
		required any
	}{
		"RFC 9101":    {doc{"requestObjectRequired": true}, "ES256 PS256 RS256 EdDSA ES384 ES512 PS384 PS512 RS384 RS512", true},
		"traditional": {enginetest.With(traditional, doc{"requestObjectRequired": true}), "ES256 PS256 RS256 EdDSA ES384 ES512 PS384 PS512 RS384 RS512 none", nil},
		"FAPI 2":      {doc{"supportedServiceProfiles": []string{"FAPI"}, "fapiModes": []string{"FAPI2_SECURITY"}}, "ES256 PS256 EdDSA", nil},
	} {
		s := enginetest.Start(t).NewService(enginetest.With(enginetest.QuickService(), x.service))
		a := s.Call("GET", s.Path("service/configuration"), enginetest.RootToken, nil)
		var algs []string
		for _, alg := range a.Doc["request_object_signing_alg_values_supported"].([]any) {
			algs = append(algs, alg.(string))
		}
		if strings.Join(algs, " ") != x.algs || a.Doc["require_signed_request_object"] != x.required || a.Doc["request_parameter_supported"] != true {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
}

// TestRequestObjectByReference: an object that the client keeps at a
// registered address is like one by value; so its response_mode counts. The
// official suite's module asks for that in the form_post plan.
func TestRequestObjectByReference(t *testing.T) {
	t.Parallel()
	const address = "https://client.example/request"
	for name, service := range map[string]doc{"alone": nil, "merged": traditional} {
		c := jarClient(t, service, doc{"requestUris": []string{address + "#old", "https://client.example/other"}})
		c.Documents.Store(address+"#new", "\n"+c.RequestObject(nil, doc{"state": "inside", "response_mode": "form_post"})+"\n")
		if service != nil {
			name = "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported"
			c.Documents.Store(address+"#new", c.UnsignedRequestObject(doc{"state": "inside", "response_mode": "form_post"}))
		}
		a := c.Authorize("request_uri", address+"#new", "state", "outside")
		if !strings.Contains(a.Text("requestObjectPayload"), "inside") {
			t.Errorf("%s: %s", name, a.Body)
		}
		issued := c.Do("auth/authorization/issue", doc{"ticket": a.Text("ticket"), "subject": "1001"})
		if issued.Text("action") != "FORM" || !strings.Contains(issued.Text("responseContent"), `value="inside"`) {
			t.Errorf("%s: %s", name, issued.Body)
		}
	}
}

func TestAttackD_RequestURIs(t *testing.T) {
	t.Parallel()
	const address = "https://client.example/request"
	c := jarClient(t, nil, doc{"requestUris": []string{address, "https://client.example/empty", "https://client.example/page"}})
	good := c.RequestObject(nil, nil)
	c.Documents.Store(address, good)
	c.Documents.Store("https://evil.example/request", good)
	c.Documents.Store(address+"?x", good)
	c.Documents.Store("https://client.example/empty", " ")
	c.Documents.Store("https://client.example/page", "<html>")
	for name, x := range map[string]struct {
		uri, rule, code string
		pairs           []string
	}{
		"D2 not registered":    {"https://evil.example/request", "request_uri.registered", "invalid_request_uri", nil},
		"D2 with a query":      {address + "?x", "request_uri.registered", "invalid_request_uri", nil},
		"D2 longer":            {address + "/../request", "request_uri.registered", "invalid_request_uri", nil},
		"http":                 {"http://client.example/request", "request.by_reference", "invalid_request_uri", nil},
		"file":                 {"file:///etc/passwd", "request.by_reference", "invalid_request_uri", nil},
		"named twice and gone": {"https://client.example/gone", "request.repeated", "invalid_request", []string{"state", "a", "state", "b"}},
		"nothing there":        {"https://client.example/empty", "request_uri.fetched", "invalid_request_uri", nil},
		"no object":            {"https://client.example/page", "request_object.well_formed", "invalid_request_object", nil},
		"beside a request":     {address, "request_uri.exclusive", "invalid_request", []string{"request", good}},
		"named twice":          {address, "request.repeated", "invalid_request", []string{"request_uri", address}},
	} {
		a := c.Authorize(append([]string{"request_uri", x.uri}, x.pairs...)...)
		refused(t, name, a, x.code)
		if got := a.Doc["explanation"].(doc)["rule"]; got != x.rule {
			t.Errorf("%s: refused by %v, want %s", name, got, x.rule)
		}
	}
	// A pushed request cannot lead elsewhere (PAR-2.1).
	refused(t, "pushed", push(c, nil, "request_uri", address), "invalid_request")
	// Where requests have to be pushed, nothing is fetched.
	change := enginetest.With(c.Doc, doc{"parRequired": true, "requestUris": []string{address, "https://client.example/gone"}})
	if a := c.Do("client/update/"+c.ID, change); a.Status != 200 {
		t.Fatal(a.Status)
	}
	a := c.Authorize("request_uri", "https://client.example/gone")
	if got := a.Doc["explanation"].(doc)["rule"]; got != "request.pushed" {
		t.Errorf("not pushed: %s", a.Body)
	}
}
