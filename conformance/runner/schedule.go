package main

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// How many modules run at a time. More that compute only get into each
// other's way; those that wait cost nothing.
const (
	ordinaryWorkers = 3
	sleepingWorkers = 12
)

// job is one module to run, in any lane of its plan.
type job struct {
	plan   *plan
	module module
	lanes  chan string // ids of the suite's plans that are free
}

// lanesFor returns how many lanes a plan of these modules needs, so that no
// worker ever waits for one.
func lanesFor(modules []module) int {
	sleeping := 0
	for _, m := range modules {
		if m.wait() > 0 {
			sleeping++
		}
	}
	return min(ordinaryWorkers, len(modules)-sleeping) + min(sleepingWorkers, sleeping)
}

// schedule runs jobs in two pools, one for those that sleep, each the longest
// first. done is called for one outcome at a time. A job that is not reached
// before ctx ends has the result notRun.
func schedule(ctx context.Context, jobs []job, run func(ctx context.Context, plan string, m module, limit time.Duration) outcome, done func(outcome)) {
	jobs = slices.Clone(jobs)
	slices.SortStableFunc(jobs, func(a, b job) int { return cmp.Compare(b.module.wait(), a.module.wait()) })
	awake := slices.IndexFunc(jobs, func(j job) bool { return j.module.wait() == 0 })
	if awake < 0 {
		awake = len(jobs)
	}
	var workers sync.WaitGroup
	var one sync.Mutex
	for _, pool := range []struct {
		jobs    []job
		workers int
	}{{jobs[:awake], sleepingWorkers}, {jobs[awake:], ordinaryWorkers}} {
		queue := make(chan job, len(pool.jobs))
		for _, j := range pool.jobs {
			queue <- j
		}
		close(queue)
		for range min(pool.workers, len(pool.jobs)) {
			workers.Go(func() {
				for j := range queue {
					o := j.do(ctx, run)
					one.Lock()
					done(o)
					one.Unlock()
				}
			})
		}
	}
	workers.Wait()
}

func (j *job) do(ctx context.Context, run func(context.Context, string, module, time.Duration) outcome) outcome {
	o := outcome{module: j.module.label, result: notRun}
	if ctx.Err() == nil {
		lane := <-j.lanes
		o = run(ctx, lane, j.module, j.module.limit())
		j.lanes <- lane
	}
	o.plan = j.plan.name
	return o
}
