package scan

import (
	"context"
	"fmt"
	"testing"

	"synthos/dataset"
)

// mixed returns a table of n rows with a number, a string and some invalid cells.
func mixed(n int) *dataset.Table {
	t := numbers(n)
	t.Schema.Fields = append(t.Schema.Fields, dataset.Field{Name: "s", Type: dataset.String})
	s := dataset.Vector{Strings: make([]string, n), Null: make([]bool, n)}
	x := &t.Columns[0]
	for i := n - 1; i >= 0; i-- { // invalid cells not in order of rows
		s.Strings[i] = fmt.Sprint("row ", i)
		s.Null[i] = i%5 == 0
		if i%1000 == 7 {
			x.Null[i] = true
			x.Invalid = append(x.Invalid, dataset.Invalid{Row: i, Text: fmt.Sprint("bad ", i)})
		}
	}
	t.Columns = append(t.Columns, s)
	return t
}

// TestMemory reads a table back range by range and wants every cell once, in its
// place.
func TestMemory(t *testing.T) {
	for _, n := range []int{0, 1, 5, memoryBatch, memoryBatch + 1, 10000} {
		for _, cuts := range []int{-1, 1, 2, 3, 7} {
			table := mixed(n)
			src := Memory(table, cuts)
			if got, want := len(src.Ranges()), min(n, max(1, cuts)); got != want {
				t.Errorf("%d rows in %d: %d ranges, want %d", n, cuts, got, want)
			}
			row := 0
			for i, r := range src.Ranges() {
				if r.Index != i || r.FirstRow != int64(row) || r.Rows < 1 {
					t.Errorf("%d rows in %d: range %d is %+v, at row %d", n, cuts, i, r, row)
				}
				err := src.Read(t.Context(), r, func(b *dataset.Batch) error {
					if b.FirstRow != int64(row) {
						t.Errorf("%d rows in %d: a batch begins at row %d, want %d", n, cuts, b.FirstRow, row)
					}
					for _, x := range b.Columns[0].Invalid {
						if want := fmt.Sprint("bad ", row+x.Row); x.Text != want || !b.Columns[0].Null[x.Row] {
							t.Errorf("invalid cell %q, want %q", x.Text, want)
						}
					}
					if len(b.Columns[0].Invalid) != (row+b.Rows+992)/1000-(row+992)/1000 {
						t.Errorf("rows %d to %d: %d invalid cells", row, row+b.Rows, len(b.Columns[0].Invalid))
					}
					for k := range b.Rows {
						x, s, null := b.Columns[0].Floats[k], b.Columns[1].Strings[k], b.Columns[1].Null[k]
						if x != float64(row+k) || s != fmt.Sprint("row ", row+k) || null != ((row+k)%5 == 0) {
							t.Fatalf("row %d holds %v and %q (null: %v)", row+k, x, s, null)
						}
					}
					row += b.Rows
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if row != n {
				t.Errorf("%d rows in %d: %d read", n, cuts, row)
			}
		}
	}
}

func TestMemoryStops(t *testing.T) {
	src := Memory(mixed(10000), 1)
	ctx, cancel := context.WithCancel(t.Context())
	batches := 0
	err := src.Read(ctx, src.Ranges()[0], func(*dataset.Batch) error { batches++; cancel(); return nil })
	if err != context.Canceled || batches != 1 {
		t.Errorf("%d batches, error %v", batches, err)
	}
}
