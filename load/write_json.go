package load

import (
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"synthos/dataset"
)

// WriteJSON writes t to path as one JSON array of objects, or with lines set as
// JSON lines, one object a row; compressed if the path ends in .gz or .zst. It
// replaces the file at once when all is written.
//
// Members stand in the order of the columns. A null is null. Numbers are the
// shortest text that reads back as the same float64, an infinite one is null,
// times are texts in their field's Layout or else ISO 8601 in UTC. A cell that
// could not be read (Vector.Invalid) is the text that stood in its file.
func WriteJSON(path string, t *dataset.Table, lines bool) error {
	return writeFile(path, func(w io.Writer) error {
		columns, names := make([]csvColumn, len(t.Columns)), make([][]byte, len(t.Columns))
		for j := range columns {
			f := &t.Schema.Fields[j]
			columns[j] = newCSVColumn(f, &t.Columns[j])
			names[j] = append(quoted(nil, f.Name), ": "...)
		}
		first, between, end := "[\n", ",\n", "\n]\n"
		if lines {
			first, between, end = "", "\n", "\n"
		}
		if t.Rows() == 0 {
			if !lines {
				_, err := io.WriteString(w, "[]\n")
				return err
			}
			return nil
		}
		line := []byte(first)
		for i := range t.Rows() {
			if i > 0 {
				line = append(line, between...)
			}
			line = append(line, '{')
			for j := range columns {
				if j > 0 {
					line = append(line, ", "...)
				}
				line = columns[j].appendJSON(append(line, names[j]...), i)
			}
			line = append(line, '}')
			if _, err := w.Write(line); err != nil {
				return err
			}
			line = line[:0]
		}
		_, err := io.WriteString(w, end)
		return err
	})
}

// appendJSON appends the cell of row i as a JSON value.
func (c *csvColumn) appendJSON(line []byte, i int) []byte {
	switch {
	case c.v.Null[i]:
		if text, ok := c.invalid[i]; ok {
			return quoted(line, text)
		}
		return append(line, "null"...)
	case c.typ == dataset.String:
		return quoted(line, c.v.Strings[i])
	case c.typ == dataset.Time:
		return quoted(line, formatTime(c.v.Floats[i], c.layout))
	}
	if x := c.v.Floats[i]; x-x != 0 {
		return append(line, "null"...)
	}
	return append(line, formatCell(c.v.Floats[i], c.typ, "")...)
}

// quoted appends a text in quotes; what is no UTF-8 in it is replaced.
func quoted(line []byte, s string) []byte {
	line, _ = jsontext.AppendQuote(line, s)
	return line
}
