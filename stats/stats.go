// Package stats holds pure statistics on slices: numbers in, a number out, no
// state, no printing, no type of ours.
//
// What all functions share:
//   - Arguments are never changed. Where order does not matter, a sorted slice
//     costs less: a function that has to sort copies first, unless it need not.
//   - Nulls are the caller's business: samples hold no NaN. A NaN in a sample
//     gives NaN (or, for slices, all NaN), never a number that looks fine.
//   - What is undefined, such as the mean of nothing, is NaN, not zero.
//   - A mismatch of lengths is a mistake of the programmer and panics.
//   - Chance is an argument: the same seed gives the same bits.
package stats

import (
	"math"
	"slices"
)

// sorted returns x itself if it is ascending, else an ascending copy. NaNs come first.
func sorted(x []float64) []float64 {
	if slices.IsSorted(x) {
		return x
	}
	x = slices.Clone(x)
	slices.Sort(x)
	return x
}

// undefined reports whether an ascending sample is empty or holds a NaN.
func undefined(sorted []float64) bool {
	return len(sorted) == 0 || math.IsNaN(sorted[0])
}

func hasNaN(x []float64) bool { return slices.ContainsFunc(x, math.IsNaN) }

func sameLength(n, m int) {
	if n != m {
		panic("stats: length mismatch")
	}
}
