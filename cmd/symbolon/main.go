// Command symbolon is an OAuth 2.0, OpenID Connect and FAPI engine behind a
// Web API, with a ready authorization server and the commands to administer
// it. Everything but the process itself is in internal/cli.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/symbolon-auth/symbolon/internal/cli"
)

func main() {
	prepare()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the process at once
	}()
	os.Exit(cli.Main(ctx, &cli.World{Args: os.Args[1:], Lookup: os.LookupEnv, In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
