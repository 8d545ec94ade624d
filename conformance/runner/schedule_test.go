package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// planned returns the jobs of a plan with n ordinary modules and those that
// sleep.
func planned(p *plan, n int, sleeping ...string) []job {
	var modules []module
	for i := range n {
		modules = append(modules, module{Name: fmt.Sprintf("%s-%d", p.name, i)})
	}
	for _, s := range sleeping {
		modules = append(modules, module{Name: p.name + s})
	}
	label(modules)
	lanes := make(chan string, lanesFor(modules))
	for i := range cap(lanes) {
		lanes <- fmt.Sprintf("%s %d", p.name, i)
	}
	var jobs []job
	for _, m := range modules {
		jobs = append(jobs, job{p, m, lanes})
	}
	return jobs
}

// A run lasts as long as its longest module where the others fit beside it,
// and never has two modules in one lane.
func TestSchedule(t *testing.T) {
	t.Parallel()
	const ordinary = 2 * time.Second
	synctest.Test(t, func(t *testing.T) {
		jobs := slices.Concat(
			planned(&plan{name: "a"}, 30, "-codereuse-30seconds", "-par-attempt-to-use-expired-request_uri", "-max-age-1"),
			planned(&plan{name: "b"}, 30, "-ensure-token-endpoint-fails-with-expired-auth-code"),
		)
		var mu sync.Mutex
		busy := map[string]bool{}
		awake, most := 0, 0
		var firstSleepers []string
		run := func(_ context.Context, lane string, m module, limit time.Duration) outcome {
			mu.Lock()
			if busy[lane] {
				t.Errorf("%s: two modules at a time", lane)
			}
			busy[lane] = true
			wait := m.wait()
			if limit <= wait {
				t.Errorf("%s: %v are too short", m.Name, limit)
			}
			if wait == 0 {
				awake++
				most = max(most, awake)
			} else {
				firstSleepers = append(firstSleepers, m.Name)
			}
			mu.Unlock()
			time.Sleep(max(wait, ordinary))
			mu.Lock()
			if busy[lane] = false; wait == 0 {
				awake--
			}
			mu.Unlock()
			return outcome{module: m.label, result: passed}
		}
		begin := time.Now()
		var done []outcome
		schedule(t.Context(), jobs, run, func(o outcome) { done = append(done, o) })
		if took, want := time.Since(begin), 62*time.Second; took != want {
			t.Errorf("it took %v, not %v", took, want)
		}
		if len(done) != len(jobs) || most != ordinaryWorkers || len(firstSleepers) != 4 {
			t.Errorf("%d outcomes, %d at a time, sleeping: %v", len(done), most, firstSleepers)
		}
		for _, o := range done {
			if o.plan == "" || !strings.HasPrefix(o.module, o.plan+"-") {
				t.Errorf("%q has the plan %q", o.module, o.plan)
			}
		}
	})
}

// Where there are more that sleep than may at a time, the longest come first.
func TestScheduleLongestFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var jobs []job
		for i := range sleepingWorkers {
			jobs = append(jobs, planned(&plan{name: fmt.Sprint("p", i)}, 0, "-max-age-1")...)
		}
		jobs = append(jobs, planned(&plan{name: "last"}, 0, "-codereuse-30seconds")...)
		begin := time.Now()
		schedule(t.Context(), jobs, func(_ context.Context, _ string, m module, _ time.Duration) outcome {
			time.Sleep(m.wait())
			return outcome{result: passed}
		}, func(outcome) {})
		if took := time.Since(begin); took != 30*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// What is not reached before a signal is not run, and told.
func TestScheduleStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		count := map[result]int{}
		schedule(ctx, planned(&plan{name: "a"}, 30), func(ctx context.Context, _ string, _ module, _ time.Duration) outcome {
			select {
			case <-time.After(2 * time.Second):
				return outcome{result: passed}
			case <-ctx.Done():
				return outcome{result: notRun}
			}
		}, func(o outcome) { count[o.result]++ })
		if count[passed] != ordinaryWorkers || count[notRun] != 30-ordinaryWorkers {
			t.Errorf("%v", count)
		}
	})
}

func TestLanesFor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ ordinary, sleeping, want int }{{1, 0, 1}, {2, 1, 3}, {30, 0, 3}, {30, 2, 5}, {30, 40, 15}, {0, 1, 1}} {
		var modules []module
		for range tc.ordinary {
			modules = append(modules, module{Name: "m"})
		}
		for range tc.sleeping {
			modules = append(modules, module{Name: "m-max-age-1"})
		}
		if got := lanesFor(modules); got != tc.want {
			t.Errorf("%d and %d: %d lanes, not %d", tc.ordinary, tc.sleeping, got, tc.want)
		}
	}
}
