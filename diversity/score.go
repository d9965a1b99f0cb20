package diversity

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"synthos/verdict"
)

const (
	atOne = 0.65 // the share of the score that is left at damage 1
	power = 3    // exponent of the mean that joins damages
)

// toScore maps damage to a score: 100 at 0, 65 at 1, 42 at 2.
func toScore(damage float64) float64 { return 100 * math.Pow(atOne, damage) }

// joined is the power mean of damages: above their mean, and never much below the
// worst of them (a third of the damages at d alone gives 0.69 d), so that one
// catastrophe is not averaged away.
func joined(damages []float64) float64 {
	sum := 0.0
	for _, x := range damages {
		sum += math.Pow(x, power)
	}
	return math.Pow(sum/float64(len(damages)), 1.0/power)
}

// noise returns what chance alone makes: two standard deviations between resamples, and of a
// share of rows at least those of the difference of two shares of so many (with Agresti and
// Coull's two more).
func (r *result) noise() float64 {
	noise := 2 * deviation(r.fresh)
	if n := float64(r.rows); n > 0 {
		p := (mean(r.fresh)*n + 1) / (n + 2)
		noise = max(noise, 2*math.Sqrt(2*p*(1-p)/n))
	}
	return noise
}

// damage returns the loss on the scale of harm: 0 none, 1 a score of 65.
func (r *result) damage() float64 {
	if r.fresh == nil {
		return max(0, r.norm-mean(r.data)) / r.below
	}
	floor := mean(r.fresh)
	if floor <= 0 {
		return 0
	}
	lost := (floor - r.noise() - mean(r.data)) / floor
	return max(0, lost-r.tolerance) / r.scale
}

// diversity grades the measured statistics.
func (v *view) diversity() *verdict.Diversity {
	out := &verdict.Diversity{SemanticOn: v.semanticOn()}
	var of []float64
	var all []verdict.Statistic
	worst, worstDamage := "", 0.0
	for aspect, into := range []*verdict.DiversityScore{&out.Semantic, &out.Statistical, &out.Structural} {
		if aspect == semantic && v.in.NoMeaning != "" {
			*into = verdict.DiversityScore{Score: verdict.Unmeasured(v.in.NoMeaning), Reason: "not measured: " + v.in.NoMeaning, Statistics: []verdict.Statistic{}}
			continue
		}
		damage, ok := v.grade(aspect, into)
		if !ok {
			continue
		}
		of = append(of, damage)
		all = append(all, into.Statistics...)
		if damage > worstDamage {
			worst, worstDamage = into.Reason, damage
		}
	}
	if len(of) == 0 {
		why := "no statistic could be measured"
		out.Overall = verdict.DiversityScore{Score: verdict.Unmeasured(why), Reason: "not measured: " + why}
		return out
	}
	out.Overall = verdict.DiversityScore{Score: verdict.NewScore(toScore(joined(of))), Statistics: all, Reason: worst}
	if worst == "" {
		out.Overall.Reason = v.healthy()
	}
	return out
}

// grade joins the statistics of one aspect. The worst counts in full: statistics
// of one aspect see the same loss in different ways.
func (v *view) grade(aspect int, into *verdict.DiversityScore) (damage float64, ok bool) {
	var said []string
	type loss struct {
		damage float64
		text   string
	}
	var losses []loss
	for i := range v.results {
		r := &v.results[i]
		if r.aspect != aspect {
			continue
		}
		s := verdict.Statistic{Name: r.name, Value: verdict.Number(mean(r.data)), Floor: verdict.Number(nan), Noise: verdict.Number(nan), Source: r.source}
		if r.fresh != nil {
			s.Floor, s.Noise = verdict.Number(mean(r.fresh)), verdict.Number(r.noise())
		}
		d := r.damage()
		s.Damage = verdict.Number(d)
		into.Statistics = append(into.Statistics, s)
		if math.IsNaN(d) {
			continue
		}
		ok = true
		damage = max(damage, d)
		if d > 0.05 {
			losses = append(losses, loss{d, r.sentence()})
		}
	}
	if !ok {
		why := "nothing in this table can be measured for it"
		into.Score, into.Reason = verdict.Unmeasured(why), "not measured: "+why
		return 0, false
	}
	slices.SortStableFunc(losses, func(a, b loss) int { return cmp.Compare(b.damage, a.damage) })
	for _, l := range losses[:min(2, len(losses))] {
		said = append(said, l.text)
	}
	into.Score = verdict.NewScore(toScore(damage))
	into.Reason = strings.Join(said, "; ") + v.seen()
	if len(said) == 0 {
		into.Reason = v.healthy()
	}
	return damage, true
}

// semanticOn says what the semantic diversity was measured on.
func (v *view) semanticOn() string {
	words := "the columns"
	if v.text {
		words = "the columns, texts by their words (hashed n-gram LSA)"
	}
	switch {
	case v.in.NoMeaning != "":
		return "nothing"
	case !v.compared() && v.in.Embeddings != nil:
		return words + "; the embeddings of the data alone, without those of the reference"
	case !v.compared():
		return words
	case v.onlyText():
		return "embeddings, and the wording of the texts"
	}
	return "embeddings, the other columns, and the wording of the texts"
}

func (v *view) healthy() string {
	if v.in.Reference == nil {
		return "as diverse as ordinary tables" + v.seen()
	}
	return "as diverse as another sample of the same real data" + v.seen()
}

// sentence says what was lost.
func (r *result) sentence() string {
	if r.fresh == nil {
		return fmt.Sprintf("%s: %.2f, ordinary tables reach %.2f", r.what, mean(r.data), r.norm)
	}
	return fmt.Sprintf("%s: %.0f %% less than in the reference", r.what, 100*(1-mean(r.data)/mean(r.fresh)))
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// deviation returns the sample standard deviation of x, 0 for fewer than two.
func deviation(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	m, sum := mean(x), 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(x)-1))
}
