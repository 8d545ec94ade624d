package mint

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/jose"
)

// Access is what a JWT access token says.
type Access struct {
	Issuer     string
	ClientID   string
	Subject    string // empty: no end-user; then sub is the client (RFC9068-2.2)
	Scopes     []string
	Handle     string // the opaque form, which is the jti
	IssuedAt   int64  // seconds
	Expires    int64  // seconds
	JKT        string
	AuthTime   int64
	ACR        string
	GrantType  string // spec string
	Properties []grant.Property
	Extra      json.RawMessage // jwtAtClaims
}

// AccessToken signs a JWT access token.
func AccessToken(key *jose.Key, alg string, a *Access) (string, error) {
	claims := make(map[string]any, 16)
	if err := merge(claims, a.Extra); err != nil {
		return "", err
	}
	for _, p := range a.Properties {
		if !p.Hidden {
			claims[p.Key] = p.Value
		}
	}
	set := func(name string, value any, present bool) {
		delete(claims, name)
		if present {
			claims[name] = value
		}
	}
	sub := a.Subject
	if sub == "" {
		sub = a.ClientID
	}
	set("iss", a.Issuer, a.Issuer != "")
	set("aud", []string{a.Issuer}, a.Issuer != "") // the default resource (RFC9068-3)
	set("sub", sub, true)
	set("client_id", a.ClientID, true)
	set("scope", strings.Join(a.Scopes, " "), len(a.Scopes) > 0)
	set("jti", a.Handle, true)
	set("iat", a.IssuedAt, true)
	set("exp", a.Expires, true)
	set("nbf", nil, false)
	set("cnf", map[string]string{"jkt": a.JKT}, a.JKT != "")
	set("auth_time", a.AuthTime, a.AuthTime > 0)
	set("acr", a.ACR, a.ACR != "")
	set("grant_type", a.GrantType, true)
	return sign(key, alg, "at+jwt", claims, nil)
}

// ID is what an ID token says.
type ID struct {
	Issuer      string
	ClientID    string
	Subject     string
	IssuedAt    int64
	Expires     int64
	AuthTime    int64
	ACR         string
	Nonce       string
	AccessToken string // for at_hash; as the client sees it
	AudArray    bool
	Facts       grant.IDTokenFacts
}

// IDToken signs an ID token (OIDCC-2).
func IDToken(key *jose.Key, alg string, t *ID) (string, error) {
	claims := make(map[string]any, 16)
	if err := merge(claims, t.Facts.Claims); err != nil {
		return "", err
	}
	for _, name := range []string{"azp", "nbf", "jti", "cnf", "c_hash", "s_hash", "sid", "nonce", "auth_time", "acr", "at_hash"} {
		delete(claims, name)
	}
	sub := t.Subject
	if t.Facts.Sub != "" {
		sub = t.Facts.Sub
	}
	claims["iss"], claims["sub"], claims["iat"], claims["exp"] = t.Issuer, sub, t.IssuedAt, t.Expires
	claims["aud"] = t.ClientID
	if t.AudArray {
		claims["aud"] = []string{t.ClientID}
	}
	put := func(name, value string) {
		if value != "" {
			claims[name] = value
		}
	}
	put("nonce", t.Nonce)
	put("acr", t.ACR)
	put("sid", t.Facts.SessionID)
	put("at_hash", leftHalf(alg, t.AccessToken))
	if t.AuthTime > 0 {
		claims["auth_time"] = t.AuthTime
	}
	var extra map[string]any
	if len(t.Facts.Header) > 0 {
		if err := json.Unmarshal(t.Facts.Header, &extra); err != nil {
			return "", fmt.Errorf("mint: header parameters: %w", err)
		}
		for _, name := range []string{"alg", "kid", "typ", "jwk", "jku", "x5u", "x5c", "crit", "b64"} {
			delete(extra, name)
		}
	}
	return sign(key, alg, "", claims, extra)
}

func merge(claims map[string]any, text json.RawMessage) error {
	if len(text) == 0 {
		return nil
	}
	var extra map[string]json.RawMessage
	if err := json.Unmarshal(text, &extra); err != nil {
		return fmt.Errorf("mint: claims: %w", err)
	}
	for name, value := range extra {
		claims[name] = value
	}
	return nil
}

func sign(key *jose.Key, alg, typ string, claims map[string]any, header map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("mint: %w", err)
	}
	return key.Sign(alg, typ, payload, header)
}

// leftHalf is the hash of a token as ID tokens carry it: the left half of
// the hash that the signature algorithm names (OIDCC-3.1.3.6).
func leftHalf(alg, token string) string {
	if token == "" {
		return ""
	}
	var sum []byte
	switch {
	case strings.HasSuffix(alg, "256"):
		s := sha256.Sum256([]byte(token))
		sum = s[:]
	case strings.HasSuffix(alg, "384"):
		s := sha512.Sum384([]byte(token))
		sum = s[:]
	default: // ES512, PS512, RS512, and EdDSA with Ed25519
		s := sha512.Sum512([]byte(token))
		sum = s[:]
	}
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// Hash is what is stored of a JWT access token, so that introspection
// recognises exactly what was issued.
func Hash(jwt string) string {
	s := sha256.Sum256([]byte(jwt))
	return base64.RawURLEncoding.EncodeToString(s[:16])
}
