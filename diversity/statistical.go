package diversity

import (
	"math"
	"slices"

	"synthos/encode"
	"synthos/stats"
)

// columnSpread is how much the columns vary, relative to the yardstick, on average.
var columnSpread = statistic{
	name: "column_spread", aspect: statistical, what: "spread and entropy of the columns",
	source: "standard deviation of normal scores; exp of Shannon entropy 1948 (Hill 1973) of levels",
	reference: func(v *view, s *split) (float64, float64) {
		return mean(keptSpread(v, s.data, s.yard)), mean(keptSpread(v, s.fresh, s.yard))
	},
	scale: 0.15, tolerance: 0.02,
}

// worstColumn is the same for the column that lost most.
var worstColumn = statistic{
	name: "worst_column_spread", aspect: statistical, what: "spread or entropy of the column that lost most",
	source: "as column_spread, least over the columns",
	reference: func(v *view, s *split) (float64, float64) {
		return least(keptSpread(v, s.data, s.yard)), least(keptSpread(v, s.fresh, s.yard))
	},
	scale: 0.40, tolerance: 0.10,
}

// keptSpread returns for each slot how much x varies, as a share of what a does,
// at most 1: of the effective number of levels, or of the standard deviation of
// the bins' normal scores.
func keptSpread(v *view, x, a *sample) []float64 {
	out := make([]float64, len(v.slots))
	for j := range v.slots {
		p, q := shares(x.codes, j), shares(a.codes, j)
		if v.slots[j].Nominal {
			// Effective numbers start at 1, where there is no variety.
			out[j] = ratio(math.Exp(stats.Entropy(p))-1, math.Exp(stats.Entropy(q))-1)
			continue
		}
		z := v.scores[j]
		out[j] = ratio(spreadOf(p, z), spreadOf(q, z))
	}
	return out
}

// shares returns the share of each code of slot j.
func shares(c *encode.Codes, j int) []float64 {
	out := make([]float64, c.Cards[j])
	for i := range c.N {
		out[c.Data[i*c.D+j]] += 1 / float64(c.N)
	}
	return out
}

// spreadOf returns the standard deviation of z under the shares p of the codes,
// leaving out null (the first) and invalid (the last).
func spreadOf(p, z []float64) float64 {
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

func least(x []float64) float64 {
	out := math.Inf(1)
	for _, v := range x {
		out = min(out, v)
	}
	return out
}

const (
	tail      = 0.01 // on each side of a number's distribution
	rareLevel = 0.02 // a level below this share belongs to the tail
)

// tailMass is the mass of the tails: rows outside the yardstick's central 98 % of
// a number, and of levels under 2 %; what is more than the yardstick's own does
// not count.
var tailMass = statistic{
	name: "tail_mass", aspect: statistical, what: "rare levels and extreme values",
	source: "mass outside the 1-99 % box and of levels under 2 %, per column",
	reference: func(v *view, s *split) (float64, float64) {
		return keptTails(v, s.data, s.yard), keptTails(v, s.fresh, s.yard)
	},
	scale: 0.35, tolerance: 0.15,
}

// keptTails returns the share of the tails of a that x has kept; NaN if a has none.
func keptTails(v *view, x, a *sample) float64 {
	var had, kept float64
	for k := range a.space.Columns {
		c := &a.space.Columns[k]
		switch {
		case c.Text():
		case c.Nominal():
			p, q := shares(x.codes, c.Slot), shares(a.codes, c.Slot)
			for code := 1; code < len(q); code++ {
				if q[code] > 0 && q[code] < rareLevel {
					had += q[code]
					kept += min(p[code], q[code])
				}
			}
		default:
			za := feature(a.features, c.Offset)
			box := stats.Quantiles(za, []float64{tail, 1 - tail})
			lowA, highA := outside(za, box)
			lowX, highX := outside(feature(x.features, c.Offset), box)
			had += lowA + highA
			kept += min(lowA, lowX) + min(highA, highX)
		}
	}
	if had == 0 {
		return nan
	}
	return kept / had
}

func feature(f *encode.Features, j int) []float64 {
	out := make([]float64, f.N)
	for i := range out {
		out[i] = float64(f.Data[i*f.D+j])
	}
	return out
}

// outside returns the shares of x below and above a box.
func outside(x, box []float64) (low, high float64) {
	for _, z := range x {
		switch {
		case z < box[0]:
			low += 1 / float64(len(x))
		case z > box[1]:
			high += 1 / float64(len(x))
		}
	}
	return low, high
}

// generalisedVariance is the geometric mean of the standard deviations along the
// principal directions: the volume that the rows fill, per direction.
var generalisedVariance = statistic{
	name: "generalised_variance", aspect: statistical, what: "volume that the rows fill, per direction",
	source: "Wilks 1932, Biometrika; shrinkage by Ledoit & Wolf 2004",
	reference: func(v *view, s *split) (float64, float64) {
		z := axes(v, s.yard)
		n, d := s.yard.n(), len(v.slots)
		shrinkage := max(minShrinkage, stats.LedoitWolf(place(s.yard, z), n, d))
		volume := func(x *sample) float64 {
			return math.Exp(stats.LogDetCovariance(place(x, z), n, d, shrinkage) / (2 * float64(d)))
		}
		return volume(s.data), volume(s.fresh)
	},
	scale: 0.15, tolerance: 0.03,
}

// minShrinkage keeps columns that determine each other, which have no volume at
// all, from deciding alone.
const minShrinkage = 0.02

// axes returns a number for each code of each slot: the normal score of a bin;
// for a level, which has no order, its place by frequency in a, standardised.
func axes(v *view, a *sample) [][]float64 {
	out := make([][]float64, len(v.slots))
	for j := range v.slots {
		out[j] = v.scores[j]
		if !v.slots[j].Nominal {
			continue
		}
		p := shares(a.codes, j)
		z, m := make([]float64, len(p)), 0.0
		for code := range z {
			z[code] = float64(code)
			m += p[code] * z[code]
		}
		spread := spreadOf(p, z)
		for code := range z {
			z[code] = ratioTo(z[code]-m, spread)
		}
		out[j] = z
	}
	return out
}

func ratioTo(x, spread float64) float64 {
	if spread == 0 {
		return 0
	}
	return x / spread
}

// place returns the rows of x on the axes, n*d row-major with a column a slot.
func place(x *sample, axes [][]float64) []float64 {
	d := len(axes)
	out := make([]float64, x.n()*d)
	for i := range x.n() {
		for j, code := range x.codes.Row(i) {
			out[i*d+j] = axes[j][code]
		}
	}
	return out
}

// constant is the share of its most frequent value from which a column does not vary.
const constant = 0.995

// varyingColumns is the share of columns that hold more than one value.
var varyingColumns = statistic{
	name: "varying_columns", aspect: statistical, what: "share of the columns that hold more than one value",
	source: "columns whose most frequent value has less than 99.5 % of the rows",
	self: func(v *view, s *split) float64 {
		n := 0.0
		for j := range v.slots {
			if slices.Max(shares(s.data.codes, j)) < constant {
				n++
			}
		}
		return n / float64(len(v.slots))
	},
	norm: 0.90, below: 0.30,
}

// evenness is the entropy of each column as a share of the most that its levels
// or bins could have, on average.
var evenness = statistic{
	name: "column_evenness", aspect: statistical, what: "entropy of the columns against the most that their values could have",
	source: "Pielou 1966, J. Theor. Biol.",
	self: func(v *view, s *split) float64 {
		sum := 0.0
		for j := range v.slots {
			p := shares(s.data.codes, j)
			k := 0.0
			for _, x := range p {
				if x > 0 {
					k++
				}
			}
			if k > 1 {
				sum += stats.Entropy(p) / math.Log(k)
			}
		}
		return sum / float64(len(v.slots))
	},
	norm: 0.50, below: 0.25,
}

// freeDirections is the effective rank of the correlation matrix as a share of
// the number of columns: how many columns say something of their own.
var freeDirections = statistic{
	name: "free_directions", aspect: statistical, what: "share of the columns that say something of their own (effective rank)",
	source: "effective rank, Roy & Vetterli 2007, EUSIPCO",
	self: func(v *view, s *split) float64 {
		d := len(v.slots)
		r := stats.Correlation(place(s.data, axes(v, s.data)), s.data.n(), d)
		return stats.EffectiveRank(stats.SymmetricEigenvalues(r, d)) / float64(d)
	},
	norm: 0.15, below: 0.10,
}
