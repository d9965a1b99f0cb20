package linalg

const rowsNeon, columnsNeon = 8, 8

func gemmNeon(m, n, k int, a, b matrix, c []float32, ldc int, acc bool) {
	var panel [blockK * columnsNeon]float32
	t := tile{ldc: 4 * ldc}
	whole, rest := m/rowsNeon, m%rowsNeon
	for k0 := 0; k0 < k; k0 += blockK {
		t.block(k, k0, acc)
		for j := 0; j < n; j += columnsNeon {
			some := min(columnsNeon, n-j)
			if some < columnsNeon {
				t.tail(a, b, k0, m, j, some, c, ldc, panel[:])
				continue
			}
			t.right(b, k0, j, some, panel[:])
			if whole > 0 {
				t.strided(a, 0, k0, address(c, j), rowsNeon, whole)
				tileNeon(rowsNeon, &t)
			}
			if rest > 0 {
				t.strided(a, m-rest, k0, address(c, (m-rest)*ldc+j), rest, 1)
				tileNeon(rest, &t)
			}
		}
	}
}

// tail computes the last columns, fewer than a tile has, in buffers that are a
// tile wide: there are no loads and stores of some lanes only.
func (t *tile) tail(a, b matrix, k0, m, j, some int, c []float32, ldc int, panel []float32) {
	var sums [rowsNeon * columnsNeon]float32
	for p := range t.k {
		for l := range some {
			panel[p*columnsNeon+l] = b.x[(k0+p)*b.row+(j+l)*b.column]
		}
	}
	tail := tile{b: address(panel, 0), ldb: 4 * columnsNeon, ldc: 4 * columnsNeon, k: t.k, accumulate: t.accumulate}
	for i := 0; i < m; i += rowsNeon {
		rows := min(rowsNeon, m-i)
		for r := range rows {
			copy(sums[r*columnsNeon:][:some], c[(i+r)*ldc+j:])
		}
		tail.strided(a, i, k0, address(sums[:], 0), rows, 1)
		tileNeon(rows, &tail)
		for r := range rows {
			copy(c[(i+r)*ldc+j:][:some], sums[r*columnsNeon:])
		}
	}
}
