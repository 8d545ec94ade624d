package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/symbolon-auth/symbolon/internal/webapi"
)

// fakeSuite answers as the suite does. It has one module, which ends after
// lasts.
type fakeSuite struct {
	lasts   time.Duration
	info    string
	log     string
	gone    bool // the end is known by the record alone
	refuse  bool
	started time.Time
	test    url.Values
	deleted bool
}

func (f *fakeSuite) suite() *suite {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/runner", func(w http.ResponseWriter, r *http.Request) {
		if f.refuse {
			http.Error(w, `{"error": "the alias is in use"}`, http.StatusConflict)
			return
		}
		f.started, f.test = time.Now(), r.URL.Query()
		_, _ = io.WriteString(w, `{"id": "t1"}`)
	})
	mux.HandleFunc("GET /api/runner/t1/wait-state", func(w http.ResponseWriter, r *http.Request) {
		left := f.lasts - time.Since(f.started)
		poll, _ := time.ParseDuration(r.FormValue("timeoutMs") + "ms")
		select {
		case <-r.Context().Done():
		case <-time.After(min(left, poll)):
		}
		switch {
		case left > poll:
			_, _ = io.WriteString(w, `{"timeout": true}`)
		case f.gone:
			http.Error(w, `{"error": "test not found"}`, http.StatusNotFound)
		default:
			_, _ = io.WriteString(w, `{"state": "FINISHED"}`)
		}
	})
	mux.HandleFunc("GET /api/info/t1", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, f.info) })
	mux.HandleFunc("GET /api/log/t1", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, f.log) })
	mux.HandleFunc("DELETE /api/runner/t1", func(http.ResponseWriter, *http.Request) { f.deleted = true })
	mux.HandleFunc("POST /api/plan", func(w http.ResponseWriter, r *http.Request) {
		f.test = r.URL.Query()
		_, _ = io.WriteString(w, `{"id": "p1", "modules": [{"testModule": "a", "variant": {"response_type": "code"}}, {"testModule": "b"}, {"testModule": "a", "variant": {"response_type": "id_token"}}]}`)
	})
	return &suite{base: "https://suite.example", http: &http.Client{Transport: webapi.Direct(mux), Timeout: callTimeout}}
}

const failedLog = `[{"src": "A", "msg": "fine", "result": "SUCCESS"},
	{"src": "B", "msg": "there is no iss", "result": "FAILURE", "requirements": ["RFC9207-2"]},
	{"src": "C", "msg": "odd", "result": "WARNING"}, {"src": "D", "msg": "at the end"},
	{"src": "E", "msg": "ended early: 'there is no iss'", "result": "FAILURE"}]`

func TestRunModule(t *testing.T) {
	t.Parallel()
	complaints := "B: there is no iss [RFC9207-2]; C: odd"
	for _, tc := range []struct {
		name       string
		suite      fakeSuite
		want       result
		conditions string
		took       time.Duration
		deleted    bool
	}{
		{"it passes", fakeSuite{lasts: 40 * time.Second, info: `{"status": "FINISHED", "result": "PASSED"}`, log: failedLog}, passed, "", 40 * time.Second, false},
		{"it fails", fakeSuite{lasts: time.Second, info: `{"status": "FINISHED", "result": "FAILED"}`, log: failedLog}, failed, complaints, time.Second, false},
		{"its record is left", fakeSuite{gone: true, info: `{"status": "INTERRUPTED"}`, log: failedLog}, interrupted, complaints, 0, false},
		{"it is skipped", fakeSuite{info: `{"status": "FINISHED", "result": "SKIPPED"}`, log: `[{"src": "T", "msg": "not supported", "result": "SKIPPED"}]`}, skipped, "T: not supported", 0, false},
		{"it hangs", fakeSuite{lasts: time.Hour, log: `[{"src": "T", "msg": "waiting"}]`}, timeout, "at last: T: waiting", time.Minute, true},
		{"it is not made", fakeSuite{refuse: true}, notRun, `the suite answered 409 {"error": "the alias is in use"}`, 0, false},
		{"its result is unknown", fakeSuite{info: `{"status": "FINISHED", "result": "UNKNOWN"}`, log: `[]`}, failed, `the suite tells the status "FINISHED" and the result "UNKNOWN"`, 0, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				o := tc.suite.suite().run(t.Context(), "p1", module{Name: "m", Variant: map[string]string{"a": "b"}, label: "m (a=b)"}, time.Minute)
				if o.result != tc.want || o.module != "m (a=b)" || strings.Join(o.conditions, "; ") != tc.conditions {
					t.Errorf("%s %s: %q", o.module, o.result, o.conditions)
				}
				if took := time.Since(begin); took != tc.took || tc.suite.deleted != tc.deleted {
					t.Errorf("it took %v; deleted: %v", took, tc.suite.deleted)
				}
				if q := tc.suite.test; !tc.suite.refuse && (q.Get("plan") != "p1" || q.Get("test") != "m" || q.Get("variant") != `{"a":"b"}`) {
					t.Errorf("asked for %v", q)
				}
				if (o.log != nil) != (tc.conditions != "" && tc.want != notRun) {
					t.Errorf("log: %s", o.log)
				}
			})
		})
	}
}

// A module that runs when a signal comes is stopped at the suite too.
func TestRunModuleStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fakeSuite{lasts: time.Hour}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if o := f.suite().run(ctx, "p1", module{Name: "m"}, time.Minute); o.result != notRun || !f.deleted {
			t.Errorf("%s, deleted: %v", o.result, f.deleted)
		}
	})
}

func TestCreatePlan(t *testing.T) {
	t.Parallel()
	f := &fakeSuite{}
	id, modules, err := f.suite().createPlan(t.Context(), &plan{suite: "s", modules: 3, variant: map[string]string{"x": "y"}}, object{})
	if err != nil || id != "p1" || f.test.Get("planName") != "s" || f.test.Get("variant") != `{"x":"y"}` {
		t.Fatalf("%s, %v, asked for %v", id, err, f.test)
	}
	for i, want := range []string{"a (response_type=code)", "b", "a (response_type=id_token)"} {
		if modules[i].label != want {
			t.Errorf("module %d is %q", i, modules[i].label)
		}
	}
	if _, _, err := f.suite().createPlan(t.Context(), &plan{name: "p", suite: "s", modules: 4}, object{}); err == nil || !strings.Contains(err.Error(), "3 modules") {
		t.Errorf("too few modules: %v", err)
	}
}

func TestEntries(t *testing.T) {
	t.Parallel()
	var e entry
	if err := json.Unmarshal([]byte(`{"src": "S", "msg": "many   words\n and `+strings.Repeat("x", 300)+`", "more": {}, "url": "https://a.example/"}`), &e); err != nil {
		t.Fatal(err)
	}
	if got := e.String(); !strings.HasPrefix(got, "S: many words and xx") || !strings.HasSuffix(got, "x… at https://a.example/") || len(got) > 280 {
		t.Error(got)
	}
}
