package rule

import (
	"fmt"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/spec"
)

// Refusal is one way of saying no.
type Refusal struct {
	ID     string          // "token.code.unused": where, what, which property must hold
	Refs   []spec.Ref      // the clauses that demand it
	Result string          // resultCode on the Web API
	Error  oauth.ErrorCode // what the OAuth client sees

	// Structural refusals cannot be switched off: without what they
	// demand there is nothing to go on with.
	Structural bool
}

// Fault raises the refusal, or returns nil where it is switched off.
func (r *Refusal) Fault(no *Fault) *Fault {
	if no == nil || (!r.Structural && off(r.ID)) {
		return nil
	}
	no.Refusal = r
	if no.Code == "" {
		no.Code = r.Error
	}
	return no
}

// Rule is a refusal with the check that decides on it.
type Rule[S any] struct {
	Refusal
	Check func(*S) *Fault
}

// Row makes a rule; it keeps the literals of tables to one line each.
func Row[S any](id, result string, code oauth.ErrorCode, check func(*S) *Fault, refs ...spec.Ref) Rule[S] {
	return Rule[S]{Refusal{ID: id, Refs: refs, Result: result, Error: code}, check}
}

// Table is rules in the order in which they are checked.
type Table[S any] []Rule[S]

// Run returns the fault of the first rule that says no.
func (t Table[S]) Run(s *S) *Fault {
	for i := range t {
		if f := t[i].Fault(t[i].Check(s)); f != nil {
			return f
		}
	}
	return nil
}

// Refusals lists the table's refusals, for the generated index.
func (t Table[S]) Refusals() []*Refusal {
	list := make([]*Refusal, len(t))
	for i := range t {
		list[i] = &t[i].Refusal
	}
	return list
}

// Consequence is what the commit must do because a rule said no.
type Consequence uint8

// RevokeGrant: a single-use value came back; whoever holds what it yielded
// may be an attacker (RFC6749-4.1.2, RFC9700-4.14.2).
const RevokeGrant Consequence = 1

// Source is one who demands something: a switch of a service or client, a
// scope's attribute, a clause of a profile.
type Source struct {
	Switch string   // "service.pkceRequired", "service.fapiModes FAPI2_SECURITY"
	Ref    spec.Ref // the clause, where a profile demands it
}

func (s Source) String() string {
	if s.Ref == "" {
		return s.Switch
	}
	return s.Switch + " (" + string(s.Ref) + ")"
}

// Fault is a refusal that happened.
type Fault struct {
	*Refusal
	Code        oauth.ErrorCode // Refusal.Error unless the check said otherwise
	Description string          // for the OAuth client: never secrets, never other parties' facts
	Detail      string          // for the owner of the service: explanation and log only
	By          []Source        // who demanded what was not met
	Consequence Consequence
}

// At raises f for a refusal although no check was run: a commit found what
// the rule would have. There is no way past a commit, so it has no switch.
func (f *Fault) At(r *Refusal) *Fault {
	f.Refusal = r
	if f.Code == "" {
		f.Code = r.Error
	}
	return f
}

// No is what a check returns to refuse.
func No(format string, args ...any) *Fault {
	if len(args) == 0 {
		return &Fault{Description: format}
	}
	return &Fault{Description: fmt.Sprintf(format, args...)}
}

// DemandedBy names who demanded what was not met.
func (f *Fault) DemandedBy(by ...Source) *Fault {
	f.By = append(f.By, by...)
	return f
}

// Because adds what only the owner of the service may see.
func (f *Fault) Because(format string, args ...any) *Fault {
	f.Detail = fmt.Sprintf(format, args...)
	return f
}

// As gives the fault another error code than its refusal's.
func (f *Fault) As(code oauth.ErrorCode) *Fault {
	f.Code = code
	return f
}

// With names the consequence of the fault.
func (f *Fault) With(c Consequence) *Fault {
	f.Consequence = c
	return f
}

// Printable reduces text that came from outside to what may stand in an
// error_description (RFC6749-4.1.2.1) and in a log line.
func Printable(s string) string {
	const most = 80
	var b strings.Builder
	for _, r := range s {
		if b.Len() >= most {
			b.WriteString("...")
			break
		}
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' {
			r = '?'
		}
		b.WriteRune(r)
	}
	return b.String()
}
