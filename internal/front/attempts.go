package front

import (
	"crypto/sha256"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The limits on logins: what may come at once, and how soon one more may
// follow. An address is shared by many people, an account by none. A login
// that succeeds clears its account, but not its address: else whoever has an
// account of his own could guess at others for ever.
const (
	accountBurst = 10
	accountEvery = 30 * time.Second
	addressBurst = 100
	addressEvery = time.Second

	// maxLimiters bounds the memory that a flood of names can take.
	maxLimiters = 20000
	// evictionSample is how many limiters are looked at to find one to forget.
	evictionSample = 32
)

// attempts limits logins per account and per address.
type attempts struct {
	mu       sync.Mutex
	limiters map[[sha256.Size]byte]*rate.Limiter
}

func newAttempts() *attempts {
	return &attempts{limiters: make(map[[sha256.Size]byte]*rate.Limiter)}
}

// take counts one login. Where that is one too many, it returns how long to
// wait.
func (a *attempts) take(account, address string, now time.Time) (wait time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, l := range []*rate.Limiter{
		a.limiter(accountKey(account), accountEvery, accountBurst, now),
		a.limiter(sha256.Sum256([]byte("address "+address)), addressEvery, addressBurst, now),
	} {
		if !l.AllowN(now, 1) {
			missing := 1 - l.TokensAt(now)
			return time.Duration(math.Ceil(missing/float64(l.Limit()))) * time.Second, false
		}
	}
	return 0, true
}

// clear forgets the attempts on an account.
func (a *attempts) clear(account string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.limiters, accountKey(account))
}

func accountKey(account string) [sha256.Size]byte { return sha256.Sum256([]byte("account " + account)) }

func (a *attempts) limiter(key [sha256.Size]byte, every time.Duration, burst int, now time.Time) *rate.Limiter {
	l, ok := a.limiters[key]
	if !ok {
		if len(a.limiters) >= maxLimiters {
			a.evict(now)
		}
		l = rate.NewLimiter(rate.Every(every), burst)
		a.limiters[key] = l
	}
	return l
}

// evict forgets, of a few limiters, the one that was used least: a flood of
// new names pushes out its own entries, not those of an account under attack.
func (a *attempts) evict(now time.Time) {
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
