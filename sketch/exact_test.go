package sketch

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestExactSum(t *testing.T) {
	inf, tiny := math.Inf(1), math.SmallestNonzeroFloat64
	tests := []struct {
		name   string
		add    []float64
		want   float64
		reason string
	}{
		{"nothing", nil, 0, "the empty sum"},
		{"zeros", []float64{0, math.Copysign(0, -1)}, 0, "no sign"},
		{"cancellation", []float64{1e308, 1, -1e308}, 1, "plain addition gives 0"},
		{"beyond and back", []float64{math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64}, math.MaxFloat64, "plain addition gives +Inf"},
		{"beyond", []float64{math.MaxFloat64, math.MaxFloat64}, inf, "the sum is not a float64"},
		{"subnormal", []float64{tiny, tiny, tiny}, 3 * tiny, "the unit itself"},
		{"subnormal borrow", []float64{1, -tiny, -1}, -tiny, "a borrow through all limbs"},
		{"tie to even", []float64{1, 0x1p-53}, 1, "half a unit in the last place: to even"},
		{"above the tie", []float64{1, 0x1p-53, tiny}, 1 + 0x1p-52, "a hair above half a unit"},
		{"negative", []float64{-1, -2, -3.5}, -6.5, "sign"},
		{"infinity", []float64{1, inf, 2}, inf, "as IEEE 754"},
		{"both infinities", []float64{inf, -inf}, math.NaN(), "as IEEE 754"},
		{"NaN", []float64{1, math.NaN(), -inf}, math.NaN(), "as IEEE 754"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s ExactSum
			for _, x := range tt.add {
				s.Add(x)
			}
			if got := s.Value(); got != tt.want && !(got != got && tt.want != tt.want) {
				t.Errorf("sum of %v = %v, want %v: %s", tt.add, got, tt.want, tt.reason)
			}
		})
	}
}

// TestExactSumCarry lets the limbs run to where they must be carried.
func TestExactSumCarry(t *testing.T) {
	var sum ExactSum
	var squares ExactSquares
	sum.pending, squares.pending = carryEvery-3, carryEvery-3
	for range 10 {
		sum.Add(-0x1.fffffffffffffp0)
		squares.Add(-0x1.fffffffffffffp0)
	}
	if sum.pending > 10 || squares.pending > 10 {
		t.Error("never carried")
	}
	if got, want := sum.Value(), 10*-0x1.fffffffffffffp0; got != want {
		t.Errorf("sum %v, want %v", got, want)
	}
	// 10 (2-u)^2 = 40 - 40u + 10u^2 with u = 2^-52: 40 - 40u rounds by 5.12e-15.
	if got, want := squares.Value(), 40-40*0x1p-52; got != want {
		t.Errorf("squares %v, want %v", got, want)
	}
}

// checkExact compares both exact sums with math/big.
func checkExact(t *testing.T, xs []float64) {
	t.Helper()
	var sum ExactSum
	var squares ExactSquares
	wantSum, wantSquares := new(big.Rat), new(big.Rat)
	for _, x := range xs {
		sum.Add(x)
		squares.Add(x)
		r := new(big.Rat).SetFloat64(x)
		wantSum.Add(wantSum, r)
		wantSquares.Add(wantSquares, r.Mul(r, r))
	}
	if want, _ := wantSum.Float64(); sum.Value() != want {
		t.Fatalf("sum of %v = %v, want %v", xs, sum.Value(), want)
	}
	if want, _ := wantSquares.Float64(); squares.Value() != want {
		t.Fatalf("squares of %v = %v, want %v", xs, squares.Value(), want)
	}
}

func TestExactAgainstBig(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		xs := make([]float64, 1+rng.IntN(40))
		for i := range xs {
			xs[i] = math.Ldexp(rng.Float64()-0.5, rng.IntN(2090)-1070)
			if i > 0 && rng.IntN(4) == 0 {
				xs[i] = -xs[i-1]
			}
		}
		checkExact(t, xs)
	}
}

func FuzzExact(f *testing.F) {
	f.Add([]byte("0123456789abcdef"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var xs []float64
		for len(data) >= 8 && len(xs) < 50 {
			if x := math.Float64frombits(binary.LittleEndian.Uint64(data)); x-x == 0 {
				xs = append(xs, x)
			}
			data = data[8:]
		}
		checkExact(t, xs)
	})
}

func BenchmarkExactSum(b *testing.B) {
	xs := normal(4096)
	var s ExactSum
	for i := 0; b.Loop(); i++ {
		s.Add(xs[i&4095])
	}
}

func BenchmarkMoments(b *testing.B) {
	xs := normal(4096)
	var s Moments
	for i := 0; b.Loop(); i++ {
		s.Add(xs[i&4095])
	}
}

func normal(n int) []float64 {
	rng := rand.New(rand.NewPCG(3, 4))
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = 100 * rng.NormFloat64()
	}
	return xs
}
