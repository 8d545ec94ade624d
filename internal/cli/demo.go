package cli

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/symbolon-auth/symbolon/internal/config"
	"github.com/symbolon-auth/symbolon/internal/demo"
	"github.com/symbolon-auth/symbolon/internal/front"
	"github.com/symbolon-auth/symbolon/internal/userfile"
	"github.com/symbolon-auth/symbolon/internal/webapi"
)

type demoCommand struct {
	config.Demo `embed:""`
}

func (c *demoCommand) Help() string {
	return `An engine on an embedded database and two fronts run in this process: plain OpenID Connect on http://localhost:9080, and FAPI 2.0 on https://localhost:9443 with a certificate of a local authority. Services, clients and users are made at the first start and found again at the next.

With --once nothing is kept and nothing listens: one authorization is taken through all its steps, each is told, and the exit code says whether all went well.`
}

// Run runs the demonstration.
func (c *demoCommand) Run(ctx context.Context, w *World, log *slog.Logger) error {
	issuers, err := c.issuers()
	if err != nil {
		return err
	}
	if c.Once {
		return once(ctx, w, log, issuers)
	}
	return c.stay(ctx, w, log, issuers)
}

// issuers follow from the addresses. They are names, not numbers, because
// passkeys refuse addresses.
func (c *demoCommand) issuers() (demo.Issuers, error) {
	_, plain, err := net.SplitHostPort(c.FrontAddr)
	if err != nil {
		return demo.Issuers{}, fmt.Errorf("front-addr: %w", err)
	}
	_, fapi, err := net.SplitHostPort(c.FrontTLSAddr)
	if err != nil {
		return demo.Issuers{}, fmt.Errorf("front-tls-addr: %w", err)
	}
	for setting, addr := range map[string]string{"api-addr": c.APIAddr, "front-addr": c.FrontAddr, "front-tls-addr": c.FrontTLSAddr} {
		if !isLoopback(addr) {
			return demo.Issuers{}, fmt.Errorf("%s: the demonstration, whose passwords are known, is for this machine only", setting)
		}
	}
	return demo.Issuers{Plain: "http://localhost:" + plain, FAPI: "https://localhost:" + fapi}, nil
}

// stay serves the demonstration until ctx ends.
func (c *demoCommand) stay(ctx context.Context, w *World, log *slog.Logger, issuers demo.Issuers) (err error) {
	api := &site{setting: "api-addr", addr: c.APIAddr}
	plain := &site{setting: "front-addr", addr: c.FrontAddr}
	fapi := &site{setting: "front-tls-addr", addr: c.FrontTLSAddr, tls: tlsConfig()}
	ports, err := listen(ctx, api, plain, fapi)
	if err != nil {
		return err
	}
	defer ports.close()
	folder, err := c.folder()
	if err != nil {
		return fmt.Errorf("dir: %w", err)
	}
	pair, err := folder.Certificate(time.Now())
	if err != nil {
		return fmt.Errorf("dir: %w", err)
	}
	fapi.tls.Certificates = []tls.Certificate{pair}

	e, root, err := c.engine(ctx, log, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	d, err := openDemo(ctx, log, e, root, folder, issuers)
	if err != nil {
		return err
	}
	go e.Run(ctx)
	api.handler, plain.handler, fapi.handler = e, d.plain, d.fapi
	if err := folder.Greet(w.Out, d.seeded, "http://"+c.APIAddr); err != nil {
		return err
	}
	return ports.serve(ctx, log)
}

func (c *demoCommand) folder() (*demo.Folder, error) {
	folder, err := demo.Open(c.Dir)
	if err == nil && c.Reset {
		err = folder.Reset()
	}
	return folder, err
}

// engine opens the engine of the folder, with the root token that lies there.
func (c *demoCommand) engine(ctx context.Context, log *slog.Logger, folder *demo.Folder) (*engine, string, error) {
	key, err := masterKey(folder.Database(), "", "")
	if err != nil {
		return nil, "", err
	}
	root, err := folder.RootToken()
	if err != nil {
		return nil, "", fmt.Errorf("dir: %w", err)
	}
	e, err := openEngine(ctx, log, engineOptions{database: folder.Database(), migrate: true, masterKey: key, rootToken: root})
	return e, root, err
}

// keeper keeps the secrets of a demonstration: a folder, or the memory of one
// that runs once.
type keeper interface {
	CookieKey() ([]byte, error)
	ClientKey() (*demo.ClientKey, error)
	Users() (*userfile.Directory, error)
	State() (demo.State, error)
	Save(demo.State) error
}

// demonstration is what runs besides the engine.
type demonstration struct {
	seeded      *demo.Seeded
	client      *demo.ClientKey
	plain, fapi *front.Front
}

// openDemo seeds an engine and puts two fronts before it.
func openDemo(ctx context.Context, log *slog.Logger, engine http.Handler, root string, k keeper, issuers demo.Issuers) (*demonstration, error) {
	cookies, err := k.CookieKey()
	if err != nil {
		return nil, err
	}
	users, err := k.Users()
	if err != nil {
		return nil, err
	}
	d := &demonstration{}
	if d.client, err = k.ClientKey(); err != nil {
		return nil, err
	}
	old, err := k.State()
	if err != nil {
		return nil, err
	}
	transport := webapi.Direct(engine)
	const here = "http://engine" // the transport looks at the path only
	if d.seeded, err = demo.Seed(ctx, webapi.New(here, 0, root, transport), issuers, d.client, old); err != nil {
		return nil, err
	}
	if err := k.Save(d.seeded.State); err != nil {
		return nil, err
	}
	open := func(t demo.Tenant, issuer string) (*front.Front, error) {
		return front.New(front.Options{
			API: webapi.New(here, t.Service, t.Token, transport), Issuer: issuer, Users: users, Key: cookies,
			Introspectors: map[string]string{demo.IntrospectorName: demo.IntrospectorSecret}, Log: log,
		})
	}
	if d.plain, err = open(d.seeded.Plain, issuers.Plain); err != nil {
		return nil, err
	}
	d.fapi, err = open(d.seeded.FAPI, issuers.FAPI)
	return d, err
}

// once walks through one flow, in memory.
func once(ctx context.Context, w *World, log *slog.Logger, issuers demo.Issuers) (err error) {
	root := rand.Text()
	e, err := openEngine(ctx, log, engineOptions{database: "memory:", migrate: true, masterKey: newKey(), rootToken: root})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	d, err := openDemo(ctx, log, e, root, demo.Memory{}, issuers)
	if err != nil {
		return err
	}
	return demo.Walk(ctx, w.Out, d.fapi, issuers.FAPI, d.client)
}
