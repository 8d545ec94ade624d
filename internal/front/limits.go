package front

import (
	"crypto/sha256"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A limit is what may come at once, and how soon one more may follow.
type limit struct {
	name  string
	burst int
	every time.Duration
}

// An address is shared by many people, an account by none. A login that
// succeeds clears its account, but not its address: else whoever has an
// account of his own could guess at others for ever.
func ofAccount(name string) limit { return limit{"account " + name, 10, 30 * time.Second} }

func ofLogins(address string) limit { return limit{"logins of " + address, 100, time.Second} }

// What is registered is kept for ever.
func ofRegistrations(address string, minute int) limit {
	return limit{"registrations of " + address, minute, time.Minute / time.Duration(minute)}
}

const (
	// maxLimiters bounds the memory that a flood of names can take.
	maxLimiters = 20000
	// evictionSample is how many limiters are looked at to find one to forget.
	evictionSample = 32
)

// limits counts what comes, by name. They are this process's own: several
// multiply them, and a restart forgets.
type limits struct {
	mu       sync.Mutex
	limiters map[[sha256.Size]byte]*rate.Limiter
}

func newLimits() *limits {
	return &limits{limiters: make(map[[sha256.Size]byte]*rate.Limiter)}
}

// take counts one. Where that is one too many for any of the limits, it
// returns how long to wait.
func (a *limits) take(now time.Time, of ...limit) (wait time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, o := range of {
		l := a.limiter(o, now)
		if !l.AllowN(now, 1) {
			missing := 1 - l.TokensAt(now)
			return time.Duration(math.Ceil(missing/float64(l.Limit()))) * time.Second, false
		}
	}
	return 0, true
}

// clear forgets what was counted.
func (a *limits) clear(of limit) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.limiters, sha256.Sum256([]byte(of.name)))
}

func (a *limits) limiter(of limit, now time.Time) *rate.Limiter {
	key := sha256.Sum256([]byte(of.name))
	l, ok := a.limiters[key]
	if !ok {
		if len(a.limiters) >= maxLimiters {
			a.evict(now)
		}
		l = rate.NewLimiter(rate.Every(of.every), of.burst)
		a.limiters[key] = l
	}
	return l
}

// evict forgets, of a few limiters, the one that was used least: a flood of
// new names pushes out its own entries, not those of an account under attack.
func (a *limits) evict(now time.Time) {
	var victim [sha256.Size]byte
	most, seen := -1.0, 0
	for key, l := range a.limiters { // begins anywhere
		if full := l.TokensAt(now) / float64(l.Burst()); full > most {
			most, victim = full, key
		}
		if seen++; seen == evictionSample {
			break
		}
	}
	delete(a.limiters, victim)
}
