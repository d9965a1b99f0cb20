package stats

import "math"

// TVD returns the total variation distance of p and q: half the sum of their
// absolute differences, 0 if they are equal, 1 if they share no support.
//
// p and q are histograms over the same k bins, each of length k, without
// negative entries, each summing to 1. TVD returns NaN if k is 0.
func TVD(p, q []float64) float64 {
	sameLength(len(p), len(q))
	if len(p) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for i := range p {
		sum += math.Abs(p[i] - q[i])
	}
	return sum / 2
}

// relative returns a ln(a/b), and its limit 0 at a = 0.
func relative(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return a * math.Log(a/b)
}

// Entropy returns the Shannon entropy of p in nats: 0 if all mass is in one
// bin, ln k if k bins share it evenly.
//
// p holds weights, not negative; they need not sum to 1. Entropy returns NaN if
// they sum to 0.
//
// Source: Shannon, Bell Syst. Tech. J. 27, 1948. Reference: scipy's entropy.
func Entropy(p []float64) float64 {
	total := 0.0
	for _, v := range p {
		total += v
	}
	if total == 0 {
		return math.NaN()
	}
	h := 0.0
	for _, v := range p {
		h -= relative(v/total, 1)
	}
	return max(0, h)
}

// GoodTuring returns the estimated coverage of a sample: the probability that
// the next draw is of a kind that was seen already, 0-1.
//
// counts[i] >= 0 is how often kind i was drawn; kinds never drawn may be left
// out. GoodTuring returns NaN if nothing was drawn.
//
// Source: Good, Biometrika 40, 1953: one minus the share of draws that were
// alone of their kind.
func GoodTuring(counts []int) float64 {
	draws, singles := 0, 0
	for _, c := range counts {
		draws += c
		if c == 1 {
			singles++
		}
	}
	return 1 - float64(singles)/float64(draws)
}
