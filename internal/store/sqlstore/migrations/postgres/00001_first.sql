-- +goose Up

-- Times are milliseconds since the epoch; 9223372036854775807 is never.
-- Half-full pages let the flags of a row change without a new index entry (HOT).

CREATE TABLE marks (
    key         BYTEA  NOT NULL PRIMARY KEY,
    expires_at  BIGINT NOT NULL
);

CREATE TABLE codes (
    key         BYTEA  NOT NULL PRIMARY KEY,
    service     BIGINT NOT NULL,
    client      BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    keep_until  BIGINT NOT NULL,
    grant_key   BYTEA  NOT NULL,
    consumed    BIGINT NOT NULL,
    body        BYTEA  NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE tokens (
    key         BYTEA  NOT NULL PRIMARY KEY,
    service     BIGINT NOT NULL,
    client      BIGINT NOT NULL,
    grant_key   BYTEA  NOT NULL,
    kind        BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    pair        BYTEA,
    consumed    BIGINT NOT NULL,
    retry_until BIGINT NOT NULL,
    successor   BYTEA,
    body        BYTEA  NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE tickets (
    key         BYTEA  NOT NULL PRIMARY KEY,
    service     BIGINT NOT NULL,
    client      BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    pushed      BYTEA,
    body        BYTEA  NOT NULL
);

CREATE TABLE pushed (
    key         BYTEA  NOT NULL PRIMARY KEY,
    service     BIGINT NOT NULL,
    client      BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    keep_until  BIGINT NOT NULL,
    consumed    BIGINT NOT NULL,
    body        BYTEA  NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE grants (
    key         BYTEA  NOT NULL PRIMARY KEY,
    service     BIGINT NOT NULL,
    client      BIGINT NOT NULL,
    subject     TEXT   NOT NULL,
    expires_at  BIGINT NOT NULL,
    revoked     BIGINT NOT NULL,
    body        BYTEA  NOT NULL
) WITH (fillfactor = 50);

CREATE INDEX grants_by_subject ON grants (service, subject, client);
CREATE INDEX grants_by_client ON grants (service, client, key);

CREATE TABLE services (
    id          BIGINT NOT NULL PRIMARY KEY,
    created_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    deleted     BIGINT NOT NULL,
    doc         BYTEA  NOT NULL
);

CREATE UNIQUE INDEX services_by_version ON services (version);

CREATE TABLE clients (
    id          BIGINT NOT NULL PRIMARY KEY,
    service     BIGINT NOT NULL,
    alias       TEXT   NOT NULL,
    developer   TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    deleted     BIGINT NOT NULL,
    doc         BYTEA  NOT NULL
);

CREATE UNIQUE INDEX clients_by_version ON clients (version);
CREATE UNIQUE INDEX clients_by_alias ON clients (service, alias) WHERE deleted = 0 AND alias <> '';
CREATE INDEX clients_by_creation ON clients (service, created_at, id) WHERE deleted = 0;
CREATE INDEX clients_by_developer ON clients (service, developer) WHERE deleted = 0 AND developer <> '';

CREATE TABLE api_tokens (
    id          TEXT   NOT NULL PRIMARY KEY,
    hash        BYTEA  NOT NULL,
    service     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    deleted     BIGINT NOT NULL,
    doc         BYTEA  NOT NULL
);

CREATE UNIQUE INDEX api_tokens_by_version ON api_tokens (version);

CREATE TABLE settings (
    name        TEXT   NOT NULL PRIMARY KEY,
    content     BYTEA  NOT NULL
);

CREATE TABLE config_version (
    v           BIGINT NOT NULL
);

INSERT INTO config_version (v) VALUES (0);
