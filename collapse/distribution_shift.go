package collapse

import (
	"fmt"
	"math"
	"math/rand/v2"

	"synthos/encode"
	"synthos/forest"
	"synthos/stats"
	"synthos/verdict"
)

var distributionShift = Dimension{
	Name:      "distribution_shift",
	About:     "columns, or how they go together, are distributed otherwise than in the real data",
	Reference: measureShift,
	Self:      selfShift,
}

func measureShift(v *view) ([]measurement, error) {
	shift := measurement{name: "column_shift"}
	number := measurement{name: "worst_number_shift"}
	level := measurement{name: "worst_level_shift"}
	pair := measurement{name: "pair_shift"}
	joint := measurement{name: "c2st"}
	nSlots := len(v.space.Slots)
	columns := newColumnwise(nSlots)
	for k, s := range v.splits {
		d, a, b := v.data.codes.Take(s.d), v.ref.codes.Take(s.a), v.ref.codes.Take(s.b)
		var sumD, sumB float64
		for j := range v.space.Slots {
			x, y := v.slotDistance(j, d, a), v.slotDistance(j, b, a)
			sumD, sumB = sumD+x, sumB+y
			columns.add(j, x, y)
		}
		shift.add(sumD/float64(nSlots), sumB/float64(nSlots))
		if x, y, ok := v.pairDistance(&s); ok {
			pair.add(x, y)
		}
		if k < v.effort.costly {
			auc := v.twoSample(d, a, b, uint64(k))
			joint.add(max(0, 2*auc-1), 0)
		}
	}
	columns.worst(&number, func(j int) bool { return !v.space.Slots[j].Nominal })
	columns.worst(&level, func(j int) bool { return v.space.Slots[j].Nominal })
	perColumn := columns.excess()
	order := byDescending(perColumn)
	for _, j := range order[:min(5, len(order))] {
		if perColumn[j] < 0.02 {
			break
		}
		shift.contributors = append(shift.contributors, verdict.Contributor{
			Columns: []string{v.columnOf(j)},
			Detail:  fmt.Sprintf("distribution moved by %.2f beyond the noise (0 = same, 1 = a standard deviation or every level)", perColumn[j]),
			Damage:  verdict.Number(perColumn[j] / scaleOf(ReferenceMode, "worst_number_shift").PerDamage),
		})
	}
	top := v.space.Slots[order[0]].Name
	shift.reason = fmt.Sprintf("columns are distributed otherwise than in the reference, most of all %s", top)
	number.reason = fmt.Sprintf("column %s is distributed otherwise than in the reference", top)
	level.reason = fmt.Sprintf("the levels of a column, most of all %s, have other shares than in the reference", top)
	pair.reason = "pairs of columns go together otherwise than in the reference"
	joint.reason = fmt.Sprintf("a classifier tells data from reference rows (AUC %.2f; 0.50 is a guess)", 0.5+mean(joint.value)/2)
	return append(append(textShift(v), shift, joint), measured(number, level, pair)...), nil
}

// slotDistance compares slot j of x and a: for ordered slots the Wasserstein-1
// distance of the normal scores of the bins, at most 2, plus the difference in
// nulls and invalid cells; for levels the total variation distance.
func (v *view) slotDistance(j int, x, a *encode.Codes) float64 {
	p, q := codeShares(x, j), codeShares(a, j)
	last := len(p) - 1
	if v.space.Slots[j].Nominal {
		return stats.TVD(p, q)
	}
	z := v.scores[j]
	outside := math.Abs(p[0]-q[0])/2 + math.Abs(p[last]-q[last])/2
	pn, qn := 1-p[0]-p[last], 1-q[0]-q[last]
	if pn <= 0 || qn <= 0 {
		return outside
	}
	distance, cp, cq := 0.0, 0.0, 0.0
	for code := 1; code < last-1; code++ {
		cp += p[code] / pn
		cq += q[code] / qn
		distance += math.Abs(cp-cq) * (z[code+1] - z[code])
	}
	return outside + min(2, distance)
}

// codeShares returns the share of each code of slot j.
func codeShares(c *encode.Codes, j int) []float64 {
	out := make([]float64, c.Cards[j])
	for i := range c.N {
		out[c.Data[i*c.D+j]]++
	}
	for code := range out {
		out[code] /= float64(c.N)
	}
	return out
}

// pairDistance returns the mean total variation distance of the contingency
// tables of all pairs: data against a, and b against a.
func (v *view) pairDistance(s *split) (d, b float64, ok bool) {
	p := v.pairs()
	var td, ta, tb [pairGroups * pairGroups]float64
	n := 0
	for x := range p.slots {
		for y := range x {
			contingency(td[:], p.data[x], p.data[y], s.d)
			contingency(ta[:], p.ref[x], p.ref[y], s.a)
			contingency(tb[:], p.ref[x], p.ref[y], s.b)
			for i := range ta {
				d += math.Abs(td[i] - ta[i])
				b += math.Abs(tb[i] - ta[i])
			}
			n++
		}
	}
	if n == 0 {
		return 0, 0, false
	}
	total := 2 * float64(n) * float64(len(s.d))
	return d / total, b / total, true
}

// twoSample returns the AUC with which a forest trained to tell half of d from
// half of a tells the other half of d from b (classifier two-sample test,
// Lopez-Paz & Oquab, ICLR 2017).
func (v *view) twoSample(d, a, b *encode.Codes, seed uint64) float64 {
	half := min(d.N/2, a.N, b.N, v.effort.forest)
	rng := rand.New(rand.NewPCG(v.in.Seed, 0xc257+seed))
	order := rng.Perm(d.N)
	train := stack(d.Take(order[:half]), a.Take(choose(rng, a.N, half)))
	test := stack(d.Take(order[half:2*half]), b.Take(choose(rng, b.N, half)))
	y, labels := make([]int, 2*half), make([]bool, 2*half)
	for i := range half {
		y[i], labels[i] = 1, true
	}
	f := forest.TrainClasses(v.ctx, forestData(train), y, 2, -1, forest.Config{Trees: v.effort.trees, MaxDepth: 8, MinLeaf: 5, Seed: v.in.Seed + seed})
	p := make([]float32, 2*test.N)
	f.PredictClasses(forestData(test), p)
	scores := make([]float64, test.N)
	for i := range scores {
		scores[i] = float64(p[2*i+1])
	}
	return stats.AUC(scores, labels)
}

// stack returns the rows of a followed by those of b.
func stack(a, b *encode.Codes) *encode.Codes {
	out := &encode.Codes{N: a.N + b.N, D: a.D, Cards: a.Cards, Nominal: a.Nominal}
	out.Data = append(append(make([]uint16, 0, out.N*out.D), a.Data...), b.Data...)
	return out
}
