package linalg

import "math"

// Lanes is the number of floats the passes over rows work on at once; n, the
// length of a row, must be a multiple of it.
const Lanes = 16

// Epsilon is added to the variance in LayerNorm.
const Epsilon = 1e-5

func checkRows(rows, n int, matrices ...[]float32) bool {
	need(n%Lanes == 0, "row length is not a multiple of 16")
	for _, x := range matrices {
		need(len(x) >= rows*n, "matrix is shorter than its shape")
	}
	return rows > 0 && n > 0
}

// AddBias adds bias, of length n, to each row of z, which is rows*n.
func (t *Kernels) AddBias(z, bias []float32, rows, n int) {
	need(len(bias) >= n, "bias is shorter than a row")
	if checkRows(rows, n, z) {
		t.addBias(z, bias, rows, n)
	}
}

// ColumnSums adds the sum of each column of d, which is rows*n, to sums.
func (t *Kernels) ColumnSums(d, sums []float32, rows, n int) {
	need(len(sums) >= n, "sums is shorter than a row")
	if checkRows(rows, n, d) {
		t.columnSums(d, sums, rows, n)
	}
}

// MultiplyColumnSums multiplies d by factor, both rows*n, and adds the sum of
// each column of the product to sums.
func (t *Kernels) MultiplyColumnSums(d, factor, sums []float32, rows, n int) {
	need(len(sums) >= n, "sums is shorter than a row")
	if checkRows(rows, n, d, factor) {
		t.multiplyColumnSums(d, factor, sums, rows, n)
	}
}

// RowDots sets dots[i] to the dot product of the rows i of x and y, both rows*n.
func (t *Kernels) RowDots(x, y, dots []float32, rows, n int) {
	need(len(dots) >= rows, "dots is shorter than the rows")
	if checkRows(rows, n, x, y) {
		t.rowDots(x, y, dots, rows, n)
	}
}

// RowMax sets most[i] to the largest number of row i of x, which is rows*n, or to
// -math.MaxFloat32 if all are below it. x must hold no NaN.
func (t *Kernels) RowMax(x, most []float32, rows, n int) {
	need(len(most) >= rows, "most is shorter than the rows")
	if checkRows(rows, n, x) {
		t.rowMax(x, most, rows, n)
	}
}

// SumSquares returns the sum of the squares of x, of any length: float32 inside
// blocks of 1024, float64 across them.
func (t *Kernels) SumSquares(x []float32) float64 {
	const block = 1024
	var sum float64
	for len(x) >= Lanes {
		n := min(block, len(x)/Lanes*Lanes)
		sum += float64(t.sumSquares(x[:n]))
		x = x[n:]
	}
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return sum
}

// GELU sets a to the Gaussian error linear unit of u = z + bias, and z to its
// derivative at u. z and a are rows*n, bias has length n.
//
// Source: Hendrycks & Gimpel, arXiv:1606.08415, the tanh form, written as
// u / (1 + exp(-2 sqrt(2/pi) (u + 0.044715 u^3))).
func (t *Kernels) GELU(z, bias, a []float32, rows, n int) {
	need(len(bias) >= n, "bias is shorter than a row")
	if checkRows(rows, n, z, a) {
		t.gelu(z, bias, a, rows, n)
	}
}

// Softmax replaces each row of z, which is rows*n, by scale[i] times the softmax
// of the row plus bias. Exponents are cut at -80, so that probabilities never
// become subnormal: pad rows with a bias of -1e30 and ignore the 1e-35 there.
func (t *Kernels) Softmax(z, bias, scale []float32, rows, n int) {
	need(len(bias) >= n && len(scale) >= rows, "bias or scale is too short")
	if checkRows(rows, n, z) {
		t.softmax(z, bias, scale, rows, n)
	}
}

// LayerNorm sets xhat to the rows of h with mean 0 and variance 1 (Epsilon is
// added to the variance), y to xhat gain + shift, and rstd[i] to what row i was
// multiplied by. h, y and xhat are rows*n.
//
// Source: Ba, Kiros & Hinton, arXiv:1607.06450.
func (t *Kernels) LayerNorm(h, gain, shift, y, xhat, rstd []float32, rows, n int) {
	need(len(gain) >= n && len(shift) >= n && len(rstd) >= rows, "gain, shift or rstd is too short")
	if checkRows(rows, n, h, y, xhat) {
		t.layerNorm(h, gain, shift, y, xhat, rstd, rows, n)
	}
}

// LayerNormBackward takes the gradient of y in d and adds that of h to dh, that
// of gain to dgain and that of shift to dshift. d, xhat and dh are rows*n; d is
// overwritten. dh must not be d.
func (t *Kernels) LayerNormBackward(d, xhat, rstd, gain, dgain, dshift, dh []float32, rows, n int) {
	need(len(gain) >= n && len(dgain) >= n && len(dshift) >= n && len(rstd) >= rows, "gain, dgain, dshift or rstd is too short")
	if checkRows(rows, n, d, xhat, dh) {
		t.layerNormBackward(d, xhat, rstd, gain, dgain, dshift, dh, rows, n)
	}
}

// Rotate multiplies pairs of rows of u, the rows j and k+j being u_j and v_j, by
// k complex weights, real parts in w[:k] and imaginary parts in w[k:2k]:
//
//	p_j = wr_j u_j + wi_j v_j,  p_{k+j} = wr_j v_j - wi_j u_j
//
// u and p are 2k*n.
func (t *Kernels) Rotate(u, w, p []float32, k, n int) {
	need(len(w) >= 2*k, "w is shorter than 2k")
	if checkRows(2*k, n, u, p) {
		t.rotate(u, w, p, k, n)
	}
}

// RotateBackward takes the gradient of Rotate's result in p and replaces it by
// that of u; dw[:2k] is set to that of w.
func (t *Kernels) RotateBackward(u, w, p, dw []float32, k, n int) {
	need(len(w) >= 2*k && len(dw) >= 2*k, "w or dw is shorter than 2k")
	if checkRows(2*k, n, u, p) {
		t.rotateBackward(u, w, p, dw, k, n)
	}
}

// ComplexMultiply sets out to q w, row by row: q and out are rows*2k, in each
// row k real parts, then k imaginary parts, as in w. k is a multiple of 16.
func (t *Kernels) ComplexMultiply(q, w, out []float32, rows, k int) {
	need(k%Lanes == 0 && len(w) >= 2*k, "k is not a multiple of 16, or w is shorter than 2k")
	if checkRows(rows, 2*k, q, out) {
		t.complexMultiply(q, w, out, rows, k)
	}
}

// ComplexMultiplyBackward takes the gradient of ComplexMultiply's result in d
// and replaces it by that of q; that of w is added to dw[:2k].
func (t *Kernels) ComplexMultiplyBackward(d, q, w, dw []float32, rows, k int) {
	need(k%Lanes == 0 && len(w) >= 2*k && len(dw) >= 2*k, "k is not a multiple of 16, or w or dw is shorter than 2k")
	if checkRows(rows, 2*k, d, q) {
		t.complexMultiplyBackward(d, q, w, dw, rows, k)
	}
}

// Gather sets row i of out, which is rows*n, to the sum of the rows
// index[i*picks] ... index[i*picks+picks-1] of table, whose rows have length n.
// picks must be positive. An index outside table panics.
func (t *Kernels) Gather(table []float32, index []int32, out []float32, rows, picks, n int) {
	if checkRows(rows, n, out) && checkIndex(table, index, rows, picks, n) {
		t.gather(table, index, out, rows, picks, n)
	}
}

// Scatter adds row i of d, which is rows*n, to each of the rows index[i*picks]
// ... index[i*picks+picks-1] of table; the reverse of Gather.
func (t *Kernels) Scatter(table []float32, index []int32, d []float32, rows, picks, n int) {
	if checkRows(rows, n, d) && checkIndex(table, index, rows, picks, n) {
		t.scatter(table, index, d, rows, picks, n)
	}
}

func checkIndex(table []float32, index []int32, rows, picks, n int) bool {
	need(picks > 0 && len(index) >= rows*picks, "index is shorter than rows*picks")
	limit := uint32(len(table) / n)
	for _, i := range index[:rows*picks] {
		need(uint32(i) < limit, "index is outside the table")
	}
	return true
}

// Adam holds the settings of one AdamW step.
type Adam struct {
	Beta1, Beta2, Epsilon float32 // usually 0.9, 0.999, 1e-8
	LearningRate          float32
	WeightDecay           float32 // times the learning rate, not part of the gradient
	Scale                 float32 // every gradient is multiplied by it first (clipping)
	Step                  int     // 1 for the first

	scalars [10]float32 // what the kernels read; here so that a step allocates nothing
}

// AdamW changes the parameters p by one step along grad, keeping the moments m
// and v. All have the same length.
//
// Source: Loshchilov & Hutter, arXiv:1711.05101.
func (t *Kernels) AdamW(p, grad, m, v []float32, a *Adam) {
	need(len(grad) == len(p) && len(m) == len(p) && len(v) == len(p), "parameters, gradient and moments differ in length")
	a.scalars = [10]float32{a.Beta1, a.Beta2, 1 - a.Beta1, 1 - a.Beta2,
		float32(1 / (1 - math.Pow(float64(a.Beta1), float64(a.Step)))),
		float32(1 / (1 - math.Pow(float64(a.Beta2), float64(a.Step)))),
		a.Epsilon, a.LearningRate, a.WeightDecay, a.Scale}
	n := len(p) / Lanes * Lanes
	if n > 0 {
		t.adamW(p[:n], grad[:n], m[:n], v[:n], &a.scalars)
	}
	if n < len(p) {
		goAdamW(p[n:], grad[n:], m[n:], v[n:], &a.scalars)
	}
}
