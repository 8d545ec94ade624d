package request

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Object is the stage in which the signature of a request object holds, or is
// not asked for.
type Object struct {
	*Located
	header     jose.Header
	parameters *oauth.Form // the claims of the object as parameters
	claims     objectClaims
}

// objectClaims are the claims that say something about the object itself.
type objectClaims struct {
	issuer                       string
	audience                     audience
	expires, notBefore, issuedAt *float64
}

// audience is a string or a list of them.
type audience []string

// UnmarshalJSON implements json.Unmarshaler.
func (a *audience) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(a))
}

// Refusals of an object whose claims cannot be looked at.
var (
	objectWellFormed = rule.Refusal{ID: "request_object.well_formed", Refs: spec.Refs("JAR-6.2", "OIDCC-6.1"), Result: "A901321", Error: oauth.InvalidRequestObject, Structural: true}
	objectEncrypted  = rule.Refusal{ID: "request_object.encrypted", Refs: spec.Refs("JAR-6.1"), Result: "A901322", Error: oauth.InvalidRequestObject, Structural: true}
	objectAlgorithm  = rule.Refusal{ID: "request_object.algorithm", Refs: spec.Refs("JAR-6.2", "OIDCR-2", "FAPI2-SP-FINAL-5.4.1-1"), Result: "A901323", Error: oauth.InvalidRequestObject, Structural: true}
	objectKey        = rule.Refusal{ID: "request_object.key", Refs: spec.Refs("JAR-6.2"), Result: "A005352", Error: oauth.InvalidRequestObject, Structural: true}
	objectSignature  = rule.Refusal{ID: "request_object.signature", Refs: spec.Refs("JAR-6.2"), Result: "A005328", Error: oauth.InvalidRequestObject, Structural: true}
)

// objectRules judge an object whose signature holds.
var objectRules = []Row[Object]{
	row("request_object.type", "A901324", both(oauth.InvalidRequestObject), checkObjectType, "JAR-10.8", "RFC8725-3.11"),
	row("request_object.nested", "A901325", both(oauth.InvalidRequestObject), checkObjectNested, "JAR-4", "OIDCC-6.1"),
	row("request_object.client_id", "A901326", both(oauth.InvalidRequestObject), checkObjectClient, "JAR-5", "OIDCC-6.1"),
	row("request_object.iss", "A901327", both(oauth.InvalidRequestObject), checkObjectIssuer, "OIDCC-6.1", "JAR-4"),
	row("request_object.aud", "A006359", both(oauth.InvalidRequestObject), checkObjectAudience, "JAR-4", "RFC7519-4.1.3"),
	row("request_object.exp", "A006339", both(oauth.InvalidRequestObject), checkObjectExpiry, "RFC7519-4.1.4"),
	row("request_object.not_before", "A901328", both(oauth.InvalidRequestObject), checkObjectNotBefore, "RFC7519-4.1.5"),
	row("request_object.response_type", "A901329", both(oauth.InvalidRequest), checkObjectResponseType, "OIDCC-6.1"),
	row("request_object.scope", "A901330", both(oauth.InvalidRequest), checkObjectScope, "OIDCC-6.1"),
}

// Refusals lists the refusals of this room that are no lines of the ruler.
func Refusals() []*rule.Refusal {
	return []*rule.Refusal{&objectWellFormed, &objectEncrypted, &objectAlgorithm, &objectKey, &objectSignature}
}

// openObject reads a request object and makes its parameters those that
// count. With a fault they are not looked at.
func (l *Located) openObject() *rule.Fault {
	o, f := l.readObject()
	if f != nil {
		return f
	}
	if f := run(objectRules, l.At, o); f != nil {
		return f
	}
	outside := oauth.NewForm(map[string]string{"client_id": l.Form.Get("client_id")}, nil)
	if !l.base.ObjectAlone.On {
		outside = l.Form.Except("request")
	}
	l.Form = outside.With(o.parameters)
	l.ObjectAlg = o.header.Algorithm
	return nil
}

func (l *Located) readObject() (*Object, *rule.Fault) {
	text := l.Form.Get("request")
	algs := l.base.ObjectAlgs
	payload := map[string]json.RawMessage{}
	var header jose.Header
	var err error
	if header, err = jose.PeekHeader(text); err == nil && header.Algorithm == "none" && algs.Has(wire.JWSAlgNone) {
		header, err = jose.Unsecured(text, &payload)
	} else {
		header, err = jose.Verify(text, l.Client.Keys, algs.Strings(), &payload)
	}
	switch {
	case err == nil:
	case strings.Count(text, ".") == 4:
		return nil, objectEncrypted.Fault(rule.No("Encrypted request objects are not supported."))
	case errors.Is(err, jose.ErrAlgorithm):
		return nil, objectAlgorithm.Fault(rule.No("The algorithm of the request object is not acceptable.").DemandedBy(algs.By...).
			Because("alg is %q, accepted are %s", rule.Printable(header.Algorithm), strings.Join(algs.Strings(), " ")))
	case errors.Is(err, jose.ErrNoKey):
		return nil, objectKey.Fault(rule.No("No key of the client fits the request object.").
			Because("alg %q, kid %q; the keys are client.jwks", rule.Printable(header.Algorithm), rule.Printable(header.KeyID)))
	case errors.Is(err, jose.ErrSignature):
		return nil, objectSignature.Fault(rule.No("The signature of the request object does not verify."))
	default:
		return nil, objectWellFormed.Fault(rule.No("The request object is not a well-formed JWT.").Because("%v", err))
	}
	o := &Object{Located: l, header: header}
	if err := o.take(payload); err != nil {
		return nil, objectWellFormed.Fault(rule.No("The request object has a claim of the wrong kind.").Because("%v", err))
	}
	return o, nil
}

// jwtClaims are the claims of a JWT that are no parameters (RFC7519-4.1).
var jwtClaims = []string{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"}

// take sorts the claims.
func (o *Object) take(payload map[string]json.RawMessage) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	if !utf8.Valid(text) || len(payload) > oauth.MaxParameters {
		return errors.New("it is no UTF-8, or there are too many")
	}
	for name, to := range map[string]any{
		"iss": &o.claims.issuer, "aud": &o.claims.audience, "exp": &o.claims.expires, "nbf": &o.claims.notBefore, "iat": &o.claims.issuedAt,
	} {
		if raw, ok := payload[name]; ok && json.Unmarshal(raw, to) != nil {
			return errors.New(name)
		}
	}
	o.ObjectPayload = string(text)
	values, lists := map[string]string{}, map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(payload)) {
		if slices.Contains(jwtClaims, name) {
			continue
		}
		if values[name], lists[name], err = parameter(name, payload[name]); err != nil || strings.IndexByte(name, 0) >= 0 {
			return errors.New(rule.Printable(name))
		}
	}
	o.parameters = oauth.NewForm(values, lists)
	return nil
}

// parameter writes a claim as the parameter that it stands for (JAR-4): a
// string as it is, a list for a parameter that may repeat, everything else as
// JSON text.
func parameter(name string, raw json.RawMessage) (value string, list []string, err error) {
	switch {
	case raw[0] == 'n': // null is absent
		return "", nil, nil
	case raw[0] == '"':
		err = json.Unmarshal(raw, &value)
	case raw[0] == '[' && oauth.Repeatable(name):
		err = json.Unmarshal(raw, &list)
	default:
		value = string(raw)
	}
	if strings.IndexByte(value, 0) >= 0 || slices.ContainsFunc(list, func(s string) bool { return strings.IndexByte(s, 0) >= 0 }) {
		err = errors.New("NUL")
	}
	return value, list, err
}

// checkObjectType keeps other JWTs of the client out. Older clients say JWT
// or nothing.
func checkObjectType(o *Object) *rule.Fault {
	if t := o.header.Type; t != "" && t != "jwt" && t != "oauth-authz-req+jwt" {
		return rule.No("The typ of the request object is that of another kind of JWT.").Because("typ is %q", rule.Printable(t))
	}
	return nil
}

func checkObjectNested(o *Object) *rule.Fault {
	for _, name := range []string{"request", "request_uri", "registration"} {
		if o.parameters.Has(name) {
			return rule.No("The request object has the parameter %s, which must not be in one.", name)
		}
	}
	return nil
}

// names reports whether a text is what the client is called.
func (o *Object) names(text string) bool {
	return text == o.Client.Identifier(false) || text == o.Client.Identifier(true)
}

func checkObjectClient(o *Object) *rule.Fault {
	switch inside := o.parameters.Get("client_id"); {
	case inside == "" && o.base.ObjectAlone.On:
		return rule.No("The request object has no client_id.").DemandedBy(o.base.ObjectAlone.By...)
	case inside != "" && !o.names(inside):
		return rule.No("The client_id of the request object is another than that of the request.")
	}
	return nil
}

// checkObjectIssuer: an object is the word of the client, whatever key
// signed it.
func checkObjectIssuer(o *Object) *rule.Fault {
	if iss := o.claims.issuer; iss != "" && !o.names(iss) {
		return rule.No("The iss of the request object is not the client.")
	}
	return nil
}

func checkObjectAudience(o *Object) *rule.Fault {
	switch {
	case slices.Contains(o.claims.audience, o.Service.Issuer()):
		return nil
	case len(o.claims.audience) > 0:
		return rule.No("The aud of the request object is not this server.")
	case o.base.ObjectAudience.On:
		return rule.No("The request object has no aud.").DemandedBy(o.base.ObjectAudience.By...)
	}
	return nil
}

func (o *Object) skew() time.Duration {
	return time.Duration(o.Service.Doc.AllowableClockSkew) * time.Second
}

// ahead returns how far a numeric date lies in the future.
func (o *Object) ahead(date float64) time.Duration {
	const most = 1 << 33 // keeps the arithmetic in range
	return time.UnixMilli(int64(min(max(date, -most), most) * 1000)).Sub(o.Now)
}

func checkObjectExpiry(o *Object) *rule.Fault {
	if o.claims.expires == nil {
		return nil
	}
	if ahead := o.ahead(*o.claims.expires); ahead <= -o.skew() {
		return rule.No("The request object has expired.").Because("exp is %s ago, the allowed skew %s", -ahead.Round(time.Second), o.skew())
	}
	return nil
}

// maxAhead is what clocks may differ without a setting, as with client
// assertions (FAPI2-SP-FINAL-5.3.2.1-13).
const maxAhead = time.Minute

func checkObjectNotBefore(o *Object) *rule.Fault {
	for _, date := range []*float64{o.claims.notBefore, o.claims.issuedAt} {
		if date != nil && o.ahead(*date) > max(maxAhead, o.skew()) {
			return rule.No("The nbf or iat of the request object lies too far in the future.")
		}
	}
	return nil
}

// checkObjectResponseType: what a plain request of OAuth has to have stands
// beside the object, and says the same.
func checkObjectResponseType(o *Object) *rule.Fault {
	if o.base.ObjectAlone.On {
		return nil
	}
	outside, inside := o.Sent.Get("response_type"), o.parameters.Get("response_type")
	switch {
	case outside == "":
		return rule.No("The request has no response_type beside its request object.")
	case inside != "" && inside != outside:
		return rule.No("The response_type of the request object is another than that of the request.")
	}
	return nil
}

func checkObjectScope(o *Object) *rule.Fault {
	if !o.base.ObjectAlone.On && hasOpenID(o.parameters) && !hasOpenID(o.Sent) {
		return rule.No("The request has the scope openid in its request object only.")
	}
	return nil
}
