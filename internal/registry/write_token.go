package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/symbolon-auth/symbolon/internal/store"
)

// CreateAPIToken stores a new API token and returns its value, which is
// shown this once.
func (w *Writer) CreateAPIToken(ctx context.Context, t *APIToken) (value string, err error) {
	if value, err = w.newSecret(); err != nil {
		return "", err
	}
	var id [16]byte
	if _, err := io.ReadFull(w.Random, id[:]); err != nil {
		return "", fmt.Errorf("registry: random source: %w", err)
	}
	t.ID, t.Created = hex.EncodeToString(id[:]), w.Now().UnixMilli() // no hyphen in front: people write it on command lines
	err = w.putAPIToken(ctx, t, sha256.Sum256([]byte(value)), 0)
	if errors.Is(err, store.ErrFull) {
		return "", refuse("there are %d API tokens already; revoke some", store.MaxAPITokens)
	}
	return value, err
}

func (w *Writer) putAPIToken(ctx context.Context, t *APIToken, hash [sha256.Size]byte, version int64) error {
	doc, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("registry: %w", err)
	}
	_, err = w.Cold.PutAPIToken(ctx, store.APITokenRow{
		ID: t.ID, Hash: hash, Service: t.Service, Created: t.Created, Expires: t.Expires, Version: version, Doc: doc,
	})
	if err != nil {
		return err
	}
	return w.Directory.Follow(ctx)
}

// DescribeAPIToken changes the description of an API token. Nil if it is
// gone.
func (w *Writer) DescribeAPIToken(ctx context.Context, id, description string) (*APIToken, error) {
	return w.replaceAPIToken(ctx, id, func(t *APIToken, _ *[sha256.Size]byte) { t.Description = description })
}

// RotateAPIToken gives an API token another value, which is shown this once.
// The old one stops working. Nil if the token is gone.
func (w *Writer) RotateAPIToken(ctx context.Context, id string) (t *APIToken, value string, err error) {
	if value, err = w.newSecret(); err != nil {
		return nil, "", err
	}
	t, err = w.replaceAPIToken(ctx, id, func(_ *APIToken, hash *[sha256.Size]byte) { *hash = sha256.Sum256([]byte(value)) })
	return t, value, err
}

func (w *Writer) replaceAPIToken(ctx context.Context, id string, change func(t *APIToken, hash *[sha256.Size]byte)) (*APIToken, error) {
	for range attempts {
		row, err := w.Cold.APIToken(ctx, id)
		if err != nil || row == nil {
			return nil, err
		}
		t := openAPIToken(row)
		if t.Err != nil {
			return nil, t.Err
		}
		hash := row.Hash
		change(t, &hash)
		err = w.putAPIToken(ctx, t, hash, row.Version)
		if errors.Is(err, store.ErrConflict) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return t, nil
	}
	return nil, fmt.Errorf("registry: API token %s: %w", id, store.ErrConflict)
}

// RevokeAPIToken deletes an API token.
func (w *Writer) RevokeAPIToken(ctx context.Context, id string) (found bool, err error) {
	if found, err = w.Cold.DeleteAPIToken(ctx, id); err != nil {
		return found, err
	}
	return found, w.Directory.Follow(ctx)
}
