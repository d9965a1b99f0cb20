package localize

import "math"

// ranks counts numbers below others, by a table instead of a search: the range
// of the numbers is cut into as many buckets of equal width as there are numbers, so that
// most buckets hold few of them.
type ranks struct {
	sorted     []float64 // ascending
	low, scale float64   // bucket k starts at low+k/scale
	start      []int32   // where each bucket starts in sorted, and where the last one ends
}

// newRanks returns the ranks among finite numbers, ascending, which it keeps.
func newRanks(sorted []float64) ranks {
	r := ranks{sorted: sorted, start: []int32{0, int32(len(sorted))}}
	if len(sorted) == 0 {
		return r
	}
	r.low = sorted[0]
	scale := float64(len(sorted)) / (sorted[len(sorted)-1] - r.low)
	if scale == 0 || math.IsInf(scale, 0) { // too wide or too narrow a range: one bucket
		return r
	}
	r.scale = scale
	r.start = make([]int32, len(sorted)+1)
	for _, x := range sorted {
		r.start[r.bucket(x)+1]++
	}
	for k := range sorted {
		r.start[k+1] += r.start[k]
	}
	return r
}

// bucket returns the bucket that x would be in. It never falls as x grows.
func (r *ranks) bucket(x float64) int {
	at, last := (x-r.low)*r.scale, len(r.start)-2
	switch {
	case !(at > 0): // also where the range has no scale and x is infinite
		return 0
	case at >= float64(last):
		return last
	}
	return int(at)
}

// below returns how many of the numbers are smaller than x.
func (r *ranks) below(x float64) int {
	k := r.bucket(x)
	at, n := int(r.start[k]), int(r.start[k+1]-r.start[k])
	for n > 0 {
		half, smaller := (n+1)/2, 1 // the compiler sets a flag: no branch to guess wrong
		if !(r.sorted[at+half-1] < x) {
			smaller = 0
		}
		at += half & -smaller
		n -= half
	}
	return at
}

// upTo returns how many of the numbers are not larger than x.
func (r *ranks) upTo(x float64) int {
	k := r.bucket(x)
	at, n := int(r.start[k]), int(r.start[k+1]-r.start[k])
	for n > 0 {
		half, smaller := (n+1)/2, 1
		if !(r.sorted[at+half-1] <= x) {
			smaller = 0
		}
		at += half & -smaller
		n -= half
	}
	return at
}
