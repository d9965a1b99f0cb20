package demo

import "synthos/dataset"

// newTable returns a table of n rows without a null, numbered from 0, with
// zeros and empty strings to be filled in.
func newTable(fields []dataset.Field, n int) *dataset.Table {
	t := &dataset.Table{
		Schema:  &dataset.Schema{Fields: fields},
		Columns: make([]dataset.Vector, len(fields)),
		RowIDs:  make([]int64, n),
	}
	for i := range t.RowIDs {
		t.RowIDs[i] = int64(i)
	}
	for j := range fields {
		t.Columns[j].Null = make([]bool, n)
		if fields[j].Type.Numeric() {
			t.Columns[j].Floats = make([]float64, n)
		} else {
			t.Columns[j].Strings = make([]string, n)
		}
	}
	return t
}

// Split deals the rows of t out to two tables in turn: even rows to the first,
// odd rows to the second. Of independent rows these are two samples of one
// population without a row in common. Both are numbered from 0.
func Split(t *dataset.Table) (even, odd *dataset.Table) {
	var rows [2][]int
	for i := range t.Rows() {
		rows[i%2] = append(rows[i%2], i)
	}
	even, odd = t.Take(rows[0]), t.Take(rows[1])
	for _, half := range []*dataset.Table{even, odd} {
		for i := range half.RowIDs {
			half.RowIDs[i] = int64(i)
		}
	}
	return even, odd
}
