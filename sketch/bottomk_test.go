package sketch

import (
	"cmp"
	"slices"
	"testing"
)

func TestBottomKSlots(t *testing.T) {
	const k, n = 20, 500
	s, o := NewBottomK(k, 3), NewBottomK(k, 3)
	held, other := map[int]int64{}, map[int]int64{} // what stands in the slots
	for row := range int64(n) {
		if row%3 == 0 {
			if slot, chosen := o.AddRow(row); chosen {
				other[slot] = row
			}
		} else if slot, chosen := s.AddRow(row); chosen {
			held[slot] = row
		}
	}
	s.Merge(o, func(from, to int) { held[to] = other[from] })

	byHash := make([]int64, n)
	for row := range byHash {
		byHash[row] = int64(row)
	}
	slices.SortFunc(byHash, func(a, b int64) int { return cmp.Compare(Mix(uint64(a)^Mix(3)), Mix(uint64(b)^Mix(3))) })
	want := slices.Sorted(slices.Values(byHash[:k]))
	rows, slots := s.Rows()
	if !slices.Equal(rows, want) {
		t.Errorf("rows %v, want %v", rows, want)
	}
	for i, slot := range slots {
		if slot < 0 || slot >= k || held[slot] != rows[i] {
			t.Errorf("slot %d holds row %d, want %d", slot, held[slot], rows[i])
		}
	}
}

// TestBottomKUniform draws 100 of 1000 rows with 200 seeds: each tenth of the
// rows must get its tenth of the draws.
func TestBottomKUniform(t *testing.T) {
	var tenth [10]float64
	for seed := range uint64(200) {
		s := NewBottomK(100, seed)
		for row := range int64(1000) {
			s.AddRow(row)
		}
		rows, _ := s.Rows()
		for _, row := range rows {
			tenth[row/100]++
		}
	}
	chi2 := 0.0
	for _, n := range tenth {
		chi2 += (n - 2000) * (n - 2000) / 2000
	}
	// 9 degrees of freedom: 27.9 is exceeded with a probability of 0.1 %; draws
	// without replacement vary a little less.
	if chi2 > 27.9 {
		t.Errorf("chi-square %.1f of %v", chi2, tenth)
	}
}

func TestBottomKEdges(t *testing.T) {
	s := NewBottomK(0, 1)
	if _, chosen := s.AddRow(1); chosen || s.Len() != 0 {
		t.Error("a sample of 0 rows chose one")
	}
	a, b := NewBottomK(5, 1), NewBottomK(5, 2)
	for row := range int64(100) {
		a.AddRow(row)
		b.AddRow(row)
	}
	x, _ := a.Rows()
	y, _ := b.Rows()
	if slices.Equal(x, y) {
		t.Error("two seeds chose the same rows")
	}
}

func TestMergeMismatch(t *testing.T) {
	tests := []struct {
		name  string
		merge func()
	}{
		{"samples of different sizes", func() { NewBottomK(1, 1).Merge(NewBottomK(2, 1), nil) }},
		{"samples of different seeds", func() { NewBottomK(1, 1).Merge(NewBottomK(1, 2), nil) }},
		{"KMV of different sizes", func() { NewKMV(3).Merge(NewKMV(4)) }},
		{"a KMV of two", func() { NewKMV(2) }},
		{"a negative sample", func() { NewBottomK(-1, 1) }},
	}
	for _, tt := range tests {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", tt.name)
				}
			}()
			tt.merge()
		}()
	}
}
