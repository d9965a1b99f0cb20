package linalg

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// passes runs every pass over rows on the same random input and returns what
// each wrote, by name.
func passes(k *Kernels) map[string][]float32 {
	r := rand.New(rand.NewPCG(5, 6))
	const rows, n, modes = 7, 48, 16
	out := map[string][]float32{}
	bias, gain, shift := random(r, n), random(r, n), random(r, n)

	z := random(r, rows*n)
	k.AddBias(z, bias, rows, n)
	out["AddBias"] = clone(z)

	sums := random(r, n)
	k.ColumnSums(z, sums, rows, n)
	out["ColumnSums"] = clone(sums)

	d, factor := random(r, rows*n), random(r, rows*n)
	k.MultiplyColumnSums(d, factor, sums, rows, n)
	out["MultiplyColumnSums"], out["MultiplyColumnSums sums"] = d, sums

	dots := make([]float32, rows)
	k.RowDots(z, factor, dots, rows, n)
	out["RowDots"] = dots

	most := make([]float32, rows)
	k.RowMax(z, most, rows, n)
	out["RowMax"] = most

	out["SumSquares"] = []float32{float32(k.SumSquares(random(r, 3003)))}

	a := make([]float32, rows*n)
	g := random(r, rows*n)
	for i := range g {
		g[i] *= 4
	}
	k.GELU(g, bias, a, rows, n)
	out["GELU"], out["GELU derivative"] = a, g

	p := random(r, rows*n)
	for i := range p {
		p[i] *= 30 // some exponents are cut at -80
	}
	k.Softmax(p, bias, random(r, rows), rows, n)
	out["Softmax"] = p

	y, xhat, rstd := make([]float32, rows*n), make([]float32, rows*n), make([]float32, rows)
	k.LayerNorm(random(r, rows*n), gain, shift, y, xhat, rstd, rows, n)
	out["LayerNorm"], out["LayerNorm xhat"], out["LayerNorm rstd"] = y, xhat, rstd

	dy, dgain, dshift, dh := random(r, rows*n), random(r, n), random(r, n), random(r, rows*n)
	k.LayerNormBackward(dy, xhat, rstd, gain, dgain, dshift, dh, rows, n)
	out["LayerNormBackward"], out["LayerNormBackward gain"], out["LayerNormBackward shift"] = dh, dgain, dshift

	const few = 5
	u, w, q := random(r, 2*few*n), random(r, 2*few), make([]float32, 2*few*n)
	k.Rotate(u, w, q, few, n)
	out["Rotate"] = q
	dq, dw := random(r, 2*few*n), make([]float32, 2*few)
	k.RotateBackward(u, w, dq, dw, few, n)
	out["RotateBackward"], out["RotateBackward w"] = dq, dw

	c, cw, co := random(r, rows*2*modes), random(r, 2*modes), make([]float32, rows*2*modes)
	k.ComplexMultiply(c, cw, co, rows, modes)
	out["ComplexMultiply"] = co
	dc, dcw := random(r, rows*2*modes), random(r, 2*modes)
	k.ComplexMultiplyBackward(dc, c, cw, dcw, rows, modes)
	out["ComplexMultiplyBackward"], out["ComplexMultiplyBackward w"] = dc, dcw

	table, index, sum := random(r, 11*n), make([]int32, rows*3), make([]float32, rows*n)
	for i := range index {
		index[i] = int32(r.IntN(11))
	}
	k.Gather(table, index, sum, rows, 3, n)
	out["Gather"] = sum
	k.Scatter(table, index, sum, rows, 3, n)
	out["Scatter"] = table

	x, grad, m, v := random(r, 1003), random(r, 1003), random(r, 1003), random(r, 1003)
	for i := range v {
		v[i] *= v[i]
	}
	k.AdamW(x, grad, m, v, &Adam{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, LearningRate: 1e-2, WeightDecay: 0.1, Scale: 0.7, Step: 3})
	out["AdamW"], out["AdamW m"], out["AdamW v"] = x, m, v
	return out
}

// TestPassesAgree compares the assembly tables with the Go table, and with each
// other bit for bit.
func TestPassesAgree(t *testing.T) {
	all := All()
	want, first := passes(goKernels), passes(all[0])
	for _, table := range all {
		got := passes(table)
		for name, x := range got {
			for i := range x {
				// a few roundings in sums of some tens of terms of size about 1
				if e := math.Abs(float64(x[i] - want[name][i])); !(e <= 2e-5*(1+math.Abs(float64(want[name][i])))) {
					t.Errorf("%s %s[%d] = %g, in Go %g", table.Name, name, i, x[i], want[name][i])
					break
				}
				if table.Name != "go" && math.Float32bits(x[i]) != math.Float32bits(first[name][i]) {
					t.Errorf("%s %s[%d] has other bits than %s: %g, %g", table.Name, name, i, all[0].Name, x[i], first[name][i])
					break
				}
			}
		}
	}
}

// TestExp compares goExp, and the exponential inside Softmax, with math.Exp.
func TestExp(t *testing.T) {
	for x := float32(-80); x < 88; x += 0.0137 {
		want := math.Exp(float64(x))
		if got := float64(goExp(x)); math.Abs(got-want) > 3e-7*want {
			t.Fatalf("goExp(%g) = %g, want %g", x, got, want)
		}
	}
	for _, table := range All() {
		for x := float32(-79); x < 0; x += 0.31 {
			z, zero := make([]float32, 16), make([]float32, 16)
			for i := range z {
				z[i] = -1e30 // padding
			}
			z[3], z[9] = 0, x
			table.Softmax(z, zero, []float32{2}, 1, 16)
			e := math.Exp(float64(x))
			if got, want := float64(z[9]), 2*e/(1+e); math.Abs(got-want) > 6e-7*want {
				t.Fatalf("%s: softmax of %g = %g, want %g", table.Name, x, got, want)
			}
			if got, want := float64(z[3]), 2/(1+e); math.Abs(got-want) > 6e-7*want {
				t.Fatalf("%s: softmax beside %g = %g, want %g", table.Name, x, got, want)
			}
		}
	}
}

// TestGELU compares with the formula in float64, and its derivative with a
// central difference.
func TestGELU(t *testing.T) {
	f := func(x float64) float64 {
		return 0.5 * x * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
	}
	for _, table := range All() {
		for x := -9.0; x < 9; x += 0.0625 {
			z, zero, a := make([]float32, 16), make([]float32, 16), make([]float32, 16)
			z[5] = float32(x)
			table.GELU(z, zero, a, 1, 16)
			if want := f(x); math.Abs(float64(a[5])-want) > 1e-6*(1+math.Abs(want)) {
				t.Fatalf("%s: GELU(%g) = %g, want %g", table.Name, x, a[5], want)
			}
			const h = 1e-5
			if want := (f(x+h) - f(x-h)) / (2 * h); math.Abs(float64(z[5])-want) > 2e-6 {
				t.Fatalf("%s: GELU'(%g) = %g, want %g", table.Name, x, z[5], want)
			}
		}
	}
}

// TestAdamWFirstStep checks the first step against its closed form: without
// decay it is the learning rate times the sign of the gradient.
func TestAdamWFirstStep(t *testing.T) {
	for _, table := range All() {
		p, grad := make([]float32, 35), make([]float32, 35)
		for i := range grad {
			p[i], grad[i] = 2, float32(i-17)
		}
		table.AdamW(p, grad, make([]float32, 35), make([]float32, 35), &Adam{Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, LearningRate: 0.1, WeightDecay: 0.5, Scale: 3, Step: 1})
		for i := range p {
			want := 2 - 0.1*(0.5*2)
			if i < 17 {
				want += 0.1
			} else if i > 17 {
				want -= 0.1
			}
			if math.Abs(float64(p[i])-want) > 1e-5 {
				t.Errorf("%s: p[%d] = %g, want %g", table.Name, i, p[i], want)
			}
		}
	}
}

// TestRowMax finds the largest number wherever it stands in its row, also if it
// is negative, a denormal one or infinite.
func TestRowMax(t *testing.T) {
	const n = 48
	lowest := float32(-math.MaxFloat32)
	for _, k := range All() {
		for _, want := range []float32{3, -2.5, 1e-40, -1e-40, float32(math.Inf(1)), lowest} {
			x, most := make([]float32, n*n), make([]float32, n)
			for i := range x {
				x[i] = float32(math.Inf(-1))
			}
			for i := range n {
				x[i*n+(i*7)%n] = want
			}
			k.RowMax(x, most, n, n)
			for i, got := range most {
				if got != want {
					t.Fatalf("%s: the largest number of row %d is %g, want %g", k.Name, i, got, want)
				}
			}
		}
		most := []float32{0}
		k.RowMax(slices.Repeat([]float32{float32(math.Inf(-1))}, n), most, 1, n)
		if most[0] != lowest {
			t.Errorf("%s: of nothing but -Inf the largest is %g, want %g", k.Name, most[0], lowest)
		}
	}
}
