package main

import (
	"math"
	"slices"

	"synthos/bench/quality/headline"
	"synthos/collapse"
)

// leastTolerance is the least excess that counts: half a percent of rows or of a skill.
const leastTolerance = 0.005

// telling is the least area under the ROC curve from which a statistic is fitted at
// all: of one of the defects planted for its dimension, or of what generators did,
// against harmless cases. What tells less is noise here, and a scale fitted to noise
// would judge by noise.
const telling = 0.65

// leastCases is how many cases must show a statistic for it to be fitted.
const leastCases = 5

// initial returns for each statistic as tolerance what 95 of 100 harmless cases
// stay below (alone 97: without a noise floor, real data are judged as they are), and
// as scale what three quarters of the harmful cases of its own dimension exceed that
// by, as far as that is not too steep. What the upper quarter does,
// where a real dataset may look odd by itself, without a noise floor, and where no useful
// generated data show how much difference does no harm. A statistic that does not
// tell, or that few harmful cases show, keeps its scale, but tolerates no less than the
// others: what does not tell must not accuse. least is below what no
// tolerance may fall. Without a noise floor from a reference, that is twice what is usual
// if few sources show what is: another one may show more.
func (c *cases) initial(on []*oneCase) (scales []collapse.Scale, tells []bool, least []float64) {
	scales, tells, least = slices.Clone(c.start), make([]bool, len(c.start)), make([]float64, len(c.start))
	for s := range scales {
		var harmless, generated, planted []float64
		sources, useful := map[string]bool{}, 0
		byDefect := map[string][]float64{}
		for _, k := range on {
			x := max(0, k.excess[s])
			switch {
			case math.IsNaN(x):
			case !k.item.Harmful():
				harmless = append(harmless, x)
				sources[k.source] = true
				if k.item.LabelBasis == "yardstick" {
					useful++
				}
			case k.item.Defect == "":
				generated = append(generated, x)
			case headline.Dimensions[c.dimension[s]] == k.item.Dimension:
				planted = append(planted, x)
				byDefect[k.item.Defect] = append(byDefect[k.item.Defect], x)
			}
		}
		shown := slices.DeleteFunc(slices.Concat(generated, planted), func(x float64) bool { return x == 0 })
		tells[s] = len(harmless) > 0 && len(shown) >= leastCases && headline.AUC(generated, harmless) >= telling
		for _, x := range byDefect {
			tells[s] = tells[s] || len(harmless) > 0 && len(shown) >= leastCases && len(x) >= leastCases && headline.AUC(x, harmless) >= telling
		}
		if len(harmless) == 0 {
			continue
		}
		slices.Sort(harmless)
		usual := harmless[len(harmless)*95/100]
		least[s] = leastTolerance
		if c.mode == collapse.SelfMode {
			usual = harmless[len(harmless)*97/100]
			if len(sources) < fewSources {
				usual *= 2
			}
			least[s] = max(least[s], usual)
		}
		if !tells[s] {
			scales[s].Tolerance = max(scales[s].Tolerance, usual)
			continue
		}
		slices.Sort(shown)
		usually := shown[len(shown)/4]
		if c.mode == collapse.SelfMode || useful == 0 {
			usually = shown[len(shown)*3/4]
		}
		tolerance := max(leastTolerance, usual)
		scales[s] = collapse.Scale{Tolerance: tolerance, PerDamage: max(steepest(tolerance), usually-tolerance)}
	}
	return scales, tells, least
}

// fewSources is how many real datasets are too few to know what is usual.
const fewSources = 4

// steepest returns the least scale beside a tolerance: what is usual on the one side
// of it cannot be a catastrophe on the other.
func steepest(tolerance float64) float64 { return max(0.02, tolerance/2) }
