package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

var errInjected = errors.New("injected")

// verb is one call of a store, with what it needs prepared.
type verb struct {
	name    string
	want    store.Outcome // 0: it has no outcome
	prepare func(w *world) func() (store.Outcome, error)
}

func noOutcome(err error) (store.Outcome, error) { return 0, err }

var hotVerbs = []verb{
	{"Spend", store.Done, func(w *world) func() (store.Outcome, error) {
		m := []grant.Mark{w.mark(), w.mark()}
		return func() (store.Outcome, error) { return w.s.Spend(w.ctx, w.now, m) }
	}},
	{"Push", store.Done, func(w *world) func() (store.Outcome, error) {
		job := store.Push{Now: w.now, Marks: []grant.Mark{w.mark()}, Pushed: &grant.Pushed{
			Key: w.key(), Service: w.service, Expires: w.now + 1000,
		}}
		return func() (store.Outcome, error) { return w.s.Push(w.ctx, job) }
	}},
	{"PutTicket", store.Done, func(w *world) func() (store.Outcome, error) {
		job := store.PutTicket{Now: w.now, Ticket: w.ticket(w.push().Key)}
		job.Ticket.Expires += 1000
		return func() (store.Outcome, error) { return w.s.PutTicket(w.ctx, job) }
	}},
	{"FinishAuthorization", store.Done, func(w *world) func() (store.Outcome, error) {
		t := w.ticket(w.push().Key)
		w.done(w.s.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: t}))
		job := store.FinishAuthorization{Now: w.now, Service: w.service, Ticket: t.Key, Pushed: t.Pushed}
		job.Grant, job.Code = w.authorization()
		return func() (store.Outcome, error) { return w.s.FinishAuthorization(w.ctx, job) }
	}},
	{"RedeemCode", store.Done, func(w *world) func() (store.Outcome, error) {
		job := w.redeem()
		return func() (store.Outcome, error) { return w.s.RedeemCode(w.ctx, job) }
	}},
	{"RedeemCode lost", store.Lost, func(w *world) func() (store.Outcome, error) {
		job := w.redeem()
		w.done(w.s.RedeemCode(w.ctx, job))
		job.Marks = []grant.Mark{w.mark()}
		return func() (store.Outcome, error) { return w.s.RedeemCode(w.ctx, job) }
	}},
	{"RedeemCode chosen", store.Done, func(w *world) func() (store.Outcome, error) {
		job := w.redeem()
		job.Chosen = true
		return func() (store.Outcome, error) { return w.s.RedeemCode(w.ctx, job) }
	}},
	{"RedeemCode taken", store.Taken, func(w *world) func() (store.Outcome, error) {
		job := w.redeem()
		w.done(w.issue(job.Tokens[0]))
		job.Chosen, job.Marks = true, nil // marks of its own would be spent
		return func() (store.Outcome, error) { return w.s.RedeemCode(w.ctx, job) }
	}},
	{"IssueToken", store.Done, func(w *world) func() (store.Outcome, error) {
		job := store.IssueToken{Now: w.now, Marks: []grant.Mark{w.mark()}, Token: w.token(grant.Access, w.refresh().Grant)}
		return func() (store.Outcome, error) { return w.s.IssueToken(w.ctx, job) }
	}},
	{"Rotate", store.Done, func(w *world) func() (store.Outcome, error) {
		job := w.rotate()
		return func() (store.Outcome, error) { return w.s.Rotate(w.ctx, job) }
	}},
	{"Rotate lost", store.Lost, func(w *world) func() (store.Outcome, error) {
		job := w.rotate()
		w.done(w.s.Rotate(w.ctx, job))
		job.Marks = []grant.Mark{w.mark()}
		return func() (store.Outcome, error) { return w.s.Rotate(w.ctx, job) }
	}},
	{"Renew", store.Done, func(w *world) func() (store.Outcome, error) {
		r := w.refresh()
		old := w.token(grant.Access, r.Grant)
		w.done(w.issue(old))
		job := store.Renew{
			Now: w.now, Marks: []grant.Mark{w.mark()}, Service: w.service, Refresh: r.Key, OldAccess: old.Key,
			RefreshExpires: r.Expires + 1, Grant: r.Grant, GrantExpires: w.now + 9000_000, Token: w.token(grant.Access, r.Grant),
		}
		return func() (store.Outcome, error) { return w.s.Renew(w.ctx, job) }
	}},
	{"Renew in the window", store.Done, func(w *world) func() (store.Outcome, error) {
		r := w.rotate()
		r.RetryUntil = w.now + 1000
		w.done(w.s.Rotate(w.ctx, r))
		job := store.Renew{
			Now: w.now, Service: w.service, Refresh: r.Refresh, Window: true, Grant: r.Grant,
			Token: w.token(grant.Access, r.Grant),
		}
		return func() (store.Outcome, error) { return w.s.Renew(w.ctx, job) }
	}},
	{"Revoke", store.Done, func(w *world) func() (store.Outcome, error) {
		r := w.refresh()
		job := store.Revoke{Now: w.now, Marks: []grant.Mark{w.mark()}, Service: w.service, Grant: r.Grant, Token: r.Key}
		return func() (store.Outcome, error) { return w.s.Revoke(w.ctx, job) }
	}},
	{"RevokeClient", 0, func(w *world) func() (store.Outcome, error) {
		w.client++
		w.refresh()
		client := w.client
		return func() (store.Outcome, error) { return noOutcome(w.s.RevokeClient(w.ctx, w.service, client)) }
	}},
}

// redeem is a redemption that does everything one can do.
func (w *world) redeem() store.RedeemCode {
	w.Helper()
	g, c := w.authorize()
	return store.RedeemCode{
		Now: w.now, Marks: []grant.Mark{w.mark(), w.mark()}, Service: w.service, Code: c.Key, Grant: g.Key,
		GrantExpires: g.Expires + 1000, Tokens: []*grant.Token{w.token(grant.Access, g.Key), w.token(grant.Refresh, g.Key)},
	}
}

// rotate is a rotation that does everything one can do.
func (w *world) rotate() store.Rotate {
	w.Helper()
	r := w.refresh()
	access, before := w.token(grant.Access, r.Grant), w.token(grant.Refresh, r.Grant)
	before.RetryUntil, before.Successor = w.now+1000, []byte("sealed")
	w.done(w.issue(access))
	w.done(w.issue(before))
	return store.Rotate{
		Now: w.now, Marks: []grant.Mark{w.mark()}, Service: w.service, Refresh: r.Key, Access: access.Key,
		Predecessor: before.Key, Successor: []byte("sealed"), LostRevokes: true, Grant: r.Grant,
		GrantExpires: w.now + 9000_000, Tokens: []*grant.Token{w.token(grant.Access, r.Grant), w.token(grant.Refresh, r.Grant)},
	}
}

// putService stores a service of its own.
func (w *world) putService() int64 {
	w.Helper()
	w.now++
	_, err := w.s.PutService(w.ctx, store.ServiceRow{ID: w.now})
	w.ok(err)
	return w.now
}

var coldVerbs = []verb{
	{"PutService", 0, func(w *world) func() (store.Outcome, error) {
		row := store.ServiceRow{ID: w.now}
		w.now++
		return func() (store.Outcome, error) { _, err := w.s.PutService(w.ctx, row); return 0, err }
	}},
	{"PutClient", 0, func(w *world) func() (store.Outcome, error) {
		row := store.ClientRow{ID: w.now, Service: w.putService(), Alias: fmt.Sprint(w.now)}
		w.now++
		return func() (store.Outcome, error) { _, err := w.s.PutClient(w.ctx, row); return 0, err }
	}},
	{"PutClient again", 0, func(w *world) func() (store.Outcome, error) {
		row := store.ClientRow{ID: w.now, Service: w.putService(), Alias: fmt.Sprint(w.now)}
		w.now++
		var err error
		row.Version, err = w.s.PutClient(w.ctx, row)
		w.ok(err)
		return func() (store.Outcome, error) { _, err := w.s.PutClient(w.ctx, row); return 0, err }
	}},
	{"DeleteService", 0, func(w *world) func() (store.Outcome, error) {
		service := w.now
		w.now += 10
		_, err := w.s.PutService(w.ctx, store.ServiceRow{ID: service})
		w.ok(err)
		for i := range int64(2) {
			_, err := w.s.PutClient(w.ctx, store.ClientRow{ID: service + i, Service: service})
			w.ok(err)
			_, err = w.s.PutAPIToken(w.ctx, store.APITokenRow{ID: fmt.Sprint(service + i), Service: service})
			w.ok(err)
		}
		return func() (store.Outcome, error) { _, err := w.s.DeleteService(w.ctx, service); return 0, err }
	}},
	{"PutAPIToken", 0, func(w *world) func() (store.Outcome, error) {
		row := store.APITokenRow{ID: fmt.Sprint(w.now)}
		w.now++
		return func() (store.Outcome, error) { _, err := w.s.PutAPIToken(w.ctx, row); return 0, err }
	}},
	{"Setting", 0, func(w *world) func() (store.Outcome, error) {
		name := fmt.Sprint(w.now)
		w.now++
		return func() (store.Outcome, error) { _, _, err := w.s.Setting(w.ctx, name, []byte("x")); return 0, err }
	}},
}

// The storage fails at each statement in turn: the caller gets an error,
// nothing is half done, and when the storage is well again the same call does
// what it should.
func TestFaultAtEveryStatement(t *testing.T) {
	for _, v := range append(append([]verb(nil), hotVerbs...), coldVerbs...) {
		t.Run(v.name, func(t *testing.T) {
			both(t, func(t *testing.T, url string) {
				w := newWorld(t, url, Options{})
				db := w.raw()
				for at := int64(0); w.failAt(db, v, at); at++ {
				}
			})
		})
	}
}

// failAt fails the statement of that number; it reports whether there was one.
func (w *world) failAt(db *sql.DB, v verb, at int64) bool {
	w.Helper()
	call := v.prepare(w)
	before := w.dump(db)
	var stages atomic.Int64
	var failed atomic.Value
	w.set(func(stage string) error {
		if stages.Add(1)-1 == at {
			failed.Store(stage)
			return errInjected
		}
		return nil
	})
	o, err := call()
	w.set(nil)
	stage := failed.Load()
	if stage == nil { // there are no more statements
		if at < 2 || err != nil || o != v.want {
			w.Fatalf("%d statements, outcome %d, error %v", at, o, err)
		}
		return false
	}
	if !errors.Is(err, errInjected) || o != 0 {
		w.Fatalf("%v failed, but outcome %d, error %v", stage, o, err)
	}
	// Setting reads again when it has stored the value: that may fail.
	if after := w.dump(db); after != before && (v.name != "Setting" || at <= 2) {
		w.Fatalf("%v failed, and it left something: %s", stage, changed(before, after))
	}
	if o, err := call(); err != nil || o != v.want {
		w.Fatalf("after %v had failed: outcome %d, error %v", stage, o, err)
	}
	return true
}

// changed returns the lines that only one of two dumps has.
func changed(before, after string) string {
	var lines []string
	for line := range strings.SplitSeq(after, "\n") {
		if !strings.Contains(before, line) {
			lines = append(lines, "+ "+line)
		}
	}
	for line := range strings.SplitSeq(before, "\n") {
		if !strings.Contains(after, line) {
			lines = append(lines, "- "+line)
		}
	}
	return strings.Join(lines, "\n")
}

func TestFaultOfReads(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{})
		g, c := w.authorize()
		token, ticket, pushed := w.token(grant.Access, g.Key), w.ticket(grant.Key{}), w.push()
		w.done(w.issue(token))
		w.done(w.s.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: ticket}))
		for name, read := range map[string]func() (bool, error){
			"Token":  func() (bool, error) { x, _, err := w.s.Token(w.ctx, w.service, token.Key, w.now); return x != nil, err },
			"Code":   func() (bool, error) { x, _, err := w.s.Code(w.ctx, w.service, c.Key, w.now); return x != nil, err },
			"Ticket": func() (bool, error) { x, err := w.s.Ticket(w.ctx, w.service, ticket.Key, w.now); return x != nil, err },
			"Pushed": func() (bool, error) { x, err := w.s.Pushed(w.ctx, w.service, pushed.Key, w.now); return x != nil, err },
		} {
			w.set(func(string) error { return errInjected })
			if there, err := read(); there || !errors.Is(err, errInjected) {
				t.Errorf("%s: %v, %v", name, there, err)
			}
			w.set(nil)
			if there, err := read(); !there || err != nil {
				t.Errorf("%s after recovery: %v, %v", name, there, err)
			}
		}
	})
}

// The storage fails under load and stays down for a while. Who was told Done
// finds the token; who was told of an error does not.
func TestFaultUnderLoad(t *testing.T) {
	both(t, func(t *testing.T, url string) {
		w := newWorld(t, url, Options{})
		of := w.refresh().Grant
		for round := range int64(30) {
			var calls atomic.Int64
			w.set(func(string) error {
				if calls.Add(1) > 2*round {
					return errInjected
				}
				return nil
			})
			tokens := make([]*grant.Token, 64)
			errs := make([]error, len(tokens))
			w.together(len(tokens), func(i int) {
				tokens[i] = w.token(grant.Access, of)
				_, errs[i] = w.issue(tokens[i])
			})
			w.set(nil)
			for i, token := range tokens {
				got, _, err := w.s.Token(w.ctx, w.service, token.Key, w.now)
				w.ok(err)
				if (got != nil) != (errs[i] == nil) {
					t.Fatalf("there: %v, but error: %v", got != nil, errs[i])
				}
			}
		}
		w.done(w.issue(w.token(grant.Access, of)))
	})
}

// What PostgreSQL asks to try again is tried again; callers do not notice.
func TestSerializationFailures(t *testing.T) {
	w := newWorld(t, pgDatabase(t), Options{})
	for _, code := range []string{"40001", "40P01"} {
		for _, v := range append(append([]verb(nil), hotVerbs...), coldVerbs...) {
			call := v.prepare(w)
			failed := make(map[string]bool)
			w.set(func(stage string) error {
				if failed[stage] {
					return nil
				}
				failed[stage] = true
				return &pgconn.PgError{Code: code}
			})
			o, err := call()
			w.set(nil)
			if err != nil || o != v.want {
				t.Errorf("%s, %s: outcome %d, error %v", v.name, code, o, err)
			}
		}
	}
}
