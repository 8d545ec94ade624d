package oauth

import "strings"

// ScopeTokens splits a scope value at spaces and drops repetitions. ok is
// false where a character lies outside of RFC6749-3.3's alphabet.
func ScopeTokens(scope string) (tokens []string, ok bool) {
	for t := range strings.SplitSeq(scope, " ") {
		if t == "" {
			continue
		}
		if !IsScopeToken(t) {
			return nil, false
		}
		if !contains(tokens, t) {
			tokens = append(tokens, t)
		}
	}
	return tokens, true
}

// IsScopeToken reports whether t is one scope token (RFC6749-3.3).
func IsScopeToken(t string) bool {
	for i := range len(t) {
		if c := t[i]; c < 0x21 || c > 0x7e || c == '"' || c == '\\' {
			return false
		}
	}
	return t != ""
}

// IsCodeVerifier reports whether v has the form of a code verifier or code
// challenge: 43 to 128 unreserved characters (RFC7636-4.1).
func IsCodeVerifier(v string) bool {
	if len(v) < 43 || len(v) > 128 {
		return false
	}
	for i := range len(v) {
		c := v[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '-' || c == '.' || c == '_' || c == '~':
		default:
			return false
		}
	}
	return true
}

// IsThumbprint reports whether s has the form of a base64url SHA-256 value.
func IsThumbprint(s string) bool {
	if len(s) != 43 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
