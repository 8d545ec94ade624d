package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"go.yaml.in/yaml/v3"
)

// page is how many entries of a list are asked for at once.
const page = 100

// readDocument reads a document of the Web API from a file, "-" being the
// standard input. It may be JSON or YAML. A member that the Web API does not
// have is an error: it would be kept by nobody.
func readDocument(w *World, path string, into any) error {
	text, err := readFile(w, path)
	if err != nil {
		return err
	}
	var value any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if _, ok := value.(map[string]any); !ok {
		return fmt.Errorf("%s: it is no document with members", path)
	}
	document, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func readFile(w *World, path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(w.In)
	}
	return os.ReadFile(path)
}

// print writes a document.
func (w *World) print(document any) error {
	enc := json.NewEncoder(w.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(document)
}

// table writes lines of columns.
func (w *World) table(lines func(row func(columns ...any))) error {
	t := tabwriter.NewWriter(w.Out, 0, 8, 2, ' ', 0)
	var failed error
	lines(func(columns ...any) {
		for i, c := range columns {
			end := "\t"
			if i == len(columns)-1 {
				end = "\n"
			}
			_, err := fmt.Fprint(t, c, end)
			failed = errors.Join(failed, err)
		}
	})
	return errors.Join(failed, t.Flush())
}

// all reads a list to its end. next returns a part of it and how long it is.
func all[T any](next func(start, end int) (part []T, total int, err error)) ([]T, error) {
	var list []T
	for {
		part, total, err := next(len(list), len(list)+page)
		if err != nil {
			return nil, err
		}
		if list = append(list, part...); len(part) == 0 || len(list) >= total {
			return list, nil
		}
	}
}
