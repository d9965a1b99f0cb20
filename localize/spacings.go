package localize

import (
	"math"

	"synthos/stats"
)

const (
	spacingGroups = 3 // up to so many rows that are all much more like a row than others are
	spacingAfter  = 3 // the how manieth match after them tells how like others are
)

// spacings tell rows that are much more alike than the next ones are, in data that have
// nothing to be compared with. Of many rows, the nats of the best matches are the largest
// of a sample, with a tail that falls about exponentially; then the nats between the
// m-th best and the one three after it are, in units of that tail's scale, minus the
// logarithm of a number with a beta distribution (m, 3). If most rows have no near
// duplicate, the median tells the scale.
//
// Source: Rényi, On the theory of order statistics, Acta Math. Hung. 4, 1953.
type spacings struct {
	scale [spacingGroups]float64 // nats; 0 = such a match is never better than those after it
	rows  int                    // among which matches are looked for
}

// fitSpacings learns the scales from what was found for the rows of the data among so
// many rows.
func fitSpacings(own []found, rows int) *spacings {
	s := &spacings{rows: max(1, rows)}
	for m := range s.scale {
		d := make([]float64, len(own))
		for i := range own {
			d[i] = own[i].spacing(m)
		}
		s.scale[m] = stats.Quantile(d, 0.5) / spacingMedian(m)
	}
	return s
}

// strength returns minus the logarithm of the chance of the most unlikely spacing after a match
// that is alike in most of the columns, but no more than that of such a match itself among
// all rows; 0 if there is none.
func (s *spacings) strength(f *found, columns int) float64 {
	out := 0.0
	for m, scale := range s.scale {
		if m >= len(f.matches) || float64(f.matches[m].equal) < alikeShare*float64(columns) {
			break
		}
		if d := f.spacing(m); d > 0 && scale > 0 {
			out = max(out, min(s.surprise(&f.matches[m]), -math.Log(spacingGroups*spacingChance(m, d/scale))))
		}
	}
	return out
}

// surprise returns minus the logarithm of the chance of such a match among all rows, if half of the
// information in the columns is independent.
func (s *spacings) surprise(m *match) float64 { return m.nats/2 - math.Log(float64(s.rows)) }

// spacing returns the nats between match m, counted from 0, and the one that is
// spacingAfter later, or the last one.
func (f *found) spacing(m int) float64 {
	if m >= len(f.matches) {
		return 0
	}
	return f.matches[m].nats - f.matches[min(m+spacingAfter, len(f.matches)-1)].nats
}

// spacingChance returns the probability of at least the spacing d after match m: that of m+1
// or more of m+1+2 exponential numbers beyond d.
func spacingChance(m int, d float64) float64 {
	n, x, sum := m+spacingAfter, math.Exp(-d), 0.0
	for k := m + 1; k <= n; k++ {
		sum += binomial(n, k) * math.Pow(x, float64(k)) * math.Pow(1-x, float64(n-k))
	}
	return sum
}

func binomial(n, k int) float64 {
	out := 1.0
	for i := range k {
		out = out * float64(n-i) / float64(i+1)
	}
	return out
}

// spacingMedian returns the spacing that half of the spacings after match m are below.
func spacingMedian(m int) float64 {
	low, high := 0.0, 50.0
	for range 60 {
		if mid := (low + high) / 2; spacingChance(m, mid) > 0.5 {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}
