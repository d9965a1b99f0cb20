package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// Covariance returns the d*d covariance matrix of x with n-1 in the
// denominator, all NaN if n < 2.
//
// x is n*d row-major, x[i*d+j] is feature j of row i. O(n*d*d) time.
//
// Reference: numpy's cov.
func Covariance(x []float64, n, d int) []float64 {
	sameLength(len(x), n*d)
	mean, scale := columnMoments(x, n, d)
	for j := range scale {
		scale[j] = 1
	}
	return crossProducts(x, n, d, mean, scale)
}

// Correlation returns the d*d matrix of linear correlations of the columns of
// x, each -1 to 1 with 1 on the diagonal.
//
// x is n*d row-major, x[i*d+j] is feature j of row i. A constant column has no
// correlation with anything: its row and column are 0, its diagonal too, so that
// it adds nothing to the spectrum and the trace counts the columns that vary.
// If n < 2 all entries are NaN. O(n*d*d) time.
//
// Reference: numpy's corrcoef.
func Correlation(x []float64, n, d int) []float64 {
	sameLength(len(x), n*d)
	mean, scale := columnMoments(x, n, d)
	c := crossProducts(x, n, d, mean, scale)
	for i := range d {
		for j := range d {
			c[i*d+j] = max(-1, min(1, c[i*d+j]))
		}
		if scale[i] > 0 {
			c[i*d+i] = 1
		}
	}
	return c
}

// columnMoments returns the mean of each column and one over its standard
// deviation, 0 for a constant column.
func columnMoments(x []float64, n, d int) (mean, scale []float64) {
	mean, scale = make([]float64, d), make([]float64, d)
	for i := range n {
		for j, v := range x[i*d : (i+1)*d] {
			delta := v - mean[j]
			mean[j] += delta / float64(i+1)
			scale[j] += delta * (v - mean[j])
		}
	}
	for j, squares := range scale {
		// Rounding leaves a trace of variance in a constant column whose mean is
		// not a float64; no column that varies has so little.
		if tiny := 1e-15 * mean[j]; squares <= float64(n)*tiny*tiny {
			scale[j] = 0
		} else {
			scale[j] = 1 / math.Sqrt(squares/float64(n-1))
		}
	}
	return mean, scale
}

// crossProducts returns the d*d sums over rows of the products of the centred
// and scaled columns, divided by n-1.
func crossProducts(x []float64, n, d int, mean, scale []float64) []float64 {
	c := make([]float64, d*d)
	if n < 2 {
		for i := range c {
			c[i] = math.NaN()
		}
		return c
	}
	// Rows are taken in chunks, column by column, so that a chunk stays in cache.
	const chunk = 512
	z := make([]float64, d*chunk)
	sum := blas64.Symmetric{Uplo: blas.Upper, N: d, Data: c, Stride: d}
	for lo := 0; lo < n; lo += chunk {
		rows := min(chunk, n-lo)
		for i := range rows {
			for j, v := range x[(lo+i)*d : (lo+i+1)*d] {
				z[j*chunk+i] = (v - mean[j]) * scale[j]
			}
		}
		blas64.Syrk(blas.NoTrans, 1/float64(n-1), blas64.General{Rows: d, Cols: rows, Data: z, Stride: chunk}, 1, sum)
	}
	for i := range d {
		for j := range i {
			c[i*d+j] = c[j*d+i]
		}
	}
	return c
}

// SymmetricEigenvalues returns the eigenvalues of the symmetric d*d matrix a,
// largest first. Only the upper triangle of a is read. If a holds a number that
// is not finite, or the iteration does not converge, all are NaN. O(d^3) time.
//
// Reference: LAPACK's dsyev, as ported by gonum.
func SymmetricEigenvalues(a []float64, d int) []float64 {
	sameLength(len(a), d*d)
	values := make([]float64, d)
	if d == 0 {
		return values
	}
	var e mat.EigenSym
	if !allFinite(a) || !e.Factorize(mat.NewSymDense(d, slices.Clone(a)), false) {
		for i := range values {
			values[i] = math.NaN()
		}
		return values
	}
	e.Values(values)
	slices.Reverse(values)
	return values
}

func allFinite(x []float64) bool {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
