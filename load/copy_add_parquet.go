package load

import (
	"context"
	"errors"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// takes reports whether the rows of src can be taken over as they stand: its
// columns are those of the file that is written.
func (s *parquetSink) takes(src *parquetSource) (bool, error) {
	file, err := src.whole()
	if err != nil {
		return false, err
	}
	return parquet.EqualNodes(file.Schema(), s.source), nil
}

// appendParquet copies rows of a file of the same schema into row groups of their own.
func (c *copying) appendParquet(ctx context.Context, src *parquetSource, kept *parquetSink) error {
	file, err := src.whole()
	if err != nil {
		return err
	}
	first := int64(0)
	for _, group := range file.RowGroups() {
		n := group.NumRows()
		any := false
		for row := first; row < first+n && !any; row++ {
			any = c.edit.Added.Rows[row]
		}
		if any {
			if err := c.appendGroup(ctx, group, first, kept); err != nil {
				return err
			}
		}
		first += n
	}
	return nil
}

func (c *copying) appendGroup(ctx context.Context, group parquet.RowGroup, first int64, kept *parquetSink) error {
	out := kept.begin()
	rows := group.Rows()
	defer rows.Close()
	buf := make([]parquet.Row, 256)
	for row := first; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := rows.ReadRows(buf)
		for _, r := range buf[:n] {
			if c.edit.Added.Rows[row] {
				c.done.Added++
				for _, v := range r {
					if place, stays := kept.place(v.Column()); stays {
						if failed := out.leaves[place].add(v); failed != nil {
							return notWritten(kept.path, failed)
						}
					}
				}
			}
			row++
		}
		if failed := out.settle(); failed != nil {
			return notWritten(kept.path, failed)
		}
		if errors.Is(err, io.EOF) || n == 0 && err == nil {
			return out.commit()
		}
		if err != nil {
			return err
		}
	}
}

// parquetGroupOut is a row group that is being written.
type parquetGroupOut struct {
	sink   *parquetSink
	group  *parquet.ConcurrentRowGroupWriter
	leaves []*parquetValues
}

func (s *parquetSink) begin() *parquetGroupOut {
	g := &parquetGroupOut{sink: s, group: s.writer.BeginRowGroup()}
	for place, to := range g.group.ColumnWriters() {
		g.leaves = append(g.leaves, &parquetValues{to: to, place: place})
	}
	return g
}

func (g *parquetGroupOut) settle() error {
	for _, leaf := range g.leaves {
		if err := leaf.settle(true); err != nil {
			return err
		}
	}
	return nil
}

func (g *parquetGroupOut) commit() error {
	if _, err := g.group.Commit(); err != nil {
		return notWritten(g.sink.path, err)
	}
	return nil
}

// add implements adder: a row group of its own, of columns that hold one value a row.
func (s *parquetSink) add(t *dataset.Table) error {
	out := s.begin()
	for j := range t.Columns {
		f, v := &t.Schema.Fields[j], &t.Columns[j]
		column := s.columns[j]
		place, stays := s.place(column.leaf)
		if !stays {
			continue
		}
		if column.value == nil {
			e := dataset.NewError(s.path, "values of other formats cannot be written as this column holds them", "give the rows to add as Parquet, with the schema of the data")
			e.Column = f.Name
			return e
		}
		for i := range t.Rows() {
			cell := parquet.NullValue()
			defined := 0
			if !v.Null[i] {
				x, text := 0.0, ""
				if f.Type.Numeric() {
					x = v.Floats[i]
				} else {
					text = v.Strings[i]
				}
				var ok bool
				if cell, ok = column.value(x, text); !ok {
					return unwritable(t.RowIDs[i], f, false, x)
				}
				defined = column.depth
			} else if column.depth == 0 {
				return unwritable(t.RowIDs[i], f, true, 0)
			}
			if err := out.leaves[place].add(cell.Level(0, defined, place)); err != nil {
				return notWritten(s.path, err)
			}
		}
	}
	if err := out.settle(); err != nil {
		return notWritten(s.path, err)
	}
	return out.commit()
}

// parquetAdded is how cells become values of a column of the file; value is nil if
// they cannot, depth the definition level of a value.
type parquetAdded struct {
	leaf, depth int
	value       func(x float64, text string) (parquet.Value, bool)
}

// addedColumns returns how cells are written, by column of the source.
func addedColumns(src *parquetSource, file *parquet.File) []parquetAdded {
	var out []parquetAdded
	leaf := 0
	for _, c := range src.columns {
		a := parquetAdded{leaf: leaf}
		if l := c.node.leaf; l != nil && !c.node.repeated {
			if column := leafOf(file.Root(), l.index); column != nil {
				a.depth = column.MaxDefinitionLevel()
				a.value = addedValue(column, l)
			}
		}
		out = append(out, a)
		leaf += max(1, len(c.node.leaves))
	}
	return out
}

// leafOf returns the leaf with an index below c.
func leafOf(c *parquet.Column, index int) *parquet.Column {
	if c.Leaf() {
		if c.Index() == index {
			return c
		}
		return nil
	}
	for _, child := range c.Columns() {
		if found := leafOf(child, index); found != nil {
			return found
		}
	}
	return nil
}

// addedValue returns how a cell becomes a value of a leaf.
func addedValue(c *parquet.Column, l *parquetLeaf) func(x float64, text string) (parquet.Value, bool) {
	whole := func(x, low, high float64) bool { return x == math.Trunc(x) && x >= low && x <= high }
	kind := c.Type().Kind()
	per := 0.0
	if l.typ == dataset.Time {
		switch kind {
		case parquet.Int32:
			per = 1.0 / 86400
		case parquet.Int64:
			per = float64(l.perSecond)
		}
	}
	switch {
	case kind == parquet.Int64 && per > 0:
		return func(x float64, _ string) (parquet.Value, bool) {
			x = math.Round(x * per)
			return parquet.Int64Value(int64(x)), math.Abs(x) < 1<<63
		}
	case kind == parquet.Int32 && per > 0:
		return func(x float64, _ string) (parquet.Value, bool) {
			x *= per
			return parquet.Int32Value(int32(x)), whole(x, math.MinInt32, math.MaxInt32)
		}
	case kind == parquet.Boolean && l.typ == dataset.Bool:
		return func(x float64, _ string) (parquet.Value, bool) { return parquet.BooleanValue(x != 0), true }
	case kind == parquet.Double:
		return func(x float64, _ string) (parquet.Value, bool) { return parquet.DoubleValue(x), true }
	case kind == parquet.Float:
		return func(x float64, _ string) (parquet.Value, bool) { return parquet.FloatValue(float32(x)), true }
	case kind == parquet.Int64 && l.whole && !l.unsigned:
		return func(x float64, _ string) (parquet.Value, bool) {
			return parquet.Int64Value(int64(x)), whole(x, -maxExact, maxExact)
		}
	case kind == parquet.Int32 && l.whole && !l.unsigned:
		return func(x float64, _ string) (parquet.Value, bool) {
			return parquet.Int32Value(int32(x)), whole(x, math.MinInt32, math.MaxInt32)
		}
	case kind == parquet.ByteArray && l.typ == dataset.String:
		return func(_ float64, text string) (parquet.Value, bool) { return parquet.ByteArrayValue([]byte(text)), true }
	}
	return nil
}
