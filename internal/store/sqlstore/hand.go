package sqlstore

import "time"

// The clock hand removes what has expired. It walks each hot table in the
// order of its keys, deletes what need not be kept, steps over what lives and
// begins anew at the end. It moves when rows are inserted, four rows for each,
// and a little when nothing happens. So no table needs an index on expiry,
// any lifetime may be extended, and garbage stays a fraction of the table.
const (
	handPace   = 4    // rows looked at for every row inserted
	handStride = 64   // rows that are worth a step
	handIdle   = 32   // rows looked at in an idle tick
	handMost   = 4096 // rows of one step
)

// handGrace is how much longer than needed rows are kept: another node's
// clock may be behind ours, and what it takes for live must be there.
const handGrace = 10 * time.Second

type hand struct {
	now    func() time.Time
	after  [tableCount][]byte // the last key looked at
	credit [tableCount]int    // rows to look at
	turn   table              // whose turn it is when idle
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

// next returns whose turn it is when idle.
func (h *hand) next() table {
	t := h.turn
	h.turn = (h.turn + 1) % tableCount
	return t
}
