package clientauth

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
)

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

const (
	maxAhead    = 60 * time.Second // FAPI2-SP-FINAL-5.3.2.1-13
	maxLifetime = 24 * time.Hour   // bounds how long a jti must be remembered
	maxJTI      = 512
)

// asserted is the stage in which the signature of an assertion holds.
type asserted struct {
	*identified
	header jose.Header
	claims assertionClaims
}

type assertionClaims struct {
	Issuer    string          `json:"iss"`
	Subject   string          `json:"sub"`
	Audience  json.RawMessage `json:"aud"`
	JTI       string          `json:"jti"`
	Expires   float64         `json:"exp"`
	NotBefore float64         `json:"nbf"`
	IssuedAt  float64         `json:"iat"`
}

// Refusals of an assertion that does not verify.
var (
	assertionAlgorithm = rule.Refusal{ID: "client.assertion.algorithm", Refs: spec.Refs("RFC8725-3.1", "FAPI2-SP-FINAL-5.4.1-1"), Result: "A910306", Error: oauth.InvalidClient, Structural: true}
	assertionKey       = rule.Refusal{ID: "client.assertion.key", Refs: spec.Refs("RFC7523-3"), Result: "A910307", Error: oauth.InvalidClient, Structural: true}
	assertionSignature = rule.Refusal{ID: "client.assertion.signature", Refs: spec.Refs("RFC7523-3"), Result: "A157326", Error: oauth.InvalidClient, Structural: true}
)

// assertionRules judge the claims of an assertion.
var assertionRules = rule.Table[asserted]{
	rule.Row("client.assertion.type", "A910308", oauth.InvalidClient, checkType, "RFC8725-3.11"),
	rule.Row("client.assertion.iss", "A910309", oauth.InvalidClient, checkIssuer, "RFC7523-3"),
	rule.Row("client.assertion.sub", "A910310", oauth.InvalidClient, checkSubject, "RFC7523-3"),
	rule.Row("client.assertion.aud", "A157318", oauth.InvalidClient, checkAudience, "RFC7523-3", "PAR-2", "FAPI2-SP-FINAL-5.3.2.1-8"),
	rule.Row("client.assertion.exp", "A910311", oauth.InvalidClient, checkExpiry, "RFC7523-3"),
	rule.Row("client.assertion.not_before", "A910312", oauth.InvalidClient, checkNotBefore, "RFC7523-3", "FAPI2-SP-FINAL-5.3.2.1-13"),
	rule.Row("client.assertion.jti", "A910313", oauth.InvalidClient, checkJTI, "OIDCC-9"),
}

func (s *identified) verifyAssertion() (*grant.Mark, *rule.Fault) {
	a := asserted{identified: s}
	header, err := jose.Verify(s.Form.Get("client_assertion"), s.client.Keys, s.policy.AssertionAlgs.Strings(), &a.claims)
	a.header = header
	switch {
	case err == nil:
	case errors.Is(err, jose.ErrAlgorithm):
		return nil, assertionAlgorithm.Fault(rule.No("The algorithm of the client assertion is not acceptable.").
			DemandedBy(s.policy.AssertionAlgs.By...).
			Because("alg is %q, accepted are %s", rule.Printable(header.Algorithm), strings.Join(s.policy.AssertionAlgs.Strings(), " ")))
	case errors.Is(err, jose.ErrNoKey):
		return nil, assertionKey.Fault(rule.No("No key of the client fits the client assertion.").
			Because("alg %q, kid %q", rule.Printable(header.Algorithm), rule.Printable(header.KeyID)))
	case errors.Is(err, jose.ErrSignature):
		return nil, assertionSignature.Fault(rule.No("The signature of the client assertion does not verify."))
	default:
		return nil, assertion.Fault(rule.No("The client assertion is not a well-formed JWT.").Because("%v", err))
	}
	if f := assertionRules.Run(&a); f != nil {
		return nil, f
	}
	return &grant.Mark{
		Key:     grant.MarkKey("client assertion", s.Service.ID, strconv.FormatInt(s.client.ID, 10), a.claims.JTI),
		Expires: seconds(a.claims.Expires).Add(a.skew() + time.Second).UnixMilli(),
	}, nil
}

func (a *asserted) skew() time.Duration {
	return time.Duration(a.Service.Doc.AllowableClockSkew) * time.Second
}

func seconds(n float64) time.Time { return time.UnixMilli(int64(n * 1000)) }

// plausible bounds a numeric date, so that no arithmetic overflows.
func plausible(n float64) bool { return n > 0 && n < 1<<40 }

// checkType keeps other JWTs of the client out: a request object or a DPoP
// proof says what it is.
func checkType(a *asserted) *rule.Fault {
	if t := a.header.Type; t != "" && t != "jwt" && t != "client-authentication+jwt" {
		return rule.No("The typ of the client assertion is that of another kind of JWT.").Because("typ is %q", rule.Printable(t))
	}
	return nil
}

func checkIssuer(a *asserted) *rule.Fault {
	if !a.names(a.claims.Issuer) {
		return rule.No("The iss of the client assertion is not the client.")
	}
	return nil
}

func checkSubject(a *asserted) *rule.Fault {
	if !a.names(a.claims.Subject) {
		return rule.No("The sub of the client assertion is not the client.")
	}
	return nil
}

func checkAudience(a *asserted) *rule.Fault {
	choice := a.policy.AssertionAudience
	var one string
	isString := json.Unmarshal(a.claims.Audience, &one) == nil
	if choice.Value == policy.IssuerAudience {
		if isString && one != "" && one == a.Service.Issuer() {
			return nil
		}
		return rule.No("The aud of the client assertion must be the issuer, as a string.").DemandedBy(choice.By)
	}
	list := []string{one}
	if !isString {
		if json.Unmarshal(a.claims.Audience, &list) != nil {
			return rule.No("The client assertion has no usable aud.")
		}
	}
	for _, got := range list {
		if got == "" {
			continue
		}
		if got == a.Service.Issuer() {
			return nil
		}
		for _, want := range a.Audiences {
			if got == want {
				return nil
			}
		}
	}
	return rule.No("The aud of the client assertion does not name this server.")
}

func checkExpiry(a *asserted) *rule.Fault {
	if !plausible(a.claims.Expires) {
		return rule.No("The client assertion has no usable exp.")
	}
	left := seconds(a.claims.Expires).Sub(a.Now)
	if left <= -a.skew() {
		return rule.No("The client assertion has expired.").Because("exp is %s ago", -left.Round(time.Second))
	}
	if left > maxLifetime {
		return rule.No("The exp of the client assertion is too far in the future.").Because("it is %s ahead", left.Round(time.Second))
	}
	return nil
}

func checkNotBefore(a *asserted) *rule.Fault {
	for _, n := range []float64{a.claims.NotBefore, a.claims.IssuedAt} {
		if n != 0 && (!plausible(n) || seconds(n).Sub(a.Now) > max(maxAhead, a.skew())) {
			return rule.No("The nbf or iat of the client assertion lies too far in the future.")
		}
	}
	return nil
}

func checkJTI(a *asserted) *rule.Fault {
	if a.claims.JTI == "" || len(a.claims.JTI) > maxJTI {
		return rule.No("The client assertion has no usable jti.")
	}
	return nil
}
