package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// expectation is a module that does not pass, and why that is right.
type expectation struct {
	Plans  []string `yaml:"plans"`
	Module string   `yaml:"module"`
	Result result   `yaml:"result"`
	Reason string   `yaml:"reason"`
}

// expectable are the results that can be right without a pass. A failure
// never is.
var expectable = []result{warning, review, skipped}

// expectations are all of them.
type expectations []expectation

// parseExpectations reads the list.
func parseExpectations(text []byte) (expectations, error) {
	var list expectations
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	seen := map[[2]string]bool{}
	for i, e := range list {
		switch {
		case e.Module == "" || len(e.Plans) == 0:
			return nil, fmt.Errorf("entry %d has no module or no plans", i+1)
		case !slices.Contains(expectable, e.Result):
			return nil, fmt.Errorf("%s: the result can be WARNING, REVIEW or SKIPPED, not %q", e.Module, e.Result)
		case strings.TrimSpace(e.Reason) == "":
			return nil, fmt.Errorf("%s: there is no reason", e.Module)
		}
		for _, p := range e.Plans {
			switch {
			case !slices.Contains(planNames(), p):
				return nil, fmt.Errorf("%s: there is no plan %q", e.Module, p)
			case seen[[2]string{p, e.Module}]:
				return nil, fmt.Errorf("%s: it is there twice for %s", e.Module, p)
			}
			seen[[2]string{p, e.Module}] = true
		}
	}
	return list, nil
}

// of returns what is expected of a module, or nil. A module that a plan has
// several times is expected to end alike each time.
func (list expectations) of(plan, label string) *expectation {
	name, _, _ := strings.Cut(label, " (")
	for i, e := range list {
		if e.Module == name && slices.Contains(e.Plans, plan) {
			return &list[i]
		}
	}
	return nil
}

// check returns an error where something is expected of a module that the
// plan does not have.
func (list expectations) check(plan string, modules []module) error {
	for _, e := range list {
		if slices.Contains(e.Plans, plan) && !slices.ContainsFunc(modules, func(m module) bool { return m.Name == e.Module }) {
			return fmt.Errorf("an expectation names %s, which %s does not have", e.Module, plan)
		}
	}
	return nil
}
