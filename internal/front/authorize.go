package front

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// authorize is the authorization endpoint (RFC 6749 §3.1). Both GET and POST
// are served (OIDCC-3.1.2.1).
func (f *Front) authorize(w http.ResponseWriter, r *http.Request) {
	parameters, p := authorizationRequest(w, r)
	if p != nil {
		f.show(w, r, p.status, refusedPage(f.incident(w, "authorize", p.text), string(p.code), p.text))
		return
	}
	out, err := f.api.Authorization(calling(r), &wire.AuthorizationRequest{Parameters: &parameters})
	if err != nil {
		f.failedPage(w, r, "authorize", err)
		return
	}
	switch out.Action {
	case wire.AuthorizationActionInteraction, wire.AuthorizationActionNoInteraction:
		f.take(w, r, out, formTarget(parameters))
	case wire.AuthorizationActionLocation:
		f.refused(w, "authorize", string(out.Action), out.Result, out.Explanation)
		redirect(w, out.ResponseContent)
	case wire.AuthorizationActionForm:
		f.refused(w, "authorize", string(out.Action), out.Result, out.Explanation)
		formPost(w, out.ResponseContent)
	case wire.AuthorizationActionBadRequest:
		f.refused(w, "authorize", string(out.Action), out.Result, out.Explanation)
		code, text := shownError(out.ResponseContent)
		f.show(w, r, http.StatusBadRequest, refusedPage(incidentOf(w), code, text))
	case wire.AuthorizationActionInternalServerError:
		f.show(w, r, http.StatusInternalServerError, messagePage(messageBroken, f.incident(w, "authorize", out.ResultMessage)))
	default:
		f.show(w, r, http.StatusInternalServerError, messagePage(messageBroken, f.incident(w, "authorize", "unknown action "+string(out.Action))))
	}
}

// take goes on with a request that the engine finds valid.
func (f *Front) take(w http.ResponseWriter, r *http.Request, out *wire.AuthorizationResponse, target string) {
	if f.login != nil {
		f.handOver(w, r, out)
		return
	}
	in := newInteraction(out, f.now().Unix(), target)
	if in.None && r.Method == http.MethodGet {
		f.decide(w, r, in)
		return
	}
	// A form that another site posted comes without our cookies; the request
	// that follows a redirect has them.
	f.begin(w, r, in)
}

// authorizationRequest returns the parameters of an authorization request as
// they were received.
func authorizationRequest(w http.ResponseWriter, r *http.Request) (string, *problem) {
	if r.Method == http.MethodPost {
		return readForm(w, r)
	}
	switch {
	case r.URL.RawQuery == "":
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request is empty."}
	case !utf8.ValidString(r.URL.RawQuery):
		return "", &problem{status: http.StatusBadRequest, code: oauth.InvalidRequest, text: "The request is not well-formed."}
	}
	return r.URL.RawQuery, nil
}

// decide answers a request that must be answered without a page, in the order
// that the Web API prescribes: login, age of the login, subject,
// authentication context, consent. The age is always known here, and all
// resources that the engine accepts are acceptable.
func (f *Front) decide(w http.ResponseWriter, r *http.Request, in *interaction) {
	s := f.session(r)
	var reason wire.AuthorizationFailReason
	switch {
	case s == nil:
		reason = wire.FailReasonNotLoggedIn
	case in.tooOld(s, f.now().Unix()):
		reason = wire.FailReasonExceedsMaxAge
	case in.otherSubject(s):
		reason = wire.FailReasonDifferentSubject
	case in.acrMissed(s):
		reason = wire.FailReasonACRNotSatisfied
	case !f.consents(r).cover(s, in):
		reason = wire.FailReasonConsentRequired
	default:
		f.issue(w, r, in, s)
		return
	}
	f.fail(w, r, in, reason)
}

// issue grants a request to the user of a session.
func (f *Front) issue(w http.ResponseWriter, r *http.Request, in *interaction, s *session) {
	to := &wire.AuthorizationIssueRequest{
		Ticket: in.Ticket, Subject: s.Subject, AuthTime: s.AuthTime, ACR: s.user.ACR, Claims: claimsOf(s.user, in.IDClaims, in.ClaimLocales),
	}
	if len(in.ClaimLocales) > 0 {
		to.Properties = []wire.Property{{Key: localesProperty, Value: strings.Join(in.ClaimLocales, " "), Hidden: true}}
	}
	f.issueTo(w, r, in, to)
}

// issueTo grants a request and sends the browser back to the client.
func (f *Front) issueTo(w http.ResponseWriter, r *http.Request, in *interaction, to *wire.AuthorizationIssueRequest) {
	out, err := f.api.AuthorizationIssue(calling(r), to)
	if err != nil {
		f.failedPage(w, r, "issue", err)
		return
	}
	f.ended(w, r, in, "issue", out.Outcome(), out.ResponseContent, out.ResultMessage)
}

// fail refuses a request.
func (f *Front) fail(w http.ResponseWriter, r *http.Request, in *interaction, reason wire.AuthorizationFailReason) {
	f.failBecause(w, r, in, &wire.AuthorizationFailRequest{Ticket: in.Ticket, Reason: reason})
}

// failBecause refuses a request and sends the browser back to the client.
func (f *Front) failBecause(w http.ResponseWriter, r *http.Request, in *interaction, why *wire.AuthorizationFailRequest) {
	out, err := f.api.AuthorizationFail(calling(r), why)
	if err != nil {
		f.failedPage(w, r, "fail", err)
		return
	}
	f.ended(w, r, in, "fail", out.Outcome(), out.ResponseContent, out.ResultMessage)
}

// ended does what the engine said at the end of a request. The actions of
// issue and fail have the same names.
func (f *Front) ended(w http.ResponseWriter, r *http.Request, in *interaction, operation, action, content, message string) {
	f.end(w, in)
	switch action {
	case string(wire.AuthorizationIssueActionLocation):
		redirect(w, content)
	case string(wire.AuthorizationIssueActionForm):
		formPost(w, content)
	case string(wire.AuthorizationIssueActionBadRequest):
		f.show(w, r, http.StatusBadRequest, messagePage(messageGone, f.incident(w, operation, message)))
	case string(wire.AuthorizationIssueActionInternalServerError):
		f.show(w, r, http.StatusInternalServerError, messagePage(messageBroken, f.incident(w, operation, message)))
	default:
		f.show(w, r, http.StatusInternalServerError, messagePage(messageBroken, f.incident(w, operation, "unknown action "+action)))
	}
}

// redirect sends the browser to an address that the engine made, to the byte.
// It is 303 in all cases, so that no browser posts a password again
// (RFC9700-4.12, FAPI2-SP-FINAL-5.3.2.2-11).
func redirect(w http.ResponseWriter, location string) {
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusSeeOther)
}

// formPost shows the page of the form_post response mode, which posts itself.
func formPost(w http.ResponseWriter, page string) {
	w.Header().Set("Content-Security-Policy", formPostPolicy(page))
	w.Header().Set("Content-Type", "text/html;charset=UTF-8")
	_, _ = io.WriteString(w, page)
}

func (f *Front) failedPage(w http.ResponseWriter, r *http.Request, endpoint string, err error) {
	status, incident := f.failure(w, endpoint, err)
	if status == http.StatusServiceUnavailable {
		f.show(w, r, status, messagePage(messageBusy, incident))
		return
	}
	f.show(w, r, status, messagePage(messageBroken, incident))
}

// incident logs what a page does not tell, and returns the name for both.
func (f *Front) incident(w http.ResponseWriter, endpoint, text string) string {
	id := incidentOf(w)
	f.log.Warn("a page ended a request", "endpoint", endpoint, "request", id, "reason", text)
	return id
}

// tooOld reports that the login lies further back than the client allows
// (OIDCC-3.1.2.1, max_age).
func (in *interaction) tooOld(s *session, now int64) bool {
	return in.MaxAge > 0 && now-s.AuthTime > in.MaxAge
}

func (in *interaction) otherSubject(s *session) bool {
	return in.Subject != "" && in.Subject != s.Subject
}

// acrMissed reports that an essential authentication context class was not
// reached (OIDCC-5.5.1.1).
func (in *interaction) acrMissed(s *session) bool {
	return in.ACREssential && len(in.ACRs) > 0 && !slices.Contains(in.ACRs, s.user.ACR)
}
