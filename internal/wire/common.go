package wire

// Result is the head of every answer, and the whole answer where a call of the Web API itself was
// wrong.
type Result struct {
	// The letter A and six digits; for logs and documentation, not to branch on.
	ResultCode string `json:"resultCode,omitempty"`
	// The code again, in brackets, and a sentence.
	ResultMessage string `json:"resultMessage,omitempty"`
}

// Explanation tells why a request was refused. It holds no secret, but it is not meant for the
// OAuth client.
type Explanation struct {
	// The id of the rule that refused.
	Rule string `json:"rule,omitempty"`
	// The clauses that demand it, as the conformance suite writes them (RFC6749-4.1.3).
	Clauses []string `json:"clauses,omitempty"`
	// Who switched the demand on: a member of the service or the client, a scope attribute, a
	// profile.
	DemandedBy []string `json:"demandedBy,omitempty"`
	// What was found and what was expected.
	Detail string `json:"detail,omitempty"`
}

// Pair is a name and its value.
type Pair struct {
	// The name.
	Key string `json:"key,omitempty"`
	// The value.
	Value string `json:"value,omitempty"`
}

// TaggedValue is a text in one language.
type TaggedValue struct {
	// The language (RFC 5646), for example ja.
	Tag string `json:"tag,omitempty"`
	// The text in that language.
	Value string `json:"value,omitempty"`
}

// NamedURI is an address and what it is the address of.
type NamedURI struct {
	// The name, for example token_endpoint.
	Name string `json:"name,omitempty"`
	// The address.
	URI string `json:"uri,omitempty"`
}

// Property is an extra property of a token. Keys that a token response uses itself (access_token,
// scope, error …) are ignored.
type Property struct {
	// The name.
	Key string `json:"key,omitempty"`
	// The value.
	Value string `json:"value,omitempty"`
	// Only callers of the Web API see it. Otherwise it is a member of the token response and a
	// claim of a JWT access token.
	Hidden bool `json:"hidden,omitempty"`
}

// Scope is a scope of a service.
type Scope struct {
	// The name, as in the scope parameter. Required.
	Name string `json:"name,omitempty"`
	// Requests that ask for no scope get this one.
	DefaultEntry bool `json:"defaultEntry,omitempty"`
	// A text for people, for example for the consent page.
	Description string `json:"description,omitempty"`
	// The text in other languages.
	Descriptions []TaggedValue `json:"descriptions,omitempty"`
	// What the scope changes: access_token.duration, refresh_token.duration and id_token.duration
	// (seconds), fapi (r, rw), fapi2 (sp, ms-authreq, ms-authres), haip, and regex, which makes
	// the scope a dynamic one.
	Attributes []Pair `json:"attributes,omitempty"`
}

// DynamicScope is a requested scope that matched the regular expression of a scope of the service.
type DynamicScope struct {
	// The name of the service's scope.
	Name string `json:"name,omitempty"`
	// The scope as the client wrote it.
	Value string `json:"value,omitempty"`
}

// AuthorizationDetails is the authorization_details of a rich authorization request (RFC 9396), in
// the form that the Web API uses.
type AuthorizationDetails struct {
	// The entries, in the order of the request.
	Elements []AuthzDetailsElement `json:"elements,omitempty"`
}

// AuthzDetailsElement is one entry of authorization_details.
type AuthzDetailsElement struct {
	// What the entry is about; it decides which other members have a meaning. Required.
	Type string `json:"type,omitempty"`
	// Where the access is wanted.
	Locations []string `json:"locations,omitempty"`
	// What is to be done there.
	Actions []string `json:"actions,omitempty"`
	// The kinds of data that are wanted (datatypes in the specification).
	DataTypes []string `json:"dataTypes,omitempty"`
	// One resource at the location.
	Identifier string `json:"identifier,omitempty"`
	// The level of privilege.
	Privileges []string `json:"privileges,omitempty"`
	// All members that are not listed above: a JSON object as JSON text.
	OtherFields string `json:"otherFields,omitempty"`
}

// Grant is what a user has granted to a client (Grant Management for OAuth 2.0).
type Grant struct {
	// The scopes, grouped by the resources that they are for.
	Scopes []GrantScope `json:"scopes,omitempty"`
	// The names of the claims.
	Claims []string `json:"claims,omitempty"`
	// The authorization details.
	AuthorizationDetails *AuthorizationDetails `json:"authorizationDetails,omitempty"`
}

// GrantScope is one group of scopes of a grant.
type GrantScope struct {
	// Scope names, separated by spaces.
	Scope string `json:"scope,omitempty"`
	// The resources (RFC 8707) that the scopes are for; absent means any.
	Resource []string `json:"resource,omitempty"`
}

// CIMDOptions loosens, for one request, how client metadata documents are fetched. A true here
// overrides the service; a false does not.
type CIMDOptions struct {
	// Fetch the document even if a fresh copy is cached.
	AlwaysRetrieved bool `json:"alwaysRetrieved,omitempty"`
	// Accept addresses of the scheme http.
	HTTPPermitted bool `json:"httpPermitted,omitempty"`
	// Accept addresses with a query.
	QueryPermitted bool `json:"queryPermitted,omitempty"`
}
