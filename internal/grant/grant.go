package grant

import "encoding/json"

// Times in this package are milliseconds since the epoch, as on the wire and
// in the database; zero means "never" for an expiry.

// Pushed is a pushed authorization request (RFC 9126). It is consumed when
// an authorization made from it is issued or failed, not when it is loaded,
// and stays as a tombstone until no ticket made from it can be presented.
type Pushed struct {
	Key      Key
	Service  int64
	Client   int64
	Expires  int64
	Consumed bool
	Body     PushedBody
}

// PushedBody is what a pushed request carries.
type PushedBody struct {
	Parameters string `json:"p"`           // the request without its client credentials, form-encoded
	Object     string `json:"o,omitempty"` // the payload of the request object that held the parameters, if one did
	ObjectAlg  string `json:"a,omitempty"` // its algorithm
	JKT        string `json:"j,omitempty"` // thumbprint of the DPoP key that pushed it (RFC 9449 §10.1)
}

// Ticket is an authorization request that waits for the end-user.
type Ticket struct {
	Key     Key
	Service int64
	Client  int64
	Expires int64
	Pushed  Key // the pushed request it was made from, or zero
	Body    TicketBody
}

// TicketBody is the validated request, as issue and fail need it.
type TicketBody struct {
	ClientID      string          `json:"c"` // as the client named itself
	AliasUsed     bool            `json:"au,omitempty"`
	ResponseType  string          `json:"rt"`
	ResponseMode  string          `json:"rm"`
	RedirectURI   string          `json:"ru"`           // where the answer goes
	RedirectSent  bool            `json:"rs,omitempty"` // redirect_uri was in the request (RFC6749-4.1.3)
	State         string          `json:"st,omitempty"`
	Nonce         string          `json:"n,omitempty"`
	Scopes        []string        `json:"s,omitempty"`
	Challenge     string          `json:"cc,omitempty"`
	ChallengeMeth string          `json:"cm,omitempty"`
	JKT           string          `json:"j,omitempty"`
	MaxAgeAsked   bool            `json:"ma,omitempty"` // auth_time must be in the ID token
	Claims        json.RawMessage `json:"cl,omitempty"` // the claims parameter
	Context       string          `json:"x,omitempty"`  // opaque, the caller's
}

// Code is an authorization code. After redemption it stays visible for ten
// minutes, so that a replay is recognised.
type Code struct {
	Key      Key
	Service  int64
	Client   int64
	Expires  int64
	Grant    Key
	Consumed bool
	Body     CodeBody
}

// CodeBody is what a code carries to the token endpoint.
type CodeBody struct {
	ClientID      string          `json:"c"`
	AliasUsed     bool            `json:"au,omitempty"`
	RedirectURI   string          `json:"ru"`
	RedirectSent  bool            `json:"rs,omitempty"`
	Scopes        []string        `json:"s,omitempty"`
	Challenge     string          `json:"cc,omitempty"`
	ChallengeMeth string          `json:"cm,omitempty"`
	JKT           string          `json:"j,omitempty"`
	Nonce         string          `json:"n,omitempty"`
	IDToken       IDTokenFacts    `json:"i,omitzero"`
	Properties    []Property      `json:"pr,omitempty"`
	JWTClaims     json.RawMessage `json:"jc,omitempty"`
	AccessSeconds int64           `json:"as,omitempty"`
}

// Property is an extra property of a token. Hidden ones are shown to callers
// of the Web API only.
type Property struct {
	Key    string `json:"k"`
	Value  string `json:"v"`
	Hidden bool   `json:"h,omitempty"`
}

// Grant is what a resource owner allowed a client (or what a client has in
// its own right). Every token belongs to one; a token whose grant is revoked
// is dead at once. Its expiry is raised ahead of its tokens', in coarse
// steps; zero never expires.
type Grant struct {
	Key     Key
	Service int64
	Client  int64
	Subject string // empty: the client itself
	Expires int64
	Revoked bool
	Body    Body
}

// Body is what all tokens of a grant share.
type Body struct {
	AuthTime int64           `json:"at,omitempty"` // seconds since the epoch
	ACR      string          `json:"ac,omitempty"`
	Claims   json.RawMessage `json:"cl,omitempty"` // the claims parameter
	Consent  []string        `json:"cc,omitempty"` // consentedClaims
	Sub      string          `json:"s,omitempty"`  // the sub that the caller set for ID tokens
}

// Kind tells access tokens from refresh tokens.
type Kind uint8

// The values are stored.
const (
	Access  Kind = 1
	Refresh Kind = 2
)

// Token is an access token or a refresh token.
type Token struct {
	Key      Key
	Service  int64
	Client   int64
	Grant    Key
	Kind     Kind
	Created  int64
	Expires  int64
	Pair     Key // access: its refresh token; refresh: its newest access token
	Consumed bool
	// RetryUntil and Successor are set when a refresh token is rotated
	// with the idempotent switch: until then a retry is given the same
	// successor, which is sealed under a key derived from this token.
	RetryUntil int64
	Successor  []byte
	Body       TokenBody
}

// TokenBody is what a token carries.
type TokenBody struct {
	ClientID    string          `json:"c"` // as the client named itself
	AliasUsed   bool            `json:"au,omitempty"`
	GrantType   string          `json:"g"`
	Scopes      []string        `json:"s,omitempty"`
	JKT         string          `json:"j,omitempty"` // DPoP key it is bound to
	Properties  []Property      `json:"pr,omitempty"`
	JWTHash     string          `json:"jh,omitempty"` // access: of its JWT form
	JWTClaims   json.RawMessage `json:"jc,omitempty"` // refresh: jwtAtClaims for the tokens to come
	Predecessor *Key            `json:"pk,omitempty"` // refresh: the token it succeeded in an open retry window
	Lifetime    int64           `json:"l,omitempty"`  // refresh: seconds from its issue, for refreshTokenDurationReset
	IDToken     *IDTokenFacts   `json:"i,omitempty"`  // refresh: what a refreshed ID token repeats
}

// IDTokenFacts go into every ID token of a grant (OIDCC-12.2).
type IDTokenFacts struct {
	Sub       string          `json:"s,omitempty"`
	Claims    json.RawMessage `json:"c,omitempty"`
	Header    json.RawMessage `json:"h,omitempty"`
	Aud       string          `json:"a,omitempty"`
	SessionID string          `json:"si,omitempty"`
}

// Mark makes one use of a value single: a jti of a client assertion or of a
// DPoP proof. It is kept until the value could no longer be accepted.
type Mark struct {
	Key     Key
	Expires int64
}
