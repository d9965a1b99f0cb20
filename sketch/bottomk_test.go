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

// TestBottomKExpect tells two samples how many rows there are in all: together they
// choose the same rows as one that is not told, and fewer on the way there. If fewer
// rows come than were expected, they say that some are missing.
func TestBottomKExpect(t *testing.T) {
	const k, n = 100, 20_000
	plain := NewBottomK(k, 7)
	for row := range int64(n) {
		plain.AddRow(row)
	}
	want, _ := plain.Rows()
	for _, c := range []struct {
		expected int64
		short    bool
		reason   string
	}{
		{n, false, "as many rows as expected"},
		{n / 10, false, "more rows than expected"},
		{n + n/20, false, "a few rows less"},
		{50, false, "fewer rows than a sample has are expected: none is turned away"},
		{100 * n, true, "far fewer rows than expected"},
	} {
		parts := [2]*BottomK{NewBottomK(k, 7), NewBottomK(k, 7)}
		chosen := 0
		for i, s := range parts {
			s.Expect(c.expected)
			for row := int64(i); row < n; row += 2 {
				if _, ok := s.AddRow(row); ok {
					chosen++
				}
			}
		}
		parts[0].Merge(parts[1], func(int, int) {})
		if got := parts[0].Short(); got != c.short {
			t.Errorf("%s: short is %v", c.reason, got)
		}
		if got, _ := parts[0].Rows(); !c.short && !slices.Equal(got, want) {
			t.Errorf("%s: rows %v, want %v", c.reason, got, want)
		}
		if c.expected == n && chosen > 3*k {
			t.Errorf("%s: %d rows were chosen for a sample of %d", c.reason, chosen, k)
		}
	}
}
