package stats

import "math"

// MeanVar returns the mean of x and its variance with n-1 in the denominator:
// NaN and NaN if x is empty, the variance NaN if x has one entry.
//
// Source: Welford, Technometrics 4(3), 1962, which neither cancels nor
// overflows. Reference: numpy's mean and var(ddof=1).
func MeanVar(x []float64) (mean, variance float64) {
	if len(x) == 0 {
		return math.NaN(), math.NaN()
	}
	var squares float64
	for i, v := range x {
		delta := v - mean
		mean += delta / float64(i+1)
		squares += delta * (v - mean)
	}
	if len(x) == 1 {
		return mean, math.NaN()
	}
	return mean, squares / float64(len(x)-1)
}
