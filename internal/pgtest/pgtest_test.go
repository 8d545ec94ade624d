//go:build unix

package pgtest

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { Main(m) }

func query(t *testing.T, url, sql string) (string, error) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	var s string
	err = conn.QueryRow(ctx, sql).Scan(&s)
	return s, err
}

func TestDatabasesAreApart(t *testing.T) {
	a, b := Database(t), Database(t)
	if a == b {
		t.Fatal("the same database twice")
	}
	inA, err := query(t, a, "SELECT current_database()")
	if err != nil {
		t.Fatal(err)
	}
	if inB, err := query(t, b, "SELECT current_database()"); err != nil || inA == inB {
		t.Fatal(inA, inB, err)
	}
}

func TestServerEndsAndComesBack(t *testing.T) {
	s := New(t, "fsync=off")
	url := s.Database(t)
	for _, end := range []func(testing.TB){s.Stop, s.Kill} {
		end(t)
		if _, err := query(t, url, "SELECT 1::text"); err == nil {
			t.Fatal("it still answers")
		}
		s.Start(t)
		if _, err := query(t, url, "SELECT 1::text"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMissingProgramSaysSo(t *testing.T) {
	if _, err := find("no-such-program"); !errors.Is(err, errMissing) {
		t.Fatal(err)
	}
}
