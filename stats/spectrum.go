package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// EffectiveRank returns the number of directions that a spectrum fills evenly:
// exp of the entropy of the normalised eigenvalues, 1 if one holds everything,
// d if all d are equal.
//
// The eigenvalues are those of a covariance or correlation matrix, in any
// order; negative ones are rounding and count as 0. EffectiveRank returns NaN
// if none is positive.
//
// Source: Roy & Vetterli, The effective rank, EUSIPCO 2007. They normalise
// singular values; those of a covariance matrix are its eigenvalues.
func EffectiveRank(eigenvalues []float64) float64 {
	p := make([]float64, len(eigenvalues))
	for i, v := range eigenvalues {
		p[i] = max(0, v)
	}
	return math.Exp(Entropy(p))
}

// LogDetCovariance returns the logarithm of the generalised variance of x: the
// log determinant of (1-shrinkage)*S + shrinkage*m*I, where S is the covariance
// matrix (n-1 in the denominator) and m the mean of its diagonal. Two samples
// are comparable only at the same shrinkage.
//
// x is n*d row-major, x[i*d+j] is feature j of row i; 0 <= shrinkage <= 1. With
// no shrinkage, a constant column or n <= d, S has no inverse and the result is
// minus infinity or, by rounding, a very negative number. It is NaN if n < 2,
// 0 if d is 0. O(n*d*d + d^3) time.
//
// Source: Wilks, Biometrika 24, 1932; shrinkage as in Ledoit & Wolf 2004.
func LogDetCovariance(x []float64, n, d int, shrinkage float64) float64 {
	if !(shrinkage >= 0 && shrinkage <= 1) {
		panic("stats: shrinkage outside 0-1")
	}
	if d == 0 {
		return 0
	}
	c := Covariance(x, n, d)
	if !allFinite(c) {
		return math.NaN()
	}
	trace := 0.0
	for j := range d {
		trace += c[j*d+j]
	}
	for i := range c {
		c[i] *= 1 - shrinkage
	}
	for j := range d {
		c[j*d+j] += shrinkage * trace / float64(d)
	}
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(d, c)) {
		return math.Inf(-1)
	}
	return chol.LogDet()
}

// LedoitWolf returns the shrinkage, 0-1, that brings the covariance matrix of x
// closest to the true one in expectation, towards a multiple of the identity.
// It is what LogDetCovariance takes. NaN if n < 2; 1 if x does not vary.
//
// x is n*d row-major, x[i*d+j] is feature j of row i. O(n*d*d) time.
//
// Source: Ledoit & Wolf, J. Multivar. Anal. 88(2), 2004. Reference:
// scikit-learn's ledoit_wolf_shrinkage.
func LedoitWolf(x []float64, n, d int) float64 {
	sameLength(len(x), n*d)
	if n < 2 || d == 0 {
		return math.NaN()
	}
	mean, scale := columnMoments(x, n, d)
	for j := range scale {
		scale[j] = 1
	}
	s := crossProducts(x, n, d, mean, scale)
	toN := float64(n-1) / float64(n) // the paper divides by n
	var trace, squares float64
	for i, v := range s {
		v *= toN
		squares += v * v
		if i%(d+1) == 0 {
			trace += v
		}
	}
	fourth := 0.0 // mean over rows of the squared Frobenius norm of the row's outer product
	for i := range n {
		norm := 0.0
		for j, v := range x[i*d : (i+1)*d] {
			norm += (v - mean[j]) * (v - mean[j])
		}
		fourth += norm * norm / float64(n)
	}
	distance := squares - trace*trace/float64(d) // from the covariance matrix to its target
	noise := (fourth - squares) / float64(n)     // of the covariance matrix itself
	if distance <= 0 || noise >= distance {
		return 1
	}
	return max(0, noise/distance)
}
