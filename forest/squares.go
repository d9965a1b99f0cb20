package forest

import (
	"math"
	"slices"
)

// squares is the criterion for values: the squared error around the mean.
type squares struct {
	target []float64 // value of each row minus the mean of all
	mean   float64

	rows  []sums // of the node
	total sums   // of the node
	bins  []sums // by code, all 0 between calls
	keys  []uint64
}

// sums are the weight of some rows, and the weighted sum of their values.
type sums struct{ n, y float64 }

func newSquares(y []float64, mean float64) *squares {
	// Sums of squares lose their digits far from zero.
	centred := make([]float64, len(y))
	for i, v := range y {
		centred[i] = v - mean
	}
	return &squares{target: centred, mean: mean}
}

func (s *squares) enter(rows []int32, weights []int32) (alike bool) {
	s.rows = slices.Grow(s.rows[:0], len(rows))[:len(rows)]
	s.total = sums{}
	low, high := math.Inf(1), math.Inf(-1)
	for i, r := range rows {
		y, w := s.target[r], float64(weights[r])
		s.rows[i] = sums{w, w * y}
		s.total.n += w
		s.total.y += w * y
		low, high = min(low, y), max(high, y)
	}
	return low == high
}

func (s *squares) split(codes []uint16, card int, nominal bool, present []uint16, minLeaf int) (score float64, left int, heavyLeft bool) {
	if len(s.bins) < card {
		s.bins = make([]sums, card)
	}
	bins := s.bins
	rows := s.rows[:len(codes)]
	for i, c := range codes {
		b := &bins[c]
		b.n += rows[i].n
		b.y += rows[i].y
	}
	if nominal {
		s.order(present)
	}
	// The squared error of two sides is least where the squared sums, each
	// divided by the side's weight, are largest.
	score = math.Inf(-1)
	least := float64(minLeaf)
	var l sums
	for i, c := range present {
		l.n += bins[c].n
		l.y += bins[c].y
		bins[c] = sums{}
		r := sums{s.total.n - l.n, s.total.y - l.y}
		if l.n < least || r.n < least || r.n == 0 {
			continue
		}
		if v := l.y*l.y/l.n + r.y*r.y/r.n; v > score {
			score, left, heavyLeft = v, i+1, l.n >= r.n
		}
	}
	return score, left, heavyLeft
}

// order sorts the codes by the mean of their rows: the best of all subsets is
// then a prefix.
//
// Source: Fisher, J. Am. Stat. Assoc. 53, 1958.
func (s *squares) order(present []uint16) {
	s.keys = s.keys[:0]
	for _, c := range present {
		s.keys = append(s.keys, sortKey(s.bins[c].y/s.bins[c].n, c))
	}
	sortCodes(present, s.keys)
}

// leaf appends the mean of the node's rows.
func (s *squares) leaf(values []float64) []float64 {
	return append(values, s.mean+s.total.y/s.total.n)
}
