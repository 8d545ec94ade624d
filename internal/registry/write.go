package registry

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/symbolon-auth/symbolon/internal/jose"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Writer writes services, clients and API tokens, and lets the directory of
// this process see the change before it returns.
type Writer struct {
	Directory *Directory
	Cold      store.Cold
	Random    io.Reader
	Now       func() time.Time

	// keys holds one element while a key is made: an RSA key takes a processor
	// for a while, and many at once would leave none to answer with.
	keys    chan struct{}
	waiting atomic.Int32 // for that
}

// ErrBusy is what those are told for whom a key could not be made soon.
var ErrBusy = errors.New("registry: too many keys are being made")

const maxWaiting = 32 // calls that wait for their keys

// NewWriter makes a writer.
func NewWriter(d *Directory, cold store.Cold, random io.Reader, now func() time.Time) *Writer {
	return &Writer{Directory: d, Cold: cold, Random: random, Now: now, keys: make(chan struct{}, 1)}
}

// serviceKeys returns the keys that a service needs, with those made that are
// not there: one at a time.
func (w *Writer) serviceKeys(ctx context.Context, doc *wire.Service, engine string) (string, error) {
	return serviceKeys(doc, engine, func(alg string) (json.RawMessage, error) {
		defer w.waiting.Add(-1)
		if w.waiting.Add(1) > maxWaiting {
			return nil, ErrBusy
		}
		select {
		case w.keys <- struct{}{}:
			defer func() { <-w.keys }()
			return jose.GenerateKey(alg, w.Random)
		case <-ctx.Done():
			return nil, ErrBusy
		}
	})
}

const attempts = 20 // of a replacement that another writer overtook

// newID returns a positive number below 2^53 that is not guessable from
// others: JSON numbers of JavaScript clients are exact up to there.
func (w *Writer) newID() (int64, error) {
	const least = 1 << 40
	for {
		var b [8]byte
		if _, err := io.ReadFull(w.Random, b[:]); err != nil {
			return 0, fmt.Errorf("registry: random source: %w", err)
		}
		if id := int64(binary.BigEndian.Uint64(b[:]) >> 11); id >= least {
			return id, nil
		}
	}
}

func (w *Writer) newSecret() (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(w.Random, b[:]); err != nil {
		return "", fmt.Errorf("registry: random source: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// number derives the internal number of the published documents, a 31-bit
// one, from an id. Nothing relies on it.
func number(id int64) int { return int(id & 0x7fffffff) }

// CreateService stores a new service. chosen, where not 0, becomes its
// apiKey.
func (w *Writer) CreateService(ctx context.Context, doc *wire.Service, chosen int64) (*Service, error) {
	if err := normalizeService(doc); err != nil {
		return nil, err
	}
	engine, err := w.serviceKeys(ctx, doc, "")
	if err != nil {
		return nil, err
	}
	id := chosen
	if id == 0 {
		if id, err = w.newID(); err != nil {
			return nil, err
		}
	}
	secret, err := w.newSecret()
	if err != nil {
		return nil, err
	}
	now := w.Now().UnixMilli()
	doc.APIKey, doc.APISecret, doc.Number, doc.ServiceOwnerNumber = id, secret, number(id), 1
	doc.CreatedAt, doc.ModifiedAt, doc.HSKs, doc.Metadata = now, now, nil, nil
	s, err := w.putService(ctx, id, now, 0, &storedService{Doc: doc, EngineJWKS: engine})
	if errors.Is(err, store.ErrConflict) {
		return nil, refuse("apiKey %d is taken", id)
	}
	return s, err
}

// putService writes a service and returns it as it was written.
func (w *Writer) putService(ctx context.Context, id, created, version int64, st *storedService) (*Service, error) {
	s, err := compileService(id, version, st)
	if err != nil {
		return nil, refuse("%v", err)
	}
	plain, err := json.Marshal(st)
	if err != nil {
		return nil, fmt.Errorf("registry: %w", err)
	}
	sealed := w.Directory.ring.Seal(servicePlace(id), plain)
	if s.Version, err = w.Cold.PutService(ctx, store.ServiceRow{ID: id, Created: created, Version: version, Doc: sealed}); err != nil {
		return nil, err
	}
	return s, w.Directory.Follow(ctx)
}

// UpdateService replaces a service as a whole; read-only members stay. Nil
// if there is no such service.
func (w *Writer) UpdateService(ctx context.Context, id int64, doc *wire.Service) (*Service, error) {
	if err := normalizeService(doc); err != nil {
		return nil, err
	}
	for range attempts {
		row, err := w.Cold.Service(ctx, id)
		if err != nil || row == nil {
			return nil, err
		}
		old, err := w.Directory.openService(row)
		if err != nil {
			return nil, err
		}
		next := *doc
		if next.JWKS == old.engine { // what get returned for it, written back
			next.JWKS = ""
		}
		engine, err := w.serviceKeys(ctx, &next, old.engine)
		if err != nil {
			return nil, err
		}
		next.APIKey, next.APISecret, next.Number, next.ServiceOwnerNumber = id, old.Doc.APISecret, old.Doc.Number, old.Doc.ServiceOwnerNumber
		next.CreatedAt, next.ModifiedAt, next.HSKs, next.Metadata = old.Doc.CreatedAt, w.Now().UnixMilli(), old.Doc.HSKs, nil
		s, err := w.putService(ctx, id, row.Created, row.Version, &storedService{Doc: &next, EngineJWKS: engine})
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		return s, err
	}
	return nil, fmt.Errorf("registry: service %d: %w", id, store.ErrConflict)
}

// DeleteService deletes a service with all that belongs to it.
func (w *Writer) DeleteService(ctx context.Context, id int64) (found bool, err error) {
	if found, err = w.Cold.DeleteService(ctx, id); err != nil {
		return found, err
	}
	return found, w.Directory.Follow(ctx)
}

// CreateClient stores a new client of a service.
func (w *Writer) CreateClient(ctx context.Context, s *Service, doc *wire.Client) (*Client, error) {
	doc.ClientSource, doc.DynamicallyRegistered, doc.RegistrationAccessTokenHash = wire.ClientSourceStaticRegistration, false, ""
	return w.addClient(ctx, s, doc)
}

// RegisterClient stores a client that registers itself. Where it is to manage
// its registration, the token for that is returned, this once: only its hash
// is kept.
func (w *Writer) RegisterClient(ctx context.Context, s *Service, doc *wire.Client, managed bool) (c *Client, token string, err error) {
	doc.ClientSource, doc.DynamicallyRegistered, doc.RegistrationAccessTokenHash = wire.ClientSourceDynamicRegistration, true, ""
	if managed {
		if token, err = w.newSecret(); err != nil {
			return nil, "", err
		}
		doc.RegistrationAccessTokenHash = registrationHash(token)
	}
	c, err = w.addClient(ctx, s, doc)
	return c, token, err
}

func (w *Writer) addClient(ctx context.Context, s *Service, doc *wire.Client) (*Client, error) {
	if err := cmp.Or(normalizeClient(doc), checkAlias(doc.ClientIDAlias, s.Doc)); err != nil {
		return nil, err
	}
	id, err := w.newID()
	if err != nil {
		return nil, err
	}
	secret, err := w.newSecret()
	if err != nil {
		return nil, err
	}
	now := w.Now().UnixMilli()
	doc.AutomaticallyRegistered, doc.ExplicitlyRegistered, doc.DiscoveredByMetadataDocument = false, false, false
	doc.ClientID, doc.ClientSecret, doc.Number, doc.ServiceNumber = id, secret, number(id), s.Doc.Number
	doc.CreatedAt, doc.ModifiedAt, doc.DerivedSectorIdentifier = now, now, sectorOf(doc)
	return w.putClient(ctx, store.ClientRow{ID: id, Service: s.ID, Created: now, PerDeveloper: s.Doc.ClientsPerDeveloper}, doc)
}

// putClient writes a client, in the place of the row's version, and returns it
// as it was written.
func (w *Writer) putClient(ctx context.Context, row store.ClientRow, doc *wire.Client) (*Client, error) {
	c, err := compileClient(row.ID, row.Service, row.Version, doc)
	if err != nil {
		return nil, refuse("%v", err)
	}
	plain, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("registry: %w", err)
	}
	row.Alias, row.Developer, row.Doc = doc.ClientIDAlias, doc.Developer, w.Directory.ring.Seal(clientPlace(row.ID), plain)
	switch c.Version, err = w.Cold.PutClient(ctx, row); {
	case errors.Is(err, store.ErrAlias):
		return nil, refuse("clientIdAlias %q is taken", doc.ClientIDAlias)
	case errors.Is(err, store.ErrFull):
		return nil, refuse("developer %q has %d clients, which is as many as the service allows (clientsPerDeveloper)", doc.Developer, row.PerDeveloper)
	case err != nil:
		return nil, err
	}
	return c, w.Directory.Follow(ctx)
}

// UpdateClient replaces a client as a whole; read-only members stay. Nil if
// the client is gone.
func (w *Writer) UpdateClient(ctx context.Context, c *Client, doc *wire.Client) (*Client, error) {
	return w.ChangeClient(ctx, c, func(*Client) *wire.Client { return doc })
}

// ChangeClient replaces a client by what change makes of it as it is stored
// now; read-only members stay. Where another writer is faster, change is asked
// again; where it returns nil, the client stays as it is. Nil if the client is
// gone.
func (w *Writer) ChangeClient(ctx context.Context, c *Client, change func(now *Client) *wire.Client) (*Client, error) {
	return w.replaceClient(ctx, c, func(s *Service, old *Client) (*wire.Client, error) {
		doc := change(old)
		if doc == nil {
			return nil, nil
		}
		if err := normalizeClient(doc); err != nil {
			return nil, err
		}
		if doc.ClientIDAlias != old.Doc.ClientIDAlias {
			if err := checkAlias(doc.ClientIDAlias, s.Doc); err != nil {
				return nil, err
			}
		}
		next := *doc
		next.ClientID, next.ClientSecret, next.Number, next.ServiceNumber = c.ID, old.Doc.ClientSecret, old.Doc.Number, old.Doc.ServiceNumber
		next.CreatedAt = old.Doc.CreatedAt
		next.ClientSource, next.DynamicallyRegistered, next.RegistrationAccessTokenHash = old.Doc.ClientSource, old.Doc.DynamicallyRegistered, old.Doc.RegistrationAccessTokenHash
		next.AutomaticallyRegistered, next.ExplicitlyRegistered = old.Doc.AutomaticallyRegistered, old.Doc.ExplicitlyRegistered
		next.DiscoveredByMetadataDocument = old.Doc.DiscoveredByMetadataDocument
		return &next, nil
	})
}

// LockClient locks or unlocks a client. Nil if it is gone.
func (w *Writer) LockClient(ctx context.Context, c *Client, locked bool) (*Client, error) {
	return w.replaceClient(ctx, c, func(_ *Service, now *Client) (*wire.Client, error) {
		next := *now.Doc
		next.Locked = locked
		return &next, nil
	})
}

// SetClientSecret gives a client another secret, a new one where none is
// chosen. The old one stops working. Nil if the client is gone.
func (w *Writer) SetClientSecret(ctx context.Context, c *Client, chosen string) (changed *Client, old string, err error) {
	if chosen == "" {
		if chosen, err = w.newSecret(); err != nil {
			return nil, "", err
		}
	}
	changed, err = w.replaceClient(ctx, c, func(_ *Service, now *Client) (*wire.Client, error) {
		next := *now.Doc
		old, next.ClientSecret = now.Doc.ClientSecret, chosen
		return &next, nil
	})
	return changed, old, err
}

// replaceClient replaces a client by what change makes of it, and returns what
// it wrote. The document that is there is not judged again: an old one may
// break a rule of today, and must be lockable all the same.
func (w *Writer) replaceClient(ctx context.Context, c *Client, change func(of *Service, now *Client) (*wire.Client, error)) (*Client, error) {
	s, err := w.Directory.Service(c.Service)
	if err != nil || s == nil {
		return nil, err
	}
	for range attempts {
		row, err := w.Cold.Client(ctx, c.Service, c.ID)
		if err != nil || row == nil {
			return nil, err
		}
		old, err := w.Directory.openClient(row)
		if err != nil {
			return nil, err
		}
		next, err := change(s, old)
		if err != nil {
			return nil, err
		}
		if next == nil {
			return old, nil
		}
		next.ModifiedAt, next.DerivedSectorIdentifier = w.Now().UnixMilli(), sectorOf(next)
		as := store.ClientRow{ID: c.ID, Service: c.Service, Created: row.Created, Version: row.Version}
		if next.Developer != row.Developer { // who has too many already keeps them
			as.PerDeveloper = s.Doc.ClientsPerDeveloper
		}
		written, err := w.putClient(ctx, as, next)
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		return written, err
	}
	return nil, fmt.Errorf("registry: client %d: %w", c.ID, store.ErrConflict)
}

// DeleteClient deletes a client; its tokens are dead when it returns. The
// client is not read, so that a damaged one can go too.
func (w *Writer) DeleteClient(ctx context.Context, tokens store.Tokens, service, id int64) (found bool, err error) {
	if found, err = w.Cold.DeleteClient(ctx, service, id); err != nil || !found {
		return found, err
	}
	if err := w.Directory.Follow(ctx); err != nil {
		return true, err
	}
	return true, tokens.RevokeClient(ctx, service, id)
}

// sectorOf derives the sector identifier: the host that all redirect URIs
// share, or nothing.
func sectorOf(doc *wire.Client) string {
	sector := ""
	for _, text := range doc.RedirectURIs {
		u, err := url.Parse(text)
		if err != nil || (sector != "" && u.Hostname() != sector) {
			return ""
		}
		sector = u.Hostname()
	}
	return sector
}
