-- name: Version :one
SELECT v FROM config_version;

-- name: TakeVersions :one
-- The row lock this takes orders all cold writes.
UPDATE config_version SET v = v + sqlc.arg(n) RETURNING v;

-- name: LockVersion :one
-- Fails where nothing can be written.
UPDATE config_version SET v = v + 0 RETURNING v;

-- name: Changes :many
SELECT c.version, c.kind, c.id, c.token_id, c.deleted
FROM (
    SELECT s.version, 1 AS kind, s.id, '' AS token_id, s.deleted FROM services s WHERE s.version > sqlc.arg(since)
    UNION ALL
    SELECT k.version, 2 AS kind, k.id, '' AS token_id, k.deleted FROM clients k WHERE k.version > sqlc.arg(since)
    UNION ALL
    SELECT a.version, 3 AS kind, 0 AS id, a.id AS token_id, a.deleted FROM api_tokens a WHERE a.version > sqlc.arg(since)
) c
ORDER BY c.version
LIMIT sqlc.arg(max);

-- name: InsertService :execrows
INSERT INTO services (id, created_at, version, deleted, doc) VALUES ($1, $2, $3, 0, $4)
ON CONFLICT (id) DO NOTHING;

-- name: UpdateService :execrows
UPDATE services SET version = sqlc.arg(version), doc = sqlc.arg(doc)
WHERE id = sqlc.arg(id) AND version = sqlc.arg(old_version) AND deleted = 0;

-- name: DeleteService :execrows
UPDATE services SET version = sqlc.arg(version), doc = sqlc.arg(no_doc), deleted = 1
WHERE id = sqlc.arg(id) AND deleted = 0;

-- name: Service :one
SELECT id, created_at, version, doc FROM services WHERE id = $1 AND deleted = 0;

-- name: Services :many
SELECT id, created_at, version, doc FROM services WHERE deleted = 0 ORDER BY created_at, id;

-- name: AliasTaken :one
SELECT COUNT(*) FROM clients
WHERE service = $1 AND alias = $2 AND alias <> '' AND deleted = 0 AND id <> sqlc.arg(except_id);

-- name: ServiceLives :one
SELECT COUNT(*) FROM services WHERE id = $1 AND deleted = 0;

-- name: InsertClient :execrows
INSERT INTO clients (id, service, alias, developer, created_at, version, deleted, doc)
VALUES ($1, $2, $3, $4, $5, $6, 0, $7)
ON CONFLICT (id) DO NOTHING;

-- name: InsertClientGrant :exec
INSERT INTO grants (key, service, client, subject, expires_at, revoked, body)
VALUES ($1, $2, $3, '', $4, 0, $5);

-- name: UpdateClient :execrows
UPDATE clients
SET alias = sqlc.arg(alias), developer = sqlc.arg(developer), version = sqlc.arg(version), doc = sqlc.arg(doc)
WHERE id = sqlc.arg(id) AND service = sqlc.arg(service) AND version = sqlc.arg(old_version) AND deleted = 0;

-- name: DeleteClient :execrows
UPDATE clients SET version = sqlc.arg(version), doc = sqlc.arg(no_doc), deleted = 1
WHERE id = sqlc.arg(id) AND service = sqlc.arg(service) AND deleted = 0;

-- name: CountClients :one
SELECT COUNT(*) FROM clients
WHERE service = sqlc.arg(service) AND (developer = sqlc.arg(developer) OR sqlc.arg(developer) = '') AND deleted = 0;

-- name: ClientsOfDeveloper :one
SELECT COUNT(*) FROM clients WHERE service = $1 AND developer = $2 AND developer <> '' AND deleted = 0;

-- name: ClientIDs :many
SELECT id FROM clients WHERE service = $1 AND deleted = 0;

-- name: Client :one
-- (The parameter meets the column first: PostgreSQL takes its type from there.)
SELECT id, service, alias, developer, created_at, version, doc FROM clients
WHERE id = sqlc.arg(id) AND (service = sqlc.arg(service) OR sqlc.arg(service) = 0) AND deleted = 0;

-- name: ClientByAlias :one
SELECT id, service, alias, developer, created_at, version, doc FROM clients
WHERE service = $1 AND alias = $2 AND alias <> '' AND deleted = 0;

-- name: Clients :many
SELECT id, service, alias, developer, created_at, version, doc FROM clients
WHERE service = sqlc.arg(service) AND (developer = sqlc.arg(developer) OR sqlc.arg(developer) = '') AND deleted = 0
ORDER BY created_at, id
LIMIT sqlc.arg(count) OFFSET sqlc.arg(first);

-- name: CountAPITokens :one
SELECT COUNT(*) FROM api_tokens WHERE service = $1 AND deleted = 0;

-- name: InsertAPIToken :execrows
INSERT INTO api_tokens (id, hash, service, created_at, expires_at, version, deleted, doc)
VALUES ($1, $2, $3, $4, $5, $6, 0, $7)
ON CONFLICT (id) DO NOTHING;

-- name: UpdateAPIToken :execrows
UPDATE api_tokens
SET hash = sqlc.arg(hash), expires_at = sqlc.arg(expires_at), version = sqlc.arg(version), doc = sqlc.arg(doc)
WHERE id = sqlc.arg(id) AND version = sqlc.arg(old_version) AND deleted = 0;

-- name: DeleteAPIToken :execrows
UPDATE api_tokens SET version = sqlc.arg(version), doc = sqlc.arg(no_doc), deleted = 1
WHERE id = sqlc.arg(id) AND deleted = 0;

-- name: APITokenIDs :many
SELECT id FROM api_tokens WHERE service = $1 AND deleted = 0;

-- name: APITokens :many
SELECT id, hash, service, created_at, expires_at, version, doc FROM api_tokens WHERE deleted = 0 ORDER BY created_at, id;

-- name: APIToken :one
SELECT id, hash, service, created_at, expires_at, version, doc FROM api_tokens WHERE id = $1 AND deleted = 0;

-- name: Setting :one
SELECT content FROM settings WHERE name = $1;

-- name: InsertSetting :execrows
INSERT INTO settings (name, content) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING;
