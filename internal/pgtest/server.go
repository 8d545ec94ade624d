//go:build unix

package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const patience = 60 * time.Second

// Server is a PostgreSQL cluster.
type Server struct {
	postgres string   // program
	folder   string   // of the socket and everything else
	settings []string // name=value
	as       *syscall.Credential

	running *exec.Cmd
	leash   io.Closer // the server stops when it is closed
	ended   chan struct{}
}

// start makes a cluster and starts it.
func start(settings ...string) (*Server, error) {
	initdb, err := find("initdb")
	if err != nil {
		return nil, err
	}
	postgres, err := find("postgres")
	if err != nil {
		return nil, err
	}
	as, err := unprivileged()
	if err != nil {
		return nil, err
	}
	// The path of a unix socket must be short.
	folder, err := os.MkdirTemp("/tmp", "pgtest-")
	if err != nil {
		return nil, err
	}
	s := &Server{postgres: postgres, folder: folder, settings: settings, as: as}
	if as != nil {
		err = os.Chown(folder, int(as.Uid), int(as.Gid))
	}
	if err == nil {
		err = s.run(initdb, "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	}
	if err == nil {
		err = s.launch()
	}
	if err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

// unprivileged returns whom to run as, or nil for whoever we are.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
	}
	return nil, fmt.Errorf("%w: it does not run as root, and there is no user postgres or nobody", errMissing)
}

func (s *Server) command(program string, args ...string) *exec.Cmd {
	c := exec.Command(program, args...)
	c.Dir = s.folder
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	// A group of its own: what the terminal sends to us is not for it.
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true}
	return c
}

func (s *Server) run(program string, args ...string) error {
	c := s.command(program, args...)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("pgtest: %s: %w: %s", filepath.Base(program), err, bytes.TrimSpace(out))
	}
	return nil
}

// leashed runs a program that is stopped when standard input ends: when we
// close it, or when we are gone.
const leashed = `"$@" </dev/null & pid=$!
(read nothing; kill -QUIT $pid) <&3 2>/dev/null &
exec 3<&-
wait $pid; status=$?
kill $! 2>/dev/null
exit $status`

// launch starts the server and waits until it answers.
func (s *Server) launch() error {
	args := []string{"-c", leashed, "sh", s.postgres, "-D", s.data(), "-k", s.folder}
	for _, v := range append([]string{"listen_addresses=", "max_connections=200"}, s.settings...) {
		args = append(args, "-c", v)
	}
	c := s.command("/bin/sh", args...)
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	c.Stdout, c.Stderr = log, log
	held, leash, err := os.Pipe()
	if err != nil {
		return err
	}
	defer held.Close()
	c.ExtraFiles = []*os.File{held}
	if err := c.Start(); err != nil {
		return errors.Join(err, leash.Close())
	}
	s.running, s.leash, s.ended = c, leash, make(chan struct{})
	go func(ended chan struct{}) { _ = c.Wait(); close(ended) }(s.ended)
	return s.answers()
}

func (s *Server) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-again.C:
		case <-s.ended:
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("pgtest: the server ended: %s", bytes.TrimSpace(log))
		case <-ctx.Done():
			return err
		}
	}
}

// Stop shuts the server down at once, as for a restart.
func (s *Server) Stop(t testing.TB) { s.signal(t, syscall.SIGINT) }

// Kill ends the server like a crash: no farewell, no checkpoint.
func (s *Server) Kill(t testing.TB) { s.signal(t, syscall.SIGKILL) }

// Start starts the server again. The processes of a server that was killed
// take a moment to notice; until then the new one refuses to start.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; {
		err := s.launch()
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "is still in use") || time.Now().After(deadline) {
			t.Fatal(err)
		}
		_ = s.leash.Close()
	}
}

func (s *Server) signal(t testing.TB, signal syscall.Signal) {
	t.Helper()
	pid, err := s.PID()
	if err == nil {
		err = syscall.Kill(pid, signal)
	}
	if err == nil {
		err = s.wait()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// PID returns the process id of the server.
func (s *Server) PID() (int, error) {
	raw, err := os.ReadFile(filepath.Join(s.data(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	return strconv.Atoi(first)
}

func (s *Server) wait() error {
	select {
	case <-s.ended:
		return s.leash.Close()
	case <-time.After(patience):
		return errors.New("pgtest: the server does not end")
	}
}

// remove stops the server and removes all of it.
func (s *Server) remove() error {
	if s.running != nil {
		_ = s.leash.Close()
		if err := s.wait(); err != nil && !errors.Is(err, os.ErrClosed) {
			return err
		}
	}
	return os.RemoveAll(s.folder)
}
