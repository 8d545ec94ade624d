package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// conn is one keep-alive connection of the load generator.
type conn struct {
	host string
	c    net.Conn
	r    *bufio.Reader
}

// patience is how long an answer may take before the run is given up.
const patience = 20 * time.Second

func dial(addr string) (*conn, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &conn{addr, c, bufio.NewReaderSize(c, 16<<10)}, nil
}

// post sends a request of the Web API and returns the body of its answer.
func (c *conn) post(path, contentType, token string, body []byte) ([]byte, error) {
	resp, out, err := c.send(http.MethodPost, path, "Content-Type: "+contentType+"\r\nAuthorization: Bearer "+token+"\r\n", body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d %.200s", path, resp.StatusCode, out)
	}
	return out, err
}

// send sends a request; each line of header ends with CRLF.
func (c *conn) send(method, path, header string, body []byte) (*http.Response, []byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n", method, path, c.host, header, len(body))
	b.Write(body)
	if err := c.c.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, nil, err
	}
	if _, err := c.c.Write(b.Bytes()); err != nil {
		return nil, nil, err
	}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	return resp, out, err
}

// figures are what one round of one operation measured.
type figures struct {
	ops      int
	cpu      time.Duration
	elapsed  time.Duration
	p50, p99 time.Duration
}

func (f figures) cpuPerOp() float64 { return float64(f.cpu.Microseconds()) / float64(f.ops) }

// run drives an operation in a closed loop over n connections. Each worker is
// made by start, which prepares what the operation needs.
func run(s *server, n int, warm, length time.Duration, start func(*conn) (func() error, error)) (figures, error) {
	var measuring, stop atomic.Bool
	var wg sync.WaitGroup
	times := make([][]time.Duration, n)
	errs := make([]error, n)
	for i := range n {
		c, err := dial(s.addr)
		if err != nil {
			return figures{}, err
		}
		defer c.c.Close()
		op, err := start(c)
		if err != nil {
			return figures{}, err
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			for !stop.Load() {
				began := time.Now()
				if errs[i] = op(); errs[i] != nil {
					return
				}
				if measuring.Load() {
					times[i] = append(times[i], time.Since(began))
				}
			}
		}()
	}
	time.Sleep(warm)
	before, began := s.cpu(), time.Now()
	measuring.Store(true)
	time.Sleep(length)
	measuring.Store(false)
	f := figures{cpu: s.cpu() - before, elapsed: time.Since(began)}
	stop.Store(true)
	wg.Wait()
	var all []time.Duration
	for i := range n {
		if errs[i] != nil {
			return figures{}, errs[i]
		}
		all = append(all, times[i]...)
	}
	slices.Sort(all)
	f.ops = len(all)
	if f.ops == 0 {
		return f, fmt.Errorf("nothing was done in %s", length)
	}
	f.p50, f.p99 = all[f.ops/2], all[f.ops*99/100]
	return f, nil
}
