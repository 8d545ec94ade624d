package bench

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	rootToken = "the-root-token-of-a-bench"
	masterKey = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="
	tick      = 10 * time.Millisecond // of /proc/PID/stat
)

// server is a process under measurement.
type server struct {
	name string
	addr string
	cmd  *exec.Cmd
	pids func() []int // all processes whose CPU time counts
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// startEngine starts the binary on a database.
func startEngine(ctx context.Context, binary, name, database string, others func() []int, args ...string) (*server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, binary, append([]string{"serve", "--api-addr", addr, "--database", database, "--log-level", "warn"}, args...)...)
	cmd.Env = append(os.Environ(), "SYMBOLON_ROOT_TOKEN="+rootToken, "SYMBOLON_MASTER_KEY="+masterKey)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{name: name, addr: addr, cmd: cmd}
	s.pids = func() []int { return append(others(), cmd.Process.Pid) }
	for began := time.Now(); time.Since(began) < patience; {
		r, err := http.Get("http://" + addr + "/api/lifecycle/healthcheck")
		if err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return s, nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	return nil, fmt.Errorf("%s does not answer", name)
}

// stop ends the process and waits for it.
func (s *server) stop(how os.Signal) {
	_ = s.cmd.Process.Signal(how)
	_, _ = s.cmd.Process.Wait()
}

func startHandler(ctx context.Context) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), "BENCH_HANDLER=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, err
	}
	return &server{name: "handler", addr: strings.TrimSpace(line), cmd: cmd, pids: func() []int { return []int{cmd.Process.Pid} }}, nil
}

// cpu returns the CPU time that the server's processes have used.
func (s *server) cpu() time.Duration {
	var total time.Duration
	for _, pid := range s.pids() {
		b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
		if err != nil {
			continue
		}
		// Fields 14 and 15 are utime and stime; the name before them may
		// hold spaces, but ends with a parenthesis.
		_, rest, _ := strings.Cut(string(b), ") ")
		f := strings.Fields(rest)
		user, _ := strconv.Atoi(f[11])
		system, _ := strconv.Atoi(f[12])
		total += time.Duration(user+system) * tick
	}
	return total
}

// children returns a process and its children: a PostgreSQL server and its
// backends.
func children(parent int) []int {
	out := []int{parent}
	dirs, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, d := range dirs {
		b, err := os.ReadFile(d)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		f := strings.Fields(rest)
		if len(f) > 1 && f[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(d)))
			out = append(out, pid)
		}
	}
	return out
}
