package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// options are the command line.
type options struct {
	Plans  []string `arg:"" optional:"" name:"plan" help:"Plans or families of plans (oidc, fapi2); all where none is given."`
	Only   string   `placeholder:"GLOB" help:"Only modules whose names match, such as '*happy*'."`
	Failed bool     `help:"Only modules that were not as expected when they ran last."`
	Export string   `placeholder:"DIR" help:"Keep the suite's logs of modules that were not as expected, and the logs of the engine and the fronts."`
}

const (
	serverVariable   = "CONFORMANCE_SERVER"
	expectationsFile = "conformance/expectations.yaml"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the process at once
	}()
	var o options
	kong.Parse(&o, kong.Name("conformance/run"), kong.Description("Runs plans of the OpenID Foundation's conformance suite at $"+serverVariable+". Plans: "+strings.Join(planNames(), ", ")+"."))
	good, err := o.run(ctx, os.Getenv(serverVariable), os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
	}
	if err != nil || !good {
		os.Exit(1)
	}
}

// run does everything, and reports whether all results were as expected.
func (o *options) run(ctx context.Context, server string, out io.Writer) (good bool, err error) {
	chosen, err := choose(o.Plans)
	if err != nil {
		return false, err
	}
	if _, err := path.Match(o.Only, ""); err != nil {
		return false, fmt.Errorf("--only %s: %w", o.Only, err)
	}
	text, err := os.ReadFile(expectationsFile)
	if err != nil {
		return false, err
	}
	expected, err := parseExpectations(text)
	if err != nil {
		return false, fmt.Errorf("%s: %w", expectationsFile, err)
	}
	last, err := recall()
	if err != nil {
		return false, fmt.Errorf("%s: %w", memoryFile, err)
	}
	s, err := find(ctx, server, out)
	if err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp("", "symbolon-conformance-")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	logs := dir
	if o.Export != "" {
		if logs = o.Export; os.MkdirAll(logs, 0o755) != nil {
			return false, fmt.Errorf("--export: %s is no folder that can be written", logs)
		}
	}
	certificates, err := s.certificates(ctx)
	if err != nil {
		return false, err
	}
	t, err := newTarget(ctx, dir, logs, certificates)
	defer t.stop()
	if err != nil {
		return false, err
	}
	var jobs []job
	for _, p := range chosen {
		if o.Failed && len(last[p.name]) == 0 {
			continue
		}
		planned, err := t.plan(s, p, expected)
		if err != nil {
			return false, err
		}
		for _, j := range planned {
			if o.wants(j, last) {
				jobs = append(jobs, j)
			}
		}
	}
	if len(jobs) == 0 {
		_, err := fmt.Fprintln(out, "There is no such module.")
		return o.Failed, err
	}
	r := newReport(out, s.base, expected)
	begin := time.Now()
	schedule(t.ctx, jobs, s.run, func(x outcome) {
		if r.add(x) && o.Export != "" && x.log != nil {
			err = errors.Join(err, export(o.Export, x))
		}
	})
	if t.ctx.Err() != nil { // a signal, or a process that ended
		err = errors.Join(err, context.Cause(t.ctx))
	}
	last.note(jobs, r.unwanted)
	return r.good(), errors.Join(err, last.save(), r.finish(time.Since(begin)))
}

// find looks for the suite.
func find(ctx context.Context, server string, out io.Writer) (*suite, error) {
	if server == "" {
		return nil, errors.New("set " + serverVariable + " to the address of a running conformance suite, such as https://localhost.emobix.co.uk:8443; conformance/README.md tells more")
	}
	s := newSuite(server)
	version, err := s.version(ctx)
	if err != nil {
		return nil, fmt.Errorf("no conformance suite answers at %s (%s): %w", server, serverVariable, err)
	}
	_, err = fmt.Fprintf(out, "conformance suite %s at %s\n", version, s.base)
	return s, err
}

// wants reports whether a module was asked for.
func (o *options) wants(j job, last memory) bool {
	matches, _ := path.Match(o.Only, j.module.Name) // the pattern was checked
	return (o.Only == "" || matches) && (!o.Failed || last.has(j.plan.name, j.module.label))
}

// plan makes a plan ready to run: a service with a front, and lanes.
func (t *target) plan(s *suite, p *plan, expected expectations) ([]job, error) {
	n, err := t.open(p)
	if err != nil {
		return nil, err
	}
	clients, err := p.preset.clients()
	if err != nil {
		return nil, err
	}
	run := strings.ToLower(rand.Text()[:6]) // others may use the same suite
	var modules []module
	var lanes chan string
	for i := 1; lanes == nil || i <= cap(lanes); i++ {
		l := lane{}
		if !p.dynamic {
			l.alias = fmt.Sprintf("symbolon-%s-%s-%d", run, p.name, i)
			if l.clients, err = n.register(t.ctx, clients, l.alias, redirectURIs(s.base, l.alias)); err != nil {
				return nil, err
			}
		}
		id, made, err := s.createPlan(t.ctx, p, configuration(p, n.issuer, s.base, l))
		if err != nil {
			return nil, err
		}
		if lanes == nil {
			modules, lanes = made, make(chan string, lanesFor(made))
		}
		lanes <- id
		for p.dynamic && len(lanes) < cap(lanes) { // nothing of the suite's is exclusive
			lanes <- id
		}
		if p.dynamic {
			break
		}
	}
	if err := expected.check(p.name, modules); err != nil {
		return nil, err
	}
	var jobs []job
	for _, m := range modules {
		jobs = append(jobs, job{p, m, lanes})
	}
	return jobs, nil
}

// export keeps the log of a module.
func export(dir string, o outcome) error {
	name := strings.NewReplacer("/", "_", " ", "_").Replace(o.plan + "." + o.module)
	return os.WriteFile(filepath.Join(dir, name+".json"), o.log, 0o644)
}
