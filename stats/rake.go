package stats

import "math"

// Rake returns, for each cell of each margin, the factor by which the rows in it are
// to be weighted so that the weighted rows have the target shares of every margin at
// once: the weight of row i is the product over the margins m of factors[m][cells[m][i]].
// The weights have mean 1, and are those nearest to equal ones (in Kullback-Leibler
// divergence) that have these shares.
//
// cells[m][i] is the cell of row i in margin m; targets[m][c] >= 0 is the share that
// cell c should have. Targets need not sum to 1. A cell without rows keeps the factor 1, and
// the others share its target in proportion. Nothing is changed. Rake panics if a margin has not a
// cell for each row. Shares that cannot be had together are met as well as sweeps allow;
// with no such conflict they are met within 1e-9 as soon as that many suffice.
// O(sweeps * margins * rows) time.
//
// Source: iterative proportional fitting, Deming & Stephan, Annals of Mathematical
// Statistics 11(4), 1940.
func Rake(cells [][]int32, targets [][]float64, sweeps int) (factors [][]float64) {
	factors = make([][]float64, len(targets))
	for m := range targets {
		factors[m] = make([]float64, len(targets[m]))
		for c := range factors[m] {
			factors[m][c] = 1
		}
	}
	if len(cells) == 0 || len(cells[0]) == 0 {
		return factors
	}
	n := len(cells[0])
	wanted := make([][]float64, len(targets))
	for m := range targets {
		sameLength(len(cells[m]), n)
		wanted[m] = reachable(cells[m], targets[m])
	}
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	for range sweeps {
		worst := 0.0
		for m := range wanted {
			has := make([]float64, len(wanted[m]))
			for i, c := range cells[m] {
				has[c] += w[i] / float64(n)
			}
			for c := range has {
				worst = max(worst, math.Abs(has[c]-wanted[m][c]))
				if has[c] > 0 {
					has[c] = wanted[m][c] / has[c]
					factors[m][c] *= has[c]
				}
			}
			for i, c := range cells[m] {
				w[i] *= has[c]
			}
		}
		if worst < 1e-9 {
			break
		}
	}
	return factors
}

// reachable returns the targets scaled to sum to 1 over the cells that have rows; 0 for
// the others. Without any, the shares are those of the rows.
func reachable(cells []int32, targets []float64) []float64 {
	share := make([]float64, len(targets))
	for _, c := range cells {
		share[c] += 1 / float64(len(cells))
	}
	sum := 0.0
	for c, t := range targets {
		if share[c] > 0 {
			sum += t
		}
	}
	if sum <= 0 {
		return share
	}
	for c, t := range targets {
		if share[c] > 0 {
			share[c] = t / sum
		}
	}
	return share
}

// EffectiveSize returns how many equally weighted rows estimate a mean as well as
// rows of weights w do: (sum w)^2 / sum w^2, len(w) if all are equal, 0 without any.
//
// Source: Kish, Survey Sampling, Wiley 1965, section 11.2.
func EffectiveSize(w []float64) float64 {
	sum, squares := 0.0, 0.0
	for _, x := range w {
		sum += x
		squares += x * x
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / squares
}

// Homogeneity returns the p-value of Pearson's chi-squared test that two samples,
// given by their counts x and y in the same cells, are of one population. Cells
// that both lack do not count; it is 1 if fewer than two are left, or if a sample is empty.
// It is exact for large counts; cells of both should hold five or more.
//
// The tail is by the cube root transformation (Wilson & Hilferty, PNAS 17(12), 1931): within
// 20 % of the p-value down to 0.001, and farther out above it.
func Homogeneity(x, y []float64) float64 {
	sameLength(len(x), len(y))
	nx, ny, cells := 0.0, 0.0, 0
	for c := range x {
		nx += x[c]
		ny += y[c]
		if x[c]+y[c] > 0 {
			cells++
		}
	}
	if cells < 2 || nx == 0 || ny == 0 {
		return 1
	}
	sum := 0.0
	for c := range x {
		if both := x[c] + y[c]; both > 0 {
			d := x[c]*math.Sqrt(ny/nx) - y[c]*math.Sqrt(nx/ny)
			sum += d * d / both
		}
	}
	df := float64(cells - 1)
	z := (math.Cbrt(sum/df) - (1 - 2/(9*df))) / math.Sqrt(2/(9*df))
	return NormalCDF(-z)
}
