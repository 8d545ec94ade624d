package httpapi

import (
	"context"
	"net/http"
	"reflect"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/op/discovery"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// call is one HTTP request behind the router.
type call struct {
	*op.Call
	r         *http.Request
	id        string // of the request, in the log and in the answer
	body      *body
	route     *route
	arg       string // the last path elements of a route that has some
	principal *principal
	action    string // of the answer, "" where it has none
}

func (c *call) ctx() context.Context { return c.r.Context() }

// handler serves a route and knows its documents.
type handler struct {
	serve   func(*call) (any, error)
	in, out string // names of wire documents
	limit   int64  // bytes of a body; 0: maxBody
}

func (h *handler) types() (in, out string) {
	if h == nil {
		return "", ""
	}
	return h.in, h.out
}

// What a handler returns besides a document.
type (
	noContent struct{} // 204
	rawJSON   []byte   // a body that is ready
	plainText string
)

// operation serves an operation of a service.
func operation[I, O any](f func(context.Context, *op.Call, *I) (*O, error)) *handler {
	shape := shapeOf[I]()
	return &handler{
		in: typeName[I](), out: typeName[O](),
		serve: func(c *call) (any, error) {
			in := new(I)
			if err := c.body.decode(in, shape); err != nil {
				return nil, err
			}
			return f(c.ctx(), c.Call, in)
		},
	}
}

// document serves an administrative operation that takes a document. Since it
// may replace another one as a whole, nothing is not taken for a document, nor
// is a form, which cannot hold all of one.
func document[I any](f func(*call, *I) (any, error)) *handler {
	return &handler{
		in: typeName[I](),
		serve: func(c *call) (any, error) {
			if err := c.body.demandObject(); err != nil {
				return nil, err
			}
			in := new(I)
			if err := c.body.decode(in, nil); err != nil {
				return nil, err
			}
			return f(c, in)
		},
	}
}

// request serves an administrative operation with few parameters, which may
// come as a form.
func request[I any](f func(*call, *I) (any, error)) *handler {
	shape := shapeOf[I]()
	return &handler{
		in: typeName[I](),
		serve: func(c *call) (any, error) {
			in := new(I)
			if err := c.body.decode(in, shape); err != nil {
				return nil, err
			}
			return f(c, in)
		},
	}
}

// bare serves a route without a body.
func bare(f func(*call) (any, error)) *handler { return &handler{serve: f} }

// returning names the document that a handler answers with.
func (h *handler) returning(name string) *handler {
	h.out = name
	return h
}

// large raises the limit of the body, for services and clients.
func (h *handler) large() *handler {
	h.limit = maxDocument
	return h
}

func configuration() *handler {
	return bare(func(c *call) (any, error) {
		pretty, err := c.flag("pretty")
		if err != nil {
			return nil, err
		}
		doc, err := discovery.Configuration(c.Call, pretty, c.r.URL.Query().Get("patch"))
		return rawJSON(doc), err
	})
}

func configurationOf(c *call, in *wire.ServiceConfigurationRequest) (any, error) {
	doc, err := discovery.Configuration(c.Call, in.Pretty, in.Patch)
	return rawJSON(doc), err
}

func jwks() *handler {
	return bare(func(c *call) (any, error) {
		pretty, err := c.flag("pretty")
		if err != nil {
			return nil, err
		}
		private, err := c.flag("includePrivateKeys")
		if err != nil {
			return nil, err
		}
		doc, err := discovery.JWKS(c.Call, pretty, private)
		return rawJSON(doc), err
	})
}

const pageMost = 1000 // entries of one list

// page reads start and end; end is exclusive, and a page is bounded.
func (c *call) page() (start, end int, err error) {
	if start, err = c.number("start", 0); err != nil {
		return 0, 0, err
	}
	if end, err = c.number("end", 5); err != nil {
		return 0, 0, err
	}
	return start, max(start, min(end, start+pageMost)), nil
}

// typeName is used when the surface is built, never on the request path.
func typeName[T any]() string { return reflect.TypeFor[T]().Name() }

// allows refuses a caller whose rights do not reach.
func (c *call) allows(right wire.Permission) bool { return c.principal.allows(right) }
