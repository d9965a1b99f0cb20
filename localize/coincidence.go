package localize

import (
	"math"

	"synthos/dataset"
	"synthos/encode"
)

// coincidence measures how unlikely it is that two rows are as alike as they
// are by chance: the sum over columns of minus the logarithm of the share of
// usual cells that are as close to the first row's cell as the second's is.
//
// Agreement in a rare value says much, agreement in a frequent one nothing, and
// so do cells that differ widely. It does not depend on units.
//
// Source: the agreement weights of Fellegi & Sunter, A theory for record
// linkage, JASA 64(328), 1969.
type coincidence struct {
	columns []frequencies
}

// frequencies is what cells of a column occur how often.
type frequencies struct {
	skip   bool // the column is not looked at
	n      float64
	counts map[string]int     // nominal: rows of each level
	levels map[string]float64 // nominal: minus the logarithm of the share of each level
	ranks  ranks              // ordered: among the values
}

const (
	closeCell  = 0.05 // share of usual cells below which two cells count as alike
	alikeShare = 0.8  // share of the columns in which near duplicates are alike, at least
)

// fitCoincidence learns the cells of base. Of many columns it looks at some.
func fitCoincidence(v *view, base *rows) *coincidence {
	c := &coincidence{columns: make([]frequencies, len(v.names))}
	compared := v.compared()
	for j := range c.columns {
		f := &c.columns[j]
		if f.skip = !compared[j]; f.skip {
			continue
		}
		d := fitDomain(&v.space.Columns[j], base.columns[j], 0)
		f.n, f.ranks = float64(d.n), newRanks(d.sorted)
		if f.counts = d.counts; f.counts != nil {
			f.levels = make(map[string]float64, len(d.counts))
			for name, n := range d.counts {
				f.levels[name] = -math.Log(float64(n+1) / (f.n + 1))
			}
		}
	}
	return c
}

// alike is how alike two rows are.
type alike struct {
	nats   float64 // see coincidence
	equal  int     // columns whose cells are the same, or nearly
	differ int     // a column whose cells are not; -1 if there is none
}

// pair is a row of one table beside a row of another.
type pair struct{ i, k int }

// among returns how alike rows of a and b are, one for each pair. It goes from column to
// column, each of which stays in the cache, not from pair to pair.
func (c *coincidence) among(a, b []*dataset.Vector, pairs []pair) []alike {
	out := make([]alike, len(pairs))
	for n := range out {
		out[n].differ = -1
	}
	for j := range c.columns {
		f := &c.columns[j]
		if f.skip {
			continue
		}
		for n, p := range pairs {
			nats, same := f.between(a[j], p.i, b[j], p.k)
			out[n].nats += nats
			if same {
				out[n].equal++
			} else if out[n].differ < 0 {
				out[n].differ = j
			}
		}
	}
	return out
}

// repeated returns the nats of a row that equals row i of a, if so many of the rows that the usual
// cells were learned from do too: those say nothing about what is usual.
func (c *coincidence) repeated(a []*dataset.Vector, i, equal int) float64 {
	nats := 0.0
	for j := range c.columns {
		if f := &c.columns[j]; !f.skip && !a[j].Null[i] {
			nats -= math.Log(max(1, f.rows(a[j], i)+1-float64(equal)) / max(1, f.n+1-float64(equal)))
		}
	}
	return nats
}

// rows returns how many usual rows have a cell.
func (f *frequencies) rows(v *dataset.Vector, i int) float64 {
	switch {
	case f.levels != nil:
		return float64(f.counts[encode.Cell(v, i)])
	case v.Floats != nil:
		return float64(f.ranks.upTo(v.Floats[i]) - f.ranks.below(v.Floats[i]))
	}
	return 0
}

// between compares row i of a with row k of b.
func (c *coincidence) between(a []*dataset.Vector, i int, b []*dataset.Vector, k int) alike {
	return c.among(a, b, []pair{{i, k}})[0]
}

// between compares two cells; same says that they are equal or close.
func (f *frequencies) between(a *dataset.Vector, i int, b *dataset.Vector, k int) (nats float64, same bool) {
	switch {
	case a.Null[i] || b.Null[k]:
		return 0, a.Null[i] && b.Null[k] // what is not there tells no row from another
	case f.levels != nil:
		name := encode.Cell(a, i)
		if name != encode.Cell(b, k) {
			return 0, false
		}
		if nats, known := f.levels[name]; known {
			return nats, true
		}
		return math.Log(f.n + 1), true
	case a.Floats != nil:
		x, y := a.Floats[i], b.Floats[k]
		d := math.Abs(x - y)
		share := min(1, float64(f.ranks.upTo(x+d)-f.ranks.below(x-d)+1)/(f.n+1))
		return -math.Log(share), x == y || share < closeCell
	case a.Strings[i] == b.Strings[k]:
		return math.Log(f.n + 1), true
	}
	return 0, false
}
