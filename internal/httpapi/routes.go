package httpapi

import (
	"net/http"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/op/authorization"
	"github.com/symbolon-auth/symbolon/internal/op/introspection"
	"github.com/symbolon-auth/symbolon/internal/op/par"
	"github.com/symbolon-auth/symbolon/internal/op/registration"
	"github.com/symbolon-auth/symbolon/internal/op/revocation"
	"github.com/symbolon-auth/symbolon/internal/op/token"
	"github.com/symbolon-auth/symbolon/internal/op/userinfo"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

const (
	get  = http.MethodGet
	post = http.MethodPost
	put  = http.MethodPut
	del  = http.MethodDelete
)

// reach says what a route is about, and so where its service comes from.
type reach uint8

const (
	ofService reach = iota // /api/{serviceId}/…, in v2 by the credentials
	ofServer               // /api/…
	open                   // /api/…, no credentials
)

// route is one row of the surface.
type route struct {
	methods []string
	path    string // behind /api/ or /api/{serviceId}/
	arg     string // names of the last path elements, "" for none
	reach   reach
	right   wire.Permission
	summary string
	handler *handler // nil: not built
}

// The rights that most rows ask for.
const (
	useService       = wire.PermissionUseService
	useIntrospection = wire.PermissionUseIntrospection
	viewService      = wire.PermissionViewService
	viewClient       = wire.PermissionViewClient
	modifyClient     = wire.PermissionModifyClient
	createClient     = wire.PermissionCreateClient
	modifyService    = wire.PermissionModifyService
	deleteService    = wire.PermissionDeleteService
	createService    = wire.PermissionCreateService
	viewDefault      = wire.PermissionViewDefaultService
)

func one(method string) []string { return []string{method} }

// surface returns all rows, in the order of the reference.
func (s *Server) surface() []route {
	serviceTokens, organizationTokens := apiTokens{s, true}, apiTokens{s, false}
	return []route{
		// Authorization
		{one(post), "auth/authorization", "", ofService, useService, "Validate an authorization request and make a ticket.", operation(authorization.Authorization)},
		{one(post), "auth/authorization/issue", "", ofService, useService, "Answer an authorization request with a code.", operation(authorization.Issue)},
		{one(post), "auth/authorization/fail", "", ofService, useService, "Answer an authorization request with an error.", operation(authorization.Fail)},
		{one(post), "auth/authorization/ticket/info", "", ofService, useService, "Read the data of a ticket.", operation(authorization.TicketInfo)},
		{one(post), "auth/authorization/ticket/update", "", ofService, useService, "Replace the data of a ticket.", operation(authorization.TicketUpdate)},
		{one(post), "pushed_auth_req", "", ofService, useService, "Store a pushed authorization request.", operation(par.PushedAuthReq)},
		// Token
		{one(post), "auth/token", "", ofService, useService, "Answer a token request.", operation(token.Token)},
		{one(post), "auth/token/issue", "", ofService, useService, "Finish a password grant.", nil},
		{one(post), "auth/token/fail", "", ofService, useService, "Refuse a password grant.", nil},
		{one(post), "idtoken/reissue", "", ofService, useService, "Make a new ID token while refreshing.", nil},
		{one(post), "auth/introspection", "", ofService, useIntrospection, "Judge an access token for a resource server.", operation(introspection.Introspection)},
		{one(post), "auth/introspection/standard", "", ofService, useIntrospection, "Make an RFC 7662 response.", operation(introspection.Standard)},
		{one(post), "auth/revocation", "", ofService, useService, "Revoke a token.", operation(revocation.Revocation)},
		{one(post), "auth/userinfo", "", ofService, useService, "Judge an access token at the userinfo endpoint.", operation(userinfo.UserInfo)},
		{one(post), "auth/userinfo/issue", "", ofService, useService, "Make a userinfo response.", operation(userinfo.UserInfoIssue)},
		{one(post), "auth/token/create", "", ofService, useService, "Make a token directly.", nil},
		{one(post), "auth/token/create/batch", "", ofService, useService, "Import many tokens.", nil},
		{one(get), "auth/token/create/batch/status", "requestId", ofService, useService, "Tell how an import goes.", nil},
		{one(post), "auth/token/update", "", ofService, useService, "Change a token.", nil},
		{one(post), "auth/token/revoke", "", ofService, useService, "Revoke tokens by token, client or subject.", nil},
		{one(del), "auth/token/delete", "token", ofService, useService, "Delete a token.", nil},
		{one(get), "auth/token/get/list", "", ofService, useService, "List tokens.", nil},
		// Flows that are not built
		{one(post), "backchannel/authentication", "", ofService, useService, "Validate a CIBA request.", nil},
		{one(post), "backchannel/authentication/issue", "", ofService, useService, "Make an auth_req_id.", nil},
		{one(post), "backchannel/authentication/fail", "", ofService, useService, "Refuse a CIBA request.", nil},
		{one(post), "backchannel/authentication/complete", "", ofService, useService, "Complete a CIBA request.", nil},
		{one(post), "backchannel/logout/token", "", ofService, useService, "Make a logout token.", nil},
		{one(post), "device/authorization", "", ofService, useService, "Validate a device authorization request.", nil},
		{one(post), "device/verification", "", ofService, useService, "Look up a user code.", nil},
		{one(post), "device/complete", "", ofService, useService, "Complete a device authorization.", nil},
		{one(post), "gm", "", ofService, useService, "Query or revoke a grant.", nil},
		{one(post), "nativesso", "", ofService, useService, "Finish a native SSO exchange.", nil},
		{one(post), "nativesso/logout", "", ofService, useService, "Delete the tokens of a session.", nil},
		{one(post), "attestation/challenge", "", ofService, useService, "Make a challenge for client attestation.", nil},
		{one(post), "jose/verify", "", ofService, useService, "Verify a JOSE object.", nil},
		{one(post), "rs/sign", "", ofService, useIntrospection, "Sign an HTTP response.", nil},
		{one(post), "federation/configuration", "", ofService, useService, "Make an entity configuration.", nil},
		{one(post), "federation/registration", "", ofService, useService, "Register a client explicitly.", nil},
		{one(post), "vci/metadata", "", ofService, useService, "Make credential issuer metadata.", nil},
		{one(post), "vci/jwtissuer", "", ofService, useService, "Make JWT issuer metadata.", nil},
		{one(post), "vci/jwks", "", ofService, useService, "Make the issuer's JWK set.", nil},
		{one(post), "vci/nonce", "", ofService, useService, "Make a credential nonce.", nil},
		{one(post), "vci/offer/create", "", ofService, useService, "Make a credential offer.", nil},
		{one(post), "vci/offer/info", "", ofService, useService, "Look up a credential offer.", nil},
		{one(post), "vci/single/parse", "", ofService, useService, "Parse a credential request.", nil},
		{one(post), "vci/single/issue", "", ofService, useService, "Issue a credential.", nil},
		{one(post), "vci/batch/parse", "", ofService, useService, "Parse a batch credential request.", nil},
		{one(post), "vci/batch/issue", "", ofService, useService, "Issue credentials.", nil},
		{one(post), "vci/deferred/parse", "", ofService, useService, "Parse a deferred credential request.", nil},
		{one(post), "vci/deferred/issue", "", ofService, useService, "Issue a deferred credential.", nil},
		// Discovery and registration
		{one(get), "service/configuration", "", ofService, useService, "Make the discovery document.", configuration()},
		{one(post), "service/configuration", "", ofService, useService, "Make the discovery document, patched.", request(configurationOf)},
		{one(get), "service/jwks/get", "", ofService, useService, "Return the service's keys.", jwks()},
		{one(post), "client/registration", "", ofService, useService, "Register a client dynamically.", operation(registration.Register)},
		{one(post), "client/registration/get", "", ofService, useService, "Read a dynamic registration.", operation(registration.Get)},
		{one(post), "client/registration/update", "", ofService, useService, "Replace a dynamic registration.", operation(registration.Update)},
		{one(post), "client/registration/delete", "", ofService, useService, "Delete a dynamic registration.", operation(registration.Delete)},
		// Services
		{one(post), "service/create", "", ofServer, createService, "Create a service.", document(s.createService).large().returning("Service")},
		{one(get), "service/get/list", "", ofServer, viewDefault, "List services.", bare(s.listServices).returning("ServiceListResponse")},
		{one(get), "service/get", "", ofService, "", "Read a service.", bare(s.getService).returning("Service")},
		{one(post), "service/update", "", ofService, modifyService, "Replace a service.", document(s.updateService).large().returning("Service")},
		{one(del), "service/delete", "", ofService, deleteService, "Delete a service.", bare(s.deleteService)},
		{one(get), "service/creatable", "", ofServer, createService, "Tell how many services may be created.", nil},
		// Clients
		{one(post), "client/create", "", ofService, createClient, "Create a client.", document(s.createClient).large().returning("Client")},
		{one(get), "client/get/list", "", ofService, viewClient, "List clients.", bare(s.listClients).returning("ClientListResponse")},
		{one(get), "client/get", "clientId", ofService, "", "Read a client.", bare(s.getClient).returning("Client")},
		{one(post), "client/update", "clientId", ofService, modifyClient, "Replace a client.", document(s.updateClient).large().returning("Client")},
		{one(del), "client/delete", "clientId", ofService, modifyClient, "Delete a client and its tokens.", bare(s.deleteClient)},
		{one(post), "client/lock_flag/update", "clientId", ofService, modifyClient, "Lock or unlock a client.", request(s.lockClient).returning("Result")},
		{one(get), "client/secret/refresh", "clientId", ofService, modifyClient, "Make a new client secret.", bare(s.refreshClientSecret).returning("ClientSecretResponse")},
		{one(post), "client/secret/update", "clientId", ofService, modifyClient, "Set a client secret.", request(s.updateClientSecret).returning("ClientSecretResponse")},
		{[]string{get, post}, "client/authorization/get/list", "", ofService, useService, "List the clients that a subject authorized.", nil},
		{one(get), "client/authorization/get/list", "subject", ofService, useService, "List the clients that a subject authorized.", nil},
		{one(post), "client/authorization/update", "clientId", ofService, useService, "Change what a subject authorized.", nil},
		{[]string{post, del}, "client/authorization/delete", "clientId", ofService, modifyClient, "Withdraw what a subject authorized.", nil},
		{one(del), "client/authorization/delete", "clientId/subject", ofService, modifyClient, "Withdraw what a subject authorized.", nil},
		{[]string{get, post}, "client/granted_scopes/get", "clientId", ofService, useService, "Read the scopes that a subject granted.", nil},
		{one(get), "client/granted_scopes/get", "clientId/subject", ofService, useService, "Read the scopes that a subject granted.", nil},
		{[]string{post, del}, "client/granted_scopes/delete", "clientId", ofService, modifyClient, "Forget the scopes that a subject granted.", nil},
		{one(del), "client/granted_scopes/delete", "clientId/subject", ofService, modifyClient, "Forget the scopes that a subject granted.", nil},
		{one(get), "client/extension/requestable_scopes/get", "clientId", ofService, viewClient, "Read a client's requestable scopes.", nil},
		{[]string{put, post}, "client/extension/requestable_scopes/update", "clientId", ofService, modifyClient, "Set a client's requestable scopes.", nil},
		{one(del), "client/extension/requestable_scopes/delete", "clientId", ofService, modifyClient, "Clear a client's requestable scopes.", nil},
		// Keys in hardware
		{one(post), "hsk/create", "", ofService, modifyService, "Make a key in a hardware security module.", nil},
		{one(get), "hsk/get/list", "", ofService, viewService, "List keys of hardware security modules.", nil},
		{one(get), "hsk/get", "handle", ofService, viewService, "Read a key of a hardware security module.", nil},
		{[]string{get, del}, "hsk/delete", "handle", ofService, modifyService, "Delete a key of a hardware security module.", nil},
		// Control plane
		{one(post), "servicetoken/create", "", ofServer, createService, "Create a service access token.", document(serviceTokens.create).returning("APITokenResponse")},
		{one(post), "servicetoken/revoke", "", ofServer, createService, "Revoke a service access token.", document(serviceTokens.revoke).returning("Result")},
		{one(post), "servicetoken/all", "", ofServer, createService, "List service access tokens.", document(serviceTokens.all).returning("APITokenResponse")},
		{one(post), "servicetoken/update", "", ofServer, createService, "Change a service access token.", document(serviceTokens.update).returning("APITokenResponse")},
		{one(post), "servicetoken/rotate", "", ofServer, createService, "Rotate a service access token.", document(serviceTokens.rotate).returning("APITokenResponse")},
		{one(post), "organizationtoken/create", "", ofServer, wire.PermissionAdmin, "Create an organization token.", document(organizationTokens.create).returning("APITokenResponse")},
		{one(post), "organizationtoken/revoke", "", ofServer, wire.PermissionAdmin, "Revoke an organization token.", document(organizationTokens.revoke).returning("Result")},
		{one(post), "organizationtoken/all", "", ofServer, wire.PermissionAdmin, "List organization tokens.", document(organizationTokens.all).returning("APITokenResponse")},
		{one(post), "organizationtoken/update", "", ofServer, wire.PermissionAdmin, "Change an organization token.", document(organizationTokens.update).returning("APITokenResponse")},
		{one(post), "organizationtoken/rotate", "", ofServer, wire.PermissionAdmin, "Rotate an organization token.", document(organizationTokens.rotate).returning("APITokenResponse")},
		{one(post), "service", "", ofServer, createService, "Create a service (control plane).", document(s.controlCreateService).large().returning("Service")},
		{one(post), "service/remove", "", ofServer, deleteService, "Remove a service (control plane).", document(s.controlRemoveService).returning("Result")},
		// Utilities
		{one(get), "lifecycle/healthcheck", "", open, "", "Tell whether the engine is ready.", bare(s.health)},
		{one(get), "info", "", open, "", "Tell the version and what is built.", bare(s.info).returning("InfoResponse")},
		{one(get), "misc/echo", "", open, "", "Return the query parameters.", bare(echo)},
		{[]string{get, post}, "mock/redirection", "", open, "", "Show an authorization response, as a redirect URI for tries.", bare(mockRedirection)},
		{[]string{get, post}, "mock/redirection", "service", open, "", "The same.", bare(mockRedirection)},
	}
}

// Route is one row of the surface, for generated documents.
type Route struct {
	Method, Path, Operation, Summary string
	Open                             bool   // needs no credential
	Right                            string // that it needs; "": none in particular
	Request, Response                string // names of wire documents, "" for none
	Built                            bool
}

// Routes lists the surface with v3 paths.
func Routes() []Route {
	var out []Route
	for _, r := range (&Server{}).surface() {
		path := "/api/" + r.path
		if r.reach == ofService {
			path = "/api/{serviceId}/" + r.path
		}
		if r.arg != "" {
			path += "/{" + strings.ReplaceAll(r.arg, "/", "}/{") + "}"
		}
		in, answered := r.handler.types()
		for _, m := range r.methods {
			out = append(out, Route{
				Method: m, Path: path, Open: r.reach == open, Right: string(r.right), Operation: r.path, Summary: r.summary,
				Request: in, Response: answered, Built: r.handler != nil,
			})
		}
	}
	return out
}
