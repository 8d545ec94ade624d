package main

import (
	"crypto/rand"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/symbolon-auth/symbolon/internal/userfile"
)

// userACR is what a login reaches.
const userACR = "urn:example:password"

// claims are all standard claims (OpenID Connect Core 1.0 §5.1): the suite
// looks for each of them.
var claims = map[string]any{
	"name": "John Michael Flores", "family_name": "Flores", "given_name": "John", "middle_name": "Michael", "nickname": "Johnny",
	"preferred_username": userName, "profile": "https://example.com/john", "picture": "https://example.com/john.png", "website": "https://john.example.com",
	"gender": "male", "birthdate": "1980-02-29", "zoneinfo": "Europe/Berlin", "locale": "en-US", "updated_at": 1767225600,
	"email": "john@example.com", "email_verified": true, "phone_number": "+1 604 555 1234", "phone_number_verified": true,
	"address": map[string]string{
		"formatted": "1 Main Street\nSpringfield 12345\nUSA", "street_address": "1 Main Street",
		"locality": "Springfield", "region": "Illinois", "postal_code": "12345", "country": "USA",
	},
}

func claimNames() []string { return append([]string{"sub"}, slices.Sorted(maps.Keys(claims))...) }

// users returns the text of a user file.
func users() ([]byte, error) {
	hash, err := userfile.Hash(password, rand.Reader)
	if err != nil {
		return nil, err
	}
	return yaml.Marshal(object{"users": []object{{"subject": "1001", "loginId": userName, "password": hash, "acr": userACR, "claims": claims}}})
}
