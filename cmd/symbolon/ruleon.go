//go:build !ruleoff

package main

func prepare() {}
