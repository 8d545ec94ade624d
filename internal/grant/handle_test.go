package grant

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

var urlSafe = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// TestHandles: a handle is safe in a path and holds 32 bytes that nobody can
// guess; its key begins with the expiry, so keys grow as time does.
func TestHandles(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1_900_000_000_000)
	seen := map[string]bool{}
	var last Key
	for i := range 100 {
		random := make([]byte, 32)
		if _, err := rand.Read(random); err != nil {
			t.Fatal(err)
		}
		expires := at.Add(time.Duration(i) * time.Millisecond)
		h, err := NewHandle(bytes.NewReader(random), expires)
		if err != nil || len(h) != handleLength || !urlSafe.MatchString(h) || seen[h] {
			t.Fatalf("%q %v", h, err)
		}
		seen[h] = true
		raw, err := base64.RawURLEncoding.DecodeString(h)
		if err != nil || !bytes.HasSuffix(raw, random) {
			t.Fatalf("%q does not hold the random bytes", h)
		}
		k := KeyOf(h)
		if bytes.Compare(last[:], k[:]) >= 0 {
			t.Errorf("the key of a later handle is not greater: %x, %x", last, k)
		}
		ms := int64(0)
		for _, b := range k[:expiryBytes] {
			ms = ms<<8 | int64(b)
		}
		if ms != expires.UnixMilli() {
			t.Errorf("the key says %d, the handle expires at %d", ms, expires.UnixMilli())
		}
		if bytes.Contains(k[:], random[:8]) {
			t.Error("the key shows the handle")
		}
		last = k
	}
}

func TestNewHandleNeedsRandomness(t *testing.T) {
	t.Parallel()
	if h, err := NewHandle(bytes.NewReader(make([]byte, 31)), time.Now()); err == nil {
		t.Errorf("a handle of too little randomness: %q", h)
	}
}

// TestKeyOfOtherTexts: any change of a handle makes another key; what is no
// handle of ours has no expiry in its key.
func TestKeyOfOtherTexts(t *testing.T) {
	t.Parallel()
	h, err := NewHandle(rand.Reader, time.UnixMilli(1_900_000_000_000))
	if err != nil {
		t.Fatal(err)
	}
	k := KeyOf(h)
	last := h[:len(h)-1]
	other := map[string]string{
		"truncated": last, "longer": h + "A", "padded": h + "=", "a space": h + " ", "a space in front": " " + h,
		"a line break": h[:20] + "\n" + h[20:], "swapped case": strings.ToLower(h), "empty": "", "dots": strings.Repeat(".", handleLength),
		"a line break for a character": h[:20] + "\n" + h[21:],
	}
	// The last character has two bits that decode to nothing.
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		if v := last + string(c); v != h {
			other["last character "+string(c)] = v
		}
	}
	for name, text := range other {
		o := KeyOf(text)
		if o == k {
			t.Errorf("%s: the same key", name)
		}
		if len(text) != handleLength && !bytes.Equal(o[:expiryBytes], make([]byte, expiryBytes)) {
			t.Errorf("%s: an expiry of %x", name, o[:expiryBytes])
		}
	}
}

// TestMarkKeys: parts do not run together, and kinds and services are apart.
func TestMarkKeys(t *testing.T) {
	t.Parallel()
	keys := map[Key]string{}
	add := func(name string, k Key) {
		if keys[k] != "" {
			t.Errorf("%s has the key of %s", name, keys[k])
		}
		keys[k] = name
		if !bytes.Equal(k[:expiryBytes], make([]byte, expiryBytes)) {
			t.Errorf("%s has an expiry", name)
		}
	}
	add("ab c", MarkKey("k", 1, "ab", "c"))
	add("a bc", MarkKey("k", 1, "a", "bc"))
	add("abc", MarkKey("k", 1, "abc"))
	add("abc and nothing", MarkKey("k", 1, "abc", ""))
	add("nothing and abc", MarkKey("k", 1, "", "abc"))
	add("another service", MarkKey("k", 2, "abc"))
	add("another kind", MarkKey("l", 1, "abc"))
	add("kind and part", MarkKey("ka", 1, "bc"))
	add("a client", ClientKey(1, 2))
	add("another client", ClientKey(1, 3))
	add("the client of another service", ClientKey(2, 2))
	add("the two exchanged", ClientKey(2, 1))
	if a, b := MarkKey("k", 1, "a"), MarkKey("k", 1, "a"); a != b {
		t.Error("the same mark has two keys")
	}
}

func TestKeyText(t *testing.T) {
	t.Parallel()
	k := KeyOf("anything")
	var back struct{ K Key }
	text, err := json.Marshal(struct{ K Key }{k})
	if err != nil || json.Unmarshal(text, &back) != nil || back.K != k || len(k.String()) != 43 {
		t.Errorf("%s %v", text, err)
	}
	if k.IsZero() || !(Key{}).IsZero() {
		t.Error("IsZero")
	}
	for _, bad := range []string{"", "a", k.String() + "A", k.String()[:42], strings.Repeat("!", 43), strings.Repeat("_", 43), k.String()[:42] + "\n"} {
		var got Key
		if err := got.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
