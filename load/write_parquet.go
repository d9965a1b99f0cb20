package load

import (
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"synthos/dataset"
)

// groupRows is how many rows a row group of a written Parquet file has at most.
const groupRows = 100_000

// WriteParquet writes t to path as Parquet, compressed with zstd, in row groups
// of 100,000 rows. It replaces the file at once when all is written.
//
// Every column is optional: nulls stay nulls. Float is written as DOUBLE, or as
// INT64 if the field is Integer and every value is whole; Bool as BOOLEAN, Time
// as TIMESTAMP in microseconds UTC, String as STRING in a dictionary. The texts
// of invalid cells have no place in such a file: they are nulls.
//
// An error names a column that occurs twice or a time beyond the range of
// microseconds in int64 (about ±292,000 years).
func WriteParquet(path string, t *dataset.Table) error {
	schema := &dataset.Schema{Fields: slices.Clone(t.Schema.Fields)}
	for j := range schema.Fields {
		f := &schema.Fields[j]
		f.Integer = f.Integer && f.Type == dataset.Float && allWhole(&t.Columns[j])
	}
	return writeFile(path, func(w io.Writer) error {
		write, finish, err := newParquetWriter(w, path, schema)
		if err != nil {
			return err
		}
		if err := write(t); err != nil {
			return err
		}
		return finish()
	})
}

// newParquetWriter returns functions that write tables of one schema after each
// other, and the end of the file. Numbers of an Integer field must be whole.
func newParquetWriter(w io.Writer, path string, schema *dataset.Schema) (write func(t *dataset.Table) error, finish func() error, err error) {
	root := orderedGroup{Group: parquet.Group{}}
	for j := range schema.Fields {
		f := &schema.Fields[j]
		if _, twice := root.Group[f.Name]; twice {
			e := dataset.NewError(path, "the column occurs twice", "rename one of them")
			e.Column = f.Name
			return nil, nil, e
		}
		root.add(f.Name, parquet.Optional(newParquetOut(f, nil).node))
	}
	pw := parquet.NewWriter(w, parquet.NewSchema("table", root),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedDefault}), parquet.DictionaryMaxBytes(1<<20),
		parquet.MaxRowsPerRowGroup(groupRows))
	rows := make([]parquet.Row, 0, 1024)
	flush := func() error {
		_, err := pw.WriteRows(rows)
		rows = rows[:0]
		return err
	}
	write = func(t *dataset.Table) error {
		columns := make([]parquetOut, len(t.Columns))
		for j := range columns {
			columns[j] = newParquetOut(&schema.Fields[j], &t.Columns[j])
		}
		for i := range t.Rows() {
			row := make(parquet.Row, len(columns))
			for j := range columns {
				v, err := columns[j].value(i)
				if err != nil {
					return fmt.Errorf("row %d, column %q: %w", t.RowIDs[i], schema.Fields[j].Name, err)
				}
				defined := 1
				if v.IsNull() {
					defined = 0
				}
				row[j] = v.Level(0, defined, j)
			}
			if rows = append(rows, row); len(rows) == cap(rows) {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		return nil
	}
	finish = func() error {
		if err := flush(); err != nil {
			return err
		}
		return pw.Close()
	}
	return write, finish, nil
}

// orderedGroup is a parquet.Group, which is a map, with its fields in order.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

func (g *orderedGroup) add(name string, node parquet.Node) {
	g.Group[name] = node
	g.fields = append(g.fields, namedNode{node, name})
}

// Fields returns the columns in the order in which they were added.
func (g orderedGroup) Fields() []parquet.Field { return g.fields }

type namedNode struct {
	parquet.Node
	name string
}

// Name returns the column's name.
func (n namedNode) Name() string { return n.name }

// Value returns the column's entry in a row given as a map. It is part of
// parquet.Field; WriteParquet writes rows of values and does not use it.
func (n namedNode) Value(row reflect.Value) reflect.Value {
	return row.MapIndex(reflect.ValueOf(n.name))
}

// parquetOut says how a column is written.
type parquetOut struct {
	v    *dataset.Vector
	node parquet.Node
	cell func(i int) (parquet.Value, error) // of a row that is not null
}

func newParquetOut(f *dataset.Field, v *dataset.Vector) parquetOut {
	out := parquetOut{v: v}
	switch {
	case f.Type == dataset.String:
		out.node = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
		out.cell = func(i int) (parquet.Value, error) { return parquet.ByteArrayValue([]byte(v.Strings[i])), nil }
	case f.Type == dataset.Bool:
		out.node = parquet.Leaf(parquet.BooleanType)
		out.cell = func(i int) (parquet.Value, error) { return parquet.BooleanValue(v.Floats[i] != 0), nil }
	case f.Type == dataset.Time:
		out.node = parquet.Timestamp(parquet.Microsecond)
		out.cell = func(i int) (parquet.Value, error) {
			micros := math.Round(v.Floats[i] * 1e6)
			if !(math.Abs(micros) < 1<<63) {
				return parquet.Value{}, fmt.Errorf("%v seconds since 1970 is not a time", v.Floats[i])
			}
			return parquet.Int64Value(int64(micros)), nil
		}
	case f.Integer:
		out.node = parquet.Int(64)
		out.cell = func(i int) (parquet.Value, error) {
			if x := v.Floats[i]; x != math.Trunc(x) || math.Abs(x) > maxExact {
				return parquet.Value{}, fmt.Errorf("%v in a column of whole numbers", x)
			}
			return parquet.Int64Value(int64(v.Floats[i])), nil
		}
	default:
		out.node = parquet.Leaf(parquet.DoubleType)
		out.cell = func(i int) (parquet.Value, error) { return parquet.DoubleValue(v.Floats[i]), nil }
	}
	return out
}

// value returns the cell of row i, or a null.
func (c *parquetOut) value(i int) (parquet.Value, error) {
	if c.v.Null[i] {
		return parquet.NullValue(), nil
	}
	return c.cell(i)
}
