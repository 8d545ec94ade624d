// Package enginetest runs an engine inside a test and talks to it over its
// Web API, with the OAuth client's side at hand: keys, assertions, proofs.
package enginetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/httpapi"
	"github.com/symbolon-auth/symbolon/internal/pgtest"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
	"github.com/symbolon-auth/symbolon/internal/telemetry"
)

// RootToken is the root credential of test engines.
const RootToken = "root-token-of-a-test"

// MasterKey is the master key of test engines.
var MasterKey = bytes.Repeat([]byte{7}, 32)

// Doc is a JSON document.
type Doc = map[string]any

// Engine is a running engine.
type Engine struct {
	T       testing.TB
	Handler http.Handler
	Store   store.Store
	clock   func() time.Time
	offset  atomic.Int64 // added to the clock
	// Documents are what the engine finds when it fetches, by address.
	Documents sync.Map
}

// Start runs an engine on an empty database.
func Start(t testing.TB) *Engine {
	t.Helper()
	return On(t, Open(t, URL(t), sqlstore.Options{}))
}

// URL makes an empty database for a test: on SQLite or, with
// SYMBOLON_TEST_DATABASE=postgres, on PostgreSQL. The same tests run on both.
func URL(t testing.TB) string {
	t.Helper()
	switch kind := os.Getenv("SYMBOLON_TEST_DATABASE"); kind {
	case "", "sqlite":
		return "sqlite:" + filepath.Join(t.TempDir(), "symbolon.db")
	case "postgres":
		return pgtest.Database(t)
	default:
		t.Fatalf("SYMBOLON_TEST_DATABASE=%s is neither sqlite nor postgres", kind)
		return ""
	}
}

// Open opens a database and closes it after the test.
func Open(t testing.TB, url string, o sqlstore.Options) store.Store {
	t.Helper()
	o.Migrate, o.Log = true, slog.New(slog.DiscardHandler)
	s, err := sqlstore.Open(context.Background(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// On runs an engine on a store.
func On(t testing.TB, s store.Store) *Engine {
	t.Helper()
	e := &Engine{T: t, Store: s, clock: time.Now}
	e.open(httpapi.Options{})
	return e
}

// Watched runs an engine that tells what it does, on an empty database.
func Watched(t testing.TB, figures *telemetry.Telemetry, log *slog.Logger) *Engine {
	t.Helper()
	e := &Engine{T: t, Store: Open(t, URL(t), sqlstore.Options{Observer: figures}), clock: time.Now}
	e.open(httpapi.Options{Telemetry: figures, Log: log})
	return e
}

// Frozen runs an engine whose clock stands still and whose randomness
// repeats, on an empty database.
func Frozen(t testing.TB, at time.Time) *Engine {
	t.Helper()
	e := &Engine{T: t, Store: Open(t, URL(t), sqlstore.Options{}), clock: func() time.Time { return at }}
	e.open(httpapi.Options{Random: &repeating{}})
	return e
}

func (e *Engine) open(o httpapi.Options) {
	e.T.Helper()
	o.Store, o.MasterKey, o.RootToken, o.Version = e.Store, MasterKey, RootToken, "test"
	o.Now, o.Documents = e.Now, documents{e}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	h, err := httpapi.New(context.Background(), o)
	if err != nil {
		e.T.Fatal(err)
	}
	e.Handler = h
}

// documents are what an engine finds when it fetches.
type documents struct{ *Engine }

// Get implements [op.Fetcher].
func (d documents) Get(_ context.Context, _ int64, address string) ([]byte, error) {
	if text, ok := d.Documents.Load(address); ok {
		return []byte(text.(string)), nil
	}
	return nil, errors.New("there is no such document")
}

// repeating is a source of bytes that differ but are the same in every run.
type repeating struct {
	mu   sync.Mutex
	next uint64
	left []byte
}

func (r *repeating) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range p {
		if len(r.left) == 0 {
			sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, r.next))
			r.left = sum[:]
			r.next++
		}
		p[i], r.left = r.left[0], r.left[1:]
	}
	return len(p), nil
}

// For is the engine for another test: a subtest that runs beside others.
func (e *Engine) For(t testing.TB) *Engine {
	return &Engine{T: t, Handler: e.Handler, Store: e.Store, clock: e.Now}
}

// Now is the engine's clock.
func (e *Engine) Now() time.Time { return e.clock().Add(time.Duration(e.offset.Load())) }

// Advance moves the engine's clock.
func (e *Engine) Advance(d time.Duration) { e.offset.Add(int64(d)) }

// Answer is an answer of the Web API.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Doc    Doc
}

// Text returns a member as text, "" where it is absent.
func (a *Answer) Text(member string) string { return Text(a.Doc, member) }

// Text returns a member of a document as text, "" where it is absent.
func Text(d Doc, member string) string {
	switch v := d[member].(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	default:
		b, _ := json.Marshal(v)
		return string(b)
	}
}

// Content parses responseContent as JSON.
func (a *Answer) Content(t testing.TB) Doc {
	t.Helper()
	d, err := parse([]byte(a.Text("responseContent")))
	if err != nil {
		t.Fatalf("responseContent is no JSON: %v: %s", err, a.Body)
	}
	return d
}

// JSON parses responseContent where it is a JSON object.
func (a *Answer) JSON() (Doc, bool) {
	d, err := parse([]byte(a.Text("responseContent")))
	return d, err == nil
}

// Redirect parses the parameters of a redirection, of query and fragment.
func (a *Answer) Redirect(t testing.TB) url.Values {
	t.Helper()
	u, err := url.Parse(a.Text("responseContent"))
	if err != nil || a.Text("action") != "LOCATION" {
		t.Fatalf("no redirection: %s", a.Body)
	}
	v := u.Query()
	f, _ := url.ParseQuery(u.Fragment)
	for k := range f {
		v[k] = f[k]
	}
	return v
}

func parse(b []byte) (Doc, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var doc Doc
	return doc, d.Decode(&doc)
}

// Raw makes an HTTP request to the engine.
func (e *Engine) Raw(r *http.Request) *Answer {
	w := httptest.NewRecorder()
	e.Handler.ServeHTTP(w, r)
	a := &Answer{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}
	a.Doc, _ = parse(a.Body)
	return a
}

// Call makes a call with a bearer token. A nil document sends no body.
func (e *Engine) Call(method, path, token string, doc any) *Answer {
	var body io.Reader = http.NoBody
	if doc != nil {
		b, err := json.Marshal(doc)
		if err != nil {
			e.T.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	r := httptest.NewRequest(method, path, body)
	r.Header.Set("Authorization", "Bearer "+token)
	if doc != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return e.Raw(r)
}

// Service is a service of an engine.
type Service struct {
	*Engine
	ID  int64
	Doc Doc
}

// BaseService is a document under which most flows work.
func BaseService() Doc {
	return Doc{
		"serviceName": "test", "issuer": "https://as.example",
		"authorizationEndpoint": "https://as.example/authorize", "tokenEndpoint": "https://as.example/token",
		"pushedAuthReqEndpoint": "https://as.example/par", "userInfoEndpoint": "https://as.example/userinfo",
		"revocationEndpoint": "https://as.example/revoke", "introspectionEndpoint": "https://as.example/introspect",
		"jwksUri": "https://as.example/jwks",
		"supportedScopes": []Doc{
			{"name": "openid"}, {"name": "profile"}, {"name": "email"}, {"name": "offline_access"}, {"name": "read"}, {"name": "write"},
		},
	}
}

// With returns a copy of a document with other members; nil removes one.
func With(d Doc, members Doc) Doc {
	out := Doc{}
	for k, v := range d {
		out[k] = v
	}
	for k, v := range members {
		if v == nil {
			delete(out, k)
		} else {
			out[k] = v
		}
	}
	return out
}

// NewService creates a service.
func (e *Engine) NewService(doc Doc) *Service {
	e.T.Helper()
	a := e.Call("POST", "/api/service/create", RootToken, doc)
	if a.Status != http.StatusOK {
		e.T.Fatalf("service/create: %d %s", a.Status, a.Body)
	}
	id, err := strconv.ParseInt(a.Text("apiKey"), 10, 64)
	if err != nil {
		e.T.Fatal(err)
	}
	return &Service{e, id, a.Doc}
}

// Path returns the v3 path of an operation.
func (s *Service) Path(op string) string { return fmt.Sprintf("/api/%d/%s", s.ID, op) }

// Do calls an operation of the service.
func (s *Service) Do(op string, doc Doc) *Answer { return s.Call("POST", s.Path(op), RootToken, doc) }

// Update replaces the service.
func (s *Service) Update(doc Doc) {
	s.T.Helper()
	if a := s.Do("service/update", doc); a.Status != http.StatusOK {
		s.T.Fatalf("service/update: %d %s", a.Status, a.Body)
	}
}

// Client is a client of a service.
type Client struct {
	*Service
	ID     string
	Secret string
	Doc    Doc
	Key    *Key // for private_key_jwt
}

// Redirect is the redirect URI of test clients.
const Redirect = "https://client.example/cb"

// BaseClient is a confidential client that may do everything.
func BaseClient() Doc {
	return Doc{
		"clientName": "client", "clientType": "CONFIDENTIAL", "redirectUris": []string{Redirect},
		"grantTypes":    []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS"},
		"responseTypes": []string{"CODE"}, "idTokenSignAlg": "ES256",
	}
}

// NewClient creates a client.
func (s *Service) NewClient(doc Doc) *Client {
	s.T.Helper()
	a := s.Do("client/create", doc)
	if a.Status != http.StatusOK {
		s.T.Fatalf("client/create: %d %s", a.Status, a.Body)
	}
	return &Client{Service: s, ID: a.Text("clientId"), Secret: a.Text("clientSecret"), Doc: a.Doc}
}

// NewKeyClient creates a client that authenticates with private_key_jwt.
func (s *Service) NewKeyClient(doc Doc) *Client {
	s.T.Helper()
	key := NewKey(s.T)
	c := s.NewClient(With(doc, Doc{"tokenAuthMethod": "PRIVATE_KEY_JWT", "jwks": key.JWKS()}))
	c.Key = key
	return c
}

// NewAnswer makes an answer of what came over a connection.
func NewAnswer(status int, header http.Header, body []byte) *Answer {
	a := &Answer{Status: status, Header: header, Body: body}
	a.Doc, _ = parse(body)
	return a
}
