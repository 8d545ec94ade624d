package front

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// LoginApplication is an application of the operator's that logs users in and
// asks for their consent in place of our pages.
//
//	browser        front                        login application
//	  │ /authorize   │                                   │
//	  ├─────────────►│ attaches the request to its ticket
//	  │◄─────────────┤ 303 to the application, ?interaction=…
//	  ├──────────────┼──────────────────────────────────►│
//	  │              │◄──── GET  /handoff/{id} ──────────┤ what is asked
//	  │              │◄──── POST /handoff/{id}/accept ───┤ who it is
//	  │              ├───── redirect_to ────────────────►│
//	  │◄─────────────┼───────────────────────────────────┤
//	  ├─────────────►│ /interaction/{id}?answer=…
//	  │◄─────────────┤ back to the client
//
// What is asked and what was answered is attached to the engine's ticket, so
// that any front can go on. The answer counts only for who has both the
// cookie of the browser that began, and the secret of redirect_to, which the
// browser has that was logged in: a link that lures somebody else to the
// application brings neither of them together.
type LoginApplication struct {
	// URL is where browsers are sent; the parameter interaction is added.
	URL string
	// Secret is what the application authenticates with, as a bearer token.
	Secret string
}

const minLoginSecret = 20

func (l *LoginApplication) check() error {
	u, err := url.Parse(l.URL)
	switch {
	case err != nil || u.Scheme != "https" && (u.Scheme != "http" || !isLocal(u.Hostname())) || u.Host == "" || u.Fragment != "":
		return errors.New("login-url: it is no https address")
	case len(l.Secret) < minLoginSecret:
		return errors.New("login-secret: it has less than 20 characters")
	}
	return nil
}

// handoff is what is attached to a ticket.
type handoff struct {
	Request handoffRequest `json:"request"`
	Since   int64          `json:"since"`            // seconds
	Login   bool           `json:"login,omitempty"`  // an older login does not do
	Answer  *handoffAnswer `json:"answer,omitempty"` // the last one
}

// handoffRequest is what the application is told.
type handoffRequest struct {
	Client         handoffClient  `json:"client"`
	Service        string         `json:"service,omitempty"`
	Scopes         []handoffScope `json:"scopes"`
	Claims         []string       `json:"claims,omitempty"`          // wanted in the ID token
	UserInfoClaims []string       `json:"userinfo_claims,omitempty"` // wanted at the userinfo endpoint
	ClaimsRequest  claimsRequest  `json:"claims_request"`            // the claims parameter, with values and urgency
	ClaimsLocales  []string       `json:"claims_locales,omitempty"`
	UILocales      []string       `json:"ui_locales,omitempty"`
	ACRValues      []string       `json:"acr_values,omitempty"`
	ACREssential   bool           `json:"acr_essential,omitempty"`
	MaxAge         int64          `json:"max_age,omitempty"` // seconds
	Subject        string         `json:"subject,omitempty"` // the only one that may answer
	LoginHint      string         `json:"login_hint,omitempty"`
	Prompt         []string       `json:"prompt,omitempty"`
	Display        string         `json:"display,omitempty"`
	ExpiresAt      int64          `json:"expires_at"` // seconds
}

type handoffClient struct {
	ID     int64  `json:"client_id"`
	Alias  string `json:"alias,omitempty"`
	Name   string `json:"name,omitempty"`
	Public bool   `json:"public,omitempty"` // it cannot prove who it is
	Logo   string `json:"logo_uri,omitempty"`
	Policy string `json:"policy_uri,omitempty"`
	Terms  string `json:"tos_uri,omitempty"`
}

type handoffScope struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

type claimsRequest struct {
	IDToken  json.RawMessage `json:"id_token,omitempty"`
	UserInfo json.RawMessage `json:"userinfo,omitempty"`
}

// handoffAnswer is what the application said. Accepted or Refused is set.
type handoffAnswer struct {
	Secret   []byte      `json:"secret"` // the SHA-256 of what redirect_to carries
	Accepted *acceptance `json:"accepted,omitempty"`
	Refused  *refusal    `json:"refused,omitempty"`
}

// acceptance says who the end-user is and what they agreed to.
type acceptance struct {
	Subject  string                     `json:"subject"`
	AuthTime int64                      `json:"auth_time"` // seconds; 0 is now
	ACR      string                     `json:"acr"`
	AMR      []string                   `json:"amr"`
	Claims   map[string]json.RawMessage `json:"claims"`
	Scopes   []string                   `json:"scopes"` // nil: as asked for
}

// refusal says why the request is refused, in the words of OAuth.
type refusal struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// refusals are the errors that an application may give.
var refusals = map[string]wire.AuthorizationFailReason{
	"access_denied":                      wire.FailReasonDenied,
	"login_required":                     wire.FailReasonNotLoggedIn,
	"consent_required":                   wire.FailReasonConsentRequired,
	"interaction_required":               wire.FailReasonInteractionRequired,
	"account_selection_required":         wire.FailReasonAccountSelectionRequired,
	"unmet_authentication_requirements":  wire.FailReasonACRNotSatisfied,
	string(oauth.InvalidScope):           wire.FailReasonInvalidScope,
	string(oauth.ServerError):            wire.FailReasonServerError,
	string(oauth.TemporarilyUnavailable): wire.FailReasonTemporarilyUnavailable,
}

// handoffID names an interaction to the application. It is sealed: nobody can
// make one, and it shows nothing.
type handoffID struct {
	Ticket string `json:"t"`
	ID     string `json:"i"`
}

const handoffPlace = "handoff"

// handOver sends the browser to the login application.
func (f *Front) handOver(w http.ResponseWriter, r *http.Request, out *wire.AuthorizationResponse) {
	in := newInteraction(out, f.now().Unix(), "")
	in.id = rand.Text()[:16]
	// The application may have a chooser of accounts, so only login means that
	// an older login does not do.
	doc := &handoff{Request: describe(in, out), Since: in.Created, Login: slices.Contains(out.Prompts, wire.PromptLogin)}
	if doc.size() > maxRequest {
		f.log.Warn("an authorization request is too long for the login application", "client", in.Client)
		f.fail(w, r, &interaction{Ticket: in.Ticket}, wire.FailReasonInvalidScope)
		return
	}
	if ok := f.attach(w, r, in.Ticket, doc); !ok {
		return
	}
	f.prune(w, r, in)
	f.save(w, &interaction{Ticket: in.Ticket, Created: in.Created, id: in.id})
	f.toApplication(w, in)
}

func (f *Front) toApplication(w http.ResponseWriter, in *interaction) {
	u, err := url.Parse(f.login.URL)
	if err != nil { // it was checked
		panic(err)
	}
	query := u.Query()
	query.Set("interaction", f.jar.seal(handoffPlace, handoffID{in.Ticket, in.id}))
	u.RawQuery = query.Encode()
	redirect(w, u.String())
}

func describe(in *interaction, out *wire.AuthorizationResponse) handoffRequest {
	req := handoffRequest{
		Service: in.Service, Scopes: []handoffScope{}, Claims: out.Claims, UserInfoClaims: out.ClaimsAtUserInfo,
		ClaimsRequest: claimsRequest{rawJSON(out.IDTokenClaims), rawJSON(out.UserInfoClaims)},
		ClaimsLocales: out.ClaimsLocales, UILocales: out.UILocales, ACRValues: out.ACRs, ACREssential: out.ACREssential,
		MaxAge: out.MaxAge, Subject: out.Subject, LoginHint: out.LoginHint,
		Display: strings.ToLower(string(out.Display)), ExpiresAt: in.Created + int64(interactionLifetime.Seconds()),
	}
	if c := out.Client; c != nil {
		req.Client = handoffClient{
			ID: c.ClientID, Alias: c.ClientIDAlias, Name: c.ClientName, Public: in.Public, Logo: c.LogoURI, Policy: c.PolicyURI, Terms: c.TosURI,
		}
	}
	for _, s := range out.Scopes {
		req.Scopes = append(req.Scopes, handoffScope{s.Name, s.Description})
	}
	for _, p := range out.Prompts {
		req.Prompt = append(req.Prompt, p.Spec())
	}
	return req
}

// rawJSON passes JSON text on, and leaves out what is none.
func rawJSON(text string) json.RawMessage {
	if !json.Valid([]byte(text)) {
		return nil
	}
	return json.RawMessage(text)
}

func (d *handoff) text() string {
	text, err := json.Marshal(d)
	if err != nil { // documents of ours
		panic(err)
	}
	return string(text)
}

func (d *handoff) size() int { return len(d.text()) }

// attach keeps a document with a ticket; false where it answered instead.
func (f *Front) attach(w http.ResponseWriter, r *http.Request, ticket string, doc *handoff) bool {
	out, err := f.api.TicketUpdate(calling(r), &wire.AuthorizationTicketUpdateRequest{Ticket: ticket, Info: &wire.AuthorizationTicketInfo{Context: doc.text()}})
	if err == nil && out.Action == wire.AuthorizationTicketActionOK {
		return true
	}
	f.notAttached(w, r, "handoff", err)
	return false
}

// attached returns the document of a ticket, or nil where it answered
// instead.
func (f *Front) attached(w http.ResponseWriter, r *http.Request, ticket string) *handoff {
	out, err := f.api.TicketInfo(calling(r), &wire.AuthorizationTicketInfoRequest{Ticket: ticket})
	doc := new(handoff)
	if err == nil && out.Action == wire.AuthorizationTicketActionOK && out.Info != nil && json.Unmarshal([]byte(out.Info.Context), doc) == nil {
		return doc
	}
	f.notAttached(w, r, "handoff", err)
	return nil
}

// notAttached answers browsers with a page and the application with JSON.
func (f *Front) notAttached(w http.ResponseWriter, r *http.Request, endpoint string, err error) {
	api := r.Header.Get("Authorization") != ""
	switch {
	case err != nil && api:
		f.failed(w, endpoint, err)
	case err != nil:
		f.failedPage(w, r, endpoint, err)
	case api:
		refuse(w, &problem{status: http.StatusNotFound, code: "not_found", text: "The interaction has expired or was answered."})
	default:
		f.show(w, r, http.StatusBadRequest, messagePage(messageGone, f.incident(w, endpoint, "the ticket is gone")))
	}
}

// application authenticates the login application and opens the id that it
// names. It returns nil where it answered instead.
func (f *Front) application(w http.ResponseWriter, r *http.Request) *handoffID {
	if f.login == nil {
		http.NotFound(w, r)
		return nil
	}
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	got, want := sha256.Sum256([]byte(strings.TrimSpace(secret))), sha256.Sum256([]byte(f.login.Secret))
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
		refuse(w, &problem{status: http.StatusUnauthorized, code: "invalid_token", text: "The login application is not authenticated.", challenges: []string{"Bearer"}})
		return nil
	}
	id := new(handoffID)
	if !f.jar.unseal(handoffPlace, r.PathValue("id"), id) {
		refuse(w, &problem{status: http.StatusNotFound, code: "not_found", text: "There is no such interaction."})
		return nil
	}
	return id
}

// handoffRequest tells the application what is asked.
func (f *Front) handoffRequest(w http.ResponseWriter, r *http.Request) {
	id := f.application(w, r)
	if id == nil {
		return
	}
	if doc := f.attached(w, r, id.Ticket); doc != nil {
		f.reply(w, doc.Request)
	}
}

// handoffAccept takes the application's yes.
func (f *Front) handoffAccept(w http.ResponseWriter, r *http.Request) {
	id := f.application(w, r)
	if id == nil {
		return
	}
	yes := new(acceptance)
	if p := readDocument(w, r, yes); p != nil {
		refuse(w, p)
		return
	}
	doc := f.attached(w, r, id.Ticket)
	if doc == nil {
		return
	}
	if yes.AuthTime == 0 {
		yes.AuthTime = f.now().Unix()
	}
	if text := doc.judge(yes, f.now().Unix()); text != "" {
		refuse(w, &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: text})
		return
	}
	f.answer(w, r, id, doc, &handoffAnswer{Accepted: yes})
}

// handoffReject takes the application's no.
func (f *Front) handoffReject(w http.ResponseWriter, r *http.Request) {
	id := f.application(w, r)
	if id == nil {
		return
	}
	no := new(refusal)
	p := readDocument(w, r, no)
	if _, known := refusals[no.Error]; p == nil && !known {
		p = &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "error is none that an authorization request can end with."}
	}
	if p == nil && (len(no.Description) > maxDescription || !isPrintable(no.Description)) {
		p = &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "error_description has more than 500 characters, or others than printable ASCII."}
	}
	if p != nil {
		refuse(w, p)
		return
	}
	if doc := f.attached(w, r, id.Ticket); doc != nil {
		f.answer(w, r, id, doc, &handoffAnswer{Refused: no})
	}
}

// judge compares an answer with what was asked. What is wrong here, the
// application got wrong.
func (d *handoff) judge(yes *acceptance, now int64) string {
	const skew = 5
	asked := d.Request
	switch {
	case yes.Subject == "":
		return "subject is missing."
	case len(yes.Subject) > maxSubject || !isPrintable(yes.Subject):
		return "subject has more than 100 characters, or others than printable ASCII."
	case yes.AuthTime < 0:
		return "auth_time is negative."
	case len(yes.property(asked)) > maxProperty:
		return "claims are too long."
	case asked.Subject != "" && yes.Subject != asked.Subject: // OIDCC-5.5.1
		return "subject is another than the request asks for; reject it with login_required."
	case yes.AuthTime > now+skew:
		return "auth_time is in the future."
	case asked.MaxAge > 0 && now-yes.AuthTime > asked.MaxAge+skew: // OIDCC-3.1.2.1
		return "auth_time is longer ago than max_age allows; the end-user has to log in again."
	case d.Login && yes.AuthTime < d.Since-skew: // OIDCC-3.1.2.1
		return "auth_time is before the request, which asks for a new login."
	case asked.ACREssential && len(asked.ACRValues) > 0 && !slices.Contains(asked.ACRValues, yes.ACR): // OIDCC-5.5.1.1
		return "acr is none of acr_values, one of which is essential; reject it with unmet_authentication_requirements."
	}
	for _, name := range yes.Scopes {
		if !slices.ContainsFunc(asked.Scopes, func(s handoffScope) bool { return s.Name == name }) {
			return "scopes has one that was not asked for."
		}
	}
	return ""
}

// answer keeps what the application said, and tells where to send the
// browser. A second answer takes the place of the first.
func (f *Front) answer(w http.ResponseWriter, r *http.Request, id *handoffID, doc *handoff, a *handoffAnswer) {
	secret := rand.Text()
	sum := sha256.Sum256([]byte(secret))
	a.Secret = sum[:]
	doc.Answer = a
	if !f.attach(w, r, id.Ticket, doc) {
		return
	}
	f.reply(w, struct {
		RedirectTo string `json:"redirect_to"`
	}{f.page(&interaction{id: id.ID}) + "?answer=" + secret})
}

// resume goes on with a request that the application has answered.
func (f *Front) resume(w http.ResponseWriter, r *http.Request, in *interaction) {
	secret := r.URL.Query().Get("answer")
	if secret == "" { // the end-user came back without one
		f.toApplication(w, in)
		return
	}
	doc := f.attached(w, r, in.Ticket)
	if doc == nil {
		return
	}
	sum := sha256.Sum256([]byte(secret))
	if doc.Answer == nil || subtle.ConstantTimeCompare(sum[:], doc.Answer.Secret) != 1 {
		f.show(w, r, http.StatusForbidden, messagePage(messageForged, f.incident(w, "handoff", "the answer is not the last one of the login application")))
		return
	}
	if no := doc.Answer.Refused; no != nil {
		f.failBecause(w, r, in, &wire.AuthorizationFailRequest{Ticket: in.Ticket, Reason: refusals[no.Error], Description: no.Description})
		return
	}
	yes := doc.Answer.Accepted
	f.issueTo(w, r, in, &wire.AuthorizationIssueRequest{
		Ticket: in.Ticket, Subject: yes.Subject, AuthTime: yes.AuthTime, ACR: yes.ACR, Scopes: yes.Scopes,
		Claims:     yes.claims(doc.Request.Claims, doc.Request.ClaimsLocales, yes.AMR),
		Properties: []wire.Property{{Key: claimsProperty, Value: yes.property(doc.Request), Hidden: true}},
	})
}

// property is what a token keeps for the userinfo endpoint.
func (a *acceptance) property(asked handoffRequest) string {
	return a.claims(asked.UserInfoClaims, asked.ClaimsLocales, nil)
}

func isPrintable(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' })
}

// claims returns the wanted claims, as JSON text, "" for none.
func (a *acceptance) claims(names, locales, amr []string) string {
	found := map[string]any{}
	for _, name := range names {
		for _, n := range append([]string{name}, tagged(name, locales)...) {
			if value, ok := a.Claims[n]; ok {
				found[n] = value
			}
		}
	}
	if len(amr) > 0 {
		found["amr"] = amr
	}
	return claimsText(found)
}

func (f *Front) reply(w http.ResponseWriter, v any) {
	text, err := json.Marshal(v)
	if err != nil { // documents of ours
		panic(err)
	}
	writeJSON(w, http.StatusOK, string(text))
}

// What the Web API takes, and what is kept with a ticket.
const (
	maxSubject     = 100
	maxDescription = 500
	maxProperty    = 60000
	maxAnswer      = 32 << 10
	maxRequest     = 32 << 10
)

// readDocument reads a JSON document of the login application. A member that
// is not known is refused: it would be an answer that nobody heard.
func readDocument(w http.ResponseWriter, r *http.Request, v any) *problem {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return &problem{status: http.StatusUnsupportedMediaType, code: oauth.InvalidRequest, text: "The content type must be application/json."}
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAnswer))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return &problem{status: http.StatusRequestEntityTooLarge, code: oauth.InvalidRequest, text: "The document is too long."}
	case err != nil:
		return &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The document cannot be read: " + err.Error()}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "Something follows the document."}
	}
	return nil
}
