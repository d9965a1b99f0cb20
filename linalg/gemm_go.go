package linalg

// goGemm is the matrix product in Go, in tiles of 4 by 2. The conversion of each
// product to float32 keeps compilers from fusing it with the addition, so the
// bits are the same on every machine.
func goGemm(m, n, k int, a []float32, ai, ak int, b []float32, ldb int, c []float32, ldc int, acc bool) {
	i := 0
	for ; i+4 <= m; i += 4 {
		j := 0
		for ; j+2 <= n; j += 2 {
			var c00, c01, c10, c11, c20, c21, c30, c31 float32
			o0, o1, o2, o3 := i*ai, (i+1)*ai, (i+2)*ai, (i+3)*ai
			ob := j
			for range k {
				bb := b[ob : ob+2 : ob+2]
				b0, b1 := bb[0], bb[1]
				x := a[o0]
				c00 += float32(x * b0)
				c01 += float32(x * b1)
				x = a[o1]
				c10 += float32(x * b0)
				c11 += float32(x * b1)
				x = a[o2]
				c20 += float32(x * b0)
				c21 += float32(x * b1)
				x = a[o3]
				c30 += float32(x * b0)
				c31 += float32(x * b1)
				o0, o1, o2, o3, ob = o0+ak, o1+ak, o2+ak, o3+ak, ob+ldb
			}
			put2(c[i*ldc+j:], c00, c01, acc)
			put2(c[(i+1)*ldc+j:], c10, c11, acc)
			put2(c[(i+2)*ldc+j:], c20, c21, acc)
			put2(c[(i+3)*ldc+j:], c30, c31, acc)
		}
		for ; j < n; j++ {
			for r := i; r < i+4; r++ {
				goDot(k, a[r*ai:], ak, b[j:], ldb, &c[r*ldc+j], acc)
			}
		}
	}
	for ; i < m; i++ {
		for j := range n {
			goDot(k, a[i*ai:], ak, b[j:], ldb, &c[i*ldc+j], acc)
		}
	}
}

func put2(c []float32, x, y float32, acc bool) {
	if acc {
		x += c[0]
		y += c[1]
	}
	c[0], c[1] = x, y
}

// goDot is one element of the product, in the same order as in a tile.
func goDot(k int, a []float32, ak int, b []float32, ldb int, c *float32, acc bool) {
	var s float32
	oa, ob := 0, 0
	for range k {
		s += float32(a[oa] * b[ob])
		oa, ob = oa+ak, ob+ldb
	}
	if acc {
		s += *c
	}
	*c = s
}
