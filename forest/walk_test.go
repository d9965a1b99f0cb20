package forest

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestWalksAgree sends rows down trees four at a time and one by one: they reach the
// same leaves, also rows with codes that the training did not have.
func TestWalksAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	table := func(n int, cards []int) Data {
		d := Data{N: n, D: len(cards), Cards: cards, Nominal: []bool{false, true, false, true, false}}
		for range n {
			for _, card := range cards {
				d.Codes = append(d.Codes, uint16(rng.IntN(card)))
			}
		}
		return d
	}
	const wide = 500
	for _, skip := range []int{-1, 4} {
		d := table(600, []int{64, 40, 3, 2, 64})
		if skip == 4 {
			d = table(600, []int{64, 40, 3, 2, wide})
		}
		y := make([]int, d.N)
		for i := range y {
			y[i] = (int(d.Codes[i*5])/8 + int(d.Codes[i*5+1])) % 3
		}
		f := TrainClasses(t.Context(), d, y, 3, skip, Config{Seed: 5})
		if f.short == nil {
			t.Fatal("all codes that are looked at are below 64, but the nodes have no short form")
		}
		for _, cards := range [][]int{d.Cards, {64, 64, 9, 7, 64}, {wide, wide, 3, 2, wide}} {
			asked := table(103, cards)
			w := f.walker(asked)
			if want := cards[0] <= shortCodes; w.short != want {
				t.Errorf("codes below %d: in short form is %v", cards[0], w.short)
			}
			rows := make([]int32, 0, asked.N)
			for i := range asked.N {
				if i%5 != 2 {
					rows = append(rows, int32(i))
				}
			}
			for tree := range f.roots {
				var want []int32
				for _, i := range rows {
					want = append(want, f.leaf(f.roots[tree], w.row(i)))
				}
				if got := w.leaves(tree, rows); !slices.Equal(got, want) {
					t.Fatalf("skip %d, tree %d: leaves %v, one by one %v", skip, tree, got, want)
				}
			}
		}
	}
}
