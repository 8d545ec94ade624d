package keyring

import (
	"bytes"
	"errors"
	"testing"
)

func ring(t *testing.T, b byte) *Ring {
	t.Helper()
	r, err := New(bytes.Repeat([]byte{b}, MasterKeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSealBindsToKeyAndPlace(t *testing.T) {
	t.Parallel()
	r := ring(t, 1)
	sealed := r.Seal("service/1", []byte("secret"))
	if bytes.Contains(sealed, []byte("secret")) {
		t.Fatal("the sealed value shows the plain one")
	}
	if got, err := r.Open("service/1", sealed); err != nil || string(got) != "secret" {
		t.Fatalf("Open = %q, %v", got, err)
	}
	if _, err := r.Open("service/2", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("opened in another place: %v", err)
	}
	if _, err := ring(t, 2).Open("service/1", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("opened with another master key: %v", err)
	}
	for i := range sealed {
		damaged := bytes.Clone(sealed)
		damaged[i] ^= 1
		if _, err := r.Open("service/1", damaged); !errors.Is(err, ErrSealed) {
			t.Fatalf("opened with byte %d damaged: %v", i, err)
		}
	}
	if _, err := r.Open("service/1", nil); !errors.Is(err, ErrSealed) {
		t.Errorf("opened an empty value: %v", err)
	}
}

func TestSealUnderNeedsTheSecret(t *testing.T) {
	t.Parallel()
	r := ring(t, 1)
	sealed, err := r.SealUnder("old token", "1", []byte("new token"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.OpenUnder("old token", "1", sealed); err != nil || string(got) != "new token" {
		t.Fatalf("OpenUnder = %q, %v", got, err)
	}
	if _, err := r.OpenUnder("other token", "1", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("opened under another secret: %v", err)
	}
}

func TestMasterKeyLength(t *testing.T) {
	t.Parallel()
	if _, err := New(make([]byte, 31)); err == nil {
		t.Error("a short master key was taken")
	}
}
