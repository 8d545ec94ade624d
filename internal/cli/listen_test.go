package cli

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What is under way when the process is told to stop is finished.
func TestFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	begun, release := make(chan struct{}), make(chan struct{})
	s := &site{setting: "addr", addr: "127.0.0.1:0", handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-release
		_, _ = io.WriteString(w, "done")
	})}
	ports, err := listen(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- ports.serve(ctx, slog.New(slog.DiscardHandler)) }()
	answer := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + ports.listeners[0].Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		text, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		answer <- string(text)
	}()
	<-begun
	stop()
	close(release)
	if got := <-answer; got != "done" {
		t.Errorf("the request got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A header that is too long is refused.
func TestHeaderLimit(t *testing.T) {
	t.Parallel()
	s := &site{setting: "addr", addr: "127.0.0.1:0", handler: http.NotFoundHandler()}
	ports, err := listen(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- ports.serve(ctx, slog.New(slog.DiscardHandler)) }()
	for length, want := range map[int]string{16 << 10: "404", 64 << 10: "431"} {
		c, err := net.Dial("tcp", ports.listeners[0].Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: "+strings.Repeat("x", length)+"\r\n\r\n")
		text, _ := io.ReadAll(c)
		if !strings.HasPrefix(string(text), "HTTP/1.1 "+want) {
			t.Errorf("a header of %d bytes: %.40s", length, text)
		}
		_ = c.Close()
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// pipes is a listener of connections in memory, whose clock is the test's.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// TestAttackSlowClients: whoever sends slowly, or nothing, is let go of.
func TestAttackSlowClients(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sent  string
		after time.Duration
	}{
		"nothing":            {"", headerTimeout},
		"half a header":      {"GET / HTTP/1.1\r\nHost: x\r\n", headerTimeout},
		"half a body":        {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345", bodyTimeout},
		"a chunk and a half": {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n5\r\nx", bodyTimeout},
		"idle afterwards":    {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", idleTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &site{handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })}
				server, conns := s.server(slog.New(slog.DiscardHandler)), make(pipes)
				go func() { _ = server.Serve(conns) }()
				here, there := net.Pipe()
				conns <- there
				began := time.Now()
				go func() { _, _ = io.WriteString(here, tc.sent) }()
				_, _ = io.Copy(io.Discard, here) // until the server closes
				if took := time.Since(began); took < tc.after || took > tc.after+time.Second {
					t.Errorf("let go of after %v, want %v", took, tc.after)
				}
				close(conns)
				_ = server.Close()
			})
		})
	}
}
