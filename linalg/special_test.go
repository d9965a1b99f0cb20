package linalg

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

var nan = float32(math.NaN())

// isNaN reports whether x holds a NaN.
func isNaN(x ...float32) bool {
	for _, v := range x {
		if v != v {
			return true
		}
	}
	return false
}

// TestNaNStaysInItsRow puts one NaN or infinity into a product: it spoils the
// row or column of C that it belongs to, all of it, and nothing else. Shapes are
// about the tiles, so that masked tails are among them.
func TestNaNStaysInItsRow(t *testing.T) {
	for _, table := range All() {
		for _, m := range []int{1, 5, 6, 7, 8, 9, 13} {
			for _, n := range []int{1, 15, 16, 17, 31, 32, 33} {
				for _, bad := range []float32{nan, float32(math.Inf(1))} {
					t.Run(fmt.Sprintf("%s/%dx%d/%v", table.Name, m, n, bad), func(t *testing.T) {
						const k = 11
						r := rand.New(rand.NewPCG(1, 2))
						a, b := random(r, m*k), random(r, k*n)
						clean, c := make([]float32, m*n), make([]float32, m*n)
						table.NN(m, n, k, a, k, b, n, clean, n, false)
						check := func(what string, spoiled func(i, j int) bool) {
							table.NN(m, n, k, a, k, b, n, c, n, false)
							for i := range m {
								for j := range n {
									x := c[i*n+j]
									if finite := x-x == 0; finite == spoiled(i, j) || finite && x != clean[i*n+j] {
										t.Fatalf("%s: C[%d,%d] is %g, was %g", what, i, j, x, clean[i*n+j])
									}
								}
							}
						}
						saved := a[(m-1)*k+4]
						a[(m-1)*k+4] = bad
						check("in the last row of A", func(i, j int) bool { return i == m-1 })
						a[(m-1)*k+4] = saved
						b[4*n+n-1] = bad
						check("in the last column of B", func(i, j int) bool { return j == n-1 })
					})
				}
			}
		}
	}
}

// TestNaNInPasses puts a NaN into one row of each pass: it shows in what is
// computed from it, so that a training that diverges is seen, and nowhere else.
func TestNaNInPasses(t *testing.T) {
	const rows, n, row, at = 3, 48, 1, 1*48 + 19
	passes := []struct {
		name string
		run  func(k *Kernels, x []float32) []float32 // rows*n out
	}{
		{"AddBias", func(k *Kernels, x []float32) []float32 { k.AddBias(x, make([]float32, n), rows, n); return x }},
		{"GELU", func(k *Kernels, x []float32) []float32 {
			a := make([]float32, rows*n)
			k.GELU(x, make([]float32, n), a, rows, n)
			return a
		}},
		{"GELU derivative", func(k *Kernels, x []float32) []float32 {
			k.GELU(x, make([]float32, n), make([]float32, rows*n), rows, n)
			return x
		}},
		{"Softmax", func(k *Kernels, x []float32) []float32 {
			k.Softmax(x, make([]float32, n), []float32{1, 1, 1}, rows, n)
			return x
		}},
		{"LayerNorm", func(k *Kernels, x []float32) []float32 {
			y, gain := make([]float32, rows*n), make([]float32, n)
			for i := range gain {
				gain[i] = 1
			}
			k.LayerNorm(x, gain, make([]float32, n), y, make([]float32, rows*n), make([]float32, rows), rows, n)
			return y
		}},
		{"RowDots", func(k *Kernels, x []float32) []float32 {
			dots, out := make([]float32, rows), make([]float32, rows*n)
			k.RowDots(x, x, dots, rows, n)
			for i := range out {
				out[i] = dots[i/n]
			}
			return out
		}},
		{"AdamW", func(k *Kernels, x []float32) []float32 {
			p := make([]float32, rows*n)
			k.AdamW(p, x, make([]float32, rows*n), make([]float32, rows*n), &Adam{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, LearningRate: 0.1, Scale: 1, Step: 1})
			return p
		}},
	}
	for _, table := range All() {
		for _, p := range passes {
			input := random(rand.New(rand.NewPCG(3, 4)), rows*n)
			clean := p.run(table, clone(input))
			input[at] = nan
			got := p.run(table, input)
			if !isNaN(got[row*n : (row+1)*n]...) {
				t.Errorf("%s %s: a NaN does not show in its row", table.Name, p.name)
			}
			for i, x := range got {
				if i/n != row && x != clean[i] {
					t.Errorf("%s %s: [%d] is %g, without the NaN in row %d it was %g", table.Name, p.name, i, x, row, clean[i])
					break
				}
			}
		}
		x := make([]float32, 1030)
		x[1027] = nan
		if got := table.SumSquares(x); !math.IsNaN(got) {
			t.Errorf("%s: SumSquares with a NaN in its tail is %g", table.Name, got)
		}
	}
}

// TestDenormals works on numbers below the smallest normal one, 1.2e-38: they
// count, they are not taken for zero.
func TestDenormals(t *testing.T) {
	const tiny = 1e-40
	step := math.Float32frombits(1) // the distance of denormal numbers
	for _, table := range All() {
		for _, s := range []struct{ m, n, k int }{{1, 1, 1}, {7, 17, 5}, {9, 33, 20}} {
			a, b, c := make([]float32, s.m*s.k), make([]float32, s.k*s.n), make([]float32, s.m*s.n)
			for i := range a {
				a[i] = tiny
			}
			for i := range b {
				b[i] = 0.5
			}
			table.NN(s.m, s.n, s.k, a, s.k, b, s.n, c, s.n, false)
			for i, x := range c {
				// each of k products and sums rounds by at most half a step
				if e := math.Abs(float64(x) - tiny/2*float64(s.k)); e > float64(step)*float64(s.k+1) {
					t.Fatalf("%s %v: C[%d] = %g, want %g", table.Name, s, i, x, tiny/2*float64(s.k))
				}
			}
		}
		z, act := make([]float32, 16), make([]float32, 16)
		for i := range z {
			z[i] = tiny
		}
		table.GELU(z, make([]float32, 16), act, 1, 16)
		if e := math.Abs(float64(act[5]) - tiny/2); e > 2*float64(step) {
			t.Errorf("%s: GELU(%g) = %g, want half of it", table.Name, tiny, act[5])
		}
		if math.Abs(float64(z[5])-0.5) > 1e-6 {
			t.Errorf("%s: GELU'(%g) = %g, want 1/2", table.Name, tiny, z[5])
		}
		table.AddBias(act, act, 1, 16)
		if e := math.Abs(float64(act[5]) - tiny); e > 4*float64(step) {
			t.Errorf("%s: %g twice is %g", table.Name, tiny/2, act[5])
		}
	}
}
