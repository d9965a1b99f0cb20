package load

import (
	"context"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// parquetSink takes the rows of a Parquet file as they stand in it.
type parquetSink struct {
	*pending
	writer  *parquet.Writer
	without []bool // by leaf of the source
	leaves  int    // of the source that are kept
	reasons bool
	row     parquet.Row
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

// record writes a row of the source.
func (s *parquetSink) record(row parquet.Row, reason string) error {
	if s.leaves < len(s.without) || s.reasons {
		s.row = s.row[:0]
		at := make([]int, len(s.without))
		n := 0
		for leaf, gone := range s.without {
			at[leaf] = n
			if !gone {
				n++
			}
		}
		for _, v := range row {
			if leaf := v.Column(); !s.without[leaf] {
				s.row = append(s.row, v.Level(v.RepetitionLevel(), v.DefinitionLevel(), at[leaf]))
			}
		}
		if s.reasons {
			s.row = append(s.row, parquet.ByteArrayValue([]byte(reason)).Level(0, 1, n))
		}
		row = s.row
	}
	if _, err := s.writer.WriteRows([]parquet.Row{row}); err != nil {
		return notWritten(s.path, err)
	}
	return nil
}

// whole opens the file for reading by rows.
func (s *parquetSource) whole() (*parquet.File, error) {
	return parquet.OpenFile(s.file, s.file.Size(), parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true), parquet.ReadBufferSize(256<<10))
}

// parquet copies the rows of a Parquet file.
func (c *copying) parquet(ctx context.Context, src *parquetSource, kept, gone rowSink) error {
	file, err := src.whole()
	if err != nil {
		return err
	}
	changes, err := c.parquetChanges(src)
	if err != nil {
		return err
	}
	row := int64(0)
	buffer := make([]parquet.Row, 256)
	for _, group := range file.RowGroups() {
		rows := group.Rows()
		for {
			if err := ctx.Err(); err != nil {
				rows.Close()
				return err
			}
			n, err := rows.ReadRows(buffer)
			for _, r := range buffer[:n] {
				reason, dropped := c.next(row)
				var failed error
				switch {
				case !dropped:
					changes.apply(row, r)
					failed = kept.(*parquetSink).record(r, "")
				case gone != nil:
					failed = gone.(*parquetSink).record(r, reason)
				}
				if failed != nil {
					rows.Close()
					return failed
				}
				row++
			}
			if err == io.EOF || n == 0 && err == nil {
				break
			}
			if err != nil {
				rows.Close()
				return err
			}
		}
		if err := rows.Close(); err != nil {
			return err
		}
	}
	return nil
}

// parquetEdit changes the values of rows.
type parquetEdit struct {
	names   []string // by leaf, "" if it cannot be changed
	edit    *Edit
	rows    map[int64]bool
	numbers []func(x float64) float64
	any     bool
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
		e.any = e.any || change != nil
		for range max(1, len(column.node.leaves)) {
			if !flat {
				name, change = "", nil
			}
			e.names, e.numbers = append(e.names, name), append(e.numbers, change)
		}
	}
	return e, nil
}

// apply changes a row in place.
func (e *parquetEdit) apply(row int64, values parquet.Row) {
	if !e.any && !e.rows[row] {
		return
	}
	for k, v := range values {
		leaf := v.Column()
		if cell, ok := e.edit.Cells[Place{row, e.names[leaf]}]; ok && e.names[leaf] != "" {
			switch {
			case !cell.Null:
				values[k] = withNumber(v, cell.Number)
			case v.DefinitionLevel() > 0:
				values[k] = parquet.NullValue().Level(0, v.DefinitionLevel()-1, leaf)
			}
			continue
		}
		if change := e.numbers[leaf]; change != nil && !v.IsNull() {
			if x, ok := numberOf(v); ok {
				values[k] = withNumber(v, change(x))
			}
		}
	}
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
