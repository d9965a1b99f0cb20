package linalg

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func random(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func clone(x []float32) []float32 { return append([]float32(nil), x...) }

// TestProducts compares every product of every table with sums in float64.
func TestProducts(t *testing.T) {
	shapes := []struct {
		m, n, k int
		reason  string
	}{
		{1, 1, 1, "a scalar"},
		{7, 5, 3, "less than a tile"},
		{8, 32, 16, "one tile of AVX-512"},
		{6, 16, 40, "one tile of AVX2"},
		{17, 33, 19, "one more than two tiles, both ways"},
		{13, 47, 260, "more k than one block"},
		{64, 64, 513, "two blocks of k and one"},
		{40, 31, 24, "one less than a tile"},
		{5, 9, 0, "an empty sum is zero"},
	}
	for _, table := range All() {
		for _, s := range shapes {
			for _, gap := range []int{0, 3} {
				for _, acc := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s/%dx%dx%d/gap%d/acc=%v", table.Name, s.m, s.n, s.k, gap, acc), func(t *testing.T) {
						r := rand.New(rand.NewPCG(1, 2))
						a, at := random(r, s.m*(s.k+gap)), make([]float32, s.k*(s.m+gap))
						b, bt := random(r, s.k*(s.n+gap)), make([]float32, s.n*(s.k+gap))
						start := random(r, s.m*(s.n+gap))
						for i := range s.m {
							for p := range s.k {
								at[p*(s.m+gap)+i] = a[i*(s.k+gap)+p]
							}
						}
						for j := range s.n {
							for p := range s.k {
								bt[j*(s.k+gap)+p] = b[p*(s.n+gap)+j]
							}
						}
						nn, nt, tn := clone(start), clone(start), clone(start)
						table.NN(s.m, s.n, s.k, a, s.k+gap, b, s.n+gap, nn, s.n+gap, acc)
						table.NT(s.m, s.n, s.k, a, s.k+gap, bt, s.k+gap, nt, s.n+gap, acc)
						table.TN(s.m, s.n, s.k, at, s.m+gap, b, s.n+gap, tn, s.n+gap, acc)
						for i := range s.m {
							for j := range s.n + gap {
								at := i*(s.n+gap) + j
								if j >= s.n {
									if nn[at] != start[at] || nt[at] != start[at] || tn[at] != start[at] {
										t.Fatalf("(%s) wrote outside C at %d, %d", s.reason, i, j)
									}
									continue
								}
								var want float64
								if acc {
									want = float64(start[at])
								}
								for p := range s.k {
									want += float64(a[i*(s.k+gap)+p]) * float64(b[p*(s.n+gap)+j])
								}
								// float32 rounding of a sum of k terms of size about 1
								tolerance := 1e-6 * math.Sqrt(float64(s.k)+1) * 4
								for name, c := range map[string][]float32{"NN": nn, "NT": nt, "TN": tn} {
									if got := float64(c[at]); math.Abs(got-want) > tolerance*(1+math.Abs(want)) {
										t.Fatalf("(%s) %s[%d,%d] = %g, want %g", s.reason, name, i, j, got, want)
									}
								}
							}
						}
					})
				}
			}
		}
	}
}

// TestWithProducts computes products by a table with others, which are those of
// a plain table: so what is handed over is what was asked for.
func TestWithProducts(t *testing.T) {
	plain := goKernels
	calls := 0
	with := plain.WithProducts("other", func(ta, tb bool, m, n, k int, a []float32, lda int, b []float32, ldb int, c []float32, ldc int, acc bool) {
		calls++
		switch {
		case ta:
			plain.TN(m, n, k, a, lda, b, ldb, c, ldc, acc)
		case tb:
			plain.NT(m, n, k, a, lda, b, ldb, c, ldc, acc)
		default:
			plain.NN(m, n, k, a, lda, b, ldb, c, ldc, acc)
		}
	})
	const m, n, k = 5, 7, 3
	r := rand.New(rand.NewPCG(9, 9))
	a, b := random(r, 64), random(r, 64)
	for _, acc := range []bool{false, true} {
		for name, f := range map[string]func(t *Kernels, c []float32){
			"NN": func(t *Kernels, c []float32) { t.NN(m, n, k, a, k+1, b, n+1, c, n+2, acc) },
			"TN": func(t *Kernels, c []float32) { t.TN(m, n, k, a, m+1, b, n+1, c, n+2, acc) },
			"NT": func(t *Kernels, c []float32) { t.NT(m, n, k, a, k+1, b, k+1, c, n+2, acc) },
		} {
			want, got := random(rand.New(rand.NewPCG(1, 1)), 64), random(rand.New(rand.NewPCG(1, 1)), 64)
			f(plain, want)
			f(with, got)
			if !slices.Equal(got, want) {
				t.Errorf("%s, adding %v: other than the plain table", name, acc)
			}
		}
	}
	if calls != 6 || with.Name != "other" || plain.Name != "go" {
		t.Errorf("%d calls of %q and %q, want 6", calls, with.Name, plain.Name)
	}
	with.NN(2, 2, 0, a, 1, b, 2, a, 2, false) // an empty sum is zero without a call
	if calls != 6 || a[0] != 0 {
		t.Error("a product over nothing is not zero")
	}
}

// TestRowsAreIndependent checks that a row of a product has the same bits
// whatever the number of rows beside it: the score of a row may not depend on
// its batch.
func TestRowsAreIndependent(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const m, n, k = 23, 37, 70
	a, b := random(r, m*k), random(r, k*n)
	for _, table := range All() {
		whole := make([]float32, m*n)
		table.NN(m, n, k, a, k, b, n, whole, n, false)
		for i := range m {
			one := make([]float32, n)
			table.NN(1, n, k, a[i*k:], k, b, n, one, n, false)
			for j := range one {
				if one[j] != whole[i*n+j] {
					t.Fatalf("%s: row %d alone differs at %d: %g, %g", table.Name, i, j, one[j], whole[i*n+j])
				}
			}
		}
	}
}

// TestCopiesChangeNothing compares products that are large enough for copies of
// the factors, whose rows are a power of two apart, with the same products row by
// row, for which nothing is copied: bit for bit.
func TestCopiesChangeNothing(t *testing.T) {
	shapes := []struct {
		m, n, k, ld int
		reason      string
	}{
		{96, 128, 100, 512, "whole tiles, one block of A"},
		{98, 131, 97, 256, "two rows more, three columns more"},
		{110, 131, 260, 1024, "two blocks of A, two of k"},
		{270, 40, 257, 512, "A beyond the second cache, a block of k of one"},
		{13, 250, 130, 256, "no more than two tiles"},
		{17, 513, 100, 528, "rows that are not a power of two apart"},
	}
	for _, table := range All() {
		for _, s := range shapes {
			r := rand.New(rand.NewPCG(21, 22))
			rows := max(s.m, s.n, s.k)
			a, b, start := random(r, rows*s.ld), random(r, rows*s.ld), random(r, s.m*(s.n+1))
			for name, product := range map[string]func(i, m int, c []float32, acc bool){
				"NN": func(i, m int, c []float32, acc bool) {
					table.NN(m, s.n, s.k, a[i*s.ld:], s.ld, b, s.ld, c, s.n+1, acc)
				},
				"TN": func(i, m int, c []float32, acc bool) {
					table.TN(m, s.n, s.k, a[i:], s.ld, b, s.ld, c, s.n+1, acc)
				},
				"NT": func(i, m int, c []float32, acc bool) {
					table.NT(m, s.n, s.k, a[i*s.ld:], s.ld, b, s.ld, c, s.n+1, acc)
				},
			} {
				for _, acc := range []bool{false, true} {
					whole, single := clone(start), clone(start)
					product(0, s.m, whole, acc)
					for i := range s.m {
						product(i, 1, single[i*(s.n+1):], acc)
					}
					if !slices.Equal(whole, single) {
						t.Errorf("%s %s %dx%dx%d, adding %v (%s): other bits than row by row", table.Name, name, s.m, s.n, s.k, acc, s.reason)
					}
				}
			}
		}
	}
}

func TestTranspose(t *testing.T) {
	for _, s := range [][2]int{{1, 1}, {4, 4}, {5, 3}, {9, 16}, {3, 7}, {8, 8}, {16, 8}, {23, 29}, {14, 40}, {8, 7}} {
		rows, columns, ld := s[0], s[1], s[1]+2
		src, dst := random(rand.New(rand.NewPCG(1, 1)), rows*ld), make([]float32, rows*columns)
		Transpose(dst, src, rows, columns, ld)
		for i := range rows {
			for j := range columns {
				if dst[j*rows+i] != src[i*ld+j] {
					t.Fatalf("%dx%d: wrong at %d, %d", rows, columns, i, j)
				}
			}
		}
	}
}

func TestBest(t *testing.T) {
	for _, table := range All() {
		t.Setenv("SYNTHOS_KERNEL", table.Name)
		if got := Best().Name; got != table.Name {
			t.Errorf("SYNTHOS_KERNEL=%s gives %s", table.Name, got)
		}
	}
	t.Setenv("SYNTHOS_KERNEL", "")
	if got, want := Best().Name, All()[0].Name; got != want {
		t.Errorf("without SYNTHOS_KERNEL Best is %s, want the first of All, %s", got, want)
	}
	if err := Check(); err != nil {
		t.Error(err)
	}
	t.Setenv("SYNTHOS_KERNEL", "abacus")
	if err := Check(); err == nil || !strings.Contains(err.Error(), "use ") || !strings.Contains(err.Error(), "go, or leave") {
		t.Errorf("error %v for an unknown kernel, want those that there are", err)
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown kernel does not panic")
		}
	}()
	Best()
}

func TestShapesAreChecked(t *testing.T) {
	x := make([]float32, 64)
	cases := []struct {
		name, reason string
		call         func(k *Kernels)
	}{
		{"short C", "assembly would write past the end", func(k *Kernels) { k.NN(8, 16, 2, x, 2, x, 16, x, 16, false) }},
		{"short B", "four rows of 4 in 15", func(k *Kernels) { k.NT(2, 4, 4, x, 4, x[:15], 4, x, 4, false) }},
		{"odd row", "rows are multiples of 16", func(k *Kernels) { k.AddBias(x, x, 2, 17) }},
		{"short rows", "five rows of 16 in 64", func(k *Kernels) { k.Softmax(x, x, x, 5, 16) }},
		{"index", "row 4 of a table of 4", func(k *Kernels) { k.Gather(x, []int32{4}, x, 1, 1, 16) }},
		{"negative index", "row -1", func(k *Kernels) { k.Scatter(x, []int32{-1}, x, 1, 1, 16) }},
	}
	for _, table := range All() {
		for _, c := range cases {
			t.Run(table.Name+"/"+c.name, func(t *testing.T) {
				defer func() {
					if recover() == nil {
						t.Errorf("no panic (%s)", c.reason)
					}
				}()
				c.call(table)
			})
		}
	}
}
