package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/symbolon-auth/symbolon/internal/config"
)

// The exit codes.
const (
	ExitOK     = 0
	ExitFailed = 1
	ExitUsage  = 2
)

// World is what a command has of the machine besides files and the network.
type World struct {
	Args   []string // without the name of the program
	Lookup func(name string) (string, bool)
	In     io.Reader
	Out    io.Writer
	Err    io.Writer
}

// commands is the whole command line.
type commands struct {
	config.Common `embed:""`

	Demo         demoCommand    `cmd:"" help:"Run everything in one process: engine, two fronts, users and clients to try."`
	Serve        serveCommand   `cmd:"" help:"Run the engine: the Web API on a database."`
	Front        frontCommand   `cmd:"" help:"Run the ready authorization server in front of an engine."`
	Migrate      migrateCommand `cmd:"" help:"Bring the schema of a database up to date."`
	Service      serviceCommand `cmd:"" help:"Look at and change the services of an engine."`
	Client       clientCommand  `cmd:"" help:"Look at and change the OAuth clients of a service."`
	Token        tokenCommand   `cmd:"" help:"Make and revoke the API tokens of a service."`
	HashPassword hashCommand    `cmd:"" name:"hash-password" help:"Hash a password for the user file."`
	Version      versionCommand `cmd:"" help:"Tell the version."`
}

const description = `Symbolon is an OAuth 2.0, OpenID Connect and FAPI engine behind a Web API.

Flags are settings: what is not on the command line can be a variable of the environment (--api-addr is SYMBOLON_API_ADDR) or a line of the file named by --config (api-addr: …). The command line comes first, then the environment, then the file.`

// exit is what kong's wish to end the process becomes.
type exit int

// newParser returns the parser of the command line.
func newParser(c *commands, w *World) *kong.Kong {
	source := &config.Source{Lookup: w.Lookup}
	return kong.Must(c,
		kong.Name("symbolon"),
		kong.Description(description),
		kong.Writers(w.Out, w.Err),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.ValueFormatter(showDefault),
		kong.WithBeforeResolve(source.BeforeResolve),
		kong.Resolvers(source),
	)
}

// showDefault tells the default of a flag whose placeholder hides it.
func showDefault(v *kong.Value) string {
	if !v.HasDefault || v.Default == "" || v.Flag == nil || v.Flag.PlaceHolder == "" {
		return v.Help
	}
	return v.Help + " Default: " + v.Default
}

// Model describes the command line, for the reference of settings.
func Model() *kong.Application {
	return newParser(&commands{}, &World{Lookup: func(string) (string, bool) { return "", false }}).Model
}

// Main runs one command and returns the exit code. It ends when ctx does.
func Main(ctx context.Context, w *World) (code int) {
	defer func() {
		if v := recover(); v != nil {
			e, ok := v.(exit)
			if !ok {
				panic(v)
			}
			code = int(e)
		}
	}()
	c := &commands{}
	k, err := newParser(c, w).Parse(w.Args)
	if err != nil {
		return w.fail(err, ExitUsage, "; symbolon --help tells more")
	}
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(w, c.logger(w)); err != nil {
		var usage *usageError
		if errors.As(err, &usage) {
			return w.fail(err, ExitUsage, "")
		}
		return w.fail(err, ExitFailed, "")
	}
	return ExitOK
}

// usageError is a command that was called wrongly.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// fail says in one line what went wrong.
func (w *World) fail(err error, code int, hint string) int {
	text := strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	_, _ = fmt.Fprintf(w.Err, "symbolon: %s%s\n", text, hint)
	return code
}

// say writes a line of what the command was asked for.
func (w *World) say(format string, args ...any) error {
	_, err := fmt.Fprintf(w.Out, format+"\n", args...)
	return err
}

func (c *commands) logger(w *World) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil { // kong has checked it
		panic(err)
	}
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w.Err, o))
	}
	return slog.New(slog.NewTextHandler(w.Err, o))
}
