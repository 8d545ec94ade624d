// Command engine is an engine with nothing around it, for the proof that
// rules are wired: it serves the Web API from a database in memory, prints
// its address on the first line and ends on SIGTERM or when its standard
// input does. Built with the tag ruleoff it runs without the one refusal that
// SYMBOLON_RULE_OFF names.
package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/symbolon-auth/symbolon/internal/httpapi"
	"github.com/symbolon-auth/symbolon/internal/store/sqlstore"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "engine:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if err := switchOff(os.Getenv("SYMBOLON_RULE_OFF")); err != nil {
		return err
	}
	master, err := base64.StdEncoding.DecodeString(os.Getenv("SYMBOLON_MASTER_KEY"))
	if err != nil {
		return fmt.Errorf("SYMBOLON_MASTER_KEY: %w", err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	store, err := sqlstore.Open(ctx, "memory:", sqlstore.Options{Migrate: true, Log: log})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	api, err := httpapi.New(ctx, httpapi.Options{Store: store, MasterKey: master, RootToken: os.Getenv("SYMBOLON_ROOT_TOKEN"), Log: log})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}
	gone := make(chan struct{})
	go func() { // whoever started this process has ended
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(gone)
	}()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Println(listener.Addr())
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	case <-gone:
	}
	return server.Close()
}
