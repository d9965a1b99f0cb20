package recommend

import (
	"cmp"
	"context"
	"fmt"
	"maps"
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
	others bool  // scores are against the half of the reference that no row is added from
	calls  int   // of Score
	limit  int   // of them
	spared int   // of those, for the fix with doses, while the goal is not reached
	failed error // the sample cannot be scored as it is
	path
}

// path is how far a plan got.
type path struct {
	table      *dataset.Table // the sample with the plan applied
	projection projection
	reached    float64 // score of the data with the plan so far
	made       []verdict.Recommendation
	branches   []branch
}

// run fills the plan.
func (s *search) run(ctx context.Context) error {
	v := s.view
	s.table, s.limit, s.spared = v.work, maxScores, maxDoses
	candidates := s.candidates()
	for _, f := range candidates {
		s.others = s.others || f.real && v.in.ScoreAgainst != nil
	}
	s.reached = v.in.Collapse.Overall.Or(0)
	s.projection = projection{yardstick: v.in.Yardstick, whole: v.in.Collapse, seed: v.in.Seed}
	n := 0 // of those that are not for the last
	for n < len(candidates) && !candidates[n].last && candidates[n].nothing == "" {
		n++
	}
	if err := s.tryAll(ctx, candidates[:n], 0, len(candidates)); err != nil {
		return err
	}
	s.thrift(ctx, candidates[:n])
	return s.tryAll(ctx, candidates[n:], n, len(candidates))
}

// tryAll tries fixes one on top of the other, until all is well; tried of all have
// been before.
func (s *search) tryAll(ctx context.Context, list []*fix, tried, all int) error {
	for i, f := range list {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if progress := s.view.in.Progress; progress != nil {
			progress(float64(tried+i+1)/float64(all+1), fmt.Sprintf("%d of %d fixes tried", tried+i, all))
		}
		if s.reached >= healthy {
			return nil
		}
		if s.try(ctx, f); s.failed != nil {
			return s.failed
		}
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
	if f.last && s.reached >= v.in.Threshold {
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
			s.add(f, &d, math.NaN(), verdict.Interval{Low: verdict.Number(math.NaN()), High: verdict.Number(math.NaN())})
		}
	case f.doses != nil:
		s.tryDoses(ctx, f)
	case s.calls < s.budget(f):
		if t, d, ok := f.apply(v, s.table, s.chance(f)); ok {
			if after, err := s.rescore(ctx, t); err == nil && s.projected(&d, after)-s.reached >= leastGain && !s.outdone(ctx, f, &d, after) {
				s.keep(f, &d, t, after)
			}
		}
	}
}

// outdone reports whether the rival of a fix gains more.
func (s *search) outdone(ctx context.Context, f *fix, d *details, after *verdict.Collapse) bool {
	if f.rival == nil || s.calls >= s.limit {
		return false
	}
	t, ok := f.rival(s.view, s.table, d)
	if !ok {
		return false
	}
	other, err := s.score(ctx, t)
	return err == nil && s.projected(&details{}, other) >= s.projected(d, after)+leastGain
}

// budget returns how many calls of Score may have been made before f is tried:
// some are spared for the fix with doses, while the goal is not reached.
func (s *search) budget(f *fix) int {
	if !f.last && s.others && s.reached < s.view.in.Threshold {
		return s.limit - s.spared
	}
	return s.limit
}

// tryDoses tries the middle dose, then the smaller one if that reaches the goal,
// else the larger one. It keeps the smallest that reaches it, or the best.
func (s *search) tryDoses(ctx context.Context, f *fix) {
	type outcome struct {
		table *dataset.Table
		d     details
		after *verdict.Collapse
		score float64 // projected
	}
	reaches := func(o *outcome) bool { return o.score >= s.view.in.Threshold }
	attempt := func(dose int) *outcome {
		if s.calls >= s.limit || ctx.Err() != nil {
			return nil
		}
		s.view.dose = f.doses[dose]
		t, d, ok := f.apply(s.view, s.table, s.chance(f))
		if !ok {
			return nil
		}
		after, err := s.rescore(ctx, t)
		if err != nil {
			return nil
		}
		return &outcome{t, d, after, s.projected(&d, after)}
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
	if best.score-s.reached >= leastGain {
		s.keep(f, &best.d, best.table, best.after)
	}
}

// rescore scores a counterfactual, and once the sample as it is, unless the first
// counterfactual tells enough.
func (s *search) rescore(ctx context.Context, t *dataset.Table) (*verdict.Collapse, error) {
	after, err := s.score(ctx, t)
	if s.projection.before != nil || err == nil && s.view.in.Repeats == 0 && s.projection.heals(after) {
		return after, err
	}
	before, failed := s.score(ctx, s.view.work)
	if failed != nil {
		s.failed = fmt.Errorf("recommend: scoring the sample as it is: %w", failed)
		return nil, s.failed
	}
	s.projection.before = before
	return after, err
}

// score scores a table.
func (s *search) score(ctx context.Context, t *dataset.Table) (c *verdict.Collapse, err error) {
	s.calls++
	if s.others {
		c, err = s.view.in.ScoreAgainst(ctx, t, s.view.judges)
	} else {
		c, err = s.view.in.Score(ctx, t)
	}
	if err == nil && c.Overall.IsNull() {
		err = fmt.Errorf("recommend: %s", c.Overall.WhyNull())
	}
	return c, err
}

// chance returns the random stream of a fix.
func (s *search) chance(f *fix) *rand.Rand {
	stream := uint64(0)
	for _, b := range []byte(f.kind) {
		stream = stream*131 + uint64(b)
	}
	return rand.New(rand.NewPCG(s.view.in.Seed, stream))
}

// projected returns the score of the data if the sample with one more fix scores after.
func (s *search) projected(d *details, after *verdict.Collapse) float64 {
	p := s.projection.with(d.removes)
	return p.score(after)
}

// keep takes a fix into the plan, with what it makes of the table.
func (s *search) keep(f *fix, d *details, t *dataset.Table, after *verdict.Collapse) {
	s.branchOff(f, d)
	s.projection = s.projection.with(d.removes)
	score, between := s.projection.score(after), s.projection.interval(after)
	s.add(f, d, score-s.reached, verdict.Interval{Low: between.Low - verdict.Number(s.reached), High: between.High - verdict.Number(s.reached)})
	s.table, s.reached = t, score
	s.view.rows = max(0, s.view.rows+d.change)
	if d.dropped != nil {
		s.view.gone = append(slices.Clip(s.view.gone), d.dropped)
	}
	if len(d.mended) > 0 {
		all := maps.Clone(d.mended)
		maps.Copy(all, s.view.mended)
		s.view.mended = all
	}
}

func (s *search) add(f *fix, d *details, gain float64, between verdict.Interval) {
	s.made = append(slices.Clip(s.made), verdict.Recommendation{
		Title: d.title, Kind: f.kind, Detail: d.text,
		EstimatedImpact: verdict.Number(gain), ImpactInterval: between, CostUSD: verdict.Number(f.cost(&s.view.in.Prices, d)),
		Rows: first(d.rows), RowsTotal: d.total, Columns: d.columns,
	})
}

// finish orders the plan by gain per dollar, what could not be measured last, and
// projects the score.
func (s *search) finish() {
	list := s.made
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
	s.plan.Recommendations = append(s.plan.Recommendations, list...) // empty, not null
	s.plan.Projected = verdict.NewScore(s.reached)
}
