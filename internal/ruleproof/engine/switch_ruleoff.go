//go:build ruleoff

package main

import "github.com/symbolon-auth/symbolon/internal/rule"

func switchOff(id string) error {
	rule.SwitchOff(id)
	return nil
}
