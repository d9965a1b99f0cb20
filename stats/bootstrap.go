package stats

import (
	"math"
	"math/rand/v2"
)

// Bootstrap returns the value of statistic on each of a number of resamples.
// Each resample is n row indices drawn with replacement from 0 to n-1; the slice
// is reused, so statistic must not keep it. Resample r depends on seed and r
// alone.
//
// Source: Efron, Ann. Stat. 7(1), 1979.
func Bootstrap(n, resamples int, seed uint64, statistic func(rows []int) float64) []float64 {
	values, rows := make([]float64, resamples), make([]int, n)
	for r := range values {
		rng := rand.New(rand.NewPCG(seed, uint64(r)))
		for i := range rows {
			rows[i] = rng.IntN(n)
		}
		values[r] = statistic(rows)
	}
	return values
}

// Interval returns the central interval that holds the given share of values,
// 0 < share < 1: with the values of a Bootstrap and 0.9, the 90 % percentile
// interval of the statistic. Both ends are NaN if values is empty or holds a
// NaN: a resample that could not be measured is not left out in silence.
func Interval(values []float64, share float64) (low, high float64) {
	if len(values) == 0 || hasNaN(values) {
		return math.NaN(), math.NaN()
	}
	ends := Quantiles(values, []float64{(1 - share) / 2, (1 + share) / 2})
	return ends[0], ends[1]
}
