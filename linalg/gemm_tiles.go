//go:build amd64 || arm64

package linalg

import "unsafe"

// A tile is the argument of the assembly micro-kernels, which read it by offset.
type tile struct {
	a, b, c    unsafe.Pointer // 0, 8, 16
	ai, ak     int            // 24, 32: strides of A by row and by k, bytes
	ldb, ldc   int            // 40, 48: bytes
	k          int            // 56
	mask       uint64         // 64: the columns of a masked tile: AVX-512 one bit each, AVX2 their number
	accumulate int            // 72: 0 sets C, 1 adds to it
	lanes      unsafe.Pointer // 80: the same for AVX2, 16 words of all or no bits
	downA      int            // 88: from a tile to the one below it in A, bytes
	downC      int            // 96: the same in C
	count      int            // 104: tiles below each other; 0 when they are done

	copyA, copyB unsafe.Pointer // 112, 120: where a packing tile copies A and B, one k after the other
}

// blockK is how much of k a tile sums at once, so that its part of B stays in
// the first cache.
const blockK = 256

// strided sets t to a number of tiles below each other, each of so many rows,
// from row i of A and its column p on.
func (t *tile) strided(a matrix, i, p int, c unsafe.Pointer, rows, count int) {
	t.ai, t.ak = 4*a.row, 4*a.column
	t.a, t.c, t.count = address(a.x, i*a.row+p*a.column), c, count
	t.downA, t.downC = rows*t.ai, rows*t.ldc
}

// copied is strided for tiles of A that were copied to at.
func (t *tile) copied(at, c unsafe.Pointer, rows, count int) {
	t.ai, t.ak = 4, 4*rows
	t.a, t.c, t.count = at, c, count
	t.downA, t.downC = 4*rows*t.k, rows*t.ldc
}

// right sets t to some columns of B from j on, the part of k from k0 on. If B is
// transposed, they are copied to panel.
func (t *tile) right(b matrix, k0, j, some int, panel []float32) {
	if b.column == 1 {
		t.b, t.ldb = address(b.x, k0*b.row+j), 4*b.row
		return
	}
	Transpose(panel, b.x[j*b.column+k0:], some, t.k, b.column)
	t.b, t.ldb = address(panel, 0), 4*some
}

// block sets t to the part of k from k0 on; only the first can set C.
func (t *tile) block(k, k0 int, acc bool) {
	t.k = min(blockK, k-k0)
	if acc || k0 > 0 {
		t.accumulate = 1
	}
}

// address returns the address of x[i] without a check: the callers of gemm have
// checked the shapes.
func address(x []float32, i int) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(unsafe.SliceData(x)), 4*i)
}
