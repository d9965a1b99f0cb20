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
