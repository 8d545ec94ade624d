package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// memory is what was not as it should be when it ran last: labels of modules
// by plan. It is for --failed.
type memory map[string][]string

const memoryFile = ".conformance/last.json"

func recall() (memory, error) {
	m := memory{}
	text, err := os.ReadFile(memoryFile)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	return m, err
}

func (m memory) has(plan, label string) bool { return slices.Contains(m[plan], label) }

// note forgets the modules that ran and remembers those that were unwanted.
func (m memory) note(ran []job, unwanted map[string][]string) {
	for _, j := range ran {
		m[j.plan.name] = slices.DeleteFunc(m[j.plan.name], func(label string) bool { return label == j.module.label })
	}
	for plan, labels := range unwanted {
		m[plan] = slices.Sorted(slices.Values(append(m[plan], labels...)))
	}
}

func (m memory) save() error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(memoryFile), 0o755); err != nil {
		return err
	}
	return os.WriteFile(memoryFile, append(text, '\n'), 0o644)
}
