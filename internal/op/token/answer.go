package token

import (
	"encoding/json"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// succeeded names what went well, by grant type.
var succeeded = map[wire.GrantType]string{
	wire.GrantTypeAuthorizationCode: "A050001", // tokens were issued for an authorization code
	wire.GrantTypeRefreshToken:      "A960001", // tokens were issued for a refresh token
	wire.GrantTypeClientCredentials: "A052001", // an access token was issued for the client's own credentials
}

// answer turns tokens into the answer.
func (x *tokenRequest) answer(b *basis, t *tokens) (*wire.TokenResponse, error) {
	shown, tokenType := t.accessHandle, x.Service.Doc.AccessTokenType
	if t.jwt != "" {
		shown = t.jwt
	}
	if t.access.Body.JKT != "" {
		tokenType = "DPoP"
	}
	expiresIn := (t.access.Expires - x.Millis() + 999) / 1000
	body := make(map[string]any, 8)
	for _, p := range b.properties {
		if !p.Hidden {
			body[p.Key] = p.Value
		}
	}
	body["access_token"], body["token_type"], body["expires_in"] = shown, tokenType, expiresIn
	if len(b.scopes) > 0 {
		body["scope"] = strings.Join(b.scopes, " ")
	}
	if t.refreshHandle != "" {
		body["refresh_token"] = t.refreshHandle
	}
	if t.idToken != "" {
		body["id_token"] = t.idToken
	}
	content, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	out := &wire.TokenResponse{
		Result: x.Result(succeeded[x.grantType()], "the token request was answered"),
		Action: wire.TokenActionOK, ResponseContent: string(content),
		AccessToken: t.accessHandle, JWTAccessToken: t.jwt,
		AccessTokenExpiresAt: t.access.Expires, AccessTokenDuration: expiresIn,
		IDToken: t.idToken, GrantType: x.grantType(),
		ClientID: x.Client.ID, ClientIDAlias: x.Client.Doc.ClientIDAlias, ClientIDAliasUsed: x.Client.AliasUsed,
		Scopes: b.scopes, Properties: op.WireProperties(b.properties),
		ServiceAttributes: x.Service.Doc.Attributes, ClientAttributes: x.Client.Doc.Attributes,
		PreviousRefreshTokenUsed: t.retried,
	}
	if b.grant != nil {
		out.Subject = b.grant.Subject
	}
	if t.refreshHandle != "" {
		out.RefreshToken = t.refreshHandle
	}
	if t.refresh != nil {
		out.RefreshTokenExpiresAt = t.refresh.Expires
		out.RefreshTokenDuration = (t.refresh.Expires - x.Millis() + 999) / 1000
		out.RefreshTokenScopes = t.refresh.Body.Scopes
	}
	return out, nil
}

func (x *tokenRequest) refuse(f *rule.Fault) *wire.TokenResponse {
	action := wire.TokenActionBadRequest
	switch f.Code {
	case oauth.InvalidClient:
		action = wire.TokenActionInvalidClient
	case oauth.ServerError:
		action = wire.TokenActionInternalServerError
	}
	return &wire.TokenResponse{
		Result: x.Refused(f), Action: action, ResponseContent: x.OAuthError(f).JSON(), Explanation: op.Explain(f),
	}
}
