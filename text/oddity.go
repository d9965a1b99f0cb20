package text

import (
	"math"
	"slices"
)

// Oddity returns for each of docs how far its Surface stands out from those of
// reference, from 0 to 1. It is the surprise -log2 P of the measure that
// stands out most, where P is the share of the reference documents (with one
// more, so that it is never 0) that are at least as far out in it, divided by
// log2 of their number plus 1. 1 is further out than every reference document
// in some measure, 0.5 is as far out as one in sqrt(n+1) of them, 0 is inside
// them in all. Low values are as odd as high ones for WordLength only.
//
// To find odd documents within one corpus, pass it as both. NaN for all if
// reference is empty. O(n log n) time.
func Oddity(docs, reference []Surface) []float64 {
	out := make([]float64, len(docs))
	if len(reference) == 0 {
		for i := range out {
			out[i] = math.NaN()
		}
		return out
	}
	n := float64(len(reference))
	for _, measure := range measures {
		sorted := make([]float64, len(reference))
		for i, s := range reference {
			sorted[i] = measure(s)
		}
		slices.Sort(sorted)
		for i, s := range docs {
			from, _ := slices.BinarySearch(sorted, measure(s))
			p := (n - float64(from) + 1) / (n + 1)
			out[i] = max(out[i], -math.Log2(p)/math.Log2(n+1))
		}
	}
	return out
}

// measures are the ways in which a Surface can be odd; high is odd.
var measures = []func(Surface) float64{
	func(s Surface) float64 { return s.Empty },
	func(s Surface) float64 { return s.Unfinished },
	func(s Surface) float64 { return s.Broken },
	func(s Surface) float64 { return s.Mojibake },
	func(s Surface) float64 { return s.Symbols },
	func(s Surface) float64 { return s.Digits },
	func(s Surface) float64 { return s.Markup },
	func(s Surface) float64 { return s.RepeatedChar },
	func(s Surface) float64 { return s.RepeatedWord },
	func(s Surface) float64 { return s.WordLength },
	func(s Surface) float64 { return 1 - s.WordLength },
}
