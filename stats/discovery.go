package stats

import (
	"cmp"
	"math"
	"slices"
)

// BenjaminiHochberg returns which of the hypotheses with p-values p are
// rejected so that at most a share q of the rejections is expected to be false.
//
// p is 0-1 in any order, 0 <= q <= 1. A hypothesis whose p-value is NaN is never
// rejected but counts as tested. O(n log n) time.
//
// Source: Benjamini & Hochberg, J. R. Stat. Soc. B 57(1), 1995. Reference:
// scipy's false_discovery_control.
func BenjaminiHochberg(p []float64, q float64) []bool {
	order := make([]int, 0, len(p))
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	last := -1
	for rank, i := range order {
		if p[i] <= q*float64(rank+1)/float64(len(p)) {
			last = rank
		}
	}
	rejected := make([]bool, len(p))
	for _, i := range order[:last+1] {
		rejected[i] = true
	}
	return rejected
}
