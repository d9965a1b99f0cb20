package localize

import (
	"cmp"
	"container/heap"
	"slices"

	"synthos/verdict"
)

// worst keeps the rows with the highest scores, of equal scores the first ones.
// What it keeps does not depend on the order in which rows come.
type worst struct {
	room int
	rows ranking
}

// wants reports whether a row of this score would be kept.
func (w *worst) wants(score float64, row int64) bool {
	return len(w.rows) < w.room || compareRows(score, row, w.rows[0].Score, w.rows[0].Row) < 0
}

// push keeps r, which the list wants, and drops the least bad row if there are too many.
func (w *worst) push(r verdict.Row) {
	heap.Push(&w.rows, r)
	if len(w.rows) > w.room {
		heap.Pop(&w.rows)
	}
}

// sorted returns the rows, worst first.
func (w *worst) sorted() []verdict.Row {
	return slices.SortedFunc(slices.Values(w.rows), func(a, b verdict.Row) int {
		return compareRows(a.Score, a.Row, b.Score, b.Row)
	})
}

// compareRows returns a negative number if the first row is worse.
func compareRows(score float64, row int64, score2 float64, row2 int64) int {
	return cmp.Or(cmp.Compare(score2, score), cmp.Compare(row, row2))
}

// ranking is a heap of rows with the least bad one on top.
type ranking []verdict.Row

func (r ranking) Len() int { return len(r) }
func (r ranking) Less(i, j int) bool {
	return compareRows(r[i].Score, r[i].Row, r[j].Score, r[j].Row) > 0
}
func (r ranking) Swap(i, j int) { r[i], r[j] = r[j], r[i] }
func (r *ranking) Push(x any)   { *r = append(*r, x.(verdict.Row)) }
func (r *ranking) Pop() any {
	last := len(*r) - 1
	x := (*r)[last]
	*r = (*r)[:last]
	return x
}
