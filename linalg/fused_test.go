package linalg

import (
	"math"
	"math/rand/v2"
	"testing"
)

// fused returns a b + c rounded once to float32. The product of two float32 is
// exact in float64. Its sum with c is rounded there to the neighbour with an odd
// last bit, so that rounding it again is as good as rounding the exact sum.
//
// Source: Boldo & Melquiond, IEEE Trans. Computers 57(4), 2008.
func fused(a, b, c float32) float32 {
	p, q := float64(a)*float64(b), float64(c)
	sum := p + q
	t := sum - p
	rest := (p - (sum - t)) + (q - t) // what rounding took from p + q, exactly (Knuth's TwoSum)
	if bits := math.Float64bits(sum); rest != 0 && bits&1 == 0 {
		if (rest > 0) == (sum > 0) {
			bits++
		} else {
			bits--
		}
		sum = math.Float64frombits(bits)
	}
	return float32(sum)
}

// TestFused checks fused where rounding twice would go wrong, and at the edge of
// the smallest numbers.
func TestFused(t *testing.T) {
	f := math.Float32frombits
	cases := []struct {
		a, b, c, want float32
		reason        string
	}{
		{3, 5, 7, 22, "exact"},
		{1 + 1./(1<<23), 1 + 1./(1<<23), -1, 2./(1<<23) + 1./(1<<23)/(1<<23), "the last bits of the product stay"},
		{1, 1, f(0x4b800001), f(0x4b800002), "half a step above an odd number goes to the even one"},
		{f(0x3f800001), f(0x3f7ffffe), f(0x4b800001), f(0x4b800001), "less than half by 2^-46, which float64 rounds away"},
		{f(0x3f800001), f(0x3f800001), f(0x4b800000), f(0x4b800001), "more than half of what is even by 2^-22"},
		{f(0x1a000000), f(0x19800000), f(1), f(1), "a quarter of the smallest number is lost"},
		{f(0x1a000000), f(0x1ac00000), f(1), f(2), "one and a half of it added, the tie to even"},
	}
	for _, c := range cases {
		if got := fused(c.a, c.b, c.c); got != c.want {
			t.Errorf("%g * %g + %g = %g, want %g (%s)", c.a, c.b, c.c, got, c.want, c.reason)
		}
	}
}

// TestProductsAreFused holds every element of the products by assembly to what it
// is defined as, bit for bit: the sum over k in ascending order of fused
// multiply-adds, in blocks of blockK. All tails of rows and columns are among the
// shapes, and numbers below the smallest normal one among the values.
func TestProductsAreFused(t *testing.T) {
	for _, table := range All() {
		if table.Name == "go" {
			continue // rounds products before adding them
		}
		r := rand.New(rand.NewPCG(11, 12))
		for m := 1; m <= 25; m++ {
			for n := 1; n <= 66; n++ {
				k := 1 + r.IntN(4)
				if n%23 == m {
					k = blockK + 3
				}
				value := exact
				if (m+n)%3 == 0 {
					value = small
				}
				s := &source{r, value, zeros}
				gap, acc := r.IntN(3), r.IntN(2) == 1
				a, b, c := s.x(m*(k+gap)), s.x(k*(n+gap)), s.x(m*(n+gap))
				got := clone(c)
				table.NN(m, n, k, a, k+gap, b, n+gap, got, n+gap, acc)
				for i := range m {
					for j := range n + gap {
						at := i*(n+gap) + j
						want := c[at]
						if j < n {
							want = sumFused(a[i*(k+gap):][:k], b[j:], n+gap, want, acc)
						}
						if math.Float32bits(got[at]) != math.Float32bits(want) {
							t.Fatalf("%s %dx%dx%d, gap %d, adding %v: [%d,%d] is %g, want %g", table.Name, m, n, k, gap, acc, i, j, got[at], want)
						}
					}
				}
			}
		}
	}
}

// sumFused is one element of a product: row times a column of b with leading
// dimension ld, added to c if acc.
func sumFused(row, b []float32, ld int, c float32, acc bool) float32 {
	for k0 := 0; k0 < len(row); k0 += blockK {
		var sum float32
		for p := k0; p < min(len(row), k0+blockK); p++ {
			sum = fused(row[p], b[p*ld], sum)
		}
		if acc || k0 > 0 {
			sum += c
		}
		c = sum
	}
	return c
}
