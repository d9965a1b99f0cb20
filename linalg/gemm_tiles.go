//go:build amd64 || arm64

package linalg

import "unsafe"

// A tile is the argument of the assembly micro-kernels, which read it by offset.
type tile struct {
	a, b, c    unsafe.Pointer // 0, 8, 16
	ai, ak     int            // 24, 32: strides of A by row and by k, bytes
	ldb, ldc   int            // 40, 48: bytes
	k          int            // 56
	mask       uint64         // 64: AVX-512, the columns of a masked tile, one bit each
	accumulate int            // 72: 0 sets C, 1 adds to it
	lanes      unsafe.Pointer // 80: AVX2, the columns of a masked tile, 16 words of all or no bits
	downA      int            // 88: from a tile to the one below it in A, bytes
	downC      int            // 96: the same in C
	count      int            // 104: tiles below each other; 0 when they are done
}

// blockK is how much of k a tile sums at once, so that its part of B stays in
// the first cache.
const blockK = 256

func newTile(ai, ak, ldb, ldc int) tile {
	return tile{ai: 4 * ai, ak: 4 * ak, ldb: 4 * ldb, ldc: 4 * ldc}
}

// down sets t to a number of tiles below each other, each of so many rows.
func (t *tile) down(a, c unsafe.Pointer, rows, count int) {
	t.a, t.c, t.count = a, c, count
	t.downA, t.downC = rows*t.ai, rows*t.ldc
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
