package text

import (
	"math"
	"slices"
)

// shingleWords is the number of consecutive words in a shingle.
const shingleWords = 3

// Shingles returns the set of the hashed runs of 3 consecutive tokens of doc,
// sorted, without repeats; of its single tokens if it has fewer than 3. It is
// what Jaccard and the functions about near duplicates compare.
//
// Source: Broder, On the resemblance and containment of documents, 1997.
func Shingles(doc []uint64) []uint64 {
	n := shingleWords
	if len(doc) < n {
		n = 1
	}
	set := Grams(doc, n, make([]uint64, 0, len(doc)))
	slices.Sort(set)
	return slices.Compact(set)
}

// Jaccard returns the size of the intersection of a and b over that of their
// union, from 0 to 1. Both must be sorted and without repeats. Two empty sets
// are at 0: nothing is shared.
func Jaccard(a, b []uint64) float64 {
	shared := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			shared++
			i++
			j++
		}
	}
	if shared == 0 {
		return 0
	}
	return float64(shared) / float64(len(a)+len(b)-shared)
}

// Signature returns the MinHash signature of doc's Shingles: the least value of
// the set under each of k hash functions. The share of equal entries of two
// signatures estimates the Jaccard index of the sets, with standard deviation
// sqrt(J(1-J)/k). An empty doc has no signature (nil). It panics if k < 1.
//
// Source: Broder et al., Min-wise independent permutations, JCSS 60(3), 2000;
// the hash functions are multiplications by odd numbers with an offset.
func Signature(doc []uint64, k int) []uint64 {
	if k < 1 {
		panic("text: a signature needs k >= 1")
	}
	return minima(Shingles(doc), k)
}

func minima(set []uint64, k int) []uint64 {
	if len(set) == 0 {
		return nil
	}
	signature := make([]uint64, k)
	for i := range signature {
		a, b := mix(uint64(2*i))|1, mix(uint64(2*i+1))
		least := uint64(math.MaxUint64)
		for _, x := range set {
			least = min(least, a*(x^b)+b)
		}
		signature[i] = least
	}
	return signature
}
