package linalg

// goGemm is the matrix product in Go, in tiles of 4 by 2. The conversion of each
// product to float32 keeps compilers from fusing it with the addition, so the
// bits are the same on every machine.
func goGemm(m, n, k int, a, b matrix, c []float32, ldc int, acc bool) {
	i := 0
	for ; i+4 <= m; i += 4 {
		j := 0
		for ; j+2 <= n; j += 2 {
			var c00, c01, c10, c11, c20, c21, c30, c31 float32
			o0, o1, o2, o3 := i*a.row, (i+1)*a.row, (i+2)*a.row, (i+3)*a.row
			ob, next := j*b.column, (j+1)*b.column
			for range k {
				b0, b1 := b.x[ob], b.x[next]
				x := a.x[o0]
				c00 += float32(x * b0)
				c01 += float32(x * b1)
				x = a.x[o1]
				c10 += float32(x * b0)
				c11 += float32(x * b1)
				x = a.x[o2]
				c20 += float32(x * b0)
				c21 += float32(x * b1)
				x = a.x[o3]
				c30 += float32(x * b0)
				c31 += float32(x * b1)
				o0, o1, o2, o3 = o0+a.column, o1+a.column, o2+a.column, o3+a.column
				ob, next = ob+b.row, next+b.row
			}
			put2(c[i*ldc+j:], c00, c01, acc)
			put2(c[(i+1)*ldc+j:], c10, c11, acc)
			put2(c[(i+2)*ldc+j:], c20, c21, acc)
			put2(c[(i+3)*ldc+j:], c30, c31, acc)
		}
		for ; j < n; j++ {
			for r := i; r < i+4; r++ {
				goDot(k, a, b, r, j, &c[r*ldc+j], acc)
			}
		}
	}
	for ; i < m; i++ {
		for j := range n {
			goDot(k, a, b, i, j, &c[i*ldc+j], acc)
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

// goDot is element (i,j) of the product, in the same order as in a tile.
func goDot(k int, a, b matrix, i, j int, c *float32, acc bool) {
	var s float32
	oa, ob := i*a.row, j*b.column
	for range k {
		s += float32(a.x[oa] * b.x[ob])
		oa, ob = oa+a.column, ob+b.row
	}
	if acc {
		s += *c
	}
	*c = s
}
