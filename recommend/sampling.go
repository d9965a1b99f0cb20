package recommend

import (
	"fmt"
	"slices"
	"strings"

	"synthos/dataset"
	"synthos/sketch"
	"synthos/stats"
)

const (
	sweeps     = 100  // over all margins
	mostWeight = 5    // times the mean from which weights are trimmed
	leastLeft  = 0.25 // share of the rows that must stay, and that the weights must be worth
	leastMoved = 0.05 // in total variation: by less no row is worth going
)

// sampling says with which probability a row stays, so that what stays has the
// reference's shares of the columns and kinds in which the data are shifted.
//
// The weights are raked: of all weights with these margins those nearest to equal ones, as
// importance weights under a shift of covariates are wanted (Shimodaira, J. Statistical
// Planning and Inference 90(2), 2000), trimmed at five times the mean as in surveys
// (DeBell & Krosnick, ANES Technical Report nes012427, 2009). A row of weight w stays with
// probability min(1, w/limit): rejection sampling (von Neumann, 1951), but for what there is less
// of than usual, which is for restore_modes to add.
//
// Rows are sampled and not written with a weight: few trainers take weights, no format has
// a place for them, a row drawn twice would be a duplicate, and what was written can be judged
// as it stands.
type sampling struct {
	margins   []margin
	limit     float64
	effective float64 // rows that the weights are worth, as a share
	stays     float64 // share of the rows
	words     []string
	seed      uint64
}

// sampled returns the sampling of t against the donors, so that the other half of the
// reference judges. Of the table that it was last asked about it is not learned again.
func (v *view) sampled(t *dataset.Table) *sampling {
	if v.sampledOf != t {
		v.sampledOf, v.sampledM = t, v.sampling(t, v.donors)
	}
	return v.sampledM
}

// sampling learns from rows of the data, against real rows; nil if nothing is
// over-represented beyond chance, or so much that sampling would leave too few rows.
func (v *view) sampling(data, real *dataset.Table) *sampling {
	if v.encoded().Width == 0 || data.Rows() < minRows || real.Rows() < minRows {
		return nil
	}
	d, r := v.coded(data), v.coded(real)
	s := &sampling{margins: v.margins(&d, &r), seed: v.in.Seed}
	if len(s.margins) == 0 {
		return nil
	}
	cells, wanted := make([][]int32, len(s.margins)), make([][]float64, len(s.margins))
	for k := range s.margins {
		m := &s.margins[k]
		cells[k], wanted[k] = make([]int32, d.codes.N), m.wanted
		for i := range cells[k] {
			cells[k][i] = m.cell[d.of(i, m.slot)]
		}
	}
	for k, factor := range stats.Rake(cells, wanted, sweeps) {
		s.margins[k].factor = factor
	}
	w := s.weights(&d)
	s.effective = stats.EffectiveSize(w) / float64(len(w))
	if s.effective < leastLeft || !s.choose(w) {
		return nil
	}
	s.say(v, &r)
	return s
}

// weights returns the weight of each row.
func (s *sampling) weights(c *coded) []float64 {
	w := make([]float64, c.codes.N)
	for i := range w {
		w[i] = 1
		for k := range s.margins {
			m := &s.margins[k]
			w[i] *= m.factor[m.cell[c.of(i, m.slot)]]
		}
		w[i] = min(w[i], mostWeight)
	}
	return w
}

// choose sets the limit from which rows all stay: the weight that is usual among the rows that
// are wanted, so that what there is too much of goes, and not all else because something is
// rare. It reports whether enough is gained and left.
func (s *sampling) choose(w []float64) bool {
	sorted := slices.Clone(w)
	slices.Sort(sorted)
	half, sum := total(w)/2, 0.0
	for _, s.limit = range sorted {
		if sum += s.limit; sum >= half {
			break
		}
	}
	kept := make([]float64, len(w))
	for i, x := range w {
		kept[i] = min(1, x/s.limit)
	}
	s.stays = total(kept) / float64(len(w))
	wanted := shares(w)
	even := slices.Repeat([]float64{1 / float64(len(w))}, len(w))
	moved := stats.TVD(even, wanted) - stats.TVD(shares(kept), wanted)
	return s.stays >= leastLeft && moved >= leastMoved
}

// say puts what there is too much of in words, worst first.
func (s *sampling) say(v *view, real *coded) {
	var words []string
	var points []float64
	for k := range s.margins {
		what, much := s.margins[k].over(v, real)
		words, points = append(words, what), append(points, much)
	}
	for _, k := range descending(points) {
		s.words = append(s.words, words[k])
	}
}

// leaves returns of each row of t whether it goes. It depends on the cells of the row, on its
// number and on the seed alone.
func (s *sampling) leaves(v *view, t *dataset.Table) []bool {
	c := v.coded(t)
	out := make([]bool, t.Rows())
	for i, w := range s.weights(&c) {
		chance := float64(sketch.Mix(uint64(t.RowIDs[i])^sketch.Mix(s.seed^0x5a3))>>11) / (1 << 53)
		out[i] = chance*s.limit >= w
	}
	return out
}

// columns names the columns whose shares are wrong.
func (s *sampling) columns(v *view) []string {
	var out []string
	for k := range s.margins {
		if slot := s.margins[k].slot; slot >= 0 {
			name := v.space.Columns[v.space.Slots[slot].Column].Field.Name
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// detail says what is done, in sentences.
func (s *sampling) detail() string {
	return fmt.Sprintf("Keep %.0f %% of the rows, drawn by raked weights, which are worth %.0f %% of the rows, so that kinds have the shares of the reference. There is too much of: %s.",
		100*s.stays, 100*s.effective, strings.Join(s.words[:min(4, len(s.words))], "; "))
}
