package text

import "math"

const (
	permutations = 64   // length of the signatures
	lshRecall    = 0.99 // least chance that a pair at the threshold is a candidate
	lshReach     = 64   // members of a bucket that are looked at, the latest
)

// lsh finds candidates for pairs of similar sets: sets that agree in all rows of
// at least one band of their signatures.
//
// Source: Leskovec, Rajaraman & Ullman, Mining of massive datasets, section 3.4.
type lsh struct {
	rows    int // of a band
	buckets map[uint64][]int
}

// newLSH returns an empty index for pairs with Jaccard >= threshold. The bands
// are as long as they can be such that a pair at the threshold is found with
// probability 0.99; below a threshold of 0.07 it is less.
func newLSH(threshold float64) *lsh {
	rows := 1
	for r := 2; r <= permutations; r++ {
		bands := permutations / r
		if 1-math.Pow(1-math.Pow(threshold, float64(r)), float64(bands)) >= lshRecall {
			rows = r
		}
	}
	return &lsh{rows: rows, buckets: make(map[uint64][]int)}
}

// keys returns the bucket of each band of a signature.
func (x *lsh) keys(signature []uint64) []uint64 {
	keys := make([]uint64, permutations/x.rows)
	for b := range keys {
		keys[b] = mix(gram(signature[b*x.rows:(b+1)*x.rows]) + uint64(b))
	}
	return keys
}

// add puts a set into its buckets.
func (x *lsh) add(id int, keys []uint64) {
	for _, key := range keys {
		x.buckets[key] = append(x.buckets[key], id)
	}
}

// candidates calls visit with the sets that share a bucket, the latest first;
// the same one may come more than once. Of a bucket, only the latest 64 are
// visited, so that a corpus of a million look-alikes still takes linear time.
func (x *lsh) candidates(keys []uint64, visit func(id int)) {
	for _, key := range keys {
		bucket := x.buckets[key]
		for i := len(bucket) - 1; i >= max(0, len(bucket)-lshReach); i-- {
			visit(bucket[i])
		}
	}
}
