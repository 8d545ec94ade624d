package sqlstore

import (
	"fmt"
	"strings"
	"testing"
)

// What goes through a table in pages reads as many rows as the page has,
// however many there are: no plan scans a table from its beginning, and none
// sorts. (TestPostgreSQLPlans says the same of PostgreSQL.)
func TestSQLitePagePlans(t *testing.T) {
	w, _ := sqliteWorld(t, Options{})
	queries := map[string]int{sqliteClientGrants: 4} // and how many parameters they have
	for i := range tableCount {
		queries[fmt.Sprintf(sqliteHandEnd, tableNames[i])] = 2
		queries[fmt.Sprintf(sqliteHandDelete, tableNames[i], tableUntil[i])] = 3
		queries[fmt.Sprintf(sqliteHandTail, tableNames[i], tableUntil[i])] = 2
	}
	for q, n := range queries {
		rows, err := w.sqlite().reads.db.QueryContext(w.ctx, "EXPLAIN QUERY PLAN "+q, make([]any, n)...)
		w.ok(err)
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var step string
			w.ok(rows.Scan(&id, &parent, &unused, &step))
			plan = append(plan, step)
		}
		w.ok(rows.Err())
		if len(plan) != 1 || !strings.HasPrefix(plan[0], "SEARCH ") {
			t.Errorf("%s\n%s", q, strings.Join(plan, "\n"))
		}
	}
}
