package load

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"synthos/dataset"
)

// WriteArrow writes t to path as an Arrow IPC file (Feather version 2), without
// compression. It replaces the file at once when all is written.
//
// Nulls stay nulls. Float is written as float64, or as int64 if the field is
// Integer and every value is whole; Bool as bool, Time as a timestamp in microseconds
// UTC, String as utf8. The texts of invalid cells have no place in such a file: they
// are nulls. The errors are those of WriteParquet.
func WriteArrow(path string, t *dataset.Table) error {
	schema := &dataset.Schema{Fields: slices.Clone(t.Schema.Fields)}
	for j := range schema.Fields {
		f := &schema.Fields[j]
		f.Integer = f.Integer && f.Type == dataset.Float && allWhole(&t.Columns[j])
	}
	return writeFile(path, func(w io.Writer) error {
		write, finish, err := newArrowWriter(w, schema)
		if err != nil {
			return err
		}
		if err := write(t); err != nil {
			return err
		}
		return finish()
	})
}

// newArrowWriter returns functions that write tables of one schema after each
// other, as a record batch each, and the end of the file. Numbers of an Integer
// field must be whole.
func newArrowWriter(w io.Writer, schema *dataset.Schema) (write func(t *dataset.Table) error, finish func() error, err error) {
	var fields []arrow.Field
	for _, f := range schema.Fields {
		fields = append(fields, arrow.Field{Name: f.Name, Type: arrowType(f), Nullable: true})
	}
	out := arrow.NewSchema(fields, nil)
	aw, err := ipc.NewFileWriter(w, ipc.WithSchema(out))
	if err != nil {
		return nil, nil, err
	}
	write = func(t *dataset.Table) error {
		columns := make([]arrow.Array, len(fields))
		for j := range columns {
			column, err := arrowArray(schema.Fields[j], &t.Columns[j], t.RowIDs)
			if err != nil {
				return err
			}
			columns[j] = column
		}
		batch := array.NewRecordBatch(out, columns, int64(t.Rows()))
		defer batch.Release()
		return aw.Write(batch)
	}
	return write, aw.Close, nil
}

func arrowType(f dataset.Field) arrow.DataType {
	switch {
	case f.Type == dataset.String:
		return arrow.BinaryTypes.String
	case f.Type == dataset.Bool:
		return arrow.FixedWidthTypes.Boolean
	case f.Type == dataset.Time:
		return &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case f.Integer:
		return arrow.PrimitiveTypes.Int64
	}
	return arrow.PrimitiveTypes.Float64
}

// arrowArray returns the cells of v; rows are their row numbers, for errors.
func arrowArray(f dataset.Field, v *dataset.Vector, rows []int64) (arrow.Array, error) {
	b := array.NewBuilder(memory.DefaultAllocator, arrowType(f))
	defer b.Release()
	b.Reserve(len(v.Null))
	for i, null := range v.Null {
		if null {
			b.AppendNull()
			continue
		}
		switch b := b.(type) {
		case *array.StringBuilder:
			b.Append(v.Strings[i])
		case *array.BooleanBuilder:
			b.Append(v.Floats[i] != 0)
		case *array.TimestampBuilder:
			micros := math.Round(v.Floats[i] * 1e6)
			if !(math.Abs(micros) < 1<<63) {
				return nil, fmt.Errorf("row %d, column %q: %v seconds since 1970 is not a time", rows[i], f.Name, v.Floats[i])
			}
			b.Append(arrow.Timestamp(micros))
		case *array.Int64Builder:
			x := v.Floats[i]
			if x != math.Trunc(x) || math.Abs(x) > maxExact {
				return nil, fmt.Errorf("row %d, column %q: %v in a column of whole numbers", rows[i], f.Name, x)
			}
			b.Append(int64(x))
		case *array.Float64Builder:
			b.Append(v.Floats[i])
		}
	}
	return b.NewArray(), nil
}
