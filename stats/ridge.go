package stats

import (
	"gonum.org/v1/gonum/mat"
)

// Ridge returns the weights w and the intercept b with which x*w + b is nearest to
// y in squares, with the penalty lambda*n*|w|^2.
//
// x is n*d row-major, x[i*d+j] is feature j of row i; y has length n; lambda > 0.
// Ridge panics if the lengths do not fit; ok is false if the system cannot be
// solved, as with numbers that are not finite. O(n*d*d + d^3) time.
//
// Source: Hoerl & Kennard, Technometrics 12(1), 1970.
func Ridge(x []float64, n, d int, y []float64, lambda float64) (w []float64, b float64, ok bool) {
	sameLength(len(x), n*d)
	sameLength(len(y), n)
	if n < 2 || d == 0 {
		return nil, 0, false
	}
	mean, scale := columnMoments(x, n, d)
	for j := range scale {
		scale[j] = 1
	}
	c := crossProducts(x, n, d, mean, scale)
	meanY, _ := MeanVar(y)
	rhs := make([]float64, d)
	for i := range n {
		for j, v := range x[i*d : (i+1)*d] {
			rhs[j] += (v - mean[j]) * (y[i] - meanY) / float64(n-1)
		}
	}
	if !allFinite(c) || !allFinite(rhs) {
		return nil, 0, false
	}
	for j := range d {
		c[j*d+j] += lambda
	}
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(d, c)) {
		return nil, 0, false
	}
	solution := mat.NewVecDense(d, nil)
	if err := chol.SolveVecTo(solution, mat.NewVecDense(d, rhs)); err != nil {
		return nil, 0, false
	}
	w = solution.RawVector().Data
	b = meanY
	for j := range w {
		b -= w[j] * mean[j]
	}
	return w, b, true
}
