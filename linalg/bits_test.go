package linalg

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"unsafe"
)

// A source makes the operands of kernels, of values that are the same float32 on
// every machine.
type source struct {
	r     *rand.Rand
	value func(r *rand.Rand) float32
	alloc func(n int) []float32 // n zeros
}

// zeros is the usual alloc.
func zeros(n int) []float32 { return make([]float32, n) }

func (s *source) x(n int) []float32 {
	x := s.alloc(n)
	for i := range x {
		x[i] = s.value(s.r)
	}
	return x
}

// index returns n row numbers below limit, where alloc puts floats.
func (s *source) index(n, limit int) []int32 {
	x := unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(s.alloc(n)))), n)
	for i := range x {
		x[i] = int32(s.r.IntN(limit))
	}
	return x
}

// exact returns a multiple of 2^-10 from -8 to 8: unlike a normal variate it does
// not depend on a machine's logarithm.
func exact(r *rand.Rand) float32 { return float32(r.IntN(1<<14)-1<<13) / 1024 }

// special is exact, but now and then a NaN with some payload, an infinity, a zero,
// the largest number or one below the smallest normal one.
func special(r *rand.Rand) float32 {
	rare := []uint32{0x7fc01234, 0xffc00001, 0x7f800000, 0xff800000, 0, 0x80000000, 0x7f7fffff, 1, 0x80000fff, 0x00400000}
	if r.IntN(150) == 0 {
		return math.Float32frombits(rare[r.IntN(len(rare))])
	}
	return exact(r)
}

// small is about the smallest normal number, 2^-126, and below, itself or when
// multiplied by another.
func small(r *rand.Rand) float32 {
	exponent := -58 - r.IntN(18)
	if r.IntN(4) == 0 {
		exponent = -124 - r.IntN(12)
	}
	return float32(math.Ldexp(float64(r.IntN(1<<24)-1<<23), exponent-23))
}

// TestSameBitsEverywhere holds the bits of all kernels to those of AVX2 on amd64:
// a training computes the same on every machine with assembly. For NEON on another
// machine:
//
//	GOARCH=arm64 go test -exec qemu-aarch64-static ./linalg
//
// For AVX-512, see internal/emulate. What a NaN looks like inside is held on amd64
// only: processors of other kinds make others.
func TestSameBitsEverywhere(t *testing.T) {
	for _, table := range All() {
		if table.Name == "go" {
			continue // rounds products before adding them
		}
		for name, value := range map[string]func(*rand.Rand) float32{"exact": exact, "special": special, "small": small} {
			if name == "special" && runtime.GOARCH != "amd64" {
				continue
			}
			got, want := bitsOf(table, value, zeros), goldenBits[name]
			for kernel, sum := range got {
				if sum != want[kernel] {
					t.Errorf("%s, %s values: the bits of %s have the sum %#x, want %#x", table.Name, name, kernel, sum, want[kernel])
				}
			}
			if len(got) != len(want) {
				t.Errorf("%s: %d results, want %d", table.Name, len(got), len(want))
			}
		}
	}
}

// bitsOf returns a hash of the bits of every kernel's results, by name.
func bitsOf(k *Kernels, value func(*rand.Rand) float32, alloc func(int) []float32) map[string]uint64 {
	out := map[string]uint64{}
	add := func(name string, results ...[]float32) {
		h := fnv.New64a()
		for _, x := range slices.Concat(results...) {
			b := math.Float32bits(x)
			h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
		}
		out[name] = h.Sum64()
	}
	s := &source{rand.New(rand.NewPCG(7, 8)), value, alloc}
	x := s.x
	const rows, n, few = 7, 48, 5

	for _, p := range []struct {
		name    string
		m, n, k int
	}{{"product of tiles", 24, 32, 300}, {"product with tails", 13, 47, 70}} {
		a, b, c := x(p.m*p.k), x(p.k*p.n), x(p.m*p.n)
		k.NN(p.m, p.n, p.k, a, p.k, b, p.n, c, p.n, true)
		ta, tc := x(p.k*p.m), alloc(p.m*p.n)
		k.TN(p.m, p.n, p.k, ta, p.m, b, p.n, tc, p.n, false)
		add(p.name, c, tc)
	}
	z, bias, gain, shift := x(rows*n), x(n), x(n), x(n)
	k.AddBias(z, bias, rows, n)
	add("AddBias", z)
	d, factor, sums := x(rows*n), x(rows*n), x(n)
	k.ColumnSums(z, sums, rows, n)
	k.MultiplyColumnSums(d, factor, sums, rows, n)
	add("column sums", d, sums)
	dots := alloc(rows)
	k.RowDots(z, factor, dots, rows, n)
	add("RowDots", dots)
	numbers, most := alloc(rows*n), alloc(rows) // RowMax takes no NaN
	for i := range numbers {
		numbers[i] = float32(i * 31 % 97)
	}
	k.RowMax(numbers, most, rows, n)
	add("RowMax", most)
	squares := float32(k.SumSquares(x(3008)))
	if squares != squares {
		squares = nan // of two, the compiler of the sum over blocks chooses
	}
	add("SumSquares", []float32{squares})
	g, act := x(rows*n), alloc(rows*n)
	k.GELU(g, bias, act, rows, n)
	add("GELU", g, act)
	p := x(rows * n)
	for i := range p {
		p[i] *= 8
	}
	k.Softmax(p, bias, x(rows), rows, n)
	add("Softmax", p)
	y, xhat, rstd := alloc(rows*n), alloc(rows*n), alloc(rows)
	k.LayerNorm(x(rows*n), gain, shift, y, xhat, rstd, rows, n)
	add("LayerNorm", y, xhat, rstd)
	dy, dgain, dshift, dh := x(rows*n), x(n), x(n), x(rows*n)
	k.LayerNormBackward(dy, xhat, rstd, gain, dgain, dshift, dh, rows, n)
	add("LayerNormBackward", dy, dgain, dshift, dh)
	u, w, q := x(2*few*n), x(2*few), alloc(2*few*n)
	k.Rotate(u, w, q, few, n)
	dq, dw := x(2*few*n), alloc(2*few)
	k.RotateBackward(u, w, dq, dw, few, n)
	add("Rotate", q, dq, dw)
	c, cw, co := x(rows*32), x(32), alloc(rows*32)
	k.ComplexMultiply(c, cw, co, rows, 16)
	dc, dcw := x(rows*32), x(32)
	k.ComplexMultiplyBackward(dc, c, cw, dcw, rows, 16)
	add("ComplexMultiply", co, dc, dcw)
	table, index, sum := x(11*n), s.index(rows*3, 11), alloc(rows*n)
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

// goldenBits are the hashes of AVX2 on amd64, by the values that go in.
var goldenBits = map[string]map[string]uint64{
	"exact": {
		"AdamW":              0x25c8481cb63de160,
		"AddBias":            0xdf22ec2bbee89f50,
		"ComplexMultiply":    0x699e4984599343f0,
		"GELU":               0xff7519c6cc3a75a7,
		"Gather and Scatter": 0xb8e162264f966a39,
		"LayerNorm":          0x8ac286fa1978de58,
		"LayerNormBackward":  0xbc4d70136b2dace5,
		"Rotate":             0x6f3571b270028d31,
		"RowDots":            0xab92da8d7371f29e,
		"RowMax":             0x5a2243be5fb1c9b1,
		"Softmax":            0xb1d7a17896249cf1,
		"SumSquares":         0x9e339dc5a5e66907,
		"column sums":        0xe609c9ebe091087d,
		"product of tiles":   0x33bb492218fb844e,
		"product with tails": 0xc9ff7fcaf3cf0514,
	},
	"special": {
		"AdamW":              0xb8fb542d92d57a13,
		"AddBias":            0x72927ab81b1c01bc,
		"ComplexMultiply":    0x6b48c091c7ec3fcc,
		"GELU":               0x2888018b59023c32,
		"Gather and Scatter": 0x4eafc35a6abe4b66,
		"LayerNorm":          0xc6b3b1346783b64f,
		"LayerNormBackward":  0xa8b639271aa0c693,
		"Rotate":             0x9467d28a7f95f3b,
		"RowDots":            0x5a94536753f3ada5,
		"RowMax":             0x5a2243be5fb1c9b1,
		"Softmax":            0xb434cca04eec93c5,
		"SumSquares":         0x4a98877f9ba2f898,
		"column sums":        0x300aef45217692e3,
		"product of tiles":   0x62625dab507d797a,
		"product with tails": 0x49d67b6e55f915c0,
	},
	"small": {
		"AdamW":              0x930242ec282b8669,
		"AddBias":            0x33ef1bf9c346b1bb,
		"ComplexMultiply":    0xa344290411dc4ea4,
		"GELU":               0x68666c3a2b8f5f3c,
		"Gather and Scatter": 0xf5619658d4167db6,
		"LayerNorm":          0x932d754e4af41f0,
		"LayerNormBackward":  0x306772522ad34a05,
		"Rotate":             0xa08cc75e4ef2d2e3,
		"RowDots":            0xdaaf275a85cfcd34,
		"RowMax":             0x5a2243be5fb1c9b1,
		"Softmax":            0xa964f4441f2f8e65,
		"SumSquares":         0xbe5f7a02421d0b0c,
		"column sums":        0x1d3fe663d0eedb6b,
		"product of tiles":   0x75bb3e7632bdbfa1,
		"product with tails": 0x57a173edfbe89d60,
	},
}
