package main

import (
	"fmt"
	"time"
)

// result is how a module ended.
type result string

// The results of the suite, and two of our own.
const (
	passed      result = "PASSED"
	warning     result = "WARNING"
	review      result = "REVIEW"
	skipped     result = "SKIPPED"
	failed      result = "FAILED"
	interrupted result = "INTERRUPTED"
	timeout     result = "TIMEOUT" // we gave it up
	notRun      result = "NOT RUN"
)

// results are all of them, in the order of the table.
var results = []result{passed, warning, review, skipped, failed, interrupted, timeout, notRun}

// resultOf returns what status and result of a module that ended mean.
func resultOf(status, text string) (result, error) {
	if status == "INTERRUPTED" {
		return interrupted, nil
	}
	switch r := result(text); r {
	case passed, warning, review, skipped, failed:
		return r, nil
	}
	return "", fmt.Errorf("the suite tells the status %q and the result %q", status, text)
}

// outcome is what became of one module.
type outcome struct {
	plan       string
	module     string // its label
	id         string // the suite's
	result     result
	conditions []string // what the module complained about
	log        []byte   // the whole log of a module that did not pass
	took       time.Duration
}

// verdict is what an outcome means for us.
type verdict string

const (
	asPassed   verdict = "passed"
	asExpected verdict = "expected"
	asFailed   verdict = "failed"
	asNotRun   verdict = "not run"
)

// judge compares an outcome with what was expected of the module; expected is
// nil where that is a pass. An expectation that is stale counts as a failure:
// else the list would never become shorter.
func judge(o outcome, expected *expectation) verdict {
	switch {
	case o.result == notRun:
		return asNotRun
	case expected == nil && o.result == passed:
		return asPassed
	case expected != nil && o.result == expected.Result:
		return asExpected
	}
	return asFailed
}
