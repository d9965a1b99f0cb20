package collapse

import (
	"fmt"
	"math"

	"synthos/encode"
	"synthos/stats"
	"synthos/verdict"
)

var gradientPathology = Dimension{
	Name:      "gradient_pathology",
	About:     "rows pull a model against what the real data teach: wrong labels, contradictions",
	Reference: measureGradients,
	Self:      selfGradients,
}

func measureGradients(v *view) ([]measurement, error) {
	u, err := v.utilities()
	if err != nil {
		return nil, err
	}
	surprise := measurement{name: "surprising_cells"}
	against := measurement{name: "skill_on_data_lost"}
	odd := measurement{name: "one_column_against"}
	perTarget, chance := make([]float64, len(u.targets)), u.chance()
	oddChance := 0.0 // of the column that loses most, the mean over the splits
	for _, s := range u.splits {
		var maxD, maxB, maxDrop, maxChance, topChance float64
		var drops, chances []float64
		seen := false
		for t := range u.targets {
			if math.IsNaN(s.surprise[t]) || !(s.realOnReal[t] >= leastSkill+chance[t]) {
				continue
			}
			seen = true
			maxD, maxB = max(maxD, s.surprise[t]), max(maxB, s.surpriseB[t])
			perTarget[t] += (s.surprise[t] - s.surpriseB[t]) / float64(len(u.splits))
			if !math.IsNaN(s.realOnData[t]) {
				drop, wobble := skillLost(s.realOnData[t], s.realOnReal[t]), s.wobble[t]/max(s.realOnReal[t], solidSkill)
				if drop > maxDrop {
					maxDrop, topChance = drop, chance[t]/max(s.realOnReal[t], solidSkill)
				}
				maxChance = max(maxChance, wobble)
				drops, chances = append(drops, drop), append(chances, wobble)
			}
		}
		if seen {
			surprise.add(maxD, maxB)
			against.add(maxDrop, maxChance)
			odd.add(maxDrop-stats.Quantile(drops, 0.5), maxChance-stats.Quantile(chances, 0.5))
			oddChance += topChance
		}
	}
	if n := float64(len(odd.value)); n > 0 {
		odd.chance = 1.5 * oddChance / n // the splits test the same rows of the data: their scatter does not tell
	}
	if len(surprise.value) == 0 {
		return nil, fmt.Errorf("no column of the reference can be predicted from the others, so no row can contradict them")
	}
	order := byDescending(perTarget)
	for _, t := range order[:min(3, len(order))] {
		if perTarget[t] > 0.01 {
			surprise.contributors = append(surprise.contributors, verdict.Contributor{
				Columns: []string{v.columnOf(u.targets[t])},
				Detail:  fmt.Sprintf("%.1f %% more cells than in real rows contradict the rest of their row", 100*perTarget[t]),
				Damage:  verdict.Number(perTarget[t] / scaleOf(ReferenceMode, "surprising_cells").PerDamage),
			})
		}
	}
	top := v.columnOf(u.targets[order[0]])
	surprise.reason = fmt.Sprintf("%.1f %% of the values of %s contradict the rest of their row (2 %% in real rows)", 100*mean(surprise.value), top)
	against.reason = fmt.Sprintf("a model of the reference loses %.0f %% of its skill on the data's %s", 100*mean(against.value), top)
	odd.reason = fmt.Sprintf("the values of %s contradict the other columns, which agree among themselves", top)
	contradiction, err := v.contradictions()
	if err != nil {
		return nil, err
	}
	out := append([]measurement{surprise, against, odd, contradiction}, measured(v.oneCellApart())...)
	opposed, err := v.opposed()
	if err != nil {
		return nil, err
	}
	one, err := v.surprise()
	if err != nil {
		return nil, err
	}
	return append(append(out, measured(opposed, one)...), v.trainingNoise()...), nil
}

// contradictions measures the share of rows that are (nearly) equal to their
// nearest other row in all columns but one, in which they differ clearly, though
// the other columns tell what should stand in it.
func (v *view) contradictions() (measurement, error) {
	m := measurement{name: "contradictions"}
	w, err := v.nearest()
	if err != nil {
		return m, err
	}
	unit := medianPositive(w.refRef)
	if unit == 0 {
		unit = 1
	}
	d, column := v.restOfPairs(v.data.features, w.dataPair, unit)
	if v.in.Reference == nil {
		// Rows of few levels agree by nature, and no other rows show how many.
		needed := surprisingBits(v.data.n())
		for k, bits := range v.agreement(v.data, w.dataPair) {
			if bits <= needed {
				d[k] = math.Inf(1)
			}
		}
		m.add(spike(d), 0)
	} else {
		r, _ := v.restOfPairs(v.ref.features, w.refPair, unit)
		m.add(spike(d), spike(r))
	}
	m.reason = fmt.Sprintf("%.1f %% of the rows have a twin that differs only in %s", 100*m.value[0], column)
	return m, nil
}

// clearly is how far two cells must lie apart to contradict each other: half a
// normal score, or another level.
const clearly = 0.5

// restOfPairs returns for each pair of rows that differ clearly in some column
// their distance without that column, in units; for other pairs infinity. And
// the column that most of the close pairs differ in.
func (v *view) restOfPairs(f *encode.Features, pairs [][2]int, unit float64) ([]float64, string) {
	out := make([]float64, len(pairs))
	count := make([]float64, len(v.space.Columns))
	told := v.toldByOthers()
	for k, p := range pairs {
		x, y := f.Row(p[0]), f.Row(p[1])
		sum, most, at := 0.0, 0.0, 0
		for i := range v.space.Columns {
			c := &v.space.Columns[i]
			d := 0.0
			for j := c.Offset; j < c.Offset+c.Width; j++ {
				d += float64(x[j]-y[j]) * float64(x[j]-y[j])
			}
			sum += d
			if d > most {
				most, at = d, i
			}
		}
		out[k] = math.Inf(1)
		if most >= clearly*clearly && told[at] {
			out[k] = math.Sqrt(max(0, sum-most)) / unit
			if out[k] < spikes[len(spikes)-1] {
				count[at]++
			}
		}
	}
	return out, v.space.Columns[byDescending(count)[0]].Field.Name
}

// toldByOthers returns for each column whether its associations with others are
// strong enough that another value beside the same cells is a contradiction.
func (v *view) toldByOthers() []bool {
	const strong = 0.12 // mean of the three largest values of Cramer's V
	told := make([]bool, len(v.space.Columns))
	for j, strength := range v.pairs().strength {
		if strength >= strong {
			told[v.space.Slots[j].Column] = true
		}
	}
	return told
}

// opposed measures the share of rows whose gradient points against the
// gradient of held-out reference rows (TracIn, Pruthi et al., NeurIPS 2020).
func (v *view) opposed() (measurement, error) {
	m := measurement{name: "opposed_rows"}
	if v.in.Networks == nil {
		return m, nil
	}
	for _, s := range v.splits[:1] {
		share, floor, ok, err := v.in.Networks.Opposed(v.ctx, v.data.codes.Take(head(s.d, v.effort.opposing)))
		if err != nil || !ok {
			return m, err
		}
		m.add(share, floor)
	}
	m.reason = fmt.Sprintf("the gradients of %.1f %% of the rows point against what real rows teach (%.1f %% of real rows)", 100*mean(m.value), 100*mean(m.floor))
	return m, nil
}

// trainingNoise measures how much noisier the gradients of a training on the
// data are than of one on the reference (McCandlish et al., arXiv:1812.06162), and
// how many networks diverged.
func (v *view) trainingNoise() []measurement {
	if v.in.Networks == nil {
		return nil
	}
	diverged := measurement{name: "diverged_networks", reason: "networks diverge when they are trained on the data"}
	diverged.add(v.in.Networks.Diverged(), 0)
	out := []measurement{diverged}
	if d, r := v.in.Networks.GradientNoise(); d > 0 && r > 0 {
		noise := measurement{name: "gradient_noise"}
		noise.add(math.Abs(math.Log(d/r)), 0)
		noise.reason = fmt.Sprintf("the gradient noise scale is %.0f rows, on the reference %.0f", d, r)
		out = append(out, noise)
	}
	return out
}
