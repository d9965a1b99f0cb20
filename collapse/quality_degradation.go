package collapse

import (
	"fmt"
	"math"

	"synthos/dataset"
	"synthos/encode"
	"synthos/stats"
	"synthos/text"
	"synthos/verdict"
)

var qualityDegradation = Dimension{
	Name:      "quality_degradation",
	About:     "a model trained on the data does worse on real rows; cells are corrupt, impossible or missing",
	Reference: measureQuality,
	Self:      selfQuality,
}

func measureQuality(v *view) ([]measurement, error) {
	out := textQuality(v)
	u, err := v.utilities()
	if err != nil {
		return nil, err
	}
	if m := v.utilityLost(u); len(m.value) > 0 {
		out = append(out, m)
	}
	invalid := measurement{name: "invalid_rows"}
	invalid.add(invalidRows(v.data.table, v.space), invalidRows(v.ref.table, v.space))
	invalid.reason = fmt.Sprintf("%.1f %% of the rows have a cell that cannot be read as its column's type", 100*invalid.value[0])
	garbled := measurement{name: "garbled_rows"}
	garbled.add(garbledRows(v.data.table, v.space), garbledRows(v.ref.table, v.space))
	garbled.reason = fmt.Sprintf("%.1f %% of the rows hold characters that were decoded wrongly", 100*garbled.value[0])
	domain := measurement{name: "out_of_domain_rows"}
	nulls := measurement{name: "null_rows"}
	manifold := measurement{name: "off_manifold_rows"}
	for k, s := range v.splits {
		domain.add(v.outOfDomain(v.data, s.d, s.a), v.outOfDomain(v.ref, s.b, s.a))
		nulls.add(v.nullRows(v.data.codes, s.d, s.a), v.nullRows(v.ref.codes, s.b, s.a))
		if k < v.effort.costly && v.distancesTell() {
			x, y, err := v.offManifold(k)
			if err != nil {
				return nil, err
			}
			manifold.add(x, y)
		}
	}
	domain.reason = fmt.Sprintf("%.1f %% of the rows hold a value or level far outside the reference (%.1f %% of real rows)", 100*mean(domain.value), 100*mean(domain.floor))
	nulls.reason = fmt.Sprintf("%.1f %% of the rows have more nulls than all but 1 %% of the real rows", 100*mean(nulls.value))
	out = append(out, invalid, garbled, domain, nulls)
	if len(manifold.value) > 0 {
		manifold.reason = fmt.Sprintf("%.1f %% of the rows lie where there are (nearly) no real rows", 100*mean(manifold.value))
		out = append(out, manifold)
	}
	return out, nil
}

// utilityLost measures how much of its skill a model loses that is trained on
// the data instead of the reference, on held-out real rows, as a mean over the
// columns that can be predicted.
func (v *view) utilityLost(u *utility) measurement {
	m := measurement{name: "utility_lost"}
	perTarget := make([]float64, len(u.targets))
	var chances []float64
	chance := u.chance()
	for _, s := range u.splits {
		sum, n, squares := 0.0, 0.0, 0.0
		for t := range u.targets {
			real, data := s.realOnReal[t], s.dataOnReal[t]
			if !(real >= leastSkill+chance[t]) || math.IsNaN(data) {
				continue // of skills that are there by chance the next model loses as much
			}
			loss := min(1, (real-data)/max(real, solidSkill)) // gains by chance cancel losses by chance
			perTarget[t] += loss / float64(len(u.splits))
			sum += loss
			squares += square(chance[t] / max(real, solidSkill))
			n++
		}
		if n > 0 {
			m.add(max(0, sum/n), 0)
			chances = append(chances, squares/(n*n))
		}
	}
	// Two standard deviations of the mean of what two models of as good data lose: chance is that of a
	// skill on half of the test rows, and most of it is common to models that are tested on the same
	// rows. What few rows teach differs too.
	m.chance = (0.9 + 100/float64(v.rows())) * math.Sqrt(mean(chances))
	if len(m.value) == 0 {
		return m
	}
	order := byDescending(perTarget)
	for _, t := range order[:min(3, len(order))] {
		if perTarget[t] > 0.05 {
			m.contributors = append(m.contributors, verdict.Contributor{
				Columns: []string{v.columnOf(u.targets[t])},
				Detail:  fmt.Sprintf("a model trained on the data loses %.0f %% of its skill on real rows", 100*perTarget[t]),
				Damage:  verdict.Number(perTarget[t] / scaleOf(ReferenceMode, m.name).PerDamage),
			})
		}
	}
	m.reason = fmt.Sprintf("models trained on the data lose %.0f %% of their skill on real rows, most of all for %s", 100*mean(m.value), v.columnOf(u.targets[order[0]]))
	return m
}

func square(x float64) float64 { return x * x }

// invalidRows returns the share of rows with a cell that could not be read.
func invalidRows(t *dataset.Table, s *encode.Space) float64 {
	bad := map[int]bool{}
	for i := range s.Columns {
		for _, cell := range s.Columns[i].Cells(t).Invalid {
			bad[cell.Row] = true
		}
	}
	return float64(len(bad)) / float64(t.Rows())
}

// garbledRows returns the share of rows with a cell that holds replacement
// characters, control characters or text decoded with the wrong encoding.
func garbledRows(t *dataset.Table, s *encode.Space) float64 {
	bad := make([]bool, t.Rows())
	for i := range s.Columns {
		cells := s.Columns[i].Cells(t)
		for r, x := range cells.Strings {
			if !bad[r] && !cells.Null[r] && text.Garbled(x) {
				bad[r] = true
			}
		}
	}
	return shareOf(bad)
}

// outOfDomain returns the share of the rows of p with a level that the rows a of
// the reference do not have, or a value further outside them than a step of theirs.
func (v *view) outOfDomain(p *part, rows, a []int) float64 {
	bad := make([]bool, len(rows))
	for i := range v.space.Columns {
		c := &v.space.Columns[i]
		switch {
		case c.Text():
		case c.Nominal():
			q := sharesOf(v.ref.codes, a, c.Slot)
			for k, r := range rows {
				if code := p.codes.Data[r*p.codes.D+c.Slot]; code != 0 && q[code] == 0 {
					bad[k] = true
				}
			}
		default:
			low, high := domainOf(v.cells(v.ref, i), a)
			cells := v.cells(p, i)
			for k, r := range rows {
				if !cells.Null[r] && (cells.Floats[r] < low || cells.Floats[r] > high) {
					bad[k] = true
				}
			}
		}
	}
	return shareOf(bad)
}

// domainOf returns how far the values of some rows reach, and a step further: what
// lies between their median and their extreme, by the normal score of the extreme.
// It depends on no other row, so that held-out rows of the reference are as far outside as
// any other sample of the same population.
func domainOf(cells *dataset.Vector, rows []int) (low, high float64) {
	var x []float64
	for _, r := range rows {
		if !cells.Null[r] {
			x = append(x, cells.Floats[r])
		}
	}
	if len(x) == 0 {
		return math.Inf(-1), math.Inf(1)
	}
	q := stats.Quantiles(x, []float64{0, 0.5, 1})
	extreme := stats.NormalQuantile(1 - 1/float64(len(x)+2))
	return q[0] - (q[1]-q[0])/extreme, q[2] + (q[2]-q[1])/extreme
}

// nullRows returns the share of the rows with more nulls than 99 in 100 of the
// rows a of the reference.
func (v *view) nullRows(c *encode.Codes, rows, a []int) float64 {
	nulls := func(c *encode.Codes, r int) (n int) {
		for _, code := range c.Row(r) {
			if code == 0 {
				n++
			}
		}
		return n
	}
	usual := make([]int, c.D+1) // rows with so many nulls
	for _, r := range a {
		usual[nulls(v.ref.codes, r)]++
	}
	limit, n := usualNulls(usual, len(a)), 0
	for _, r := range rows {
		if nulls(c, r) > limit {
			n++
		}
	}
	return float64(n) / float64(len(rows))
}

// usualNulls returns how many nulls all but 1 % of the rows have at most, by the counts of rows
// with so many: not fewer because a row less than usual was drawn, so that about 1 % are allowed for
// by a standard deviation.
func usualNulls(counts []int, rows int) int {
	more := 0.0 // the share of the rows with more
	for k := len(counts) - 1; k > 0; k-- {
		more += float64(counts[k]) / float64(rows)
		if more+math.Sqrt(more*(1-more)/float64(rows)) > 0.01 {
			return k
		}
	}
	return 0
}

// offManifold returns for split k the share of rows of d, and of b, that are further from
// the rows a of the reference than 99 in 100 real rows are from the others.
func (v *view) offManifold(k int) (d, b float64, err error) {
	s := &v.splits[k]
	fa := v.ref.features.Take(s.a)
	usual, err := v.neighbourhoods(k)
	if err != nil {
		return 0, 0, err
	}
	sorted := make([]float64, fa.N)
	for i := range sorted {
		sorted[i] = float64(usual[i*recallNeighbors])
	}
	limit := stats.Quantile(sorted, 0.99)
	far := func(f *encode.Features, lookUp finder) (float64, error) {
		_, dist, err := lookUp(f, fa, 1, false)
		return 1 - shareUpTo(dist, limit), err
	}
	if d, err = far(v.data.features.Take(s.d), v.lookUp); err != nil {
		return 0, 0, err
	}
	b, err = far(v.ref.features.Take(s.b), v.known)
	return d, b, err
}
