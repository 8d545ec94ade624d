package sqlstore

import (
	"context"
	"time"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// observed is a dialect that is watched.
type observed struct {
	dialect
	by store.Observer
}

func (o observed) commit(ctx context.Context, batch []*job) error {
	began := time.Now()
	err := o.dialect.commit(ctx, batch)
	o.by.Batch(len(batch), time.Since(began), err)
	return err
}

func (o observed) readPushed(ctx context.Context, key grant.Key) (*pushedRow, error) {
	began := time.Now()
	row, err := o.dialect.readPushed(ctx, key)
	o.by.Read(ctx, began, err)
	return row, err
}

func (o observed) readTicket(ctx context.Context, key grant.Key) (*ticketRow, error) {
	began := time.Now()
	row, err := o.dialect.readTicket(ctx, key)
	o.by.Read(ctx, began, err)
	return row, err
}

func (o observed) readCode(ctx context.Context, key grant.Key) (*codeRow, *grantRow, error) {
	began := time.Now()
	row, of, err := o.dialect.readCode(ctx, key)
	o.by.Read(ctx, began, err)
	return row, of, err
}

func (o observed) readToken(ctx context.Context, key grant.Key) (*tokenRow, *grantRow, error) {
	began := time.Now()
	row, of, err := o.dialect.readToken(ctx, key)
	o.by.Read(ctx, began, err)
	return row, of, err
}
