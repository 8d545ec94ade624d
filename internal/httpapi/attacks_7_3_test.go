package httpapi_test

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
)

// Client authentication. Rows C28 (secrets do not expire), C30 to C34
// (certificates), C36 to C39 (remote key sets, which are blocked and never
// fetched: see TestUnbuiltMembers), C42 and C43 come with their features.

func keyClient(t *testing.T, members doc) *enginetest.Client {
	t.Helper()
	return attacked(t, nil).NewKeyClient(client(members))
}

func TestAttackC1_TwoMethods(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	refused(t, "secret in header and body", own(c, nil, "client_secret", c.Secret), "invalid_request")
	k := c.NewKeyClient(enginetest.BaseClient())
	refused(t, "assertion and secret in the header", own(k, doc{"clientId": k.ID, "clientSecret": k.Secret}), "invalid_request")
	refused(t, "assertion and secret in the body", own(k, nil, "client_secret", k.Secret), "invalid_request")
	refused(t, "an empty assertion beside a secret", own(c, nil, "client_assertion_type", "t"), "invalid_request")
	for _, op := range []string{"pushed_auth_req", "auth/revocation"} {
		a := c.Do(op, c.Auth(c.Request("client_secret", c.Secret, "token", "t"), nil))
		refused(t, op, a, "invalid_request")
	}
}

// TestAttackC3_AnotherMethod: only the registered method counts, whatever
// else would be right.
func TestAttackC3_AnotherMethod(t *testing.T) {
	t.Parallel()
	k := keyClient(t, nil)
	named := func(pairs ...string) doc {
		return doc{"parameters": enginetest.Form(append([]string{"grant_type", "client_credentials"}, pairs...)...)}
	}
	refused(t, "the right secret in the header", k.Do("auth/token", enginetest.With(named(), doc{"clientId": k.ID, "clientSecret": k.Secret})), "invalid_client")
	refused(t, "the right secret in the body", k.Do("auth/token", named("client_id", k.ID, "client_secret", k.Secret)), "invalid_client")
	refused(t, "nothing", k.Do("auth/token", named("client_id", k.ID)), "invalid_client")
	refused(t, "an unsigned assertion", withAssertion(k, segment(t, doc{"alg": "none"})+"."+segment(t, assertionClaims(k, nil))+"."), "invalid_client")
	unsigned := enginetest.With(named("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
		"client_assertion", segment(t, doc{"alg": "none"})+"."+segment(t, assertionClaims(k, nil))+"."), doc{"clientId": k.ID, "clientSecret": k.Secret})
	refused(t, "an unsigned assertion and the right secret", k.Do("auth/token", unsigned), "invalid_request")
	post := k.NewClient(client(doc{"tokenAuthMethod": "CLIENT_SECRET_POST"}))
	refused(t, "header instead of body", own(post, nil), "invalid_client")
	basic := k.NewClient(enginetest.BaseClient())
	refused(t, "body instead of header", basic.Do("auth/token", named("client_id", basic.ID, "client_secret", basic.Secret)), "invalid_client")
	public := k.NewClient(client(doc{"clientType": "PUBLIC"}))
	refused(t, "a public client with its secret", public.Do("auth/token", enginetest.With(named(), doc{"clientId": public.ID, "clientSecret": public.Secret})), "invalid_client")
}

func TestAttackC4_NoAlgorithm(t *testing.T) {
	t.Parallel()
	c := keyClient(t, nil)
	for _, alg := range []any{"none", "None", "NONE", "nOnE", "", nil, 7, []string{"none"}} {
		for _, signature := range []string{"", "AA", strings.Repeat("A", 86)} {
			refused(t, fmt.Sprint(alg), withAssertion(c, segment(t, doc{"alg": alg})+"."+segment(t, assertionClaims(c, nil))+"."+signature), "invalid_client")
		}
	}
}

// TestAttackC6_PublicKeyAsSecret: what everybody knows signs nothing.
func TestAttackC6_PublicKeyAsSecret(t *testing.T) {
	t.Parallel()
	c := keyClient(t, nil)
	der, err := x509.MarshalPKIXPublicKey(&c.Key.Priv.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := json.Marshal(c.Key.JWK())
	if err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string][]byte{
		"PEM": pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), "DER": der, "JWK": jwk, "JWKS": []byte(c.Key.JWKS()), "nothing": nil,
	} {
		input := segment(t, doc{"alg": "HS256", "kid": c.Key.KID}) + "." + segment(t, assertionClaims(c, nil))
		m := hmac.New(sha256.New, secret)
		m.Write([]byte(input))
		refused(t, name, withAssertion(c, input+"."+base64.RawURLEncoding.EncodeToString(m.Sum(nil))), "invalid_client")
	}
}

func TestAttackC7_AnotherAlgorithm(t *testing.T) {
	t.Parallel()
	c := keyClient(t, doc{"tokenAuthSignAlg": "PS256"})
	refused(t, "ES256 for PS256", own(c, nil), "invalid_client")
	input := segment(t, doc{"alg": "HS256"}) + "." + segment(t, assertionClaims(c, nil))
	m := hmac.New(sha256.New, []byte(c.Secret))
	m.Write([]byte(input))
	refused(t, "HS256 with the client's secret for PS256", withAssertion(c, input+"."+base64.RawURLEncoding.EncodeToString(m.Sum(nil))), "invalid_client")
	accepted(t, "the registered algorithm", own(c.NewKeyClient(client(doc{"tokenAuthSignAlg": "ES256"})), nil))
}

func TestAttackC9_Signatures(t *testing.T) {
	t.Parallel()
	c := keyClient(t, nil)
	n := c.Key.Priv.Params().N
	for name, make := range map[string]func(r, s *big.Int) []byte{
		"zeros":     func(*big.Int, *big.Int) []byte { return fixed(new(big.Int), new(big.Int)) },
		"r is zero": func(_, s *big.Int) []byte { return fixed(new(big.Int), s) },
		"s is zero": func(r, _ *big.Int) []byte { return fixed(r, new(big.Int)) },
		"n":         func(*big.Int, *big.Int) []byte { return fixed(n, n) },
		"short":     func(r, s *big.Int) []byte { return fixed(r, s)[:63] },
		"long":      func(r, s *big.Int) []byte { return append(fixed(r, s), 0) },
		"none":      func(*big.Int, *big.Int) []byte { return nil },
		"DER": func(r, s *big.Int) []byte {
			out, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
			if err != nil {
				t.Fatal(err)
			}
			return out
		},
	} {
		input := segment(t, doc{"alg": "ES256", "kid": c.Key.KID}) + "." + segment(t, assertionClaims(c, nil))
		sum := sha256.Sum256([]byte(input))
		r, s, err := ecdsa.Sign(rand.Reader, c.Key.Priv, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		refused(t, name, withAssertion(c, input+"."+base64.RawURLEncoding.EncodeToString(make(r, s))), "invalid_client")
		accepted(t, name+": the signature itself", withAssertion(c, input+"."+base64.RawURLEncoding.EncodeToString(fixed(r, s))))
	}
}

func fixed(r, s *big.Int) []byte {
	out := make([]byte, 64)
	r.FillBytes(out[:32])
	s.FillBytes(out[32:])
	return out
}

// weakKeys are keys that must not be taken from anybody.
func weakKeys(t *testing.T) map[string]string {
	t.Helper()
	modulus := func(bits int) string {
		n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
		return base64.RawURLEncoding.EncodeToString(n.Add(n, big.NewInt(1)).Bytes())
	}
	jwk := enginetest.NewKey(t).JWK()
	text, err := json.Marshal(jwk)
	if err != nil {
		t.Fatal(err)
	}
	var off map[string]string
	if err := json.Unmarshal(text, &off); err != nil {
		t.Fatal(err)
	}
	off["y"] = off["x"]
	moved, err := json.Marshal(off)
	if err != nil {
		t.Fatal(err)
	}
	ones := base64.RawURLEncoding.EncodeToString(append([]byte{1}, make([]byte, 31)...))
	return map[string]string{
		"not on the curve":       string(moved),
		"Ed25519 of small order": `{"kty":"OKP","crv":"Ed25519","x":"` + ones + `"}`,
		"RSA e=1":                `{"kty":"RSA","n":"` + modulus(2048) + `","e":"AQ"}`,
		"RSA 1024":               `{"kty":"RSA","n":"` + modulus(1024) + `","e":"AQAB"}`,
		"RSA 16384":              `{"kty":"RSA","n":"` + modulus(16384) + `","e":"AQAB"}`,
		"symmetric":              `{"kty":"oct","k":"c2VjcmV0"}`,
	}
}

func TestAttackC10_WeakKeys(t *testing.T) {
	t.Parallel()
	s := attacked(t, nil)
	c := s.NewKeyClient(enginetest.BaseClient())
	for name, key := range weakKeys(t) {
		set := doc{"tokenAuthMethod": "PRIVATE_KEY_JWT", "jwks": `{"keys":[` + key + `]}`}
		if a := s.Do("client/create", client(set)); a.Status != http.StatusBadRequest {
			t.Errorf("%s at creation: %d %s", name, a.Status, a.Body)
		}
		if a := s.Do("client/update/"+c.ID, enginetest.With(c.Doc, set)); a.Status != http.StatusBadRequest {
			t.Errorf("%s at an update: %d %s", name, a.Status, a.Body)
		}
	}
	accepted(t, "the good key, afterwards", own(c, nil))
}

// TestAttackC12_KeysInTheHeader: keys that an assertion brings along or
// points to neither help nor harm, and are not fetched.
func TestAttackC12_KeysInTheHeader(t *testing.T) {
	t.Parallel()
	var fetched atomic.Int32
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		w.WriteHeader(http.StatusNotFound)
	}))
	defer site.Close()
	c, evil := keyClient(t, nil), enginetest.NewKey(t)
	for name, header := range map[string]doc{
		"jku": {"jku": site.URL + "/jwks"}, "x5u": {"x5u": site.URL + "/x509"}, "jwk": {"jwk": evil.JWK()},
		"x5c": {"x5c": []string{"AAAA"}}, "x5t": {"x5t": "AAAA"},
	} {
		for _, kid := range []any{nil, c.Key.KID, evil.KID} {
			header := enginetest.With(header, doc{"kid": kid})
			refused(t, name, withAssertion(c, evil.Sign(header, assertionClaims(c, nil))), "invalid_client")
		}
		if name != "x5c" {
			accepted(t, name+" with the right signature", withAssertion(c, c.Key.Sign(enginetest.With(header, doc{"kid": c.Key.KID}), assertionClaims(c, nil))))
		}
	}
	if n := fetched.Load(); n != 0 {
		t.Errorf("%d keys were fetched", n)
	}
}

func TestAttackC13_Critical(t *testing.T) {
	t.Parallel()
	c := keyClient(t, nil)
	for _, crit := range [][]string{{"exp"}, {"unknown"}, {"b64"}, {}} {
		input := segment(t, doc{"alg": "ES256", "kid": c.Key.KID, "crit": crit, "exp": 1, "unknown": 1, "b64": true}) + "." + segment(t, assertionClaims(c, nil))
		sum := sha256.Sum256([]byte(input))
		r, s, err := ecdsa.Sign(rand.Reader, c.Key.Priv, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		refused(t, fmt.Sprint(crit), withAssertion(c, input+"."+base64.RawURLEncoding.EncodeToString(fixed(r, s))), "invalid_client")
	}
}

func TestAttackC15_Serialisation(t *testing.T) {
	t.Parallel()
	c := keyClient(t, nil)
	p := strings.Split(c.Assertion(nil), ".")
	refused(t, "flattened", withAssertion(c, fmt.Sprintf(`{"protected":%q,"payload":%q,"signature":%q}`, p[0], p[1], p[2])), "invalid_client")
	refused(t, "general", withAssertion(c, fmt.Sprintf(`{"payload":%q,"signatures":[{"protected":%q,"signature":%q},{"protected":%q,"signature":""}]}`, p[1], p[0], p[2], p[0])), "invalid_client")
	refused(t, "two signatures", withAssertion(c, strings.Join(p, ".")+"."+p[2]), "invalid_client")
	refused(t, "a line break", withAssertion(c, strings.Join(p, ".")+"\n"), "invalid_client")
	accepted(t, "compact", withAssertion(c, strings.Join(p, ".")))
}

func TestAttackC16_Dots(t *testing.T) {
	t.Parallel()
	c := keyClient(t, nil)
	refused(t, "200 000 dots", withAssertion(c, strings.Repeat(".", 200_000)), "invalid_client")
	refused(t, "200 000 parts", withAssertion(c, strings.Repeat("e.", 100_000)), "invalid_client")
	if a := withAssertion(c, strings.Repeat(".", 10_000_000)); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("ten million dots: %d %s", a.Status, a.Body)
	}
	refused(t, "a long assertion", withAssertion(c, c.Assertion(doc{"x": strings.Repeat("x", 16<<10)})), "invalid_client")
}

func TestAttackC18_Clocks(t *testing.T) {
	t.Parallel()
	for _, members := range []doc{nil, fapi2()} {
		c := attacked(t, members).NewKeyClient(enginetest.BaseClient())
		now := c.Now().Unix()
		for _, claim := range []string{"iat", "nbf"} {
			accepted(t, claim+" 10 s ahead", push(c, doc{"parameters": assertedRequest(c, doc{claim: now + 10})}))
			refused(t, claim+" 70 s ahead", push(c, doc{"parameters": assertedRequest(c, doc{claim: now + 70})}), "invalid_client")
		}
	}
}

// assertedRequest is an authorization request with an assertion of its own.
func assertedRequest(c *enginetest.Client, claims doc) string {
	return c.Request() + "&" + enginetest.Form("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", c.Assertion(claims))
}

// TestAttackC19_Replay: an assertion is good once, on all nodes and over
// restarts, also where the request that it came with was refused.
func TestAttackC19_Replay(t *testing.T) {
	t.Parallel()
	url := enginetest.URL(t)
	node := enginetest.On(t, enginetest.Open(t, url, sqlstore.Options{}))
	c := node.NewService(enginetest.QuickService()).NewKeyClient(enginetest.BaseClient())
	with := func(assertion string) string {
		return "&" + enginetest.Form("client_id", c.ID, "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", assertion)
	}
	spent := map[string]string{}
	spend := func(what string) string {
		spent[what] = c.Assertion(nil)
		return with(spent[what])
	}
	accepted(t, "at the token endpoint", c.Do("auth/token", doc{"parameters": "grant_type=client_credentials" + spend("at the token endpoint")}))
	accepted(t, "at PAR", c.Do("pushed_auth_req", doc{"parameters": strings.Replace(c.Request(), "client_id="+c.ID, "", 1) + spend("at PAR")}))
	accepted(t, "at revocation", c.Do("auth/revocation", doc{"parameters": "token=unknown" + spend("at revocation")}))
	refused(t, "refused at the token endpoint", c.Do("auth/token", doc{"parameters": "grant_type=password" + spend("refused at the token endpoint")}), "unsupported_grant_type")
	refused(t, "refused at PAR", c.Do("pushed_auth_req", doc{"parameters": "response_type=other" + spend("refused at PAR")}), "unsupported_response_type")
	refused(t, "refused at revocation", c.Do("auth/revocation", doc{"parameters": "x=y" + spend("refused at revocation")}), "invalid_request")
	for _, at := range []string{"the same node", "another node", "after a restart"} {
		switch at {
		case "another node":
			c.Handler = enginetest.On(t, enginetest.Open(t, url, sqlstore.Options{})).Handler
		case "after a restart":
			if err := node.Store.Close(); err != nil {
				t.Fatal(err)
			}
			c.Handler = enginetest.On(t, enginetest.Open(t, url, sqlstore.Options{})).Handler
		}
		for name, assertion := range spent {
			refused(t, name+", again at "+at, withAssertion(c, assertion), "invalid_client")
		}
		accepted(t, at+": a new one", withAssertion(c, c.Assertion(nil)))
	}
	refused(t, "the same jti in a new assertion", withAssertion(c, c.Assertion(doc{"jti": jtiOf(t, spent["at PAR"]), "exp": c.Now().Unix() + 30})), "invalid_client")
}

func jtiOf(t *testing.T, jwt string) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var c struct{ JTI string }
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	return c.JTI
}

func TestAttackC21_Audience(t *testing.T) {
	t.Parallel()
	strict := attacked(t, fapi2()).NewKeyClient(enginetest.BaseClient())
	loose := attacked(t, nil).NewKeyClient(enginetest.BaseClient())
	for _, x := range []struct {
		aud   any
		loose bool
	}{
		{"https://other.example", false},
		{"https://as.example/", false},
		{"http://as.example", false},
		{"https://as.example.evil.test", false},
		{[]string{"https://other.example"}, false},
		{nil, false},
		{tokenURL, true},
		{parURL, true},
		{[]string{"https://as.example"}, true},
		{[]string{"https://other.example", "https://as.example"}, true},
	} {
		refused(t, fmt.Sprint("strict: ", x.aud), push(strict, doc{"parameters": assertedRequest(strict, doc{"aud": x.aud})}), "invalid_client")
		if a := push(loose, doc{"parameters": assertedRequest(loose, doc{"aud": x.aud})}); x.loose {
			accepted(t, fmt.Sprint("loose: ", x.aud), a)
		} else {
			refused(t, fmt.Sprint("loose: ", x.aud), a, "invalid_client")
		}
	}
	accepted(t, "strict: the issuer", push(strict, nil))
	refused(t, "the PAR endpoint's assertion at the token endpoint", withAssertion(loose, loose.Assertion(doc{"aud": parURL})), "invalid_client")
}

func TestAttackC22_Names(t *testing.T) {
	t.Parallel()
	c := keyClient(t, nil)
	other := c.NewKeyClient(enginetest.BaseClient())
	refused(t, "iss is another client", withAssertion(c, c.Assertion(doc{"iss": other.ID})), "invalid_client")
	refused(t, "sub is another client", withAssertion(c, c.Assertion(doc{"sub": other.ID})), "invalid_client")
	refused(t, "both are another client", withAssertion(c, c.Assertion(doc{"iss": other.ID, "sub": other.ID})), "invalid_client")
	refused(t, "the assertion of another client", withAssertion(c, other.Assertion(nil)), "invalid_client")
	refused(t, "another client in the header", own(c, doc{"clientId": other.ID}), "invalid_client")
	refused(t, "no iss", withAssertion(c, c.Assertion(doc{"iss": nil})), "invalid_client")
	refused(t, "no sub", withAssertion(c, c.Assertion(doc{"sub": nil})), "invalid_client")
}

// TestAttackC24_OtherJWTs: a JWT that is something else is no assertion.
func TestAttackC24_OtherJWTs(t *testing.T) {
	t.Parallel()
	c := keyClient(t, nil)
	idToken := c.Tokens().Text("idToken")
	if strings.Count(idToken, ".") != 2 {
		t.Fatal("no ID token")
	}
	refused(t, "an ID token", withAssertion(c, idToken), "invalid_client")
	for _, typ := range []string{"logout+jwt", "dpop+jwt", "oauth-authz-req+jwt", "at+jwt", "secevent+jwt"} {
		refused(t, typ, withAssertion(c, c.Key.Sign(doc{"kid": c.Key.KID, "typ": typ}, assertionClaims(c, nil))), "invalid_client")
	}
	// A service whose keys the client has registered as its own.
	set := enginetest.With(c.Doc, doc{"jwks": string(c.Call("GET", c.Path("service/jwks/get"), enginetest.RootToken, nil).Body)})
	if a := c.Do("client/update/"+c.ID, set); a.Status != http.StatusOK {
		t.Fatal(string(a.Body))
	}
	refused(t, "an ID token that its keys verify", withAssertion(c, idToken), "invalid_client")
}

func TestAttackC25_Basic(t *testing.T) {
	t.Parallel()
	c := attacked(t, nil).NewClient(enginetest.BaseClient())
	encode := func(s string) string { return fmt.Sprintf("%%%02X", s[0]) + s[1:] }
	accepted(t, "as it is", own(c, doc{"clientSecret": c.Secret}))
	accepted(t, "form-encoded", own(c, doc{"clientSecret": encode(c.Secret)}))
	accepted(t, "both form-encoded", own(c, doc{"clientId": encode(c.ID), "clientSecret": encode(c.Secret)}))
	for name, secret := range map[string]string{
		"encoded twice": encode(encode(c.Secret)), "broken encoding": c.Secret + "%", "invalid UTF-8, encoded": "%FF%FE", "a colon": c.Secret + ":", "a colon in front": ":" + c.Secret,
		"NUL": c.Secret + "\x00", "a space": c.Secret + " ", "half a megabyte": strings.Repeat("s", 1<<19),
	} {
		refused(t, name, own(c, doc{"clientSecret": secret}), "invalid_client")
	}
	if a := own(c, doc{"clientSecret": strings.Repeat("s", 2<<20)}); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("two megabytes: %d", a.Status)
	}
	body := "{\"parameters\":\"grant_type=client_credentials\",\"clientId\":\"" + c.ID + "\",\"clientSecret\":\"\xff\"}"
	r := httptest.NewRequest("POST", c.Path("auth/token"), strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+enginetest.RootToken)
	if a := c.Raw(r); a.Status != http.StatusBadRequest {
		t.Errorf("invalid UTF-8: %d %s", a.Status, a.Body)
	}
}

// TestAttackC27_Secrets: only the whole secret is the secret.
func TestAttackC27_Secrets(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"} {
		c := attacked(t, nil).NewClient(client(doc{"tokenAuthMethod": method}))
		other := another(c)
		present := func(secret string) *enginetest.Answer {
			if method == "CLIENT_SECRET_BASIC" {
				return own(c, doc{"clientSecret": secret})
			}
			return c.Do("auth/token", doc{"parameters": enginetest.Form("grant_type", "client_credentials", "client_id", c.ID, "client_secret", secret)})
		}
		for _, secret := range []string{"", c.Secret[:1], c.Secret[:len(c.Secret)-1], c.Secret + "A", strings.ToUpper(c.Secret), strings.ToLower(c.Secret), other.Secret, "null"} {
			refused(t, method+" "+secret, present(secret), "invalid_client")
		}
		accepted(t, method, present(c.Secret))
	}
}

func TestAttackC40_KeySets(t *testing.T) {
	t.Parallel()
	s := attacked(t, nil)
	k := enginetest.NewKey(t)
	set := func(keys ...gojose.JSONWebKey) string {
		b, err := json.Marshal(gojose.JSONWebKeySet{Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	create := func(jwks string) *enginetest.Answer {
		return s.Do("client/create", client(doc{"tokenAuthMethod": "PRIVATE_KEY_JWT", "jwks": jwks}))
	}
	many := make([]gojose.JSONWebKey, 10_000)
	for i := range many {
		many[i] = k.JWK()
	}
	for name, jwks := range map[string]string{
		"a private key": set(gojose.JSONWebKey{Key: k.Priv, KeyID: "k"}), "a symmetric key": `{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}`,
		"10 000 keys": set(many...), "no JSON": "keys", "an array": "[]",
	} {
		if a := create(jwks); a.Status != http.StatusBadRequest || strings.Contains(string(a.Body), "c2VjcmV0") {
			t.Errorf("%s: %d %.300s", name, a.Status, a.Body)
		}
	}
	// Two keys of one kid: either signs.
	other := enginetest.NewKey(t)
	other.KID = k.KID
	a := create(set(other.JWK(), k.JWK()))
	if a.Status != http.StatusOK {
		t.Fatalf("one kid twice: %s", a.Body)
	}
	for _, key := range []*enginetest.Key{k, other} {
		c := &enginetest.Client{Service: s, ID: a.Text("clientId"), Doc: a.Doc, Key: key}
		accepted(t, "one of two keys of one kid", own(c, nil))
	}
}
