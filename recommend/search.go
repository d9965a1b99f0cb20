package recommend

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"synthos/dataset"
	"synthos/verdict"
)

// search tries fixes one on top of the other.
type search struct {
	view   *view
	plan   *Plan
	others bool           // scores are against the half of the reference that no row is added from
	calls  int            // of Score
	before float64        // score of the untouched sample
	now    float64        // score of table
	table  *dataset.Table // the sample with the plan applied
}

// run fills the plan.
func (s *search) run(ctx context.Context) error {
	v := s.view
	s.table = v.work
	candidates := s.candidates()
	for _, f := range candidates {
		s.others = s.others || f.real && v.in.ScoreAgainst != nil
	}
	if len(candidates) == 0 {
		s.before = v.in.Collapse.Overall.Or(0)
		s.now = s.before
		return nil
	}
	score, err := s.score(ctx, v.work)
	if err != nil {
		return fmt.Errorf("recommend: scoring the sample as it is: %w", err)
	}
	s.before, s.now = score, score
	for _, f := range candidates {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if s.reached() >= healthy {
			return nil
		}
		s.try(ctx, f)
	}
	return context.Cause(ctx)
}

// candidates returns the fixes that the evidence calls for: most needed first,
// those for the last after them.
func (s *search) candidates() []*fix {
	type candidate struct {
		fix  *fix
		need float64
	}
	var list []candidate
	for i := range fixes {
		f := &fixes[i]
		if need := f.need(s.view); need > 0 {
			if f.last || f.nothing != "" {
				need = -1
			}
			list = append(list, candidate{f, need})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.need, a.need) })
	out := make([]*fix, len(list))
	for i := range list {
		out[i] = list[i].fix
	}
	return out
}

// try applies a fix to the table, and keeps it if the score gains.
func (s *search) try(ctx context.Context, f *fix) {
	v := s.view
	if f.last && s.reached() >= v.in.Threshold {
		return
	}
	why := f.nothing
	if f.real && !s.others {
		why = "the rows would be scored against themselves"
	}
	switch {
	case why != "":
		if f.doses != nil {
			v.dose = f.doses[len(f.doses)/2]
		}
		if _, d, ok := f.apply(v, s.table, s.chance(f)); ok {
			d.text += " The gain was not measured: " + why + "."
			s.add(f, &d, math.NaN())
		}
	case f.doses != nil:
		s.tryDoses(ctx, f)
	case s.calls < s.budget(f):
		if t, d, ok := f.apply(v, s.table, s.chance(f)); ok {
			if score, err := s.score(ctx, t); err == nil && score-s.now >= leastGain {
				s.keep(f, &d, t, score)
			}
		}
	}
}

// budget returns how many calls of Score may have been made before f is tried:
// two are kept for the fix with doses, while the goal is not reached.
func (s *search) budget(f *fix) int {
	if !f.last && s.others && s.reached() < s.view.in.Threshold {
		return maxScores - 2
	}
	return maxScores
}

// tryDoses tries the middle dose, then the smaller one if that reaches the goal,
// else the larger one. It keeps the smallest that reaches it, or the best.
func (s *search) tryDoses(ctx context.Context, f *fix) {
	type outcome struct {
		table *dataset.Table
		d     details
		score float64
	}
	reaches := func(o *outcome) bool { return s.project(o.score) >= s.view.in.Threshold }
	attempt := func(dose int) *outcome {
		if s.calls >= maxScores || ctx.Err() != nil {
			return nil
		}
		s.view.dose = f.doses[dose]
		t, d, ok := f.apply(s.view, s.table, s.chance(f))
		if !ok {
			return nil
		}
		score, err := s.score(ctx, t)
		if err != nil {
			return nil
		}
		return &outcome{t, d, score}
	}
	middle := len(f.doses) / 2
	best := attempt(middle)
	if best == nil {
		return
	}
	if reaches(best) {
		if less := attempt(middle - 1); less != nil && reaches(less) {
			best = less
		}
	} else if more := attempt(middle + 1); more != nil && more.score > best.score {
		best = more
	}
	if best.score-s.now >= leastGain {
		s.keep(f, &best.d, best.table, best.score)
	}
}

// score scores a counterfactual.
func (s *search) score(ctx context.Context, t *dataset.Table) (float64, error) {
	s.calls++
	var c *verdict.Collapse
	var err error
	if s.others {
		c, err = s.view.in.ScoreAgainst(ctx, t, s.view.judges)
	} else {
		c, err = s.view.in.Score(ctx, t)
	}
	if err != nil {
		return 0, err
	}
	score, ok := c.Overall.Value()
	if !ok {
		return 0, fmt.Errorf("recommend: %s", c.Overall.WhyNull())
	}
	return score, nil
}

// project returns what the data would score as a whole, if the sample, which scored
// before as it is, would score this: the same share of the damage, which is minus the
// logarithm of the score, is left. Fewer rows show less damage, but they lose
// the same share of it. unseen keeps a sample that shows hardly any from promising much.
func (s *search) project(score float64) float64 {
	const unseen = 0.01
	damage := func(score float64) float64 { return -math.Log(min(100, max(0.1, score)) / 100) }
	whole := s.view.in.Collapse.Overall.Or(0)
	if score == s.before {
		return whole
	}
	return 100 * math.Exp(-damage(whole)*(damage(score)+unseen)/(damage(s.before)+unseen))
}

// reached returns the score of the data with the plan so far.
func (s *search) reached() float64 { return s.project(s.now) }

// chance returns the random stream of a fix.
func (s *search) chance(f *fix) *rand.Rand {
	stream := uint64(0)
	for _, b := range []byte(f.kind) {
		stream = stream*131 + uint64(b)
	}
	return rand.New(rand.NewPCG(s.view.in.Seed, stream))
}

// keep takes a fix into the plan, with what it makes of the table.
func (s *search) keep(f *fix, d *details, t *dataset.Table, score float64) {
	s.add(f, d, s.project(score)-s.reached())
	s.table, s.now = t, score
	s.view.rows = max(0, s.view.rows+d.change)
	if d.dropped != nil {
		s.view.gone = append(s.view.gone, d.dropped)
	}
}

func (s *search) add(f *fix, d *details, gain float64) {
	s.plan.Recommendations = append(s.plan.Recommendations, verdict.Recommendation{
		Title: d.title, Kind: f.kind, Detail: d.text,
		EstimatedImpact: verdict.Number(gain), CostUSD: verdict.Number(f.cost(&s.view.in.Prices, d)),
		Rows: first(d.rows), RowsTotal: d.total, Columns: d.columns,
	})
}

// finish orders the plan by gain per dollar, what could not be measured last, and
// projects the score.
func (s *search) finish() {
	list := s.plan.Recommendations
	worth := func(r *verdict.Recommendation) float64 {
		gain := float64(r.EstimatedImpact)
		if math.IsNaN(gain) {
			return -1
		}
		return gain / (1 + float64(r.CostUSD)) // a dollar more, so that free fixes are ordered by their gain
	}
	slices.SortStableFunc(list, func(a, b verdict.Recommendation) int { return cmp.Compare(worth(&b), worth(&a)) })
	list = list[:min(len(list), maxListed)]
	for i := range list {
		list[i].Priority = i + 1
	}
	s.plan.Recommendations = list
	s.plan.Projected = verdict.NewScore(s.reached())
}
