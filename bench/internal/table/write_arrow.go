package table

import (
	"bufio"
	"errors"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// WriteArrow writes t as an Arrow IPC file without compression, in record
// batches of 100,000 rows.
func WriteArrow(path string, t *Table) error {
	fields := make([]arrow.Field, len(t.columns))
	for j, c := range t.columns {
		fields[j] = arrow.Field{Name: c.name, Type: arrowType(c.kind), Nullable: true}
	}
	schema := arrow.NewSchema(fields, nil)
	return create(path, func(w *bufio.Writer) error {
		out, err := ipc.NewFileWriter(w, ipc.WithSchema(schema))
		if err != nil {
			return err
		}
		b := array.NewRecordBuilder(memory.NewGoAllocator(), schema)
		defer b.Release()
		rows := 0
		flush := func() error {
			rows = 0
			batch := b.NewRecordBatch()
			defer batch.Release()
			return out.Write(batch)
		}
		err = t.each(func(row []cell) error {
			for j := range row {
				appendArrow(b.Field(j), &row[j])
			}
			if rows++; rows < rowsAGroup {
				return nil
			}
			return flush()
		})
		if err == nil && rows > 0 {
			err = flush()
		}
		return errors.Join(err, out.Close())
	})
}

func arrowType(k kind) arrow.DataType {
	switch k {
	case boolean:
		return arrow.FixedWidthTypes.Boolean
	case date:
		return arrow.FixedWidthTypes.Timestamp_us
	case integer:
		return arrow.PrimitiveTypes.Int64
	case category:
		return arrow.BinaryTypes.String
	}
	return arrow.PrimitiveTypes.Float64
}

func appendArrow(b array.Builder, c *cell) {
	if c.null {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.BooleanBuilder:
		b.Append(c.number != 0)
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(c.number * 1e6))
	case *array.Int64Builder:
		b.Append(int64(c.number))
	case *array.StringBuilder:
		b.Append(c.text)
	case *array.Float64Builder:
		b.Append(c.number)
	}
}
