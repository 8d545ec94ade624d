//go:build !ruleoff

package main

import "errors"

func switchOff(id string) error {
	if id != "" {
		return errors.New("SYMBOLON_RULE_OFF is set, but rules can be switched off only under the build tag ruleoff")
	}
	return nil
}
