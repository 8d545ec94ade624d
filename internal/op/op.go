// Package op is what all operations share: the call that an operation gets,
// the errors that only the caller of the Web API can cause, and the parts of
// an answer that every family writes alike.
//
// An operation is a function
//
//	func(ctx, *op.Call, *wire.XRequest) (*wire.XResponse, error)
//
// in a folder of its family. It has phases (straight code in the order of the
// specification), rules (tables) and effects (one load, one commit). What the
// OAuth client did wrong is a verdict in the answer. An error is either a
// *CallError, which the caller of the Web API caused, or a failure of ours.
//
// Operations do not import each other. Not here: HTTP, SQL, clocks,
// randomness; they are handed in.
package op

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/clientauth"
	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/keyring"
	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/proof"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Env is what operations work with. It is the same for all calls.
type Env struct {
	Store          store.Hot
	Clients        clientauth.Clients
	Writer         *registry.Writer // of clients that register themselves
	Nonces         *proof.Nonces
	Ring           *keyring.Ring
	Random         io.Reader
	TicketLifetime time.Duration
	Documents      Fetcher
}

// Fetcher reads documents from addresses that clients name. It asks public
// https addresses only, follows nothing, and is bounded in time and size.
type Fetcher interface {
	Get(ctx context.Context, service int64, address string) ([]byte, error)
}

// Call is one call of the Web API for one service.
type Call struct {
	*Env
	Service *registry.Service
	Path    string // of the operation, for resultMessage: "/auth/token"
	Now     time.Time
	Refusal *rule.Fault // what the answer refuses, for the log
}

// Millis returns the time of the call as stored things count it.
func (c *Call) Millis() int64 { return c.Now.UnixMilli() }

// In returns the time that lies so many seconds after the call, in
// milliseconds.
func (c *Call) In(seconds int64) int64 { return c.Now.UnixMilli() + seconds*1000 }

// NewHandle makes a handle, and its key, of something that expires at ms.
func (c *Call) NewHandle(ms int64) (string, grant.Key, error) {
	h, err := grant.NewHandle(c.Random, time.UnixMilli(ms))
	return h, grant.KeyOf(h), err
}

// Result makes the result members of an answer.
func (c *Call) Result(code, text string) wire.Result {
	return wire.Result{ResultCode: code, ResultMessage: "[" + code + "] " + c.Path + ", " + text}
}

// Refused makes the result members of a refusal, and notes it for the log.
func (c *Call) Refused(f *rule.Fault) wire.Result {
	c.Refusal = f
	return c.Result(f.Result, f.Description)
}

// CallError is what only the caller of the Web API can cause. It becomes a
// 4xx answer.
type CallError struct {
	Status int
	Code   string
	Text   string
}

func (e *CallError) Error() string { return e.Text }

// MissingParameters: a call without the OAuth request that it is about. An
// empty one is there: that is what a client sent, and the client is told.
func MissingParameters() error {
	return &CallError{400, "A004201", "the call has no 'parameters'"}
}

// Missing: a call without a member that it needs.
func Missing(member string) error {
	return &CallError{400, "A901201", "the call has no '" + member + "'"}
}

// Invalid: a member of the call has a value that it cannot have.
func Invalid(member, why string) error {
	return &CallError{400, "A901202", "'" + member + "' " + why}
}

// NotBuilt: an operation, or a switch that it would have to heed, is not
// built.
func NotBuilt(members []string) error {
	text := "the operation is not available in this version"
	if len(members) > 0 {
		text = "a feature that is not available in this version is switched on: " + strings.Join(members, ", ")
	}
	return &CallError{403, "A001223", text}
}

// Allowed refuses an operation that an unbuilt feature of the service or the
// client blocks. client may be nil.
func (c *Call) Allowed(operation registry.Operation, client *registry.Client) error {
	var members []string
	for _, m := range c.Service.Blocked(operation) {
		members = append(members, "service."+m)
	}
	if client != nil {
		for _, m := range client.Blocked(operation) {
			members = append(members, "client."+m)
		}
	}
	if members == nil {
		return nil
	}
	return NotBuilt(members)
}

// errorPage is where error_uri points: the generated list of result codes.
const errorPage = "https://github.com/symbolon-auth/symbolon/blob/main/docs/result-codes.md#"

// OAuthError is an error as an OAuth client sees it.
type OAuthError struct {
	Code        oauth.ErrorCode `json:"error"`
	Description string          `json:"error_description,omitempty"`
	URI         string          `json:"error_uri,omitempty"`
}

// OAuthError reduces a fault to what the OAuth client may see, under the
// service's switches.
func (c *Call) OAuthError(f *rule.Fault) OAuthError {
	return c.NewOAuthError(f.Code, f.Result, f.Description)
}

// NewOAuthError makes an error for an OAuth client.
func (c *Call) NewOAuthError(code oauth.ErrorCode, result, description string) OAuthError {
	e := OAuthError{Code: code}
	if !c.Service.Doc.ErrorDescriptionOmitted {
		e.Description = "[" + result + "] " + description
	}
	if !c.Service.Doc.ErrorURIOmitted {
		e.URI = errorPage + strings.ToLower(result)
	}
	return e
}

// JSON returns the error as a response body.
func (e OAuthError) JSON() string {
	b, err := json.Marshal(e)
	if err != nil { // strings only
		panic(err)
	}
	return string(b)
}

// Challenge returns the error as the value of a WWW-Authenticate header
// (RFC6750-3). params are further attributes, in pairs.
func (e OAuthError) Challenge(scheme string, params ...string) string {
	var b strings.Builder
	b.WriteString(scheme)
	sep := " "
	attribute := func(name, value string) {
		if value == "" {
			return
		}
		fmt.Fprintf(&b, `%s%s="%s"`, sep, name, headerSafe(value))
		sep = ", "
	}
	attribute("error", string(e.Code))
	attribute("error_description", e.Description)
	attribute("error_uri", e.URI)
	for i := 0; i+1 < len(params); i += 2 {
		attribute(params[i], params[i+1])
	}
	return b.String()
}

// headerSafe keeps a value from leaving its quoted string.
func headerSafe(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			return '_'
		}
		return r
	}, s)
}

// Explain says to the owner of the service why a request was refused.
func Explain(f *rule.Fault) *wire.Explanation {
	e := &wire.Explanation{Rule: f.ID, Detail: f.Detail}
	for _, r := range f.Refs {
		e.Clauses = append(e.Clauses, string(r))
	}
	for _, s := range f.By {
		e.DemandedBy = append(e.DemandedBy, s.String())
	}
	return e
}
