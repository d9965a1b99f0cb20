package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Sorted and shuffled samples are the same sample, a distance is symmetric, and
// a unit may change only what is measured in that unit.
func TestTwoSampleProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 3))
	for range 50 {
		x, y := make([]float64, 1+rng.IntN(30)), make([]float64, 1+rng.IntN(30))
		for i := range x {
			x[i] = math.Round(rng.NormFloat64() * 4)
		}
		for i := range y {
			y[i] = math.Round(rng.NormFloat64()*4 + 1)
		}
		times := func(x []float64) []float64 {
			x = slices.Clone(x)
			for i := range x {
				x[i] *= 8 // exact in binary
			}
			return x
		}
		if d := KS(x, y); d != KS(y, x) || d != KS(sorted(x), y) || d != KS(times(x), times(y)) {
			t.Fatalf("KS of %v and %v depends on side, order or unit", x, y)
		}
	}
}

// Planted damage of several sizes must be seen, larger damage as larger.
func TestDamageIsSeen(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 5))
	x, y := make([]float64, 4000), make([]float64, 4000)
	for i := range x {
		x[i], y[i] = rng.NormFloat64(), rng.NormFloat64()
	}
	ks := KS(x, y)
	if ks > 0.05 {
		t.Fatalf("two samples of one distribution: KS %g", ks)
	}
	for _, shift := range []float64{0.2, 0.5, 1, 3} {
		moved := slices.Clone(y)
		for i := range moved {
			moved[i] += shift
		}
		// Closed form for normals: D is 2 Phi(shift/2) - 1.
		next := KS(x, moved)
		if want := 2*NormalCDF(shift/2) - 1; math.Abs(next-want) > 0.05 || next <= ks {
			t.Errorf("shift %g: KS %g, want %g", shift, next, want)
		}
		ks = next
	}
}

// The bias correction must make independent columns look independent on
// average, however many levels they have.
func TestAssociationIsUnbiased(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	const n, k, runs = 500, 10, 200
	v := 0.0
	for range runs {
		a, b := make([]uint16, n), make([]uint16, n)
		for i := range a {
			a[i], b[i] = uint16(rng.IntN(k)), uint16(rng.IntN(k))
		}
		v += CramersV(a, b, k, k) / runs
	}
	// Uncorrected it is sqrt(81/500/9) = 0.13. What is left is that it cannot be negative.
	if v > 0.03 {
		t.Errorf("independent columns: Cramer's V %g", v)
	}
}

func TestCorrelationOfManyRows(t *testing.T) {
	// More rows than a chunk holds: y = 0.6 x + 0.8 noise correlates by 0.6.
	rng := rand.New(rand.NewPCG(8, 9))
	const n = 20000
	x := make([]float64, 0, 2*n)
	for range n {
		u, v := rng.NormFloat64(), rng.NormFloat64()
		x = append(x, u, 0.6*u+0.8*v)
	}
	got := Correlation(x, n, 2)
	var u, v []float64
	for i := range n {
		u, v = append(u, x[2*i]), append(v, x[2*i+1])
	}
	if want := Pearson(u, v); math.Abs(got[1]-want) > 1e-12 || math.Abs(want-0.6) > 0.02 {
		t.Errorf("correlation %g, Pearson %g, planted 0.6", got[1], want)
	}
	if got[1] != got[2] {
		t.Error("the matrix is not symmetric")
	}
}
