-- +goose Up

-- Times are milliseconds since the epoch; 9223372036854775807 is never.

CREATE TABLE marks (
    key        BLOB    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE codes (
    key        BLOB    NOT NULL PRIMARY KEY,
    service    INTEGER NOT NULL,
    client     INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,
    grant_key  BLOB    NOT NULL,
    consumed   INTEGER NOT NULL,
    body       BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    key         BLOB    NOT NULL PRIMARY KEY,
    service     INTEGER NOT NULL,
    client      INTEGER NOT NULL,
    grant_key   BLOB    NOT NULL,
    kind        INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    pair        BLOB,
    consumed    INTEGER NOT NULL,
    retry_until INTEGER NOT NULL,
    successor   BLOB,
    body        BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tickets (
    key        BLOB    NOT NULL PRIMARY KEY,
    service    INTEGER NOT NULL,
    client     INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    pushed     BLOB,
    body       BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pushed (
    key        BLOB    NOT NULL PRIMARY KEY,
    service    INTEGER NOT NULL,
    client     INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    keep_until INTEGER NOT NULL,
    consumed   INTEGER NOT NULL,
    body       BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
    key        BLOB    NOT NULL PRIMARY KEY,
    service    INTEGER NOT NULL,
    client     INTEGER NOT NULL,
    subject    TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked    INTEGER NOT NULL,
    body       BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX grants_by_subject ON grants (service, subject, client);
CREATE INDEX grants_by_client ON grants (service, client);

CREATE TABLE services (
    id         INTEGER NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    deleted    INTEGER NOT NULL,
    doc        BLOB    NOT NULL
) STRICT;

CREATE UNIQUE INDEX services_by_version ON services (version);

CREATE TABLE clients (
    id         INTEGER NOT NULL PRIMARY KEY,
    service    INTEGER NOT NULL,
    alias      TEXT    NOT NULL,
    developer  TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    deleted    INTEGER NOT NULL,
    doc        BLOB    NOT NULL
) STRICT;

CREATE UNIQUE INDEX clients_by_version ON clients (version);
CREATE UNIQUE INDEX clients_by_alias ON clients (service, alias) WHERE deleted = 0 AND alias <> '';
CREATE INDEX clients_by_creation ON clients (service, created_at, id) WHERE deleted = 0;
CREATE INDEX clients_by_developer ON clients (service, developer) WHERE deleted = 0 AND developer <> '';

CREATE TABLE api_tokens (
    id         TEXT    NOT NULL PRIMARY KEY,
    hash       BLOB    NOT NULL,
    service    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    deleted    INTEGER NOT NULL,
    doc        BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX api_tokens_by_version ON api_tokens (version);

CREATE TABLE settings (
    name    TEXT  NOT NULL PRIMARY KEY,
    content BLOB  NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE config_version (
    v INTEGER NOT NULL
) STRICT;

INSERT INTO config_version (v) VALUES (0);
