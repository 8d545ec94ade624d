package op

import (
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/proof"
	"github.com/symbolon-auth/symbolon/internal/rule"
)

// Proof is a DPoP proof as the caller of the Web API passes it on.
type Proof struct {
	Header        string // dpop
	Method        string // htm
	URL           string // htu
	NonceRequired bool   // dpopNonceRequired, or-ed with the service's switch
	AccessToken   string // at a resource
}

// CheckProof verifies the proof that came with a request, if one came. The
// nonce is what the answer must hand out; empty: none.
func (c *Call) CheckProof(p Proof, pol *policy.Policy, defaultMethod, defaultURL string) (d *proof.DPoP, nonce string, f *rule.Fault) {
	if p.Header == "" {
		return nil, "", nil
	}
	if p.Method == "" {
		p.Method = defaultMethod
	}
	if p.URL == "" {
		p.URL = defaultURL
	}
	required, by := pol.DPoPNonce.On, pol.DPoPNonce.By
	if p.NonceRequired && !required {
		required, by = true, []rule.Source{{Switch: "the call's dpopNonceRequired"}}
	}
	window := max(c.Service.Doc.DPoPNonceDuration, 1)
	d, f = c.Nonces.Check(proof.Request{
		Proof: p.Header, Method: p.Method, URL: p.URL, AccessToken: p.AccessToken,
		NonceRequired: required, NonceBy: by,
		Algorithms: pol.DPoPAlgs.Strings(), AlgorithmsBy: pol.DPoPAlgs.By,
		Service: c.Service.ID, Window: window, Now: c.Now,
	})
	if required || f != nil && f.Code == oauth.UseDPoPNonce {
		nonce = c.Nonces.Current(c.Service.ID, window, c.Now)
	}
	return d, nonce, f
}
