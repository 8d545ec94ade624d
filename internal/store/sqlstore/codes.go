package sqlstore

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// keepRedeemed is how long a redeemed code stays visible, in milliseconds.
const keepRedeemed = 10 * 60 * 1000

// Code implements [store.Codes].
func (s *sqlStore) Code(ctx context.Context, service int64, key grant.Key, now int64) (*grant.Code, *grant.Grant, error) {
	s.counters.reads.Add(1)
	row, of, err := s.dialect.readCode(ctx, key)
	if err != nil || row == nil || !row.visible(service, now) {
		return nil, nil, err
	}
	c, err := row.code()
	if err != nil {
		return nil, nil, err
	}
	g, err := of.authorization()
	if err != nil {
		return nil, nil, err
	}
	return c, g, nil
}

// RedeemCode implements [store.Codes].
func (s *sqlStore) RedeemCode(ctx context.Context, r store.RedeemCode) (store.Outcome, error) {
	tokens, err := newTokenRows(r.Tokens)
	if err != nil {
		return 0, err
	}
	return s.do(ctx, &job{
		now: r.Now, service: r.Service, marks: r.Marks,
		consume: redeemCode, key: r.Code, keep: r.Now + keepRedeemed,
		raise: r.Grant, raiseTo: r.GrantExpires, tokens: tokens, chosen: r.Chosen,
		lostRevoke: r.Grant, ifConsumed: true,
	})
}
