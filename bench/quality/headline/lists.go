package headline

import (
	"math"
	"slices"
)

// where returns the entries that hold, in order.
func where(list []judged, holds func(judged) bool) []judged {
	var out []judged
	for _, j := range list {
		if holds(j) {
			out = append(out, j)
		}
	}
	return out
}

// values returns a number of every entry.
func values(list []judged, get func(judged) float64) []float64 {
	out := make([]float64, len(list))
	for i, j := range list {
		out[i] = get(j)
	}
	return out
}

// namesOf returns the different names of the entries, sorted.
func namesOf(list []judged, name func(judged) string) []string {
	var out []string
	for _, j := range list {
		out = append(out, name(j))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// groups returns the entries that belong to a group, group by group, both in
// the order of their first entries.
func groups(list []judged, key func(judged) (name string, belongs bool)) [][]judged {
	var out [][]judged
	at := map[string]int{}
	for _, j := range list {
		name, belongs := key(j)
		if !belongs {
			continue
		}
		i, known := at[name]
		if !known {
			i = len(out)
			at[name] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], j)
	}
	return out
}

// keepFirst files j under its source unless there is one already.
func keepFirst(bySource map[string]judged, j judged) {
	if _, taken := bySource[j.Source]; !taken {
		bySource[j.Source] = j
	}
}

func ratio(n, of int) float64 {
	if of == 0 {
		return math.NaN()
	}
	return float64(n) / float64(of)
}

// known returns the numbers that are not NaN.
func known(x []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(x), math.IsNaN)
}

// mean returns the mean of the numbers that are not NaN, NaN if there are none.
func mean(x []float64) float64 {
	x = known(x)
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// median returns the middle one of the numbers that are not NaN, between two
// their mean, NaN if there are none.
func median(x []float64) float64 {
	x = known(x)
	slices.Sort(x)
	n := len(x)
	if n == 0 {
		return math.NaN()
	}
	return (x[(n-1)/2] + x[n/2]) / 2
}
