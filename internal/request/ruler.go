package request

import (
	"slices"

	"github.com/symbolon-auth/symbolon/internal/oauth"
	"github.com/symbolon-auth/symbolon/internal/rule"
	"github.com/symbolon-auth/symbolon/internal/spec"
)

// Endpoint is a column of the ruler.
type Endpoint uint8

// The columns.
const (
	AtAuthorization Endpoint = iota
	AtPAR
	endpoints
)

// String names the column in generated documents.
func (e Endpoint) String() string { return [endpoints]string{"authorization", "pushed_auth_req"}[e] }

// cells holds the error code of a fault at each endpoint; empty: not checked.
type cells [endpoints]oauth.ErrorCode

// both is the cells of a fault that has one code everywhere.
func both(code oauth.ErrorCode) cells { return cells{code, code} }

// Row is one line of the ruler.
type Row[S any] struct {
	rule.Refusal
	cells cells
	check func(*S) *rule.Fault
}

func row[S any](id, result string, c cells, check func(*S) *rule.Fault, refs ...spec.Ref) Row[S] {
	return Row[S]{rule.Refusal{ID: id, Refs: refs, Result: result}, c, check}
}

func run[S any](table []Row[S], at Endpoint, s *S) *rule.Fault {
	for i := range table {
		r := &table[i]
		code := r.cells[at]
		if code == "" {
			continue
		}
		if f := r.check(s); f != nil {
			if f.Code == "" {
				f.Code = code
			}
			if f = r.Fault(f); f != nil {
				return f
			}
		}
	}
	return nil
}

// Line is one line of the ruler for generated documents.
type Line struct {
	*rule.Refusal
	Stage string
	Cells map[string]oauth.ErrorCode // by endpoint
}

// Lines lists the ruler in its order.
func Lines() []Line {
	return slices.Concat(lines("object", objectRules), lines("located", locatedRules), lines("requested", requestedRules))
}

func lines[S any](stage string, table []Row[S]) []Line {
	out := make([]Line, len(table))
	for i := range table {
		out[i] = Line{&table[i].Refusal, stage, map[string]oauth.ErrorCode{}}
		for e, code := range table[i].cells {
			if code != "" {
				out[i].Cells[Endpoint(e).String()] = code
			}
		}
	}
	return out
}
