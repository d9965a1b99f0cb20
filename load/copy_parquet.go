package load

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"

	"github.com/parquet-go/parquet-go"
	"golang.org/x/sync/errgroup"

	"synthos/dataset"
)

// parquetSink takes the rows of a Parquet file as they stand in it.
type parquetSink struct {
	*pending
	writer  *parquet.Writer
	without []bool // by leaf of the source
	leaves  int    // of the source that are kept
	reasons bool
}

func (s *parquetSink) name() string { return s.path }

// newParquetSink writes to path with the schema and the compression of src.
func newParquetSink(src *parquetSource, path string, without map[string]bool, reasons bool) (*parquetSink, error) {
	file, err := src.whole()
	if err != nil {
		return nil, err
	}
	root := orderedGroup{Group: parquet.Group{}}
	skipped := make([]bool, 0, len(src.columns))
	columns := src.columns
	for _, f := range file.Schema().Fields() {
		leaves := countLeaves(f)
		var gone bool
		// A column of ours is a root field or a leaf below one; only whole fields
		// can be left out.
		for n := 0; n < leaves && len(columns) > 0; columns = columns[1:] {
			n += max(1, len(columns[0].node.leaves))
			gone = without[columns[0].field.Name] && len(columns[0].node.leaves) == leaves
		}
		for range leaves {
			skipped = append(skipped, gone)
		}
		if !gone {
			root.add(f.Name(), f)
		}
	}
	s := &parquetSink{without: skipped, reasons: reasons}
	for _, gone := range skipped {
		if !gone {
			s.leaves++
		}
	}
	if reasons {
		root.add(ReasonColumn, parquet.Optional(parquet.String()))
	}
	if s.pending, err = newPending(path, false); err != nil {
		return nil, err
	}
	options := []parquet.WriterOption{parquet.NewSchema(file.Schema().Name(), root), parquet.MaxRowsPerRowGroup(groupRows)}
	if groups := file.Metadata().RowGroups; len(groups) > 0 && len(groups[0].Columns) > 0 {
		options = append(options, parquet.Compression(parquet.LookupCompressionCodec(groups[0].Columns[0].MetaData.Codec)))
	}
	for _, kv := range file.Metadata().KeyValueMetadata {
		if kv.Key != "ARROW:schema" || !reasons && s.leaves == len(skipped) {
			options = append(options, parquet.KeyValueMetadata(kv.Key, kv.Value))
		}
	}
	s.writer = parquet.NewWriter(s.pending, options...)
	return s, nil
}

func countLeaves(n parquet.Node) int {
	if n.Leaf() {
		return 1
	}
	sum := 0
	for _, f := range n.Fields() {
		sum += countLeaves(f)
	}
	return sum
}

func (s *parquetSink) commit() error {
	if err := s.writer.Close(); err != nil {
		return notWritten(s.path, err)
	}
	return s.pending.commit()
}

// place returns where a leaf of the source stands in the file; false if it is left out.
func (s *parquetSink) place(leaf int) (int, bool) {
	n := 0
	for _, gone := range s.without[:leaf] {
		if !gone {
			n++
		}
	}
	return n, !s.without[leaf]
}

// whole opens the file for reading by rows.
func (s *parquetSource) whole() (*parquet.File, error) {
	return parquet.OpenFile(s.file, s.file.Size(), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true), parquet.ReadBufferSize(256<<10))
}

// parquet copies the rows of a Parquet file: one row group after the other, the
// columns of a row group side by side.
func (c *copying) parquet(ctx context.Context, src *parquetSource, kept, gone rowSink) error {
	file, err := src.whole()
	if err != nil {
		return err
	}
	changes, err := c.parquetChanges(src)
	if err != nil {
		return err
	}
	g := parquetCopy{path: src.path, changes: changes, kept: kept.(*parquetSink)}
	if gone != nil {
		g.gone = gone.(*parquetSink)
	}
	for _, group := range file.RowGroups() {
		n := int(group.NumRows())
		g.dropped, g.reasons = make([]bool, n), nil
		for i := range n {
			if i%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			reason, dropped := c.next(g.first + int64(i))
			if g.dropped[i] = dropped; dropped {
				g.reasons = append(g.reasons, reason)
			}
		}
		if err := g.group(ctx, group); err != nil {
			return err
		}
		g.first += int64(n)
	}
	return nil
}

// parquetCopy copies a row group.
type parquetCopy struct {
	path       string
	changes    *parquetEdit
	kept, gone *parquetSink // gone may be nil
	first      int64        // number of the first row of the row group
	dropped    []bool       // of its rows
	reasons    []string     // of the dropped ones, in order
}

func (g *parquetCopy) group(ctx context.Context, group parquet.RowGroup) error {
	kept := g.kept.writer.BeginRowGroup()
	var gone *parquet.ConcurrentRowGroupWriter
	if g.gone != nil && len(g.reasons) > 0 {
		gone = g.gone.writer.BeginRowGroup()
	}
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(runtime.GOMAXPROCS(0))
	for leaf, chunk := range group.ColumnChunks() {
		place, stays := g.kept.place(leaf)
		if !stays {
			continue
		}
		work.Go(func() error {
			return guarded(g.path, parquetName, func() error {
				out := [2]*parquetValues{{to: kept.ColumnWriters()[place], place: place}}
				if gone != nil {
					out[1] = &parquetValues{to: gone.ColumnWriters()[place], place: place}
				}
				return g.column(ctx, leaf, chunk, out)
			})
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	if gone != nil {
		reasons := make([]parquet.Value, len(g.reasons))
		for i, reason := range g.reasons {
			reasons[i] = parquet.ByteArrayValue([]byte(reason)).Level(0, 1, g.gone.leaves)
		}
		if _, err := gone.ColumnWriters()[g.gone.leaves].WriteRowValues(reasons); err != nil {
			return notWritten(g.gone.path, err)
		}
		if _, err := gone.Commit(); err != nil {
			return notWritten(g.gone.path, err)
		}
	}
	if _, err := kept.Commit(); err != nil {
		return notWritten(g.kept.path, err)
	}
	return nil
}

// column copies a column chunk to out[0], and the values of dropped rows to out[1]
// unless that is nil.
func (g *parquetCopy) column(ctx context.Context, leaf int, chunk parquet.ColumnChunk, out [2]*parquetValues) error {
	pages := chunk.Pages()
	defer pages.Close()
	row, values := -1, make([]parquet.Value, 1024)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		page, err := pages.ReadPage()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		for from := page.Values(); err == nil; {
			var n int
			n, err = from.ReadValues(values)
			for _, v := range values[:n] {
				if v.RepetitionLevel() == 0 {
					row++
				}
				if row < 0 || row >= len(g.dropped) {
					return dataset.NewError(g.path, fmt.Sprintf("a row group of %d rows has another number of values in a column", len(g.dropped)), "write the file anew with the tool that made it")
				}
				to := out[0]
				if g.dropped[row] {
					to = out[1]
				} else {
					v = g.changes.apply(g.first+int64(row), leaf, v)
				}
				if failed := to.add(v); failed != nil {
					return failed
				}
			}
			if n == 0 && err == nil {
				break
			}
		}
		for _, to := range out { // the values are those of the page
			if failed := to.settle(g.changes.flat[leaf]); failed != nil {
				return failed
			}
		}
		parquet.Release(page)
		if err != nil && err != io.EOF {
			return err
		}
	}
	if row != len(g.dropped)-1 {
		return dataset.NewError(g.path, fmt.Sprintf("a row group of %d rows has only %d in a column", len(g.dropped), row+1), "write the file anew with the tool that made it")
	}
	for _, to := range out {
		if err := to.settle(true); err != nil {
			return err
		}
	}
	return nil
}

// parquetValues takes the values of a column and writes them by whole rows.
type parquetValues struct {
	to     *parquet.ColumnWriter
	place  int
	values []parquet.Value
}

func (c *parquetValues) add(v parquet.Value) error {
	if c == nil {
		return nil
	}
	if v.RepetitionLevel() == 0 && len(c.values) >= 1024 {
		if err := c.settle(true); err != nil {
			return err
		}
	}
	c.values = append(c.values, v.Level(v.RepetitionLevel(), v.DefinitionLevel(), c.place))
	return nil
}

// settle writes the values, if they are whole rows; else it makes them independent of
// the page that they are from.
func (c *parquetValues) settle(whole bool) error {
	if c == nil || len(c.values) == 0 {
		return nil
	}
	if !whole {
		for i, v := range c.values {
			c.values[i] = v.Clone()
		}
		return nil
	}
	_, err := c.to.WriteRowValues(c.values)
	c.values = c.values[:0]
	return err
}

// parquetEdit changes the values of rows.
type parquetEdit struct {
	names   []string // by leaf, "" if it cannot be changed
	edit    *Edit
	rows    map[int64]bool
	numbers []func(x float64) float64
	flat    []bool // a row has one value
}

func (c *copying) parquetChanges(src *parquetSource) (*parquetEdit, error) {
	e := &parquetEdit{edit: &c.edit, rows: c.edit.rows()}
	for i, column := range src.columns {
		name := src.schema.Fields[i].Name
		change := c.edit.Numbers[name]
		flat := column.node.leaf != nil && !column.node.repeated
		if change != nil && !flat {
			err := dataset.NewError(src.path, "a list has no numbers to rescale", "leave this fix out")
			err.Column = name
			return nil, err
		}
		for range max(1, len(column.node.leaves)) {
			if !flat {
				name, change = "", nil
			}
			e.names, e.numbers, e.flat = append(e.names, name), append(e.numbers, change), append(e.flat, flat)
		}
	}
	return e, nil
}

// apply returns what becomes of a value of a row.
func (e *parquetEdit) apply(row int64, leaf int, v parquet.Value) parquet.Value {
	if change := e.numbers[leaf]; change != nil || e.rows[row] {
		if cell, ok := e.edit.Cells[Place{row, e.names[leaf]}]; ok && e.names[leaf] != "" {
			switch {
			case !cell.Null:
				return withNumber(v, cell.Number)
			case v.DefinitionLevel() > 0:
				return parquet.NullValue().Level(0, v.DefinitionLevel()-1, leaf)
			}
			return v
		}
		if change != nil && !v.IsNull() {
			if x, ok := numberOf(v); ok {
				return withNumber(v, change(x))
			}
		}
	}
	return v
}

func numberOf(v parquet.Value) (float64, bool) {
	switch v.Kind() {
	case parquet.Double:
		return v.Double(), v.Double()-v.Double() == 0
	case parquet.Float:
		return float64(v.Float()), v.Float()-v.Float() == 0
	case parquet.Int32:
		return float64(v.Int32()), true
	case parquet.Int64:
		return float64(v.Int64()), true
	}
	return 0, false
}

// withNumber returns x stored as v is: in a column of integers it is rounded.
func withNumber(v parquet.Value, x float64) parquet.Value {
	out := parquet.DoubleValue(x)
	switch v.Kind() {
	case parquet.Float:
		out = parquet.FloatValue(float32(x))
	case parquet.Int32:
		out = parquet.Int32Value(int32(math.Round(x)))
	case parquet.Int64:
		out = parquet.Int64Value(int64(math.Round(x)))
	case parquet.Double:
	default:
		return v
	}
	return out.Level(v.RepetitionLevel(), v.DefinitionLevel(), v.Column())
}
