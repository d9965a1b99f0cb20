package collapse

import (
	"cmp"
	"slices"

	"synthos/verdict"
)

// add appends what one split shows.
func (m *measurement) add(value, floor float64) {
	m.value = append(m.value, value)
	m.floor = append(m.floor, floor)
}

// columnOf returns the name of the column that slot j is of.
func (v *view) columnOf(j int) string { return v.space.Columns[v.space.Slots[j].Column].Field.Name }

// binScores returns Space.BinScores of slot j, kept.
func (v *view) binScores(j int) []float64 {
	if v.scores == nil {
		v.scores = make([][]float64, len(v.space.Slots))
	}
	if v.scores[j] == nil {
		v.scores[j] = v.space.BinScores(j)
	}
	return v.scores[j]
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
