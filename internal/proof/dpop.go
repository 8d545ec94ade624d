package proof

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
)

// A proof's iat may lie this far from our clock. The suite wants ten seconds
// accepted on both sides; more than sixty ahead must be refused
// (FAPI2-SP-FINAL-5.3.2.1-13).
const (
	maxAge   = 60 * time.Second
	maxAhead = 60 * time.Second
)

const maxJTI = 512

// DPoP is a proof that holds.
type DPoP struct {
	Thumbprint string     // of the key, RFC 7638 SHA-256
	Mark       grant.Mark // to be spent by the commit
}

// Request is what a proof is checked against.
type Request struct {
	Proof         string // the DPoP header
	Method        string // htm
	URL           string // htu
	AccessToken   string // at a resource: the token whose hash must be in ath
	NonceRequired bool
	NonceBy       []rule.Source
	Algorithms    []string
	AlgorithmsBy  []rule.Source
	Service       int64
	Window        int64 // seconds of a nonce window
	Now           time.Time
}

// stage is what is known of a proof when its claims are judged.
type stage struct {
	*Request
	nonces *Nonces
	header jose.Header
	claims claims
}

type claims struct {
	JTI   string  `json:"jti"`
	HTM   string  `json:"htm"`
	HTU   string  `json:"htu"`
	IAT   float64 `json:"iat"`
	ATH   string  `json:"ath"`
	Nonce string  `json:"nonce"`
}

// The refusals of parsing a proof, in the order in which they are met.
var (
	wellFormed = rule.Refusal{ID: "dpop.well_formed", Refs: spec.Refs("DPOP-4.3"), Result: "A920301", Error: oauth.InvalidDPoPProof}
	algorithm  = rule.Refusal{ID: "dpop.algorithm", Refs: spec.Refs("DPOP-4.3", "DPOP-11.6"), Result: "A920302", Error: oauth.InvalidDPoPProof, Structural: true}
	key        = rule.Refusal{ID: "dpop.key", Refs: spec.Refs("DPOP-4.3"), Result: "A254303", Error: oauth.InvalidDPoPProof, Structural: true}
	signature  = rule.Refusal{ID: "dpop.signature", Refs: spec.Refs("DPOP-4.3"), Result: "A920303", Error: oauth.InvalidDPoPProof, Structural: true}
)

// Replayed is raised by the operation whose commit found the mark spent.
var Replayed = rule.Refusal{ID: "dpop.replay", Refs: spec.Refs("DPOP-11.1"), Result: "A920304", Error: oauth.InvalidDPoPProof, Structural: true}

// rules judge the claims of a proof whose signature holds.
var rules = rule.Table[stage]{
	rule.Row("dpop.type", "A920305", oauth.InvalidDPoPProof, checkType, "DPOP-4.3", "DPOP-11.5"),
	rule.Row("dpop.jti", "A920306", oauth.InvalidDPoPProof, checkJTI, "DPOP-4.2"),
	rule.Row("dpop.htm", "A254301", oauth.InvalidDPoPProof, checkMethod, "DPOP-4.3"),
	rule.Row("dpop.htu", "A254301", oauth.InvalidDPoPProof, checkURL, "DPOP-4.3"),
	rule.Row("dpop.iat", "A920307", oauth.InvalidDPoPProof, checkTime, "DPOP-4.3", "FAPI2-SP-FINAL-5.3.2.1-13"),
	rule.Row("dpop.ath", "A920308", oauth.InvalidDPoPProof, checkToken, "DPOP-7.1"),
	rule.Row("dpop.nonce", "A254307", oauth.UseDPoPNonce, checkNonce, "DPOP-8", "DPOP-11.3"),
}

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal {
	return append([]*rule.Refusal{&wellFormed, &algorithm, &key, &signature, &Replayed}, rules.Refusals()...)
}

// Check verifies a proof.
func (n *Nonces) Check(r Request) (*DPoP, *rule.Fault) {
	s := stage{Request: &r, nonces: n}
	header, k, err := jose.VerifyEmbedded(r.Proof, r.Algorithms, &s.claims)
	s.header = header
	switch {
	case err == nil:
	case errors.Is(err, jose.ErrAlgorithm):
		return nil, algorithm.Fault(rule.No("The algorithm of the DPoP proof is not acceptable.").DemandedBy(r.AlgorithmsBy...).
			Because("alg is %q, accepted are %s", rule.Printable(header.Algorithm), strings.Join(r.Algorithms, " ")))
	case errors.Is(err, jose.ErrKey):
		return nil, key.Fault(rule.No("The jwk of the DPoP proof is missing, private, or not acceptable."))
	case errors.Is(err, jose.ErrSignature):
		return nil, signature.Fault(rule.No("The signature of the DPoP proof does not verify."))
	default:
		return nil, wellFormed.Fault(rule.No("The DPoP header is not one well-formed proof.").Because("%v", err))
	}
	if f := rules.Run(&s); f != nil {
		return nil, f
	}
	thumbprint, err := k.Thumbprint()
	if err != nil {
		return nil, key.Fault(rule.No("The jwk of the DPoP proof has no thumbprint."))
	}
	return &DPoP{
		Thumbprint: thumbprint,
		Mark: grant.Mark{
			Key:     grant.MarkKey("dpop", r.Service, thumbprint, s.claims.JTI),
			Expires: time.UnixMilli(int64(s.claims.IAT * 1000)).Add(maxAge + time.Second).UnixMilli(),
		},
	}, nil
}

func checkType(s *stage) *rule.Fault {
	if s.header.Type != "dpop+jwt" {
		return rule.No("The typ of the DPoP proof is not dpop+jwt.")
	}
	return nil
}

func checkJTI(s *stage) *rule.Fault {
	if s.claims.JTI == "" || len(s.claims.JTI) > maxJTI {
		return rule.No("The DPoP proof has no usable jti.")
	}
	return nil
}

func checkMethod(s *stage) *rule.Fault {
	if s.claims.HTM != s.Method {
		return rule.No("The htm of the DPoP proof is not the method of the request.").
			Because("htm is %q, the method is %q", rule.Printable(s.claims.HTM), s.Method)
	}
	return nil
}

func checkURL(s *stage) *rule.Fault {
	if want, ok := normalURL(s.URL); ok {
		if got, ok := normalURL(s.claims.HTU); ok && got == want {
			return nil
		}
	}
	return rule.No("The htu of the DPoP proof is not the URL of the request.").
		Because("htu is %q, the URL is %q", rule.Printable(s.claims.HTU), rule.Printable(s.URL))
}

func checkTime(s *stage) *rule.Fault {
	const most = 1 << 40 // seconds; beyond any date, far from overflow
	if s.claims.IAT <= 0 || s.claims.IAT > most {
		return rule.No("The DPoP proof has no usable iat.")
	}
	age := s.Now.Sub(time.UnixMilli(int64(s.claims.IAT * 1000)))
	if age > maxAge || age < -maxAhead {
		return rule.No("The iat of the DPoP proof is too far from now.").Because("it is %s old", age.Round(time.Second))
	}
	return nil
}

func checkToken(s *stage) *rule.Fault {
	if s.AccessToken == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(s.AccessToken))
	want := base64.RawURLEncoding.EncodeToString(sum[:])
	if subtle.ConstantTimeCompare([]byte(s.claims.ATH), []byte(want)) != 1 {
		return rule.No("The ath of the DPoP proof is not the hash of the access token.")
	}
	return nil
}

// checkNonce: a nonce is demanded where it is required; one that is there
// must be ours even where it is not.
func checkNonce(s *stage) *rule.Fault {
	if s.claims.Nonce == "" && !s.NonceRequired {
		return nil
	}
	if !s.nonces.Valid(s.claims.Nonce, s.Service, s.Window, s.Now) {
		return rule.No("The DPoP proof needs a nonce that this server gave out recently.").DemandedBy(s.NonceBy...)
	}
	return nil
}

// normalURL reduces a URL to what htu is compared by (DPOP-4.3): scheme and
// host in lower case, no default port, no query, no fragment, percent-encoding
// undone where it was not needed.
func normalURL(text string) (string, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || len(text) > 8<<10 {
		return "", false
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	path := u.EscapedPath()
	if decoded, err := url.PathUnescape(path); err == nil && !strings.Contains(strings.ToLower(path), "%2f") {
		path = (&url.URL{Path: decoded}).EscapedPath()
	}
	if path == "" {
		path = "/"
	}
	return scheme + "://" + host + path, true
}
