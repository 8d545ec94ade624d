package sqlstore

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/symbolon-auth/symbolon/internal/grant"
)

// never is how "does not expire" (zero in package grant) is stored, so that
// one comparison serves all rows.
const never = math.MaxInt64

func toStored(expires int64) int64 {
	if expires == 0 {
		return never
	}
	return expires
}

func fromStored(expires int64) int64 {
	if expires == never {
		return 0
	}
	return expires
}

// The rows of the hot tables, as they are stored.

type codeRow struct {
	key             grant.Key
	service, client int64
	expires, keep   int64
	grant           grant.Key
	consumed        bool
	body            []byte
}

type tokenRow struct {
	key             grant.Key
	service, client int64
	grant           grant.Key
	kind            grant.Kind
	created         int64
	expires         int64
	pair            grant.Key
	consumed        bool
	retryUntil      int64
	successor       []byte
	body            []byte
}

type ticketRow struct {
	key             grant.Key
	service, client int64
	expires         int64
	pushed          grant.Key
	body            []byte
}

type pushedRow struct {
	key             grant.Key
	service, client int64
	expires, keep   int64
	consumed        bool
	body            []byte
}

type grantRow struct {
	key             grant.Key
	service, client int64
	subject         string
	expires         int64
	revoked         bool
	body            []byte
}

// encode runs in the goroutine of the caller: the writer has better to do.
func encode(body any) ([]byte, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: body: %w", err)
	}
	return raw, nil
}

func decode(raw []byte, body any) error {
	if err := json.Unmarshal(raw, body); err != nil {
		return fmt.Errorf("sqlstore: stored body: %w", err)
	}
	return nil
}

func newCodeRow(c *grant.Code) (*codeRow, error) {
	body, err := encode(&c.Body)
	if err != nil {
		return nil, err
	}
	expires := toStored(c.Expires)
	return &codeRow{
		key: c.Key, service: c.Service, client: c.Client, expires: expires, keep: expires,
		grant: c.Grant, consumed: c.Consumed, body: body,
	}, nil
}

func (r *codeRow) code() (*grant.Code, error) {
	c := &grant.Code{
		Key: r.key, Service: r.service, Client: r.client, Expires: fromStored(r.expires),
		Grant: r.grant, Consumed: r.consumed,
	}
	return c, decode(r.body, &c.Body)
}

// visible: unexpired, or redeemed and still kept for the sake of replays.
func (r *codeRow) visible(service, now int64) bool {
	return r.service == service && (r.expires > now || r.consumed && r.keep > now)
}

func newTokenRow(t *grant.Token) (tokenRow, error) {
	body, err := encode(&t.Body)
	if err != nil {
		return tokenRow{}, err
	}
	return tokenRow{
		key: t.Key, service: t.Service, client: t.Client, grant: t.Grant, kind: t.Kind,
		created: t.Created, expires: toStored(t.Expires), pair: t.Pair, consumed: t.Consumed,
		retryUntil: t.RetryUntil, successor: t.Successor, body: body,
	}, nil
}

func newTokenRows(list []*grant.Token) ([]tokenRow, error) {
	rows := make([]tokenRow, len(list))
	for i, t := range list {
		row, err := newTokenRow(t)
		if err != nil {
			return nil, err
		}
		rows[i] = row
	}
	return rows, nil
}

func (r *tokenRow) token() (*grant.Token, error) {
	t := &grant.Token{
		Key: r.key, Service: r.service, Client: r.client, Grant: r.grant, Kind: r.kind,
		Created: r.created, Expires: fromStored(r.expires), Pair: r.pair, Consumed: r.consumed,
		RetryUntil: r.retryUntil, Successor: r.successor,
	}
	return t, decode(r.body, &t.Body)
}

func (r *tokenRow) visible(service, now int64) bool {
	return r.service == service && r.expires > now
}

func newTicketRow(t *grant.Ticket) (*ticketRow, error) {
	body, err := encode(&t.Body)
	if err != nil {
		return nil, err
	}
	return &ticketRow{
		key: t.Key, service: t.Service, client: t.Client, expires: toStored(t.Expires), pushed: t.Pushed, body: body,
	}, nil
}

func (r *ticketRow) ticket() (*grant.Ticket, error) {
	t := &grant.Ticket{
		Key: r.key, Service: r.service, Client: r.client, Expires: fromStored(r.expires), Pushed: r.pushed,
	}
	return t, decode(r.body, &t.Body)
}

func (r *ticketRow) visible(service, now int64) bool {
	return r.service == service && r.expires > now
}

func newPushedRow(p *grant.Pushed) (*pushedRow, error) {
	body, err := encode(&p.Body)
	if err != nil {
		return nil, err
	}
	expires := toStored(p.Expires)
	return &pushedRow{
		key: p.Key, service: p.Service, client: p.Client, expires: expires, keep: expires,
		consumed: p.Consumed, body: body,
	}, nil
}

func (r *pushedRow) request() (*grant.Pushed, error) {
	p := &grant.Pushed{
		Key: r.key, Service: r.service, Client: r.client, Expires: fromStored(r.expires), Consumed: r.consumed,
	}
	return p, decode(r.body, &p.Body)
}

func (r *pushedRow) visible(service, now int64) bool {
	return r.service == service && !r.consumed && r.expires > now
}

func newGrantRow(g *grant.Grant) (*grantRow, error) {
	body, err := encode(&g.Body)
	if err != nil {
		return nil, err
	}
	return &grantRow{
		key: g.Key, service: g.Service, client: g.Client, subject: g.Subject, expires: toStored(g.Expires),
		revoked: g.Revoked, body: body,
	}, nil
}

func (r *grantRow) authorization() (*grant.Grant, error) {
	g := &grant.Grant{
		Key: r.key, Service: r.service, Client: r.client, Subject: r.subject, Expires: fromStored(r.expires),
		Revoked: r.revoked,
	}
	return g, decode(r.body, &g.Body)
}
