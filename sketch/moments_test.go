package sketch

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestMoments(t *testing.T) {
	// NIST Statistical Reference Datasets, univariate: NumAcc1 to 4 with their
	// certified values, made to break formulas that cancel.
	alternate := func(base float64) []float64 {
		x := []float64{base + 0.2}
		for range 500 {
			x = append(x, base+0.1, base+0.3)
		}
		return x
	}
	tests := []struct {
		name     string
		add      []float64
		mean, sd float64
		relative float64 // tolerance of sd
		minMax   [2]float64
		reason   string
	}{
		{"NumAcc1", []float64{10000001, 10000003, 10000002}, 10000002, 1, 0, [2]float64{10000001, 10000003}, "certified"},
		{"NumAcc2", append(alternate(1), nil...), 1.2, 0.1, 1e-14, [2]float64{1.1, 1.3}, "certified; tolerance: 1.1 and 1.3 are no float64s"},
		{"NumAcc3", alternate(1000000), 1000000.2, 0.1, 1e-9, [2]float64{1000000.1, 1000000.3}, "certified; tolerance: the inputs are rounded to 1e-10"},
		{"NumAcc4", alternate(10000000), 10000000.2, 0.1, 1e-7, [2]float64{10000000.1, 10000000.3}, "certified; tolerance: the inputs are rounded to 2e-9"},
		{"timestamps", []float64{1.7e9, 1.7e9 + 0x1p-20, 1.7e9 + 0x1p-19}, 1.7e9 + 0x1p-20, 0x1p-20, 0, [2]float64{1.7e9, 1.7e9 + 0x1p-19}, "microseconds apart: x*x has no digit left for them"},
		{"huge", []float64{1e308, -1e308}, 0, math.Sqrt2 * 1e308, 1e-15, [2]float64{-1e308, 1e308}, "squares beyond float64"},
		{"tiny", []float64{3e-320, 5e-320}, 4e-320, 1.4141e-320, 1e-3, [2]float64{3e-320, 5e-320}, "squares below float64; subnormals have 4 digits"},
		{"constant", []float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}, 0.1, 0, 0, [2]float64{0.1, 0.1}, "exactly no spread"},
		{"one", []float64{7}, 7, math.NaN(), 0, [2]float64{7, 7}, "no spread to measure"},
		{"none", nil, math.NaN(), math.NaN(), 0, [2]float64{math.NaN(), math.NaN()}, "nothing to measure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s Moments
			for _, x := range tt.add {
				s.Add(x)
			}
			if s.Count() != int64(len(tt.add)) {
				t.Errorf("count %d, want %d", s.Count(), len(tt.add))
			}
			if got := s.Mean(); !near(got, tt.mean, 1e-15) {
				t.Errorf("mean %v, want %v: %s", got, tt.mean, tt.reason)
			}
			if got := s.SD(); !near(got, tt.sd, tt.relative) {
				t.Errorf("SD %v, want %v: %s", got, tt.sd, tt.reason)
			}
			if !near(s.Min(), tt.minMax[0], 0) || !near(s.Max(), tt.minMax[1], 0) {
				t.Errorf("from %v to %v, want %v", s.Min(), s.Max(), tt.minMax)
			}
		})
	}
}

// TestMomentsAddAll: many values at once are the same bits as one by one.
func TestMomentsAddAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	odd := []float64{0, math.Copysign(0, -1), 5e-324, -2e-310, math.MaxFloat64, -math.MaxFloat64, 0x1p-1022}
	for _, special := range [][]float64{nil, {math.NaN()}, {math.Inf(1)}, {math.Inf(-1), math.Inf(1)}} {
		for n := range 40 {
			x := slices.Clone(special)
			for range n {
				v := rng.NormFloat64() * math.Ldexp(1, rng.IntN(1800)-900)
				if rng.IntN(4) == 0 {
					v = odd[rng.IntN(len(odd))]
				}
				x = append(x, v)
			}
			var one, all Moments
			for _, v := range x {
				one.Add(v)
			}
			all.AddAll(x[:n/3])
			all.AddAll(x[n/3:])
			want, _ := one.AppendBinary(nil)
			got, _ := all.AppendBinary(nil)
			if !bytes.Equal(got, want) {
				t.Fatalf("of %v: %x, one by one %x", x, got, want)
			}
		}
	}
}

func TestMomentsNotFinite(t *testing.T) {
	var s Moments
	s.Add(1)
	s.Add(math.Inf(1))
	if s.Mean() == s.Mean() || s.SD() == s.SD() {
		t.Errorf("mean %v and SD %v of an infinity, want NaN", s.Mean(), s.SD())
	}
}

// near reports whether got is want, within the relative tolerance; NaN is NaN.
func near(got, want, relative float64) bool {
	if want != want {
		return got != got
	}
	return math.Abs(got-want) <= relative*math.Abs(want)
}
