package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// report collects outcomes, and writes them down as they come.
type report struct {
	out      io.Writer
	suite    string // address, for links to logs
	expected expectations
	results  map[string]map[result]int // by plan
	verdicts map[verdict]int
	unwanted map[string][]string // labels by plan
}

func newReport(out io.Writer, suite string, expected expectations) *report {
	return &report{
		out: out, suite: suite, expected: expected,
		results: map[string]map[result]int{}, verdicts: map[verdict]int{}, unwanted: map[string][]string{},
	}
}

// add counts an outcome, and tells what did not pass in one line. It reports
// whether the outcome is unwanted.
func (r *report) add(o outcome) (unwanted bool) {
	if r.results[o.plan] == nil {
		r.results[o.plan] = map[result]int{}
	}
	r.results[o.plan][o.result]++
	expected := r.expected.of(o.plan, o.module)
	v := judge(o, expected)
	r.verdicts[v]++
	if unwanted = v == asFailed || v == asNotRun; unwanted {
		r.unwanted[o.plan] = append(r.unwanted[o.plan], o.module)
	}
	if text := r.line(o, v, expected); text != "" {
		_, _ = fmt.Fprintln(r.out, text)
	}
	return unwanted
}

func (r *report) line(o outcome, v verdict, expected *expectation) string {
	text := fmt.Sprintf("%-11s %s %s", o.result, o.plan, o.module)
	switch {
	case v == asPassed || v == asNotRun && o.conditions == nil:
		return ""
	case v == asExpected:
		return text + ": expected: " + cut(expected.Reason, 160)
	case o.result == passed:
		return fmt.Sprintf("STALE       %s %s: it passed; %s is expected of it", o.plan, o.module, expected.Result)
	}
	if expected != nil {
		text += fmt.Sprintf(" (%s is expected of it)", expected.Result)
	}
	if len(o.conditions) > 0 {
		text += ": " + strings.Join(o.conditions, "; ")
	}
	if o.id != "" {
		text += " <" + r.suite + "/log-detail.html?log=" + o.id + ">"
	}
	return text
}

// finish writes the table and the counts.
func (r *report) finish(took time.Duration) error {
	ran := slices.DeleteFunc(planNames(), func(plan string) bool { return r.results[plan] == nil })
	width := len("plan")
	for _, plan := range ran {
		width = max(width, len(plan))
	}
	row := fmt.Sprintf("%-*s  modules", width, "plan")
	for _, x := range results {
		row += "  " + string(x)
	}
	_, _ = fmt.Fprintln(r.out, "\n"+row)
	for _, plan := range ran {
		all, cells := 0, ""
		for _, x := range results {
			n := r.results[plan][x]
			all += n
			cells += fmt.Sprintf("  %*s", len(x), number(n))
		}
		_, _ = fmt.Fprintf(r.out, "%-*s  %7d%s\n", width, plan, all, cells)
	}
	_, err := fmt.Fprintf(r.out, "\nThis took %v.\n%s\n", took.Round(time.Second), r.counts())
	return err
}

// number leaves the place of a zero empty, so that the others are seen.
func number(n int) string {
	if n == 0 {
		return "."
	}
	return fmt.Sprint(n)
}

func (r *report) counts() string {
	text := fmt.Sprintf("%d passed, %d failed, %d expected", r.verdicts[asPassed], r.verdicts[asFailed], r.verdicts[asExpected])
	if n := r.verdicts[asNotRun]; n > 0 {
		text += fmt.Sprintf(", %d NOT RUN", n)
	}
	return text
}

// good reports whether everything was as expected.
func (r *report) good() bool { return r.verdicts[asFailed] == 0 && r.verdicts[asNotRun] == 0 }
