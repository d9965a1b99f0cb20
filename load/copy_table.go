package load

import (
	"context"
	"slices"

	"synthos/dataset"
)

// tableSink takes rows of any source as typed cells and writes them as CSV, Parquet or Arrow.
type tableSink struct {
	*pending
	schema  *dataset.Schema // of the file, with the column of reasons
	columns []int           // of the source that are kept
	reasons bool
	write   func(t *dataset.Table) error
	finish  func() error
}

func (s *tableSink) name() string { return s.path }

func newTableSink(path, format string, schema *dataset.Schema, without map[string]bool, reasons bool) (*tableSink, error) {
	s := &tableSink{schema: &dataset.Schema{}, reasons: reasons}
	for j, f := range schema.Fields {
		if !without[f.Name] {
			s.columns = append(s.columns, j)
			s.schema.Fields = append(s.schema.Fields, f)
		}
	}
	if reasons {
		s.schema.Fields = append(s.schema.Fields, dataset.Field{Name: ReasonColumn, Type: dataset.String})
	}
	var err error
	if s.pending, err = newPending(path, format == "csv"); err != nil {
		return nil, err
	}
	if format == "csv" {
		s.write, s.finish = newCSVWriter(s.pending, s.schema, extension(path) == ".tsv" || extension(path) == ".tab")
		return s, nil
	}
	if format == "arrow" {
		s.write, s.finish, err = newArrowWriter(s.pending, s.schema)
	} else {
		s.write, s.finish, err = newParquetWriter(s.pending, path, s.schema)
	}
	if err != nil {
		s.discard()
		return nil, err
	}
	return s, nil
}

func (s *tableSink) commit() error {
	if err := s.finish(); err != nil {
		return notWritten(s.path, err)
	}
	return s.pending.commit()
}

// rows writes the given rows of t.
func (s *tableSink) rows(t *dataset.Table, at []int, reasons []string) error {
	if len(at) == 0 {
		return nil
	}
	out := t.Select(s.columns)
	if len(at) < t.Rows() {
		out = out.Take(at)
	}
	if s.reasons {
		out.Columns = append(slices.Clone(out.Columns), dataset.Vector{Strings: reasons, Null: make([]bool, len(at))})
	}
	out.Schema = s.schema
	if err := s.write(out); err != nil {
		return notWritten(s.path, err)
	}
	return nil
}

// tables copies the rows of any source as typed cells.
func (c *copying) tables(ctx context.Context, src dataset.Source, kept, gone rowSink) error {
	for _, r := range src.Ranges() {
		err := src.Read(ctx, r, func(b *dataset.Batch) error {
			t := b.Table(src.Schema())
			var keep, drop []int
			var reasons []string
			for i, row := range t.RowIDs {
				if reason, dropped := c.next(row, ""); dropped {
					drop, reasons = append(drop, i), append(reasons, reason)
				} else {
					keep = append(keep, i)
					if note, noted := c.edit.Noted[row]; noted {
						drop, reasons = append(drop, i), append(reasons, note)
					}
				}
			}
			if gone != nil {
				if err := gone.(*tableSink).rows(t, drop, reasons); err != nil {
					return err
				}
			}
			t = c.edited(t)
			c.written(t)
			return kept.(*tableSink).rows(t, keep, nil)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// written writes the cells of rows of t that get another value than what could not be
// read, into columns of its own.
func (c *copying) written(t *dataset.Table) {
	if c.rows == nil {
		c.rows = c.edit.rows()
	}
	own := map[int]bool{}
	for i, row := range t.RowIDs {
		if !c.rows[row] {
			continue
		}
		for j, f := range t.Schema.Fields {
			x, ok := c.edit.Cells[Place{row, f.Name}]
			v := &t.Columns[j]
			if !ok || v.Null[i] || x.Null || (x.Text != nil) != (v.Strings != nil) {
				continue
			}
			if !own[j] {
				own[j] = true
				v.Floats, v.Strings = slices.Clone(v.Floats), slices.Clone(v.Strings)
			}
			if x.Text != nil {
				v.Strings[i] = *x.Text
			} else {
				v.Floats[i] = x.Number
			}
		}
	}
}

// edited returns t with its cells changed; it shares the others.
func (c *copying) edited(t *dataset.Table) *dataset.Table {
	for j, f := range t.Schema.Fields {
		v := &t.Columns[j]
		change := c.edit.Numbers[f.Name]
		if v.Floats == nil || change == nil && len(v.Invalid) == 0 {
			continue
		}
		v.Floats, v.Null = slices.Clone(v.Floats), slices.Clone(v.Null)
		for i, x := range v.Floats {
			if change != nil && !v.Null[i] {
				v.Floats[i] = change(x)
			}
		}
		var left []dataset.Invalid
		for _, bad := range v.Invalid {
			if x, ok := c.edit.Cells[Place{t.RowIDs[bad.Row], f.Name}]; ok {
				v.Floats[bad.Row], v.Null[bad.Row] = x.Number, x.Null
			} else {
				left = append(left, bad)
			}
		}
		v.Invalid = left
	}
	return t
}
