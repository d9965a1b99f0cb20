package table

import (
	"bufio"
	"errors"
	"os"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// WriteCSV writes t row by row, with a header; a null is an empty field.
func WriteCSV(path string, t *Table) error {
	return create(path, func(w *bufio.Writer) error {
		var line []byte
		for j := range t.columns {
			line = append(append(line, t.columns[j].name...), ',')
		}
		line[len(line)-1] = '\n'
		w.Write(line)
		return t.each(func(row []cell) error {
			line = line[:0]
			for j := range row {
				line = append(appendCell(line, &row[j], t.columns[j].kind), ',')
			}
			line[len(line)-1] = '\n'
			_, err := w.Write(line)
			return err
		})
	})
}

// appendCell appends the text of a cell.
func appendCell(line []byte, c *cell, k kind) []byte {
	switch {
	case c.null:
		return line
	case k == category:
		return append(line, c.text...)
	case k == date:
		return time.Unix(int64(c.number), 0).UTC().AppendFormat(line, time.DateOnly)
	case k == boolean:
		return strconv.AppendBool(line, c.number != 0)
	}
	return strconv.AppendFloat(line, c.number, 'f', -1, 64)
}

const rowsAGroup = 100_000

// WriteParquet writes t row by row, compressed with zstd, in row groups of
// 100,000 rows.
func WriteParquet(path string, t *Table) error {
	nodes := parquet.Group{} // in the order of names, as the columns of t are
	for _, c := range t.columns {
		nodes[c.name] = parquet.Optional(nodeOf(c.kind))
	}
	return create(path, func(w *bufio.Writer) error {
		pw := parquet.NewWriter(w, parquet.NewSchema("table", nodes), parquet.Compression(&zstd.Codec{}), parquet.MaxRowsPerRowGroup(rowsAGroup))
		out := make(parquet.Row, len(t.columns))
		err := t.each(func(row []cell) error {
			for j := range row {
				if row[j].null {
					out[j] = parquet.NullValue().Level(0, 0, j)
				} else {
					out[j] = valueOf(&row[j], t.columns[j].kind).Level(0, 1, j)
				}
			}
			_, err := pw.WriteRows([]parquet.Row{out})
			return err
		})
		return errors.Join(err, pw.Close())
	})
}

func nodeOf(k kind) parquet.Node {
	switch k {
	case boolean:
		return parquet.Leaf(parquet.BooleanType)
	case date:
		return parquet.Timestamp(parquet.Microsecond)
	case integer:
		return parquet.Int(64)
	case category:
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
	return parquet.Leaf(parquet.DoubleType)
}

func valueOf(c *cell, k kind) parquet.Value {
	switch k {
	case boolean:
		return parquet.BooleanValue(c.number != 0)
	case date:
		return parquet.Int64Value(int64(c.number) * 1e6)
	case integer:
		return parquet.Int64Value(int64(c.number))
	case category:
		return parquet.ByteArrayValue([]byte(c.text))
	}
	return parquet.DoubleValue(c.number)
}

// create creates the file at path with what write writes.
func create(path string, write func(w *bufio.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = write(w)
	return errors.Join(err, w.Flush(), f.Close())
}
