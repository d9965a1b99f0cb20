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
		w := Wasserstein1(x, y)
		if w != Wasserstein1(y, x) || w != Wasserstein1(sorted(x), y) || 8*w != Wasserstein1(times(x), times(y)) {
			t.Fatalf("Wasserstein1 of %v and %v depends on side or order, or not on the unit", x, y)
		}
		// Quantile functions of equal sizes give the distance independently.
		n := min(len(x), len(y))
		a, b, want := sorted(x[:n]), sorted(y[:n]), 0.0
		for i := range a {
			want += math.Abs(a[i]-b[i]) / float64(n)
		}
		if got := Wasserstein1(a, b); math.Abs(got-want) > 1e-12 {
			t.Fatalf("Wasserstein1 of %v and %v is %g, by quantiles %g", a, b, got, want)
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
	ks, w := KS(x, y), Wasserstein1(x, y)
	if ks > 0.05 || w > 0.1 {
		t.Fatalf("two samples of one distribution: KS %g, Wasserstein1 %g", ks, w)
	}
	for _, shift := range []float64{0.2, 0.5, 1, 3} {
		moved := slices.Clone(y)
		for i := range moved {
			moved[i] += shift
		}
		// Closed form for normals: D is 2 Phi(shift/2) - 1, the distance the shift.
		nextKS, nextW := KS(x, moved), Wasserstein1(x, moved)
		if want := 2*NormalCDF(shift/2) - 1; math.Abs(nextKS-want) > 0.05 || nextKS <= ks {
			t.Errorf("shift %g: KS %g, want %g", shift, nextKS, want)
		}
		if math.Abs(nextW-shift) > 0.1 || nextW <= w {
			t.Errorf("shift %g: Wasserstein1 %g", shift, nextW)
		}
		ks, w = nextKS, nextW
	}
}

// The bias corrections must make independent columns look independent on
// average, however many levels they have.
func TestAssociationIsUnbiased(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	const n, k, runs = 500, 10, 200
	v, mi := 0.0, 0.0
	for range runs {
		a, b := make([]uint16, n), make([]uint16, n)
		for i := range a {
			a[i], b[i] = uint16(rng.IntN(k)), uint16(rng.IntN(k))
		}
		v += CramersV(a, b, k, k) / runs
		mi += MutualInformation(a, b, k, k) / runs
	}
	// Uncorrected, they are sqrt(81/500/9) = 0.13 and 81/1000 = 0.08. What is left
	// is that they cannot be negative: half of the mean absolute deviation, which
	// for the information is 0.4*sqrt(2*81)/(2*500) = 0.005.
	if v > 0.03 || mi > 0.012 {
		t.Errorf("independent columns: Cramer's V %g, mutual information %g", v, mi)
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
