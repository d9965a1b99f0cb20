package localize

import (
	"math"
	"slices"
	"sort"
)

// channel is one kind of evidence that a witness gives.
type channel struct {
	name      string
	dimension string // the dimension that rows of this kind hurt
	vague     bool   // another channel of the same witness, as suspicious, says more
	rest      bool   // fitted on the rows that no other channel accuses: it shows what others name better
	null      null
	curve     suspicion // fitted by the judge
}

// leastAccused is the suspicion from which a row beyond the sample is heard, if the
// channel can make a row suspicious enough to be reported. Below, it is far from
// that, whatever other witnesses say.
const leastAccused = 0.1

// from returns the least strength that is worth a hearing, +Inf if none is: the
// data then do not show this kind of damage clearly more often than good rows do.
func (c *channel) from() float64 {
	if n := len(c.curve.value); n == 0 || c.curve.value[n-1] < reportAt {
		return math.Inf(1)
	}
	for i, v := range c.curve.value {
		if v >= leastAccused {
			return c.curve.at[i]
		}
	}
	return math.Inf(1)
}

// accuses reports whether any of the channels holds something against some row.
func accuses(list []*channel) bool {
	return slices.ContainsFunc(list, func(c *channel) bool { return !math.IsInf(c.from(), 1) })
}

// null returns the probability that a good row is at least as strong as s.
type null func(s float64) float64

// sureness is by how many standard deviations counts are taken to be off: good
// rows are said to be as strong, and those of the data as weak, as such an error allows.
const sureness = 2

// among returns the null that good rows show.
func among(good []float64) null {
	sorted := slices.Clone(good)
	slices.Sort(sorted)
	n := len(sorted)
	return func(s float64) float64 {
		c := float64(n-sort.SearchFloat64s(sorted, s)) + 1
		return min(1, c*math.Exp(sureness/math.Sqrt(c))/float64(n+1))
	}
}

// scaled returns a null that is chance times as large: by how much more often
// good rows would show it in the data than among themselves.
func scaled(n null, chance float64) null {
	return func(s float64) float64 { return min(1, chance*n(s)) }
}

// besides returns a null where, beside chance, a share of the rows of healthy data is as strong
// as can be.
func besides(share float64, chance null) null {
	return func(s float64) float64 {
		if s <= 0 {
			return 1
		}
		return share + (1-share)*chance(s)
	}
}

// amongWithTail is among for strengths without an upper end: beyond the
// strongest good row the null falls exponentially, by the mean excess of the upper
// 1 %, or by 1 if that is more: the strengths are about minus the logarithm of a
// probability.
//
// Source: the peaks-over-threshold model of Pickands, Ann. Stat. 3(1), 1975, with
// shape 0.
func amongWithTail(good []float64) null {
	counted := among(good)
	sorted := slices.Clone(good)
	slices.Sort(sorted)
	n := len(sorted)
	top := max(10, n/100)
	if n <= 2*top {
		return counted
	}
	last, scale := sorted[n-1], max(1, meanExcess(sorted, n-top))
	return func(s float64) float64 {
		if s <= last {
			return counted(s)
		}
		return counted(s) * math.Exp((last-s)/scale)
	}
}

// meanExcess returns by how much the ascending numbers from sorted[from] on
// exceed the one before, on average.
func meanExcess(sorted []float64, from int) float64 {
	sum := 0.0
	for _, s := range sorted[from:] {
		sum += s - sorted[from-1]
	}
	return sum / float64(len(sorted)-from)
}

// bulk returns a null for data without good rows: the lower 95 % of the data
// themselves are taken to be good, and the tail is continued as the part from 80 %
// to 95 % falls.
func bulk(data []float64) null {
	sorted := slices.Clone(data)
	slices.Sort(sorted)
	n := len(sorted)
	q80, q95 := sorted[n*80/100], sorted[n*95/100]
	scale := (q95 - q80) / math.Log(4)
	return func(s float64) float64 {
		if s <= q95 {
			return 1
		}
		if scale == 0 {
			return 0.05
		}
		return 0.05 * math.Exp((q95-s)/scale)
	}
}

// never is the null of what does not happen to good rows.
func never(s float64) float64 {
	if s > 0 {
		return 0
	}
	return 1
}

// anything is the null where nothing is known of good rows: they may be as strong as can be.
func anything(float64) float64 { return 1 }

// byTheory is the null of strengths that are minus the logarithm of a
// probability, the smallest of as many as tries. scale is by how much the strengths are
// too large, at least 1.
func byTheory(tries int, scale float64) null {
	return func(s float64) float64 {
		if s <= 0 {
			return 1
		}
		return min(1, float64(tries)*math.Exp(-s/scale))
	}
}

// overconfidence returns by how much strengths that should be minus the logarithm
// of a probability are too large, by their upper quartile, at least 1.
func overconfidence(strengths []float64) float64 {
	sorted := slices.Clone(strengths)
	slices.Sort(sorted)
	return max(1, sorted[len(sorted)*3/4]/math.Log(4))
}

// suspicion maps strengths to 1 minus the local false-discovery rate.
type suspicion struct {
	at    []float64 // ascending strengths
	value []float64 // suspicion of strengths from at[i] on, ascending
}

// fitSuspicion compares the strengths that the data show with the null.
//
// As the strength falls, the share of good rows at least as strong (x) and the
// same share of the data (y) grow from 0 to 1. The slope of the least concave
// majorant of that curve is how much denser the data are than good rows.
// Its inverse is the local false-discovery rate, if no row of the data is known
// to be good.
//
// Sources: Efron, Large-scale simultaneous hypothesis testing, JASA 99, 2004;
// the majorant is Grenander's estimator, as in Strimmer, A unified approach to false
// discovery rate estimation, BMC Bioinformatics 9, 2008.
func fitSuspicion(data []float64, good null) suspicion {
	sorted := slices.Clone(data)
	slices.Sort(sorted)
	n := len(sorted)
	type point struct{ x, y, s float64 }
	hull := []point{{s: math.Inf(1)}}
	for i := n - 1; i >= 0; i-- {
		if i > 0 && sorted[i] == sorted[i-1] {
			continue
		}
		c := float64(n - i)
		p := point{good(sorted[i]), c * math.Exp(-sureness/math.Sqrt(c)) / float64(n), sorted[i]}
		for len(hull) > 1 {
			a, b := hull[len(hull)-2], hull[len(hull)-1]
			if (b.y-a.y)*(p.x-b.x) > (p.y-b.y)*(b.x-a.x) {
				break
			}
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, p)
	}
	var c suspicion
	for k := len(hull) - 1; k > 0; k-- {
		v := 0.0
		if rise := hull[k].y - hull[k-1].y; rise > 0 {
			v = 1 - (hull[k].x-hull[k-1].x)/rise
		}
		c.at, c.value = append(c.at, hull[k].s), append(c.value, min(1, max(0, v)))
	}
	return c
}

// of returns the suspicion of strength s, 0-1.
func (c *suspicion) of(s float64) float64 {
	i := sort.Search(len(c.at), func(k int) bool { return c.at[k] > s })
	if i == 0 {
		return 0
	}
	return c.value[i-1]
}
