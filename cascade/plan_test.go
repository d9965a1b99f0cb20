package cascade

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"synthos/resonance"
)

// TestParameters checks the sizes that the presets promise, without making a
// network: "full" within 3 % on 50 columns, "cpu" near its targets on 15.
func TestParameters(t *testing.T) {
	cases := []struct {
		preset, reason string
		cards          []int
		targets        [3]float64
		within         float64
	}{
		{"full", "50 numerical columns of 22 bins", slices.Repeat([]int{22}, 50), [3]float64{76e6, 454e6, 983e6}, 0.03},
		{"full", "50 columns with as many bins as there can be", slices.Repeat([]int{64}, 50), [3]float64{76e6, 454e6, 983e6}, 0.03},
		{"cpu", "15 numerical columns", slices.Repeat([]int{22}, 15), [3]float64{20e3, 80e3, 200e3}, 0.5},
		{"cpu", "two boolean columns", []int{3, 3}, [3]float64{20e3, 80e3, 200e3}, 0.5},
	}
	for _, c := range cases {
		specs := plan(c.cards, 1, presetOf(c.preset))
		for i, at := range []int{0, 10, 15} {
			got := float64(resonance.Count(specs[at].config))
			if math.Abs(got/c.targets[i]-1) > c.within {
				t.Errorf("%s (%s): %s has %.0f parameters, want %.0f", c.preset, c.reason, specs[at].tier, got, c.targets[i])
			}
		}
	}
}

func TestPlan(t *testing.T) {
	specs := plan([]int{5, 6}, 7, presetOf("cpu"))
	seeds := map[uint64]bool{}
	counts := map[string]int{}
	for _, s := range specs {
		seeds[s.config.Seed] = true
		counts[s.tier]++
		if s.maskRate < 0.15 || s.maskRate > 0.5 {
			t.Errorf("mask rate %g", s.maskRate)
		}
	}
	if len(seeds) != 18 || counts[Tiny] != 10 || counts[Small] != 5 || counts[Base] != 3 {
		t.Errorf("%d seeds, networks %v", len(seeds), counts)
	}
	// Very many bins: heads and embeddings of the narrowest are above the target.
	many := plan(slices.Repeat([]int{64}, 1000), 7, presetOf("cpu"))
	for i, at := range []int{0, 10, 15} {
		if got, want := many[at].config.Width, 16<<i; got != want {
			t.Errorf("width %d of tier %s for 64,000 bins, want %d: the narrowest, and wider ones", got, many[at].tier, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		n, held int
		reason  string
	}{{2, 1, "one of two"}, {9, 1, "at least one"}, {50, 5, "a tenth"}, {100, 20, "at least 20 from 100 on"}, {1000, 100, "a tenth"}} {
		trained, held := split(c.n, 3)
		if len(held) != c.held || len(trained) != c.n-c.held {
			t.Errorf("(%s) %d rows: %d trained, %d held out", c.reason, c.n, len(trained), len(held))
		}
		all := append(slices.Clone(trained), held...)
		slices.Sort(all)
		for i, x := range all {
			if i != x {
				t.Fatalf("%d rows: row %d is in no part or in both", c.n, i)
			}
		}
		if _, again := split(c.n, 3); !slices.Equal(held, again) {
			t.Errorf("%d rows: the same seed splits otherwise", c.n)
		}
	}
}

func TestColumnGroups(t *testing.T) {
	for _, columns := range []int{1, 3, 4, 15, 50} {
		group, groups := columnGroups(columns, 1)
		counts := make([]int, groups)
		for _, g := range group {
			counts[g]++
		}
		if groups != min(4, columns) || slices.Max(counts)-slices.Min(counts) > 1 {
			t.Errorf("%d columns: groups of %v", columns, counts)
		}
	}
}

// TestMaskRow checks the share of masked cells: three quarters of the rows at
// the rate, one quarter at one half on average.
func TestMaskRow(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	marks := make([]bool, 10)
	const rows, rate = 20000, 0.3
	var share float64
	for range rows {
		maskRow(marks, rate, r)
		n := 0.0
		for _, m := range marks {
			if m {
				n++
			}
		}
		if n == 0 {
			t.Fatal("a row without a masked cell")
		}
		share += n / 10 / rows
	}
	if want := 0.75*rate + 0.25*0.5; math.Abs(share-want) > 0.01 {
		t.Errorf("share of masked cells %.3f, want %.3f", share, want)
	}
}
