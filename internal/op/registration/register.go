package registration

import (
	"context"
	"encoding/json"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Register registers a client. Reads and commits: 1C.
func Register(ctx context.Context, c *op.Call, in *wire.ClientRegistrationRequest) (*wire.ClientRegistrationResponse, error) {
	if in.JSON == "" {
		return nil, op.Missing("json")
	}
	if f := offered(c); f != nil {
		return refuse(c, f), nil
	}
	doc, f := read(c.Service, in.JSON, nil)
	if f != nil {
		return refuse(c, f), nil
	}
	// The address and the token are useless without each other (OIDCR-3.2).
	managed := configurationEndpoint(c.Service) != ""
	client, token, err := c.Writer.RegisterClient(ctx, c.Service, doc, managed)
	if registry.IsDocumentError(err) {
		return refuse(c, unfit(err)), nil
	}
	if err != nil {
		return nil, err
	}
	return answer(c, client, token, wire.ClientRegistrationActionCreated, c.Result("A202001", "the client is registered"))
}

// configurationEndpoint is what registration_client_uri begins with.
func configurationEndpoint(s *registry.Service) string {
	if s.Doc.RegistrationManagementEndpoint != "" {
		return s.Doc.RegistrationManagementEndpoint
	}
	return s.Doc.RegistrationEndpoint
}

// answer writes the client information response (RFC7591-3.2.1): all that is
// registered, defaults included. The token is the one that the client has; the
// engine keeps its hash only.
func answer(c *op.Call, client *registry.Client, token string, action wire.ClientRegistrationAction, result wire.Result) (*wire.ClientRegistrationResponse, error) {
	m := metadataOf(client.Doc)
	m["client_id"] = op.ClientNumber(client.ID)
	m["client_id_issued_at"] = client.Doc.CreatedAt / 1000
	if usesSecret(client.Doc.TokenAuthMethod) {
		m["client_secret"], m["client_secret_expires_at"] = client.Doc.ClientSecret, 0
	}
	if base := configurationEndpoint(c.Service); base != "" && token != "" {
		m["registration_access_token"], m["registration_client_uri"] = token, base+"/"+op.ClientNumber(client.ID)
	}
	content, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	return &wire.ClientRegistrationResponse{Result: result, Action: action, ResponseContent: string(content), Client: client.Doc}, nil
}

func usesSecret(method wire.ClientAuthMethod) bool {
	switch method {
	case wire.ClientAuthMethodClientSecretBasic, wire.ClientAuthMethodClientSecretPost, wire.ClientAuthMethodClientSecretJWT:
		return true
	}
	return false
}
