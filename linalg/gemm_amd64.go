package linalg

import "unsafe"

// laneMasks[16-n:][:16] has n leading words with all bits set.
var laneMasks = [32]uint32{
	^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0),
	^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0),
}

func gemm512(m, n, k int, a []float32, ai, ak int, b []float32, ldb int, c []float32, ldc int, acc bool) {
	const rows, columns = 8, 32
	t := newTile(ai, ak, ldb, ldc)
	for k0 := 0; k0 < k; k0 += blockK {
		t.block(k, k0, acc)
		for j := 0; j < n; j += columns {
			masked := n-j < columns
			if masked {
				t.mask = 1<<(n-j) - 1
			}
			t.b = address(b, k0*ldb+j)
			if whole := m / rows; whole > 0 {
				t.down(address(a, k0*ak), address(c, j), rows, whole)
				tile512(rows, masked, &t)
			}
			if rest := m % rows; rest > 0 {
				t.down(address(a, (m-rest)*ai+k0*ak), address(c, (m-rest)*ldc+j), rest, 1)
				tile512(rest, masked, &t)
			}
		}
	}
}

func gemm256(m, n, k int, a []float32, ai, ak int, b []float32, ldb int, c []float32, ldc int, acc bool) {
	const rows, columns = 6, 16
	t := newTile(ai, ak, ldb, ldc)
	for k0 := 0; k0 < k; k0 += blockK {
		t.block(k, k0, acc)
		for j := 0; j < n; j += columns {
			masked := n-j < columns
			if masked {
				t.lanes = unsafe.Pointer(&laneMasks[columns-(n-j)])
			}
			t.b = address(b, k0*ldb+j)
			if whole := m / rows; whole > 0 {
				t.down(address(a, k0*ak), address(c, j), rows, whole)
				tile256(rows, masked, &t)
			}
			if rest := m % rows; rest > 0 {
				t.down(address(a, (m-rest)*ai+k0*ak), address(c, (m-rest)*ldc+j), rest, 1)
				tile256(rest, masked, &t)
			}
		}
	}
}
