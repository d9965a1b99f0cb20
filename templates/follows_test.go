package templates

import (
	"math"
	"testing"
)

// Of 100 values with 4 rows each, all of which agree in the second column and 2 of 6 pairs in the
// third, the estimates are 100/150 and 100/3/150; the fourth says nothing.
func TestAgreementThatFollows(t *testing.T) {
	rows := &Rows{Cells: make([][]uint64, 4), Count: make([]map[uint64]int, 4)}
	for k := range rows.Cells {
		rows.Count[k] = map[uint64]int{}
		for i := range 400 {
			value := []int{i / 4, i / 4, i / 2, i}[k]
			rows.Cells[k] = append(rows.Cells[k], uint64(value))
			rows.Count[k][uint64(value)]++
		}
	}
	f := newFollows(rows)
	for other, want := range map[int]float64{1: 100.0 / 150, 2: 100.0 / 3 / 150, 3: 1e-9} {
		if p := f.alsoAgree(0, other); math.Abs(p-want) > 1e-12 {
			t.Errorf("rows that agree in column 0 agree in column %d with probability %g, want %g", other, p, want)
		}
	}
	// The column that tells most counts in full, the next two for what it leaves open, the last for
	// its own bits: they are fewer.
	got := f.bits([]told{{2, 3}, {3, 1}, {1, 5}, {0, 9}}, 99)
	if want := 9 + math.Log2(150.0/100) + math.Log2(450.0/100) + 1; math.Abs(got-want) > 1e-12 {
		t.Errorf("agreement in four columns tells %g bits, want %g", got, want)
	}
	if got := f.bits([]told{{2, 3}, {1, 5}, {0, 9}}, 8); got != 9 {
		t.Errorf("%g bits where 8 are enough, want the 9 of the first column", got)
	}
}
