package sqlstore

import "time"

// The clock hand removes what has expired. It walks each hot table in the
// order of its keys, deletes what need not be kept, steps over what lives and
// begins anew at the end. It moves when rows are inserted, four rows for each,
// and in idle ticks as fast as it takes to go round in a minute, so that a
// table that was large at noon is not full of garbage at night. So no table
// needs an index on expiry, any lifetime may be extended, and garbage stays a
// fraction of the table.
const (
	handPace     = 4    // rows looked at for every row inserted
	handStride   = 64   // rows that are worth a step
	handMost     = 4096 // rows of one step
	handRound    = 600  // idle ticks in which it goes round
	handIdle     = 5    // rows of an idle tick at least
	handIdleMost = 512  // and at most: requests may come and wait
)

// handGrace is how much longer than needed rows are kept: another node's
// clock may be behind ours, and what it takes for live must be there.
const handGrace = 10 * time.Second

type hand struct {
	now    func() time.Time
	after  [tableCount][]byte // the last key looked at
	credit [tableCount]int    // rows to look at
	owed   [tableCount]int    // rows to look at when idle
	seen   [tableCount]int    // rows looked at in this round
	size   [tableCount]int    // rows of the round before, about
}

func newHand(now func() time.Time) hand {
	h := hand{now: now}
	for t := range h.after {
		h.after[t] = []byte{}
	}
	return h
}

// deadline is the time before which rows must have expired.
func (h *hand) deadline() int64 { return h.now().Add(-handGrace).UnixMilli() }

// earn gives the hand what a batch inserted.
func (h *hand) earn(batch []*job) {
	for t := range tableCount {
		for _, j := range batch {
			h.credit[t] += handPace * j.rows(t)
		}
	}
}

// spend returns how many rows of t to look at now, or 0.
func (h *hand) spend(t table) int {
	n := h.credit[t]
	if n < handStride {
		return 0
	}
	h.credit[t] = 0
	return min(n, handMost)
}

// due reports whether there is a table to step through.
func (h *hand) due() bool {
	for _, n := range h.credit {
		if n >= handStride {
			return true
		}
	}
	return false
}

// idle returns the table that waits for most in an idle tick, and how many
// rows of it to look at.
func (h *hand) idle() (t table, n int) {
	for i := range tableCount {
		h.owed[i] += max(h.size[i]/handRound, handIdle)
		if h.owed[i] > h.owed[t] {
			t = i
		}
	}
	n = min(h.owed[t], handIdleMost)
	h.owed[t] = 0
	return t, n
}

// moved remembers that the hand has looked at n more rows, or at most so many,
// and where it is now: at the beginning again, where last is empty.
func (h *hand) moved(t table, n int, last []byte) {
	h.seen[t] += n
	if h.after[t] = last; len(last) == 0 {
		h.size[t], h.seen[t] = h.seen[t], 0
	}
}
