package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"runtime"
	"strings"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
)

type claims struct {
	Issuer string `json:"iss"`
}

func segment(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func ecKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// set makes a key set of JWKs.
func set(t testing.TB, keys ...gojose.JSONWebKey) *KeySet {
	t.Helper()
	text, err := json.Marshal(gojose.JSONWebKeySet{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	s, err := ParseKeySet(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// es256 signs a header and payload, whatever they are, with ECDSA.
func es256(t testing.TB, k *ecdsa.PrivateKey, header, payload string) string {
	t.Helper()
	input := segment(header) + "." + segment(payload)
	sum := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, k, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(fixed(r, s))
}

func fixed(r, s *big.Int) []byte {
	out := make([]byte, 64)
	r.FillBytes(out[:32])
	s.FillBytes(out[32:])
	return out
}

var everything = []string{"none", "None", "", "HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "RS256", "PS256", "EdDSA", "ES256K"}

// TestVerifyTraps: tokens that some library or other once accepted.
func TestVerifyTraps(t *testing.T) {
	t.Parallel()
	k, other := ecKey(t), ecKey(t)
	keys := set(t, gojose.JSONWebKey{Key: &k.PublicKey, KeyID: "k"})
	good := es256(t, k, `{"alg":"ES256","kid":"k"}`, `{"iss":"x"}`)
	var c claims
	if h, err := Verify(good, keys, everything, &c); err != nil || c.Issuer != "x" || h.KeyID != "k" || h.Algorithm != "ES256" {
		t.Fatalf("a good token: %+v %+v %v", h, c, err)
	}
	part := strings.Split(good, ".")
	input := part[0] + "." + part[1]
	der, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	mac := func(secret []byte) string {
		in := segment(`{"alg":"HS256","kid":"k"}`) + "." + segment(`{"iss":"x"}`)
		m := hmac.New(sha256.New, secret)
		m.Write([]byte(in))
		return in + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil))
	}
	sum := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, k, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	derSignature, err := asn1.Marshal(struct{ R, S *big.Int }{r, s})
	if err != nil {
		t.Fatal(err)
	}
	n := elliptic.P256().Params().N
	signature := func(b []byte) string { return input + "." + base64.RawURLEncoding.EncodeToString(b) }
	publicJWK, err := json.Marshal(gojose.JSONWebKey{Key: &other.PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		token string
		want  error
	}{
		"no algorithm":                    {segment(`{"alg":"none"}`) + "." + segment(`{"iss":"x"}`) + ".", ErrAlgorithm},
		"no algorithm, other letters":     {segment(`{"alg":"nOnE"}`) + "." + segment(`{"iss":"x"}`) + ".", ErrAlgorithm},
		"no alg member":                   {es256(t, k, `{"kid":"k"}`, `{"iss":"x"}`), ErrAlgorithm},
		"alg in other letters":            {es256(t, k, `{"alg":"es256","kid":"k"}`, `{"iss":"x"}`), ErrAlgorithm},
		"Alg instead of alg":              {es256(t, k, `{"Alg":"ES256","kid":"k"}`, `{"iss":"x"}`), ErrAlgorithm},
		"alg twice":                       {es256(t, k, `{"alg":"none","alg":"ES256","kid":"k"}`, `{"iss":"x"}`), ErrMalformed},
		"public key as secret, PEM":       {mac(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), ErrAlgorithm},
		"public key as secret, DER":       {mac(der), ErrAlgorithm},
		"public key as secret, JWK":       {mac(publicJWK), ErrAlgorithm},
		"empty secret":                    {mac(nil), ErrAlgorithm},
		"ES256K":                          {es256(t, k, `{"alg":"ES256K","kid":"k"}`, `{"iss":"x"}`), ErrAlgorithm},
		"signature of zeros":              {signature(make([]byte, 64)), ErrSignature},
		"r is zero":                       {signature(fixed(new(big.Int), s)), ErrSignature},
		"s is zero":                       {signature(fixed(r, new(big.Int))), ErrSignature},
		"r and s are n":                   {signature(fixed(n, n)), ErrSignature},
		"signature in DER":                {signature(derSignature), ErrSignature},
		"signature too short":             {signature(fixed(r, s)[:63]), ErrSignature},
		"signature too long":              {signature(append(fixed(r, s), 0)), ErrSignature},
		"no signature":                    {input + ".", ErrSignature},
		"another payload":                 {part[0] + "." + segment(`{"iss":"y"}`) + "." + part[2], ErrSignature},
		"another key":                     {es256(t, other, `{"alg":"ES256","kid":"k"}`, `{"iss":"x"}`), ErrSignature},
		"a key id that nobody has":        {es256(t, k, `{"alg":"ES256","kid":"other"}`, `{"iss":"x"}`), ErrNoKey},
		"another algorithm than the key":  {es256(t, k, `{"alg":"ES384","kid":"k"}`, `{"iss":"x"}`), ErrNoKey},
		"its own key in jwk":              {es256(t, other, `{"alg":"ES256","jwk":`+string(publicJWK)+`}`, `{"iss":"x"}`), ErrSignature},
		"keys elsewhere":                  {es256(t, other, `{"alg":"ES256","jku":"https://evil.example/k","x5u":"https://evil.example/x"}`, `{"iss":"x"}`), ErrSignature},
		"crit with an unknown name":       {es256(t, k, `{"alg":"ES256","kid":"k","crit":["exp"],"exp":1}`, `{"iss":"x"}`), ErrCritical},
		"crit b64":                        {es256(t, k, `{"alg":"ES256","kid":"k","crit":["b64"],"b64":false}`, `{"iss":"x"}`), ErrCritical},
		"crit empty":                      {es256(t, k, `{"alg":"ES256","kid":"k","crit":[]}`, `{"iss":"x"}`), ErrCritical},
		"flattened JSON":                  {`{"protected":"` + part[0] + `","payload":"` + part[1] + `","signature":"` + part[2] + `"}`, ErrMalformed},
		"general JSON":                    {`{"payload":"` + part[1] + `","signatures":[{"protected":"` + part[0] + `","signature":"` + part[2] + `"}]}`, ErrMalformed},
		"four parts":                      {good + "." + part[2], ErrMalformed},
		"two parts":                       {input, ErrMalformed},
		"five parts":                      {"a.b.c.d.e", ErrMalformed},
		"nothing":                         {"", ErrMalformed},
		"dots":                            {"..", ErrMalformed},
		"ten million dots":                {strings.Repeat(".", 10_000_000), ErrMalformed},
		"too long":                        {es256(t, k, `{"alg":"ES256","kid":"k"}`, `{"iss":"`+strings.Repeat("x", MaxTokenBytes)+`"}`), ErrMalformed},
		"padding":                         {part[0] + "=." + part[1] + "." + part[2], ErrMalformed},
		"a line break":                    {good + "\n", ErrMalformed},
		"a line break within":             {part[0] + "." + part[1][:3] + "\r\n" + part[1][3:] + "." + part[2], ErrMalformed},
		"a space in front":                {" " + good, ErrMalformed},
		"header is no object":             {es256(t, k, `["ES256"]`, `{"iss":"x"}`), ErrMalformed},
		"header is null":                  {es256(t, k, `null`, `{"iss":"x"}`), ErrAlgorithm},
		"something behind the header":     {es256(t, k, `{"alg":"ES256","kid":"k"}{}`, `{"iss":"x"}`), ErrMalformed},
		"payload is an array":             {es256(t, k, `{"alg":"ES256","kid":"k"}`, `[{"iss":"x"}]`), ErrMalformed},
		"payload is null":                 {es256(t, k, `{"alg":"ES256","kid":"k"}`, `null`), ErrMalformed},
		"payload is empty":                {es256(t, k, `{"alg":"ES256","kid":"k"}`, ``), ErrMalformed},
		"a claim twice":                   {es256(t, k, `{"alg":"ES256","kid":"k"}`, `{"iss":"y","iss":"x"}`), ErrMalformed},
		"something behind the payload":    {es256(t, k, `{"alg":"ES256","kid":"k"}`, `{"iss":"x"}{"iss":"y"}`), ErrMalformed},
		"a claim of another type":         {es256(t, k, `{"alg":"ES256","kid":"k"}`, `{"iss":7}`), ErrMalformed},
		"kid of another type":             {es256(t, k, `{"alg":"ES256","kid":7}`, `{"iss":"x"}`), ErrMalformed},
		"five parts, encrypted in looks":  {segment(`{"alg":"dir","enc":"A128GCM"}`) + "....", ErrMalformed},
		"three parts, encrypted in looks": {segment(`{"alg":"dir","enc":"A128GCM"}`) + "..", ErrAlgorithm},
	} {
		var c claims
		if _, err := Verify(x.token, keys, everything, &c); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
}

// TestNamesAreExact: members are not matched in other letters, as the
// standard library would.
func TestNamesAreExact(t *testing.T) {
	t.Parallel()
	k := ecKey(t)
	var c claims
	token := es256(t, k, `{"alg":"ES256"}`, `{"ISS":"attacker"}`)
	if _, err := Verify(token, set(t, gojose.JSONWebKey{Key: &k.PublicKey}), []string{"ES256"}, &c); err != nil || c.Issuer != "" {
		t.Errorf("ISS counts as iss: %+v %v", c, err)
	}
	if err := PeekClaims(token, &c); err != nil || c.Issuer != "" {
		t.Errorf("ISS counts as iss when peeking: %+v %v", c, err)
	}
}

// TestBounded: what somebody sends costs no memory before it is bounded. It
// counts what the process allocates, so nothing runs beside it.
func TestBounded(t *testing.T) { //nolint:paralleltest // see above
	for _, token := range []string{strings.Repeat(".", 1<<20), strings.Repeat("a.", 1<<20), strings.Repeat("a", 1<<20) + ".b.c"} {
		var c claims
		for name, f := range map[string]func(){
			"Verify":         func() { _, _ = Verify(token, nil, everything, &c) },
			"VerifyEmbedded": func() { _, _, _ = VerifyEmbedded(token, everything, &c) },
			"PeekHeader":     func() { _, _ = PeekHeader(token) },
			"PeekClaims":     func() { _ = PeekClaims(token, &c) },
		} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f()
			runtime.ReadMemStats(&after)
			if n := after.TotalAlloc - before.TotalAlloc; n > 64<<10 {
				t.Errorf("%s takes %d bytes for a token of %d", name, n, len(token))
			}
		}
	}
}

// TestAllowedAlgorithms: only what the caller lists is accepted, and nothing
// symmetric even then.
func TestAllowedAlgorithms(t *testing.T) {
	t.Parallel()
	k := ecKey(t)
	keys := set(t, gojose.JSONWebKey{Key: &k.PublicKey})
	token := es256(t, k, `{"alg":"ES256"}`, `{}`)
	for _, allowed := range [][]string{nil, {"PS256", "EdDSA"}, {"ES384"}} {
		if _, err := Verify(token, keys, allowed, &claims{}); !errors.Is(err, ErrAlgorithm) {
			t.Errorf("%v: %v", allowed, err)
		}
	}
	if _, err := Verify(token, nil, []string{"ES256"}, &claims{}); !errors.Is(err, ErrNoKey) {
		t.Errorf("no keys: %v", err)
	}
}

// TestWhichKey: a key id names its keys; of several the one that fits counts;
// without one few are tried.
func TestWhichKey(t *testing.T) {
	t.Parallel()
	k := ecKey(t)
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ok := func(name, header string, want error, keys ...gojose.JSONWebKey) {
		t.Helper()
		if _, err := Verify(es256(t, k, header, `{}`), set(t, keys...), []string{"ES256"}, &claims{}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	pub := gojose.JSONWebKey{Key: &k.PublicKey}
	with := func(f func(*gojose.JSONWebKey)) gojose.JSONWebKey { j := pub; f(&j); return j }
	named := with(func(j *gojose.JSONWebKey) { j.KeyID = "k" })
	other := gojose.JSONWebKey{Key: &ecKey(t).PublicKey, KeyID: "k"}
	ok("one kid, two types", `{"alg":"ES256","kid":"k"}`, nil, gojose.JSONWebKey{Key: &rs.PublicKey, KeyID: "k"}, named)
	ok("one kid, two keys", `{"alg":"ES256","kid":"k"}`, nil, other, named)
	ok("one kid, two keys, the other order", `{"alg":"ES256","kid":"k"}`, nil, named, other)
	ok("a kid, and a key without one", `{"alg":"ES256","kid":"k"}`, nil, pub)
	ok("a kid that another key has", `{"alg":"ES256","kid":"k"}`, ErrSignature, other, pub)
	ok("no kid", `{"alg":"ES256"}`, nil, named)
	ok("a key for encryption", `{"alg":"ES256"}`, ErrNoKey, with(func(j *gojose.JSONWebKey) { j.Use = "enc" }))
	ok("a key of another algorithm", `{"alg":"ES256"}`, ErrNoKey, with(func(j *gojose.JSONWebKey) { j.Algorithm = "ES384" }))
	var many []gojose.JSONWebKey
	for range 10 {
		many = append(many, gojose.JSONWebKey{Key: &ecKey(t).PublicKey})
	}
	ok("the tenth key", `{"alg":"ES256"}`, nil, append(many[:9:9], pub)...)
	ok("the eleventh key", `{"alg":"ES256"}`, ErrSignature, append(many[:10:10], pub)...)
}

// TestVerifyEmbedded: what a DPoP proof may carry as its key.
func TestVerifyEmbedded(t *testing.T) {
	t.Parallel()
	k := ecKey(t)
	public, err := json.Marshal(gojose.JSONWebKey{Key: &k.PublicKey})
	if err != nil {
		t.Fatal(err)
	}
	private, err := json.Marshal(gojose.JSONWebKey{Key: k})
	if err != nil {
		t.Fatal(err)
	}
	token := func(jwk string) string { return es256(t, k, `{"alg":"ES256","jwk":`+jwk+`}`, `{"iss":"x"}`) }
	if _, key, err := VerifyEmbedded(token(string(public)), []string{"ES256"}, &claims{}); err != nil || key == nil {
		t.Fatalf("a good proof: %v", err)
	}
	padded := strings.Replace(string(public), "{", `{"pad":"`+strings.Repeat("x", 4<<10)+`",`, 1)
	for name, x := range map[string]struct {
		token string
		want  error
	}{
		"no key":              {es256(t, k, `{"alg":"ES256"}`, `{}`), ErrKey},
		"null":                {token("null"), ErrKey},
		"text":                {token(`"key"`), ErrKey},
		"private":             {token(string(private)), ErrKey},
		"symmetric":           {token(`{"kty":"oct","k":"c2VjcmV0"}`), ErrKey},
		"of another type":     {token(rsaJWK(2048, []byte{1, 0, 1})), ErrKey},
		"for encryption":      {token(strings.Replace(string(public), "{", `{"use":"enc",`, 1)), ErrKey},
		"not on the curve":    {token(`{"kty":"EC","crv":"P-256","x":"` + segment(strings.Repeat("\x01", 32)) + `","y":"` + segment(strings.Repeat("\x01", 32)) + `"}`), ErrKey},
		"of an unknown curve": {token(`{"kty":"EC","crv":"secp256k1","x":"AQ","y":"AQ"}`), ErrKey},
		"huge":                {token(padded), ErrKey},
		"of somebody else":    {es256(t, ecKey(t), `{"alg":"ES256","jwk":`+string(public)+`}`, `{}`), ErrSignature},
		"symmetric algorithm": {segment(`{"alg":"HS256","jwk":{"kty":"oct","k":"c2VjcmV0"}}`) + ".e30.AAAA", ErrAlgorithm},
	} {
		if _, _, err := VerifyEmbedded(x.token, everything, &claims{}); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", name, err, x.want)
		}
	}
}

// TestSign: every algorithm round-trips, and is its own.
func TestSign(t *testing.T) {
	t.Parallel()
	text, err := Extend("", []string{"ES256", "ES384", "ES512", "RS256", "EdDSA"}, newKey)
	if err != nil {
		t.Fatal(err)
	}
	private, err := ParseKeySet(text)
	if err != nil {
		t.Fatal(err)
	}
	published, err := private.Public()
	if err != nil || strings.Contains(string(published), `"d"`) {
		t.Fatalf("published: %s %v", published, err)
	}
	public, err := ParseKeySet(string(published))
	if err != nil || public.HasPrivate() || !private.HasPrivate() {
		t.Fatalf("published: %v", err)
	}
	for _, alg := range []string{"ES256", "ES384", "ES512", "RS256", "EdDSA"} {
		token, err := private.SigningKey(alg, "").Sign(alg, "at+jwt", []byte(`{"iss":"x"}`), map[string]any{"extra": "e"})
		if err != nil {
			t.Fatal(alg, err)
		}
		var c claims
		h, err := Verify(token, public, []string{alg}, &c)
		if err != nil || c.Issuer != "x" || h.Type != "at+jwt" || h.Algorithm != alg || h.KeyID == "" {
			t.Errorf("%s: %+v %+v %v", alg, h, c, err)
		}
		if public.SigningKey(alg, "") != nil || private.SigningKey(alg, "other") != nil {
			t.Errorf("%s: a key that is not there signs", alg)
		}
	}
	if got, want := strings.Join(private.Algorithms(), " "), "ES256 RS256 EdDSA ES384 ES512"; got != want {
		t.Errorf("Algorithms = %s, want %s", got, want)
	}
	if again, err := Extend(text, []string{"ES256"}, newKey); err != nil || again != text {
		t.Errorf("a set that has a key got another: %v", err)
	}
}

// TestThumbprint is the example of RFC 7638 §3.1.
func TestThumbprint(t *testing.T) {
	t.Parallel()
	k, err := parseKey([]byte(`{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`))
	if err != nil {
		t.Fatal(err)
	}
	if tp, err := k.Thumbprint(); err != nil || tp != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" {
		t.Errorf("thumbprint %s, %v", tp, err)
	}
}

// TestEdDSAIsPure: a signature of the prehashed variant is none of ours.
func TestEdDSAIsPure(t *testing.T) {
	t.Parallel()
	pub, priv, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	input := segment(`{"alg":"EdDSA"}`) + "." + segment(`{}`)
	pure := ed25519.Sign(priv, []byte(input))
	keys := set(t, gojose.JSONWebKey{Key: pub})
	token := func(sig []byte) string { return input + "." + base64.RawURLEncoding.EncodeToString(sig) }
	if _, err := Verify(token(pure), keys, []string{"EdDSA"}, &claims{}); err != nil {
		t.Errorf("pure: %v", err)
	}
	hashed := crypto.SHA512.New()
	hashed.Write([]byte(input))
	sig, err := priv.Sign(rand.Reader, hashed.Sum(nil), &ed25519.Options{Hash: crypto.SHA512})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string][]byte{"prehashed": sig, "zeros": make([]byte, 64), "short": pure[:63], "long": append(pure, 0)} {
		if _, err := Verify(token(s), keys, []string{"EdDSA"}, &claims{}); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnsecured: only what says of itself that it is not signed, and is not.
func TestUnsecured(t *testing.T) {
	t.Parallel()
	key := es256(t, ecKey(t), `{"alg":"ES256"}`, `{"a":"b"}`)
	for token, want := range map[string]error{
		segment(`{"alg":"none"}`) + "." + segment(`{"a":"b"}`) + ".":         nil,
		segment(`{"alg":"none"}`) + "." + segment(`{"a":"b"}`) + ".AA":       ErrMalformed,
		segment(`{"alg":"none"}`) + "." + segment(`{"a":"b"}`):               ErrMalformed,
		segment(`{"alg":"none"}`) + "." + segment(`["a"]`) + ".":             ErrMalformed,
		segment(`{"alg":"none"}`) + "." + segment(`{"a":"b","a":"c"}`) + ".": ErrMalformed,
		segment(`{"alg":"none"}`) + ".!.":                                    ErrMalformed,
		segment(`{"alg":"none","crit":["b64"]}`) + "." + segment(`{}`) + ".": ErrCritical,
		segment(`{"alg":"None"}`) + "." + segment(`{"a":"b"}`) + ".":         ErrAlgorithm,
		segment(`{}`) + "." + segment(`{"a":"b"}`) + ".":                     ErrAlgorithm,
		key: ErrAlgorithm,
	} {
		claims := map[string]string{}
		if _, err := Unsecured(token, &claims); !errors.Is(err, want) || err == nil && claims["a"] != "b" {
			t.Errorf("%s: %v %v, want %v", token, claims, err, want)
		}
	}
}

func newKey(alg string) (json.RawMessage, error) { return GenerateKey(alg, rand.Reader) }
