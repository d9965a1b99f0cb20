package demo

import (
	"math"
	"math/rand/v2"
)

// shares is a categorical distribution: levels with weights that need not add
// up to 1.
type shares []struct {
	level  string
	weight float64
}

// draw returns one of the levels, each with its share of the probability.
func (s shares) draw(rng *rand.Rand) string {
	return s[drawIndex(rng, len(s), func(i int) float64 { return s[i].weight })].level
}

// drawPlan returns a plan for a customer of the given age, in years.
func drawPlan(rng *rand.Rand, age float64) *plan {
	group := 2
	if age < 30 {
		group = 0
	} else if age < 50 {
		group = 1
	}
	return &plans[drawIndex(rng, len(plans), func(i int) float64 { return plans[i].shares[group] })]
}

// drawIndex returns an i below n with a probability in proportion to weight(i),
// which is at least 0, and above 0 for some i.
func drawIndex(rng *rand.Rand, n int, weight func(int) float64) int {
	total := 0.0
	for i := range n {
		total += weight(i)
	}
	u := rng.Float64() * total
	last := 0
	for i := range n {
		w := weight(i)
		if w == 0 {
			continue
		}
		if u -= w; u < 0 {
			return i
		}
		last = i
	}
	return last // rounding used up u
}

// gamma returns a gamma variate of the given shape (> 0) and scale 1.
//
// Source: Marsaglia and Tsang, "A simple method for generating gamma
// variables", ACM TOMS 26(3), 2000, with their boost for shapes below 1.
func gamma(rng *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(rng, shape+1) * math.Pow(1-rng.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(1-rng.Float64()) < 0.5*x*x+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// poisson returns a Poisson variate of the given mean (0 to about 500), by
// multiplying uniforms until they fall below exp(-mean).
//
// Source: Knuth, The Art of Computer Programming 2, 3.4.1.
func poisson(rng *rand.Rand, mean float64) float64 {
	limit := math.Exp(-mean)
	k, p := 0, rng.Float64()
	for p > limit {
		k++
		p *= rng.Float64()
	}
	return float64(k)
}

// cents rounds a sum of dollars to cents.
func cents(x float64) float64 { return math.Round(100*x) / 100 }
