package collapse

import (
	"fmt"
	"math"

	"synthos/verdict"
)

// measurement is one statistic, measured on every split. Larger is worse.
type measurement struct {
	name         string
	value, floor []float64 // one a split: the data's, and what held-out real rows show
	contributors []verdict.Contributor
	reason       string // a sentence about what was found, used if this statistic decides
}

// excess returns what the data show beyond the noise floor, split by split.
// The floor is averaged over the splits, so that its own noise counts once.
func (m *measurement) excess() []float64 {
	floor := mean(m.floor)
	out := make([]float64, len(m.value))
	for i, x := range m.value {
		out[i] = x - floor
	}
	return out
}

// damage returns the excess on the common scale of harm, split by split.
func (m *measurement) damage(s Scale) []float64 {
	noise := m.noise()
	out := m.excess()
	for i, x := range out {
		out[i] = s.Damage(x - noise)
	}
	return out
}

// noise returns how much excess chance alone makes: two standard deviations of
// the floor between resamples.
func (m *measurement) noise() float64 { return 2 * deviation(m.floor) }

const (
	atOne = 0.65 // the share of the score that is left at damage 1
	norm  = 3    // exponent of the norm that joins damages
)

// ToScore maps damage to a score: 100 at 0, 65 at 1, 42 at 2, 27 at 3.
func ToScore(damage float64) float64 { return 100 * math.Pow(atOne, damage) }

// Join is the norm of damages: not less than the worst of them, and more the
// more of them there are. One catastrophe is never averaged away.
func Join(damages []float64) float64 {
	sum := 0.0
	for _, x := range damages {
		sum += math.Pow(x, norm)
	}
	return math.Pow(sum, 1.0/norm)
}

// result is the damage of one dimension on every split.
type result struct {
	dimension verdict.Dimension
	damage    []float64 // nil if not measured
}

// grade joins the measurements of a dimension in a mode, on so many splits. healthy is the reason given if
// there is (nearly) no damage.
func grade(d *Dimension, ms []measurement, err error, mode, healthy string, splits int) result {
	out := verdict.Dimension{Name: d.Name, Interval: verdict.Interval{Low: verdict.Number(math.NaN()), High: verdict.Number(math.NaN())}}
	if err == nil && len(ms) == 0 {
		err = fmt.Errorf("nothing in this table can be measured for it")
	}
	if err != nil {
		out.NullReason = err.Error()
		out.Score = verdict.Unmeasured(out.NullReason)
		out.Reason = "not measured: " + out.NullReason
		return result{dimension: out}
	}
	damage := make([]float64, splits)
	worst, worstDamage := -1, 0.0
	for i := range ms {
		m := &ms[i]
		ds := m.damage(scaleOf(mode, m.name))
		d := mean(ds)
		out.Statistics = append(out.Statistics, verdict.Statistic{
			Name: m.name, Value: verdict.Number(mean(m.value)), Floor: verdict.Number(mean(m.floor)),
			Noise: verdict.Number(m.noise()), Damage: verdict.Number(d), Source: sources[m.name],
		})
		if math.IsNaN(d) { // it stands in the report as null; the others tell what they can
			continue
		}
		for k := range damage { // a statistic measured on fewer splits counts its last for the rest
			damage[k] += math.Pow(ds[min(k, len(ds)-1)], norm)
		}
		if worst < 0 || d > worstDamage {
			worst, worstDamage = i, d
		}
		if d > 0 {
			out.Contributors = append(out.Contributors, m.contributors...)
		}
	}
	if worst < 0 {
		out.NullReason = "no statistic gave a number"
		out.Score = verdict.Unmeasured(out.NullReason)
		out.Reason = "not measured: " + out.NullReason
		return result{dimension: out}
	}
	for k := range damage {
		damage[k] = math.Pow(damage[k], 1.0/norm)
	}
	out.Score = verdict.NewScore(ToScore(mean(damage)))
	out.Interval = interval(damage)
	out.Reason = ms[worst].reason
	if worstDamage < 0.05 {
		out.Reason = healthy
	}
	sortContributors(out.Contributors)
	out.Contributors = out.Contributors[:min(len(out.Contributors), 10)]
	return result{dimension: out, damage: damage}
}

// interval returns the scores between which nine of ten resamples lie, by the
// normal approximation on the scale of damage.
func interval(damage []float64) verdict.Interval {
	m, s := mean(damage), deviation(damage)
	return verdict.Interval{
		Low:  verdict.Number(ToScore(m + 1.645*s)),
		High: verdict.Number(ToScore(max(0, m-1.645*s))),
	}
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
