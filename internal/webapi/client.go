package webapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/telemetry"
)

const (
	// DefaultTimeout bounds a call from its start to the last byte of the answer.
	DefaultTimeout = 10 * time.Second
	// maxAnswer is above the greatest document that the engine keeps (4 MiB), escaped as JSON text.
	maxAnswer = 16 << 20
)

// Client calls the Web API for one service. It is safe for concurrent use.
type Client struct {
	base    string
	service int64
	token   string
	http    *http.Client
}

// New returns a client of the engine at base, an address without /api. The
// service may be 0 for calls that concern none. A nil transport means
// http.DefaultTransport.
func New(base string, service int64, token string, transport http.RoundTripper) *Client {
	return &Client{
		base:    strings.TrimRight(base, "/"),
		service: service,
		token:   token,
		http: &http.Client{
			Transport: transport,
			Timeout:   DefaultTimeout,
			// The engine never redirects; somebody else must not get the token.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// WithTimeout returns a client whose calls have another deadline.
func (c *Client) WithTimeout(d time.Duration) *Client {
	out, h := *c, *c.http
	h.Timeout = d
	out.http = &h
	return &out
}

// WithService returns a client for another service.
func (c *Client) WithService(service int64) *Client {
	out := *c
	out.service = service
	return &out
}

// Service returns the service that c calls for.
func (c *Client) Service() int64 { return c.service }

// of returns the path of an operation of the client's service.
func (c *Client) of(path string) string {
	return "/api/" + strconv.FormatInt(c.service, 10) + path
}

// post sends a document and reads the answer.
func post[I, O any](ctx context.Context, c *Client, path string, in *I) (*O, error) {
	answer, err := c.send(ctx, path, in)
	if err != nil {
		return nil, err
	}
	return decode[O](path, answer)
}

// get reads a document.
func get[O any](ctx context.Context, c *Client, path string) (*O, error) {
	answer, err := c.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	return decode[O](path, answer)
}

// send sends a document.
func (c *Client) send(ctx context.Context, path string, in any) ([]byte, error) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false) // it would make what others sent six times as long
	if err := e.Encode(in); err != nil {
		return nil, fmt.Errorf("webapi: %s: %w", path, err)
	}
	return c.do(ctx, http.MethodPost, path, body.Bytes())
}

func decode[O any](path string, answer []byte) (*O, error) {
	out := new(O)
	if err := json.Unmarshal(answer, out); err != nil {
		return nil, &Error{Path: path, Status: http.StatusBadGateway, Message: "the answer is no document of the Web API"}
	}
	return out, nil
}

type requestIDKey struct{}

// WithRequestID returns a context whose calls tell the engine the name of the
// request that they serve, so that the logs of both can be read together.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// do performs one call. Any status of 200 to 299 is success.
func (c *Client) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, reader)
	if err != nil {
		return nil, fmt.Errorf("webapi: %s: %w", path, err)
	}
	req.Header.Set("Accept", "application/json")
	if id, ok := ctx.Value(requestIDKey{}).(string); ok {
		req.Header.Set(telemetry.RequestIDHeader, id)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("webapi: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("webapi: %s: reading the answer: %w", path, err)
	case len(answer) > maxAnswer:
		return nil, &Error{Path: path, Status: http.StatusBadGateway, Message: "the answer is too long"}
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return nil, refusal(path, resp.StatusCode, answer)
	}
	return answer, nil
}
