package main

import (
	"math"
	"slices"

	"synthos/bench/quality/headline"
	"synthos/collapse"
)

// What the fit asks for, and how much it counts.
const (
	sharpness     = 3.0  // of the decision: how fast its cost grows with the distance of log damage from 0
	controlWeight = 2.0  // of real data, which must pass, against other harmless data
	otherWeight   = 0.33 // of real tables beside the benchmark: they are many, and each is known for little
	agreeWeight   = 0.10 // of the distance of log damage to the measured one
	ownWeight     = 0.30 // of the planted dimension standing above the others
	orderWeight   = 0.30 // of the steps of a chain standing in the order of their harm
	stayWeight    = 0.15 // of staying near the start, a case-independent cost
	faint         = 0.05 // damage below this is as good as none
)

// Grids that tolerances and scales are searched on, as factors of what they are.
var (
	steps  = []float64{0.25, 0.5, 0.7, 0.85, 1.18, 1.4, 2, 4}
	rounds = 12
)

// fit returns the scale of every statistic: it starts from what the harmless and
// the harmful cases show of it alone, then moves one number at a time to where
// the cost is least, until no move helps.
func (c *cases) fit(on []*oneCase) []collapse.Scale {
	start, tells, least := c.initial(on)
	scales := slices.Clone(start)
	f := newFit(c, on, start, scales)
	best := f.cost()
	for range rounds {
		before := best
		for s := range scales {
			if !tells[s] {
				continue
			}
			for _, of := range []func(*collapse.Scale) *float64{
				func(x *collapse.Scale) *float64 { return &x.PerDamage },
				func(x *collapse.Scale) *float64 { return &x.Tolerance },
			} {
				now := scales[s]
				choice := now
				for _, step := range steps {
					try := now
					*of(&try) *= step
					if try.PerDamage < steepest(try.Tolerance) || try.Tolerance < least[s] {
						continue
					}
					f.set(s, try)
					if cost := f.cost(); cost < best-1e-9 {
						best, choice = cost, try
					}
				}
				f.set(s, choice)
			}
		}
		if before-best < 1e-4*best {
			break
		}
	}
	for s := range scales {
		scales[s] = collapse.Scale{Tolerance: round2(scales[s].Tolerance), PerDamage: round2(scales[s].PerDamage)}
	}
	return scales
}

// round2 keeps two significant digits: more would claim what the data do not tell.
func round2(x float64) float64 {
	if x == 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(x)))-1)
	return math.Round(math.Round(x/unit)*unit*1e9) / 1e9
}

// fit holds the damages of every case under the present scales, so that a move of
// one statistic costs one look at every case.
type fit struct {
	c             *cases
	on            []*oneCase
	weight        []float64
	start, scales []collapse.Scale
	cubes         [][]float64 // of each case: cubed damage of each statistic
	sums          [][8]float64
	steps         [][2]int  // places in on: of two steps of a chain the less and the more harmful one
	z             []float64 // of each case: the distance of log damage from 0
}

func newFit(c *cases, on []*oneCase, start, scales []collapse.Scale) *fit {
	f := &fit{c: c, on: on, start: start, scales: scales, sums: make([][8]float64, len(on))}
	var total [2]float64
	for _, k := range on {
		f.weight = append(f.weight, weightOf(k))
		total[class(k.item)] += weightOf(k)
		f.cubes = append(f.cubes, make([]float64, len(scales)))
	}
	for i, k := range on { // both classes count alike
		f.weight[i] /= max(1e-9, total[class(k.item)])
	}
	for s := range scales {
		f.set(s, scales[s])
	}
	f.z = make([]float64, len(on))
	if c.mode == collapse.ReferenceMode { // alone, what a mild step shows real data show too
		f.steps = stepsOf(on)
	}
	return f
}

// stepsOf returns the pairs of steps of one chain whose harm differs by more than the
// yardstick's own noise.
func stepsOf(on []*oneCase) [][2]int {
	const noise = 0.01
	var out [][2]int
	for i, a := range on {
		for j, b := range on {
			same := a.item.Defect == "" && a.item.Generation > 0 && a.item.Family == b.item.Family && a.item.Source == b.item.Source && a.item.Generator == b.item.Generator
			if same && b.item.Defect == "" && b.item.Generation > 0 && b.item.Severity > a.item.Severity+noise {
				out = append(out, [2]int{i, j})
			}
		}
	}
	return out
}

func class(it *headline.Item) int {
	if it.Harmful() {
		return 1
	}
	return 0
}

// weightOf returns how much the decision on a case counts: not at all if it may
// go either way.
func weightOf(k *oneCase) float64 {
	it := k.item
	switch {
	case k.other:
		return otherWeight
	case it.Borderline || it.Expect == "either":
		return 0
	case it.LabelBasis == "real" || it.LabelBasis == "real errors":
		return controlWeight
	}
	return 1
}

// set changes the scale of statistic s.
func (f *fit) set(s int, scale collapse.Scale) {
	f.scales[s] = scale
	dim := f.c.dimension[s]
	for i, k := range f.on {
		x := k.excess[s]
		if math.IsNaN(x) {
			continue
		}
		d := scale.Damage(x)
		cube := d * d * d
		f.sums[i][dim] += cube - f.cubes[i][s]
		f.cubes[i][s] = cube
	}
}

// cost is what fit makes small.
func (f *fit) cost() float64 {
	decision, agreement, own := 0.0, 0.0, 0.0
	agreed, planted := 0.0, 0.0
	for i, k := range f.on {
		var dims [8]float64
		sum := 0.0
		for d, x := range f.sums[i] {
			dims[d] = math.Cbrt(max(0, x))
			sum += max(0, x)
		}
		z := math.Log((math.Cbrt(sum) + faint) / (1 + faint))
		f.z[i] = z
		if w := f.weight[i]; w > 0 {
			sign := 1.0
			if k.item.Harmful() {
				sign = -1
			}
			decision += w * softplus(sign*sharpness*z)
		}
		it := k.item
		if it.Defect == "" && !math.IsNaN(it.SkillLost) && !math.IsNaN(it.TailLost) {
			harm := min(6, max(0, it.SkillLost/0.10, it.TailLost/0.50))
			miss := z - math.Log((harm+faint)/(1+faint))
			agreement += min(4, miss*miss)
			agreed++
		}
		if want := slices.Index(headline.Dimensions[:], it.Dimension); want >= 0 && it.Defect != "" && !it.Borderline {
			second := secondBeside(dims, want)
			own += softplus(-sharpness * math.Log((dims[want]+faint)/(second+faint)))
			planted++
		}
	}
	cost := decision
	if agreed > 0 {
		cost += agreeWeight * agreement / agreed
	}
	if planted > 0 {
		cost += ownWeight * own / planted
	}
	ordered := 0.0
	for _, p := range f.steps {
		ordered += softplus(-sharpness * (f.z[p[1]] - f.z[p[0]]))
	}
	if len(f.steps) > 0 {
		cost += orderWeight * ordered / float64(len(f.steps))
	}
	away := 0.0
	for s := range f.scales {
		away += square(math.Log(f.scales[s].PerDamage/f.start[s].PerDamage)) + square(math.Log(f.scales[s].Tolerance/f.start[s].Tolerance))
	}
	return cost + stayWeight*away/float64(len(f.on))
}

// secondBeside returns the second largest damage beside that of dimension own:
// what own must exceed to be among the two lowest scores.
func secondBeside(dims [8]float64, own int) float64 {
	first, second := 0.0, 0.0
	for d, x := range dims {
		switch {
		case d == own:
		case x > first:
			first, second = x, first
		case x > second:
			second = x
		}
	}
	return second
}

func square(x float64) float64 { return x * x }

func softplus(x float64) float64 {
	if x > 30 {
		return x
	}
	return math.Log1p(math.Exp(x))
}
