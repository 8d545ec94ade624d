package httpapi

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/symbolon-auth/symbolon/internal/keyring"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/proof"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/telemetry"
)

const (
	answerTime  = 30 * time.Second
	followEvery = 250 * time.Millisecond // other nodes see configuration within a second
	maxInFlight = 1024
)

// Options is what an engine is made from.
type Options struct {
	Store     store.Store
	MasterKey []byte // keyring.MasterKeyBytes
	RootToken string // the ADMIN organization token in force
	// RootHash is its SHA-256, for whoever does not keep the token itself.
	// It counts where RootToken is empty.
	RootHash [sha256.Size]byte
	Log      *slog.Logger
	Now      func() time.Time // nil: time.Now
	Random   io.Reader        // nil: crypto/rand
	// TicketLifetime is how long an authorization request waits for its
	// end-user; 0: one hour.
	TicketLifetime time.Duration
	Documents      op.Fetcher           // nil: none can be had
	Version        string               // of the engine, for whoever asks
	Telemetry      *telemetry.Telemetry // nil: nothing is counted
}

// Server is the Web API of an engine.
type Server struct {
	env       *op.Env
	store     store.Store
	directory *registry.Directory
	writer    *registry.Writer
	router    *router
	root      [sha256.Size]byte
	log       *slog.Logger
	now       func() time.Time
	version   string
	telemetry *telemetry.Telemetry
	inFlight  atomic.Int64
}

type noDocuments struct{}

func (noDocuments) Get(context.Context, int64, string) ([]byte, error) {
	return nil, errors.New("this engine fetches nothing")
}

// masterCheck is stored sealed, so that a wrong master key is noticed before
// anything is written with it.
const masterCheck = "master key check"

// New opens an engine on a store whose schema is current.
func New(ctx context.Context, o Options) (*Server, error) {
	ring, err := keyring.New(o.MasterKey)
	if err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Documents == nil {
		o.Documents = noDocuments{}
	}
	if o.TicketLifetime == 0 {
		o.TicketLifetime = time.Hour
	}
	if o.RootToken != "" {
		o.RootHash = sha256.Sum256([]byte(o.RootToken))
	}
	if o.RootHash == [sha256.Size]byte{} {
		return nil, errors.New("httpapi: there is no root token")
	}
	sealed, _, err := o.Store.Setting(ctx, masterCheck, ring.Seal(masterCheck, []byte(masterCheck)))
	if err != nil {
		return nil, err
	}
	if _, err := ring.Open(masterCheck, sealed); err != nil {
		return nil, errors.New("the database was made with another master key")
	}
	directory, err := registry.Open(ctx, o.Store, ring)
	if err != nil {
		return nil, err
	}
	writer := registry.NewWriter(directory, o.Store, o.Random, o.Now)
	s := &Server{
		env: &op.Env{
			Store: o.Store, Clients: directory, Writer: writer, Nonces: proof.NewNonces(ring), Ring: ring,
			Random: o.Random, TicketLifetime: o.TicketLifetime, Documents: o.Documents,
		},
		store: o.Store, directory: directory, writer: writer,
		root: o.RootHash, log: o.Log, now: o.Now, version: o.Version, telemetry: o.Telemetry,
	}
	s.router = newRouter(s.surface())
	s.tell()
	return s, nil
}

// Run follows what other nodes write to the configuration, until ctx ends.
func (s *Server) Run(ctx context.Context) {
	s.directory.Run(ctx, followEvery, func(err error) {
		s.log.Warn("the configuration could not be followed", "error", err)
	})
}

// ServeHTTP serves the Web API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/livez" {
		respond(w, http.StatusOK, plainText("OK"))
		return
	}
	c := &call{r: r, id: telemetry.RequestID(r.Header.Get(telemetry.RequestIDHeader)), Call: &op.Call{Env: s.env, Now: s.now()}}
	w.Header().Set(telemetry.RequestIDHeader, c.id)
	ctx, watched := s.telemetry.Begin(r.Context(), r.Header)
	status := s.answer(ctx, w, c)
	s.logCall(c, status)
	s.telemetry.End(watched, c.outcome(status))
}

// answer answers a call, if there is room for it.
func (s *Server) answer(ctx context.Context, w http.ResponseWriter, c *call) (status int) {
	if s.inFlight.Add(1) > maxInFlight {
		s.inFlight.Add(-1)
		w.Header().Set("Retry-After", "1")
		return s.fail(w, c, &op.CallError{Status: http.StatusTooManyRequests, Code: "A901207", Text: "too many calls are under way"})
	}
	defer s.inFlight.Add(-1)
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	c.r = c.r.WithContext(ctx)

	t, allow := s.router.find(c.r.Method, c.r.URL.Path)
	if strings.Contains(strings.ToLower(c.r.URL.RawPath), "%2f") { // it would read as another path than it is
		t, allow = target{}, nil
	}
	c.route, c.arg = t.route, t.arg
	out, err := s.serve(w, c, t, allow)
	if err != nil {
		return s.fail(w, c, err)
	}
	if c.Refusal != nil {
		s.logRefusal(c)
	}
	if acted, ok := out.(interface{ Outcome() string }); ok {
		c.action = acted.Outcome()
	}
	switch out.(type) {
	case noContent:
		w.WriteHeader(http.StatusNoContent)
		return http.StatusNoContent
	default:
		return respond(w, http.StatusOK, out)
	}
}

// serve takes a call through the steps that all routes share.
func (s *Server) serve(w http.ResponseWriter, c *call, t target, allow []string) (any, error) {
	switch {
	case allow != nil:
		w.Header().Set("Allow", strings.Join(allow, ", "))
		return nil, &op.CallError{Status: http.StatusMethodNotAllowed, Code: "A901208", Text: "the method is not allowed here"}
	case t.route == nil:
		return nil, &op.CallError{Status: http.StatusNotFound, Code: "A901209", Text: "there is no such path"}
	}
	if t.route.reach != open {
		var err error
		if c.principal, err = s.authenticate(c.r, c.Now); err != nil {
			return nil, err
		}
	}
	if t.route.reach == ofService {
		var err error
		if t, err = s.serviceOfClient(c, t); err != nil {
			return nil, err
		}
		if c.Service, err = s.serviceOf(c.principal, t); err != nil {
			return nil, err
		}
	} else if t.route.reach == ofServer && !c.principal.allows(t.route.right) {
		return nil, forbidden()
	}
	limit := int64(maxBody)
	if t.route.handler != nil && t.route.handler.limit != 0 {
		limit = t.route.handler.limit
	}
	var err error
	if c.body, err = readBody(w, c.r, limit); err != nil {
		return nil, err
	}
	if t.route.handler == nil {
		return nil, op.NotBuilt(nil)
	}
	c.Path = "/" + t.route.path
	if c.Service != nil {
		if err := c.Allowed(registry.Operation(t.route.path), nil); err != nil {
			return nil, err
		}
	}
	return t.route.handler.serve(c)
}

// fail answers a call that could not be served.
func (s *Server) fail(w http.ResponseWriter, c *call, err error) int {
	// What the caller wrote into a path may be a token: it is for the answer.
	operation, path := "", c.r.URL.Path
	if c.route != nil {
		operation = "/" + c.route.path
		path = operation
	}
	status, code, text := http.StatusInternalServerError, "A001101", "the engine failed"
	if errors.Is(err, store.ErrGone) {
		err = noService()
	}
	var ce *op.CallError
	var unavailable *store.Unavailable
	switch {
	case errors.As(err, &ce):
		status, code, text = ce.Status, ce.Code, ce.Text
	case errors.Is(err, store.ErrConflict):
		status, code, text = http.StatusConflict, "A901212", "others are writing the same document; try again"
		w.Header().Set("Retry-After", "1")
	case registry.IsDocumentError(err):
		status, code, text = http.StatusBadRequest, "A901210", err.Error() // a document must not be written like that
	case errors.Is(err, registry.ErrBusy):
		status, code, text = http.StatusTooManyRequests, "A901207", "too many calls are under way that make keys"
		w.Header().Set("Retry-After", "5")
	case errors.As(err, &unavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		status, code, text = http.StatusServiceUnavailable, "A990101", "the database cannot be reached or did not answer in time"
		w.Header().Set("Retry-After", "1")
	}
	switch {
	case status >= http.StatusInternalServerError:
		s.log.Error("call failed", "request", c.id, "path", operation, "code", code, "error", err)
	case operation != "" && c.r.Method == http.MethodDelete: // published clients take a refused one for a success
		s.log.Warn("delete refused", "request", c.id, "path", operation, "code", code, "error", err)
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="symbolon"`)
	}
	return respond(w, status, map[string]string{
		"resultCode": code, "resultMessage": fmt.Sprintf("[%s] %s, %s", code, path, text),
	})
}

// respond writes an answer and returns its status.
func respond(w http.ResponseWriter, status int, out any) int {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	var data []byte
	switch v := out.(type) {
	case plainText:
		h.Set("Content-Type", "text/plain;charset=UTF-8")
		data = []byte(v)
	case page:
		h.Set("Content-Type", "text/html;charset=UTF-8")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		data = v
	case rawJSON:
		h.Set("Content-Type", "application/json;charset=UTF-8")
		data = v
	default:
		var err error
		if data, err = json.Marshal(out); err != nil {
			status, data = http.StatusInternalServerError, []byte(`{"resultCode":"A001101","resultMessage":"[A001101] the answer could not be written"}`)
		}
		h.Set("Content-Type", "application/json;charset=UTF-8")
	}
	w.WriteHeader(status)
	_, _ = w.Write(data) // a client that has gone away is not our failure
	return status
}
