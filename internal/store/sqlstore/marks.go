package sqlstore

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// Spend implements [store.Marks].
func (s *sqlStore) Spend(ctx context.Context, now int64, marks []grant.Mark) (store.Outcome, error) {
	return s.do(ctx, &job{now: now, marks: marks})
}
