package load

import (
	"io"
	"math"
	"strings"

	"synthos/dataset"
)

// writeFile creates the file at path with what write writes. The file appears
// under its name only when it is complete: on failure there is nothing, and a
// file that was there before is still there.
func writeFile(path string, write func(w io.Writer) error) error {
	p, err := newPending(path, true)
	if err != nil {
		return err
	}
	if err := write(p); err != nil {
		p.discard()
		return notWritten(path, err)
	}
	return p.commit()
}

// WriteCSV writes t to path as CSV by RFC 4180, in UTF-8, with a header and
// lines that end in a single newline; compressed if the path ends in .gz or .zst. It replaces the file at once when all is
// written.
//
// A null is an empty field; a string that would read as a null ("", "NA", "-")
// is quoted. Numbers are the shortest text that reads back as the same float64,
// times follow their field's Layout or else ISO 8601 in UTC, booleans are true
// and false. A cell that could not be read (Vector.Invalid) is written as it
// stood in its file.
func WriteCSV(path string, t *dataset.Table) error { return writeSeparated(path, t, false) }

// WriteTSV is WriteCSV with tabs between the fields.
func WriteTSV(path string, t *dataset.Table) error { return writeSeparated(path, t, true) }

func writeSeparated(path string, t *dataset.Table, tabs bool) error {
	return writeFile(path, func(w io.Writer) error {
		write, finish := newCSVWriter(w, t.Schema, tabs)
		if err := write(t); err != nil {
			return err
		}
		return finish()
	})
}

// newCSVWriter returns functions that write tables of one schema after each other,
// and what is left to write at the end. tabs separates fields by tabs.
func newCSVWriter(w io.Writer, schema *dataset.Schema, tabs bool) (write func(t *dataset.Table) error, finish func() error) {
	delimiter := ","
	if tabs {
		delimiter = "\t"
	}
	separator := func(column int) string {
		if column == 0 {
			return ""
		}
		return delimiter
	}
	var line []byte
	header := func() error {
		if schema == nil {
			return nil
		}
		for j, f := range schema.Fields {
			line = appendField(append(line, separator(j)...), f.Name, '"')
		}
		schema = nil
		_, err := w.Write(append(line, '\n'))
		return err
	}
	write = func(t *dataset.Table) error {
		if err := header(); err != nil {
			return err
		}
		columns := make([]csvColumn, len(t.Columns))
		for j := range columns {
			columns[j] = newCSVColumn(&t.Schema.Fields[j], &t.Columns[j])
		}
		for i := range t.Rows() {
			line = line[:0]
			for j := range columns {
				line = columns[j].append(append(line, separator(j)...), i)
			}
			if _, err := w.Write(append(line, '\n')); err != nil {
				return err
			}
		}
		return nil
	}
	return write, header
}

// csvColumn writes the cells of one column.
type csvColumn struct {
	v       *dataset.Vector
	typ     dataset.Type
	layout  string
	invalid map[int]string
}

func newCSVColumn(f *dataset.Field, v *dataset.Vector) csvColumn {
	c := csvColumn{v: v, typ: f.Type, layout: f.Layout, invalid: map[int]string{}}
	if c.typ == dataset.Time && c.layout == "" {
		c.layout = plainLayout(v)
	}
	for _, bad := range v.Invalid {
		c.invalid[bad.Row] = bad.Text
	}
	return c
}

// plainLayout returns the layout of dates if no point in time in v has a time
// of day.
func plainLayout(v *dataset.Vector) string {
	for i, x := range v.Floats {
		if !v.Null[i] && math.Mod(x, 86400) != 0 {
			return layoutTime
		}
	}
	return layoutDate
}

// append appends the field of row i to the line.
func (c *csvColumn) append(line []byte, i int) []byte {
	switch {
	case c.v.Null[i]:
		if text, ok := c.invalid[i]; ok {
			return appendField(line, text, '"')
		}
		return line
	case c.typ == dataset.String:
		return appendField(line, c.v.Strings[i], '"')
	case c.typ == dataset.Time:
		return appendField(line, formatTime(c.v.Floats[i], c.layout), '"')
	}
	return append(line, formatCell(c.v.Floats[i], c.typ, "")...)
}

// appendField appends a text, in quotes if it needs them.
func appendField(line []byte, s string, quote byte) []byte {
	if !isNull([]byte(s)) && !strings.ContainsAny(s, ",\"'\r\n;\t|") && s[0] != ' ' && s[len(s)-1] != ' ' {
		return append(line, s...)
	}
	line = append(line, quote)
	for {
		k := strings.IndexByte(s, quote)
		if k < 0 {
			break
		}
		line = append(append(line, s[:k]...), quote, quote)
		s = s[k+1:]
	}
	return append(append(line, s...), quote)
}
