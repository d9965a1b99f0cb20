package sketch

import "math"

// Distinct returns the number of distinct hashes added, and whether that is
// exact or an estimate with a relative standard error of at most about
// 1/sqrt(k-2).
//
// There are two estimates. One is from how dense the kept hashes lie: (k-1)/u,
// u the k-th smallest hash as a share of 2^64; unbiased, always valid. The other
// one is from how often they occur: all additions divided by the mean count of
// the kept hashes; without any error if nothing repeats, but blind to a few very
// frequent hashes that were not kept. The second one is taken where its standard
// error is the smaller one and the first one does not contradict it.
func (s *KMV) Distinct() (n int64, exact bool) {
	s.settle()
	if !s.cut {
		return int64(s.kept), true
	}
	k := float64(s.k)
	byDensity := (k - 1) * math.Exp2(64) / float64(s.limit)
	deviation := 1 / math.Sqrt(k-2)

	var sum ExactSum
	var squares ExactSquares // exact, because the order of the slots is not canonical
	for _, slot := range s.table {
		sum.Add(float64(slot.count))
		squares.Add(float64(slot.count))
	}
	mean := sum.Value() / k
	variation := math.Sqrt(max(0, squares.Value()/k-mean*mean)) / mean
	byCount := float64(s.total) / mean

	estimate := byDensity
	if variation < 1 && math.Abs(byCount-byDensity) <= 3*deviation*byDensity {
		estimate = byCount
	}
	return max(int64(s.k)+1, min(s.total, int64(math.Round(estimate)))), false
}
