//go:build ruleoff

package main

import (
	"os"

	"github.com/symbolon-auth/symbolon/internal/rule"
)

// prepare makes the build of the proof that rules are wired: one refusal is
// switched off by its id. Released binaries do not have it.
func prepare() { rule.SwitchOff(os.Getenv("SYMBOLON_RULE_OFF")) }
