package clientauth

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"

	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

type doc = map[string]any

var now = time.Unix(1_900_000_000, 0)

// bench is a service with one client that authenticates with private_key_jwt.
type bench struct {
	t       *testing.T
	key     *ecdsa.PrivateKey
	client  *registry.Client
	service *registry.Service
	allowed error
	// audiences are what an assertion may name besides the issuer.
	audiences []string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(gojose.JSONWebKeySet{Keys: []gojose.JSONWebKey{{Key: &k.PublicKey}}})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jose.ParseKeySet(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return &bench{
		t: t, key: k, audiences: []string{"https://as.example/par", "https://as.example/token"},
		client: &registry.Client{ID: 7, Keys: keys, Doc: &wire.Client{
			ClientType: wire.ClientTypeConfidential, TokenAuthMethod: wire.ClientAuthMethodPrivateKeyJWT,
			ClientIDAlias: "alias", ClientIDAliasEnabled: true, IDTokenSignAlg: wire.JWSAlgES256,
		}},
		service: &registry.Service{ID: 1, Doc: &wire.Service{Issuer: "https://as.example", ClientIDAliasEnabled: true}},
	}
}

// Client implements [Clients].
func (b *bench) Client(_ context.Context, _ *registry.Service, identifier string) (*registry.Client, bool, error) {
	switch identifier {
	case "7":
		return b.client, false, nil
	case "alias":
		return b.client, true, nil
	case "broken":
		return nil, false, errors.New("storage is gone")
	}
	return nil, false, nil
}

func (b *bench) encode(v any) string {
	b.t.Helper()
	text, ok := v.(string)
	if !ok {
		raw, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		text = string(raw)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// assertion makes a good assertion with members replaced.
func (b *bench) assertion(header, claims doc) string {
	b.t.Helper()
	h, c := doc{"alg": "ES256"}, doc{"iss": "7", "sub": "7", "aud": "https://as.example", "jti": "j", "exp": now.Unix() + 60}
	for k, v := range header {
		h[k] = v
	}
	for k, v := range claims {
		if v == nil {
			delete(c, k)
		} else {
			c[k] = v
		}
	}
	return b.sign(h, c)
}

func (b *bench) sign(header, claims any) string {
	b.t.Helper()
	input := b.encode(header) + "." + b.encode(claims)
	sum := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, b.key, sum[:])
	if err != nil {
		b.t.Fatal(err)
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return input + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// refused returns the rule that refuses a request, "" for none.
func (b *bench) refused(assertion string, more ...string) (string, *Client) {
	b.t.Helper()
	v := url.Values{"client_assertion_type": {assertionType}, "client_assertion": {assertion}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	form, err := oauth.ParseForm(v.Encode())
	if err != nil {
		b.t.Fatal(err)
	}
	c, f, err := Authenticate(context.Background(), b, &Request{
		Service: b.service, Form: form, Audiences: b.audiences, Now: now,
		Allowed: func(*registry.Client) error { return b.allowed },
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if (c == nil) == (f == nil) {
		b.t.Fatalf("%v and %v", c, f)
	}
	if f != nil {
		return f.ID, nil
	}
	return "", c
}

// TestAssertionClaims: every claim at its limits.
func TestAssertionClaims(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	at := func(seconds int64) int64 { return now.Unix() + seconds }
	for _, x := range []struct {
		name           string
		header, claims doc
		want           string
	}{
		{"good", nil, nil, ""},
		{"typ JWT", doc{"typ": "JWT"}, nil, ""},
		{"typ of the newer draft", doc{"typ": "client-authentication+jwt"}, nil, ""},
		{"typ of a request object", doc{"typ": "oauth-authz-req+jwt"}, nil, "client.assertion.type"},
		{"typ of an access token", doc{"typ": "at+jwt"}, nil, "client.assertion.type"},
		{"typ of a logout token", doc{"typ": "logout+jwt"}, nil, "client.assertion.type"},
		{"no iss", nil, doc{"iss": nil}, "client.assertion.iss"},
		{"iss is another client", nil, doc{"iss": "8"}, "client.assertion.iss"},
		{"iss is the alias", nil, doc{"iss": "alias"}, ""},
		{"iss with a leading zero", nil, doc{"iss": "07"}, "client.assertion.iss"},
		{"iss with a space", nil, doc{"iss": "7 "}, "client.assertion.iss"},
		{"sub with an unknown client", nil, doc{"sub": "8"}, "client.known"},
		{"sub is the alias", nil, doc{"sub": "alias"}, ""},
		{"no sub", nil, doc{"sub": nil}, "client.named"},
		{"sub as a number", nil, doc{"sub": 7}, "client.assertion.well_formed"},
		{"aud is the endpoint", nil, doc{"aud": "https://as.example/par"}, ""},
		{"aud is the token endpoint", nil, doc{"aud": "https://as.example/token"}, ""},
		{"aud is a list with the issuer", nil, doc{"aud": []string{"https://other.example", "https://as.example"}}, ""},
		{"aud with a slash", nil, doc{"aud": "https://as.example/"}, "client.assertion.aud"},
		{"aud with http", nil, doc{"aud": "http://as.example"}, "client.assertion.aud"},
		{"aud in other letters", nil, doc{"aud": "https://AS.example"}, "client.assertion.aud"},
		{"aud empty", nil, doc{"aud": ""}, "client.assertion.aud"},
		{"aud an empty list", nil, doc{"aud": []string{}}, "client.assertion.aud"},
		{"aud a list of nothing", nil, doc{"aud": []string{""}}, "client.assertion.aud"},
		{"aud a list with a number", nil, doc{"aud": []any{"https://as.example", 7}}, "client.assertion.aud"},
		{"aud a number", nil, doc{"aud": 7}, "client.assertion.aud"},
		{"aud an object", nil, doc{"aud": doc{"https://as.example": true}}, "client.assertion.aud"},
		{"no aud", nil, doc{"aud": nil}, "client.assertion.aud"},
		{"exp now", nil, doc{"exp": at(0)}, "client.assertion.exp"},
		{"exp in a second", nil, doc{"exp": at(1)}, ""},
		{"exp in a day", nil, doc{"exp": at(86400)}, ""},
		{"exp in more than a day", nil, doc{"exp": at(86401)}, "client.assertion.exp"},
		{"exp in milliseconds", nil, doc{"exp": now.UnixMilli()}, "client.assertion.exp"},
		{"exp beyond all dates", nil, doc{"exp": 1e300}, "client.assertion.exp"},
		{"exp below zero", nil, doc{"exp": -1}, "client.assertion.exp"},
		{"no exp", nil, doc{"exp": nil}, "client.assertion.exp"},
		{"exp as text", nil, doc{"exp": "1900000060"}, "client.assertion.well_formed"},
		{"nbf 60 s ahead", nil, doc{"nbf": at(60)}, ""},
		{"nbf 61 s ahead", nil, doc{"nbf": at(61)}, "client.assertion.not_before"},
		{"iat 60 s ahead", nil, doc{"iat": at(60)}, ""},
		{"iat 61 s ahead", nil, doc{"iat": at(61)}, "client.assertion.not_before"},
		{"iat long ago", nil, doc{"iat": 1}, ""},
		{"iat below zero", nil, doc{"iat": -1}, "client.assertion.not_before"},
		{"nbf beyond all dates", nil, doc{"nbf": 1e300}, "client.assertion.not_before"},
		{"jti of 512", nil, doc{"jti": strings.Repeat("j", 512)}, ""},
		{"jti of 513", nil, doc{"jti": strings.Repeat("j", 513)}, "client.assertion.jti"},
		{"no jti", nil, doc{"jti": nil}, "client.assertion.jti"},
		{"alg none", doc{"alg": "none"}, nil, "client.assertion.algorithm"},
		{"alg HS256", doc{"alg": "HS256"}, nil, "client.assertion.algorithm"},
		{"alg of another key", doc{"alg": "PS256"}, nil, "client.assertion.key"},
		{"crit", doc{"crit": []string{"exp"}}, nil, "client.assertion.well_formed"},
	} {
		if got, _ := b.refused(b.assertion(x.header, x.claims)); got != x.want {
			t.Errorf("%s: refused by %q, want %q", x.name, got, x.want)
		}
	}
}

// TestStrictAudience: where only the issuer counts, nothing else does.
func TestStrictAudience(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.Doc.ClientAssertionAudRestrictedToIssuer = true
	for name, aud := range map[string]any{
		"the issuer in a list": []string{"https://as.example"}, "the endpoint": "https://as.example/par", "empty": "", "a slash": "https://as.example/", "none": nil,
	} {
		if got, _ := b.refused(b.assertion(nil, doc{"aud": aud})); got != "client.assertion.aud" {
			t.Errorf("%s: refused by %q", name, got)
		}
	}
	if got, _ := b.refused(b.assertion(nil, nil)); got != "" {
		t.Errorf("the issuer: refused by %q", got)
	}
	b.service.Doc.Issuer = ""
	b.service.Version++ // another version has another policy
	if got, _ := b.refused(b.assertion(nil, doc{"aud": ""})); got != "client.assertion.aud" {
		t.Errorf("an empty aud for a service without an issuer: refused by %q", got)
	}
}

// TestNoAudience: a service without issuer and endpoints is addressed by
// nothing, not by an empty name.
func TestNoAudience(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.Doc.Issuer, b.audiences = "", []string{""}
	for _, aud := range []any{"", []string{""}, []string{}, nil} {
		if got, _ := b.refused(b.assertion(nil, doc{"aud": aud})); got != "client.assertion.aud" {
			t.Errorf("%v: refused by %q", aud, got)
		}
	}
}

// TestSkew: what the service allows its clients' clocks.
func TestSkew(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.service.Doc.AllowableClockSkew = 90
	for claim, members := range map[string]doc{
		"": {"exp": now.Unix() - 89, "nbf": now.Unix() + 90}, "client.assertion.exp": {"exp": now.Unix() - 90}, "client.assertion.not_before": {"nbf": now.Unix() + 91},
	} {
		got, c := b.refused(b.assertion(nil, members))
		if got != claim {
			t.Errorf("%v: refused by %q, want %q", members, got, claim)
		}
		if c != nil && c.Mark.Expires <= (now.Unix()+1)*1000 {
			t.Errorf("the mark expires at %d, while the assertion is accepted", c.Mark.Expires)
		}
	}
}

// TestAssertionMark: one jti of one client of one service is one mark.
func TestAssertionMark(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	mark := func(claims doc) string {
		got, c := b.refused(b.assertion(nil, claims))
		if got != "" || len(c.Marks()) != 1 || c.Method != wire.ClientAuthMethodPrivateKeyJWT {
			t.Fatalf("refused by %q", got)
		}
		return c.Mark.Key.String()
	}
	one := mark(nil)
	if mark(doc{"iss": "alias", "exp": now.Unix() + 30}) != one {
		t.Error("the alias has another mark: an assertion could be used twice")
	}
	if mark(doc{"jti": "k"}) == one {
		t.Error("another jti has the same mark")
	}
	b.service.ID = 2
	if mark(nil) == one {
		t.Error("another service has the same mark")
	}
}

// TestNames: several names must be one.
func TestNames(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	good := func() string { return b.assertion(nil, nil) }
	for _, x := range []struct {
		name, assertion string
		more            []string
		want            string
	}{
		{"client_id too", good(), []string{"client_id", "7"}, ""},
		{"another client_id", good(), []string{"client_id", "8"}, "client.one_name"},
		{"the alias as client_id", good(), []string{"client_id", "alias"}, "client.one_name"},
		{"a secret too", good(), []string{"client_secret", "s"}, "client.one_method"},
		{"another type", good(), []string{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"}, "client.assertion.well_formed"},
		{"no type", good(), []string{"client_assertion_type", ""}, "client.assertion.well_formed"},
		{"only a type", "", []string{"client_id", "7"}, "client.assertion.well_formed"},
		{"a payload that is a list", b.sign(doc{"alg": "ES256"}, []string{"7"}), []string{"client_id", "7"}, "client.assertion.well_formed"},
		{"sub twice", b.sign(doc{"alg": "ES256"}, `{"iss":"7","sub":"7","sub":"7"}`), nil, "client.assertion.well_formed"},
	} {
		if got, _ := b.refused(x.assertion, x.more...); got != x.want {
			t.Errorf("%s: refused by %q, want %q", x.name, got, x.want)
		}
	}
}

// TestErrors: a failure of storage, or of the caller, is no verdict.
func TestErrors(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	form, err := oauth.ParseForm("client_id=broken")
	if err != nil {
		t.Fatal(err)
	}
	if c, f, err := Authenticate(context.Background(), b, &Request{Service: b.service, Form: form, Now: now}); c != nil || f != nil || err == nil {
		t.Errorf("storage gone: %v %v %v", c, f, err)
	}
	b.allowed = errors.New("blocked")
	if form, err = oauth.ParseForm("client_id=7"); err != nil {
		t.Fatal(err)
	}
	r := &Request{Service: b.service, Form: form, Now: now, Allowed: func(*registry.Client) error { return b.allowed }}
	if c, f, err := Authenticate(context.Background(), b, r); c != nil || f != nil || !errors.Is(err, b.allowed) {
		t.Errorf("blocked: %v %v %v", c, f, err)
	}
}
