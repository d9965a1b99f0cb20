package collapse

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
	rows   *rowCells
	values [][]int32   // [column][row]: number of the cell's value; nil if not yet numbered
	same   [][]float64 // [column][other]: see alsoAgree; 0 if not yet known
}

func newFollows(rows *rowCells) *follows {
	d := len(rows.columns)
	f := &follows{rows: rows, values: make([][]int32, d), same: make([][]float64, d)}
	for k := range f.same {
		f.same[k] = make([]float64, d)
	}
	return f
}

// bits returns what it tells that rows agree in all of some columns, which it sorts: of
// one column all its bits, of each further one no more than what rows that agree in one
// before it leave open.
func (f *follows) bits(agreed []told) float64 {
	slices.SortFunc(agreed, func(a, b told) int {
		return cmp.Or(cmp.Compare(b.bits, a.bits), cmp.Compare(a.column, b.column))
	})
	sum := 0.0
	for i, x := range agreed {
		bits := x.bits
		for _, before := range agreed[:i] {
			bits = min(bits, -math.Log2(f.alsoAgree(before.column, x.column)))
		}
		sum += bits
	}
	return sum
}

// alsoAgree estimates the probability that two rows that agree in column k agree in
// column other too: the mean over the values of k, so that few values of many rows are
// not all that counts, and as if further values had shown no agreement at all, since a
// handful of values is no rule.
func (f *follows) alsoAgree(k, other int) float64 {
	const further = 50
	if p := f.same[k][other]; p > 0 {
		return p
	}
	x, y := f.numbered(k), f.numbered(other)
	byValue := make([]int, len(x))
	for i := range byValue {
		byValue[i] = i
	}
	slices.SortFunc(byValue, func(a, b int) int {
		return cmp.Or(cmp.Compare(x[a], x[b]), cmp.Compare(y[a], y[b]), cmp.Compare(a, b))
	})
	sum, values := 0.0, 0
	for at := 0; at < len(byValue); {
		end, pairs, run := at+1, 0, 1
		for ; end < len(byValue) && x[byValue[end]] == x[byValue[at]]; end++ {
			if y[byValue[end]] == y[byValue[end-1]] {
				pairs += run // with each of the rows of this run so far
				run++
			} else {
				run = 1
			}
		}
		if n := end - at; n > 1 {
			sum += float64(pairs) / float64(n*(n-1)/2)
			values++
		}
		at = end
	}
	f.same[k][other] = max(sum/float64(values+further), 1e-9)
	return f.same[k][other]
}

// numbered returns the numbers of the values of column k, in the order of their first rows.
func (f *follows) numbered(k int) []int32 {
	if f.values[k] == nil {
		number := make(map[uint64]int32, len(f.rows.count[k]))
		f.values[k] = make([]int32, len(f.rows.rows))
		for i, h := range f.rows.cells[k] {
			n, ok := number[h]
			if !ok {
				n = int32(len(number))
				number[h] = n
			}
			f.values[k][i] = n
		}
	}
	return f.values[k]
}
