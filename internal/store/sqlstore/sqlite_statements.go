package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
)

// sqliteStatements are the writer's prepared statements.
type sqliteStatements struct {
	begin, commit, rollback, save, undo, release *sql.Stmt

	spendMark *sql.Stmt

	redeemCode, rotateToken, renewToken, useWindow    *sql.Stmt
	editTicket, takeTicket, holdPushed, consumePushed *sql.Stmt

	insertCode, insertToken, chooseToken, insertTicket, insertPushed, insertGrant *sql.Stmt

	deleteToken, closeWindow, raiseGrant, revokeGrant, revokeReplayed *sql.Stmt

	handEnd, handDelete, handDeleteTail [tableCount]*sql.Stmt
}

const insertTokenSQL = `INSERT INTO tokens
	(key, service, client, grant_key, kind, created_at, expires_at, pair, consumed, retry_until, successor, body)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// The steps of the clock hand, by table and column.
const (
	sqliteHandEnd    = `SELECT key FROM %s WHERE key > ? ORDER BY key LIMIT 1 OFFSET ?`
	sqliteHandDelete = `DELETE FROM %s WHERE key > ? AND key <= ? AND %s < ?`
	sqliteHandTail   = `DELETE FROM %s WHERE key > ? AND %s < ?`
)

// prepareSQLite prepares them on the writer's connection. Placeholders are
// bare, because the driver looks named ones ($1) up by name.
func prepareSQLite(ctx context.Context, conn *sql.Conn) (*sqliteStatements, error) {
	d := &sqliteStatements{}
	type pair struct {
		to    **sql.Stmt
		query string
	}
	list := []pair{
		{&d.begin, `BEGIN IMMEDIATE`},
		{&d.commit, `COMMIT`},
		{&d.rollback, `ROLLBACK`},
		{&d.save, `SAVEPOINT chosen`},
		{&d.undo, `ROLLBACK TO chosen`},
		{&d.release, `RELEASE chosen`},

		// A mark that has expired is as good as none.
		{&d.spendMark, `INSERT INTO marks (key, expires_at) VALUES (?, ?)
			ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE marks.expires_at <= ?`},

		{&d.redeemCode, `UPDATE codes SET consumed = 1, keep_until = MAX(keep_until, ?)
			WHERE key = ? AND service = ? AND consumed = 0 AND expires_at > ?`},
		{&d.rotateToken, `UPDATE tokens SET consumed = 1, retry_until = ?, successor = ?
			WHERE key = ? AND service = ? AND kind = 2 AND consumed = 0 AND expires_at > ?`},
		{&d.renewToken, `UPDATE tokens SET pair = ?, expires_at = CASE WHEN ?2 = 0 THEN expires_at ELSE ?2 END
			WHERE key = ? AND service = ? AND kind = 2 AND consumed = 0 AND expires_at > ?`},
		{&d.useWindow, `UPDATE tokens SET consumed = 1
			WHERE key = ? AND service = ? AND kind = 2 AND consumed = 1 AND retry_until > ?3 AND expires_at > ?3`},
		{&d.editTicket, `UPDATE tickets SET body = ? WHERE key = ? AND service = ? AND expires_at > ?`},
		{&d.takeTicket, `DELETE FROM tickets WHERE key = ? AND service = ? AND expires_at > ?`},
		{&d.holdPushed, `UPDATE pushed SET keep_until = MAX(keep_until, ?)
			WHERE key = ? AND service = ? AND consumed = 0 AND expires_at > ?`},
		{&d.consumePushed, `UPDATE pushed SET consumed = 1 WHERE key = ? AND service = ? AND consumed = 0`},

		{&d.insertCode, `INSERT INTO codes
			(key, service, client, expires_at, keep_until, grant_key, consumed, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`},
		{&d.insertToken, insertTokenSQL},
		{&d.chooseToken, insertTokenSQL + ` ON CONFLICT (key) DO UPDATE SET
			service = excluded.service, client = excluded.client, grant_key = excluded.grant_key, kind = excluded.kind,
			created_at = excluded.created_at, expires_at = excluded.expires_at, pair = excluded.pair,
			consumed = excluded.consumed, retry_until = excluded.retry_until, successor = excluded.successor,
			body = excluded.body
			WHERE tokens.expires_at <= ?`},
		{&d.insertTicket, `INSERT INTO tickets (key, service, client, expires_at, pushed, body) VALUES (?, ?, ?, ?, ?, ?)`},
		{&d.insertPushed, `INSERT INTO pushed
			(key, service, client, expires_at, keep_until, consumed, body) VALUES (?, ?, ?, ?, ?, ?, ?)`},
		{&d.insertGrant, `INSERT INTO grants
			(key, service, client, subject, expires_at, revoked, body) VALUES (?, ?, ?, ?, ?, ?, ?)`},

		{&d.deleteToken, `DELETE FROM tokens WHERE key = ? AND service = ?`},
		{&d.closeWindow, `UPDATE tokens SET retry_until = 0, successor = NULL WHERE key = ? AND service = ?`},
		{&d.raiseGrant, `UPDATE grants SET expires_at = ?1 WHERE key = ? AND service = ? AND expires_at < ?1`},
		{&d.revokeGrant, `UPDATE grants SET revoked = 1 WHERE key = ? AND service = ? AND revoked = 0`},
		{&d.revokeReplayed, `UPDATE grants SET revoked = 1 WHERE key = ? AND service = ?2 AND revoked = 0
			AND EXISTS (SELECT 1 FROM codes c WHERE c.key = ? AND c.service = ?2 AND c.consumed = 1)`},
	}
	for t := range tableCount {
		name, until := tableNames[t], tableUntil[t]
		list = append(list,
			pair{&d.handEnd[t], fmt.Sprintf(sqliteHandEnd, name)},
			pair{&d.handDelete[t], fmt.Sprintf(sqliteHandDelete, name, until)},
			pair{&d.handDeleteTail[t], fmt.Sprintf(sqliteHandTail, name, until)},
		)
	}
	for _, p := range list {
		s, err := conn.PrepareContext(ctx, p.query) //nolint:sqlclosecheck // lives as long as the writer
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, p.query)
		}
		*p.to = s
	}
	return d, nil
}
