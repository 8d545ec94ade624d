package sqlstore

// The statements of a batch. Each does one part of all jobs at once; its
// parameters are arrays, sorted by key, one element per job. ord is the place
// in the arrays, by which a job learns that it won. Every array is cast: an
// array that is empty or null tells no type.
const (
	// A mark that has expired is as good as none.
	pgSpendMarks = `INSERT INTO marks (key, expires_at)
SELECT u.k, u.e FROM unnest($1::bytea[], $2::bigint[]) AS u(k, e)
ON CONFLICT (key) DO UPDATE SET expires_at = excluded.expires_at WHERE marks.expires_at <= $3::bigint
RETURNING key`

	pgRedeemCodes = `UPDATE codes SET consumed = 1, keep_until = GREATEST(codes.keep_until, u.keep)
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS u(k, service, now, keep, ord)
WHERE codes.key = u.k AND codes.service = u.service AND codes.consumed = 0 AND codes.expires_at > u.now
RETURNING u.ord`

	pgRotateTokens = `UPDATE tokens SET consumed = 1, retry_until = u.keep, successor = u.successor
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[])
	WITH ORDINALITY AS u(k, service, now, keep, successor, ord)
WHERE tokens.key = u.k AND tokens.service = u.service AND tokens.kind = 2 AND tokens.consumed = 0
	AND tokens.expires_at > u.now
RETURNING u.ord`

	pgRenewTokens = `UPDATE tokens
SET pair = u.pair, expires_at = CASE WHEN u.keep = 0 THEN tokens.expires_at ELSE u.keep END
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[])
	WITH ORDINALITY AS u(k, service, now, keep, pair, ord)
WHERE tokens.key = u.k AND tokens.service = u.service AND tokens.kind = 2 AND tokens.consumed = 0
	AND tokens.expires_at > u.now
RETURNING u.ord`

	// It changes nothing; it waits for whoever closes the window, and keeps
	// it open until the transaction ends.
	pgUseWindows = `SELECT u.ord
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS u(k, service, now, ord)
JOIN tokens ON tokens.key = u.k
WHERE tokens.service = u.service AND tokens.kind = 2 AND tokens.consumed = 1
	AND tokens.retry_until > u.now AND tokens.expires_at > u.now
FOR NO KEY UPDATE OF tokens`

	pgEditTickets = `UPDATE tickets SET body = u.body
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bytea[]) WITH ORDINALITY AS u(k, service, now, body, ord)
WHERE tickets.key = u.k AND tickets.service = u.service AND tickets.expires_at > u.now
RETURNING u.ord`

	pgTakeTickets = `DELETE FROM tickets
USING unnest($1::bytea[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS u(k, service, now, ord)
WHERE tickets.key = u.k AND tickets.service = u.service AND tickets.expires_at > u.now
RETURNING u.ord`

	pgHoldPushed = `UPDATE pushed SET keep_until = GREATEST(pushed.keep_until, u.keep)
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS u(k, service, now, keep, ord)
WHERE pushed.key = u.k AND pushed.service = u.service AND pushed.consumed = 0 AND pushed.expires_at > u.now
RETURNING u.ord`

	pgConsumePushed = `UPDATE pushed SET consumed = 1
FROM unnest($1::bytea[], $2::bigint[]) WITH ORDINALITY AS u(k, service, ord)
WHERE pushed.key = u.k AND pushed.service = u.service AND pushed.consumed = 0
RETURNING u.ord`

	pgInsertCodes = `INSERT INTO codes (key, service, client, expires_at, keep_until, grant_key, consumed, body)
SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bigint[],
	$8::bytea[])`

	pgDeleteTokens = `DELETE FROM tokens USING unnest($1::bytea[], $2::bigint[]) AS u(k, service)
WHERE tokens.key = u.k AND tokens.service = u.service`

	pgCloseWindows = `UPDATE tokens SET retry_until = 0, successor = NULL
FROM unnest($1::bytea[], $2::bigint[]) AS u(k, service)
WHERE tokens.key = u.k AND tokens.service = u.service`

	pgInsertTokens = `INSERT INTO tokens (key, service, client, grant_key, kind, created_at, expires_at, pair, consumed,
	retry_until, successor, body)
SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bigint[], $6::bigint[], $7::bigint[],
	$8::bytea[], $9::bigint[], $10::bigint[], $11::bytea[], $12::bytea[])`

	pgChooseTokens = pgInsertTokens + `
ON CONFLICT (key) DO UPDATE SET
	service = excluded.service, client = excluded.client, grant_key = excluded.grant_key, kind = excluded.kind,
	created_at = excluded.created_at, expires_at = excluded.expires_at, pair = excluded.pair,
	consumed = excluded.consumed, retry_until = excluded.retry_until, successor = excluded.successor,
	body = excluded.body
WHERE tokens.expires_at <= $13::bigint`

	pgInsertTickets = `INSERT INTO tickets (key, service, client, expires_at, pushed, body)
SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[])`

	pgInsertPushed = `INSERT INTO pushed (key, service, client, expires_at, keep_until, consumed, body)
SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bytea[])`

	pgInsertGrants = `INSERT INTO grants (key, service, client, subject, expires_at, revoked, body)
SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bytea[])`

	// Several jobs may raise or revoke one grant: its key is given once.
	pgRaiseGrants = `UPDATE grants SET expires_at = u.expires
FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS u(k, service, expires)
WHERE grants.key = u.k AND grants.service = u.service AND grants.expires_at < u.expires`

	pgRevokeGrants = `UPDATE grants SET revoked = 1
FROM unnest($1::bytea[], $2::bigint[]) AS u(k, service)
WHERE grants.key = u.k AND grants.service = u.service AND grants.revoked = 0`

	pgRevokeReplayed = `UPDATE grants SET revoked = 1
FROM unnest($1::bytea[], $2::bigint[], $3::bytea[]) AS u(k, service, code)
WHERE grants.key = u.k AND grants.service = u.service AND grants.revoked = 0
	AND EXISTS (SELECT 1 FROM codes c WHERE c.key = u.code AND c.service = u.service AND c.consumed = 1)`
)
