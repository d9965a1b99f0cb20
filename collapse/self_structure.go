package collapse

import (
	"fmt"
	"math"

	"synthos/encode"
	"synthos/stats"
)

// What the joint distribution shows by itself, without a reference.

// selfSpectrum looks for what real tables hardly have: relations that are linear
// throughout, directions without any variance, columns that nothing else tells about.
func selfSpectrum(v *view) ([]measurement, error) {
	var out []measurement
	regular, err := v.tooRegular()
	if err != nil {
		return nil, err
	}
	for _, m := range []measurement{regular, v.flatDirections(), v.loneColumns()} {
		if len(m.value) > 0 {
			out = append(out, m)
		}
	}
	if ms, err := v.weakened(measureSpectrum, "association_lost"); err == nil {
		out = append(out, ms...)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("too few columns or rows to see their structure; needs a reference, or predictions of the networks")
	}
	return out, nil
}

// tooRegular measures whether the numerical columns hang together in straight
// lines only: 1 if a forest predicts none of them better than a linear model of
// the normal scores does, 0 if it explains at least asMuch more of the variance of
// one. Generators that model correlations (Gaussian copulas, factor models) leave
// nothing else; real tables have interactions.
func (v *view) tooRegular() (measurement, error) {
	const asMuch = 0.08
	m := measurement{name: "too_regular"}
	rows := head(v.splits[0].d, v.effort.forest)
	half := len(rows) / 2
	train, test := rows[:0:0], rows[:0:0]
	for i, r := range rows {
		if i%2 == 0 {
			train = append(train, r)
		} else {
			test = append(test, r)
		}
	}
	if half < 5*minRows {
		return m, nil
	}
	most, seen := 0.0, 0
	for _, slot := range v.targets() {
		if v.space.Slots[slot].Nominal || v.space.Slots[slot].Card < 10 {
			continue
		}
		task := v.newTask(slot, 0)
		known := func(rows []int) *encode.Codes { return v.data.codes.Take(task.knownAmong(v.data.codes, rows)) }
		a, b := known(train), known(test)
		if a.N < 2*minRows || b.N < 2*minRows {
			continue
		}
		linear, ok := v.linearSkill(&task, task.knownAmong(v.data.codes, train), task.knownAmong(v.data.codes, test))
		if !ok {
			continue
		}
		curved, _ := task.test(task.train(v.ctx, a), b)
		if v.ctx.Err() != nil {
			return m, v.ctx.Err()
		}
		if max(linear, curved) < leastSkill {
			continue // nothing predicts it, so no form of relation shows
		}
		seen++
		most = max(most, curved-linear)
	}
	if seen < 2 {
		return m, nil
	}
	m.add(1-min(1, most/asMuch), 0)
	m.reason = fmt.Sprintf("all relations between the %d numerical columns that can be predicted are straight lines: a forest explains at most %.1f %% more than a linear model", seen, 100*max(0, most))
	return m, nil
}

// knownAmong returns those of the rows of c whose target is neither null nor invalid.
func (t *task) knownAmong(c *encode.Codes, rows []int) []int {
	var out []int
	last := uint16(c.Cards[t.slot] - 1)
	for _, r := range rows {
		if code := c.Data[r*c.D+t.slot]; code != 0 && code != last {
			out = append(out, r)
		}
	}
	return out
}

// linearSkill returns R2 on the test rows of a ridge regression of the target's
// normal score on the features of the other columns.
func (v *view) linearSkill(t *task, train, test []int) (skill float64, ok bool) {
	own := &v.space.Columns[v.space.Slots[t.slot].Column]
	design := func(rows []int) (x []float64, d int) {
		for _, r := range rows {
			row := v.data.features.Row(r)
			for j, z := range row {
				if j < own.Offset || j >= own.Offset+own.Width {
					x = append(x, float64(z))
				}
			}
		}
		return x, v.data.features.D - own.Width
	}
	x, d := design(train)
	if d == 0 || d > 400 {
		return 0, false
	}
	w, intercept, ok := stats.Ridge(x, len(train), d, t.truth(v.data.codes.Take(train)), 0.01)
	if !ok {
		return 0, false
	}
	y := t.truth(v.data.codes.Take(test))
	x, _ = design(test)
	_, variance := stats.MeanVar(y)
	if variance == 0 {
		return 0, false
	}
	sum := 0.0
	for i := range y {
		p := intercept
		for j, z := range x[i*d : (i+1)*d] {
			p += w[j] * z
		}
		sum += (y[i] - p) * (y[i] - p)
	}
	return 1 - sum/float64(len(y))/variance, true
}

// flatDirections measures the share of the directions of the numerical columns in
// which there is (nearly) no variance: eigenvalues of their correlation matrix below
// a thousandth of the mean. Nulls are filled with the mean.
func (v *view) flatDirections() measurement {
	m := measurement{name: "flat_directions"}
	var columns [][]float64
	for i := range v.space.Columns {
		c := &v.space.Columns[i]
		cells := &v.data.table.Columns[v.data.table.Schema.Index(c.Field.Name)]
		if c.Text() || c.Nominal() || cells.Floats == nil {
			continue
		}
		var known []float64
		for r, null := range cells.Null {
			if !null {
				known = append(known, cells.Floats[r])
			}
		}
		if len(known) < leastCells {
			continue
		}
		center, variance := stats.MeanVar(known)
		if !(variance > 0) || math.IsInf(variance, 0) {
			continue
		}
		x := make([]float64, len(cells.Null))
		for r, null := range cells.Null {
			if !null {
				x[r] = (cells.Floats[r] - center) / math.Sqrt(variance)
			}
		}
		columns = append(columns, x)
	}
	d := min(len(columns), spectralFeatures)
	if d < 3 {
		return m
	}
	n := v.data.n()
	x := make([]float64, n*d)
	for j := range d {
		for i := range n {
			x[i*d+j] = columns[j*len(columns)/d][i]
		}
	}
	flat := 0
	for _, e := range stats.SymmetricEigenvalues(stats.Correlation(x, n, d), d) {
		if e < 1e-3 {
			flat++
		}
	}
	m.add(float64(flat)/float64(d), 0)
	m.reason = fmt.Sprintf("the %d numerical columns vary in only %d directions", d, d-flat)
	return m
}

// loneColumns measures the share of columns that hang together with no other one
// more than chance: no pair of theirs has a Cramer's V of lone.
func (v *view) loneColumns() measurement {
	const lone = 0.03
	m := measurement{name: "lone_columns"}
	p := v.pairs()
	if len(p.slots) < 4 {
		return m
	}
	n, name := 0, ""
	for x := range p.slots {
		most := 0.0
		for y := range p.slots {
			if y != x {
				most = max(most, p.v[x][y])
			}
		}
		if most < lone {
			n++
			name = v.columnOf(p.slots[x])
		}
	}
	m.add(float64(n)/float64(len(p.slots)), 0)
	m.reason = fmt.Sprintf("%d of %d columns, such as %s, hang together with no other", n, len(p.slots), name)
	return m
}
