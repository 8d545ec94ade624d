package registry

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"github.com/maypok86/otter/v2/stats"

	"github.com/symbolon-auth/symbolon/internal/keyring"
	"github.com/symbolon-auth/symbolon/internal/store"
)

const (
	clientCache = 512 << 20 // bytes of compiled clients kept in memory, by their footprints
	aliasCache  = 100_000
	feedPage    = 500 // changes read at once
)

// Directory is the configuration in memory. Reading it costs no database
// access, except for a client that is not in the cache.
type Directory struct {
	cold store.Cold
	ring *keyring.Ring

	services atomic.Pointer[map[int64]*entry]
	tokens   sync.Map // *APIToken by the hash of its value
	clients  *otter.Cache[int64, *Client]
	aliases  *otter.Cache[alias, int64]

	mu       sync.Mutex           // one follower at a time
	tokenIDs map[string]*APIToken // the same tokens by id; the follower's
	version  atomic.Int64

	apiTokens atomic.Int64 // how many there are
}

type alias struct {
	service int64
	name    string
}

// entry is a service that is opened when it is first asked for: to unseal and
// compile one takes half a millisecond, most of it for its private keys, and a
// start with thousands of services would wait for all of them.
type entry struct {
	row     store.ServiceRow
	once    sync.Once
	service *Service
	err     error
}

func (e *entry) open(d *Directory) (*Service, error) {
	e.once.Do(func() {
		e.service, e.err = d.openService(&e.row)
		e.row.Doc = nil
	})
	return e.service, e.err
}

func newClientCache(bytes uint64) *otter.Cache[int64, *Client] {
	return otter.Must(&otter.Options[int64, *Client]{
		MaximumWeight: bytes,
		Weigher:       func(_ int64, c *Client) uint32 { return c.bytes },
		StatsRecorder: stats.NewCounter(),
	})
}

// Open reads the configuration.
func Open(ctx context.Context, cold store.Cold, ring *keyring.Ring) (*Directory, error) {
	d := &Directory{
		cold: cold, ring: ring,
		clients:  newClientCache(clientCache),
		aliases:  otter.Must(&otter.Options[alias, int64]{MaximumSize: aliasCache}),
		tokenIDs: map[string]*APIToken{},
	}
	d.services.Store(&map[int64]*entry{})
	version, err := cold.Version(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := cold.Services(ctx)
	if err != nil {
		return nil, err
	}
	services := make(map[int64]*entry, len(rows))
	for i := range rows {
		services[rows[i].ID] = &entry{row: rows[i]}
	}
	d.services.Store(&services)
	tokens, err := cold.APITokens(ctx)
	if err != nil {
		return nil, err
	}
	for i := range tokens {
		d.setToken(tokens[i].ID, &tokens[i])
	}
	d.version.Store(version)
	return d, nil
}

func servicePlace(id int64) string { return "service/" + strconv.FormatInt(id, 10) }
func clientPlace(id int64) string  { return "client/" + strconv.FormatInt(id, 10) }

func (d *Directory) openService(row *store.ServiceRow) (*Service, error) {
	plain, err := d.ring.Open(servicePlace(row.ID), row.Doc)
	if err != nil {
		return nil, fmt.Errorf("registry: service %d: %w", row.ID, err)
	}
	return openService(row.ID, row.Version, plain)
}

func (d *Directory) openClient(row *store.ClientRow) (*Client, error) {
	plain, err := d.ring.Open(clientPlace(row.ID), row.Doc)
	if err != nil {
		return nil, fmt.Errorf("registry: client %d: %w", row.ID, err)
	}
	return openClient(row.ID, row.Service, row.Version, plain)
}

// setToken sets the API token of an id; a row of nil removes it.
func (d *Directory) setToken(id string, row *store.APITokenRow) {
	old := d.tokenIDs[id]
	if row == nil {
		delete(d.tokenIDs, id)
	} else {
		t := openAPIToken(row)
		d.tokenIDs[id] = t
		d.tokens.Store(t.hash, t)
	}
	if old != nil && (row == nil || row.Hash != old.hash) {
		d.tokens.Delete(old.hash)
	}
	d.apiTokens.Store(int64(len(d.tokenIDs)))
}

// Follow applies what was written since the last call, by this process or by
// others. It is called after every write of this process and periodically.
func (d *Directory) Follow(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		changes, err := d.cold.Changes(ctx, d.version.Load(), feedPage)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			return nil
		}
		if err := d.apply(ctx, changes); err != nil {
			return err
		}
		d.version.Store(changes[len(changes)-1].Version)
	}
}

func (d *Directory) apply(ctx context.Context, changes []store.Change) error {
	services := maps.Clone(*d.services.Load())
	for _, c := range changes {
		switch c.Kind {
		case store.ServiceChanged:
			if err := d.applyService(ctx, services, c); err != nil {
				return err
			}
		case store.ClientChanged:
			d.clients.Invalidate(c.ID)
		case store.APITokenChanged:
			row, err := d.cold.APIToken(ctx, c.TokenID)
			if err != nil {
				return err
			}
			d.setToken(c.TokenID, row)
		}
	}
	d.services.Store(&services)
	return nil
}

func (d *Directory) applyService(ctx context.Context, services map[int64]*entry, c store.Change) error {
	row, err := d.cold.Service(ctx, c.ID)
	if err != nil {
		return err
	}
	if row == nil {
		delete(services, c.ID)
		return nil
	}
	services[c.ID] = &entry{row: *row}
	return nil
}

// Run follows the change feed until ctx ends. failed is told of every
// failure; the configuration stays what it was meanwhile.
func (d *Directory) Run(ctx context.Context, every time.Duration, failed func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := d.Follow(ctx); err != nil && ctx.Err() == nil {
				failed(err)
			}
		}
	}
}

// Stats are figures of a directory.
type Stats struct {
	Services, APITokens, Clients int    // in memory
	ClientBytes                  uint64 // what those clients take, about
	Hits, Misses                 uint64 // of look-ups of clients
}

// Stats counts.
func (d *Directory) Stats() Stats {
	cache := d.clients.Stats()
	return Stats{
		Services: len(*d.services.Load()), APITokens: int(d.apiTokens.Load()), Clients: d.clients.EstimatedSize(),
		ClientBytes: d.clients.WeightedSize(), Hits: cache.Hits, Misses: cache.Misses,
	}
}

// Service returns a service, or nil.
func (d *Directory) Service(id int64) (*Service, error) {
	e := (*d.services.Load())[id]
	if e == nil {
		return nil, nil
	}
	return e.open(d)
}

// HasService reports whether there is a service.
func (d *Directory) HasService(id int64) bool { return (*d.services.Load())[id] != nil }

// Services returns a page of all services or, where only is not 0, of that
// one, in the order of their creation; end is exclusive. total counts all.
func (d *Directory) Services(only int64, start, end int) (page []*Service, total int, err error) {
	var all []*entry
	for id, e := range *d.services.Load() {
		if only == 0 || only == id {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.row.Created, b.row.Created), cmp.Compare(a.row.ID, b.row.ID))
	})
	for i := start; i < min(end, len(all)); i++ {
		s, err := all[i].open(d)
		if err != nil {
			return nil, 0, err
		}
		page = append(page, s)
	}
	return page, len(all), nil
}

// APIToken returns the API token of that value, or nil.
func (d *Directory) APIToken(value string) *APIToken {
	t, _ := d.tokens.Load(sha256.Sum256([]byte(value)))
	found, _ := t.(*APIToken)
	return found
}

// APITokens returns the API tokens of a service, or with 0 those of the
// organization, in the order of their creation.
func (d *Directory) APITokens(service int64) []*APIToken {
	var list []*APIToken
	for _, v := range d.tokens.Range {
		if t := v.(*APIToken); t.Service == service {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b *APIToken) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list
}

// APITokenByID returns the API token of that id, or nil.
func (d *Directory) APITokenByID(ctx context.Context, id string) (*APIToken, error) {
	if !IsText(id) {
		return nil, nil
	}
	row, err := d.cold.APIToken(ctx, id)
	if err != nil || row == nil {
		return nil, err
	}
	return openAPIToken(row), nil
}

// ClientNumber returns the client number that an identifier is, if it is one.
func ClientNumber(identifier string) (id int64, ok bool) {
	id, err := strconv.ParseInt(identifier, 10, 64)
	return id, err == nil && id > 0 && strconv.FormatInt(id, 10) == identifier
}

// Client returns the client of a service that an identifier names: its
// number or, where both have switched it on, its alias. Nil if there is none.
func (d *Directory) Client(ctx context.Context, s *Service, identifier string) (c *Client, aliasUsed bool, err error) {
	if !IsText(identifier) {
		return nil, false, nil
	}
	if id, ok := ClientNumber(identifier); ok {
		c, err := d.ClientByID(ctx, id)
		if err != nil || c == nil || c.Service != s.ID {
			return nil, false, err
		}
		return c, false, nil
	}
	if identifier == "" || !s.Doc.ClientIDAliasEnabled || len(identifier) > 200 {
		return nil, false, nil
	}
	key := alias{s.ID, identifier}
	if id, ok := d.aliases.GetIfPresent(key); ok {
		c, err := d.ClientByID(ctx, id)
		if err != nil {
			return nil, false, err
		}
		if named(c, s, identifier) {
			return c, true, nil
		}
		d.aliases.Invalidate(key) // the alias has moved
	}
	c, err = d.load(func() (*store.ClientRow, error) { return d.cold.ClientByAlias(ctx, s.ID, identifier) })
	if err != nil || !named(c, s, identifier) {
		return nil, false, err
	}
	d.aliases.Set(key, c.ID)
	return c, true, nil
}

func named(c *Client, s *Service, name string) bool {
	return c != nil && c.Service == s.ID && c.Doc.ClientIDAlias == name && c.Doc.ClientIDAliasEnabled
}

// ClientByID returns a client of any service, or nil.
func (d *Directory) ClientByID(ctx context.Context, id int64) (*Client, error) {
	if c, ok := d.clients.GetIfPresent(id); ok {
		return c, nil
	}
	return d.load(func() (*store.ClientRow, error) { return d.cold.Client(ctx, 0, id) })
}

// ServiceOfClient returns the service that a client belongs to, or 0 if there
// is no such client. It reads no more of it, so that a damaged one is found.
func (d *Directory) ServiceOfClient(ctx context.Context, id int64) (service int64, err error) {
	row, err := d.cold.Client(ctx, 0, id)
	if err != nil || row == nil {
		return 0, err
	}
	return row.Service, nil
}

// load reads a client and caches it, unless the feed moved meanwhile: what
// was read might be older than an invalidation that has already happened.
// It does not wait for a follower that is at work; somebody else will cache.
func (d *Directory) load(read func() (*store.ClientRow, error)) (*Client, error) {
	before := d.version.Load()
	row, err := read()
	if err != nil || row == nil {
		return nil, err
	}
	c, err := d.openClient(row)
	if err != nil {
		return nil, err
	}
	if d.mu.TryLock() {
		defer d.mu.Unlock()
		if d.version.Load() == before {
			d.clients.Set(c.ID, c)
		}
	}
	return c, nil
}

// Clients returns a page of a service's clients in the order of their
// creation, and how many there are in all.
func (d *Directory) Clients(ctx context.Context, s *Service, developer string, start, end int) ([]*Client, int, error) {
	rows, total, err := d.cold.Clients(ctx, s.ID, developer, start, end)
	if err != nil {
		return nil, 0, err
	}
	out := make([]*Client, len(rows))
	for i := range rows {
		if out[i], err = d.openClient(&rows[i]); err != nil {
			return nil, 0, err
		}
	}
	return out, total, nil
}
