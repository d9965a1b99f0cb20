package linalg

import (
	"sync"
	"unsafe"
)

// Tiles are as high and as wide as the registers allow.
const (
	rows512, columns512 = 12, 32
	rows256, columns256 = 6, 16
)

func gemm512(m, n, k int, a, b matrix, c []float32, ldc int, acc bool) {
	p := tiling{wide: true, rows: rows512, columns: columns512, a: a, b: b, c: c}
	p.run(m, n, k, ldc, acc)
}

func gemm256(m, n, k int, a, b matrix, c []float32, ldc int, acc bool) {
	p := tiling{rows: rows256, columns: columns256, a: a, b: b, c: c}
	p.run(m, n, k, ldc, acc)
}

// laneMasks[16-n:][:16] has n leading words with all bits set.
var laneMasks = [32]uint32{
	^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0),
	^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0),
}

// copies hold a block of A and a panel of B in the order in which tiles read
// them. Where rows of a matrix are a power of two apart, a column of lines falls
// into few sets of the first cache and does not stay there.
type copies struct {
	a [copyRows * blockK]float32
	b [columns512 * blockK]float32
}

var copiesPool = sync.Pool{New: func() any { return new(copies) }}

// copyRows is the number of rows of A that are copied at once, whole tiles of both
// heights; copyWork the multiplications of a product for which copies pay.
const copyRows, copyWork = 96, 1 << 18

// secondCache is how many floats the second cache surely holds.
const secondCache = 1 << 17

// A tiling is a product, computed by tiles of so many rows and columns.
type tiling struct {
	wide          bool // by AVX-512
	rows, columns int
	a, b          matrix
	c             []float32

	copyA, copyB bool
	left, panel  []float32 // where to
}

// run computes the product. A block of A is copied while the first columns are
// computed, each panel of B while the first tile is, where that pays; a transposed
// B always, before.
func (p *tiling) run(m, n, k, ldc int, acc bool) {
	block, transposed := m, p.b.column != 1
	if m >= 2*p.rows && m*n*k >= copyWork {
		p.copyA = p.a.row == 1 && n >= 4*p.columns && crowded(p.a.column, k)
		p.copyB = !transposed && crowded(p.b.row, k)
	}
	if p.copyA {
		block = copyRows
	} else if m*min(k, blockK) > secondCache/2 {
		block = 2 * copyRows
	}
	if p.copyA || p.copyB || transposed {
		buffers := copiesPool.Get().(*copies)
		p.left, p.panel = buffers.a[:], buffers.b[:]
		defer copiesPool.Put(buffers)
	}
	t := tile{ldc: 4 * ldc}
	for k0 := 0; k0 < k; k0 += blockK {
		t.block(k, k0, acc)
		for i0 := 0; i0 < m; i0 += block {
			for j := 0; j < n; j += p.columns {
				p.down(&t, i0, min(block, m-i0), j, min(p.columns, n-j), k0)
			}
		}
	}
}

// down computes some columns of C from j on, in so many rows from i on, summed
// over the block of k that begins at k0.
func (p *tiling) down(t *tile, i, rows, j, some, k0 int) {
	if p.wide {
		t.mask = 1<<some - 1
	} else if some < p.columns {
		t.mask, t.lanes = uint64(some), unsafe.Pointer(&laneMasks[16-some])
	}
	t.right(p.b, k0, j, some, p.panel)
	whole, done, first := rows/p.rows, 0, p.copyA && j == 0
	rest := rows - whole*p.rows
	c := func(done int) unsafe.Pointer { return unsafe.Add(address(p.c, j), (i+done*p.rows)*t.ldc) }
	if packB := p.copyB && some == p.columns; whole > 1 && packB || whole > 0 && first {
		t.strided(p.a, i, k0, c(0), p.rows, 1)
		t.copyA, t.copyB = address(p.left, 0), address(p.panel, 0)
		t.pack(p.wide, first, packB)
		if packB {
			t.b, t.ldb = t.copyB, 4*p.columns
		}
		done = 1
	}
	if first && done < whole {
		t.strided(p.a, i+done*p.rows, k0, c(done), p.rows, whole-done)
		t.copyA = address(p.left, done*p.rows*t.k)
		t.pack(p.wide, true, false)
		done = whole
	}
	if done < whole {
		if p.copyA {
			t.copied(address(p.left, done*p.rows*t.k), c(done), p.rows, whole-done)
		} else {
			t.strided(p.a, i+done*p.rows, k0, c(done), p.rows, whole-done)
		}
		t.run(p.wide, p.rows, some)
	}
	if rest > 0 {
		t.strided(p.a, i+whole*p.rows, k0, c(whole), rest, 1)
		t.run(p.wide, rest, some)
	}
}

// crowded returns whether k lines, ld floats apart, do not stay in the first cache
// beside what else is read: it has 64 sets of 8 lines.
func crowded(ld, k int) bool {
	if ld%16 != 0 {
		return false
	}
	apart := ld / 16 // lines
	return min(k, blockK) > 6*max(1, 64/(apart&-apart))
}

// run computes the tiles of t.
func (t *tile) run(wide bool, rows, columns int) {
	if wide {
		tile512(rows, columns, t)
	} else {
		tile256(rows, columns, t)
	}
}

// pack computes tiles of t that are whole and copies of A, B or both what they
// read: of B for one tile only.
func (t *tile) pack(wide, a, b bool) {
	switch {
	case wide && a && b:
		packBoth512(t)
	case wide && a:
		packA512(t)
	case wide:
		packB512(t)
	case a && b:
		packBoth256(t)
	case a:
		packA256(t)
	default:
		packB256(t)
	}
}
