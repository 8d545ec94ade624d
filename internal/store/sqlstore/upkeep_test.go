package sqlstore

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// churn is a simulated life of a store: its clock stands still while what
// happens in a second happens, and is then told the next one.
type churn struct {
	*world
	clock atomic.Int64 // milliseconds
	flows int
}

func newChurn(t testing.TB, url string) *churn {
	c := &churn{}
	c.clock.Store(time.Now().UnixMilli())
	c.world = newWorld(t, url, Options{Now: func() time.Time { return time.UnixMilli(c.clock.Load()) }})
	c.now = c.clock.Load()
	_, err := c.s.PutService(c.ctx, store.ServiceRow{ID: c.service})
	c.ok(err)
	_, err = c.s.PutClient(c.ctx, store.ClientRow{ID: c.client, Service: c.service})
	c.ok(err)
	return c
}

// Lifetimes that let things of all tables expire within the hour.
const (
	churnCode    = 60 * 1000
	churnTicket  = 10 * 60 * 1000
	churnAccess  = 5 * 60 * 1000
	churnOwn     = 15 * 60 * 1000
	churnRefresh = 30 * 60 * 1000
	churnTicks   = int(time.Second / idleTick)
)

// second lets some code flows and twice as many client_credentials requests
// happen; each fifth flow is given up at the login page. A writer that has so
// little to do is also idle for most of the second.
func (c *churn) second(flows int) {
	c.now = c.clock.Add(1000)
	c.together(flows, func(int) { c.flow() })
	for range churnTicks {
		_, err := c.s.do(c.ctx, &job{task: func(context.Context) error {
			d := c.sqlite()
			_, err := d.step(d.hand.idle())
			return err
		}})
		c.ok(err)
	}
	c.flows += flows
}

func (c *churn) keyAt(expires int64) grant.Key {
	handle, err := grant.NewHandle(rand.Reader, time.UnixMilli(expires))
	c.ok(err)
	return grant.KeyOf(handle)
}

func (c *churn) lives(kind grant.Kind, of grant.Key, life int64) *grant.Token {
	t := c.token(kind, of)
	t.Key, t.Expires = c.keyAt(c.now+life), c.now+life
	t.Body = grant.TokenBody{ClientID: "22", GrantType: "AUTHORIZATION_CODE", Scopes: []string{"openid", "read"}}
	return t
}

func (c *churn) flow() {
	ticket := &grant.Ticket{
		Key: c.keyAt(c.now + churnTicket), Service: c.service, Client: c.client, Expires: c.now + churnTicket,
		Body: grant.TicketBody{ClientID: "22", ResponseType: "code", RedirectURI: "https://client.example/cb", State: "s"},
	}
	c.done(c.s.PutTicket(c.ctx, store.PutTicket{Now: c.now, Ticket: ticket}))
	if ticket.Key[31]%5 != 0 {
		c.finish(ticket)
	}
	for range 2 {
		c.done(c.s.IssueToken(c.ctx, store.IssueToken{
			Now: c.now, Marks: []grant.Mark{c.marked()}, Token: c.lives(grant.Access, grant.ClientKey(c.service, 22), churnOwn),
		}))
	}
}

func (c *churn) marked() grant.Mark {
	m := c.mark()
	m.Expires = c.now + churnCode
	return m
}

func (c *churn) finish(ticket *grant.Ticket) {
	g := &grant.Grant{
		Key: c.keyAt(c.now + churnCode), Service: c.service, Client: 22, Subject: "john", Expires: c.now + churnCode,
	}
	code := &grant.Code{
		Key: c.keyAt(c.now + churnCode), Service: c.service, Client: 22, Expires: c.now + churnCode, Grant: g.Key,
		Body: grant.CodeBody{ClientID: "22", RedirectURI: "https://client.example/cb"},
	}
	c.done(c.s.FinishAuthorization(c.ctx, store.FinishAuthorization{Now: c.now, Service: c.service, Ticket: ticket.Key, Grant: g, Code: code}))
	access, refresh := c.lives(grant.Access, g.Key, churnAccess), c.lives(grant.Refresh, g.Key, churnRefresh)
	access.Pair, refresh.Pair = refresh.Key, access.Key
	c.done(c.s.RedeemCode(c.ctx, store.RedeemCode{
		Now: c.now, Marks: []grant.Mark{c.marked()}, Service: c.service, Code: code.Key, Grant: g.Key,
		GrantExpires: refresh.Expires, Tokens: []*grant.Token{access, refresh},
	}))
}

// count returns how many rows of a table live and how many are garbage.
func (c *churn) count(t table) (live, garbage int) {
	c.ok(c.sqlite().reads.db.QueryRowContext(c.ctx, fmt.Sprintf(
		`SELECT COUNT(*) FILTER (WHERE %[2]s > ?1), COUNT(*) FILTER (WHERE %[2]s <= ?1) FROM %[1]s`, tableNames[t], tableUntil[t]), c.now).Scan(&live, &garbage))
	return live, garbage
}

// sum is count over all tables.
func (c *churn) sum() (live, garbage int) {
	for t := range tableCount {
		l, g := c.count(t)
		live, garbage = live+l, garbage+g
	}
	return live, garbage
}

// While the same happens in every minute, garbage stays far below half of
// what lives; when a tenth of it happens from one minute to the next, it
// still stays below.
func TestHandUnderChurn(t *testing.T) {
	c := newChurn(t, "memory:")
	for minute := range 40 {
		flows := 5
		for s := range 60 {
			if minute >= 30 && s%10 != 0 {
				flows = 0
			}
			c.second(flows)
			flows = 5
		}
		live, garbage := c.sum()
		if garbage > live/2 {
			t.Errorf("minute %d: %d live, %d garbage", minute+1, live, garbage)
		}
	}
}
