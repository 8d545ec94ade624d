package request

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/policy"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Request is the second stage: the parameters are parsed, the redirect URI
// stands, faults are redirected. A parameter that does not parse is marked
// and judged by its row.
type Request struct {
	*Located
	Policy *policy.Policy // final

	ResponseMode wire.ResponseMode // how answers travel, errors too
	Scopes       []string          // supported and allowed ones, or the defaults
	Prompts      []wire.Prompt
	MaxAge       int64 // seconds; meaningful where MaxAgeAsked
	MaxAgeAsked  bool
	Claims       Claims
	ACRs         []string
	ACREssential bool
	Subject      string // the only subject that may answer
	JKT          string // DPoP key that the code will be bound to

	responseType   wire.ResponseType
	responseTypeOK bool
	responseModeOK bool
	scopesOK       bool
	promptsOK      bool
	maxAgeOK       bool
	claimsOK       bool
	hint           hint
}

// hint is an id_token_hint.
type hint struct{ given, ours bool }

// resolve parses what a located request asks for and judges it. The request
// is returned even with a fault: it says how the fault travels.
func resolve(l *Located) (*Request, *rule.Fault) {
	r := &Request{Located: l}
	r.parseResponse()
	r.parseScopes()
	r.Policy = l.Client.Policy(l.Service, r.Scopes)
	r.parsePrompts()
	r.parseMaxAge()
	r.parseClaims()
	r.parseHint()
	r.JKT = l.Form.Get("dpop_jkt")
	if r.JKT == "" {
		r.JKT = l.ProofJKT
	}
	return r, run(requestedRules, l.At, r)
}

// parseResponse finds how answers travel. Where the asked mode cannot be
// used, errors travel by the default of the response type.
func (r *Request) parseResponse() {
	r.responseType, r.responseTypeOK = wire.ResponseTypeFromSpec(r.Form.Get("response_type"))
	r.ResponseMode = wire.ResponseModeQuery
	if strings.Contains(r.Form.Get("response_type"), "token") {
		r.ResponseMode = wire.ResponseModeFragment
	}
	asked := r.Form.Get("response_mode")
	if asked == "" {
		r.responseModeOK = true
		return
	}
	mode, ok := wire.ResponseModeFromSpec(asked)
	if ok && slices.Contains(policy.BuiltResponseModes, mode) && (mode != wire.ResponseModeQuery || r.ResponseMode != wire.ResponseModeFragment) {
		r.ResponseMode, r.responseModeOK = mode, r.base.ResponseModes.Has(mode)
	}
}

// parseScopes keeps the scopes that the service supports and the client may
// ask for; others are dropped (RFC6749-3.3). A request without a scope gets
// the default ones.
func (r *Request) parseScopes() {
	var asked []string
	if text := r.Form.Get("scope"); text == "" {
		r.scopesOK = true
		for _, s := range r.Service.Doc.SupportedScopes {
			if s.DefaultEntry {
				asked = append(asked, s.Name)
			}
		}
	} else if asked, r.scopesOK = oauth.ScopeTokens(text); !r.scopesOK {
		return
	}
	for _, name := range asked {
		if r.Service.Scope(name) != nil && r.Client.MayRequest(name) {
			r.Scopes = append(r.Scopes, name)
		}
	}
}

func (r *Request) parsePrompts() {
	r.promptsOK = true
	for p := range strings.FieldsSeq(r.Form.Get("prompt")) {
		v, ok := wire.PromptFromSpec(p)
		if !ok {
			r.promptsOK = false
			return
		}
		if !slices.Contains(r.Prompts, v) {
			r.Prompts = append(r.Prompts, v)
		}
	}
}

// maxMaxAge keeps max_age inside 32 bits, which published clients need.
const maxMaxAge = 1<<31 - 1

func (r *Request) parseMaxAge() {
	r.maxAgeOK = true
	text := r.Form.Get("max_age")
	if text == "" {
		if d := r.Client.Doc.DefaultMaxAge; d > 0 {
			r.MaxAge, r.MaxAgeAsked = d, true
		}
		return
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		r.maxAgeOK = false
		return
	}
	r.MaxAge, r.MaxAgeAsked = min(n, maxMaxAge), true
}

// parseClaims reads the claims parameter, and which authentication context
// classes are asked for: by it, by acr_values or by the client's default, in
// this order.
func (r *Request) parseClaims() {
	r.Claims, r.claimsOK = ParseClaims(r.Form.Get("claims"))
	if subs, _, _ := r.Claims.idToken("sub"); len(subs) > 0 {
		r.Subject = subs[0]
	}
	acrs, essential, _ := r.Claims.idToken("acr")
	switch {
	case len(acrs) > 0:
		r.ACRs, r.ACREssential = acrs, essential
	case r.Form.Has("acr_values"):
		r.ACRs = strings.Fields(r.Form.Get("acr_values"))
	default:
		r.ACRs = r.Client.Doc.DefaultACRs
	}
}

// parseHint reads an id_token_hint: an ID token of ours for this client,
// expired or not, whose subject must answer (OIDCC-3.1.2.1).
func (r *Request) parseHint() {
	text := r.Form.Get("id_token_hint")
	if text == "" {
		return
	}
	r.hint.given = true
	var c struct {
		Issuer   string          `json:"iss"`
		Subject  string          `json:"sub"`
		Audience json.RawMessage `json:"aud"`
	}
	algs := make([]string, len(policy.BuiltSignAlgs))
	for i, a := range policy.BuiltSignAlgs {
		algs[i] = string(a)
	}
	if _, err := jose.Verify(text, r.Service.Keys, algs, &c); err != nil || c.Issuer != r.Service.Issuer() || c.Subject == "" {
		return
	}
	var one string
	var list []string
	if json.Unmarshal(c.Audience, &one) == nil {
		list = []string{one}
	} else if json.Unmarshal(c.Audience, &list) != nil {
		return
	}
	r.hint.ours = slices.Contains(list, r.Client.Identifier(false)) || slices.Contains(list, r.Client.Identifier(true))
	if r.hint.ours && r.Subject == "" {
		r.Subject = c.Subject
	}
}

// OpenID reports whether this is an OpenID Connect request.
func (r *Request) OpenID() bool { return slices.Contains(r.Scopes, "openid") }

// Challenge returns the PKCE challenge and its method, plain by default
// (RFC7636-4.3).
func (r *Request) Challenge() (challenge, method string) {
	if challenge = r.Form.Get("code_challenge"); challenge == "" {
		return "", ""
	}
	if method = r.Form.Get("code_challenge_method"); method == "" {
		method = "plain"
	}
	return challenge, method
}

// TicketBody returns what issue and fail need of the request.
func (r *Request) TicketBody(context string) grant.TicketBody {
	challenge, method := r.Challenge()
	b := grant.TicketBody{
		ClientID: r.Identifier, AliasUsed: r.AliasUsed,
		ResponseType: string(r.responseType), ResponseMode: string(r.ResponseMode),
		RedirectURI: r.RedirectURI(), RedirectSent: r.Form.Has("redirect_uri"),
		State: r.Form.Get("state"), Nonce: r.Form.Get("nonce"), Scopes: r.Scopes,
		Challenge: challenge, ChallengeMeth: method, JKT: r.JKT,
		MaxAgeAsked: r.MaxAgeAsked || r.asksAuthTime(),
		Context:     context,
	}
	if text := r.Form.Get("claims"); text != "" && r.claimsOK {
		b.Claims = json.RawMessage(text)
	}
	return b
}

// asksAuthTime: the claims parameter or the client wants auth_time.
func (r *Request) asksAuthTime() bool {
	_, _, asked := r.Claims.idToken("auth_time")
	return asked || r.Client.Doc.AuthTimeRequired
}
