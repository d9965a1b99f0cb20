package scan

import (
	"context"
	"encoding/binary"
	"runtime"
	"testing"
	"time"

	"synthos/dataset"
)

// total is an accumulator that is easy to check: it counts the rows, adds up
// their numbers and the cells of the first column.
type total struct{ rows, numbers, cells uint64 }

func (a *total) AddBatch(b *dataset.Batch) error {
	for i := range b.Rows {
		a.rows++
		a.numbers += uint64(b.FirstRow) + uint64(i)
		a.cells += uint64(b.Columns[0].Floats[i])
	}
	return nil
}

func (a *total) Merge(other Accumulator) error {
	o := other.(*total)
	a.rows, a.numbers, a.cells = a.rows+o.rows, a.numbers+o.numbers, a.cells+o.cells
	return nil
}

func (a *total) MarshalBinary() ([]byte, error) {
	return binary.Append(nil, binary.LittleEndian, []uint64{a.rows, a.numbers, a.cells})
}

func newTotal() Accumulator { return new(total) }

// numbers returns a table of one column with the numbers from 0 to n-1.
func numbers(n int) *dataset.Table {
	t := &dataset.Table{
		Schema:  &dataset.Schema{Fields: []dataset.Field{{Name: "x", Type: dataset.Float}}},
		Columns: []dataset.Vector{{Floats: make([]float64, n), Null: make([]bool, n)}},
		RowIDs:  make([]int64, n),
	}
	for i := range n {
		t.Columns[0].Floats[i], t.RowIDs[i] = float64(i), int64(i)
	}
	return t
}

// faulty is a Source whose reading is replaced by read, which gets the true one.
type faulty struct {
	dataset.Source
	read func(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error
}

func (f faulty) Read(ctx context.Context, r dataset.Range, yield func(*dataset.Batch) error) error {
	return f.read(ctx, r, yield)
}

// bad is an accumulator that fails.
type bad struct {
	total
	err, mergeErr       error
	panics, mergePanics string
}

func (a *bad) AddBatch(b *dataset.Batch) error {
	if a.panics != "" {
		panic(a.panics)
	}
	if a.err != nil {
		return a.err
	}
	return a.total.AddBatch(b)
}

func (a *bad) Merge(Accumulator) error {
	if a.mergePanics != "" {
		panic(a.mergePanics)
	}
	return a.mergeErr
}

// wantGoroutines fails unless there are no more goroutines than before; those
// that have done their last statement may need a moment to go.
func wantGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 2000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}
