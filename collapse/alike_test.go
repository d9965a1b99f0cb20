package collapse

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"synthos/encode"
)

// Against the definition, row by row, with codes that use all 16 bits.
func TestDisagreements(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	levels := []uint16{0, 1, 0x7fff, 0x8000, 0xffff}
	for _, width := range []int{1, 3, 4, 5, 9} {
		c := &encode.Codes{N: 40, D: width, Data: make([]uint16, 40*width)}
		for i := range c.Data {
			c.Data[i] = levels[rng.IntN(len(levels))]
		}
		got, err := (&view{ctx: context.Background()}).disagreements(c)
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.N {
			var differ []int
			for j := range c.N {
				n := 0
				for k := range width {
					if c.Row(i)[k] != c.Row(j)[k] {
						n++
					}
				}
				if i != j {
					differ = append(differ, n)
				}
			}
			slices.Sort(differ)
			if want := float64(differ[templateTwins-1]); got[i] != want {
				t.Errorf("%d columns: row %d differs from its %d-th nearest in %v columns, want %v", width, i, templateTwins, got[i], want)
			}
		}
	}
}

// TestUnknownLevelsAreUnlike gives rows nothing in common but levels that the space does not know.
func TestUnknownLevelsAreUnlike(t *testing.T) {
	const n, card = 20, 6
	c := &encode.Codes{N: n, D: 3, Cards: []int{card, card, card}, Nominal: []bool{true, true, false}}
	for i := range n {
		c.Data = append(c.Data, card-1, uint16(1+i%2), card-1)
	}
	got, err := (&view{ctx: context.Background()}).disagreements(c)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range got {
		if x != 1 { // the second column agrees in half of the rows, the invalid numbers of the third in all
			t.Errorf("row %d differs from its %d-th nearest in %v columns, want 1", i, templateTwins, x)
		}
	}
}
