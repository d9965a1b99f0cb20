package templates

import (
	"cmp"
	"math"
	"slices"
)

// told is what it tells, in bits, that rows agree in a column.
type told struct {
	column int
	bits   float64
}

// follows knows how much the columns of some rows follow from each other: rows of one family have
// the same father and mother, and rides of one fare and tip the same total.
type follows struct {
	rows   *Rows
	values [][]int32          // [column][row]: number of the cell's value; nil if not yet numbered
	order  [][]int            // [column]: the rows by these numbers
	seen   []int              // of each value, while pairs are counted
	same   map[[2]int]float64 // by two columns: see alsoAgree
}

func newFollows(rows *Rows) *follows {
	d := len(rows.Cells)
	return &follows{rows: rows, values: make([][]int32, d), order: make([][]int, d), seen: make([]int, rows.n()), same: map[[2]int]float64{}}
}

// mostTold is how many columns are looked at, those that tell most: it bounds the work on wide tables.
const mostTold = 40

// bits returns what it tells that rows agree in all of some columns, which it sorts: of
// one column all its bits, of each further one no more than what rows that agree in one
// before it leave open. It stops at enough.
func (f *follows) bits(agreed []told, enough float64) float64 {
	slices.SortFunc(agreed, func(a, b told) int {
		return cmp.Or(cmp.Compare(b.bits, a.bits), cmp.Compare(a.column, b.column))
	})
	sum := 0.0
	for i, x := range agreed[:min(mostTold, len(agreed))] {
		bits := x.bits
		for _, before := range agreed[:i] {
			bits = min(bits, -math.Log2(f.alsoAgree(before.column, x.column)))
		}
		if sum += bits; sum >= enough {
			break
		}
	}
	return sum
}

// alsoAgree estimates the probability that two rows that agree in column k agree in
// column other too: the mean over the values of k, so that few values of many rows are
// not all that counts, and as if further values had shown no agreement at all, since a
// handful of values is no rule.
func (f *follows) alsoAgree(k, other int) float64 {
	const further = 50
	if p, known := f.same[[2]int{k, other}]; known {
		return p
	}
	x, y := f.numbered(k), f.numbered(other)
	sum, values := 0.0, 0
	for rows := f.order[k]; len(rows) > 0; {
		n, pairs := 0, 0
		for ; n < len(rows) && x[rows[n]] == x[rows[0]]; n++ {
			pairs += f.seen[y[rows[n]]]
			f.seen[y[rows[n]]]++
		}
		for _, i := range rows[:n] {
			f.seen[y[i]] = 0
		}
		if n > 1 {
			sum += float64(pairs) / float64(n*(n-1)/2)
			values++
		}
		rows = rows[n:]
	}
	p := max(sum/float64(values+further), 1e-9)
	f.same[[2]int{k, other}] = p
	return p
}

// numbered returns the numbers of the values of column k, in the order of their first rows.
func (f *follows) numbered(k int) []int32 {
	if f.values[k] == nil {
		number := make(map[uint64]int32, len(f.rows.Count[k]))
		f.values[k] = make([]int32, f.rows.n())
		for i, h := range f.rows.Cells[k] {
			n, ok := number[h]
			if !ok {
				n = int32(len(number))
				number[h] = n
			}
			f.values[k][i] = n
			f.order[k] = append(f.order[k], i)
		}
		slices.SortStableFunc(f.order[k], func(a, b int) int { return cmp.Compare(f.values[k][a], f.values[k][b]) })
	}
	return f.values[k]
}
