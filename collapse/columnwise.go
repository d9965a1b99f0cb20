package collapse

import "synthos/stats"

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

// worst adds to m, split by split, the largest excess of a column among those that
// are asked for, beyond its own floor and noise. The largest value less the largest
// floor would hide a column of few levels behind one of many, whose floor is high. The worst
// of many columns is far out by chance: of n, as far as one in 2n lies above.
func (c *columnwise) worst(m *measurement, among func(j int) bool) {
	n := 0
	for j := range c.value {
		if among(j) && len(c.value[j]) > 0 {
			n++
		}
	}
	width := max(2, stats.NormalQuantile(1-0.5/float64(max(1, n))))
	for j := range c.value {
		if !among(j) {
			continue
		}
		floor := mean(c.floor[j]) + width*deviation(c.floor[j])
		for k, x := range c.value[j] {
			if k == len(m.value) {
				m.add(0, 0)
			}
			m.value[k] = max(m.value[k], x-floor)
		}
	}
}
