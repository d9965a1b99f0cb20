package demo

import (
	"math"
	"slices"

	"synthos/dataset"
)

func nullShare(t *dataset.Table, col int) float64 {
	n := 0
	for _, null := range t.Columns[col].Null {
		if null {
			n++
		}
	}
	return float64(n) / float64(t.Rows())
}

func mean(t *dataset.Table, col int) float64 {
	sum := 0.0
	for _, x := range t.Columns[col].Floats {
		sum += x
	}
	return sum / float64(t.Rows())
}

// tail returns the share of x that is above limit.
func tail(x []float64, limit float64) float64 {
	n := 0
	for _, v := range x {
		if v > limit {
			n++
		}
	}
	return float64(n) / float64(len(x))
}

func quantile(t *dataset.Table, col int, q float64) float64 {
	x := slices.Clone(t.Columns[col].Floats)
	slices.Sort(x)
	return x[int(q*float64(len(x)-1))]
}

// entropy returns the plug-in entropy of a column of strings, in nats.
func entropy(t *dataset.Table, col int) float64 {
	counts := map[string]int{}
	for _, s := range t.Columns[col].Strings {
		counts[s]++
	}
	h := 0.0
	for _, c := range counts {
		p := float64(c) / float64(t.Rows())
		h -= p * math.Log(p)
	}
	return h
}

// distinct returns how many different strings a column has for each one that
// is not null.
func distinct(t *dataset.Table, col int) float64 {
	seen := map[string]bool{}
	n := 0
	for i, s := range t.Columns[col].Strings {
		if !t.Columns[col].Null[i] {
			seen[s] = true
			n++
		}
	}
	return float64(len(seen)) / float64(n)
}

// churnAt returns the share of churned customers among those with a
// satisfaction of low to high.
func churnAt(t *dataset.Table, low, high float64) float64 {
	n, churned := 0.0, 0.0
	for i, s := range t.Columns[colSatisfaction].Floats {
		if !t.Columns[colSatisfaction].Null[i] && s >= low && s <= high {
			n++
			churned += t.Columns[colChurned].Floats[i]
		}
	}
	return churned / n
}

// correlation returns Pearson's r.
func correlation(x, y []float64) float64 {
	n := float64(len(x))
	var mx, my, xx, yy, xy float64
	for i := range x {
		mx += x[i] / n
		my += y[i] / n
	}
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
		xy += (x[i] - mx) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}
