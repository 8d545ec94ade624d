package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// EnvPrefix begins the names of all environment variables.
const EnvPrefix = "SYMBOLON_"

// EnvName returns the environment variable of a setting.
func EnvName(setting string) string {
	return EnvPrefix + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
}

// IsSetting reports whether a flag is a setting, and not an act.
func IsSetting(f *kong.Flag) bool { return f.Name != "help" && f.Tag.Get("setting") != "-" }

// Source finds the settings that are not on the command line: in the
// environment and in a file. It is a kong.Resolver.
type Source struct {
	// Lookup reads the environment, as os.LookupEnv does. A variable that is
	// set but empty counts as not set.
	Lookup func(name string) (string, bool)

	path string
	file map[string]yaml.Node
}

// BeforeResolve opens the file, once the command line is known. It is a hook
// for kong.WithBeforeResolve.
func (s *Source) BeforeResolve(ctx *kong.Context) error {
	if s.file != nil {
		return nil // the hook runs for every element of the command line
	}
	s.file = map[string]yaml.Node{}
	for _, f := range ctx.Flags() {
		if f.Name == "config" {
			s.path, _ = ctx.FlagValue(f).(string)
		}
	}
	if s.path == "" {
		s.path, _ = s.Lookup(EnvName("config"))
	}
	if s.path == "" {
		return nil
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		return fmt.Errorf("config: %w", err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&s.file); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("config: %s: %w", s.path, err)
	}
	return s.check(ctx.Model)
}

// check refuses keys that no command knows, and values that no setting takes.
func (s *Source) check(app *kong.Application) error {
	known := map[string]bool{}
	each(app.Node, func(_ *kong.Node, f *kong.Flag) {
		if IsSetting(f) && f.Name != "config" {
			known[f.Name] = true
		}
	})
	for key, value := range s.file {
		if !known[key] {
			return fmt.Errorf("config: %s:%d: there is no setting %q", s.path, value.Line, key)
		}
		if _, err := scalars(&value); err != nil {
			return fmt.Errorf("config: %s:%d: %s %w", s.path, value.Line, key, err)
		}
	}
	return nil
}

// Validate implements kong.Resolver.
func (s *Source) Validate(*kong.Application) error { return nil }

// Resolve implements kong.Resolver.
func (s *Source) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	if !IsSetting(f) {
		return nil, nil
	}
	if value, ok := s.Lookup(EnvName(f.Name)); ok && value != "" {
		return value, nil
	}
	if node, ok := s.file[f.Name]; ok {
		return scalars(&node)
	}
	return nil, nil
}

// scalars returns a value as kong reads it: text, or a list of texts.
func scalars(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		return n.Value, nil
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, e := range n.Content {
			if e.Kind != yaml.ScalarNode {
				return nil, errors.New("is a list of something else than texts")
			}
			list = append(list, e.Value)
		}
		return list, nil
	default:
		return nil, errors.New("is neither a text nor a list")
	}
}

// each visits the flags of all commands.
func each(n *kong.Node, visit func(*kong.Node, *kong.Flag)) {
	for _, f := range n.Flags {
		visit(n, f)
	}
	for _, child := range n.Children {
		each(child, visit)
	}
}
