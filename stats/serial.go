package stats

import (
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

// Autocorrelation returns the correlation of x with itself shifted by 0 to lags
// rows, lags+1 numbers from -1 to 1, the first 1. All are NaN if x is constant
// or has fewer than two entries. Lags of len(x) and more are 0. O(n log n) time.
//
// Every lag is divided by the variance and by n, not by the number of its
// pairs, which keeps the sequence positive definite.
//
// Source: Box & Jenkins, Time Series Analysis, 1970, ch. 2. Reference:
// statsmodels' acf(adjusted=False).
func Autocorrelation(x []float64, lags int) []float64 {
	out := make([]float64, lags+1)
	mean, variance := MeanVar(x)
	if !(variance > 0) {
		for i := range out {
			out[i] = math.NaN()
		}
		return out
	}
	// The power spectrum of the centred sequence, padded with zeros so that the
	// shifts do not wrap around, transforms back to the autocovariances.
	n := smooth(len(x) + min(lags, len(x)))
	fft := fourier.NewFFT(n)
	padded, sd := make([]float64, n), math.Sqrt(variance)
	for i, v := range x {
		padded[i] = (v - mean) / sd
	}
	spectrum := fft.Coefficients(nil, padded)
	for i, c := range spectrum {
		spectrum[i] = complex(real(c)*real(c)+imag(c)*imag(c), 0)
	}
	products := fft.Sequence(padded, spectrum)
	for lag := range min(lags+1, len(x)) {
		out[lag] = max(-1, min(1, products[lag]/products[0]))
	}
	return out
}

// smooth returns the smallest number from n on without prime factors above 5,
// for which the Fourier transform is fast.
func smooth(n int) int {
	for ; ; n++ {
		rest := n
		for _, p := range []int{2, 3, 5} {
			for rest%p == 0 {
				rest /= p
			}
		}
		if rest == 1 {
			return n
		}
	}
}

// Period is a repetition found along a sequence.
type Period struct {
	Lag         int     // rows from one repetition to the next
	Correlation float64 // autocorrelation of the ranks at that lag, -1 to 1
	PValue      float64 // chance that a sequence without a period has so high a peak
}

// Periodicity returns the dominant period of x in rows: the lag, at least 2 and
// at most a third of the sequence, at which x repeats itself best. A sequence
// that is random, sorted or wandering has no period: its p-value is large. ok is
// false if x is constant or has fewer than 12 entries. O(n log n) time.
//
// Method: the highest autocorrelation of the ranks after it first falls to what
// chance gives (so a slow trend is no period), then the smallest divisor of that
// lag that is nearly as high. The p-value takes the standard error from Bartlett's formula
// with the correlations before that fall, and multiplies by the number of lags
// tried (Bonferroni).
//
// Source: Bartlett, J. R. Stat. Soc. Suppl. 8(1), 1946.
func Periodicity(x []float64) (p Period, ok bool) {
	const shortest = 12
	n := len(x)
	if n < shortest {
		return Period{}, false
	}
	r := Autocorrelation(Ranks(x), n/3) // ranks: else two huge numbers make a peak
	if math.IsNaN(r[0]) {
		return Period{}, false
	}
	chance := 2 / math.Sqrt(float64(n))
	start, inflation := 1, 1.0
	for start < len(r) && r[start] > chance {
		inflation += 2 * r[start] * r[start]
		start++
	}
	start = max(2, start)
	if start >= len(r) {
		return Period{Lag: len(r) - 1, Correlation: r[len(r)-1], PValue: 1}, true
	}
	best := start
	for lag := start; lag < len(r); lag++ {
		if r[lag] > r[best] {
			best = lag
		}
	}
	tried := len(r) - start
	for times := best / start; times > 1; times-- {
		if lag := (best + times/2) / times; lag >= start && r[lag] >= 0.9*r[best] {
			best = lag
			break
		}
	}
	z := r[best] / math.Sqrt(inflation/float64(n))
	return Period{Lag: best, Correlation: r[best], PValue: min(1, float64(tried)*NormalCDF(-z))}, true
}
