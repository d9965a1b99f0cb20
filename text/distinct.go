package text

import "math"

// DistinctN returns the share of distinct n-grams among the first budget
// n-grams of docs, taken document by document in order: 1 if none repeats,
// 1/budget if all are the same. n-grams do not reach across documents.
//
// The ratio falls with the number of n-grams it is taken over, so two corpora
// are compared at the same budget, and at that it does not matter how large
// they are. It is NaN if docs hold fewer than budget n-grams (CountGrams says how
// many there are) or budget < 1. It panics if n < 1.
//
// Since only neighbouring documents are compared, repetition that is spread
// thinly over a large corpus does not show here; see NearDuplicates.
//
// Source: Li et al., A diversity-promoting objective function for neural
// conversation models, NAACL 2016, who take it over all n-grams.
func DistinctN(docs [][]uint64, n, budget int) float64 {
	if budget < 1 || CountGrams(docs, n) < budget {
		return math.NaN()
	}
	seen := newTable[struct{}](budget)
	var grams []uint64
	left := budget
	for _, doc := range docs {
		grams = Grams(doc, n, grams[:0])
		for _, g := range grams[:min(left, len(grams))] {
			seen.at(g)
		}
		left -= min(left, len(grams))
		if left == 0 {
			break
		}
	}
	return float64(seen.used) / float64(budget)
}

// CountGrams returns how many n-grams docs hold together, repeated ones
// included. It panics if n < 1.
func CountGrams(docs [][]uint64, n int) int {
	if n < 1 {
		panic("text: n-grams need n >= 1")
	}
	count := 0
	for _, doc := range docs {
		count += max(0, len(doc)-n+1)
	}
	return count
}
