package linalg

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// exact returns multiples of 2^-10 from -8 to 8: unlike normal variates they are
// the same float32 whatever a machine's logarithm is.
func exact(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.IntN(1<<14)-1<<13) / 1024
	}
	return x
}

// TestSameBitsEverywhere holds the bits of all kernels to those of AVX2 on amd64:
// a training computes the same on every machine with assembly. For NEON on another
// machine:
//
//	GOARCH=arm64 go test -exec qemu-aarch64-static ./linalg
func TestSameBitsEverywhere(t *testing.T) {
	for _, table := range All() {
		if table.Name == "go" {
			continue // rounds products before adding them
		}
		got := bitsOf(table)
		for name, sum := range got {
			if sum != goldenBits[name] {
				t.Errorf("%s: the bits of %s have the sum %#x, want %#x", table.Name, name, sum, goldenBits[name])
			}
		}
		if len(got) != len(goldenBits) {
			t.Errorf("%s: %d results, want %d", table.Name, len(got), len(goldenBits))
		}
	}
}

// bitsOf returns a hash of the bits of every kernel's results, by name.
func bitsOf(k *Kernels) map[string]uint64 {
	out := map[string]uint64{}
	add := func(name string, results ...[]float32) {
		h := fnv.New64a()
		for _, x := range slices.Concat(results...) {
			b := math.Float32bits(x)
			h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
		}
		out[name] = h.Sum64()
	}
	r := rand.New(rand.NewPCG(7, 8))
	const rows, n, few = 7, 48, 5
	x := func(n int) []float32 { return exact(r, n) }

	for _, s := range []struct {
		name    string
		m, n, k int
	}{{"product of tiles", 24, 32, 300}, {"product with tails", 13, 47, 70}} {
		a, b, c := x(s.m*s.k), x(s.k*s.n), x(s.m*s.n)
		k.NN(s.m, s.n, s.k, a, s.k, b, s.n, c, s.n, true)
		ta, tc := x(s.k*s.m), make([]float32, s.m*s.n)
		k.TN(s.m, s.n, s.k, ta, s.m, b, s.n, tc, s.n, false)
		add(s.name, c, tc)
	}
	z, bias, gain, shift := x(rows*n), x(n), x(n), x(n)
	k.AddBias(z, bias, rows, n)
	add("AddBias", z)
	d, factor, sums := x(rows*n), x(rows*n), x(n)
	k.ColumnSums(z, sums, rows, n)
	k.MultiplyColumnSums(d, factor, sums, rows, n)
	add("column sums", d, sums)
	dots := make([]float32, rows)
	k.RowDots(z, factor, dots, rows, n)
	add("RowDots", dots)
	add("SumSquares", []float32{float32(k.SumSquares(x(3008)))})
	g, act := x(rows*n), make([]float32, rows*n)
	k.GELU(g, bias, act, rows, n)
	add("GELU", g, act)
	p := x(rows * n)
	for i := range p {
		p[i] *= 8
	}
	k.Softmax(p, bias, x(rows), rows, n)
	add("Softmax", p)
	y, xhat, rstd := make([]float32, rows*n), make([]float32, rows*n), make([]float32, rows)
	k.LayerNorm(x(rows*n), gain, shift, y, xhat, rstd, rows, n)
	add("LayerNorm", y, xhat, rstd)
	dy, dgain, dshift, dh := x(rows*n), x(n), x(n), x(rows*n)
	k.LayerNormBackward(dy, xhat, rstd, gain, dgain, dshift, dh, rows, n)
	add("LayerNormBackward", dy, dgain, dshift, dh)
	u, w, q := x(2*few*n), x(2*few), make([]float32, 2*few*n)
	k.Rotate(u, w, q, few, n)
	dq, dw := x(2*few*n), make([]float32, 2*few)
	k.RotateBackward(u, w, dq, dw, few, n)
	add("Rotate", q, dq, dw)
	c, cw, co := x(rows*32), x(32), make([]float32, rows*32)
	k.ComplexMultiply(c, cw, co, rows, 16)
	dc, dcw := x(rows*32), x(32)
	k.ComplexMultiplyBackward(dc, c, cw, dcw, rows, 16)
	add("ComplexMultiply", co, dc, dcw)
	table, index, sum := x(11*n), make([]int32, rows*3), make([]float32, rows*n)
	for i := range index {
		index[i] = int32(r.IntN(11))
	}
	k.Gather(table, index, sum, rows, 3, n)
	k.Scatter(table, index, sum, rows, 3, n)
	add("Gather and Scatter", sum, table)
	param, grad, m, v := x(1008), x(1008), x(1008), x(1008)
	for i := range v {
		v[i] *= v[i]
	}
	k.AdamW(param, grad, m, v, &Adam{Beta1: 0.875, Beta2: 0.9375, Epsilon: 1e-8, LearningRate: 1e-2, WeightDecay: 0.1, Scale: 0.7, Step: 1})
	add("AdamW", param, m, v)
	return out
}

// goldenBits are the hashes of AVX2 on amd64.
var goldenBits = map[string]uint64{
	"AdamW":              0x25c8481cb63de160,
	"AddBias":            0xdf22ec2bbee89f50,
	"ComplexMultiply":    0x699e4984599343f0,
	"GELU":               0xff7519c6cc3a75a7,
	"Gather and Scatter": 0xb8e162264f966a39,
	"LayerNorm":          0x8ac286fa1978de58,
	"LayerNormBackward":  0xbc4d70136b2dace5,
	"Rotate":             0x6f3571b270028d31,
	"RowDots":            0xab92da8d7371f29e,
	"Softmax":            0xb1d7a17896249cf1,
	"SumSquares":         0x9e339dc5a5e66907,
	"column sums":        0xe609c9ebe091087d,
	"product of tiles":   0x33bb492218fb844e,
	"product with tails": 0xc9ff7fcaf3cf0514,
}
