package enginetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"sync"

	gojose "github.com/go-jose/go-jose/v4"
)

// ServiceKeys is a private JWK set with keys for ES256 and RS256. It is made
// once for all tests of a process: services that make keys of their own take
// long.
var ServiceKeys = sync.OnceValue(func() string {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	b, err := json.Marshal(gojose.JSONWebKeySet{Keys: []gojose.JSONWebKey{
		{Key: ec, KeyID: "service-es256", Algorithm: "ES256", Use: "sig"},
		{Key: rs, KeyID: "service-rs256", Algorithm: "RS256", Use: "sig"},
	}})
	if err != nil {
		panic(err)
	}
	return string(b)
})

// QuickService is BaseService with ServiceKeys.
func QuickService() Doc { return With(BaseService(), Doc{"jwks": ServiceKeys()}) }
