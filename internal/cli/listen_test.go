package cli

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
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
