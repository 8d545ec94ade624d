package request

import (
	"slices"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// requestedRules is the ruler's lower half. Its faults are redirected.
var requestedRules = []Row[Request]{
	row("request.pushed", "A008305", cells{AtAuthorization: oauth.InvalidRequest}, checkPushed, "PAR-5", "FAPI2-SP-FINAL-5.3.2.2-3"),
	row("request.object", "A901302", both(oauth.InvalidRequest), checkObjectRequired, "JAR-10.5", "RFC7591-2"),
	row("request_object.algorithm_allowed", "A901331", both(oauth.InvalidRequestObject), checkObjectAlgorithm, "JAR-10.5", "FAPI2-SP-FINAL-5.4.1-1"),
	row("request.by_reference", "A901303", cells{oauth.InvalidRequestURI, oauth.InvalidRequest}, checkByReference, "JAR-5.2", "PAR-2.1"),
	row("request.registration", "A901304", both(oauth.RegistrationUnsupported), checkRegistration, "OIDCC-3.1.2.6"),
	row("response_type.present", "A009301", both(oauth.InvalidRequest), checkResponseTypePresent, "RFC6749-3.1.1"),
	row("response_type.supported", "A009305", both(oauth.UnsupportedResponseType), checkResponseTypeSupported, "RFC6749-4.1.2.1", "FAPI2-SP-FINAL-5.3.2.2-1"),
	row("response_type.client", "A950303", both(oauth.UnauthorizedClient), checkResponseTypeClient, "RFC6749-4.1.2.1", "RFC7591-2"),
	row("grant_type.client", "A950304", both(oauth.UnauthorizedClient), checkGrantType, "RFC6749-4.1.2.1", "RFC7591-2"),
	row("response_mode.supported", "A901305", both(oauth.InvalidRequest), checkResponseMode, "OAuth2-MRT-2.1"),
	row("scope.syntax", "A901306", both(oauth.InvalidScope), checkScopeSyntax, "RFC6749-3.3"),
	row("scope.required", "A901307", both(oauth.InvalidScope), checkScopeRequired, "RFC6749-3.3"),
	row("prompt.known", "A901308", both(oauth.InvalidRequest), checkPromptKnown, "OIDCC-3.1.2.1"),
	row("prompt.none_alone", "A901309", both(oauth.InvalidRequest), checkPromptNone, "OIDCC-3.1.2.1"),
	row("max_age.number", "A901310", both(oauth.InvalidRequest), checkMaxAge, "OIDCC-3.1.2.1"),
	row("max_age.none", "A901320", both(oauth.LoginRequired), checkMaxAgeNone, "OIDCC-3.1.2.1"),
	row("code_challenge.required", "A124301", both(oauth.InvalidRequest), checkChallengeRequired, "RFC7636-4.4.1", "RFC9700-2.1.1", "FAPI2-SP-FINAL-5.3.2.2-5"),
	row("code_challenge.syntax", "A950305", both(oauth.InvalidRequest), checkChallengeSyntax, "RFC7636-4.2"),
	row("code_challenge_method.known", "A950306", both(oauth.InvalidRequest), checkMethodKnown, "RFC7636-4.4.1"),
	row("code_challenge_method.s256", "A124308", both(oauth.InvalidRequest), checkMethodS256, "RFC7636-4.2", "FAPI2-SP-FINAL-5.3.2.2-5"),
	row("dpop_jkt.syntax", "A901311", both(oauth.InvalidRequest), checkJKTSyntax, "DPOP-10"),
	row("dpop_jkt.proof", "A901312", cells{AtPAR: oauth.InvalidDPoPProof}, checkJKTProof, "DPOP-10.1"),
	row("claims.syntax", "A901313", both(oauth.InvalidRequest), checkClaims, "OIDCC-5.5"),
	row("acr.attainable", "A021303", both(oauth.UnmetAuthenticationRequirements), checkACR, "OIDCC-5.5.1.1", "OIDC-UAR-3"),
	row("id_token_hint.ours", "A901314", both(oauth.InvalidRequest), checkHint, "OIDCC-3.1.2.1"),
	row("id_token.algorithm", "A901315", both(oauth.UnauthorizedClient), checkIDTokenAlgorithm, "FAPI2-SP-FINAL-5.4.1-1"),
	row("resource.supported", "A901316", both(oauth.InvalidTarget), checkResource, "RFC8707-2"),
	row("authorization_details.supported", "A901317", both(oauth.InvalidAuthorizationDetails), checkDetails, "RFC9396-5"),
	row("grant_management.supported", "A901318", both(oauth.InvalidRequest), checkGrantManagement, "SYMBOLON-grant_management"),
}

func checkPushed(r *Request) *rule.Fault {
	if r.Policy.PushedOnly.On && r.Pushed == nil {
		return rule.No("The request must be pushed first.").DemandedBy(r.Policy.PushedOnly.By...)
	}
	return nil
}

func checkObjectRequired(r *Request) *rule.Fault {
	if r.Policy.ObjectRequired.On && (r.ObjectAlg == "" || r.ObjectAlg == "none") {
		return rule.No("The request must come as a signed request object.").DemandedBy(r.Policy.ObjectRequired.By...)
	}
	return nil
}

// checkObjectAlgorithm asks again what was asked before the object was read:
// scopes may demand more, and a pushed one was read under the policy of its
// day.
func checkObjectAlgorithm(r *Request) *rule.Fault {
	if r.ObjectAlg == "" {
		return nil
	}
	if alg, ok := wire.JWSAlgFromSpec(r.ObjectAlg); !ok || !r.Policy.ObjectAlgs.Has(alg) {
		return rule.No("The algorithm of the request object is not acceptable.").DemandedBy(r.Policy.ObjectAlgs.By...)
	}
	return nil
}

// checkByReference: at the authorization endpoint a request_uri has been
// resolved before; what is left here is another kind. A pushed request must
// not have one at all.
func checkByReference(r *Request) *rule.Fault {
	if r.Form.Has("request_uri") || r.At == AtPAR && r.Sent.Has("request_uri") {
		return rule.No("The request_uri is none that can be used here.")
	}
	return nil
}

func checkRegistration(r *Request) *rule.Fault {
	if r.Form.Has("registration") {
		return rule.No("The registration parameter is not supported.")
	}
	return nil
}

func checkResponseTypePresent(r *Request) *rule.Fault {
	if !r.Form.Has("response_type") {
		return rule.No("The request has no response_type.")
	}
	return nil
}

func checkResponseTypeSupported(r *Request) *rule.Fault {
	if !r.responseTypeOK || !r.Policy.ResponseTypes.Has(r.responseType) {
		return rule.No("The response_type is not supported.").DemandedBy(r.Policy.ResponseTypes.By...).
			Because("response_type is %q", rule.Printable(r.Form.Get("response_type")))
	}
	return nil
}

func checkResponseTypeClient(r *Request) *rule.Fault {
	if !slices.Contains(r.Client.Doc.ResponseTypes, r.responseType) {
		return rule.No("The client is not registered for the response_type.").DemandedBy(rule.Source{Switch: "client.responseTypes"})
	}
	return nil
}

func checkGrantType(r *Request) *rule.Fault {
	if !r.Policy.GrantTypes.Has(wire.GrantTypeAuthorizationCode) {
		return rule.No("The client must not use the authorization code grant.").DemandedBy(r.Policy.GrantTypes.By...)
	}
	return nil
}

func checkResponseMode(r *Request) *rule.Fault {
	if !r.responseModeOK {
		return rule.No("The response_mode is not supported.").DemandedBy(r.Policy.ResponseModes.By...).
			Because("response_mode is %q", rule.Printable(r.Form.Get("response_mode")))
	}
	return nil
}

func checkScopeSyntax(r *Request) *rule.Fault {
	if !r.scopesOK {
		return rule.No("The scope has characters that a scope cannot have.")
	}
	return nil
}

func checkScopeRequired(r *Request) *rule.Fault {
	if r.Policy.ScopeRequired.On && len(r.Scopes) == 0 {
		return rule.No("The request asks for no scope that it may have.").DemandedBy(r.Policy.ScopeRequired.By...)
	}
	return nil
}

func checkPromptKnown(r *Request) *rule.Fault {
	if !r.promptsOK {
		return rule.No("The prompt parameter has an unknown value.")
	}
	return nil
}

func checkPromptNone(r *Request) *rule.Fault {
	if len(r.Prompts) > 1 && slices.Contains(r.Prompts, wire.PromptNone) {
		return rule.No("The prompt value none excludes all others.")
	}
	return nil
}

func checkMaxAge(r *Request) *rule.Fault {
	if !r.maxAgeOK {
		return rule.No("The max_age parameter is not a number of seconds.")
	}
	return nil
}

// checkMaxAgeNone: max_age=0 asks for a login now, which prompt=none forbids.
func checkMaxAgeNone(r *Request) *rule.Fault {
	if r.MaxAgeAsked && r.MaxAge == 0 && slices.Contains(r.Prompts, wire.PromptNone) {
		return rule.No("The end-user has to log in, which the prompt value none forbids.")
	}
	return nil
}

func checkChallengeRequired(r *Request) *rule.Fault {
	if r.Policy.PKCE.On && !r.Form.Has("code_challenge") {
		return rule.No("The request has no code_challenge.").DemandedBy(r.Policy.PKCE.By...)
	}
	return nil
}

func checkChallengeSyntax(r *Request) *rule.Fault {
	switch c := r.Form.Get("code_challenge"); {
	case c == "" && r.Form.Has("code_challenge_method"):
		return rule.No("The request has a code_challenge_method but no code_challenge.")
	case c != "" && !oauth.IsCodeVerifier(c):
		return rule.No("The code_challenge does not have 43 to 128 unreserved characters.")
	}
	return nil
}

func checkMethodKnown(r *Request) *rule.Fault {
	if _, m := r.Challenge(); m != "" && m != "plain" && m != "S256" {
		return rule.No("The code_challenge_method is not supported.")
	}
	return nil
}

func checkMethodS256(r *Request) *rule.Fault {
	if _, m := r.Challenge(); m != "" && m != "S256" && r.Policy.S256Only.On {
		return rule.No("The code_challenge_method must be S256.").DemandedBy(r.Policy.S256Only.By...)
	}
	return nil
}

func checkJKTSyntax(r *Request) *rule.Fault {
	if j := r.Form.Get("dpop_jkt"); j != "" && !oauth.IsThumbprint(j) {
		return rule.No("The dpop_jkt parameter is not a SHA-256 thumbprint.")
	}
	return nil
}

func checkJKTProof(r *Request) *rule.Fault {
	if j := r.Form.Get("dpop_jkt"); j != "" && r.ProofJKT != "" && j != r.ProofJKT {
		return rule.No("The dpop_jkt parameter is not the thumbprint of the key of the DPoP proof.")
	}
	return nil
}

func checkClaims(r *Request) *rule.Fault {
	if !r.claimsOK {
		return rule.No("The claims parameter is not a JSON object of the specified form.")
	}
	return nil
}

// checkACR: an essential authentication context class that the service does
// not have at all cannot be reached by any login. A service that lists none
// leaves the answer to its login.
func checkACR(r *Request) *rule.Fault {
	supported := r.Service.Doc.SupportedACRs
	if !r.ACREssential || len(supported) == 0 {
		return nil
	}
	for _, a := range r.ACRs {
		if slices.Contains(supported, a) {
			return nil
		}
	}
	return rule.No("None of the essential authentication context classes is supported.").DemandedBy(rule.Source{Switch: "service.supportedAcrs"})
}

func checkHint(r *Request) *rule.Fault {
	if r.hint.given && !r.hint.ours {
		return rule.No("The id_token_hint is not an ID token of this server for the client.")
	}
	return nil
}

// checkIDTokenAlgorithm refuses early what could not be answered at the end:
// an ID token that nobody may, or nobody can, sign.
func checkIDTokenAlgorithm(r *Request) *rule.Fault {
	switch alg := string(r.Client.Doc.IDTokenSignAlg); {
	case !r.OpenID():
		return nil
	case len(r.Policy.IDTokenAlgs.Values) == 0:
		return rule.No("The client's algorithm for ID tokens is not allowed here.").DemandedBy(r.Policy.IDTokenAlgs.By...)
	case r.Service.Keys.SigningKey(alg, "") == nil:
		return rule.No("No ID token can be made for the client.").DemandedBy(rule.Source{Switch: "client.idTokenSignAlg"}).
			Because("the service has no private key for %s", alg)
	}
	return nil
}

func checkResource(r *Request) *rule.Fault {
	if r.Form.Has("resource") {
		return rule.No("The resource parameter is not supported.")
	}
	return nil
}

func checkDetails(r *Request) *rule.Fault {
	if r.Form.Has("authorization_details") {
		return rule.No("The authorization_details parameter is not supported.")
	}
	return nil
}

func checkGrantManagement(r *Request) *rule.Fault {
	if r.Form.Has("grant_management_action") || r.Form.Has("grant_id") {
		return rule.No("Grant management is not supported.")
	}
	return nil
}
