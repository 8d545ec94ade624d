package front

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/telemetry"
	"github.com/symbolon-auth/symbolon/internal/webapi"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// retryAfter is how many seconds a client is asked to wait for the engine.
const retryAfter = "5"

// problem is a request that this front refuses by itself, before the engine
// can be asked.
type problem struct {
	status     int
	code       oauth.ErrorCode
	text       string
	challenges []string // of WWW-Authenticate headers
}

// at returns the problem as an endpoint with challenges of its own tells it.
func (p *problem) at(status int, challenges []string) *problem {
	return &problem{status: status, code: p.code, text: p.text, challenges: challenges}
}

// refuse answers a problem as the endpoints for clients do (RFC6749-5.2).
func refuse(w http.ResponseWriter, p *problem) {
	for _, c := range p.challenges {
		w.Header().Add("WWW-Authenticate", c)
	}
	body, err := json.Marshal(struct {
		Error       oauth.ErrorCode `json:"error"`
		Description string          `json:"error_description,omitempty"`
	}{p.code, p.text})
	if err != nil { // two strings
		panic(err)
	}
	writeJSON(w, p.status, string(body))
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// failed answers a call of the Web API that brought no verdict.
func (f *Front) failed(w http.ResponseWriter, endpoint string, err error) {
	status, incident := f.failure(w, endpoint, err)
	p := &problem{status: status, code: oauth.ServerError, text: "incident " + incident}
	if status == http.StatusServiceUnavailable {
		p.code = oauth.TemporarilyUnavailable
	}
	refuse(w, p)
}

// failure logs a call that brought no verdict and returns the status to
// answer. An engine that is gone or slow is 503; one that refuses to be
// called like this is a failure of ours.
func (f *Front) failure(w http.ResponseWriter, endpoint string, err error) (status int, incident string) {
	incident = incidentOf(w)
	status = http.StatusInternalServerError
	if webapi.Unavailable(err) {
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", retryAfter)
	}
	f.log.Error("the engine gave no verdict", "endpoint", endpoint, "request", incident, "error", err)
	return status, incident
}

// unknown answers an action that this front has not heard of.
func (f *Front) unknown(w http.ResponseWriter, endpoint string, action string) {
	incident := incidentOf(w)
	f.log.Error("the engine answered an unknown action", "endpoint", endpoint, "request", incident, "action", action)
	refuse(w, &problem{status: http.StatusInternalServerError, code: oauth.ServerError, text: "incident " + incident})
}

// refused logs a refusal with what the client must not see.
func (f *Front) refused(w http.ResponseWriter, endpoint string, action string, r wire.Result, x *wire.Explanation) {
	args := []any{"request", incidentOf(w), "endpoint", endpoint, "action", action, "result", r.ResultMessage}
	if x != nil {
		args = append(args, slog.Group("explanation", "rule", x.Rule, "clauses", x.Clauses, "demandedBy", x.DemandedBy, "detail", x.Detail))
	}
	f.log.Info("refused", args...)
}

// incidentOf returns the name of the request, under which our log and that of
// the engine have it.
func incidentOf(w http.ResponseWriter) string { return w.Header().Get(telemetry.RequestIDHeader) }
