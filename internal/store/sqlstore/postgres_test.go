package sqlstore

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/pgtest"
	"github.com/symbolon-auth/symbolon/internal/store"
)

// Every statement of the hot half finds its rows by primary key, in the order
// in which the keys are given, whatever the planner believes of the tables. A
// scan or a hash join would lock rows in another order. None is compiled.
func TestPostgreSQLPlans(t *testing.T) {
	w := newWorld(t, pgtest.Database(t), Options{})
	w.refresh()
	statements := map[string]string{
		"spend": pgSpendMarks, "redeem": pgRedeemCodes, "rotate": pgRotateTokens, "renew": pgRenewTokens,
		"use": pgUseWindows, "take": pgTakeTickets, "hold": pgHoldPushed, "consume": pgConsumePushed,
		"codes": pgInsertCodes, "delete": pgDeleteTokens, "close": pgCloseWindows, "tokens": pgInsertTokens,
		"choose": pgChooseTokens, "tickets": pgInsertTickets, "pushed": pgInsertPushed, "grants": pgInsertGrants,
		"raise": pgRaiseGrants, "revoke": pgRevokeGrants, "replayed": pgRevokeReplayed,
		"read_pushed": pgReadPushed, "read_tickets": pgReadTickets, "read_codes": pgReadCodes, "read_tokens": pgReadTokens,
		"client_grants": pgClientGrants,
	}
	for table := range tableCount {
		statements["hand_"+tableNames[table]] = w.s.dialect.(*postgres).hand.step[table]
	}
	parameter := regexp.MustCompile(`\$(\d+)`)
	bad := regexp.MustCompile(`Seq Scan|Hash|Merge Join|Bitmap|Sort`)
	check := func(conn *pgx.Conn) error {
		var compiles string
		if err := conn.QueryRow(w.ctx, "SHOW jit", pgx.QueryExecModeSimpleProtocol).Scan(&compiles); err != nil || compiles != "off" {
			t.Errorf("jit is %s: %v", compiles, err)
		}
		for name, sql := range statements {
			n := 0
			for _, m := range parameter.FindAllStringSubmatch(sql, -1) {
				i, _ := strconv.Atoi(m[1])
				n = max(n, i)
			}
			nulls := strings.TrimSuffix(strings.Repeat("NULL,", n), ",")
			if _, err := conn.Exec(w.ctx, "PREPARE "+name+" AS "+sql, pgx.QueryExecModeSimpleProtocol); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			rows, err := conn.Query(w.ctx, fmt.Sprintf("EXPLAIN (COSTS OFF) EXECUTE %s(%s)", name, nulls), pgx.QueryExecModeSimpleProtocol)
			if err != nil {
				return err
			}
			plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return err
			}
			text := strings.Join(plan, "\n")
			if found := bad.FindString(text); found != "" {
				t.Errorf("%s: %s in\n%s", name, found, text)
			}
		}
		_, err := conn.Exec(w.ctx, "DEALLOCATE ALL", pgx.QueryExecModeSimpleProtocol)
		return err
	}
	d := w.s.dialect.(*postgres)
	w.ok(d.with(w.ctx, check))
	_, err := w.raw().Exec("ANALYZE") // now it knows that the tables are tiny
	w.ok(err)
	w.ok(d.with(w.ctx, check))
	_, err = w.raw().Exec("UPDATE pg_class SET relpages = 1, reltuples = 1e7 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
	w.ok(err) // and now that they are huge
	w.ok(d.with(w.ctx, check))
}

// Two stores go through the same rows crosswise. Sorted arrays and index plans
// keep them from deadlocks.
func TestPostgreSQLDoesNotDeadlock(t *testing.T) {
	url := pgtest.Database(t)
	a, b := newWorld(t, url, Options{}), newWorld(t, url, Options{})
	for range 50 {
		shared := make([]grant.Mark, 64)
		for i := range shared {
			shared[i] = a.mark()
		}
		var wg sync.WaitGroup
		for _, w := range []*world{a, b} {
			wg.Go(func() {
				w.together(len(shared), func(i int) {
					marks := []grant.Mark{shared[i], shared[(i+7)%len(shared)], shared[(i+31)%len(shared)]}
					_, err := w.s.Spend(w.ctx, w.now, marks)
					w.ok(err)
				})
			})
		}
		wg.Wait()
	}
	db := a.raw()
	var deadlocks int
	// The server's counters lag; they are complete when the sessions end.
	w := b
	w.ok(a.s.Close())
	w.ok(b.s.Close())
	w.ok(db.QueryRow("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").Scan(&deadlocks))
	if deadlocks != 0 {
		t.Errorf("%d deadlocks", deadlocks)
	}
}

// A batch of pure inserts is one round trip; a phase that no job needs costs
// none.
func TestPostgreSQLRoundTrips(t *testing.T) {
	w := newWorld(t, pgtest.Database(t), Options{})
	trips := map[string]int{
		"Spend": 1, "Push": 2, "PutTicket": 2, "FinishAuthorization": 3, "RedeemCode": 3, "RedeemCode lost": 3,
		"RedeemCode chosen": 4, "RedeemCode taken": 3, "IssueToken": 2, "Rotate": 3, "Rotate lost": 3, "Renew": 3,
		"Renew in the window": 2, "Revoke": 2, "RevokeClient": 1,
	}
	count := func(call func() (store.Outcome, error)) (n int) {
		w.set(func(stage string) error {
			if stage == "send" {
				n++
			}
			return nil
		})
		defer w.set(nil)
		_, err := call()
		w.ok(err)
		return n
	}
	for _, v := range hotVerbs {
		if n := count(v.prepare(w)); n != trips[v.name] {
			t.Errorf("%s: %d round trips, not %d", v.name, n, trips[v.name])
		}
	}
	token, ticket := w.token(grant.Access, w.refresh().Grant), w.ticket(grant.Key{})
	for _, call := range []func() (store.Outcome, error){
		func() (store.Outcome, error) { return w.issue(token) },
		func() (store.Outcome, error) {
			return w.s.PutTicket(w.ctx, store.PutTicket{Now: w.now, Ticket: ticket})
		},
	} {
		if n := count(call); n != 1 {
			t.Errorf("%d round trips for inserts", n)
		}
	}
}
