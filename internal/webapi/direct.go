package webapi

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
)

// Direct returns a transport that calls h in this process instead of opening
// a connection.
func Direct(h http.Handler) http.RoundTripper { return direct{h} }

type direct struct{ handler http.Handler }

// RoundTrip runs the handler beside the caller, so that a handler that hangs
// does not outlive the deadline of the call for the caller.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	in.RemoteAddr = "127.0.0.1:0"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	done := make(chan *answer, 1)
	go func() {
		defer func() { _ = in.Body.Close() }()
		w := &answer{header: make(http.Header)}
		defer func() {
			if recover() != nil { // as net/http does: the connection would be gone
				w.aborted = true
			}
			done <- w
		}()
		d.handler.ServeHTTP(w, in)
	}()
	select {
	case w := <-done:
		if w.aborted {
			return nil, errors.New("the handler gave up")
		}
		return w.response(r), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// answer collects what a handler writes.
type answer struct {
	header  http.Header
	sent    http.Header // as it was when the status was written
	status  int
	body    bytes.Buffer
	aborted bool
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < 200 { // informational answers do not end the request
		return
	}
	a.status, a.sent = status, a.header.Clone()
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *answer) response(r *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	return &http.Response{
		Status:     strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		StatusCode: a.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        a.sent,
		Body:          io.NopCloser(&a.body),
		ContentLength: int64(a.body.Len()),
		Request:       r,
	}
}
