package demo

import (
	"crypto/rand"
	"encoding/json"
	"fmt"

	"github.com/symbolon-auth/symbolon/internal/jose"
)

const clientAlg = "ES256"

// ClientKey is the private key of the FAPI client. It signs assertions and
// proofs.
type ClientKey struct {
	key    *jose.Key
	public json.RawMessage // a JWK set
}

func generateClientKey() (string, error) {
	text, err := jose.GenerateKey(clientAlg, rand.Reader)
	return string(text), err
}

func parseClientKey(text string) (*ClientKey, error) {
	set, err := jose.ParseKeySet(`{"keys":[` + text + `]}`)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", clientKeyFile, err)
	}
	if len(set.Keys) != 1 || !set.Keys[0].Private() {
		return nil, fmt.Errorf("%s: it is not one private key", clientKeyFile)
	}
	public, err := set.Public()
	if err != nil {
		return nil, err
	}
	return &ClientKey{key: set.Keys[0], public: public}, nil
}

// sign makes a compact JWS of claims.
func (k *ClientKey) sign(typ string, claims map[string]any, header map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	return k.key.Sign(clientAlg, typ, payload, header)
}

// jwk returns the public key alone, for the header of a proof.
func (k *ClientKey) jwk() (map[string]any, error) {
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal(k.public, &set); err != nil {
		return nil, err
	}
	return set.Keys[0], nil
}
