// Package userinfo holds the two operations behind the userinfo endpoint.
//
//	UserInfo       token (+ proof) ─► may be used, has openid ─► which claims are wanted
//	UserInfoIssue  token + claims  ─► the response
//
// The values of claims are the caller's: the engine has no users.
package userinfo

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/request"
	"github.com/symbolon-auth/symbolon/internal/resource"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

var openID = rule.Refusal{ID: "userinfo.openid", Refs: spec.Refs("OIDCC-5.3.1"), Result: "A089304", Error: oauth.InsufficientScope}

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal { return []*rule.Refusal{&openID} }

// UserInfo judges an access token at the userinfo endpoint. Reads and
// commits: 1R, for a token that is bound to a key 1R + 1C.
func UserInfo(ctx context.Context, c *op.Call, in *wire.UserInfoRequest) (*wire.UserInfoResponse, error) {
	t, f, err := resource.Judge(ctx, c, resource.Presentation{
		Token: in.Token, Method: "GET", URL: c.Service.Doc.UserInfoEndpoint,
		Proof: op.Proof{Header: in.DPoP, Method: in.HTM, URL: in.HTU, NonceRequired: in.DPoPNonceRequired},
	})
	if err != nil {
		return nil, err
	}
	if t != nil {
		if err := c.Allowed(registry.UserInfo, t.Client); err != nil {
			return nil, err
		}
	}
	if f == nil {
		f = checkOpenID(t)
	}
	if f == nil {
		if f, err = t.Spend(ctx, c); err != nil {
			return nil, err
		}
	}
	if f != nil {
		out := &wire.UserInfoResponse{
			Result: c.Refused(f), Action: wire.UserInfoAction(actionOf(f)),
			ResponseContent: resource.Challenge(c, t, f), Explanation: op.Explain(f),
		}
		if t != nil {
			out.DPoPNonce = t.Nonce
		}
		return out, nil
	}
	claims, _ := request.ParseClaims(string(t.Grant.Body.Claims))
	return &wire.UserInfoResponse{
		Result: c.Result("A091001", "the access token may be used"), Action: wire.UserInfoActionOK,
		ClientID: t.Client.ID, ClientIDAlias: t.Client.Doc.ClientIDAlias, ClientIDAliasUsed: t.Body.AliasUsed,
		Subject: t.Grant.Subject, Token: in.Token, Scopes: t.Body.Scopes,
		Claims: request.UserInfoClaims(t.Body.Scopes, claims), UserInfoClaims: claims.UserInfoText(),
		ConsentedClaims: t.Grant.Body.Consent, Properties: op.WireProperties(t.Body.Properties),
		ServiceAttributes: c.Service.Doc.Attributes, ClientAttributes: t.Client.Doc.Attributes, DPoPNonce: t.Nonce,
	}, nil
}

// UserInfoIssue makes the userinfo response. The caller has just had the
// token judged; what may have changed since is judged again, the proof is
// not. Reads and commits: 1R.
func UserInfoIssue(ctx context.Context, c *op.Call, in *wire.UserInfoIssueRequest) (*wire.UserInfoIssueResponse, error) {
	if in.Token == "" {
		return nil, op.Missing("token")
	}
	if err := op.CheckObject("claims", in.Claims); err != nil {
		return nil, err
	}
	if in.ClaimsForTx != "" || len(in.VerifiedClaimsForTx) > 0 || in.RequestSignature != "" {
		return nil, op.NotBuilt([]string{"claimsForTx, verifiedClaimsForTx or requestSignature"})
	}
	t, f, err := resource.JudgeAgain(ctx, c, in.Token)
	if err != nil {
		return nil, err
	}
	if t != nil {
		if err := c.Allowed(registry.UserInfoIssue, t.Client); err != nil {
			return nil, err
		}
	}
	if f == nil {
		f = checkOpenID(t)
	}
	if f != nil {
		return &wire.UserInfoIssueResponse{
			Result: c.Refused(f), Action: wire.UserInfoIssueAction(actionOf(f)),
			ResponseContent: resource.Challenge(c, t, f), Explanation: op.Explain(f),
		}, nil
	}
	body := map[string]json.RawMessage{}
	if in.Claims != "" {
		if err := json.Unmarshal([]byte(in.Claims), &body); err != nil {
			return nil, op.Invalid("claims", "is not the text of a JSON object")
		}
	}
	sub := t.Grant.Subject
	for _, s := range []string{t.Grant.Body.Sub, in.Sub} {
		if s != "" {
			sub = s
		}
	}
	if body["sub"], err = json.Marshal(sub); err != nil {
		return nil, err
	}
	content, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return &wire.UserInfoIssueResponse{
		Result: c.Result("A096001", "the userinfo response was made"),
		Action: wire.UserInfoIssueActionJSON, ResponseContent: string(content),
	}, nil
}

func checkOpenID(t *resource.Token) *rule.Fault {
	if t.Grant.Subject != "" && slices.Contains(t.Body.Scopes, "openid") {
		return nil
	}
	return openID.Fault(rule.No("The access token lacks the scope openid."))
}

// actionOf names the action of a refusal; both operations have the same
// names.
func actionOf(f *rule.Fault) string {
	switch f.Code {
	case oauth.InvalidRequest:
		return "BAD_REQUEST"
	case oauth.InsufficientScope:
		return "FORBIDDEN"
	default:
		return "UNAUTHORIZED"
	}
}
