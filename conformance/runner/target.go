package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/symbolon-auth/symbolon/internal/demo"
	"github.com/symbolon-auth/symbolon/internal/webapi"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

const (
	startTimeout = 30 * time.Second
	startPoll    = 50 * time.Millisecond
	stopTimeout  = 10 * time.Second
)

// target is what is tested: an engine with a front for each plan, all of them
// processes of the binary. Each plan has a service of its own, so that what
// one leaves behind, such as clients that registered themselves or the limits
// on logins, does not reach another.
type target struct {
	dir       string // binary, certificate, users
	logs      string // folder of the processes' logs
	rootToken string
	api       string // address of the Web API
	cert, key string

	ctx      context.Context // ends the processes
	end      context.CancelCauseFunc
	children sync.WaitGroup
}

// newTarget builds the product and starts an engine, which trusts the
// certificates of the suite: modules have it fetch from there.
func newTarget(ctx context.Context, dir, logs string, suite []byte) (*target, error) {
	t := &target{dir: dir, logs: logs, rootToken: rand.Text()}
	t.ctx, t.end = context.WithCancelCause(ctx)
	if err := t.prepare(); err != nil {
		return t, err
	}
	serve := []string{"serve", "--database", "memory:", "--fetch-networks", "127.0.0.0/8,::1/128"}
	if len(suite) > 0 {
		trusted := filepath.Join(dir, "suite.pem")
		if err := os.WriteFile(trusted, suite, 0o600); err != nil {
			return t, err
		}
		serve = append(serve, "--fetch-ca", trusted)
	}
	port, err := freePort(ctx)
	if err != nil {
		return t, err
	}
	t.api = "http://127.0.0.1:" + port
	err = t.start("engine", map[string]string{"SYMBOLON_ROOT_TOKEN": t.rootToken}, append(serve, "--api-addr", "127.0.0.1:"+port)...)
	if err == nil {
		err = t.ready(t.api + "/api/lifecycle/healthcheck")
	}
	return t, err
}

// prepare makes the files that the processes need.
func (t *target) prepare() error {
	build := exec.CommandContext(t.ctx, "go", "build", "-trimpath", "-o", t.binary(), "./cmd/symbolon")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, text)
	}
	folder, err := demo.Open(t.dir)
	if err != nil {
		return err
	}
	if _, err := folder.Certificate(time.Now()); err != nil {
		return err
	}
	t.cert, t.key = folder.CertificateFiles()
	text, err := users()
	if err != nil {
		return err
	}
	return os.WriteFile(t.users(), text, 0o600)
}

func (t *target) binary() string { return filepath.Join(t.dir, "symbolon") }
func (t *target) users() string  { return filepath.Join(t.dir, "conformance-users.yaml") }

// start starts a process. That it ends by itself ends everything.
func (t *target) start(name string, env map[string]string, args ...string) error {
	path := filepath.Join(t.logs, name+".log")
	log, err := os.Create(path)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(t.ctx, t.binary(), args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopTimeout
	cmd.Stdout, cmd.Stderr = log, log
	for _, variable := range os.Environ() { // settings of whoever starts us are not meant
		if !strings.HasPrefix(variable, "SYMBOLON_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	for key, value := range env {
		cmd.Env = append(cmd.Env, key+"="+value)
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	t.children.Go(func() {
		err := cmd.Wait()
		_ = log.Close()
		if t.ctx.Err() == nil {
			text, _ := os.ReadFile(path)
			t.end(fmt.Errorf("%s ended: %w: %s", name, cmp.Or(err, errEnded), bytes.TrimSpace(text)))
		}
	})
	return nil
}

var errEnded = errors.New("by itself")

// ready waits until an address answers.
func (t *target) ready(address string) error {
	client := &http.Client{Timeout: startTimeout, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	defer client.CloseIdleConnections()
	ctx, cancel := context.WithTimeoutCause(t.ctx, startTimeout, fmt.Errorf("%s did not answer within %v", address, startTimeout))
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		if resp, err := client.Do(r); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(startPoll):
		}
	}
}

// stop ends the processes and waits for them.
func (t *target) stop() {
	t.end(nil)
	t.children.Wait()
}

// tenant is a service with its front.
type tenant struct {
	issuer string
	api    *webapi.Client
}

// open makes the service of a plan and starts its front.
func (t *target) open(p *plan) (*tenant, error) {
	port, err := freePort(t.ctx)
	if err != nil {
		return nil, err
	}
	issuer := "https://localhost:" + port
	root := webapi.New(t.api, 0, t.rootToken, nil)
	doc := p.preset.service()
	address(doc, issuer)
	made, err := root.CreateService(t.ctx, doc)
	if err != nil {
		return nil, fmt.Errorf("service of %s: %w", p.name, err)
	}
	token, err := root.CreateServiceToken(t.ctx, &wire.APITokenCreateRequest{ServiceID: made.APIKey, Permissions: []wire.Permission{wire.PermissionUseService}})
	if err != nil {
		return nil, fmt.Errorf("token of %s: %w", p.name, err)
	}
	err = t.start("front-"+p.name, map[string]string{"SYMBOLON_TOKEN": token.AccessToken},
		"front", "--api", t.api, "--service", strconv.FormatInt(made.APIKey, 10), "--issuer", issuer, "--users", t.users(),
		"--registration-rate", "0", // a plan registers dozens of clients
		"--front-addr", "", "--front-tls-addr", "127.0.0.1:"+port, "--front-tls-cert", t.cert, "--front-tls-key", t.key)
	if err == nil {
		err = t.ready(issuer + "/.well-known/openid-configuration")
	}
	return &tenant{issuer: issuer, api: root.WithService(made.APIKey)}, err
}

// register makes the clients of a lane.
func (n *tenant) register(ctx context.Context, clients []newClient, alias string, redirectURIs []string) ([]credentials, error) {
	var out []credentials
	for i, c := range clients {
		doc := *c.document
		register(&doc, fmt.Sprintf("%s client %d", alias, i+1), redirectURIs)
		made, err := n.api.CreateClient(ctx, &doc)
		if err != nil {
			return nil, fmt.Errorf("client %d of %s: %w", i+1, alias, err)
		}
		out = append(out, credentials{strconv.FormatInt(made.ClientID, 10), made.ClientSecret, c.jwks})
	}
	return out, nil
}

// freePort returns a port of the loopback interface that was free just now.
func freePort(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	return port, err
}
