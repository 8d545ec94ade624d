package sqlstore

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// Token implements [store.Tokens].
func (s *sqlStore) Token(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Token, *grant.Grant, error) {
	s.counters.reads.Add(1)
	row, of, err := s.dialect.readToken(ctx, key)
	if err != nil || row == nil || !row.visible(service, now) {
		return nil, nil, err
	}
	t, err := row.token()
	if err != nil {
		return nil, nil, err
	}
	g, err := of.authorization()
	if err != nil {
		return nil, nil, err
	}
	return t, g, nil
}

// IssueToken implements [store.Tokens].
func (s *sqlStore) IssueToken(ctx context.Context, i store.IssueToken) (store.Outcome, error) {
	row, err := newTokenRow(i.Token)
	if err != nil {
		return 0, err
	}
	return s.do(ctx, &job{
		now: i.Now, service: i.Token.Service, marks: i.Marks, tokens: []tokenRow{row}, chosen: i.Chosen,
	})
}

// Rotate implements [store.Tokens].
func (s *sqlStore) Rotate(ctx context.Context, r store.Rotate) (store.Outcome, error) {
	tokens, err := newTokenRows(r.Tokens)
	if err != nil {
		return 0, err
	}
	j := &job{
		now: r.Now, service: r.Service, marks: r.Marks,
		consume: rotateToken, key: r.Refresh, keep: r.RetryUntil, successor: r.Successor,
		deletes: [2]grant.Key{r.Access}, closes: r.Predecessor,
		raise: r.Grant, raiseTo: r.GrantExpires, tokens: tokens, chosen: r.Chosen,
	}
	if r.LostRevokes {
		j.lostRevoke = r.Grant
	}
	return s.do(ctx, j)
}

// Renew implements [store.Tokens].
func (s *sqlStore) Renew(ctx context.Context, r store.Renew) (store.Outcome, error) {
	row, err := newTokenRow(r.Token)
	if err != nil {
		return 0, err
	}
	j := &job{
		now: r.Now, service: r.Service, marks: r.Marks,
		consume: useWindow, key: r.Refresh,
		raise: r.Grant, raiseTo: r.GrantExpires, tokens: []tokenRow{row}, chosen: r.Chosen,
	}
	if !r.Window {
		j.consume, j.pair, j.keep = renewToken, r.Token.Key, r.RefreshExpires
		j.deletes[0] = r.OldAccess
	}
	return s.do(ctx, j)
}

// Revoke implements [store.Tokens].
func (s *sqlStore) Revoke(ctx context.Context, r store.Revoke) (store.Outcome, error) {
	j := &job{now: r.Now, service: r.Service, marks: r.Marks, deletes: [2]grant.Key{r.Token}}
	if !r.Grant.IsZero() {
		j.revoke = []grant.Key{r.Grant}
	}
	return s.do(ctx, j)
}

// grantPage is how many grants RevokeClient revokes in one job.
const grantPage = 256

// RevokeClient implements [store.Tokens]. Keys of grants do not change, so a
// page that begins after the last key misses none that was there.
func (s *sqlStore) RevokeClient(ctx context.Context, service, client int64) error {
	var after grant.Key
	for {
		page, err := s.dialect.readClientGrants(ctx, service, client, after, grantPage)
		if err != nil || len(page) == 0 {
			return err
		}
		if _, err := s.do(ctx, &job{service: service, revoke: page}); err != nil {
			return err
		}
		if len(page) < grantPage {
			return nil
		}
		after = page[len(page)-1]
	}
}
