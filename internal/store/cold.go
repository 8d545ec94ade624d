package store

import "context"

// Cold is the cold half: what administrators write. Documents are opaque
// bytes here (the registry seals them).
//
// Every write but that of a setting takes the next number of one global
// version counter in its own transaction, so versions become visible in
// order. No two rows have the same version. Rows are never removed, only
// marked deleted, so that the change feed shows it; a deleted id is not used
// again. When a row was created is never changed by a later write.
type Cold interface {
	// Version returns the counter: the version of the newest write.
	Version(ctx context.Context) (int64, error)

	// Changes returns what was written after version since, oldest first,
	// at most limit entries, without documents. A row appears once, where it
	// was written last.
	Changes(ctx context.Context, since int64, limit int) ([]Change, error)

	// PutService inserts a service (version 0) or replaces the one whose
	// version is given. It returns the new version, or ErrConflict where
	// the version is not the current one or the id is taken.
	PutService(ctx context.Context, s ServiceRow) (version int64, err error)
	// DeleteService marks a service deleted, with its clients and its API
	// tokens, and drops their documents.
	DeleteService(ctx context.Context, id int64) (found bool, err error)
	// Service returns a service, or nil.
	Service(ctx context.Context, id int64) (*ServiceRow, error)
	// Services returns all live services in the order of their creation.
	Services(ctx context.Context) ([]ServiceRow, error)

	// PutClient inserts a client (version 0), with its client_credentials
	// grant, or replaces the one whose version is given. ErrConflict as
	// above; ErrAlias where the service has another client of that alias,
	// ErrFull where the developer would have more than PerDeveloper, ErrGone
	// where there is no such service (any more).
	PutClient(ctx context.Context, c ClientRow) (version int64, err error)
	// DeleteClient marks a client deleted and drops its document.
	DeleteClient(ctx context.Context, service, id int64) (found bool, err error)
	// Client returns a live client by id; service 0 means any service.
	Client(ctx context.Context, service, id int64) (*ClientRow, error)
	// ClientByAlias returns a live client of a service by alias.
	ClientByAlias(ctx context.Context, service int64, alias string) (*ClientRow, error)
	// Clients returns a page of a service's clients in the order of their
	// creation; developer, where not empty, filters. end is exclusive. total
	// counts all that the filter leaves.
	Clients(ctx context.Context, service int64, developer string, start, end int) (page []ClientRow, total int, err error)

	// PutAPIToken inserts an API token (version 0) or replaces the one whose
	// version is given. ErrConflict as above; ErrFull where the service, or
	// the organization, has MaxAPITokens already; ErrGone as above.
	PutAPIToken(ctx context.Context, t APITokenRow) (version int64, err error)
	// DeleteAPIToken marks a token deleted.
	DeleteAPIToken(ctx context.Context, id string) (found bool, err error)
	// APITokens returns all live API tokens in the order of their creation.
	APITokens(ctx context.Context) ([]APITokenRow, error)
	// APIToken returns a live token by id, or nil.
	APIToken(ctx context.Context, id string) (*APITokenRow, error)

	// Setting returns the value of a name; where there is none yet, initial
	// is stored and returned. Of parallel callers all get the same value,
	// and one of them hears that it was created.
	Setting(ctx context.Context, name string, initial []byte) (value []byte, created bool, err error)
}

// ChangeKind says what a change is about.
type ChangeKind uint8

// The values are stored.
const (
	ServiceChanged  ChangeKind = 1
	ClientChanged   ChangeKind = 2
	APITokenChanged ChangeKind = 3
)

// Change is one entry of the change feed.
type Change struct {
	Version int64
	Kind    ChangeKind
	ID      int64  // of a service or client
	TokenID string // of an API token
	Deleted bool
}

// ServiceRow is a stored service.
type ServiceRow struct {
	ID      int64
	Created int64 // milliseconds
	Version int64
	Doc     []byte
}

// ClientRow is a stored client.
type ClientRow struct {
	ID        int64
	Service   int64
	Alias     string // empty: none
	Developer string
	Created   int64
	Version   int64
	Doc       []byte

	// PerDeveloper is how many clients of the service its developer may have
	// after the write; 0: any number. Those of no developer are not counted.
	// It is not stored.
	PerDeveloper int
}

// APITokenRow is a stored API token. Only its hash is kept.
type APITokenRow struct {
	ID      string
	Hash    [32]byte // SHA-256 of the token
	Service int64    // 0: an organization token
	Created int64
	Expires int64 // milliseconds; 0: never
	Version int64
	Doc     []byte
}

// MaxAPITokens bounds the API tokens of one service, and those of the
// organization.
const MaxAPITokens = 1000

// Error is a failure that a caller of Cold is expected to handle.
type Error string

func (e Error) Error() string { return string(e) }

// The errors of Cold.
const (
	ErrConflict Error = "store: somebody else wrote first"
	ErrAlias    Error = "store: the alias is taken"
	ErrFull     Error = "store: there are too many"
	ErrGone     Error = "store: there is no such service"
)

// Unavailable is what every failure of a store is wrapped in: the database
// cannot be reached, did not answer in time, or refused. Whoever called can
// try again later.
type Unavailable struct{ Err error }

func (e *Unavailable) Error() string { return "store: " + e.Err.Error() }

// Unwrap returns the failure itself.
func (e *Unavailable) Unwrap() error { return e.Err }
