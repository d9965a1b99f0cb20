package stats

import (
	"cmp"
	"math"
	"slices"
)

// Ranks returns the rank of each entry of x, from 1 to len(x) ascending. Ties
// share the mean of their ranks. If x holds a NaN, all ranks are NaN.
// O(n log n) time.
//
// Reference: scipy's rankdata.
func Ranks(x []float64) []float64 {
	ranks := make([]float64, len(x))
	if hasNaN(x) {
		for i := range ranks {
			ranks[i] = math.NaN()
		}
		return ranks
	}
	type entry struct {
		value float64
		row   int
	}
	order := make([]entry, len(x))
	for i, v := range x {
		order[i] = entry{v, i}
	}
	slices.SortFunc(order, func(a, b entry) int { return cmp.Compare(a.value, b.value) })
	for lo := 0; lo < len(order); {
		hi := lo + 1
		for hi < len(order) && order[hi].value == order[lo].value {
			hi++
		}
		for _, e := range order[lo:hi] {
			ranks[e.row] = float64(lo+hi+1) / 2
		}
		lo = hi
	}
	return ranks
}

// Spearman returns the rank correlation of x and y, from -1 to 1, ties sharing
// their mean rank. It returns NaN if one of them is constant.
//
// x and y have one entry a row. O(n log n) time.
//
// Source: Spearman, Am. J. Psychol. 15(1), 1904. Reference: scipy's spearmanr.
func Spearman(x, y []float64) float64 {
	return Pearson(Ranks(x), Ranks(y))
}

// Pearson returns the linear correlation of x and y, from -1 to 1. It returns
// NaN if one of them is constant. x and y have one entry a row.
//
// Reference: scipy's pearsonr.
func Pearson(x, y []float64) float64 {
	sameLength(len(x), len(y))
	mx, vx := MeanVar(x)
	my, vy := MeanVar(y)
	if vx == 0 || vy == 0 {
		return math.NaN()
	}
	// Both are scaled before they are multiplied: the product of two variances
	// may leave the range of float64.
	sx, sy, sum := math.Sqrt(vx), math.Sqrt(vy), 0.0
	for i := range x {
		sum += (x[i] - mx) / sx * ((y[i] - my) / sy)
	}
	return max(-1, min(1, sum/float64(len(x)-1)))
}
