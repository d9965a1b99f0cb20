package templates

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// numbers returns the cells of a table of independent columns with so many levels each.
func numbers(n int, levels ...int) *Rows {
	rng := rand.New(rand.NewPCG(1, 1))
	r := &Rows{}
	for _, l := range levels {
		cells, says := make([]uint64, n), make([]bool, n)
		for i := range cells {
			cells[i], says[i] = rng.Uint64N(uint64(l)), true
		}
		r.Cells, r.Says = append(r.Cells, cells), append(r.Says, says)
	}
	r.count()
	return r
}

func (r *Rows) count() {
	r.Count = nil
	for _, column := range r.Cells {
		count := map[uint64]int{}
		for _, h := range column {
			count[h]++
		}
		r.Count = append(r.Count, count)
	}
}

// TestFind plants a template of 40 rows that leaves two of six columns open, among 1000 rows. What it
// tells that a row has its cells is what they have in common with few others: 1 in 961.
func TestFind(t *testing.T) {
	r := numbers(1000, 100, 100, 100, 100, 5, 5)
	for k := range 4 {
		for i := range 40 {
			r.Cells[k][i] = 1000 // a value that nobody else has
		}
	}
	r.count()
	found, err := Find(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range found {
		switch {
		case (x != nil) != (i < 40):
			t.Fatalf("row %d: %+v, the template is of rows 0 to 39", i, x)
		case x == nil:
		case x.Rows != 40 || len(x.Columns) != 4 || x.Columns[3] != 3 || x.Cells[0] != 1000:
			t.Fatalf("row %d: %+v", i, x)
		case x.Bits < math.Log2(961):
			t.Fatalf("row %d: %v bits", i, x.Bits)
		}
	}
}

func TestNoTemplates(t *testing.T) {
	slips := numbers(1000, 3, 3, 3, 3, 3, 3, 3) // kinds of rows, and columns of three levels with a slip here and there
	for k := 1; k < 7; k++ {
		copy(slips.Cells[k], slips.Cells[0])
		for i := range 40 {
			slips.Cells[k][k*100+i] = uint64(100 + i)
		}
	}
	slips.count()
	for name, r := range map[string]*Rows{
		"rows of chance":   numbers(1000, 100, 100, 100, 100, 5, 5),
		"slips":            slips,
		"few levels":       numbers(1000, 2, 3, 2, 3, 2, 3, 2),
		"too few columns":  numbers(1000, 2, 2, 2),
		"nothing":          {},
		"one row of cells": numbers(1, 5, 5, 5, 5),
	} {
		found, err := Find(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range found {
			if x != nil {
				t.Fatalf("%s: row %d follows %+v", name, i, x)
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Find(ctx, numbers(10, 5, 5, 5, 5)); err == nil {
		t.Error("no error though the context ended")
	}
}

// TestDiffering compares with counting column by column.
func TestDiffering(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for d := 1; d <= 9; d++ {
		const n = 30
		codes := make([]uint16, n*d)
		for i := range codes {
			codes[i] = []uint16{0, 1, 0x7fff, 0x8000, 0xffff}[rng.IntN(5)]
		}
		p := Pack(codes, n, d)
		for i := range n {
			for j := range n {
				want := 0
				for k := range d {
					if codes[i*d+k] != codes[j*d+k] {
						want++
					}
				}
				if got := p.Differing(i, j); got != want {
					t.Fatalf("%d columns, rows %d and %d: %d differ, want %d", d, i, j, got, want)
				}
			}
		}
	}
}
