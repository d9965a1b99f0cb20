package load

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"synthos/dataset"
)

// Added are rows of another source that stand at the end of a copy, in the order in
// which they stand there. Columns are matched by name; those that the other source
// lacks are null, those that only it has are left out. No other edit changes them.
type Added struct {
	Source dataset.Source // opened with the types of the columns of the copied source
	Rows   map[int64]bool // by their data row numbers
}

// adder is a rowSink that takes rows as cells, with the columns of the copied source.
type adder interface {
	add(t *dataset.Table) error
}

// append writes the added rows behind those of src. Records of JSON, those of a CSV file
// written alike and rows of a Parquet file of the same schema are taken over as they stand; others are written
// as the cells of src are.
func (c *copying) append(ctx context.Context, src dataset.Source, kept rowSink) error {
	a := c.edit.Added
	if a == nil || len(a.Rows) == 0 {
		return nil
	}
	other, _ := withoutChats(a.Source)
	switch from := other.(type) {
	case *jsonSource:
		if to, ok := kept.(*jsonSink); ok {
			return c.appendJSON(ctx, from, to)
		}
	case *csvSource:
		if to, ok := kept.(*csvSink); ok && to.takes(from) {
			return c.appendCSV(ctx, from, to)
		}
	case *parquetSource:
		if to, ok := kept.(*parquetSink); ok {
			if same, err := to.takes(from); same || err != nil {
				if err != nil {
					return err
				}
				return guarded(from.path, parquetName, func() error { return c.appendParquet(ctx, from, to) })
			}
		}
	}
	to, ok := kept.(adder)
	if !ok {
		return fmt.Errorf("load: no row can be added to a %T", kept)
	}
	for _, r := range other.Ranges() {
		err := other.Read(ctx, r, func(b *dataset.Batch) error {
			var at []int
			for i := range b.Rows {
				if a.Rows[b.FirstRow+int64(i)] {
					at = append(at, i)
				}
			}
			if len(at) == 0 {
				return nil
			}
			c.done.Added += int64(len(at))
			err := to.add(inColumns(b.Table(other.Schema()).Take(at), src.Schema()))
			var cell *dataset.Error
			if errors.As(err, &cell) && cell.Path == "" {
				cell.Path = r.Path
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// inColumns returns the cells of t under the columns of schema, by name and storage;
// what t lacks, and what could not be read, is null.
func inColumns(t *dataset.Table, schema *dataset.Schema) *dataset.Table {
	out := &dataset.Table{Schema: schema, RowIDs: t.RowIDs, Columns: make([]dataset.Vector, len(schema.Fields))}
	for j, f := range schema.Fields {
		v := &out.Columns[j]
		if k := t.Schema.Index(f.Name); k >= 0 && t.Schema.Fields[k].Type.Numeric() == f.Type.Numeric() {
			*v = t.Columns[k]
			v.Invalid = nil
			continue
		}
		v.Null = slices.Repeat([]bool{true}, t.Rows())
		if f.Type.Numeric() {
			v.Floats = make([]float64, t.Rows())
		} else {
			v.Strings = make([]string, t.Rows())
		}
	}
	return out
}

// add implements adder.
func (s *tableSink) add(t *dataset.Table) error {
	all := make([]int, t.Rows())
	for i := range all {
		all[i] = i
	}
	return s.rows(t, all, nil)
}

// cellWriter returns the function that writes numbers of a column of a text format so
// that the column's own reader reads them back; false if it cannot.
func cellWriter(f *dataset.Field) func(x float64) (string, bool) {
	read := numberReader(f.Layout)
	write := []func(x float64) string{
		formatNumber,
		func(x float64) string { return strings.Replace(formatNumber(x), ".", ",", 1) },
	}
	switch f.Type {
	case dataset.Bool:
		return func(x float64) (string, bool) { return formatCell(x, dataset.Bool, ""), true }
	case dataset.Time:
		read = timeReader(f.Layout)
		write = nil
		if !strings.HasPrefix(f.Layout, epochPrefix) {
			for _, layout := range []string{shownLayout(f.Layout), layoutTime} {
				write = append(write, func(x float64) string { return formatTime(x, layout) })
			}
			break
		}
		write = append(write, func(x float64) string { return formatTime(x, "20060102") })
		for _, u := range epochUnits {
			write = append(write, func(x float64) string { return formatNumber(x * u.per) })
		}
	}
	return func(x float64) (string, bool) {
		for _, w := range write {
			text := w(x)
			if y, ok := read([]byte(text)); ok && (y == x || f.Type == dataset.Time && math.Abs(y-x) < 1e-6) {
				return text, true
			}
		}
		return "", false
	}
}

// unwritable is the error about a cell that a column cannot hold.
func unwritable(row int64, f *dataset.Field, null bool, x float64) error {
	value := formatNumber(x)
	switch {
	case null:
		value = "a null"
	case f.Type == dataset.Time:
		value = formatTime(x, layoutTime)
	}
	e := dataset.NewError("", value+" cannot be written as the column is in the data", "leave such rows out, or give the copy another format")
	e.Row, e.Column = row, f.Name
	return e
}

// add implements adder: records in the dialect of the file.
func (s *csvSink) add(t *dataset.Table) error {
	writers := make([]func(x float64) (string, bool), len(t.Columns))
	for j := range writers {
		writers[j] = cellWriter(&s.fields[j])
	}
	for i := range t.Rows() {
		s.line = s.line[:0]
		first := true
		for j := range t.Columns {
			f, v := &s.fields[j], &t.Columns[j]
			if s.without[f.Name] {
				continue
			}
			if !first {
				s.line = append(s.line, s.delimiter)
			}
			first = false
			switch {
			case v.Null[i]:
			case f.Type == dataset.String:
				s.line = s.text(s.line, v.Strings[i])
			default:
				text, ok := writers[j](v.Floats[i])
				if !ok {
					return unwritable(t.RowIDs[i], f, false, v.Floats[i])
				}
				s.line = s.plain(s.line, text)
			}
		}
		if _, err := s.Write(append(s.line, s.end...)); err != nil {
			return notWritten(s.path, err)
		}
	}
	return nil
}

// plain appends what needs no quotes but for a delimiter in it.
func (s *csvSink) plain(line []byte, text string) []byte {
	if strings.IndexByte(text, s.delimiter) >= 0 {
		return appendField(line, text, s.quote)
	}
	return append(line, text...)
}

// add implements adder: an object a row.
func (s *jsonSink) add(t *dataset.Table) error {
	writers := make([]func(x float64) (string, bool), len(t.Columns))
	for j := range writers {
		f := &s.fields[j]
		if s.nested(f.Name) {
			return dataset.NewError(s.path, fmt.Sprintf("column %q stands in an object of its own, which rows of another format do not have", f.Name), "give the rows to add as JSON, in the form of the data")
		}
		writers[j] = cellWriter(f)
	}
	var raw []byte
	for i := range t.Rows() {
		raw = append(raw[:0], '{')
		for j := range t.Columns {
			f, v := &s.fields[j], &t.Columns[j]
			if s.without[f.Name] {
				continue
			}
			if len(raw) > 1 {
				raw = append(raw, ", "...)
			}
			raw = append(quoted(raw, f.Name), ": "...)
			switch {
			case v.Null[i]:
				raw = append(raw, "null"...)
			case f.Type == dataset.String:
				raw = quoted(raw, v.Strings[i])
			default:
				text, ok := writers[j](v.Floats[i])
				if !ok {
					return unwritable(t.RowIDs[i], f, false, v.Floats[i])
				}
				if f.Type == dataset.Time && !strings.HasPrefix(f.Layout, epochPrefix) {
					raw = quoted(raw, text)
				} else {
					raw = append(raw, text...)
				}
			}
		}
		if err := s.record(append(raw, '}'), ""); err != nil {
			return err
		}
	}
	return nil
}
