package token

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// retryWindow is how long a retry of a rotation gets the same successor,
// where the service has switched that on.
const retryWindow = 60 * 1000 // milliseconds

// refreshStage is what the rules of the refresh_token grant know.
type refreshStage struct {
	*tokenRequest
	handle   string
	token    *grant.Token
	grant    *grant.Grant
	asked    []string // scope of the request; nil: none given
	askedOK  bool
	scopes   []string // of the access token to come
	policy   *policy.Policy
	previous *successor // the token was rotated, and this is a retry in its window
	// overtaken: a parallel request rotated the token first, and this one may
	// be a retry of it. What it gets is decided by what is stored now.
	overtaken bool
}

// successor is what a rotation leaves, sealed under the token it rotated, for
// a retry: the same client, key and scope get the same new token.
type successor struct {
	Handle  string `json:"h"`
	Expires int64  `json:"e"`
	JKT     string `json:"j,omitempty"`
	Scope   string `json:"s,omitempty"`
}

var refreshKnown = rule.Refusal{ID: "token.refresh.known", Refs: spec.Refs("RFC6749-5.2"), Result: "A053305", Error: oauth.InvalidGrant, Structural: true}

// refreshRules are RFC 6749 §6 and what was built on it, in order.
var refreshRules = rule.Table[refreshStage]{
	rule.Row("token.refresh.client", "A960310", oauth.InvalidGrant, checkRefreshClient, "RFC6749-6", "RFC6749-10.4"),
	rule.Row("token.refresh.scope_syntax", "A960311", oauth.InvalidScope, checkRefreshScopeSyntax, "RFC6749-3.3"),
	rule.Row("token.refresh.scope", "A960312", oauth.InvalidScope, checkRefreshScope, "RFC6749-6"),
	rule.Row("token.refresh.key", "A960313", oauth.InvalidGrant, checkRefreshKey, "DPOP-5", "RFC9700-2.2.2"),
	rule.Row("token.refresh.sender_constrained", "A960314", oauth.InvalidRequest,
		func(s *refreshStage) *rule.Fault { return s.checkSenderConstrained(s.policy) }, "FAPI2-SP-FINAL-5.3.2.1-4", "DPOP-5.2"),
	rule.Row("token.refresh.grant_alive", "A960315", oauth.InvalidGrant, checkRefreshGrant, "RFC6749-5.2", "RFC7009-2.1"),
	refreshUnused,
}

// refreshUnused is the rule with a consequence. The commit checks it once
// more.
var refreshUnused = rule.Row("token.refresh.unused", "A960316", oauth.InvalidGrant, checkRefreshUnused, "RFC9700-4.14.2", "RFC6749-10.4")

// refreshToken uses a refresh token (RFC 6749 §6).
func (x *tokenRequest) refreshToken(ctx context.Context) (*wire.TokenResponse, *rule.Fault, error) {
	handle := x.Form.Get("refresh_token")
	if handle == "" {
		return nil, refreshKnown.Fault(rule.No("The request has no refresh_token.").As(oauth.InvalidRequest)), nil
	}
	s := &refreshStage{tokenRequest: x, handle: handle}
	out, f, err := s.use(ctx)
	if s.overtaken {
		s = &refreshStage{tokenRequest: x, handle: handle}
		out, f, err = s.use(ctx)
	}
	return out, f, err
}

// use is one try.
func (s *refreshStage) use(ctx context.Context) (*wire.TokenResponse, *rule.Fault, error) {
	if f, err := s.load(ctx); f != nil || err != nil {
		return nil, f, err
	}
	if f := refreshRules.Run(s); f != nil {
		f, err := s.consequence(ctx, f, s.grant.Key)
		return nil, f, err
	}
	b := &basis{
		policy: s.policy, grant: s.grant, grantKey: s.grant.Key, scopes: s.scopes,
		properties: op.MergeProperties(s.token.Body.Properties, op.Properties(s.in.Properties)),
		jwtClaims:  s.token.Body.JWTClaims, idToken: s.token.Body.IDToken,
		clientID: s.token.Body.ClientID, alias: s.token.Body.AliasUsed,
	}
	if s.previous != nil || s.policy.RefreshRotation.Value == policy.Keep {
		return s.renew(ctx, b)
	}
	return s.rotate(ctx, b)
}

func (s *refreshStage) load(ctx context.Context) (*rule.Fault, error) {
	t, g, err := s.Store.Token(ctx, s.Service.ID, grant.KeyOf(s.handle), s.Millis())
	if err != nil {
		return nil, err
	}
	if t == nil || t.Kind != grant.Refresh {
		return refreshKnown.Fault(rule.No("The refresh_token is unknown or has expired.")), nil
	}
	s.token, s.grant, s.askedOK = t, g, true
	s.scopes = t.Body.Scopes
	if text := s.Form.Get("scope"); text != "" {
		if s.asked, s.askedOK = oauth.ScopeTokens(text); s.askedOK {
			s.scopes = s.asked
		}
	}
	if s.Service.Doc.OpenIDDroppedOnRefreshWithoutOfflineAccess && !slices.Contains(t.Body.Scopes, "offline_access") {
		s.scopes = slices.DeleteFunc(slices.Clone(s.scopes), func(n string) bool { return n == "openid" })
	}
	s.policy = s.Client.Client.Policy(s.Service, s.scopes)
	if t.Consumed {
		s.previous = s.retry()
	}
	return nil, nil
}

// retry returns what the rotation of a used token left, if this request may
// have it.
func (s *refreshStage) retry() *successor {
	if !s.Service.Doc.RefreshTokenIdempotent || s.token.RetryUntil <= s.Millis() {
		return nil
	}
	plain, err := s.Ring.OpenUnder(s.handle, s.place(), s.token.Successor)
	if err != nil {
		return nil
	}
	var n successor
	if json.Unmarshal(plain, &n) != nil || n.JKT != s.Thumbprint() || n.Scope != s.Form.Get("scope") {
		return nil
	}
	return &n
}

func (s *refreshStage) place() string { return "refresh/" + strconv.FormatInt(s.Service.ID, 10) }

// renew issues an access token for a refresh token that stays, or for a
// retry of its rotation.
func (s *refreshStage) renew(ctx context.Context, b *basis) (*wire.TokenResponse, *rule.Fault, error) {
	t := &tokens{}
	job := store.Renew{
		Now: s.Millis(), Service: s.Service.ID, Refresh: s.token.Key, Window: s.previous != nil,
		Grant: s.grant.Key, Chosen: s.in.AccessToken != "",
	}
	kept := *s.token
	if s.previous != nil {
		kept.Expires = s.previous.Expires
	} else {
		job.OldAccess = s.token.Pair
		if s.Service.Doc.RefreshTokenDurationReset && s.token.Body.Lifetime > 0 {
			kept.Expires = s.In(s.token.Body.Lifetime)
			job.RefreshExpires = kept.Expires
		}
	}
	if f, err := s.mintAccess(b, t, kept.Expires); f != nil || err != nil {
		return nil, f, err
	}
	if f, err := s.signIDToken(b, t); f != nil || err != nil {
		return nil, f, err
	}
	t.access.Pair = s.token.Key
	t.refresh, t.refreshHandle = &kept, s.handle
	if s.previous != nil {
		t.retried, t.refreshHandle = true, s.previous.Handle
		t.access.Pair = grant.KeyOf(s.previous.Handle)
	}
	job.Token, job.GrantExpires, job.Marks = t.access, grantExpiry(s.grant, max(t.access.Expires, kept.Expires)), s.SpendAll()
	outcome, err := s.Store.Renew(ctx, job)
	if err != nil {
		return nil, nil, err
	}
	if f, err := s.judge(outcome, usedRefresh().At(&refreshUnused.Refusal)); f != nil || err != nil {
		return nil, f, err
	}
	out, err := s.answer(b, t)
	return out, nil, err
}

// rotate replaces the refresh token by a successor.
func (s *refreshStage) rotate(ctx context.Context, b *basis) (*wire.TokenResponse, *rule.Fault, error) {
	t := &tokens{}
	lifetime := s.refreshLifetime(s.policy)
	expires := s.In(lifetime)
	if s.Service.Doc.RefreshTokenDurationKept {
		expires = s.token.Expires
	}
	if f, err := s.mintAccess(b, t, expires); f != nil || err != nil {
		return nil, f, err
	}
	// The successor keeps the whole scope; only the access token is narrow.
	whole := *b
	whole.scopes = s.token.Body.Scopes
	if err := s.mintRefresh(&whole, t, expires, lifetime); err != nil {
		return nil, nil, err
	}
	if f, err := s.signIDToken(b, t); f != nil || err != nil {
		return nil, f, err
	}
	job := store.Rotate{
		Now: s.Millis(), Service: s.Service.ID, Refresh: s.token.Key, Access: s.token.Pair,
		LostRevokes: true, Grant: s.grant.Key, GrantExpires: grantExpiry(s.grant, max(t.access.Expires, expires)),
		Tokens: []*grant.Token{t.access, t.refresh}, Chosen: s.in.AccessToken != "",
	}
	if p := s.token.Body.Predecessor; p != nil {
		job.Predecessor = *p
	}
	if s.Service.Doc.RefreshTokenIdempotent {
		if err := s.leave(&job, t); err != nil {
			return nil, nil, err
		}
	}
	job.Marks = s.SpendAll()
	outcome, err := s.Store.Rotate(ctx, job)
	if err != nil {
		return nil, nil, err
	}
	s.overtaken = outcome == store.Lost && s.Service.Doc.RefreshTokenIdempotent
	if f, err := s.judge(outcome, usedRefresh().At(&refreshUnused.Refusal)); f != nil || err != nil {
		return nil, f, err
	}
	out, err := s.answer(b, t)
	return out, nil, err
}

// leave prepares the retry window of a rotation.
func (s *refreshStage) leave(job *store.Rotate, t *tokens) error {
	plain, err := json.Marshal(successor{Handle: t.refreshHandle, Expires: t.refresh.Expires, JKT: s.Thumbprint(), Scope: s.Form.Get("scope")})
	if err != nil {
		return err
	}
	if job.Successor, err = s.Ring.SealUnder(s.handle, s.place(), plain); err != nil {
		return err
	}
	predecessor := s.token.Key
	t.refresh.Body.Predecessor = &predecessor
	job.RetryUntil, job.LostRevokes = s.In(retryWindow/1000), false
	return nil
}

func checkRefreshClient(s *refreshStage) *rule.Fault {
	if s.token.Client != s.Client.ID {
		return rule.No("The refresh_token was issued to another client.").Because("it was issued to client %d", s.token.Client)
	}
	return nil
}

func checkRefreshScopeSyntax(s *refreshStage) *rule.Fault {
	if !s.askedOK {
		return rule.No("The scope has characters that a scope cannot have.")
	}
	return nil
}

func checkRefreshScope(s *refreshStage) *rule.Fault {
	for _, name := range s.asked {
		if !slices.Contains(s.token.Body.Scopes, name) {
			return rule.No("The scope is wider than what was granted: %s.", rule.Printable(name))
		}
	}
	return nil
}

func checkRefreshKey(s *refreshStage) *rule.Fault {
	switch bound := s.token.Body.JKT; {
	case bound == "", bound == s.Thumbprint():
		return nil
	case s.DPoP == nil:
		return rule.No("The refresh_token is bound to a key; the request has no DPoP proof.").As(oauth.InvalidDPoPProof)
	default:
		return rule.No("The refresh_token is bound to another key than the DPoP proof's.")
	}
}

func checkRefreshGrant(s *refreshStage) *rule.Fault {
	if s.grant.Revoked {
		return rule.No("What the end-user allowed has been revoked.")
	}
	return nil
}

func checkRefreshUnused(s *refreshStage) *rule.Fault {
	if s.token.Consumed && s.previous == nil {
		return usedRefresh().With(rule.RevokeGrant)
	}
	return nil
}

func usedRefresh() *rule.Fault {
	return rule.No("The refresh_token was used before. What it yielded has been revoked.")
}
