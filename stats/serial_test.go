package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// course makes n numbers; at is called with the row and a standard normal number.
func course(n int, seed uint64, at func(i int, noise float64) float64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 0))
	x := make([]float64, n)
	for i := range x {
		x[i] = at(i, rng.NormFloat64())
	}
	return x
}

func TestPeriodicityFindsPlantedPeriods(t *testing.T) {
	template := course(100, 99, func(_ int, noise float64) float64 { return noise })
	tests := []struct {
		name, reason string
		want, within int
		x            []float64
	}{
		{"template repeated", "100 random rows, again and again", 100, 0, course(2000, 1, func(i int, _ float64) float64 { return template[i%100] })},
		{"template under noise", "a third of the variance is the template's", 37, 0, course(3000, 2, func(i int, noise float64) float64 { return template[i%37] + 1.4*noise })},
		{"alternating", "the shortest period there is", 2, 0, course(500, 3, func(i int, noise float64) float64 { return float64(i%2) + 0.3*noise })},
		{"wave", "the top of a slow wave is flat: 51 correlates as 50 does to 1 %", 50, 1, course(2000, 4, func(i int, noise float64) float64 { return math.Sin(2*math.Pi*float64(i)/50) + 0.5*noise })},
		{"every tenth", "one row in ten is marked", 10, 0, course(1000, 5, func(i int, _ float64) float64 {
			if i%10 == 0 {
				return 1
			}
			return 0
		})},
		{"on a trend", "a slow rise hides the period from the first lags", 24, 0, course(2400, 6, func(i int, noise float64) float64 {
			return float64(i)/2400 + 2*math.Sin(2*math.Pi*float64(i)/24) + 0.3*noise
		})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Periodicity(test.x)
			if !ok || max(got.Lag-test.want, test.want-got.Lag) > test.within || got.PValue > 1e-6 {
				t.Errorf("%s: got %+v, want lag %d and a small p-value", test.reason, got, test.want)
			}
		})
	}
}

// Sequences without a period may seem to have one as rarely as the p-value says:
// 200 runs at 0.05 give more than 19 with a chance of 0.2 %.
func TestPeriodicityDoesNotInvent(t *testing.T) {
	state := 0.0
	tests := []struct {
		name, reason string
		at           func(i int, noise float64) float64
	}{
		{"noise", "independent rows", func(_ int, noise float64) float64 { return noise }},
		{"heavy tails", "a few huge numbers", func(_ int, noise float64) float64 { return noise * noise * noise * noise * noise }},
		{"sorted", "rows in ascending order", func(i int, _ float64) float64 { return float64(i) }},
		{"autoregressive", "neighbours are alike, nothing repeats", func(_ int, noise float64) float64 { state = 0.8*state + noise; return state }},
		{"walk", "a random walk wanders, and returns by chance", func(i int, noise float64) float64 {
			if i == 0 {
				state = 0
			}
			state += noise
			return state
		}},
		{"blocks", "the first half differs from the second", func(i int, noise float64) float64 { return float64(i/250) + 0.1*noise }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := 0
			for seed := range uint64(200) {
				if p, ok := Periodicity(course(500, seed, test.at)); ok && p.PValue < 0.05 {
					found++
				}
			}
			if found > 19 {
				t.Errorf("%s: %d of 200 sequences seem to have a period", test.reason, found)
			}
		})
	}
}

func TestPeriodicityNotMeasured(t *testing.T) {
	tests := []struct {
		name, reason string
		x            []float64
	}{
		{"short", "three repetitions need more rows", make([]float64, 11)},
		{"constant", "nothing repeats where nothing changes", make([]float64, 100)},
		{"NaN", "a null that slipped in must show", append(make([]float64, 20), math.NaN())},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if p, ok := Periodicity(test.x); ok {
				t.Errorf("%s: got %+v", test.reason, p)
			}
		})
	}
}
