package linalg

func gemmNeon(m, n, k int, a []float32, ai, ak int, b []float32, ldb int, c []float32, ldc int, acc bool) {
	const rows, columns = 8, 8
	whole := n / columns * columns
	t := newTile(ai, ak, ldb, ldc)
	for k0 := 0; k0 < k; k0 += blockK {
		t.block(k, k0, acc)
		for j := 0; j < whole; j += columns {
			t.b = address(b, k0*ldb+j)
			if count := m / rows; count > 0 {
				t.down(address(a, k0*ak), address(c, j), rows, count)
				tileNeon(rows, &t)
			}
			if rest := m % rows; rest > 0 {
				t.down(address(a, (m-rest)*ai+k0*ak), address(c, (m-rest)*ldc+j), rest, 1)
				tileNeon(rest, &t)
			}
		}
	}
	if whole < n {
		neonTail(m, n-whole, k, a, ai, ak, b[whole:], ldb, c[whole:], ldc, acc)
	}
}

// neonTail computes the last columns, fewer than a tile has, in buffers that are a
// tile wide: there are no loads and stores of some lanes only.
func neonTail(m, n, k int, a []float32, ai, ak int, b []float32, ldb int, c []float32, ldc int, acc bool) {
	const rows, columns = 8, 8
	var right [blockK * columns]float32
	var sums [rows * columns]float32
	t := newTile(ai, ak, columns, columns)
	for k0 := 0; k0 < k; k0 += blockK {
		t.block(k, k0, acc)
		for p := range t.k {
			copy(right[p*columns:][:n], b[(k0+p)*ldb:][:n])
		}
		t.b = address(right[:], 0)
		for i := 0; i < m; i += rows {
			some := min(rows, m-i)
			for r := range some {
				copy(sums[r*columns:][:n], c[(i+r)*ldc:][:n])
			}
			t.down(address(a, i*ai+k0*ak), address(sums[:], 0), some, 1)
			tileNeon(some, &t)
			for r := range some {
				copy(c[(i+r)*ldc:][:n], sums[r*columns:])
			}
		}
	}
}
