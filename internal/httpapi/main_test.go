package httpapi_test

import (
	"testing"

	"github.com/symbolon-auth/symbolon/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
