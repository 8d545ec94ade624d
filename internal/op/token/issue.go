package token

import (
	"encoding/json"
	"slices"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/mint"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
)

const maxChosen = 512 // characters of an access token that the caller chose

// safeInPath: issued values travel in URL paths that published clients do
// not encode.
func safeInPath(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
		default:
			return false
		}
	}
	return true
}

// unsigned: a token that must be signed, and no key of the service fits.
var unsigned = rule.Refusal{ID: "token.signing_key", Refs: spec.Refs("OIDCC-10.1"), Result: "A902308", Error: oauth.ServerError, Structural: true}

// tokens is what one successful request yields.
type tokens struct {
	access        *grant.Token
	accessHandle  string
	jwt           string
	refresh       *grant.Token // nil: none is issued or shown
	refreshHandle string
	idToken       string
	retried       bool // the refresh token had been used before, within its window
}

// basis is what the tokens of a request are made from.
type basis struct {
	policy     *policy.Policy
	grant      *grant.Grant // nil: the client's own
	grantKey   grant.Key
	scopes     []string
	properties []grant.Property
	jwtClaims  json.RawMessage
	seconds    int64 // of the access token; 0: by policy
	idToken    *grant.IDTokenFacts
	nonce      string
	alias      bool
	clientID   string
}

// mintAccess makes the access token. notAfter, where not 0, bounds its life.
func (x *tokenRequest) mintAccess(b *basis, t *tokens, notAfter int64) (*rule.Fault, error) {
	lifetime := b.policy.AccessLifetime.Value
	if b.seconds > 0 {
		lifetime = b.seconds
	}
	if x.in.AccessTokenDuration > 0 {
		lifetime = x.in.AccessTokenDuration
	}
	expires := x.In(lifetime)
	if notAfter > 0 && x.Service.Doc.TokenExpirationLinked {
		expires = min(expires, notAfter)
	}
	if err := op.CheckMerged(b.properties); err != nil {
		return nil, err
	}
	handle, key := x.in.AccessToken, grant.KeyOf(x.in.AccessToken)
	if handle == "" {
		var err error
		if handle, key, err = x.NewHandle(expires); err != nil {
			return nil, err
		}
	}
	t.accessHandle = handle
	t.access = &grant.Token{
		Key: key, Service: x.Service.ID, Client: x.Client.ID, Grant: b.grantKey, Kind: grant.Access,
		Created: x.Millis(), Expires: expires,
		Body: grant.TokenBody{
			ClientID: b.clientID, AliasUsed: b.alias, GrantType: string(x.grantType()), Scopes: b.scopes,
			JKT: x.Thumbprint(), Properties: b.properties,
		},
	}
	return x.signAccess(b, t)
}

// signAccess makes the JWT form of the access token, where the service wants
// one.
func (x *tokenRequest) signAccess(b *basis, t *tokens) (*rule.Fault, error) {
	doc := x.Service.Doc
	if doc.AccessTokenSignAlg == "" {
		return nil, nil
	}
	if !b.policy.AccessAlgs.Has(doc.AccessTokenSignAlg) {
		return unsigned.Fault(rule.No("Access tokens cannot be signed.").DemandedBy(b.policy.AccessAlgs.By...)), nil
	}
	alg := string(doc.AccessTokenSignAlg)
	key := x.Service.Keys.SigningKey(alg, doc.AccessTokenSignatureKeyID)
	if key == nil {
		return unsigned.Fault(rule.No("Access tokens cannot be signed.").Because("no key of the service fits accessTokenSignAlg %s and accessTokenSignatureKeyId %q", alg, doc.AccessTokenSignatureKeyID)), nil
	}
	a := &mint.Access{
		Issuer: doc.Issuer, ClientID: b.clientID, Scopes: b.scopes, Handle: t.accessHandle,
		IssuedAt: x.Now.Unix(), Expires: t.access.Expires / 1000, JKT: x.Thumbprint(),
		GrantType: x.grantType().Spec(), Properties: b.properties, Extra: b.jwtClaims,
	}
	if b.grant != nil {
		a.Subject, a.AuthTime, a.ACR = b.grant.Subject, b.grant.Body.AuthTime, b.grant.Body.ACR
	}
	var err error
	if t.jwt, err = mint.AccessToken(key, alg, a); err != nil {
		return nil, err
	}
	if len(t.jwt) > jose.MaxTokenBytes { // nobody could present it
		return nil, op.Invalid("properties", "make the access token longer than 16384 bytes")
	}
	t.access.Body.JWTHash = mint.Hash(t.jwt)
	return nil, nil
}

// mintRefresh makes a refresh token. Those of clients that do not
// authenticate are bound to the key of the proof (DPOP-5); the others prove
// themselves anew each time and may change their key.
func (x *tokenRequest) mintRefresh(b *basis, t *tokens, expires, lifetime int64) error {
	handle, key, err := x.NewHandle(expires)
	if err != nil {
		return err
	}
	body := grant.TokenBody{
		ClientID: b.clientID, AliasUsed: b.alias, GrantType: string(x.grantType()), Scopes: b.scopes,
		Properties: b.properties, JWTClaims: b.jwtClaims, Lifetime: lifetime, IDToken: b.idToken,
	}
	if !x.Client.Authenticated() {
		body.JKT = x.Thumbprint()
	}
	t.refreshHandle = handle
	t.refresh = &grant.Token{
		Key: key, Service: x.Service.ID, Client: x.Client.ID, Grant: b.grantKey, Kind: grant.Refresh,
		Created: x.Millis(), Expires: expires, Pair: t.access.Key, Body: body,
	}
	t.access.Pair = key
	return nil
}

// refreshLifetime is the life of a new refresh token in seconds.
func (x *tokenRequest) refreshLifetime(p *policy.Policy) int64 {
	if x.in.RefreshTokenDuration > 0 {
		return x.in.RefreshTokenDuration
	}
	return p.RefreshLifetime.Value
}

// signIDToken makes an ID token for an OpenID Connect grant.
func (x *tokenRequest) signIDToken(b *basis, t *tokens) (*rule.Fault, error) {
	if b.grant == nil || b.idToken == nil || !slices.Contains(b.scopes, "openid") {
		return nil, nil
	}
	doc := x.Service.Doc
	if len(b.policy.IDTokenAlgs.Values) == 0 {
		return unsigned.Fault(rule.No("ID tokens cannot be signed.").DemandedBy(b.policy.IDTokenAlgs.By...)), nil
	}
	alg := string(x.Client.Doc.IDTokenSignAlg)
	key := x.Service.Keys.SigningKey(alg, doc.IDTokenSignatureKeyID)
	if key == nil {
		key = x.Service.Keys.SigningKey(alg, "")
	}
	if key == nil {
		return unsigned.Fault(rule.No("ID tokens cannot be signed.").Because("no key of the service fits the client's idTokenSignAlg %s", alg)), nil
	}
	aud := b.idToken.Aud
	if aud == "" {
		aud = doc.IDTokenAudType
	}
	shown := t.accessHandle
	if t.jwt != "" {
		shown = t.jwt
	}
	var err error
	t.idToken, err = mint.IDToken(key, alg, &mint.ID{
		Issuer: doc.Issuer, ClientID: b.clientID, Subject: b.grant.Subject,
		IssuedAt: x.Now.Unix(), Expires: x.Now.Unix() + b.policy.IDTokenLifetime.Value,
		AuthTime: b.grant.Body.AuthTime, ACR: b.grant.Body.ACR, Nonce: b.nonce,
		AccessToken: shown, AudArray: aud != "string", Facts: *b.idToken,
	})
	return nil, err
}

// grantGrid is the step in which a grant's expiry is raised ahead of its
// tokens', so that most commits leave its row alone.
const grantGrid = 24 * 3600 * 1000

// grantExpiry returns how long a grant must live for a token that expires at
// ms; 0 where it lives long enough.
func grantExpiry(g *grant.Grant, ms int64) int64 {
	if g.Expires == 0 || g.Expires >= ms {
		return 0
	}
	return (ms/grantGrid + 1) * grantGrid
}
