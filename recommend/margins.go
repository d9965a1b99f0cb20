package recommend

import (
	"fmt"
	"math"
	"slices"

	"synthos/dataset"
	"synthos/encode"
	"synthos/stats"
)

const (
	leastInCell  = 10    // rows of the sample, and of the reference, that a cell of a margin has
	cellsOfBins  = 10    // cells that the bins of an ordered column are joined to, about
	maxMargins   = 12    // margins that are raked
	beyondChance = 3     // standard deviations of the share of a cell from that of the reference
	byChance     = 0.001 // share of healthy tables in which chance makes a margin
)

// margin is a partition of all rows into cells, by a column or by kinds of rows, whose
// shares in the data are not those of the reference, beyond chance.
type margin struct {
	slot   int       // of the space; -1 = the kinds of rows
	cell   []int32   // of each code, or kind; 0 = the rest: what one side has hardly any of; 1 = as usual
	data   []float64 // share of each cell
	wanted []float64 // the reference's, among the cells but the rest, which stays as it is
	factor []float64 // of the weight of a row, by cell
}

// coded are the rows of a table as margins and regions read them.
type coded struct {
	codes    *encode.Codes
	features *encode.Features
	kind     []int32 // of each row
}

func (v *view) coded(t *dataset.Table) coded {
	f := v.encoded().Features(t)
	return coded{v.space.Codes(t), f, stats.NearestCentroid(f.Data, f.N, f.D, v.kinds().centroids)}
}

// of returns the code of a row in a slot; in slot -1 its kind.
func (c *coded) of(row, slot int) int {
	if slot < 0 {
		return int(c.kind[row])
	}
	return int(c.codes.Row(row)[slot])
}

// margins returns the margins in which data are shifted most against real rows, in
// the order of the slots.
func (v *view) margins(data, real *coded) []margin {
	var found []margin
	var shift []float64
	tests := float64(len(v.space.Slots) + 1)
	for slot := -1; slot < len(v.space.Slots); slot++ {
		card, ordered := v.kinds().n, false
		if slot >= 0 {
			card, ordered = v.space.Slots[slot].Card, !v.space.Slots[slot].Nominal
		}
		d, r := counted(data, slot, card), counted(real, slot, card)
		cell, n := cellsOf(d, r, ordered)
		if n < 3 { // the rest, and one
			continue
		}
		dn, rn := joined(d, cell, n), joined(r, cell, n)
		if stats.Homogeneity(dn[1:], rn[1:]) >= byChance/tests {
			continue
		}
		n = asUsual(cell, dn, rn)
		d, r = joined(d, cell, n), joined(r, cell, n)
		m := margin{slot: slot, cell: cell, data: shares(d)}
		m.wanted = shares(append([]float64{0}, r[1:]...))
		for c := range m.wanted {
			m.wanted[c] *= 1 - m.data[0]
		}
		m.wanted[0] = m.data[0]
		found = append(found, m)
		shift = append(shift, stats.TVD(m.data, m.wanted))
	}
	most := descending(shift)
	most = most[:min(len(most), maxMargins)]
	slices.Sort(most)
	out := make([]margin, len(most))
	for i, at := range most {
		out[i] = found[at]
	}
	return out
}

// counted returns how many rows have each code of a slot.
func counted(c *coded, slot, card int) []float64 {
	n := make([]float64, card)
	for i := range c.codes.N {
		n[c.of(i, slot)]++
	}
	return n
}

// cellsOf partitions codes, given how many rows of the data and of the reference have
// them. Levels are cells if both sides have enough of them; neighbouring bins are joined until they do.
func cellsOf(data, real []float64, ordered bool) (cell []int32, n int) {
	cell = make([]int32, len(data))
	n = 1
	enough := func(code int) bool { return min(data[code], real[code]) >= leastInCell }
	if !ordered {
		for code := range cell {
			if enough(code) {
				cell[code] = int32(n)
				n++
			}
		}
		return cell, n
	}
	if enough(0) { // null
		cell[0] = int32(n)
		n++
	}
	least := max(leastInCell, total(real)/cellsOfBins)
	first, d, r := n, 0.0, 0.0
	for code := 1; code < len(cell)-1; code++ {
		cell[code] = int32(n)
		d, r = d+data[code], r+real[code]
		if d >= leastInCell && r >= least {
			n, d, r = n+1, 0, 0
		}
	}
	for code := range cell { // the last bins are too few
		if int(cell[code]) == n {
			cell[code] = int32(n - 1)
			if n == first {
				cell[code] = 0
			}
		}
	}
	return cell, n
}

// asUsual joins the cells but the rest whose shares alone may be those of the reference, so that
// chance moves no weights. It returns how many cells are left.
func asUsual(cell []int32, data, real []float64) int {
	p, q := shares(append([]float64{0}, data[1:]...)), shares(append([]float64{0}, real[1:]...))
	nd, nr := total(data[1:]), total(real[1:])
	to, n := make([]int32, len(p)), 2
	for c := 1; c < len(p); c++ {
		both := (data[c] + real[c]) / (nd + nr)
		to[c] = 1
		if math.Abs(p[c]-q[c]) > beyondChance*math.Sqrt(both*(1-both)*(1/nd+1/nr)) {
			to[c] = int32(n)
			n++
		}
	}
	for code := range cell {
		cell[code] = to[cell[code]]
	}
	return n
}

func total(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum
}

func joined(byCode []float64, cell []int32, n int) []float64 {
	out := make([]float64, n)
	for code, x := range byCode {
		out[cell[code]] += x
	}
	return out
}

func shares(counts []float64) []float64 {
	out, sum := make([]float64, len(counts)), total(counts)
	for c, x := range counts {
		out[c] = x / max(1, sum)
	}
	return out
}

// over says what there is too much of by the margin, and how many points of share too much.
func (m *margin) over(v *view, real *coded) (words string, points float64) {
	worst := min(2, len(m.data)-1)
	for c := worst; c < len(m.data); c++ {
		if m.data[c]-m.wanted[c] > m.data[worst]-m.wanted[worst] {
			worst = c
		}
	}
	what := ""
	if m.slot < 0 {
		var rows []int
		for i, kind := range real.kind {
			if int(m.cell[kind]) == worst {
				rows = append(rows, i)
			}
		}
		what = "rows like " + v.describe(real.codes, rows)
	} else {
		low := slices.Index(m.cell, int32(worst))
		high := low
		for high+1 < len(m.cell) && int(m.cell[high+1]) == worst {
			high++
		}
		what = v.space.Slots[m.slot].Name + " " + v.space.Span(m.slot, uint16(low), uint16(high))
	}
	return fmt.Sprintf("%s (%.0f %% here, %.0f %% wanted)", what, 100*m.data[worst], 100*m.wanted[worst]), m.data[worst] - m.wanted[worst]
}
