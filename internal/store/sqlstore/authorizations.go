package sqlstore

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// Push implements [store.Authorizations].
func (s *sqlStore) Push(ctx context.Context, p store.Push) (store.Outcome, error) {
	row, err := newPushedRow(p.Pushed)
	if err != nil {
		return 0, err
	}
	return s.do(ctx, &job{now: p.Now, service: p.Pushed.Service, marks: p.Marks, push: row})
}

// Pushed implements [store.Authorizations].
func (s *sqlStore) Pushed(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Pushed, error) {
	s.counters.reads.Add(1)
	row, err := s.dialect.readPushed(ctx, key)
	if err != nil || row == nil || !row.visible(service, now) {
		return nil, err
	}
	return row.request()
}

// PutTicket implements [store.Authorizations].
func (s *sqlStore) PutTicket(ctx context.Context, p store.PutTicket) (store.Outcome, error) {
	row, err := newTicketRow(p.Ticket)
	if err != nil {
		return 0, err
	}
	j := &job{now: p.Now, service: p.Ticket.Service, ticket: row}
	if !p.Ticket.Pushed.IsZero() {
		j.consume, j.key, j.keep = holdPushed, p.Ticket.Pushed, row.expires
	}
	return s.do(ctx, j)
}

// Ticket implements [store.Authorizations].
func (s *sqlStore) Ticket(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Ticket, error) {
	s.counters.reads.Add(1)
	row, err := s.dialect.readTicket(ctx, key)
	if err != nil || row == nil || !row.visible(service, now) {
		return nil, err
	}
	return row.ticket()
}

// ReplaceTicket implements [store.Authorizations].
func (s *sqlStore) ReplaceTicket(ctx context.Context, r store.ReplaceTicket) (store.Outcome, error) {
	body, err := encode(r.Body)
	if err != nil {
		return 0, err
	}
	return s.do(ctx, &job{now: r.Now, service: r.Service, consume: editTicket, key: r.Ticket, body: body})
}

// FinishAuthorization implements [store.Authorizations].
func (s *sqlStore) FinishAuthorization(ctx context.Context, f store.FinishAuthorization) (store.Outcome, error) {
	j := &job{now: f.Now, service: f.Service, consume: takeTicket, key: f.Ticket, pushed: f.Pushed}
	var err error
	if f.Grant != nil {
		if j.grant, err = newGrantRow(f.Grant); err != nil {
			return 0, err
		}
	}
	if f.Code != nil {
		if j.code, err = newCodeRow(f.Code); err != nil {
			return 0, err
		}
	}
	return s.do(ctx, j)
}
