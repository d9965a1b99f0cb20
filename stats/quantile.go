package stats

import "math"

// Quantile returns the p-quantile of x, 0 <= p <= 1: linear interpolation
// between the two nearest order statistics (type 7 of Hyndman & Fan). It returns
// NaN if x is empty and panics if p is outside 0-1.
//
// Source: Hyndman & Fan, Am. Stat. 50(4), 1996. Reference: R's quantile and
// numpy's, both by default.
func Quantile(x []float64, p float64) float64 {
	return quantile(sorted(x), p)
}

// Quantiles returns the quantiles of x at each of ps, as Quantile does, sorting
// only once.
func Quantiles(x, ps []float64) []float64 {
	x = sorted(x)
	out := make([]float64, len(ps))
	for i, p := range ps {
		out[i] = quantile(x, p)
	}
	return out
}

func quantile(sorted []float64, p float64) float64 {
	if !(p >= 0 && p <= 1) {
		panic("stats: quantile outside 0-1")
	}
	if undefined(sorted) {
		return math.NaN()
	}
	h := p * float64(len(sorted)-1)
	lo := int(h)
	if lo == len(sorted)-1 {
		return sorted[lo]
	}
	a, b, t := sorted[lo], sorted[lo+1], h-float64(lo)
	if a == b || t == 0 {
		return a
	}
	return a*(1-t) + b*t
}

// NormalQuantile returns the p-quantile of the standard normal distribution:
// minus infinity at 0, plus infinity at 1, NaN outside 0-1. The relative error
// is below 1e-13 for p from 1e-300 to 1-1e-16.
//
// Method: math.Erfinv in the middle; in the tails, where 2p-1 rounds to -1,
// Newton's method on the logarithm of math.Erfc, from the tail's asymptote.
// Reference: scipy's ndtri.
func NormalQuantile(p float64) float64 {
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0:
		return math.Inf(-1)
	case p > 0.5:
		return -NormalQuantile(1 - p) // 1-p is exact for p >= 0.5
	case p > 0.02:
		return math.Sqrt2 * math.Erfinv(2*p-1)
	}
	t := -2 * math.Log(p)
	z := math.Sqrt(t - math.Log(2*math.Pi*t)) // the quantile is -z
	for range 5 {
		tail := math.Erfc(z/math.Sqrt2) / 2
		density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
		z += math.Log(tail/p) * tail / density
	}
	return -z
}

// NormalCDF returns the probability that a standard normal variable is at most
// z. Reference: scipy's ndtr.
func NormalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }
