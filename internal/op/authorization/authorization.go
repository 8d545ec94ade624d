package authorization

import (
	"context"
	"slices"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/request"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Refusals before the ruler can run: there is no client or no carrier.
var (
	wellFormed   = rule.Refusal{ID: "request.well_formed", Refs: spec.Refs("RFC6749-3.1"), Result: "A901319", Error: oauth.InvalidRequest, Structural: true}
	clientNamed  = rule.Refusal{ID: "request.client_id", Refs: spec.Refs("RFC6749-4.1.1"), Result: "A930301", Error: oauth.InvalidRequest, Structural: true}
	clientKnown  = rule.Refusal{ID: "request.client_known", Refs: spec.Refs("RFC6749-4.1.2.1"), Result: "A930302", Error: oauth.InvalidRequest, Structural: true}
	clientLocked = rule.Refusal{ID: "request.client_unlocked", Refs: spec.Refs("SYMBOLON-locked"), Result: "A001215", Error: oauth.UnauthorizedClient}
	carrierKnown = rule.Refusal{ID: "request_uri.known", Refs: spec.Refs("PAR-4", "JAR-7", "FAPI2-SP-FINAL-5.3.2.2-12"), Result: "A008303", Error: oauth.InvalidRequestURI, Structural: true}
	carrierOwner = rule.Refusal{ID: "request_uri.client", Refs: spec.Refs("PAR-2.2", "PAR-7.5"), Result: "A930303", Error: oauth.InvalidRequestURI}
	// A document by reference has the same result as a pushed request: both
	// are a request_uri that is not to be had.
	referenceRegistered = rule.Refusal{ID: "request_uri.registered", Refs: spec.Refs("JAR-5.2", "JAR-10.4.1", "OIDCC-6.2"), Result: "A008303", Error: oauth.InvalidRequestURI}
	referenceFetched    = rule.Refusal{ID: "request_uri.fetched", Refs: spec.Refs("JAR-5.2.3", "JAR-7"), Result: "A930321", Error: oauth.InvalidRequestURI, Structural: true}
	carrierSolo         = rule.Refusal{ID: "request_uri.exclusive", Refs: spec.Refs("JAR-5"), Result: "A930304", Error: oauth.InvalidRequest}
)

// Refusals lists the refusals of this room, for the generated index.
func Refusals() []*rule.Refusal {
	return []*rule.Refusal{&wellFormed, &clientNamed, &clientKnown, &clientLocked, &carrierSolo, &carrierKnown, &carrierOwner, &referenceRegistered, &referenceFetched, &ticketLive}
}

// Authorization validates an authorization request and makes a ticket.
// Reads and commits: 1C, with a pushed request 1R + 1C.
func Authorization(ctx context.Context, c *op.Call, in *wire.AuthorizationRequest) (*wire.AuthorizationResponse, error) {
	if in.Parameters == nil {
		return nil, op.MissingParameters()
	}
	l, fault, err := locate(ctx, c, *in.Parameters)
	if err != nil {
		return nil, err
	}
	if fault != nil {
		return page(c, fault), nil
	}
	r, fault := request.Read(l)
	switch {
	case r == nil:
		return page(c, fault), nil
	case fault != nil:
		return redirect(c, r, fault), nil
	}
	handle, key, err := c.NewHandle(c.In(int64(c.TicketLifetime.Seconds())))
	if err != nil {
		return nil, err
	}
	t := &grant.Ticket{
		Key: key, Service: c.Service.ID, Client: r.Client.ID,
		Expires: c.In(int64(c.TicketLifetime.Seconds())), Body: r.TicketBody(in.Context),
	}
	if r.Pushed != nil {
		t.Pushed = r.Pushed.Key
	}
	outcome, err := c.Store.PutTicket(ctx, store.PutTicket{Now: c.Millis(), Ticket: t})
	if err != nil {
		return nil, err
	}
	if outcome != store.Done {
		return page(c, carrierKnown.Fault(rule.No("The request_uri was used meanwhile."))), nil
	}
	return interaction(c, r, handle), nil
}

// locate finds the client and the parameters that count.
func locate(ctx context.Context, c *op.Call, parameters string) (*request.Located, *rule.Fault, error) {
	form, err := oauth.ParseForm(parameters)
	if err != nil {
		return nil, wellFormed.Fault(rule.No("The request is not well-formed.").Because("%v", err)), nil
	}
	name := form.Get("client_id")
	if name == "" {
		return nil, clientNamed.Fault(rule.No("The request has no client_id.")), nil
	}
	client, alias, err := c.Clients.Client(ctx, c.Service, name)
	if err != nil {
		return nil, nil, err
	}
	if client == nil {
		return nil, clientKnown.Fault(rule.No("The client is not known.").Because("client_id is %q", rule.Printable(name))), nil
	}
	if client.Doc.Locked {
		if f := clientLocked.Fault(rule.No("The client is locked.").DemandedBy(rule.Source{Switch: "client.locked"})); f != nil {
			return nil, f, nil
		}
	}
	l := &request.Located{At: request.AtAuthorization, Service: c.Service, Client: client, Identifier: client.Identifier(alias), AliasUsed: alias, Sent: form, Form: form, Now: c.Now}
	if err := c.Allowed(registry.Authorization, client); err != nil {
		return nil, nil, err
	}
	uri := form.Get("request_uri")
	if uri != "" && form.Has("request") {
		if f := carrierSolo.Fault(rule.No("The request has both request and request_uri.")); f != nil {
			return nil, f, nil
		}
	}
	handle, ours := strings.CutPrefix(uri, request.RequestURIPrefix)
	reference := strings.HasPrefix(uri, "https://")
	if !ours && !reference {
		return l, nil, nil
	}
	if reference {
		return l, nil, byReference(ctx, c, l, uri)
	}
	p, err := c.Store.Pushed(ctx, c.Service.ID, grant.KeyOf(handle), c.Millis())
	if err != nil {
		return nil, nil, err
	}
	if p == nil {
		l.Carrier = carrierKnown.Fault(rule.No("The request_uri is unknown, expired or used."))
		return l, nil, nil
	}
	if p.Client != client.ID {
		l.Carrier = carrierOwner.Fault(rule.No("The request_uri is unknown, expired or used.").Because("it belongs to client %d", p.Client))
		if l.Carrier != nil {
			return l, nil, nil
		}
	}
	if l.Form, err = oauth.ParseForm(p.Body.Parameters); err != nil {
		return nil, nil, err
	}
	l.Pushed, l.ProofJKT, l.ObjectPayload, l.ObjectAlg = p, p.Body.JKT, p.Body.Object, p.Body.ObjectAlg
	return l, nil, nil
}

// byReference fetches a request object, which then is like one by value.
// Where requests have to be pushed nobody is asked: the ruler says so.
func byReference(ctx context.Context, c *op.Call, l *request.Located, uri string) error {
	if l.Client.BasePolicy(l.Service).PushedOnly.On || len(l.Sent.Repeated()) > 0 {
		return nil
	}
	if !slices.ContainsFunc(l.Client.Doc.RequestURIs, func(registered string) bool { return sameDocument(registered, uri) }) {
		l.Carrier = referenceRegistered.Fault(rule.No("The request_uri is not registered for the client.").
			DemandedBy(rule.Source{Switch: "client.requestUris"}).Because("request_uri is %q", rule.Printable(uri)))
		if l.Carrier != nil {
			return nil
		}
	}
	text, err := c.Documents.Get(ctx, c.Service.ID, uri)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		l.Carrier = referenceFetched.Fault(rule.No("The request_uri could not be fetched.").Because("%v", err))
	default:
		l.Form = l.Form.Except("request_uri").With(oauth.NewForm(map[string]string{"request": strings.TrimSpace(string(text))}, nil))
		if !l.Form.Has("request") {
			l.Carrier = referenceFetched.Fault(rule.No("The request_uri is empty."))
		}
	}
	return nil
}

// sameDocument compares without fragments, which change with the content
// (OIDCC-6.2).
func sameDocument(a, b string) bool {
	a, _, _ = strings.Cut(a, "#")
	b, _, _ = strings.Cut(b, "#")
	return a == b
}

// page refuses a request whose answer must not be redirected.
func page(c *op.Call, f *rule.Fault) *wire.AuthorizationResponse {
	return &wire.AuthorizationResponse{
		Result: c.Refused(f), Action: wire.AuthorizationActionBadRequest,
		ResponseContent: c.OAuthError(f).JSON(), Explanation: op.Explain(f),
	}
}

// redirect refuses a request whose redirect URI stands.
func redirect(c *op.Call, r *request.Request, f *rule.Fault) *wire.AuthorizationResponse {
	resp := errorResponse(c, r.ResponseMode, r.RedirectURI(), r.Form.Get("state"), r.Policy.ResponseIssuer.On, c.OAuthError(f))
	out := &wire.AuthorizationResponse{
		Result: c.Refused(f), Action: wire.AuthorizationActionLocation,
		ResponseContent: resp.Content(), Explanation: op.Explain(f),
	}
	if resp.Form() {
		out.Action = wire.AuthorizationActionForm
	}
	return out
}

// errorResponse makes an error response (RFC6749-4.1.2.1, RFC9207-2).
func errorResponse(c *op.Call, mode wire.ResponseMode, uri, state string, issuer bool, e op.OAuthError) *request.Response {
	resp := &request.Response{Mode: mode, RedirectURI: uri}
	resp.Add("error", string(e.Code))
	resp.Add("error_description", e.Description)
	resp.Add("error_uri", e.URI)
	resp.Add("state", state)
	if issuer {
		resp.Add("iss", c.Service.Issuer())
	}
	return resp
}

// interaction hands the request over to whoever logs users in.
func interaction(c *op.Call, r *request.Request, ticket string) *wire.AuthorizationResponse {
	out := &wire.AuthorizationResponse{
		Result:  c.Result("A004001", "the authorization request is valid"),
		Action:  wire.AuthorizationActionInteraction,
		Ticket:  ticket,
		Service: c.Service.Limited, Client: r.Client.Limited(), ClientIDAliasUsed: r.AliasUsed,
		Display: wire.DisplayPage, MaxAge: r.MaxAge,
		UILocales: strings.Fields(r.Form.Get("ui_locales")), ClaimsLocales: strings.Fields(r.Form.Get("claims_locales")),
		ClaimsAtUserInfo: request.UserInfoClaims(r.Scopes, r.Claims),
		Claims:           r.Claims.IDTokenNames(),
		IDTokenClaims:    r.Claims.IDTokenText(), UserInfoClaims: r.Claims.UserInfoText(),
		ACRs: r.ACRs, ACREssential: r.ACREssential, Subject: r.Subject,
		RequestObjectPayload: r.ObjectPayload,
		LoginHint:            r.Form.Get("login_hint"), Prompts: prompts(r),
	}
	if d, ok := wire.DisplayFromSpec(r.Form.Get("display")); ok {
		out.Display = d
	}
	for _, name := range r.Scopes {
		out.Scopes = append(out.Scopes, *c.Service.Scope(name))
	}
	out.LowestPrompt = wire.PromptConsent
	for _, p := range []wire.Prompt{wire.PromptNone, wire.PromptLogin, wire.PromptConsent, wire.PromptSelectAccount, wire.PromptCreate} {
		if slices.Contains(out.Prompts, p) {
			out.LowestPrompt = p
			break
		}
	}
	if slices.Contains(r.Prompts, wire.PromptNone) {
		out.Action = wire.AuthorizationActionNoInteraction
	}
	return out
}

// prompts returns the asked prompts. max_age=0 cannot be told from an absent
// one in maxAge, so it is expressed as the login prompt that it means.
func prompts(r *request.Request) []wire.Prompt {
	if r.MaxAgeAsked && r.MaxAge == 0 && !slices.Contains(r.Prompts, wire.PromptLogin) && !slices.Contains(r.Prompts, wire.PromptNone) {
		return append([]wire.Prompt{wire.PromptLogin}, r.Prompts...)
	}
	return r.Prompts
}
