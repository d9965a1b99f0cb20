package diversity

import (
	"math"

	"synthos/encode"
	"synthos/stats"
)

const vendiRows = 200 // rows of a Vendi score: fixed, since it grows with the number of rows

// vendi is the Vendi score of a fixed number of rows: the effective number of
// different rows among them, 1 to vendiRows.
var vendi = statistic{
	name: "vendi_score", aspect: semantic, what: "effective number of different rows (Vendi score)",
	source:   "Friedman & Dieng 2023, TMLR; RBF kernel at the reference's median distance",
	replaced: func(v *view) bool { return v.compared() && v.onlyText() },
	reference: func(v *view, s *split) (float64, float64) {
		n, yard := min(vendiRows, s.yard.n()), v.wordless(s.yard)
		bandwidth := medianDistance(yard, n)
		return vendiScore(v.wordless(s.data), n, bandwidth), vendiScore(v.wordless(s.fresh), n, bandwidth)
	},
	self: func(v *view, s *split) float64 {
		n, yard := min(vendiRows, s.yard.n()), v.wordless(s.yard)
		bandwidth := medianDistance(yard, n)
		return vendiScore(v.wordless(s.data), n, bandwidth) / vendiScore(yard, n, bandwidth)
	},
	scale: 0.25, tolerance: 0.05, norm: 0.40, below: 0.25,
}

// vendiScore returns the Vendi score of the first n rows of f with the kernel
// exp(-d^2 / 2 b^2): exp of the entropy of the eigenvalues of the kernel matrix
// divided by n. It is n if all rows are far apart, 1 if they are all alike.
// O(n^3) time.
func vendiScore(f *encode.Features, n int, b float64) float64 {
	kernel := make([]float64, n*n)
	for i := range n {
		kernel[i*n+i] = 1 / float64(n)
		for j := range i {
			d := squaredDistance(f.Row(i), f.Row(j))
			k := math.Exp(-d/(2*b*b)) / float64(n)
			kernel[i*n+j], kernel[j*n+i] = k, k
		}
	}
	return stats.EffectiveRank(stats.SymmetricEigenvalues(kernel, n))
}

// medianDistance returns the median distance between the first n rows of f that
// differ; 1 if none do.
func medianDistance(f *encode.Features, n int) float64 {
	var d []float64
	for i := range n {
		for j := range i {
			if x := squaredDistance(f.Row(i), f.Row(j)); x > 0 {
				d = append(d, x)
			}
		}
	}
	if len(d) == 0 {
		return 1
	}
	return math.Sqrt(stats.Quantile(d, 0.5))
}

func squaredDistance(a, b []float32) (sum float64) {
	for i := range a {
		d := float64(a[i] - b[i])
		sum += d * d
	}
	return sum
}
