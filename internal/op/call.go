package op

import (
	"context"
	"io"
	"time"

	"github.com/symbolon-auth/symbolon/internal/clientauth"
	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/keyring"
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
