package registry

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"
	"time"

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

	mu sync.Mutex // replacements of this process wait for each other
	// keys holds one element while keys are made: an RSA key takes a processor
	// for a while, and many at once would leave none to answer with.
	keys chan struct{}
}

// NewWriter makes a writer.
func NewWriter(d *Directory, cold store.Cold, random io.Reader, now func() time.Time) *Writer {
	return &Writer{Directory: d, Cold: cold, Random: random, Now: now, keys: make(chan struct{}, 1)}
}

// makeKeys makes the keys that a service needs, when it is its turn.
func (w *Writer) makeKeys(ctx context.Context, doc *wire.Service, engine string) (string, error) {
	select {
	case w.keys <- struct{}{}:
		defer func() { <-w.keys }()
		return serviceKeys(doc, engine, w.Random)
	case <-ctx.Done():
		return "", ctx.Err()
	}
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
	engine, err := w.makeKeys(ctx, doc, "")
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
	doc.CreatedAt, doc.ModifiedAt, doc.HSKs = now, now, nil
	if err := w.putService(ctx, id, now, 0, &storedService{Doc: doc, EngineJWKS: engine}); err != nil {
		if errors.Is(err, store.ErrConflict) {
			return nil, refuse("apiKey %d is taken", id)
		}
		return nil, err
	}
	return w.service(ctx, id)
}

func (w *Writer) putService(ctx context.Context, id, created, version int64, st *storedService) error {
	if _, err := compileService(id, version, st); err != nil {
		return refuse("%v", err)
	}
	plain, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("registry: %w", err)
	}
	sealed := w.Directory.ring.Seal(servicePlace(id), plain)
	_, err = w.Cold.PutService(ctx, store.ServiceRow{ID: id, Created: created, Version: version, Doc: sealed})
	return err
}

func (w *Writer) service(ctx context.Context, id int64) (*Service, error) {
	if err := w.Directory.Follow(ctx); err != nil {
		return nil, err
	}
	s, err := w.Directory.Service(id)
	if err == nil && s == nil {
		err = fmt.Errorf("registry: service %d was deleted meanwhile", id)
	}
	return s, err
}

// UpdateService replaces a service as a whole; read-only members stay. Nil
// if there is no such service.
func (w *Writer) UpdateService(ctx context.Context, id int64, doc *wire.Service) (*Service, error) {
	if err := normalizeService(doc); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
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
		engine, err := w.makeKeys(ctx, &next, old.engine)
		if err != nil {
			return nil, err
		}
		next.APIKey, next.APISecret, next.Number, next.ServiceOwnerNumber = id, old.Doc.APISecret, old.Doc.Number, old.Doc.ServiceOwnerNumber
		next.CreatedAt, next.ModifiedAt, next.HSKs = old.Doc.CreatedAt, w.Now().UnixMilli(), old.Doc.HSKs
		err = w.putService(ctx, id, row.Created, row.Version, &storedService{Doc: &next, EngineJWKS: engine})
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return w.service(ctx, id)
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
	if err := normalizeClient(doc); err != nil {
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
	if err := w.putClient(ctx, s.ID, id, now, 0, doc); err != nil {
		return nil, err
	}
	return w.client(ctx, id)
}

func (w *Writer) putClient(ctx context.Context, service, id, created, version int64, doc *wire.Client) error {
	if _, err := compileClient(id, service, version, doc); err != nil {
		return refuse("%v", err)
	}
	plain, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("registry: %w", err)
	}
	_, err = w.Cold.PutClient(ctx, store.ClientRow{
		ID: id, Service: service, Alias: doc.ClientIDAlias, Developer: doc.Developer,
		Created: created, Version: version, Doc: w.Directory.ring.Seal(clientPlace(id), plain),
	})
	if errors.Is(err, store.ErrAlias) {
		return refuse("clientIdAlias %q is taken", doc.ClientIDAlias)
	}
	return err
}

func (w *Writer) client(ctx context.Context, id int64) (*Client, error) {
	if err := w.Directory.Follow(ctx); err != nil {
		return nil, err
	}
	c, err := w.Directory.ClientByID(ctx, id)
	if err == nil && c == nil {
		err = fmt.Errorf("registry: client %d was deleted meanwhile", id)
	}
	return c, err
}

// UpdateClient replaces a client as a whole; read-only members stay. Nil if
// the client is gone.
func (w *Writer) UpdateClient(ctx context.Context, c *Client, doc *wire.Client) (*Client, error) {
	if err := normalizeClient(doc); err != nil {
		return nil, err
	}
	return w.ChangeClient(ctx, c, func(*Client) *wire.Client { return doc })
}

// ChangeClient replaces a client by what change makes of it as it is stored
// now; read-only members stay. Where another writer is faster, change is asked
// again; where it returns nil, the client stays as it is. Nil if the client is
// gone.
func (w *Writer) ChangeClient(ctx context.Context, c *Client, change func(now *Client) *wire.Client) (*Client, error) {
	return w.replaceClient(ctx, c, func(old *Client) *wire.Client {
		doc := change(old)
		if doc == nil {
			return nil
		}
		next := *doc
		next.ClientID, next.ClientSecret, next.Number, next.ServiceNumber = c.ID, old.Doc.ClientSecret, old.Doc.Number, old.Doc.ServiceNumber
		next.CreatedAt = old.Doc.CreatedAt
		next.ClientSource, next.DynamicallyRegistered, next.RegistrationAccessTokenHash = old.Doc.ClientSource, old.Doc.DynamicallyRegistered, old.Doc.RegistrationAccessTokenHash
		return &next
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
	changed, err = w.replaceClient(ctx, c, func(now *Client) *wire.Client {
		next := *now.Doc
		old, next.ClientSecret = now.Doc.ClientSecret, chosen
		return &next
	})
	return changed, old, err
}

func (w *Writer) replaceClient(ctx context.Context, c *Client, change func(now *Client) *wire.Client) (*Client, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for range attempts {
		row, err := w.Cold.Client(ctx, c.Service, c.ID)
		if err != nil || row == nil {
			return nil, err
		}
		old, err := w.Directory.openClient(row)
		if err != nil {
			return nil, err
		}
		next := change(old)
		if next == nil {
			return old, nil
		}
		if err := normalizeClient(next); err != nil {
			return nil, err
		}
		next.ModifiedAt, next.DerivedSectorIdentifier = w.Now().UnixMilli(), sectorOf(next)
		err = w.putClient(ctx, c.Service, c.ID, row.Created, row.Version, next)
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := w.Directory.Follow(ctx); err != nil {
			return nil, err
		}
		return w.Directory.ClientByID(ctx, c.ID) // nil where it was deleted meanwhile
	}
	return nil, fmt.Errorf("registry: client %d: %w", c.ID, store.ErrConflict)
}

// DeleteClient deletes a client; its tokens are dead when it returns.
func (w *Writer) DeleteClient(ctx context.Context, tokens store.Tokens, c *Client) (found bool, err error) {
	if found, err = w.Cold.DeleteClient(ctx, c.Service, c.ID); err != nil || !found {
		return found, err
	}
	if err := w.Directory.Follow(ctx); err != nil {
		return true, err
	}
	return true, tokens.RevokeClient(ctx, c.Service, c.ID)
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
