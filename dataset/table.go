package dataset

import "slices"

// Table returns the rows of b, whose columns are those of schema, as a table. It shares
// the cells with b, not the list of columns.
func (b *Batch) Table(schema *Schema) *Table {
	t := &Table{Schema: schema, Columns: slices.Clone(b.Columns), RowIDs: make([]int64, b.Rows)}
	for i := range t.RowIDs {
		t.RowIDs[i] = b.FirstRow + int64(i)
	}
	return t
}

// Take returns the rows of t at the given indices, in that order. Indices may
// repeat. The result shares nothing with t but the schema and the strings.
func (t *Table) Take(rows []int) *Table {
	out := &Table{Schema: t.Schema, Columns: make([]Vector, len(t.Columns)), RowIDs: make([]int64, len(rows))}
	for i, r := range rows {
		out.RowIDs[i] = t.RowIDs[r]
	}
	for j := range t.Columns {
		out.Columns[j] = t.Columns[j].take(rows)
	}
	return out
}

func (v *Vector) take(rows []int) Vector {
	out := Vector{Null: make([]bool, len(rows))}
	if v.Floats != nil {
		out.Floats = make([]float64, len(rows))
	}
	if v.Strings != nil {
		out.Strings = make([]string, len(rows))
	}
	var invalid map[int]string
	if len(v.Invalid) > 0 {
		invalid = make(map[int]string, len(v.Invalid))
		for _, x := range v.Invalid {
			invalid[x.Row] = x.Text
		}
	}
	for i, r := range rows {
		out.Null[i] = v.Null[r]
		if v.Floats != nil {
			out.Floats[i] = v.Floats[r]
		}
		if v.Strings != nil {
			out.Strings[i] = v.Strings[r]
		}
		if text, bad := invalid[r]; bad {
			out.Invalid = append(out.Invalid, Invalid{Row: i, Text: text})
		}
	}
	return out
}

// Select returns a table of the columns at the given positions, in that order.
// It shares the cells with t.
func (t *Table) Select(cols []int) *Table {
	out := &Table{Schema: &Schema{}, RowIDs: t.RowIDs}
	for _, j := range cols {
		out.Schema.Fields = append(out.Schema.Fields, t.Schema.Fields[j])
		out.Columns = append(out.Columns, t.Columns[j])
	}
	return out
}

// Concat returns the rows of a followed by those of b. Both must have the same
// columns in the same order and storage; otherwise Concat panics. Row numbers
// are kept, so they are no longer ascending.
func Concat(a, b *Table) *Table {
	if len(a.Columns) != len(b.Columns) {
		panic("dataset: tables to concatenate differ in their columns")
	}
	n := a.Rows()
	out := &Table{Schema: a.Schema, RowIDs: slices.Concat(a.RowIDs, b.RowIDs)}
	for j := range a.Columns {
		x, y := &a.Columns[j], &b.Columns[j]
		v := Vector{
			Floats:  slices.Concat(x.Floats, y.Floats),
			Strings: slices.Concat(x.Strings, y.Strings),
			Null:    slices.Concat(x.Null, y.Null),
			Invalid: slices.Clone(x.Invalid),
		}
		for _, bad := range y.Invalid {
			v.Invalid = append(v.Invalid, Invalid{Row: bad.Row + n, Text: bad.Text})
		}
		out.Columns = append(out.Columns, v)
	}
	return out
}
