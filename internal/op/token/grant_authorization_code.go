package token

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// codeStage is what the rules of the authorization_code grant know.
type codeStage struct {
	*tokenRequest
	code   *grant.Code
	grant  *grant.Grant
	policy *policy.Policy
}

var codeKnown = rule.Refusal{ID: "token.code.known", Refs: spec.Refs("RFC6749-5.2"), Result: "A050305", Error: oauth.InvalidGrant, Structural: true}

// codeRules are RFC 6749 §4.1.3 and what was built on it, in order. A code
// counts as used only by a request that would otherwise have succeeded, so a
// wrong verifier harms nobody, and a second right use revokes what the first
// one yielded.
var codeRules = rule.Table[codeStage]{
	rule.Row("token.code.client", "A960301", oauth.InvalidGrant, checkCodeClient, "RFC6749-4.1.3"),
	rule.Row("token.code.redirect_uri", "A050309", oauth.InvalidGrant, checkCodeRedirect, "RFC6749-4.1.3", "OIDCC-3.1.3.2"),
	rule.Row("token.code.verifier_present", "A050312", oauth.InvalidGrant, checkVerifierPresent, "RFC7636-4.5", "RFC9700-2.1.1"),
	rule.Row("token.code.verifier_syntax", "A960302", oauth.InvalidRequest, checkVerifierSyntax, "RFC7636-4.1"),
	rule.Row("token.code.verifier", "A050315", oauth.InvalidGrant, checkVerifier, "RFC7636-4.6"),
	rule.Row("token.code.verifier_unexpected", "A050317", oauth.InvalidGrant, checkVerifierUnexpected, "RFC9700-4.8.2"),
	rule.Row("token.code.dpop_jkt", "A960303", oauth.InvalidGrant, checkCodeKey, "DPOP-10", "FAPI2-SP-FINAL-5.3.2.1-12"),
	rule.Row("token.code.sender_constrained", "A960304", oauth.InvalidRequest,
		func(s *codeStage) *rule.Fault { return s.checkSenderConstrained(s.policy) }, "FAPI2-SP-FINAL-5.3.2.1-4", "DPOP-5.2"),
	codeUnused,
}

// codeUnused is the rule with a consequence. The commit checks it once more.
var codeUnused = rule.Row("token.code.unused", "A960306", oauth.InvalidGrant, checkCodeUnused, "RFC6749-4.1.2", "FAPI2-SP-FINAL-5.3.2.2-9")

// authorizationCode redeems a code (RFC 6749 §4.1.3).
func (x *tokenRequest) authorizationCode(ctx context.Context) (*wire.TokenResponse, *rule.Fault, error) {
	s := &codeStage{tokenRequest: x}
	f, err := s.load(ctx)
	if f != nil || err != nil {
		return nil, f, err
	}
	if f := codeRules.Run(s); f != nil {
		f, err = x.consequence(ctx, f, s.grant.Key)
		return nil, f, err
	}
	b := &basis{
		policy: s.policy, grant: s.grant, grantKey: s.grant.Key, scopes: s.code.Body.Scopes,
		properties: op.MergeProperties(s.code.Body.Properties, op.Properties(x.in.Properties)),
		jwtClaims:  s.code.Body.JWTClaims, seconds: s.code.Body.AccessSeconds,
		idToken: &s.code.Body.IDToken, nonce: s.code.Body.Nonce,
		clientID: s.code.Body.ClientID, alias: s.code.Body.AliasUsed,
	}
	t, f, err := s.mint(b)
	if f != nil || err != nil {
		return nil, f, err
	}
	return s.commit(ctx, b, t)
}

func (s *codeStage) load(ctx context.Context) (*rule.Fault, error) {
	handle := s.Form.Get("code")
	if handle == "" {
		return codeKnown.Fault(rule.No("The request has no code.").As(oauth.InvalidRequest)), nil
	}
	var err error
	s.code, s.grant, err = s.Store.Code(ctx, s.Service.ID, grant.KeyOf(handle), s.Millis())
	if err != nil {
		return nil, err
	}
	if s.code == nil {
		return codeKnown.Fault(rule.No("The code is unknown or has expired.")), nil
	}
	s.policy = s.Client.Client.Policy(s.Service, s.code.Body.Scopes)
	return nil, nil
}

func (s *codeStage) mint(b *basis) (*tokens, *rule.Fault, error) {
	t := &tokens{}
	refreshable := s.policy.GrantTypes.Has(wire.GrantTypeRefreshToken)
	lifetime := s.refreshLifetime(s.policy)
	var notAfter int64
	if refreshable {
		notAfter = s.In(lifetime)
	}
	if f, err := s.mintAccess(b, t, notAfter); f != nil || err != nil {
		return nil, f, err
	}
	if refreshable {
		if err := s.mintRefresh(b, t, s.In(lifetime), lifetime); err != nil {
			return nil, nil, err
		}
	}
	f, err := s.signIDToken(b, t)
	return t, f, err
}

func (s *codeStage) commit(ctx context.Context, b *basis, t *tokens) (*wire.TokenResponse, *rule.Fault, error) {
	list := []*grant.Token{t.access}
	expires := t.access.Expires
	if t.refresh != nil {
		list = append(list, t.refresh)
		expires = max(expires, t.refresh.Expires)
	}
	outcome, err := s.Store.RedeemCode(ctx, store.RedeemCode{
		Now: s.Millis(), Marks: s.SpendAll(), Service: s.Service.ID, Code: s.code.Key, Grant: s.grant.Key,
		GrantExpires: grantExpiry(s.grant, expires), Tokens: list, Chosen: s.in.AccessToken != "",
	})
	if err != nil {
		return nil, nil, err
	}
	// Where the code was used meanwhile, the commit has revoked the grant.
	if f, err := s.judge(outcome, usedCode().At(&codeUnused.Refusal)); f != nil || err != nil {
		return nil, f, err
	}
	out, err := s.answer(b, t)
	return out, nil, err
}

func checkCodeClient(s *codeStage) *rule.Fault {
	if s.code.Client != s.Client.ID {
		return rule.No("The code was issued to another client.").Because("it was issued to client %d", s.code.Client)
	}
	return nil
}

// checkCodeRedirect: a redirect_uri that was in the authorization request
// must come again, the same; one that was not may be left out.
func checkCodeRedirect(s *codeStage) *rule.Fault {
	got := s.Form.Get("redirect_uri")
	if got == "" && !s.code.Body.RedirectSent || got == s.code.Body.RedirectURI {
		return nil
	}
	return rule.No("The redirect_uri is not that of the authorization request.")
}

func checkVerifierPresent(s *codeStage) *rule.Fault {
	if s.code.Body.Challenge != "" && !s.Form.Has("code_verifier") {
		return rule.No("The request has no code_verifier.")
	}
	return nil
}

func checkVerifierSyntax(s *codeStage) *rule.Fault {
	if v := s.Form.Get("code_verifier"); v != "" && s.code.Body.Challenge != "" && !oauth.IsCodeVerifier(v) {
		return rule.No("The code_verifier does not have 43 to 128 unreserved characters.")
	}
	return nil
}

func checkVerifier(s *codeStage) *rule.Fault {
	if s.code.Body.Challenge == "" {
		return nil
	}
	got := s.Form.Get("code_verifier")
	if s.code.Body.ChallengeMeth == "S256" {
		sum := sha256.Sum256([]byte(got))
		got = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if subtle.ConstantTimeCompare([]byte(got), []byte(s.code.Body.Challenge)) != 1 {
		return rule.No("The code_verifier does not fit the code_challenge.")
	}
	return nil
}

func checkVerifierUnexpected(s *codeStage) *rule.Fault {
	if s.code.Body.Challenge == "" && s.Form.Has("code_verifier") {
		return rule.No("There is a code_verifier, but the authorization request had no code_challenge.")
	}
	return nil
}

func checkCodeKey(s *codeStage) *rule.Fault {
	if s.code.Body.JKT != "" && s.code.Body.JKT != s.Thumbprint() {
		return rule.No("The code is bound to a key of which the request has no proof.")
	}
	return nil
}

func checkCodeUnused(s *codeStage) *rule.Fault {
	if s.code.Consumed {
		return usedCode()
	}
	return nil
}

func usedCode() *rule.Fault {
	return rule.No("The code was used before. What it yielded has been revoked.").With(rule.RevokeGrant)
}
