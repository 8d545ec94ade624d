package sqlstore

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// consumption says what a job consumes first, and by that which table its key
// belongs to.
type consumption uint8

const (
	nothing     consumption = iota
	redeemCode              // codes: becomes consumed, kept until job.keep
	rotateToken             // tokens: becomes consumed, retried until job.keep
	renewToken              // tokens: gets another pair and perhaps expiry
	useWindow               // tokens: stays as it is; its retry window must be open
	editTicket              // tickets: gets another body
	takeTicket              // tickets: goes; job.pushed is consumed with it
	holdPushed              // pushed: stays, kept until job.keep
)

// A job is one hot verb, taken apart. What it does, in this order: spend the
// marks, consume, and then either everything under "if it won" or everything
// under "if it lost".
type job struct {
	now     int64
	service int64
	marks   []grant.Mark

	consume   consumption
	key       grant.Key
	keep      int64     // see consumption; never is 0 here
	pair      grant.Key // renewToken
	successor []byte    // rotateToken
	pushed    grant.Key // takeTicket; zero: none
	body      []byte    // editTicket

	// If it won.
	deletes [2]grant.Key // tokens; zero: none
	closes  grant.Key    // token whose retry window ends; zero: none
	code    *codeRow
	tokens  []tokenRow
	ticket  *ticketRow
	push    *pushedRow
	grant   *grantRow
	raise   grant.Key // grant whose expiry becomes at least raiseTo; zero: none
	raiseTo int64
	revoke  []grant.Key // grants
	chosen  bool        // tokens may collide: outcome Taken

	// If it lost.
	lostRevoke grant.Key // grant; zero: none
	ifConsumed bool      // only if the code it did not get is there and consumed

	// task, if set, is all that the job is: something that needs the
	// writer's connection to itself. Only SQLite has such jobs.
	task func(ctx context.Context) error

	outcome store.Outcome
	err     error
	queued  time.Time
	state   atomic.Uint32 // of the values below; moves away from queued once
	done    chan struct{}
}

const (
	stateQueued uint32 = iota
	stateTaken
	stateDropped
)

// replayed is called for each mark of j that was there already.
func (j *job) replayed(mark int) {
	switch {
	case mark == 0:
		j.outcome = store.Replayed
	case j.outcome == 0:
		j.outcome = store.ReplayedLater
	}
}

// collides reports whether j brings the same chosen handle twice.
func (j *job) collides() bool {
	return j.chosen && len(j.tokens) == 2 && j.tokens[0].key == j.tokens[1].key
}

// alone reports whether j must not share a batch.
func (j *job) alone() bool { return j.chosen || j.task != nil }

// repeats reports whether mark i stands among those before it. A job that
// spends one mark twice is a replay of itself.
func (j *job) repeats(i int) bool {
	for k := range i {
		if j.marks[i].Key == j.marks[k].Key {
			return true
		}
	}
	return false
}

// keys calls yield with every key that only one job at a time may touch:
// marks, what is consumed, deleted or inserted, and retry windows. Grants are
// not among them: what jobs do to them adds up in any order.
func (j *job) keys(yield func(grant.Key) bool) {
	for i := range j.marks {
		if !yield(j.marks[i].Key) {
			return
		}
	}
	for _, k := range [...]grant.Key{j.key, j.pushed, j.closes, j.deletes[0], j.deletes[1]} {
		if !k.IsZero() && !yield(k) {
			return
		}
	}
	for i := range j.tokens {
		if !yield(j.tokens[i].key) {
			return
		}
	}
	if j.code != nil && !yield(j.code.key) {
		return
	}
	if j.ticket != nil && !yield(j.ticket.key) {
		return
	}
	if j.push != nil {
		yield(j.push.key)
	}
}

// bytes is about how much j inserts.
func (j *job) bytes() int {
	n := len(j.successor) + len(j.body)
	for i := range j.tokens {
		n += len(j.tokens[i].body) + len(j.tokens[i].successor)
	}
	if j.code != nil {
		n += len(j.code.body)
	}
	if j.ticket != nil {
		n += len(j.ticket.body)
	}
	if j.push != nil {
		n += len(j.push.body)
	}
	if j.grant != nil {
		n += len(j.grant.body)
	}
	return n
}

// doesMore reports whether j does more than spend marks.
func (j *job) doesMore() bool {
	return j.consume != nothing || j.deletes != [2]grant.Key{} || !j.closes.IsZero() || j.code != nil || len(j.tokens) > 0 ||
		j.ticket != nil || j.push != nil || j.grant != nil || !j.raise.IsZero() || len(j.revoke) > 0
}

// rows counts what j inserts into t.
func (j *job) rows(t table) int {
	one := func(there bool) int {
		if there {
			return 1
		}
		return 0
	}
	switch t {
	case marks:
		return len(j.marks)
	case codes:
		return one(j.code != nil)
	case tokens:
		return len(j.tokens)
	case tickets:
		return one(j.ticket != nil)
	case pushed:
		return one(j.push != nil)
	case grants:
		return one(j.grant != nil)
	}
	return 0
}
