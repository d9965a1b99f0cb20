package load

import (
	"math"

	"github.com/parquet-go/parquet-go"

	"synthos/dataset"
)

// parquetEdit changes the values of rows.
type parquetEdit struct {
	names   []string // by leaf, "" if it cannot be changed
	edit    *Edit
	rows    map[int64]bool
	numbers []func(x float64) float64
	layouts []string // how strings hold the numbers of a column
	flat    []bool   // a row has one value
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
			e.layouts = append(e.layouts, src.schema.Fields[i].Layout)
		}
	}
	return e, nil
}

// apply returns what becomes of a value of a row.
func (e *parquetEdit) apply(row int64, leaf int, v parquet.Value) parquet.Value {
	if change := e.numbers[leaf]; change != nil || e.rows[row] {
		if cell, ok := e.edit.Cells[Place{row, e.names[leaf]}]; ok && e.names[leaf] != "" {
			switch {
			case cell.Text != nil && v.Kind() == parquet.ByteArray:
				return parquet.ByteArrayValue([]byte(*cell.Text)).Level(0, v.DefinitionLevel(), leaf)
			case cell.Text != nil:
				return v
			case !cell.Null:
				return withNumber(v, cell.Number, e.layouts[leaf])
			case v.DefinitionLevel() > 0:
				return parquet.NullValue().Level(0, v.DefinitionLevel()-1, leaf)
			}
			return v
		}
		if change != nil && !v.IsNull() {
			if x, ok := numberOf(v, e.layouts[leaf]); ok {
				return withNumber(v, change(x), e.layouts[leaf])
			}
		}
	}
	return v
}

func numberOf(v parquet.Value, layout string) (float64, bool) {
	switch v.Kind() {
	case parquet.ByteArray: // a column of strings that hold numbers
		return numberReader(layout)(v.ByteArray())
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

// withNumber returns x stored as v is: in a column of integers it is rounded, in one of
// strings it is a text of that layout.
func withNumber(v parquet.Value, x float64, layout string) parquet.Value {
	out := parquet.DoubleValue(x)
	switch v.Kind() {
	case parquet.ByteArray:
		text, ok := writtenNumber(x, layout)
		if !ok {
			return v
		}
		out = parquet.ByteArrayValue([]byte(text))
	case parquet.Float:
		out = parquet.FloatValue(float32(x))
	case parquet.Int32:
		out = parquet.Int32Value(int32(math.Round(x)))
	case parquet.Int64:
		out = parquet.Int64Value(int64(math.Round(x)))
	case parquet.Boolean:
		out = parquet.BooleanValue(x != 0)
	case parquet.Double:
	default:
		return v
	}
	return out.Level(v.RepetitionLevel(), v.DefinitionLevel(), v.Column())
}
