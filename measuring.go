package synthos

import (
	"context"
	"errors"

	"synthos/collapse"
	"synthos/dataset"
	"synthos/diversity"
	"synthos/localize"
	"synthos/recommend"
	"synthos/verdict"
)

// The stages that measure: 2, 4, 5 and 6. Stage 1 is in loading.go, stage 3 in training.go.

// diversity is stage 2.
func (r *run) diversity(ctx context.Context) error {
	vectors, about, failed := r.embed(ctx) // without them, the rest is still measured
	d, err := diversity.Measure(ctx, diversity.Input{
		Data: r.data.table, Reference: r.reference.sample(), Seed: r.o.Seed, Jobs: r.jobs,
		Embeddings: vectors, NoMeaning: r.o.noMeaning(failed),
	})
	if err != nil && about != nil && about.SentTo != "" { // stopped, but the report says that texts were sent
		why := "stage diversity did not end"
		none := verdict.DiversityScore{Score: verdict.Unmeasured(why), Reason: "not measured: " + why, Statistics: []verdict.Statistic{}}
		r.result.Diversity = &verdict.Diversity{Overall: none, Semantic: none, Statistical: none, Structural: none, SemanticOn: "nothing", Embeddings: about}
	}
	if err != nil {
		return err
	}
	d.Embeddings = about
	r.result.Diversity = d
	r.result.DiversityScore = d.Overall.Score
	return failed
}

// collapse is stage 4.
func (r *run) collapse(ctx context.Context) error {
	if _, err := r.fitted(); err != nil {
		return err
	}
	in := r.collapseInput(r.data.table)
	in.Whole, in.Progress = r.whole(), r.meter.of("collapse")
	c, err := collapse.Detect(ctx, in)
	if err != nil {
		return err
	}
	score, ok := c.Overall.Value()
	c.Detected = ok && score < r.o.CollapseThreshold
	r.result.Collapse = c
	r.result.CollapseScore = c.Overall
	return nil
}

// localize is stage 5.
func (r *run) localize(ctx context.Context) error {
	l, err := localize.Run(ctx, r.engine, r.data.source, r.localizeInput(), r.meter.rows("localize", r.result.Rows))
	if err != nil {
		return err
	}
	r.result.Localization = l
	for _, row := range l.Rows {
		r.result.ProblematicRows = append(r.result.ProblematicRows, row.Row)
	}
	return nil
}

// localizeInput is what stage 5 knows.
func (r *run) localizeInput() localize.Input {
	in := localize.Input{
		Schema: r.data.table.Schema, Sample: r.data.table, Rows: r.result.Rows, Reference: r.reference.sample(),
		Dimensions: r.result.Collapse, Seed: r.o.Seed, Jobs: r.jobs,
		// Fixes need to know all the rows to blame, not only the worst.
		KeepRowScores: r.o.KeepRowScores || r.result.Rows <= maxKeptScores,
		Worst:         r.o.worst,
		Memory:        r.memory,
	}
	if r.training != nil {
		in.Networks, in.NetworkSpace = r.training.scorer(), r.space
	}
	return in
}

// recommend is stage 6.
func (r *run) recommend(ctx context.Context) error {
	if r.result.Collapse == nil {
		return errors.New("nothing to recommend: stage collapse failed")
	}
	prices, err := recommend.NewPrices(r.o.Prices)
	if err != nil {
		return err
	}
	scales := collapse.Calibration(r.result.Collapse.Mode)
	in := recommend.Input{
		Data: r.data.table, Reference: r.reference.sample(), Rows: r.result.Rows,
		Collapse: r.result.Collapse, Localization: r.result.Localization,
		Score: func(ctx context.Context, t *dataset.Table) (*verdict.Collapse, error) {
			return collapse.Detect(ctx, r.coarseInput(t, r.reference.sample()))
		},
		ScoreAgainst: func(ctx context.Context, t, reference *dataset.Table) (*verdict.Collapse, error) {
			return collapse.Detect(ctx, r.coarseInput(t, reference))
		},
		Yardstick: recommend.Yardstick{
			Damage: func(statistic string, excess float64) float64 { return scales[statistic].Damage(excess) },
			Join:   collapse.Join, Score: collapse.ToScore,
		},
		Threshold: r.o.CollapseThreshold, Seed: r.o.Seed, Prices: prices, Progress: r.meter.of("recommend"),
	}
	if r.reference != nil && r.reference.table.Rows() < 4*collapse.MinRows {
		in.ScoreAgainst = nil // too few rows to add some and to score against others
	}
	if w := r.whole(); w != nil {
		in.Repeats, in.UsualRepeats = w.Repeats, w.UsualRepeats
	}
	plan, err := recommend.Make(ctx, in)
	if plan != nil { // what was found until an error counts
		r.result.Recommendations = plan.Recommendations
		r.result.ProjectedScore = plan.Projected
	}
	return err
}
