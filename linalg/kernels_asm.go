//go:build amd64 || arm64

package linalg

// An assembly is the set of generated functions for one instruction set.
type assembly struct {
	addBias, columnSums, rowMax                func(x, y *float32, rows, rowBytes int)
	multiplyColumnSums, rowDots, gelu, softmax func(x, y, z *float32, rows, rowBytes int)
	sumSquares                                 func(x *float32, rowBytes int) float32
	layerNorm                                  func(h, gain, shift, y, xhat, rstd *float32, rows, rowBytes int, inverse, epsilon float32)
	layerNormBackward                          func(d, xhat, rstd, gain, dgain, dshift, dh *float32, rows, rowBytes int, inverse, negative float32)
	rotate, complexMultiply                    func(x, w, y *float32, rows, rowBytes int)
	rotateBackward, complexMultiplyBackward    func(x, y, z, dw *float32, rows, rowBytes int)
	gather, scatter                            func(table *float32, index *int32, x *float32, rows, picks, rowBytes int)
	adamW                                      func(p, grad, m, v, scalars *float32, rowBytes int)
}

// table wraps the functions of a in slices.
func (a assembly) table(name string, gemm func(m, n, k int, a, b matrix, c []float32, ldc int, acc bool)) *Kernels {
	return &Kernels{
		Name:       name,
		gemm:       gemm,
		addBias:    func(z, bias []float32, rows, n int) { a.addBias(&z[0], &bias[0], rows, 4*n) },
		columnSums: func(d, sums []float32, rows, n int) { a.columnSums(&d[0], &sums[0], rows, 4*n) },
		multiplyColumnSums: func(d, factor, sums []float32, rows, n int) {
			a.multiplyColumnSums(&d[0], &factor[0], &sums[0], rows, 4*n)
		},
		rowDots:    func(x, y, dots []float32, rows, n int) { a.rowDots(&x[0], &y[0], &dots[0], rows, 4*n) },
		rowMax:     func(x, most []float32, rows, n int) { a.rowMax(&x[0], &most[0], rows, 4*n) },
		sumSquares: func(x []float32) float32 { return a.sumSquares(&x[0], 4*len(x)) },
		gelu:       func(z, bias, out []float32, rows, n int) { a.gelu(&z[0], &bias[0], &out[0], rows, 4*n) },
		softmax:    func(z, bias, scale []float32, rows, n int) { a.softmax(&z[0], &bias[0], &scale[0], rows, 4*n) },
		layerNorm: func(h, gain, shift, y, xhat, rstd []float32, rows, n int) {
			a.layerNorm(&h[0], &gain[0], &shift[0], &y[0], &xhat[0], &rstd[0], rows, 4*n, 1/float32(n), Epsilon)
		},
		layerNormBackward: func(d, xhat, rstd, gain, dgain, dshift, dh []float32, rows, n int) {
			a.layerNormBackward(&d[0], &xhat[0], &rstd[0], &gain[0], &dgain[0], &dshift[0], &dh[0], rows, 4*n, 1/float32(n), -1/float32(n))
		},
		rotate:         func(u, w, p []float32, k, n int) { a.rotate(&u[0], &w[0], &p[0], k, 4*n) },
		rotateBackward: func(u, w, p, dw []float32, k, n int) { a.rotateBackward(&u[0], &w[0], &p[0], &dw[0], k, 4*n) },
		complexMultiply: func(q, w, out []float32, rows, k int) {
			a.complexMultiply(&q[0], &w[0], &out[0], rows, 4*k)
		},
		complexMultiplyBackward: func(d, q, w, dw []float32, rows, k int) {
			a.complexMultiplyBackward(&d[0], &q[0], &w[0], &dw[0], rows, 4*k)
		},
		gather: func(table []float32, index []int32, out []float32, rows, picks, n int) {
			a.gather(&table[0], &index[0], &out[0], rows, picks, 4*n)
		},
		scatter: func(table []float32, index []int32, d []float32, rows, picks, n int) {
			a.scatter(&table[0], &index[0], &d[0], rows, picks, 4*n)
		},
		adamW: func(p, grad, m, v []float32, scalars *[10]float32) {
			a.adamW(&p[0], &grad[0], &m[0], &v[0], &scalars[0], 4*len(p))
		},
	}
}
