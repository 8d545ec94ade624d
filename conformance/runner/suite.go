package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	// pollTime is how long the suite may hold a question for the state of a
	// module; it allows 30 seconds.
	pollTime    = 25 * time.Second
	callTimeout = pollTime + 35*time.Second
	// farewellTimeout bounds what is said to the suite after the run was stopped.
	farewellTimeout = 10 * time.Second
)

// suite is a running conformance suite.
type suite struct {
	base string
	http *http.Client
}

// newSuite returns the suite at an address. Its certificate is not checked:
// suites that are started locally have one that nobody signed.
func newSuite(base string) *suite {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	transport.Proxy = nil // it reaches our fronts on this machine, so it is near
	transport.MaxIdleConnsPerHost = ordinaryWorkers + sleepingWorkers
	return &suite{base: strings.TrimRight(base, "/"), http: &http.Client{Transport: transport, Timeout: callTimeout}}
}

// certificates returns what the suite shows at its address, as PEM.
func (s *suite) certificates(ctx context.Context) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, s.base, nil)
	if err != nil {
		return nil, err
	}
	resp, err := s.http.Do(r)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	var out []byte
	if resp.TLS != nil {
		for _, c := range resp.TLS.PeerCertificates {
			out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
		}
	}
	return out, nil
}

// statusError is an answer that is no success.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string {
	return fmt.Sprintf("the suite answered %d %s", e.status, e.text)
}

// call performs one call, and reads the JSON of the answer if it is wanted.
func (s *suite) call(ctx context.Context, method, path string, query url.Values, in, into any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, s.base+path+"?"+query.Encode(), body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json") // wanted even where there is no body
	r.Header.Set("Accept", "application/json")
	resp, err := s.http.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return err
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return &statusError{resp.StatusCode, cut(string(text), 200)}
	case into == nil:
		return nil
	}
	return json.Unmarshal(text, into)
}

// version asks who answers.
func (s *suite) version(ctx context.Context) (string, error) {
	var info struct {
		Version string `json:"version"`
	}
	if err := s.call(ctx, http.MethodGet, "/api/server", nil, nil, &info); err != nil {
		return "", err
	}
	return info.Version, nil
}

// createPlan makes a plan and returns its id and its modules.
func (s *suite) createPlan(ctx context.Context, p *plan, configuration object) (string, []module, error) {
	var made struct {
		ID      string   `json:"id"`
		Modules []module `json:"modules"`
	}
	query := url.Values{"planName": {p.suite}}
	if p.variant != nil {
		query.Set("variant", compact(p.variant))
	}
	if err := s.call(ctx, http.MethodPost, "/api/plan", query, configuration, &made); err != nil {
		return "", nil, fmt.Errorf("plan %s: %w", p.name, err)
	}
	if len(made.Modules) != p.modules {
		return "", nil, fmt.Errorf("plan %s: the suite makes %d modules of it, we know of %d: look at what changed, then correct the table of plans", p.name, len(made.Modules), p.modules)
	}
	label(made.Modules)
	return made.ID, made.Modules, nil
}

func compact(variant map[string]string) string {
	text, err := json.Marshal(variant)
	if err != nil { // strings
		panic(err)
	}
	return string(text)
}

// run runs one module of a plan to its end, and gives it up after limit.
func (s *suite) run(ctx context.Context, plan string, m module, limit time.Duration) outcome {
	begin := time.Now()
	o := outcome{module: m.label}
	bounded, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var err error
	if o.id, err = s.createModule(bounded, plan, m); err != nil {
		o.result, o.conditions = notRun, []string{err.Error()}
		return o
	}
	o.result, err = s.wait(bounded, o.id)
	// What follows happens after the limit, and after the run was stopped, too.
	farewell, cancelFarewell := context.WithTimeout(context.WithoutCancel(ctx), farewellTimeout)
	defer cancelFarewell()
	if err != nil {
		o.result = timeout
		switch {
		case ctx.Err() != nil:
			o.result = notRun
		case bounded.Err() == nil:
			o.result, o.conditions = failed, []string{err.Error()}
		}
		_ = s.call(farewell, http.MethodDelete, "/api/runner/"+o.id, nil, nil, nil)
	}
	if o.result != passed && o.result != notRun {
		conditions, raw := s.log(farewell, o.id, o.result)
		o.conditions, o.log = append(o.conditions, conditions...), raw
	}
	o.took = time.Since(begin)
	return o
}

func (s *suite) createModule(ctx context.Context, plan string, m module) (id string, err error) {
	var made struct {
		ID string `json:"id"`
	}
	query := url.Values{"plan": {plan}, "test": {m.Name}}
	if m.Variant != nil {
		query.Set("variant", compact(m.Variant))
	}
	err = s.call(ctx, http.MethodPost, "/api/runner", query, nil, &made)
	return made.ID, err
}

// wait waits for the end of a module and returns its result.
func (s *suite) wait(ctx context.Context, id string) (result, error) {
	query := url.Values{"states": {"FINISHED,INTERRUPTED"}, "timeoutMs": {fmt.Sprint(pollTime.Milliseconds())}}
	for {
		var state struct {
			State string `json:"state"`
		}
		err := s.call(ctx, http.MethodGet, "/api/runner/"+id+"/wait-state", query, nil, &state)
		var status *statusError
		gone := errors.As(err, &status) && status.status == http.StatusNotFound // it ended, and only its record is left
		if err != nil && !gone {
			return "", err
		}
		if state.State == "" && !gone {
			continue
		}
		var info struct {
			Status string `json:"status"`
			Result string `json:"result"`
		}
		if err := s.call(ctx, http.MethodGet, "/api/info/"+id, nil, nil, &info); err != nil {
			return "", err
		}
		return resultOf(info.Status, info.Result)
	}
}

// entry is a line of the log of a module.
type entry struct {
	Source       string   `json:"src"`
	Message      string   `json:"msg"`
	Result       string   `json:"result"`
	Requirements []string `json:"requirements"`
	URL          string   `json:"url"` // where the suite's browser was
}

func (e *entry) String() string {
	text := e.Source + ": " + cut(e.Message, 240)
	if e.URL != "" {
		text += " at " + cut(e.URL, 80)
	}
	if len(e.Requirements) > 0 {
		text += " [" + strings.Join(e.Requirements, ", ") + "]"
	}
	return text
}

// log returns what a module complained about, and the whole log.
func (s *suite) log(ctx context.Context, id string, r result) (conditions []string, raw []byte) {
	var text json.RawMessage
	if err := s.call(ctx, http.MethodGet, "/api/log/"+id, nil, nil, &text); err != nil {
		return []string{"its log: " + err.Error()}, nil
	}
	var entries []entry
	if err := json.Unmarshal(text, &entries); err != nil {
		return []string{"its log: " + err.Error()}, text
	}
	return complaints(entries, r), text
}

// complaints picks what explains a result out of a log. A module that timed
// out may have found nothing wrong: what it did last tells what it waits for.
// The suite wraps what went wrong into other messages, which are left out.
func complaints(entries []entry, r result) []string {
	var out, told []string
	for _, e := range entries {
		complains := e.Result == "FAILURE" || e.Result == "WARNING" || e.Result == "INTERRUPTED" || e.Result == string(r)
		again := slices.ContainsFunc(told, func(message string) bool { return strings.Contains(e.Message, message) })
		if complains && !again {
			out, told = append(out, e.String()), append(told, e.Message)
		}
	}
	if len(out) == 0 && len(entries) > 0 {
		out = append(out, "at last: "+entries[len(entries)-1].String())
	}
	return out
}

// cut shortens a text for one line.
func cut(s string, most int) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) <= most {
		return string(runes)
	}
	return string(runes[:most-1]) + "…"
}
