package collapse

import (
	"cmp"
	"slices"

	"synthos/encode"
	"synthos/verdict"
)

// add appends what one split shows.
func (m *measurement) add(value, floor float64) {
	m.value = append(m.value, value)
	m.floor = append(m.floor, floor)
}

// columnOf returns the name of the column that slot j is of.
func (v *view) columnOf(j int) string { return v.space.Columns[v.space.Slots[j].Column].Field.Name }

// binScores returns Space.BinScores of every slot.
func binScores(s *encode.Space) [][]float64 {
	out := make([][]float64, len(s.Slots))
	for j := range out {
		out[j] = s.BinScores(j)
	}
	return out
}

// byDescending returns the indices of x, largest value first, ties by index.
func byDescending(x []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[b], x[a]) })
	return order
}

func sortContributors(c []verdict.Contributor) {
	slices.SortStableFunc(c, func(a, b verdict.Contributor) int { return cmp.Compare(b.Damage, a.Damage) })
}
