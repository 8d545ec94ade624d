// Command openapi writes the OpenAPI document of the Web API.
//
//	comments and structs of internal/wire ─┐
//	                                       ├─▶ api/openapi.yaml
//	table of routes ───────────────────────┘
//
// The output depends on nothing else, so that a fresh run shows whether the
// committed file is up to date. What is not here: any knowledge of a single
// operation or member.
package main

//go:generate go run . -wire ../../internal/wire -out ../../api/openapi.yaml

import (
	"flag"
	"fmt"
	"os"

	"github.com/symbolon-auth/symbolon/internal/httpapi"
)

func main() {
	wireDir := flag.String("wire", "internal/wire", "folder of the wire documents")
	out := flag.String("out", "api/openapi.yaml", "file to write")
	flag.Parse()
	if err := run(*wireDir, *out); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func run(wireDir, out string) error {
	text, err := generate(routes(), wireDir)
	if err != nil {
		return err
	}
	return os.WriteFile(out, text, 0o644)
}

// routes is the surface to describe: the operations that are built.
func routes() []Route {
	var out []Route
	for _, r := range httpapi.Routes() {
		if r.Built {
			out = append(out, Route{
				Method: r.Method, Path: r.Path, Open: r.Open, Right: r.Right, Operation: r.Operation, Summary: r.Summary,
				Request: r.Request, Response: r.Response,
			})
		}
	}
	return out
}
