//go:build !ruleoff

package rule

func off(string) bool { return false }
