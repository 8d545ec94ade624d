// Package resource judges an access token that somebody presented at a
// protected resource: introspection and userinfo share it.
//
//	token text ─► handle ─► token and grant, one read ─► alive? ─► key proved?
//	                                                                  │
//	                                   *Token, whose proof is spent ◄─┘
//	                                   once the operation's own rules pass
//
// A JWT access token is found by its jti and compared with the hash of what
// was issued, so nothing that was altered is accepted and no key is needed.
//
// Not here: which scopes a resource wants, and what the answer looks like.
package resource

import (
	"context"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/mint"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/proof"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// Presentation is what came to the resource.
type Presentation struct {
	Token string
	Proof op.Proof
	// Method and URL are what the proof must name where the call does not
	// say.
	Method, URL string
}

// Token is an access token that may be used by whoever presented it.
type Token struct {
	*grant.Token
	Grant  *grant.Grant
	Client *registry.Client
	Nonce  string // to be handed out with the answer

	proof *proof.DPoP
}

type stage struct {
	*Token
	presented bool // a proof was presented
}

// Refusals before there is a token to judge.
var (
	present = rule.Refusal{ID: "resource.token.present", Refs: spec.Refs("RFC6750-3.1"), Result: "A970305", Error: oauth.InvalidRequest, Structural: true}
	known   = rule.Refusal{ID: "resource.token.known", Refs: spec.Refs("RFC6750-3.1", "FAPI2-SP-FINAL-5.3.4-3"), Result: "A057302", Error: oauth.InvalidToken, Structural: true}
)

// stateRules judge the token itself, before anybody proves anything.
var stateRules = rule.Table[stage]{
	rule.Row("resource.token.alive", "A970306", oauth.InvalidToken, checkAlive, "RFC7009-2.1", "FAPI2-SP-FINAL-5.3.4-3"),
	rule.Row("resource.client.unlocked", "A001215", oauth.InvalidToken, checkUnlocked, "SYMBOLON-locked"),
}

// keyRules judge who presented it.
var keyRules = rule.Table[stage]{
	rule.Row("resource.proof.present", "A065308", oauth.InvalidToken, checkProofPresent, "DPOP-7.2", "FAPI2-SP-FINAL-5.3.4-5"),
	rule.Row("resource.proof.bound", "A970307", oauth.InvalidToken, checkBound, "DPOP-7.1"),
	rule.Row("resource.proof.key", "A065309", oauth.InvalidToken, checkKey, "DPOP-4.3", "FAPI2-SP-FINAL-5.3.4-5"),
}

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal {
	list := append([]*rule.Refusal{&present, &known}, stateRules.Refusals()...)
	return append(list, keyRules.Refusals()...)
}

// Find returns the access token that a text is or names, with its grant and
// client, whatever their state. Nil if there is none.
func Find(ctx context.Context, c *op.Call, text string) (*Token, error) {
	handle, jwt := text, strings.Count(text, ".") == 2
	if jwt {
		var claims struct {
			JTI string `json:"jti"`
		}
		if jose.PeekClaims(text, &claims) != nil || claims.JTI == "" {
			return nil, nil
		}
		handle = claims.JTI
	}
	t, g, err := c.Store.Token(ctx, c.Service.ID, grant.KeyOf(handle), c.Millis())
	if err != nil || t == nil {
		return nil, err
	}
	if jwt && (t.Body.JWTHash == "" || t.Body.JWTHash != mint.Hash(text)) {
		return nil, nil
	}
	client, _, err := c.Clients.Client(ctx, c.Service, op.ClientNumber(t.Client))
	if err != nil || client == nil {
		return nil, err
	}
	return &Token{Token: t, Grant: g, Client: client}, nil
}

// Judge finds the access token and judges whether whoever presented it may
// use it. The token is returned with a fault too, where there is one.
func Judge(ctx context.Context, c *op.Call, p Presentation) (*Token, *rule.Fault, error) {
	if p.Token == "" {
		return nil, present.Fault(rule.No("The request has no access token.")), nil
	}
	t, err := Find(ctx, c, p.Token)
	if err != nil {
		return nil, nil, err
	}
	if t == nil || t.Kind != grant.Access {
		return nil, known.Fault(rule.No("The access token is unknown or has expired.")), nil
	}
	s := &stage{Token: t, presented: p.Proof.Header != ""}
	if f := stateRules.Run(s); f != nil {
		return t, f, nil
	}
	if s.presented && t.Body.JKT != "" {
		p.Proof.AccessToken = p.Token
		var f *rule.Fault
		t.proof, t.Nonce, f = c.CheckProof(p.Proof, t.Client.BasePolicy(c.Service), p.Method, p.URL)
		if f != nil {
			return t, f, nil
		}
	}
	return t, keyRules.Run(s), nil
}

// JudgeAgain judges a token whose proof was judged, and spent, by an earlier
// call for the same request.
func JudgeAgain(ctx context.Context, c *op.Call, text string) (*Token, *rule.Fault, error) {
	t, err := Find(ctx, c, text)
	if err != nil {
		return nil, nil, err
	}
	if t == nil || t.Kind != grant.Access {
		return nil, known.Fault(rule.No("The access token is unknown or has expired.")), nil
	}
	return t, stateRules.Run(&stage{Token: t}), nil
}

// Spend spends the proof that came with the token; it is called when nothing
// else refuses the request. Without a proof it costs nothing.
func (t *Token) Spend(ctx context.Context, c *op.Call) (*rule.Fault, error) {
	if t.proof == nil {
		return nil, nil
	}
	outcome, err := c.Store.Spend(ctx, c.Millis(), []grant.Mark{t.proof.Mark})
	if err != nil || outcome == store.Done {
		return nil, err
	}
	return op.ProofReplay(), nil
}

// Challenge returns the WWW-Authenticate value of a refusal (RFC6750-3,
// DPOP-7.1). params are further attributes, in pairs.
func Challenge(c *op.Call, t *Token, f *rule.Fault, params ...string) string {
	scheme := "Bearer"
	if t != nil && t.Body.JKT != "" {
		scheme = "DPoP"
		params = append(params, "algs", strings.Join(t.Client.BasePolicy(c.Service).DPoPAlgs.Strings(), " "))
	}
	return c.OAuthError(f).Challenge(scheme, params...)
}

func checkAlive(s *stage) *rule.Fault {
	if s.Grant.Revoked {
		return rule.No("The access token was revoked.")
	}
	return nil
}

func checkUnlocked(s *stage) *rule.Fault {
	if s.Client.Doc.Locked {
		return rule.No("The client of the access token is locked.").DemandedBy(rule.Source{Switch: "client.locked"})
	}
	return nil
}

func checkProofPresent(s *stage) *rule.Fault {
	if s.Body.JKT != "" && !s.presented {
		return rule.No("The access token is bound to a key; the request has no DPoP proof.")
	}
	return nil
}

func checkBound(s *stage) *rule.Fault {
	if s.Body.JKT == "" && s.presented {
		return rule.No("The request has a DPoP proof, but the access token is not bound to a key.")
	}
	return nil
}

func checkKey(s *stage) *rule.Fault {
	if s.proof != nil && s.proof.Thumbprint != s.Body.JKT {
		return rule.No("The DPoP proof is of another key than the access token's.")
	}
	return nil
}
