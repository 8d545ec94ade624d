package main

import (
	"os"
	"testing"
)

// The committed reference is what the command line says today.
func TestReferenceIsCurrent(t *testing.T) {
	t.Parallel()
	committed, err := os.ReadFile("../../" + path)
	if err != nil {
		t.Fatal(err)
	}
	if string(committed) != text() {
		t.Errorf("%s is not current; run: go run ./tools/settings", path)
	}
}
