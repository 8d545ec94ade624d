package sqlstore

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// change queues what the winners insert and change, and what the losers
// cause, table by table.
func (t *pgTransaction) change() {
	t.insertCodes()
	t.changeTokens()
	t.insertTickets()
	t.insertPushed()
	t.changeGrants()
}

func (t *pgTransaction) insertCodes() {
	var c pgColumns
	for _, j := range pick(t.live, func(j *job) bool { return j.code != nil }, func(j *job) *grant.Key { return &j.code.key }) {
		r := j.code
		c.row()
		c.key(&r.key)
		c.int(r.service)
		c.int(r.client)
		c.int(r.expires)
		c.int(r.keep)
		c.bytes(r.grant[:])
		c.int(number(r.consumed))
		c.bytes(r.body)
	}
	t.queueRows("codes.insert", pgInsertCodes, &c)
}

func (t *pgTransaction) changeTokens() {
	var deletes, closes []pgKey
	var rows []*tokenRow
	var chosen *job
	for _, j := range t.live {
		for i := range j.deletes {
			if !j.deletes[i].IsZero() {
				deletes = append(deletes, pgKey{key: &j.deletes[i], service: j.service})
			}
		}
		if !j.closes.IsZero() {
			closes = append(closes, pgKey{key: &j.closes, service: j.service})
		}
		for i := range j.tokens {
			rows = append(rows, &j.tokens[i])
		}
		if j.chosen {
			chosen = j
		}
	}
	t.queueKeys("tokens.delete", pgDeleteTokens, deletes)
	t.queueKeys("tokens.close", pgCloseWindows, closes)
	if len(rows) == 0 {
		return
	}
	slices.SortFunc(rows, func(a, b *tokenRow) int { return compareKeys(&a.key, &b.key) })
	var c pgColumns
	for _, r := range rows {
		c.row()
		c.key(&r.key)
		c.int(r.service)
		c.int(r.client)
		c.bytes(r.grant[:])
		c.int(int64(r.kind))
		c.int(r.created)
		c.int(r.expires)
		c.key(&r.pair)
		c.int(number(r.consumed))
		c.int(r.retryUntil)
		c.bytes(r.successor)
		c.bytes(r.body)
	}
	if chosen == nil {
		t.queueRows("tokens.insert", pgInsertTokens, &c)
		return
	}
	t.queue("tokens.insert", pgChooseTokens, append(c.args(), chosen.now)...).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() < int64(len(rows)) {
			chosen.outcome = store.Taken
		}
		return nil
	})
}

func (t *pgTransaction) insertTickets() {
	var c pgColumns
	for _, j := range pick(t.live, func(j *job) bool { return j.ticket != nil }, func(j *job) *grant.Key { return &j.ticket.key }) {
		r := j.ticket
		c.row()
		c.key(&r.key)
		c.int(r.service)
		c.int(r.client)
		c.int(r.expires)
		c.key(&r.pushed)
		c.bytes(r.body)
	}
	t.queueRows("tickets.insert", pgInsertTickets, &c)
}

func (t *pgTransaction) insertPushed() {
	var c pgColumns
	for _, j := range pick(t.live, func(j *job) bool { return j.push != nil }, func(j *job) *grant.Key { return &j.push.key }) {
		r := j.push
		c.row()
		c.key(&r.key)
		c.int(r.service)
		c.int(r.client)
		c.int(r.expires)
		c.int(r.keep)
		c.int(number(r.consumed))
		c.bytes(r.body)
	}
	t.queueRows("pushed.insert", pgInsertPushed, &c)
}

func (t *pgTransaction) changeGrants() {
	var c pgColumns
	for _, j := range pick(t.live, func(j *job) bool { return j.grant != nil }, func(j *job) *grant.Key { return &j.grant.key }) {
		r := j.grant
		c.row()
		c.key(&r.key)
		c.int(r.service)
		c.int(r.client)
		c.text(r.subject)
		c.int(r.expires)
		c.int(number(r.revoked))
		c.bytes(r.body)
	}
	t.queueRows("grants.insert", pgInsertGrants, &c)

	var raises, revokes, replays []pgKey
	for _, j := range t.live {
		if !j.raise.IsZero() && j.raiseTo != 0 {
			raises = append(raises, pgKey{key: &j.raise, service: j.service, to: j.raiseTo})
		}
		for i := range j.revoke {
			revokes = append(revokes, pgKey{key: &j.revoke[i], service: j.service})
		}
	}
	for _, j := range t.lost {
		switch {
		case j.lostRevoke.IsZero():
		case j.ifConsumed:
			replays = append(replays, pgKey{key: &j.lostRevoke, service: j.service, by: &j.key})
		default:
			revokes = append(revokes, pgKey{key: &j.lostRevoke, service: j.service})
		}
	}
	t.queueKeys("grants.raise", pgRaiseGrants, raises)
	t.queueKeys("grants.revoke", pgRevokeGrants, revokes)
	t.queueKeys("grants.revoke", pgRevokeReplayed, replays)
}

// pgKey is a row that is changed by its key alone.
type pgKey struct {
	key     *grant.Key
	service int64
	to      int64      // to what a grant is raised
	by      *grant.Key // the code whose replay revokes it
}

// queueKeys queues a statement for keys. A key that several jobs name stands
// in it once, with the highest value: a set-based UPDATE would pick any one.
func (t *pgTransaction) queueKeys(stage, sql string, keys []pgKey) {
	if len(keys) == 0 {
		return
	}
	slices.SortFunc(keys, func(a, b pgKey) int {
		return cmp.Or(compareKeys(a.key, b.key), cmp.Compare(a.service, b.service), cmp.Compare(b.to, a.to))
	})
	var c pgColumns
	for i, k := range keys {
		if i > 0 && *k.key == *keys[i-1].key && k.service == keys[i-1].service && k.by == nil {
			continue
		}
		c.row()
		c.key(k.key)
		c.int(k.service)
		if k.to != 0 {
			c.int(k.to)
		}
		if k.by != nil {
			c.key(k.by)
		}
	}
	t.queueRows(stage, sql, &c)
}

func (t *pgTransaction) queueRows(stage, sql string, c *pgColumns) {
	if len(c.columns) > 0 {
		t.queue(stage, sql, c.args()...)
	}
}

func compareKeys(a, b *grant.Key) int { return bytes.Compare(a[:], b[:]) }

// pgColumns gathers rows into arrays, one per column.
type pgColumns struct {
	columns []any // *[][]byte, *[]int64, *[]string
	at      int
}

// row begins a row.
func (c *pgColumns) row() { c.at = 0 }

func add[T any](c *pgColumns, v T) {
	if c.at == len(c.columns) {
		c.columns = append(c.columns, new([]T))
	}
	column := c.columns[c.at].(*[]T)
	*column = append(*column, v)
	c.at++
}

func (c *pgColumns) int(v int64)    { add(c, v) }
func (c *pgColumns) text(v string)  { add(c, v) }
func (c *pgColumns) bytes(v []byte) { add(c, v) }

// key adds a key; the zero key is NULL.
func (c *pgColumns) key(k *grant.Key) {
	if k.IsZero() {
		add[[]byte](c, nil)
		return
	}
	add(c, k[:])
}

func (c *pgColumns) args() []any {
	args := make([]any, len(c.columns))
	for i, column := range c.columns {
		switch column := column.(type) {
		case *[][]byte:
			args[i] = *column
		case *[]int64:
			args[i] = *column
		case *[]string:
			args[i] = *column
		}
	}
	return args
}
