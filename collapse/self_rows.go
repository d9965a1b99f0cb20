package collapse

import (
	"fmt"
	"math"
	"math/rand/v2"

	"synthos/dataset"
)

// What rows show beside each other, without a reference.

// mostCells is how many cells are compared exactly, at most.
const mostCells = 3_000_000

// rowCells are hashes of the cells of some rows of a part.
type rowCells struct {
	columns []int            // indices into view.space.Columns
	rows    []int            // indices into the part
	cells   [][]uint64       // [column][row]
	count   []map[uint64]int // [column]: rows with a cell
}

// cellsOf returns the hashed cells of at most n rows of p.
func (v *view) cellsOf(p *part, n int) *rowCells {
	n = min(n, p.n(), mostCells/len(v.space.Columns))
	out := &rowCells{rows: choose(rand.New(rand.NewPCG(v.in.Seed, 0xce11)), p.n(), n)}
	for i := range v.space.Columns {
		cells := v.cells(p, i)
		column, count := make([]uint64, n), make(map[uint64]int, n/4)
		for k, r := range out.rows {
			column[k] = hashCell(cells, r)
			count[column[k]]++
		}
		out.columns = append(out.columns, i)
		out.cells = append(out.cells, column)
		out.count = append(out.count, count)
	}
	return out
}

// cells returns the cells of a column of the space in p.
func (v *view) cells(p *part, column int) *dataset.Vector {
	return v.space.Columns[column].Cells(p.table)
}

// salted returns a hash of a cell that says which column it is of.
func (c *rowCells) salted(column, row int) uint64 {
	return mix(c.cells[column][row] + uint64(column)*0x9e3779b97f4a7c15)
}

// bits returns what it tells that two rows agree in a cell: -log2 of the share of rows with it.
func (c *rowCells) bits(column, row int) float64 {
	return math.Log2(float64(len(c.rows)) / float64(c.count[column][c.cells[column][row]]))
}

// oneCellApart measures the share of rows that agree with another one in all
// columns but one, though that one is told by the others, and though what they agree
// in is far more than two of so many rows share by chance: the bits of the agreement
// (Fellegi & Sunter, JASA 64, 1969) exceed twice those of the number of rows. Rows that
// were put together from few others are one cell apart in any column; contradicted
// is one: what the next column shows is taken off. The floor is what as many rows of
// the reference show.
func (v *view) oneCellApart() measurement {
	m := measurement{name: "one_cell_apart"}
	if len(v.space.Columns) < 3 || len(v.space.Columns) > mostCells/(10*MinRows) {
		return m
	}
	n := min(v.data.n(), v.ref.n())
	share, column := v.apartShare(v.data, n)
	floor := 0.0
	if v.in.Reference != nil {
		floor, _ = v.apartShare(v.ref, n)
	}
	m.add(share, floor)
	m.reason = fmt.Sprintf("%.1f %% of the rows equal another one in everything but one cell, most often %s, which contradicts it", 100*share, column)
	return m
}

// apartShare returns the share of at most n rows of p that are one cell apart from
// another in the column where most are, beyond those in the next, and that column.
func (v *view) apartShare(p *part, n int) (share float64, column string) {
	rows := v.cellsOf(p, n)
	n, d := len(rows.rows), len(rows.columns)
	told := v.toldByOthers()
	whole, all := make([]uint64, n), make([]float64, n) // of each row: the sum of its cells' hashes, and of their bits
	for k := range rows.columns {
		for r := range n {
			whole[r] += rows.salted(k, r)
			all[r] += rows.bits(k, r)
		}
	}
	needed := surprisingBits(n)
	count := make([]float64, d)
	for k := range rows.columns {
		if !told[rows.columns[k]] {
			continue
		}
		first, differing := make(map[uint64]int, n), map[uint64]bool{} // by what the other cells are
		for r := range n {
			others := whole[r] - rows.salted(k, r)
			if at, ok := first[others]; !ok {
				first[others] = r
			} else if rows.cells[k][at] != rows.cells[k][r] {
				differing[others] = true
			}
		}
		for r := range n {
			if differing[whole[r]-rows.salted(k, r)] && all[r]-rows.bits(k, r) > needed {
				count[k]++
			}
		}
	}
	order := byDescending(count)
	top := order[0]
	return (count[top] - count[order[1]]) / float64(n), v.space.Columns[rows.columns[top]].Field.Name
}

// naturalRepeats returns the share of at most n rows that equal an earlier one in all columns, but
// agree with it in no more bits than two of so many rows share by chance: rows of few levels.
func (v *view) naturalRepeats(n int) float64 {
	rows := v.cellsOf(v.data, n)
	needed := surprisingBits(len(rows.rows))
	seen, natural := map[uint64]bool{}, 0
	for r := range rows.rows {
		whole, all := uint64(0), 0.0
		for k := range rows.columns {
			whole += rows.salted(k, r)
			all += rows.bits(k, r)
		}
		if seen[whole] && all <= needed {
			natural++
		}
		seen[whole] = true
	}
	return float64(natural) / float64(len(rows.rows))
}

// mix is the finalizer of SplitMix64 (Steele et al., OOPSLA 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// nearTwins measures the share of rows that are copies of another with a little
// noise: near it, and agreeing with it in more bits than two of so many rows share by chance.
func (v *view) nearTwins(w *nearest, unit float64) measurement {
	const nearer = 0.35 // of unit
	m := measurement{name: "agreeing_rows"}
	needed, n := surprisingBits(v.data.n()), 0
	for i, b := range v.agreement(v.data, w.dataPair) {
		if b > needed && float64(w.dataData[i]) < nearer*unit {
			n++
		}
	}
	m.add(float64(n)/float64(len(w.dataPair)), 0)
	m.reason = fmt.Sprintf("%.1f %% of the rows are near another row and agree with it in more cells, or in rarer values, than chance makes", 100*m.value[0])
	return m
}

// surprisingBits is how many bits two of n rows must agree in for it to be no chance
// among all their pairs.
func surprisingBits(n int) float64 { return 2*math.Log2(float64(n)) + 6 }
