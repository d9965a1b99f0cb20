package localize

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRanks counts numbers one by one and by buckets.
func TestRanks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	draw := func(n int, of func() float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = of()
		}
		return out
	}
	for _, c := range []struct {
		name    string
		numbers []float64
	}{
		{"none", nil},
		{"one", []float64{3}},
		{"all equal", []float64{2, 2, 2}},
		{"far off zero: buckets are narrow beside the numbers", draw(500, func() float64 { return 1e12 + float64(rng.IntN(900))/1024 })},
		{"few levels: whole buckets are equal", draw(500, func() float64 { return float64(rng.IntN(4)) })},
		{"a tail: nearly all share a bucket", draw(500, func() float64 { return math.Exp(6 * rng.NormFloat64()) })},
		{"the range is wider than any number", []float64{-math.MaxFloat64, -1, 0, 2, math.MaxFloat64}},
		{"the range is narrower than a bucket can be", []float64{0, 5e-324, 1e-323}},
		{"signs of zero", []float64{math.Copysign(0, -1), 0, 0, 1}},
	} {
		slices.Sort(c.numbers)
		r := newRanks(c.numbers)
		asked := append([]float64{math.Inf(-1), math.Inf(1), 0, 0.5, -1e300, 1e300}, c.numbers...)
		for _, x := range c.numbers {
			asked = append(asked, math.Nextafter(x, math.Inf(1)), math.Nextafter(x, math.Inf(-1)), x+rng.NormFloat64())
		}
		for _, x := range asked {
			below, upTo := 0, 0
			for _, y := range c.numbers {
				if y < x {
					below++
				}
				if y <= x {
					upTo++
				}
			}
			if got := r.below(x); got != below {
				t.Errorf("%s: %d are below %v, want %d", c.name, got, x, below)
			}
			if got := r.upTo(x); got != upTo {
				t.Errorf("%s: %d are not above %v, want %d", c.name, got, x, upTo)
			}
		}
	}
}
