// Package cold is the SQL of the cold half: query.sql, and what sqlc v1.31.1
// generates from it (run "sqlc generate" in this folder). The queries are
// written in the PostgreSQL dialect and run unchanged on SQLite.
package cold
