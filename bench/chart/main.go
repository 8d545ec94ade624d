// Command chart draws the curves of docs/benchmarks from the tables beside
// them: every column after the first is a line over the first one.
//
//	go run ./bench/chart docs/benchmarks
//
// The pictures are plain SVG, and follow the reader's light or dark mode.
package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// chart is one picture, drawn from a table of the same name.
type chart struct {
	name, title, x, y string
	logarithmic       bool     // the x axis
	columns           []string // to draw; nil: all
	limit             float64  // a line that is the aim; 0: none
	limitText         string
	top               float64 // of the y axis at least
}

var charts = []chart{
	{name: "growth-tokens", title: "SQLite: CPU time per operation as tokens grow", x: "stored tokens", y: "times the cost at the first point", logarithmic: true, limit: 1.25, limitText: "aim: 1.25", top: 1.5},
	{name: "growth-postgresql", title: "PostgreSQL: CPU time per operation as tokens grow", x: "stored tokens", y: "times the cost at the first point", logarithmic: true, limit: 1.25, limitText: "aim: 1.25", top: 1.5},
	{name: "hand", title: "Garbage over an hour of churn, and after a fall to a tenth", x: "simulated minutes", y: "garbage / live", columns: []string{"now", "before: 32 rows a tick", "garbage / live"}, limit: 0.5, limitText: "aim: half of what lives"},
	{name: "log", title: "Write-ahead log under full load", x: "seconds (a reader keeps its snapshot from 20 to 30)", y: "MB", columns: []string{"log_mb"}, limit: 67.1, limitText: "emptied above 64 MiB"},
}

const (
	width, height            = 760, 400
	left, right, above, foot = 70, 190, 50, 60
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: chart FOLDER")
		os.Exit(2)
	}
	for _, c := range charts {
		if err := c.draw(os.Args[1]); err != nil {
			fmt.Fprintf(os.Stderr, "chart: %s: %v\n", c.name, err)
			os.Exit(1)
		}
	}
}

// line is one curve.
type line struct {
	name string
	x, y []float64
}

func (c *chart) draw(folder string) error {
	lines, err := c.read(filepath.Join(folder, c.name+".csv"))
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Printf("%s: there is no table\n", c.name)
		return nil
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, c.name+".svg"), []byte(c.svg(lines)), 0o600)
}

func (c *chart) read(file string) ([]line, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 {
		return nil, errors.Join(err, errors.New("the table is empty"))
	}
	var lines []line
	for i, name := range rows[0] {
		if i == 0 || len(c.columns) > 0 && !slices.Contains(c.columns, name) {
			continue
		}
		l := line{name: name}
		for _, row := range rows[1:] {
			x, errX := strconv.ParseFloat(row[0], 64)
			y, errY := strconv.ParseFloat(row[i], 64)
			if err := errors.Join(errX, errY); err != nil {
				return nil, err
			}
			if c.logarithmic {
				x = math.Log10(x)
			}
			l.x, l.y = append(l.x, x), append(l.y, y)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-size: 16px; font-weight: 600 }
.axis, .grid { stroke: #57606a; fill: none }
.grid { stroke-opacity: .25 }
.line { fill: none; stroke-width: 2 }
.limit { stroke: #57606a; stroke-dasharray: 6 4 }
.c0 { stroke: #0969da; fill: #0969da } .c1 { stroke: #bc4c00; fill: #bc4c00 } .c2 { stroke: #1a7f37; fill: #1a7f37 }
.c3 { stroke: #8250df; fill: #8250df } .c4 { stroke: #cf222e; fill: #cf222e }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .axis, .grid, .limit { stroke: #9198a1 }
.c0 { stroke: #58a6ff; fill: #58a6ff } .c1 { stroke: #f0883e; fill: #f0883e } .c2 { stroke: #3fb950; fill: #3fb950 }
.c3 { stroke: #bc8cff; fill: #bc8cff } .c4 { stroke: #ff7b72; fill: #ff7b72 }
}
</style>
`

func (c *chart) svg(lines []line) string {
	first, last := lines[0].x[0], lines[0].x[len(lines[0].x)-1]
	most := max(c.top, c.limit*1.1)
	for _, l := range lines {
		for _, y := range l.y {
			most = max(most, y)
		}
	}
	step := nice(most / 5)
	most = math.Ceil(most/step) * step
	atX := func(x float64) float64 { return left + (x-first)/(last-first)*(width-left-right) }
	atY := func(y float64) float64 { return height - foot - y/most*(height-above-foot) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">`+"\n%s",
		width, height, width, height, html.EscapeString(c.title), style)
	text := func(x, y float64, attributes, s string) {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f"%s>%s</text>`+"\n", x, y, attributes, html.EscapeString(s))
	}
	text(left, 28, ` class="title"`, c.title)
	for i := 0; float64(i)*step <= most*1.0001; i++ {
		y := float64(i) * step
		fmt.Fprintf(&b, `<path class="grid" d="M%d %.1fH%d"/>`+"\n", left, atY(y), width-right)
		text(left-8, atY(y)+4, ` text-anchor="end"`, strconv.FormatFloat(y, 'g', 4, 64))
	}
	for _, x := range c.ticks(first, last) {
		fmt.Fprintf(&b, `<path class="axis" d="M%.1f %dv5"/>`+"\n", atX(x), height-foot)
		text(atX(x), height-foot+20, ` text-anchor="middle"`, c.shown(x))
	}
	fmt.Fprintf(&b, `<path class="axis" d="M%d %dV%dH%d"/>`+"\n", left, above, height-foot, width-right)
	text((left+width-right)/2, height-14, ` text-anchor="middle"`, c.x)
	text(-(above+height-foot)/2, 18, ` text-anchor="middle" transform="rotate(-90)"`, c.y)
	if c.limit > 0 {
		fmt.Fprintf(&b, `<path class="limit" d="M%d %.1fH%d"/>`+"\n", left, atY(c.limit), width-right)
		text(width-right+6, atY(c.limit)+4, "", c.limitText)
	}
	for i, l := range lines {
		b.WriteString(`<path class="line c` + strconv.Itoa(i%5) + `" style="fill:none" d="`)
		for j := range l.x {
			fmt.Fprintf(&b, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[j == 0], atX(l.x[j]), atY(l.y[j]))
		}
		b.WriteString("\"/>\n")
		if len(lines) > 1 {
			at := float64(height - foot - 16*(len(lines)-i)) // at the foot, where no limit is named
			fmt.Fprintf(&b, `<path class="line c%d" d="M%d %.1fh14"/>`+"\n", i%5, width-right+6, at)
			text(width-right+26, at+4, "", l.name)
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// ticks are where the x axis has numbers.
func (c *chart) ticks(first, last float64) (at []float64) {
	step := nice((last - first) / 6)
	if c.logarithmic {
		step = 1
	}
	for x := math.Ceil(first/step) * step; x <= last*1.0001; x += step {
		at = append(at, x)
	}
	return at
}

func (c *chart) shown(x float64) string {
	if !c.logarithmic {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	n := math.Round(math.Pow(10, x))
	switch {
	case n >= 1e6:
		return strconv.FormatFloat(n/1e6, 'g', 4, 64) + " million"
	case n >= 1e4:
		return strconv.FormatFloat(n/1e3, 'g', 4, 64) + ",000"
	}
	return strconv.FormatFloat(n, 'g', 4, 64)
}

// nice rounds a step up to 1, 2 or 5 times a power of ten.
func nice(step float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(step)))
	for _, m := range []float64{1, 2, 5} {
		if step <= m*unit*1.0001 {
			return m * unit
		}
	}
	return 10 * unit
}
