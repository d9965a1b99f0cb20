package collapse

import (
	"fmt"
	"math"

	"synthos/encode"
	"synthos/stats"
	"synthos/verdict"
)

var diversityLoss = Dimension{
	Name:      "diversity_loss",
	About:     "tails, rare levels and spread of the real data are lost",
	Reference: measureDiversityLoss,
	Self:      selfDiversity,
}

const recallNeighbors = 5 // k of coverage (Naeem et al., ICML 2020)

func measureDiversityLoss(v *view) ([]measurement, error) {
	tails := measurement{name: "tail_loss"}
	spread := measurement{name: "spread_lost"}
	recall := measurement{name: "coverage_lost"}
	worst, worstLoss := 0, 0.0
	inTails := 0.0 // rows, a split
	for k, s := range v.splits {
		d, a, b := v.data.codes.Take(s.d), v.ref.codes.Take(s.a), v.ref.codes.Take(s.b)
		ld, had, md := v.tailLoss(s.d, v.data, s.a)
		lb, _, _ := v.tailLoss(s.b, v.ref, s.a)
		inTails += had / float64(len(v.splits))
		if !math.IsNaN(ld) {
			tails.add(ld, lb)
		}
		sd, sb := 0.0, 0.0
		for j := range v.space.Slots {
			x, y := v.slotSpreadLost(j, d, a), v.slotSpreadLost(j, b, a)
			sd, sb = sd+x, sb+y
			if x-y > worstLoss {
				worst, worstLoss = j, x-y
			}
		}
		n := float64(len(v.space.Slots))
		spread.add(sd/n, sb/n)
		if k < v.effort.costly && v.distancesTell() {
			x, y, err := v.coverageLost(k)
			if err != nil {
				return nil, err
			}
			recall.add(x, y)
		}
		if k == 0 {
			tails.contributors = md
		}
	}
	spread.reason = fmt.Sprintf("values vary %.0f %% less than in the reference, most of all %s", 100*mean(spread.value), v.columnOf(worst))
	out := append(textVariety(v), spread)
	if len(recall.value) > 0 {
		recall.reason = fmt.Sprintf("%.0f %% of the reference rows have no counterpart", 100*mean(recall.value))
		out = append(out, recall)
	}
	if len(tails.value) > 0 {
		// Of so many rows in narrow tails, the rows of another sample that are missing scatter so,
		// if they come by Poisson's law: the variance of the positive part of its deviations.
		tails.chance = 2 * math.Sqrt(0.34/inTails)
		tails.reason = fmt.Sprintf("%.0f %% of the tails (extreme values, rare levels) are lost", 100*mean(tails.value))
		out = append(out, tails)
	}
	return out, nil
}

// tailLoss returns the share of a's tail mass that rows x of p have lost: mass
// below the 1 % and above the 99 % quantile of ordered columns, and of levels
// under 2 %, and how many cells of a that mass is. NaN if a has no tails.
func (v *view) tailLoss(x []int, p *part, a []int) (lost, cells float64, worstOff []verdict.Contributor) {
	var had, kept float64
	var worst verdict.Contributor
	note := func(c *encode.Column, had, kept float64, what string) {
		if had >= 0.005 && float64(worst.Damage) < had-kept {
			worst = verdict.Contributor{Columns: []string{c.Field.Name}, Damage: verdict.Number(had - kept),
				Detail: fmt.Sprintf("lost: %.0f %% of %s (%.1f %% of the reference)", 100*(1-kept/had), what, 100*had)}
		}
	}
	for j := range v.space.Columns {
		c := &v.space.Columns[j]
		switch {
		case c.Text():
		case c.Nominal():
			q := sharesOf(v.ref.codes, a, c.Slot)
			r := sharesOf(p.codes, x, c.Slot)
			var h, k float64
			for code := 1; code < len(q); code++ {
				if q[code] > 0 && q[code] < 0.02 {
					h += q[code]
					k += min(q[code], r[code])
				}
			}
			had, kept = had+h, kept+k
			note(c, h, k, "rare levels")
		default:
			lowA, highA, lowX, highX := tailMass(v.ref.features, a, p.features, x, c.Offset)
			had += lowA + highA
			kept += min(lowA, lowX) + min(highA, highX)
			note(c, lowA, min(lowA, lowX), "the values below the 1 % quantile")
			note(c, highA, min(highA, highX), "the values above the 99 % quantile")
		}
	}
	if had == 0 {
		return math.NaN(), 0, nil
	}
	cells = had * float64(len(a))
	if worst.Columns == nil {
		return 1 - kept/had, cells, nil
	}
	worst.Damage = verdict.Number(float64(worst.Damage) / 0.01)
	return 1 - kept/had, cells, []verdict.Contributor{worst}
}

// tailMass returns the shares of rows strictly outside the 1-99 % box of the
// rows a, for a itself and for the rows x of p, in one feature.
func tailMass(ref *encode.Features, a []int, p *encode.Features, x []int, feature int) (lowA, highA, lowX, highX float64) {
	za := make([]float64, len(a))
	for i, r := range a {
		za[i] = float64(ref.Data[r*ref.D+feature])
	}
	lo, hi := stats.Quantile(za, 0.01), stats.Quantile(za, 0.99)
	outside := func(f *encode.Features, rows []int) (low, high float64) {
		for _, r := range rows {
			switch z := float64(f.Data[r*f.D+feature]); {
			case z < lo:
				low++
			case z > hi:
				high++
			}
		}
		return low / float64(len(rows)), high / float64(len(rows))
	}
	lowA, highA = outside(ref, a)
	lowX, highX = outside(p, x)
	return lowA, highA, lowX, highX
}

func sharesOf(c *encode.Codes, rows []int, slot int) []float64 {
	out := make([]float64, c.Cards[slot])
	for _, r := range rows {
		out[c.Data[r*c.D+slot]] += 1 / float64(len(rows))
	}
	return out
}

// slotSpreadLost returns how much less slot j varies in x than in a: of the
// standard deviation of the bins' normal scores, or of the entropy of the levels.
func (v *view) slotSpreadLost(j int, x, a *encode.Codes) float64 {
	p, q := codeShares(x, j), codeShares(a, j)
	if v.space.Slots[j].Nominal {
		h := stats.Entropy(q)
		if h < 0.05 {
			return 0
		}
		return max(0, 1-stats.Entropy(p)/h)
	}
	z := v.scores[j]
	sq := shareDeviation(q, z)
	if sq == 0 {
		return 0
	}
	return max(0, 1-shareDeviation(p, z)/sq)
}

// shareDeviation returns the standard deviation of z under the shares p of the
// codes, without null and invalid.
func shareDeviation(p, z []float64) float64 {
	var w, m, s float64
	for code := 1; code < len(p)-1; code++ {
		w += p[code]
		m += p[code] * z[code]
	}
	if w == 0 {
		return 0
	}
	m /= w
	for code := 1; code < len(p)-1; code++ {
		s += p[code] * (z[code] - m) * (z[code] - m)
	}
	return math.Sqrt(s / w)
}

// coverageLost returns for split k the share of rows of a in whose neighbourhood (the ball
// to its k-th nearest row of a) there is no row of d, and none of b: one minus
// coverage (Naeem et al., ICML 2020).
func (v *view) coverageLost(k int) (d, b float64, err error) {
	s := &v.splits[k]
	fa := v.ref.features.Take(s.a)
	radius, err := v.neighbourhoods(k)
	if err != nil {
		return 0, 0, err
	}
	uncovered := func(f *encode.Features, lookUp finder) (float64, error) {
		_, dist, err := lookUp(fa, f, 1, false)
		n := 0
		for i := range dist {
			if dist[i] > radius[(i+1)*recallNeighbors-1] {
				n++
			}
		}
		return float64(n) / float64(len(dist)), err
	}
	if d, err = uncovered(v.data.features.Take(s.d), v.lookUp); err != nil {
		return 0, 0, err
	}
	b, err = uncovered(v.ref.features.Take(s.b), v.known)
	return d, b, err
}
