package enginetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
)

// Key is a P-256 key of a client. It signs with the library, not with the
// engine's own code.
type Key struct {
	T    testing.TB
	Priv *ecdsa.PrivateKey
	KID  string
}

// NewKey makes a key.
func NewKey(t testing.TB) *Key {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &Key{t, k, Unique()[:8]}
}

// Unique returns a value that no other call returns.
func Unique() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// JWK returns the public key.
func (k *Key) JWK() gojose.JSONWebKey {
	return gojose.JSONWebKey{Key: &k.Priv.PublicKey, KeyID: k.KID, Algorithm: "ES256", Use: "sig"}
}

// JWKS returns a set of the public key as text.
func (k *Key) JWKS() string {
	b, err := json.Marshal(gojose.JSONWebKeySet{Keys: []gojose.JSONWebKey{k.JWK()}})
	if err != nil {
		k.T.Fatal(err)
	}
	return string(b)
}

// Sign makes a JWT with these header members (kid unless it is there).
func (k *Key) Sign(header, claims Doc) string {
	opts := &gojose.SignerOptions{}
	for name, v := range header {
		opts.WithHeader(gojose.HeaderKey(name), v)
	}
	s, err := gojose.NewSigner(gojose.SigningKey{Algorithm: gojose.ES256, Key: k.Priv}, opts)
	if err != nil {
		k.T.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		k.T.Fatal(err)
	}
	jws, err := s.Sign(payload)
	if err != nil {
		k.T.Fatal(err)
	}
	out, err := jws.CompactSerialize()
	if err != nil {
		k.T.Fatal(err)
	}
	return out
}

// Thumbprint returns the RFC 7638 thumbprint.
func (k *Key) Thumbprint() string {
	jwk := k.JWK()
	sum, err := jwk.Thumbprint(5) // crypto.SHA256
	if err != nil {
		k.T.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(sum)
}

// Assertion makes a client assertion; members replace its claims.
func (c *Client) Assertion(members Doc) string {
	now := c.Now().Unix()
	claims := With(Doc{"iss": c.ID, "sub": c.ID, "aud": "https://as.example", "jti": Unique(), "iat": now, "exp": now + 60}, members)
	return c.Key.Sign(Doc{"kid": c.Key.KID}, claims)
}

// Proof makes a DPoP proof; members replace its claims. With a token its
// hash is in ath.
func (e *Engine) Proof(k *Key, method, htu, token string, members Doc) string {
	claims := Doc{"htm": method, "htu": htu, "jti": Unique(), "iat": e.Now().Unix()}
	if token != "" {
		claims["ath"] = Hash(token)
	}
	return k.Sign(Doc{"typ": "dpop+jwt", "jwk": k.publicOnly()}, With(claims, members))
}

func (k *Key) publicOnly() gojose.JSONWebKey { return gojose.JSONWebKey{Key: &k.Priv.PublicKey} }

// Hash is base64url of SHA-256.
func Hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Form encodes parameters given in pairs; a pair with an empty value is left
// out.
func Form(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(pairs[i]) + "=" + url.QueryEscape(pairs[i+1]))
	}
	return b.String()
}

// Auth adds the client's credentials to a call whose parameters are given.
func (c *Client) Auth(parameters string, members Doc) Doc {
	d := Doc{}
	switch {
	case c.Key != nil:
		parameters = c.named(parameters) + "&" + Form("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", c.Assertion(nil))
	case c.Doc["clientType"] == "CONFIDENTIAL":
		d["clientId"], d["clientSecret"] = c.ID, c.Secret
	default:
		parameters = c.named(parameters)
	}
	d["parameters"] = parameters
	return With(d, members)
}

// named adds the client_id where it is missing.
func (c *Client) named(parameters string) string {
	if v, err := url.ParseQuery(parameters); err == nil && v.Has("client_id") {
		return parameters
	}
	return parameters + "&" + Form("client_id", c.ID)
}

// Token calls the token endpoint's operation.
func (c *Client) Token(parameters string, members Doc) *Answer {
	return c.Do("auth/token", c.Auth(parameters, members))
}

// Verifier is the code verifier of test requests, Challenge its S256
// challenge.
const Verifier = "a-code-verifier-that-is-long-enough-for-rfc-7636"

// Challenge is the S256 challenge of Verifier.
func Challenge() string { return Hash(Verifier) }

// Ticket makes an authorization request and returns its ticket.
func (c *Client) Ticket(pairs ...string) string {
	c.T.Helper()
	a := c.Authorize(pairs...)
	if t := a.Text("ticket"); t != "" {
		return t
	}
	c.T.Fatalf("no ticket: %s", a.Body)
	return ""
}

// Authorize makes an authorization request; pairs come first, so that a
// later one of the same name is not added.
func (c *Client) Authorize(pairs ...string) *Answer {
	return c.Do("auth/authorization", Doc{"parameters": c.Request(pairs...)})
}

// Request is a valid authorization request whose parameters the pairs
// replace; an empty value removes one.
func (c *Client) Request(pairs ...string) string {
	base := []string{"response_type", "code", "client_id", c.ID, "redirect_uri", Redirect, "state", "st", "scope", "openid read",
		"code_challenge", Challenge(), "code_challenge_method", "S256", "nonce", "n"}
	var out []string
next:
	for i := 0; i < len(base); i += 2 {
		for j := 0; j < len(pairs); j += 2 {
			if pairs[j] == base[i] {
				continue next
			}
		}
		out = append(out, base[i], base[i+1])
	}
	return Form(append(out, pairs...)...)
}

// RequestObject makes a signed request object of a valid request, for a
// client with a key; header and claims replace members.
func (c *Client) RequestObject(header, claims Doc) string {
	now := c.Now().Unix()
	return c.Key.Sign(With(Doc{"kid": c.Key.KID, "typ": "oauth-authz-req+jwt"}, header), With(With(c.objectClaims(), Doc{
		"iss": c.ID, "aud": "https://as.example", "iat": now, "nbf": now, "exp": now + 60,
	}), claims))
}

// UnsignedRequestObject makes one without a signature.
func (c *Client) UnsignedRequestObject(claims Doc) string {
	c.T.Helper()
	payload, err := json.Marshal(With(c.objectClaims(), claims))
	if err != nil {
		c.T.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}

func (c *Client) objectClaims() Doc {
	form, err := url.ParseQuery(c.Request())
	if err != nil {
		c.T.Fatal(err)
	}
	claims := Doc{}
	for name := range form {
		claims[name] = form.Get(name)
	}
	return claims
}

// Code makes an authorization request and issues a code for a subject.
func (c *Client) Code(pairs ...string) string {
	c.T.Helper()
	return c.Issue(c.Ticket(pairs...), nil)
}

// Issue issues a code.
func (c *Client) Issue(ticket string, members Doc) string {
	c.T.Helper()
	a := c.Do("auth/authorization/issue", With(Doc{"ticket": ticket, "subject": "1001", "authTime": c.Now().Unix(), "acr": "loa2"}, members))
	code := a.Text("authorizationCode")
	if code == "" {
		c.T.Fatalf("no code: %s", a.Body)
	}
	return code
}

// Redeem redeems a code.
func (c *Client) Redeem(code string, members Doc) *Answer {
	return c.Token(Form("grant_type", "authorization_code", "code", code, "redirect_uri", Redirect, "code_verifier", Verifier), members)
}

// Tokens runs a whole flow and returns the token answer.
func (c *Client) Tokens(pairs ...string) *Answer {
	c.T.Helper()
	a := c.Redeem(c.Code(pairs...), nil)
	if a.Text("action") != "OK" {
		c.T.Fatalf("no tokens: %s", a.Body)
	}
	return a
}

// Active reports whether a token introspects OK.
func (s *Service) Active(token string) bool {
	return s.Do("auth/introspection", Doc{"token": token}).Text("action") == "OK"
}
