package collapse

import (
	"fmt"
	"math"

	"synthos/encode"
	"synthos/stats"
	"synthos/verdict"
)

var spectralDegradation = Dimension{
	Name:      "spectral_degradation",
	About:     "the correlations of the real data are destroyed, or the rows lie in fewer directions",
	Reference: measureSpectrum,
	Self:      selfSpectrum,
}

const (
	spectralFeatures = 120  // features in a correlation matrix, at most
	farthest         = 3    // normal scores are cut to this, so that single cells do not make a direction
	leastVariance    = 0.01 // of a feature in the reference; a level with 2 % of the rows has as much
)

func measureSpectrum(v *view) ([]measurement, error) {
	features := v.variedFeatures()
	if len(features) < 2 {
		return nil, fmt.Errorf("needs at least two columns that vary")
	}
	rank := measurement{name: "effective_rank_change"}
	spectrum := measurement{name: "log_spectral_distance"}
	association := measurement{name: "association_lost"}
	for _, s := range v.splits {
		d := spectrumOf(v.data.features, s.d, features)
		a := spectrumOf(v.ref.features, s.a, features)
		b := spectrumOf(v.ref.features, s.b, features)
		ra := stats.EffectiveRank(a)
		rank.add(math.Abs(math.Log(stats.EffectiveRank(d)/ra)), math.Abs(math.Log(stats.EffectiveRank(b)/ra)))
		spectrum.add(logSpectralDistance(d, a), logSpectralDistance(b, a))
	}
	v.associations(&association)
	rank.reason = fmt.Sprintf("the effective number of directions differs from the reference by %.0f %%", 100*(math.Exp(mean(rank.value))-1))
	spectrum.reason = "the spectrum of the correlations differs from the reference"
	transfer, err := v.transfer()
	if err != nil {
		return nil, err
	}
	return measured(rank, spectrum, association, transfer), nil
}

// variedFeatures returns the features that vary in the reference, evenly
// thinned to spectralFeatures.
func (v *view) variedFeatures() []int {
	f := v.ref.features
	isNull := make([]bool, f.D) // whether a cell is null is not a direction of the data
	for i := range v.space.Columns {
		c := &v.space.Columns[i]
		isNull[c.Offset+c.Width-1] = true
	}
	var varied []int
	for j := range f.D {
		if isNull[j] {
			continue
		}
		column := make([]float64, f.N)
		for i := range column {
			column[i] = float64(f.Data[i*f.D+j])
		}
		if _, variance := stats.MeanVar(column); variance > leastVariance {
			varied = append(varied, j)
		}
	}
	return head(varied, spectralFeatures)
}

// spectrumOf returns the eigenvalues of the correlation matrix of the features
// over the rows, descending; they sum to the number of features that vary.
func spectrumOf(f *encode.Features, rows, features []int) []float64 {
	d := len(features)
	x := make([]float64, len(rows)*d)
	for i, r := range rows {
		row := f.Row(r)
		for j, k := range features {
			x[i*d+j] = max(-farthest, min(farthest, float64(row[k])))
		}
	}
	return stats.SymmetricEigenvalues(stats.Correlation(x, len(rows), d), d)
}

// logSpectralDistance returns the root mean squared difference of the logarithms of two
// spectra of equal length, each floored at 1 % of the mean eigenvalue.
func logSpectralDistance(p, q []float64) float64 {
	sum := 0.0
	for i := range p {
		x := math.Log(max(p[i], 0.01)) - math.Log(max(q[i], 0.01))
		sum += x * x
	}
	return math.Sqrt(sum / float64(len(p)))
}

// associations measures how much of the association (Cramer's V) between pairs
// of columns is lost or made up, weighted by what there is in the reference.
func (v *view) associations(m *measurement) {
	p := v.pairs()
	var td, ta, tb [pairGroups * pairGroups]float64
	var worst struct {
		x, y  int
		d, a  float64
		delta float64
	}
	for _, s := range v.splits {
		var lostD, lostB, total float64
		for x := range p.slots {
			for y := range x {
				contingency(td[:], p.data[x], p.data[y], s.d)
				contingency(ta[:], p.ref[x], p.ref[y], s.a)
				contingency(tb[:], p.ref[x], p.ref[y], s.b)
				vd, va, vb := cramersV(td[:], len(s.d)), cramersV(ta[:], len(s.a)), cramersV(tb[:], len(s.b))
				w := va + 0.05
				lostD += w * math.Abs(vd-va)
				lostB += w * math.Abs(vb-va)
				total += w
				if delta := math.Abs(vd - va); delta > worst.delta {
					worst.x, worst.y, worst.d, worst.a, worst.delta = p.slots[x], p.slots[y], vd, va, delta
				}
			}
		}
		if total > 0 {
			m.add(lostD/total, lostB/total)
		}
	}
	if len(m.value) == 0 {
		return
	}
	what := fmt.Sprintf("association of %s and %s is %.2f, in the reference %.2f", v.columnOf(worst.x), v.columnOf(worst.y), worst.d, worst.a)
	m.reason = "columns go together otherwise than in the reference: the " + what
	m.contributors = []verdict.Contributor{{
		Columns: []string{v.columnOf(worst.x), v.columnOf(worst.y)}, Detail: what,
		Damage: verdict.Number(worst.delta / scaleOf(ReferenceMode, m.name).PerDamage),
	}}
}
