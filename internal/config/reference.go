package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Reference returns the documentation of all settings of an application, as
// Markdown.
func Reference(app *kong.Application) string {
	type entry struct {
		flag     *kong.Flag
		commands []string
	}
	var entries []*entry
	each(app.Node, func(n *kong.Node, f *kong.Flag) {
		if !IsSetting(f) || f.Hidden {
			return
		}
		command := "all"
		if n.Type == kong.CommandNode {
			command = n.Path()
		}
		i := slices.IndexFunc(entries, func(e *entry) bool { return e.flag.Name == f.Name && e.flag.Help == f.Help })
		if i < 0 {
			entries = append(entries, &entry{flag: f, commands: []string{command}})
		} else if !slices.Contains(entries[i].commands, command) {
			entries[i].commands = append(entries[i].commands, command)
		}
	})
	slices.SortStableFunc(entries, func(a, b *entry) int { return cmp.Compare(group(a.flag), group(b.flag)) })

	var b strings.Builder
	last := "-"
	for _, e := range entries {
		if g := group(e.flag); g != last {
			last = g
			title := strings.TrimLeft(g, "0123456789 ")
			fmt.Fprintf(&b, "\n## %s\n\n| flag, and key in the file | environment | default | commands | meaning |\n|---|---|---|---|---|\n", title)
		}
		def := "–"
		if e.flag.HasDefault && e.flag.Default != "" {
			def = "`" + e.flag.Default + "`"
		} else if e.flag.Required {
			def = "required"
		}
		commands := make([]string, len(e.commands))
		for i, c := range e.commands {
			commands[i] = strings.TrimPrefix(c, app.Name+" ")
		}
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s | %s |\n", e.flag.Name, EnvName(e.flag.Name), def, strings.Join(commands, ", "), e.flag.Help)
	}
	return b.String()
}

// group orders the groups of settings.
func group(f *kong.Flag) string {
	if f.Group == nil {
		return "0 General"
	}
	return "1 " + f.Group.Title
}
