package collapse

import (
	"fmt"
	"math"
	"slices"

	"synthos/stats"
)

// What the joint distribution shows by itself, without a reference.

// selfSpectrum looks for what real tables hardly have: relations that are linear
// throughout, directions without any variance, columns that nothing else tells about.
func selfSpectrum(v *view) ([]measurement, error) {
	out := measured(v.tooRegular(), v.flatDirections(), v.loneColumns())
	if len(out) == 0 {
		return nil, fmt.Errorf("too few columns or rows to see their structure; needs a reference")
	}
	return out, nil
}

// tooRegular measures whether the numerical columns hang together as a Gaussian
// copula makes them: 1 if the normal scores of every two of them scatter evenly around
// a straight line, 0 if curvature and uneven scatter are as large as in real tables,
// where the median pair shows bent or more. Generators that model correlations alone
// leave nothing else.
//
// For normal scores x and y of correlation r, the residual y-r*x is uncorrelated
// with x^2-1 if the line is straight, and its square if the scatter is even. Both
// correlations are estimated, squared, and freed of what chance adds to a square, 1/n.
func (v *view) tooRegular() measurement {
	const (
		bent      = 0.05
		dependent = 0.1 // least correlation of a pair that says something
		mostPairs = 400
	)
	m := measurement{name: "too_regular"}
	scores := v.normalScores()
	var squares []float64
	n := float64(v.data.n())
	for i := range scores {
		for j := range scores {
			if i == j || len(squares) >= mostPairs {
				continue
			}
			x, y := scores[i], scores[j]
			r := stats.Pearson(x, y)
			if !(math.Abs(r) >= dependent) {
				continue
			}
			residual, squared, quadratic := make([]float64, len(x)), make([]float64, len(x)), make([]float64, len(x))
			for k := range x {
				e := y[k] - r*x[k]
				residual[k], squared[k], quadratic[k] = e, e*e, x[k]*x[k]-1
			}
			curve, scatter := stats.Pearson(residual, quadratic), stats.Pearson(squared, quadratic)
			if square := (curve*curve + scatter*scatter) / 2; !math.IsNaN(square) {
				squares = append(squares, square)
			}
		}
	}
	if len(squares) < 2 {
		return m
	}
	// Chance makes the square of a straight pair 1/n, give or take 1/n: what may be bent is not too regular.
	effect := math.Sqrt(max(0, stats.Quantile(squares, 0.5)+1/n))
	m.add(1-min(1, effect/bent), 0)
	m.reason = fmt.Sprintf("the numerical columns hang together in straight lines with even scatter only (bend %.3f, in real tables %.2f or more), as a Gaussian copula makes them", effect, bent)
	return m
}

// normalScores returns the normal scores of the ordered columns with many
// different values, by the ranks of their own cells, 0 where a cell is null.
func (v *view) normalScores() [][]float64 {
	var out [][]float64
	for _, c := range v.numbers() {
		different := map[float64]bool{}
		for _, x := range c.known {
			different[x] = true
		}
		if len(c.known) < leastCells || 10*len(c.known) < 7*len(c.cells.Null) || len(different) < leastValues {
			continue
		}
		z := make([]float64, len(c.cells.Null))
		for k, rank := range stats.Ranks(c.known) {
			z[c.rows[k]] = stats.NormalQuantile((rank - 0.5) / float64(len(c.known)))
		}
		out = append(out, z)
	}
	return out
}

// flatDirections measures the share of the directions of the numerical columns in
// which there is (nearly) no variance: eigenvalues of their correlation matrix below
// a thousandth of the mean. One of them is allowed for: real tables hold totals beside
// their parts. Nulls are filled with the mean.
func (v *view) flatDirections() measurement {
	m := measurement{name: "flat_directions"}
	var columns [][]float64
	for _, c := range v.numbers() {
		center, variance := stats.MeanVar(c.known)
		if len(c.known) < leastCells || !(variance > 0) || math.IsInf(variance, 0) {
			continue
		}
		x := make([]float64, len(c.cells.Null))
		for k, r := range c.rows {
			x[r] = (c.known[k] - center) / math.Sqrt(variance)
		}
		columns = append(columns, x)
	}
	d := min(len(columns), spectralFeatures)
	if d < 3 {
		return m
	}
	n := v.data.n()
	x := make([]float64, n*d)
	for j := range d {
		for i := range n {
			x[i*d+j] = columns[j*len(columns)/d][i]
		}
	}
	flat := 0
	for _, e := range stats.SymmetricEigenvalues(stats.Correlation(x, n, d), d) {
		if e < 1e-3 {
			flat++
		}
	}
	m.add(max(0, float64(flat)-1)/float64(d), 0)
	m.reason = fmt.Sprintf("the %d numerical columns vary in only %d directions", d, d-flat)
	return m
}

// loneColumns measures the share of columns that hang together with no other one
// more than chance: no pair of theirs has a Cramer's V above what independent
// columns show in about one of a thousand pairs: n V^2 (k-1), for tables of k*k cells,
// scatters around 0 with the standard deviation of chi-squared, sqrt(2) (k-1).
func (v *view) loneColumns() measurement {
	const weak = 0.1 // associations that must show, or that none does says nothing
	lone := math.Sqrt(3 * math.Sqrt2 / float64(v.rows()))
	m := measurement{name: "lone_columns"}
	p := v.pairs()
	if len(p.slots) < 4 || lone > weak {
		return m
	}
	n, name, seen := 0, "", 0
	for x := range p.slots {
		if v.space.Columns[v.space.Slots[p.slots[x]].Column].Text() {
			continue // what a text is about need not show in its other columns
		}
		seen++
		most := 0.0
		for y := range p.slots {
			if y != x {
				most = max(most, p.v[x][y])
			}
		}
		if most < lone && !v.together(p, x, lone) {
			n++
			name = v.columnOf(p.slots[x])
		}
	}
	if seen < 4 {
		return m
	}
	m.add(float64(max(0, n-1))/float64(seen), 0) // one may be by nature: a weight, a number that was drawn
	m.reason = fmt.Sprintf("%d of %d columns, such as %s, hang together with no other", n, seen, name)
	return m
}

// mostPartners is how many columns that are not among the pairs are looked through for a partner.
const mostPartners = 1000

// together reports whether a column that has no partner among those whose pairs are
// compared has one among the others: with a Cramer's V of at least the given one.
func (v *view) together(p *pairs, x int, least float64) bool {
	var others []int
	for j := range v.space.Slots {
		if !slices.Contains(p.slots, j) {
			others = append(others, j)
		}
	}
	rows, table := v.splits[0].a, make([]float64, pairGroups*pairGroups)
	for _, j := range head(others, mostPartners) {
		contingency(table, p.ref[x], grouped(v.ref.codes, j, p.groups[j]), rows)
		if cramersV(table, len(rows)) >= least {
			return true
		}
	}
	return false
}
