package op

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// MaxPropertyBytes bounds the JSON of all extra properties of a token.
const MaxPropertyBytes = 65535

// ClientNumber writes a client id as identifiers are written.
func ClientNumber(id int64) string { return strconv.FormatInt(id, 10) }

// CheckObject demands that a member that holds JSON text holds an object.
func CheckObject(member, text string) error {
	if text == "" {
		return nil
	}
	var v map[string]json.RawMessage
	if !bytes.HasPrefix(bytes.TrimSpace([]byte(text)), []byte("{")) || json.Unmarshal([]byte(text), &v) != nil {
		return Invalid(member, "is not the text of a JSON object")
	}
	return nil
}

// CheckProperties bounds extra properties.
func CheckProperties(list []wire.Property) error {
	size := 0
	for _, p := range list {
		if p.Key == "" {
			return Invalid("properties", "has an entry without a key")
		}
		size += len(p.Key) + len(p.Value) + 24
	}
	if size > MaxPropertyBytes {
		return Invalid("properties", "are longer than 65535 bytes")
	}
	return nil
}

// CheckMerged bounds the properties of a token that came from several calls.
func CheckMerged(list []grant.Property) error {
	size := 0
	for _, p := range list {
		size += len(p.Key) + len(p.Value) + 24
	}
	if size > MaxPropertyBytes {
		return Invalid("properties", "of the token would be longer than 65535 bytes")
	}
	return nil
}

// MaxSeconds bounds the lifetimes that a call may ask for: ten years.
const MaxSeconds = 10 * 365 * 24 * 3600

// CheckLifetime bounds a lifetime that a call asks for.
func CheckLifetime(member string, seconds int64) error {
	if seconds < 0 || seconds > MaxSeconds {
		return Invalid(member, "must lie between 0 seconds and ten years")
	}
	return nil
}

// reservedProperties are silently ignored as keys of extra properties: they
// would forge members of the token response.
var reservedProperties = map[string]bool{
	"access_token": true, "token_type": true, "expires_in": true, "refresh_token": true, "scope": true,
	"error": true, "error_description": true, "error_uri": true, "id_token": true,
}

// Properties turns extra properties into what a token carries.
func Properties(list []wire.Property) []grant.Property {
	var out []grant.Property
	for _, p := range list {
		if !reservedProperties[p.Key] {
			out = append(out, grant.Property{Key: p.Key, Value: p.Value, Hidden: p.Hidden})
		}
	}
	return out
}

// MergeProperties lays later properties over earlier ones: the same key is
// overwritten in its place.
func MergeProperties(earlier, later []grant.Property) []grant.Property {
	out := append([]grant.Property(nil), earlier...)
next:
	for _, p := range later {
		for i := range out {
			if out[i].Key == p.Key {
				out[i] = p
				continue next
			}
		}
		out = append(out, p)
	}
	return out
}

// WireProperties turns them back into what the Web API shows.
func WireProperties(list []grant.Property) []wire.Property {
	var out []wire.Property
	for _, p := range list {
		out = append(out, wire.Property{Key: p.Key, Value: p.Value, Hidden: p.Hidden})
	}
	return out
}
