package sqlstore

// table is a hot table. The order of the constants is the order in which a
// transaction touches them, so that two writers do not wait for each other.
type table uint8

const (
	marks table = iota
	codes
	tokens
	tickets
	pushed
	grants
	tableCount
)

// tableNames and tableUntil tell the clock hand what a table is called and
// which column says how long a row is kept.
var (
	tableNames = [tableCount]string{"marks", "codes", "tokens", "tickets", "pushed", "grants"}
	tableUntil = [tableCount]string{"expires_at", "keep_until", "expires_at", "expires_at", "keep_until", "expires_at"}
)
