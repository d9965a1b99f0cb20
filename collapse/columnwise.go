package collapse

import (
	"cmp"
	"math"
	"slices"

	"synthos/stats"
)

// columnwise holds a statistic of single columns: what the data show, and the
// floor, of each column on each split.
type columnwise struct{ value, floor [][]float64 }

func newColumnwise(columns int) *columnwise {
	return &columnwise{make([][]float64, columns), make([][]float64, columns)}
}

// add appends what one split shows of column j.
func (c *columnwise) add(j int, value, floor float64) {
	c.value[j] = append(c.value[j], value)
	c.floor[j] = append(c.floor[j], floor)
}

// excess returns by how much each column exceeds its floor, on average.
func (c *columnwise) excess() []float64 {
	out := make([]float64, len(c.value))
	for j := range out {
		out[j] = mean(c.value[j]) - mean(c.floor[j])
	}
	return out
}

// fewColumns is up to how many columns each is judged by its own noise alone. The scales
// are of tables of no more.
const fewColumns = 60

// worst adds to m, split by split, the largest excess of a column among those that
// are asked for, beyond its own floor and noise. The largest value less the largest
// floor would hide a column of few levels behind one of many, whose floor is high. The worst
// of many columns is far out by chance: of n, as far as one in 2n lies above.
//
// Of hundreds of columns some have, by chance, next to no noise on so few splits, and
// distances have longer tails than the normal distribution. So the more columns beyond
// fewColumns, the more their noise is that of the columns like them, pooled, and the
// floor of m the same maximum over the reference's own splits, each held against the others.
func (c *columnwise) worst(m *measurement, among func(j int) bool) {
	var columns []int
	for j := range c.value {
		if among(j) && len(c.value[j]) > 0 {
			columns = append(columns, j)
		}
	}
	if len(columns) == 0 {
		return
	}
	many := max(0, 1-fewColumns/float64(len(columns)))
	limits := c.limits(columns, many, -1)
	for k := range c.value[columns[0]] {
		m.add(largest(c.value, columns, k, limits), 0)
		if splits := len(c.floor[columns[0]]); many > 0 && splits > 1 {
			m.floor[k] = many * largest(c.floor, columns, k, c.limits(columns, many, k))
		}
	}
}

// largest returns by how much x[j][k] exceeds the limit of column j, at most; 0 if none does.
func largest(x [][]float64, columns []int, k int, limits []float64) float64 {
	out := 0.0
	for i, j := range columns {
		out = max(out, x[j][k]-limits[i])
	}
	return out
}

// limits returns for each of the columns how far it may be out by chance, judged by the
// floors of all splits but one, or by all if without is -1. many is by how much a column
// shares the noise of those whose floors are nearest.
func (c *columnwise) limits(columns []int, many float64, without int) []float64 {
	means, noise := make([]float64, len(columns)), make([]float64, len(columns))
	for i, j := range columns {
		floor := c.floor[j]
		if without >= 0 {
			floor = slices.Delete(slices.Clone(floor), without, without+1)
		}
		means[i], noise[i] = mean(floor), deviation(floor)
	}
	if many > 0 {
		share(noise, means, many)
	}
	width := max(2, stats.NormalQuantile(1-0.5/float64(len(columns))))
	for i := range means {
		means[i] += width * noise[i]
	}
	return means
}

// share moves each of the standard deviations by the share many to that of fewColumns whose
// means are nearest.
func share(noise, means []float64, many float64) {
	n := len(noise)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(means[a], means[b]) })
	sums := make([]float64, n+1) // of the variances of the first columns in that order
	for k, i := range order {
		sums[k+1] = sums[k] + square(noise[i])
	}
	for k, i := range order {
		from := max(0, min(k-fewColumns/2, n-fewColumns))
		pooled := max(0, sums[from+fewColumns]-sums[from]) / fewColumns
		noise[i] = math.Sqrt((1-many)*square(noise[i]) + many*pooled)
	}
}
