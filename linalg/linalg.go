// Package linalg holds the float32 kernels that the networks are trained with:
// matrix products and passes over rows, in assembly for AVX-512, for AVX2 with
// FMA and for NEON, and in Go for every other machine.
//
// All matrices are row-major. Row i of a matrix x with leading dimension ld
// starts at x[i*ld]. The assembly tables give the same bits; the Go table
// rounds products before adding them and differs in the last places, but gives
// the same bits on every machine. In every table, what is computed for a row
// does not depend on the other rows of the call.
//
// Kernels keep no state: one table serves any number of goroutines.
package linalg

import (
	"fmt"
	"os"
	"strings"
)

//go:generate go run ./internal/gen

// Kernels is one implementation of all kernels.
type Kernels struct {
	// Name is "avx512", "avx2", "neon" or "go".
	Name string

	// gemm is C (=|+=) A B; m, n and k are positive.
	gemm func(m, n, k int, a, b matrix, c []float32, ldc int, acc bool)

	// products replaces gemm if it is not nil; see WithProducts.
	products Products

	// The rest is described at the methods that check their arguments. n is a
	// positive multiple of 16, rows is positive.
	addBias                 func(z, bias []float32, rows, n int)
	columnSums              func(d, sums []float32, rows, n int)
	multiplyColumnSums      func(d, factor, sums []float32, rows, n int)
	rowDots                 func(x, y, dots []float32, rows, n int)
	rowMax                  func(x, most []float32, rows, n int)
	sumSquares              func(x []float32) float32 // of length n
	gelu                    func(z, bias, a []float32, rows, n int)
	softmax                 func(z, bias, scale []float32, rows, n int)
	layerNorm               func(h, gain, shift, y, xhat, rstd []float32, rows, n int)
	layerNormBackward       func(d, xhat, rstd, gain, dgain, dshift, dh []float32, rows, n int)
	rotate                  func(u, w, p []float32, k, n int)
	rotateBackward          func(u, w, p, dw []float32, k, n int)
	complexMultiply         func(q, w, out []float32, rows, k int)
	complexMultiplyBackward func(d, q, w, dw []float32, rows, k int)
	gather                  func(table []float32, index []int32, out []float32, rows, picks, n int)
	scatter                 func(table []float32, index []int32, d []float32, rows, picks, n int)
	adamW                   func(p, grad, m, v []float32, scalars *[10]float32)
}

// All returns the tables that this machine can run, fastest first; the last is
// always the Go table.
func All() []*Kernels { return append(native(), goKernels) }

// Check returns an error that names the tables of this machine if the
// environment variable SYNTHOS_KERNEL names none of them.
func Check() error {
	want := os.Getenv("SYNTHOS_KERNEL")
	var names []string
	for _, k := range All() {
		if want == "" || want == k.Name {
			return nil
		}
		names = append(names, k.Name)
	}
	return fmt.Errorf("SYNTHOS_KERNEL=%s: there is no such kernel on this machine; use %s, or leave it empty for the fastest", want, strings.Join(names, " or "))
}

// Best returns the fastest table of this machine, or the one that the
// environment variable SYNTHOS_KERNEL names ("go", "avx2", "avx512" or "neon"). It
// panics if that one does not exist or cannot run here.
func Best() *Kernels {
	all := All()
	want := os.Getenv("SYNTHOS_KERNEL")
	if want == "" {
		return all[0]
	}
	for _, k := range all {
		if k.Name == want {
			return k
		}
	}
	panic(fmt.Sprintf("linalg: SYNTHOS_KERNEL=%s: no such kernel on this machine", want))
}

// need panics with what is wrong unless ok: a mistake in the program, not the data.
func need(ok bool, what string) {
	if !ok {
		panic("linalg: " + what)
	}
}
