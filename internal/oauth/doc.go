// Package oauth holds the words of the protocol: error codes, parameter
// names, the parser of form-encoded parameters, and the small syntaxes that
// several specifications share.
//
// Nothing here knows a service, a client or a rule.
package oauth
