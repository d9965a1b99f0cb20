package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"synthos"
	"synthos/bench/internal/outliers"
	"synthos/bench/internal/whole"
	"synthos/bench/quality/headline"
	"synthos/dataset"
	"synthos/encode"
	"synthos/localize"
)

// outcome is what was measured of a case; NaN = not measured.
type outcome struct {
	*headline.Item
	flagged               float64 // share of the rows
	ap, roc               float64
	forest, nearest       float64 // average precision
	before, after, real   float64 // collapse scores
	promised, projected   float64 // points of the fixes that were applied; the score after the whole plan
	low, high             float64 // of the promise: where it should lie in nine of ten cases
	kinds                 []string
	dropped, wronglyTaken int // rows that were dropped; flagged rows that are good
}

func (o *outcome) gained() float64 { return o.after - o.before }

// back is how much of the way to the real data's score the fixes went; NaN if
// there was hardly any.
func (o *outcome) back() float64 {
	if !(o.real-o.before >= 5) {
		return math.NaN()
	}
	return o.gained() / (o.real - o.before)
}

func (o *outcome) line() string {
	if o.BadRowsFile == "" {
		return fmt.Sprintf("%-46s flagged %.2f %%", o.ID, 100*o.flagged)
	}
	s := fmt.Sprintf("%-46s AP %.3f ROC %.3f forest %.3f nearest %.3f", o.ID, o.ap, o.roc, o.forest, o.nearest)
	if !math.IsNaN(o.after) {
		s += fmt.Sprintf("  %.1f -> %.1f of %.1f  promised %+.1f (%+.1f to %+.1f) gained %+.1f  dropped %d, flagged wrongly %d: %s",
			o.before, o.after, o.real, o.promised, o.low, o.high, o.gained(), o.dropped, o.wronglyTaken, strings.Join(o.kinds, ", "))
	}
	return s
}

// measurer measures cases.
type measurer struct {
	o     options
	items []headline.Item
	real  map[string]float64 // collapse score of real data, by source and reference
}

func (m *measurer) path(name string) string { return filepath.Join(m.o.Data, filepath.FromSlash(name)) }

func (m *measurer) orchestrator(it *headline.Item) *synthos.Orchestrator {
	o := synthos.New()
	o.Preset, o.Jobs, o.Seed, o.UseCache = m.o.Preset, m.o.Jobs, m.o.Seed, false
	if it.ReferenceFile != "" {
		o.Reference = m.path(it.ReferenceFile)
	}
	return o
}

func (m *measurer) measure(ctx context.Context, it *headline.Item) (outcome, error) {
	nan := math.NaN()
	out := outcome{Item: it, ap: nan, roc: nan, forest: nan, nearest: nan, before: nan, after: nan, real: nan, promised: nan, projected: nan}
	o := m.orchestrator(it)
	o.KeepRowScores = true
	if m.o.rowsOnly || it.BadRowsFile == "" {
		o.Omit = []string{"recommend"}
	}
	r, err := o.Validate(ctx, m.path(it.File), "")
	if err != nil {
		return out, err
	}
	if r.Localization == nil {
		return out, fmt.Errorf("no scores of rows: %s", r.Reason)
	}
	out.flagged = float64(r.Localization.RowsFlagged) / float64(max(1, r.Localization.RowsScored))
	if it.BadRowsFile == "" {
		return out, nil
	}
	bad, ignore, err := m.known(it)
	if err != nil {
		return out, err
	}
	scores := make([]float64, len(r.Localization.RowScores))
	for i, s := range r.Localization.RowScores {
		scores[i] = float64(s)
	}
	if l, ok := headline.Localize(scores, bad, ignore); ok {
		out.ap, out.roc = l.AveragePrecision, l.AUC
	}
	if err := m.others(ctx, it, bad, ignore, &out); err != nil {
		return out, err
	}
	if m.o.rowsOnly {
		return out, nil
	}
	return out, m.mend(ctx, it, r, bad, ignore, &out)
}

func (m *measurer) known(it *headline.Item) (bad, ignore map[int]bool, err error) {
	if bad, err = headline.ReadRows(m.path(it.BadRowsFile)); err != nil || it.IgnoreFile == "" {
		return bad, nil, err
	}
	ignore, err = headline.ReadRows(m.path(it.IgnoreFile))
	return bad, ignore, err
}

// others scores the rows by the other detectors.
func (m *measurer) others(ctx context.Context, it *headline.Item, bad, ignore map[int]bool, out *outcome) error {
	var schema *dataset.Schema
	var yardstick *dataset.Table
	if it.ReferenceFile != "" {
		var err error
		if yardstick, err = whole.Read(ctx, m.path(it.ReferenceFile), nil); err != nil {
			return err
		}
		schema = yardstick.Schema
	}
	data, err := whole.Read(ctx, m.path(it.File), schema)
	if err != nil {
		return err
	}
	if yardstick == nil {
		yardstick = data
	}
	f := encode.Fit(yardstick, whole.Common(yardstick, data)).Features(data)
	if l, ok := headline.Localize(outliers.Isolation(f, m.o.Seed), bad, ignore); ok {
		out.forest = l.AveragePrecision
	}
	if l, ok := headline.Localize(outliers.Nearest(ctx, f, m.o.Jobs), bad, ignore); ok {
		out.nearest = l.AveragePrecision
	}
	return ctx.Err()
}

// mend applies the fixes and scores the outcome.
func (m *measurer) mend(ctx context.Context, it *headline.Item, r *synthos.Result, bad, ignore map[int]bool, out *outcome) error {
	dir, err := os.MkdirTemp("", "mending")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	name := filepath.Base(strings.TrimSuffix(it.File, ".gz"))
	o := m.orchestrator(it)
	fixed, err := o.Fix(ctx, m.path(it.File), "", &r.Result, synthos.FixOptions{
		Output: filepath.Join(dir, "mended-"+name), Quarantine: filepath.Join(dir, "gone-"+name),
	})
	if err != nil {
		return err
	}
	nan := math.NaN()
	out.before, out.after, out.projected = r.CollapseScore.Or(nan), fixed.After.CollapseScore.Or(nan), r.ProjectedScore.Or(nan)
	out.dropped = int(fixed.Dropped)
	out.promised = 0
	for _, step := range fixed.Steps {
		if step.Passed != "" {
			continue
		}
		out.kinds = append(out.kinds, step.Kind)
		for _, x := range r.Recommendations {
			if gain := float64(x.EstimatedImpact); x.Kind == step.Kind && !math.IsNaN(gain) {
				out.promised += gain
				out.low += float64(x.ImpactInterval.Low)
				out.high += float64(x.ImpactInterval.High)
			}
		}
	}
	for row := range m.flaggedOf(r) {
		if !bad[row] && !ignore[row] {
			out.wronglyTaken++
		}
	}
	out.real, err = m.realScore(ctx, it)
	return err
}

func (m *measurer) flaggedOf(r *synthos.Result) map[int]bool {
	out := map[int]bool{}
	for i, s := range r.Localization.RowScores {
		if s >= localize.FlagAt {
			out[i] = true
		}
	}
	return out
}

// realScore returns the collapse score of real data of the same source, judged
// against the same reference: of the manifest's half, or the first.
func (m *measurer) realScore(ctx context.Context, it *headline.Item) (float64, error) {
	key := it.Source + "\x00" + it.ReferenceFile
	if score, done := m.real[key]; done {
		return score, nil
	}
	var control *headline.Item
	for i := range m.items {
		x := &m.items[i]
		if isReal(x) && x.Source == it.Source && x.ReferenceFile == it.ReferenceFile && (control == nil || strings.HasSuffix(x.ID, "-half")) {
			control = x
		}
	}
	if control == nil {
		return math.NaN(), nil
	}
	o := m.orchestrator(control)
	o.Omit = []string{"localize", "recommend"}
	r, err := o.Validate(ctx, m.path(control.File), "")
	if err != nil {
		return math.NaN(), err
	}
	m.real[key] = r.CollapseScore.Or(math.NaN())
	return m.real[key], nil
}
