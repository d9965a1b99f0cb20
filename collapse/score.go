package collapse

import (
	"fmt"
	"math"
	"slices"

	"synthos/verdict"
)

// measurement is one statistic, measured on every split. Larger is worse.
type measurement struct {
	name         string
	value, floor []float64 // one a split: the data's, and what held-out real rows show
	chance       float64   // excess that chance makes at least, where the measure itself can tell
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

// damage returns the excess on the common scale of harm, split by split; rows as in noise.
func (m *measurement) damage(s Scale, rows int) []float64 {
	noise := m.noise(rows)
	out := m.excess()
	for i, x := range out {
		out[i] = s.Damage(x - noise)
	}
	return out
}

// measured returns those of ms that were measured.
func measured(ms ...measurement) []measurement {
	return slices.DeleteFunc(ms, func(m measurement) bool { return len(m.value) == 0 })
}

// noiseOfSkill is two standard errors of the mean loss of skill over some columns: that of
// one skill, tested on so many rows, is about a half over their root (Hanley & McNeil,
// Radiology 143, 1982), the losses are differences of two that are tested on the same
// rows, and half as much remains of their mean.
func noiseOfSkill(_, rows float64) float64 { return 0.4 / math.Sqrt(rows) }

// noiseOfTransfer is about two standard deviations of what networks trained on one half of
// real data lose on the other half more than those trained there: on halves and small samples
// of eight public tables, 0.001 to 0.02 nats a cell.
func noiseOfTransfer(_, rows float64) float64 { return 0.4 / math.Sqrt(rows) }

// noiseOfSurprise is the same of the share by which one column surprises more: less than 0.02 to 0.16.
func noiseOfSurprise(_, rows float64) float64 { return 1.5 / math.Sqrt(rows) }

// noiseOfRank is about two standard deviations of the logarithm of the ratio of effective ranks
// of two samples of one population with so many rows each, beside what resamples show: on
// made-up populations with 30 to 400 rows a side.
func noiseOfRank(_, rows float64) float64 { return 8 / rows }

// noiseOfPlace is noiseOfShare for shares of rows that lie away from all rows of a sample: few rows of
// it leave gaps, which are common to all rows that are judged.
func noiseOfPlace(floor, rows float64) float64 { return noiseOfShare(floor, rows) + 3/rows }

// noiseOfShare is two standard deviations of the difference of two binomial shares of so
// many rows (with Agresti and Coull's two more).
func noiseOfShare(floor, rows float64) float64 {
	p := min(0.5, (floor*rows+1)/(rows+2))
	return 2 * math.Sqrt(2*p*(1-p)/rows)
}

// noiseOfGroups is noiseOfShare for rows that count only if as many as templateTwins others are
// like them: they come and go together.
func noiseOfGroups(floor, rows float64) float64 {
	return noiseOfShare(floor, rows/(templateTwins+1))
}

// noiseOfLargestShift is what the largest of some shifts of columns, in standard deviations, shows
// beyond its own floor on two samples of so many rows: each scatters by sqrt(2/rows), and the
// largest of 10 to 20 lies about 1.5 of that above what is usual.
func noiseOfLargestShift(_, rows float64) float64 { return 2 / math.Sqrt(rows) }

// noise returns how much excess chance alone makes: two standard deviations of
// the floor between resamples, and no less than the rows on a side can tell, since
// resamples of few are nearly the same rows; rows = 0 if there is only one side.
func (m *measurement) noise(rows int) float64 {
	noise := max(m.chance, 2*deviation(m.floor))
	if chance := leastNoise[m.name]; chance != nil && rows > 0 {
		noise = max(noise, chance(mean(m.floor), float64(rows)))
	}
	return noise
}

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

// result is the damage of one dimension: that of the mean excess over the splits,
// which is the score, and that on every split, which tells how far chance moves it.
type result struct {
	dimension verdict.Dimension
	mean      float64
	damage    []float64 // nil if not measured
}

// grade joins the measurements of a dimension in a mode, on so many splits of so many
// rows a side (0: there is one side). healthy is the reason given if there is (nearly) no damage.
func grade(d *Dimension, ms []measurement, err error, mode, healthy string, splits, rows int) result {
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
	var means []float64
	worst, worstDamage := -1, 0.0
	for i := range ms {
		m := &ms[i]
		scale := scaleOf(mode, m.name)
		ds := m.damage(scale, rows)
		d := scale.Damage(mean(m.excess()) - m.noise(rows))
		out.Statistics = append(out.Statistics, verdict.Statistic{
			Name: m.name, Value: verdict.Number(mean(m.value)), Floor: verdict.Number(mean(m.floor)),
			Noise: verdict.Number(m.noise(rows)), Damage: verdict.Number(d), Source: sources[m.name],
		})
		if math.IsNaN(d) { // it stands in the report as null; the others tell what they can
			continue
		}
		means = append(means, d)
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
	whole := Join(means)
	out.Score = verdict.NewScore(ToScore(whole))
	out.Interval = interval(whole, damage)
	out.Reason = ms[worst].reason
	if worstDamage < 0.05 {
		out.Reason = healthy
	}
	sortContributors(out.Contributors)
	out.Contributors = out.Contributors[:min(len(out.Contributors), 10)]
	return result{dimension: out, mean: whole, damage: damage}
}

// interval returns the scores between which nine of ten resamples lie, by the
// normal approximation on the scale of damage; damage is that of the score, and lies in it.
func interval(damage float64, splits []float64) verdict.Interval {
	m, s := mean(splits), deviation(splits)
	return verdict.Interval{
		Low:  verdict.Number(ToScore(max(damage, m+1.645*s))),
		High: verdict.Number(ToScore(max(0, min(damage, m-1.645*s)))),
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
