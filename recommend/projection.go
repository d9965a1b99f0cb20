package recommend

import (
	"maps"
	"math"
	"math/rand/v2"

	"synthos/stats"
	"synthos/verdict"
)

// Yardstick is how stage 4 makes a score of statistics.
type Yardstick struct {
	// Damage returns the damage of a statistic, by its name, that exceeds its floor
	// and noise by so much.
	Damage func(statistic string, excess float64) float64
	// Join joins damages: of statistics to that of a dimension, of dimensions to that of all.
	Join func(damages []float64) float64
	// Score returns the score of a damage, 0 to 100.
	Score func(damage float64) float64
}

// projection carries over to the whole data what a fix changes on the sample,
// statistic by statistic.
//
// Fewer rows show a statistic with more noise, and at another level. What they
// tell well is its change. So the excess of the whole data over the floor falls by the
// share by which that of the sample fell: not at all if that fall may be chance, all the way if
// what is left may be. What the sample is too small to show, or to tell which of the two
// it is, is taken to heal as the damage of the other statistics does, and to get worse if it
// does so there.
type projection struct {
	yardstick     Yardstick
	whole, before *verdict.Collapse // of the data, of the sample as it is; before nil = like the data
	seed          uint64
	removed       map[string]bool // statistics whose excess the plan removes, whatever the sample shows
}

// with returns p after a fix that removes the excess of more statistics.
func (p projection) with(removes []string) projection {
	removed := maps.Clone(p.removed)
	for _, name := range removes {
		if removed == nil {
			removed = map[string]bool{}
		}
		removed[name] = true
	}
	p.removed = removed
	return p
}

const (
	alikeLevel = 3   // an excess of the sample within this factor of that of the data is the same
	draws      = 200 // of what chance may make of a rescoring
	// transfer is the standard deviation of the damage that mended files show beyond
	// what their samples did, over the cases of bench/mending: what floors
	// do not tell of the difference between few rows and all.
	transfer = 0.12
)

// score returns what the data would score if the sample, which scored before, scores after.
func (p *projection) score(after *verdict.Collapse) float64 {
	if after == p.before && after != nil {
		return p.whole.Overall.Or(0)
	}
	return p.yardstick.Score(p.drawn(after, nil))
}

// heals reports whether the sample is so healthy after a fix that it need not be scored as it
// was: it shows no damage, and if it were as it was, it would show the worst of that
// of the data, be it a third of it.
func (p *projection) heals(after *verdict.Collapse) bool {
	const none = 0.02
	worst, clear := none, false
	for i := range p.whole.Dimensions {
		d := &p.whole.Dimensions[i]
		for k := range d.Statistics {
			s := &d.Statistics[k]
			if !(float64(s.Damage) > none) {
				continue
			}
			to := statistic(after.Dimension(d.Name), s.Name)
			if to == nil {
				return false
			}
			if damage := float64(s.Damage); damage > worst {
				worst, clear = damage, excess(s) > alikeLevel*max(float64(s.Noise), float64(to.Noise), excess(to))
			}
		}
	}
	for i := range after.Dimensions {
		for k := range after.Dimensions[i].Statistics {
			if float64(after.Dimensions[i].Statistics[k].Damage) > none {
				return false
			}
		}
	}
	return clear
}

// interval returns the scores between which nine of ten rescorings would lie, if the
// statistics of the sample and of the mended data are as uncertain as the noise of
// their floors says, and samples tell of all rows what they usually do.
func (p *projection) interval(after *verdict.Collapse) verdict.Interval {
	rng := rand.New(rand.NewPCG(p.seed, 0x147e))
	scores := make([]float64, draws)
	for i := range scores {
		damage := p.drawn(after, rng.NormFloat64)
		scores[i] = p.yardstick.Score(max(0, damage+transfer*rng.NormFloat64()))
	}
	score := p.score(after) // it lies in its interval
	q := stats.Quantiles(scores, []float64{0.05, 0.95})
	return verdict.Interval{Low: verdict.Number(min(q[0], score)), High: verdict.Number(max(q[1], score))}
}

// change is what becomes of one statistic.
type change struct {
	name         string
	dimension    int
	whole, noise float64 // excess of the data, and what chance makes of it
	from, to     float64 // excess of the sample
	chance       float64 // how far from to may go by chance
	seen         bool    // by data and sample alike
}

// left returns the share of the sample's excess that is left; ok is false if that may be
// all as well as nothing.
func (c *change) left() (share float64, ok bool) {
	same, none := math.Abs(c.from-c.to) <= c.chance, c.to <= c.chance
	switch {
	case same:
		return 1, !none
	case none:
		return 0, true
	}
	return c.to / c.from, true
}

// drawn returns the damage of the data if chance moves every rescored statistic by so many
// standard deviations; with chance nil what is most likely.
func (p *projection) drawn(after *verdict.Collapse, chance func() float64) float64 {
	changes, dimensions := p.changes(after)
	before, left := make([][]float64, dimensions), make([][]float64, dimensions)
	for i := range changes {
		c := &changes[i]
		if chance != nil {
			c.to += chance() * c.chance / 2
			c.whole += chance() * c.noise / 2
		}
		share := c.to / c.from
		if chance == nil && c.seen {
			share, c.seen = c.left()
		}
		if p.removed[c.name] {
			share, c.seen = 0, true
		}
		if !c.seen {
			continue
		}
		x := c.whole * share
		before[c.dimension] = append(before[c.dimension], p.yardstick.Damage(c.name, c.whole-c.noise))
		left[c.dimension] = append(left[c.dimension], p.yardstick.Damage(c.name, x-c.noise))
	}
	healed := 0.0
	if d := p.join(before); d > 0 {
		healed = max(0, 1-p.join(left)/d)
	}
	for i := range changes {
		c := &changes[i]
		if c.seen {
			continue
		}
		x := c.whole - healed*max(0, c.whole)
		if worse := c.to - max(0, c.from) - c.chance; worse > 0 {
			x += worse
		}
		left[c.dimension] = append(left[c.dimension], p.yardstick.Damage(c.name, x-c.noise))
	}
	return p.join(left)
}

// changes lists the statistics that count, and says how many dimensions there are.
func (p *projection) changes(after *verdict.Collapse) (out []change, dimensions int) {
	for i := range p.whole.Dimensions {
		d := &p.whole.Dimensions[i]
		if d.Score.IsNull() {
			continue
		}
		a, b := after.Dimension(d.Name), d
		if p.before != nil {
			b = p.before.Dimension(d.Name)
		}
		for k := range d.Statistics {
			s := &d.Statistics[k]
			if math.IsNaN(float64(s.Damage)) {
				continue
			}
			c := change{name: s.Name, dimension: dimensions, whole: excess(s), noise: float64(s.Noise)}
			if from, to := statistic(b, s.Name), statistic(a, s.Name); from != nil && to != nil {
				c.from, c.to, c.chance = excess(from), excess(to), max(float64(from.Noise), float64(to.Noise))
				level := c.whole / c.from
				c.seen = c.whole > 0 && c.from > float64(from.Noise) && level < alikeLevel && level > 1.0/alikeLevel
			}
			out = append(out, c)
		}
		dimensions++
	}
	return out, dimensions
}

// join joins damages by dimension to that of all.
func (p *projection) join(by [][]float64) float64 {
	all := make([]float64, len(by))
	for i, damages := range by {
		all[i] = p.yardstick.Join(damages)
	}
	return p.yardstick.Join(all)
}

func excess(s *verdict.Statistic) float64 { return float64(s.Value - s.Floor) }

// statistic finds a statistic that was measured by its name; nil if d has none, or is nil.
func statistic(d *verdict.Dimension, name string) *verdict.Statistic {
	if d == nil {
		return nil
	}
	for i := range d.Statistics {
		if s := &d.Statistics[i]; s.Name == name && !math.IsNaN(excess(s)) {
			return s
		}
	}
	return nil
}
