package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBootstrapOfAMean(t *testing.T) {
	const n = 400
	rng := rand.New(rand.NewPCG(1, 1))
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	mean, variance := MeanVar(x)
	values := Bootstrap(n, 2000, 7, func(rows []int) float64 {
		sum := 0.0
		for _, r := range rows {
			sum += x[r]
		}
		return sum / float64(len(rows))
	})
	// The resampled mean is nearly normal with standard error sd/sqrt(n); 2,000
	// resamples know the ends of a 90 % interval to about 4 % of that.
	se := math.Sqrt(variance / n)
	low, high := Interval(values, 0.9)
	for _, end := range []struct{ got, want float64 }{{low, mean - 1.645*se}, {high, mean + 1.645*se}} {
		if math.Abs(end.got-end.want) > 0.15*se {
			t.Errorf("an end of the interval is at %g, want %g by the normal approximation", end.got, end.want)
		}
	}
}

func TestBootstrapRepeats(t *testing.T) {
	first := func(rows []int) float64 { return float64(rows[0]) }
	a, b := Bootstrap(1000, 20, 3, first), Bootstrap(1000, 30, 3, first)
	if diff := cmp.Diff(a, b[:20]); diff != "" {
		t.Errorf("a resample depends on how many there are\n%s", diff)
	}
	if cmp.Equal(a, Bootstrap(1000, 20, 4, first)) {
		t.Error("another seed gave the same resamples")
	}
}

func TestInterval(t *testing.T) {
	tests := []struct {
		name, reason string
		values       []float64
		want         []float64
	}{
		{"eleven", "the 10 % and 90 % quantiles of 0 to 10", []float64{10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, []float64{1, 9}},
		{"empty", "nothing was resampled", nil, []float64{notNumber, notNumber}},
		{"NaN", "a resample failed", []float64{1, notNumber, 2}, []float64{notNumber, notNumber}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			low, high := Interval(test.values, 0.8)
			if diff := cmp.Diff(test.want, []float64{low, high}, nan); diff != "" {
				t.Errorf("%s (-want +got)\n%s", test.reason, diff)
			}
		})
	}
}
