package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"

	"synthos/dataset"
	"synthos/verdict"
)

// InspectionJSON writes what is known of a dataset as indented JSON, in the way
// of JSON.
func InspectionJSON(w io.Writer, l *verdict.Load) error {
	b, err := json.Marshal(l, jsonOptions)
	if err != nil {
		return fmt.Errorf("cannot write the inspection as JSON: %w", err)
	}
	_, err = w.Write(append(escapeUnprintable(b), '\n'))
	return err
}

// inspectedFindings is how many findings an inspection shows.
const inspectedFindings = 30

// Inspection writes what is known of a dataset for a terminal: two lines of at
// most 100 columns for each column, then what was odd about the file.
func Inspection(w io.Writer, l *verdict.Load, color bool) error {
	l = printableLoad(l)
	t := text{Result: &verdict.Result{}, color: color}
	head := fmt.Sprintf("%s: %s, %s, %s", l.Path, l.Format, plural(l.Rows, "row"), plural(int64(len(l.Columns)), "column"))
	t.b.WriteString(t.paint(bold, fit(head, textWidth)) + "\n")
	if l.FilesTotal > 1 {
		t.line("%s, from %s to %s", plural(int64(l.FilesTotal), "file"), l.Files[0].Path, l.Files[len(l.Files)-1].Path)
	}
	if l.RowsSkipped > 0 {
		t.line("%s could not be read", plural(l.RowsSkipped, "more row"))
	}
	if l.SampleRows < int(l.Rows) {
		t.line("quantiles and examples are from a sample of %s", plural(int64(l.SampleRows), "row"))
	}
	names := 6
	for i := range l.Columns {
		names = max(names, min(26, cells(l.Columns[i].Name)))
	}
	row := func(style string, f ...string) {
		line := pad(fit(f[0], names), names) + " " + pad(f[1], 11)
		for i, width := range []int{6, 8, 10, 11, 11, 11} {
			line += " " + padLeft(fit(f[2+i], width), width)
		}
		t.b.WriteString(t.paint(style, strings.TrimRight(fit(line, textWidth), " ")) + "\n")
	}
	t.b.WriteByte('\n')
	row(bold, "column", "kind", "null", "invalid", "distinct", "min", "median", "max")
	for i := range l.Columns {
		c := &l.Columns[i]
		low, middle, high := extremes(c)
		about := ""
		if c.DistinctIs != "exact" {
			about = "~"
		}
		row("", c.Name, c.Kind.String(), share(c.Nulls, l.Rows), share(c.Invalid, l.Rows), about+count(c.Distinct), low, middle, high)
		t.b.WriteString(t.paint(dim, fit("  "+evidence(c), textWidth)) + "\n")
		if c.Invalid > 0 {
			t.b.WriteString(t.paint(yellow, fit("  "+brokenCells(c), textWidth)) + "\n")
		}
	}
	t.findings(l)
	_, err := io.WriteString(w, t.take())
	return err
}

// printableLoad returns a copy of l with clean, clipped texts.
func printableLoad(l *verdict.Load) *verdict.Load { return printable(&verdict.Result{Load: l}).Load }

// share returns n of all as a percentage, "-" for none.
func share(n, all int64) string {
	switch p := 100 * float64(n) / float64(max(1, all)); {
	case n == 0:
		return "-"
	case p < 0.1:
		return "<0.1 %"
	case p < 10:
		return fmt.Sprintf("%.1f %%", p)
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}

// extremes returns the least value of a column, its median and the greatest.
func extremes(c *verdict.Column) (low, middle, high string) {
	if c.Quantiles == nil || c.Type == dataset.Bool {
		return "", "", ""
	}
	show := number
	if c.Type == dataset.Time {
		show = date
	}
	return show(c.Min), show(c.Quantiles.P50), show(c.Max)
}

// evidence says why a column is of its kind, and what stands in it.
func evidence(c *verdict.Column) string {
	s := c.KindEvidence
	switch c.Kind {
	case dataset.ID, dataset.Unknown:
		s += "; not modelled"
	}
	switch {
	case len(c.Top) > 0:
		var top []string
		for _, l := range c.Top[:min(3, len(c.Top))] {
			top = append(top, fmt.Sprintf("%s (%s)", clip(l.Level, 20), count(l.Count)))
		}
		s += "; most often " + strings.Join(top, ", ")
	case len(c.Examples) > 0:
		s += "; such as " + strings.Join(c.Examples, " | ")
	}
	return s
}

// brokenCells says which cells of a column could not be read.
func brokenCells(c *verdict.Column) string {
	s := plural(c.Invalid, "invalid cell")
	if n := len(c.InvalidRows); n > 0 {
		var rows []string
		for _, r := range c.InvalidRows[:min(5, n)] {
			rows = append(rows, fmt.Sprint(r))
		}
		s += ", the first in rows " + strings.Join(rows, ", ")
	}
	if len(c.Broken) > 0 {
		s += fmt.Sprintf(", such as %q", c.Broken)
	}
	return s
}

// findings lists what was odd about the files.
func (t *text) findings(l *verdict.Load) {
	if len(l.Findings) == 0 {
		return
	}
	t.title("findings", "")
	for i, f := range l.Findings {
		if i == inspectedFindings {
			t.line("  and %s", plural(int64(len(l.Findings)-i), "more finding"))
			return
		}
		place := ""
		if f.Row >= 0 {
			place = fmt.Sprintf("row %d: ", f.Row)
		}
		if f.Column != "" {
			place += f.Column + ": "
		}
		if f.Path != "" && f.Path != l.Path {
			place = f.Path + ": " + place
		}
		for k, line := range Wrap(place+f.Message, textWidth-4, 3) {
			if k == 0 {
				t.line("  %s", line)
			} else {
				t.line("    %s", line)
			}
		}
	}
}
