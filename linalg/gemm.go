package linalg

// Products computes C = op(A) op(B), or adds it to C if acc, where op transposes
// if asked to. op(A) is m*k and op(B) k*n; all of m, n and k are positive. lda and
// ldb are the leading dimensions of A and B as they are stored.
type Products func(transposeA, transposeB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool)

// WithProducts returns a table with the passes over rows of t and matrix products
// by p: a yardstick for the products of t, which are meant to be faster.
func (t *Kernels) WithProducts(name string, p Products) *Kernels {
	with := *t
	with.Name, with.products = name, p
	return &with
}

// NN sets C = A B, or adds A B to C if acc. A is m*k with leading dimension lda,
// B is k*n with ldb, C is m*n with ldc. Each element of the product is summed
// over k in ascending order, in blocks of 256. NN panics if a slice is too short.
func (t *Kernels) NN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkMatrix(a, m, k, lda)
	checkMatrix(b, k, n, ldb)
	checkMatrix(c, m, n, ldc)
	if t.products != nil && k > 0 {
		t.products(false, false, m, n, k, a, lda, b, ldb, c, ldc, acc)
		return
	}
	t.product(m, n, k, matrix{a, lda, 1}, matrix{b, ldb, 1}, c, ldc, acc)
}

// TN is NN with the transpose of A: C = A^T B, where A is k*m with leading
// dimension lda.
func (t *Kernels) TN(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkMatrix(a, k, m, lda)
	checkMatrix(b, k, n, ldb)
	checkMatrix(c, m, n, ldc)
	if t.products != nil && k > 0 {
		t.products(true, false, m, n, k, a, lda, b, ldb, c, ldc, acc)
		return
	}
	t.product(m, n, k, matrix{a, 1, lda}, matrix{b, ldb, 1}, c, ldc, acc)
}

// NT is NN with the transpose of B: C = A B^T, where B is n*k with leading
// dimension ldb.
func (t *Kernels) NT(m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool) {
	if m <= 0 || n <= 0 {
		return
	}
	checkMatrix(a, m, k, lda)
	checkMatrix(b, n, k, ldb)
	checkMatrix(c, m, n, ldc)
	if t.products != nil && k > 0 {
		t.products(false, true, m, n, k, a, lda, b, ldb, c, ldc, acc)
		return
	}
	t.product(m, n, k, matrix{a, lda, 1}, matrix{b, 1, ldb}, c, ldc, acc)
}

// A matrix is a factor of a product: element (i,j) is x[i*row+j*column]. One of
// row and column is 1.
type matrix struct {
	x           []float32
	row, column int
}

// product calls gemm, which wants a positive k.
func (t *Kernels) product(m, n, k int, a, b matrix, c []float32, ldc int, acc bool) {
	if k > 0 {
		t.gemm(m, n, k, a, b, c, ldc, acc)
		return
	}
	if !acc {
		for i := range m {
			clear(c[i*ldc:][:n])
		}
	}
}

func checkMatrix(x []float32, rows, columns, ld int) {
	need(columns >= 0 && ld >= columns, "leading dimension is less than the columns")
	need(rows == 0 || columns == 0 || len(x) >= (rows-1)*ld+columns, "matrix is shorter than its shape")
}
