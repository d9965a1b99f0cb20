package localize

import (
	"fmt"
	"math"

	"synthos/sketch"
)

// lackDesign is the share of the rows with nulls from which a combination of null columns is
// one by design.
const lackDesign = 0.05

// lacks judges the null cells of rows without a reference: whether a row lacks more cells than
// if every column lacked its cells by itself. Columns that lack cells together by design, as
// parts of a questionnaire do, lack them in few combinations, which many rows share.
type lacks struct {
	counts   []bool          // by column: it lacks less than half of its cells
	strength []float64       // of a row that lacks so many of these cells: minus the logarithm of the chance of it
	design   map[uint64]bool // combinations of null columns that many rows share
}

func fitLacks(r *rows) *lacks {
	l := &lacks{counts: make([]bool, len(r.columns)), design: map[uint64]bool{}}
	chance := []float64{1} // that a row lacks exactly so many cells
	for j, v := range r.columns {
		p := float64(count(v.Null)-len(v.Invalid)) / float64(r.n())
		if l.counts[j] = p < 0.5; !l.counts[j] {
			continue
		}
		chance = append(chance, 0)
		for k := len(chance) - 1; k >= 0; k-- {
			chance[k] *= 1 - p
			if k > 0 {
				chance[k] += p * chance[k-1]
			}
		}
	}
	l.strength = make([]float64, len(chance))
	atLeast := 0.0
	for k := len(chance) - 1; k >= 2; k-- { // one null is no burst
		atLeast += chance[k]
		l.strength[k] = -math.Log(max(1e-300, min(1, atLeast)))
	}
	rows, lacking := map[uint64]int{}, 0
	n, which := l.missing(r)
	for i, h := range which {
		if n[i] > 0 {
			rows[h]++
			lacking++
		}
	}
	for h, n := range rows {
		if float64(n) >= max(2, lackDesign*float64(lacking)) {
			l.design[h] = true
		}
	}
	return l
}

// missing returns how many of the cells that count each row lacks, and a hash of which.
func (l *lacks) missing(r *rows) (n []int, which []uint64) {
	n, which = make([]int, r.n()), make([]uint64, r.n())
	for j, v := range r.columns {
		if !l.counts[j] {
			continue
		}
		h := sketch.Mix(uint64(j) + 1)
		for i, null := range v.Null {
			if null {
				n[i]++
				which[i] += h
			}
		}
		for _, bad := range v.Invalid { // it is there, if unreadable
			n[bad.Row]--
			which[bad.Row] -= h
		}
	}
	return n, which
}

// strengths writes the strength of each row of r to out.
func (l *lacks) strengths(r *rows, out []float64) {
	n, which := l.missing(r)
	for i := range out {
		if out[i] = l.strength[n[i]]; l.design[which[i]] {
			out[i] = 0
		}
	}
}

// say describes a row that lacks cells of the named columns, of so many.
func (l *lacks) say(names string, lacking, columns int) string {
	return fmt.Sprintf("null in %d of %d columns: %s; if each column lacked its cells by itself, that would be a chance of %s",
		lacking, columns, names, chance(l.strength[min(lacking, len(l.strength)-1)]))
}
