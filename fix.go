package synthos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"synthos/dataset"
	"synthos/load"
	"synthos/localize"
	"synthos/mend"
	"synthos/recommend"
	"synthos/verdict"
)

// FixOptions says what Fix writes.
type FixOptions struct {
	Output     string   // the mended file
	Quarantine string   // the dropped rows, each with its reason; "" = they are not written
	Only       []string // kinds of fixes; nil = those that the report recommends
	AddFrom    string   // real rows beside the reference, from which fixes may add some; "" = none are added
	DryRun     bool     // write nothing
}

// Fixed is what Fix did.
type Fixed struct {
	Rows, Kept, Dropped int64 // of the dataset, those that cannot be read included
	Broken              int64 // of those that are dropped: they cannot be read
	Added               int64 // behind those that are kept
	Steps               []FixStep
	Seconds             float64 // until the mended file was complete, without the validation after it
	After               *Result // of the mended file; nil after a dry run
}

// FixStep is one kind of fix.
type FixStep struct {
	Kind    string
	Rows    int64    // rows that it dropped or changed
	Cells   int64    // cells that it read anew or made null
	Added   int64    // rows that it added
	Columns []string // columns that it changed or left out
	Detail  string
	Passed  string // why it was not applied; "" = it was
}

// FixKinds returns the kinds of fixes that Fix can apply.
func FixKinds() []string { return slices.Clone(mend.Kinds) }

// Fix applies the row and column fixes that a report recommends to the dataset
// it is about, in the format of the dataset: rows that go are left out, cells that can be
// mended are. Fixes that need real rows take them from AddFrom: none that stands in the
// dataset, the reference or the holdout already; they come after the others. Fix then validates
// what it wrote, with the options of the report.
//
// The dataset is not changed. It is read twice: to find out what is to be done, and
// to write; if more rows are flagged than a report lists, which are 131,072, or it has
// more than 16 million rows, twice more; once more to sample rows down. The output appears
// when it is complete. Fix errs if the dataset is not the one that the report is about, if an output
// would replace the dataset or cannot be written, and if ctx ends. The error of the validation
// afterwards comes with what was done.
func (o *Orchestrator) Fix(ctx context.Context, path, format string, report *verdict.Result, f FixOptions) (*Fixed, error) {
	again, err := o.like(report)
	if err != nil {
		return nil, err
	}
	for _, kind := range f.Only {
		if !slices.Contains(mend.Kinds, kind) {
			return nil, fmt.Errorf("synthos: no fix %q can be applied to a file; there are %v", kind, mend.Kinds)
		}
	}
	kinds := f.Only
	if kinds == nil {
		if slices.ContainsFunc(report.Stages, func(s verdict.Stage) bool { return s.Name == "recommend" && s.Status != verdict.StageDone }) {
			return nil, errors.New("synthos: the report recommends nothing, since its stage recommend failed or was left out; validate again, or say which kinds of fixes")
		}
		for _, x := range report.Recommendations {
			kinds = append(kinds, x.Kind)
		}
	}
	r := again.newRun(path, format)
	defer r.close()
	look := mend.NewLook(func() []string { return recommend.Describing(schemaOf(report.Load), r.reference.sample()) }, report.Rows, kinds)
	r.along = look.Along(r.engine)
	if err := r.reopen(ctx, report, kinds, f); err != nil {
		return nil, err
	}
	in := mend.Input{
		Source: r.data.source, Data: r.data.table, Reference: r.reference.sample(),
		Rows: report.Rows, Kinds: kinds, Seed: report.Seed, Look: look,
	}
	if in.Real, err = r.openReal(ctx, f.AddFrom, kinds, report); err != nil {
		return nil, err
	}
	if in.Real != nil {
		defer in.Real.Source.Close()
	}
	for _, x := range report.Recommendations {
		if x.Kind == "relabel" {
			in.Labels = x.Columns
		}
	}
	if slices.Contains(kinds, "drop_rows") || slices.Contains(kinds, "relabel") && len(in.Labels) > 0 {
		if in.Flagged, in.Unreadable, err = r.flagged(ctx, report.Localization); err != nil {
			return nil, err
		}
	}
	plan, err := mend.Make(ctx, r.engine, in, r.meter.rows("look", report.Rows))
	if err != nil {
		return nil, err
	}
	skipped := report.Load.RowsSkipped
	plan.Edit.Broken = skipped > 0 || load.HasBadRows(r.data.source)
	out := &Fixed{Rows: report.Rows + skipped, Kept: report.Rows - plan.Dropped, Dropped: plan.Dropped + skipped, Broken: skipped, Added: plan.Added}
	for _, s := range plan.Steps {
		if s.Passed != "" && slices.Contains(mend.Adding, s.Kind) && in.Real == nil {
			s.Passed += "; " + leftToUser(report, s.Kind)
		}
		out.Steps = append(out.Steps, FixStep(s))
	}
	for _, kind := range kinds {
		if !slices.Contains(mend.Kinds, kind) {
			out.Steps = append(out.Steps, FixStep{Kind: kind, Passed: leftToUser(report, kind)})
		}
	}
	if f.DryRun {
		return out, nil
	}
	copied, err := load.Copy(ctx, r.data.source, f.Output, f.Quarantine, plan.Edit, r.meter.rows("write", report.Rows))
	if err != nil {
		return nil, err
	}
	out.Kept, out.Dropped, out.Added = copied.Kept, copied.Dropped, copied.Added
	if copied.Broken > 0 { // else cells were copied, and there are none of what cannot be read
		out.Broken = copied.Broken
	} else {
		out.Dropped = out.Rows - out.Kept
	}
	out.Seconds = time.Since(r.started).Seconds()
	if out.Kept == 0 {
		return out, errors.New("synthos: no row is left")
	}
	again.Sheet = "" // the output has none
	out.After, err = again.Validate(ctx, f.Output, "")
	return out, err
}

// leftToUser says why a kind of fix is not applied to a file, and what to do instead.
func leftToUser(report *verdict.Result, kind string) string {
	i := slices.IndexFunc(report.Recommendations, func(x verdict.Recommendation) bool { return x.Kind == kind })
	if i < 0 {
		return "the report does not recommend it"
	}
	x := report.Recommendations[i]
	todo := strings.TrimSuffix(x.Detail, ".")
	switch kind {
	case "restore_modes", "mix_real":
		return fmt.Sprintf("%d are wanted: %s", x.RowsTotal, todo)
	case "refill_column":
		return "the values are not in the file, so they are for you to bring: " + todo
	case "regenerate":
		return "only your generator can do it: " + todo
	}
	return "it is for you to do: " + todo
}

// like returns an orchestrator with the options that a report was made with.
func (o *Orchestrator) like(report *verdict.Result) (*Orchestrator, error) {
	if report.Load == nil || report.Localization == nil {
		return nil, errors.New("synthos: the report does not say which rows are to blame (a stage failed or was left out); validate again")
	}
	c, again := report.Config, *o
	again.Reference, again.Holdout, again.Target = c.Reference, c.Holdout, c.Target
	again.Sheet, again.ReferenceSheet, again.HoldoutSheet = c.Sheet, c.ReferenceSheet, c.HoldoutSheet
	again.Schema, again.BadRows, again.Encoding = c.Schema, c.BadRows, c.Encoding
	again.CollapseThreshold, again.DiversityThreshold, again.CriticalThreshold = c.CollapseThreshold, c.DiversityThreshold, c.CriticalThreshold
	again.CriticalDimensions, again.DimensionThresholds, again.Prices = c.CriticalDimensions, c.DimensionThresholds, c.Prices
	again.Preset, again.Seed, again.Sample = c.Preset, report.Seed, c.Sample
	again.Embeddings, again.ReferenceEmbeddings = "", "" // of other rows
	again.Omit, again.KeepRowScores = nil, false
	return &again, again.check()
}

// schemaOf returns the columns that a report is about.
func schemaOf(l *verdict.Load) *dataset.Schema {
	s := &dataset.Schema{}
	for _, c := range l.Columns {
		s.Fields = append(s.Fields, dataset.Field{Name: c.Name, Kind: c.Kind, Type: c.Type})
	}
	return s
}

// flagged returns the rows that localization flagged, with a sentence each, and those with
// unreadable cells and no other charge. A report lists the worst only; if there are more, the
// rows are judged again.
func (r *run) flagged(ctx context.Context, l *verdict.Localization) (flagged map[int64]string, unreadable map[int64][]string, err error) {
	out := flaggedOf(l)
	if int64(len(out)) >= l.RowsFlagged {
		return withoutKept(out, l), l.Unreadable(), nil
	}
	if r.reference != nil { // without one, the networks are not asked about rows
		if err := r.stage(ctx, "cascade", r.cascade); err != nil {
			return nil, nil, err
		}
	}
	in := r.localizeInput()
	in.KeepRowScores, in.Worst = false, int(l.RowsFlagged)
	again, err := localize.Run(ctx, r.engine, r.data.source, in, r.meter.rows("localize", r.result.Rows))
	if err != nil {
		return nil, nil, fmt.Errorf("synthos: judging the rows again: %w", err)
	}
	return withoutKept(flaggedOf(again), again), again.Unreadable(), nil
}

// withoutKept removes the rows that stay when the others of their groups are dropped.
func withoutKept(flagged map[int64]string, l *verdict.Localization) map[int64]string {
	for _, row := range l.KeptRows() {
		delete(flagged, row)
	}
	return flagged
}

// flaggedOf returns the flagged rows that l lists, with a sentence each.
func flaggedOf(l *verdict.Localization) map[int64]string {
	out := map[int64]string{}
	for i := range l.Flagged {
		f := &l.Flagged[i]
		rows, err := f.Rows()
		if err != nil {
			continue // they are judged again
		}
		reason := f.Cause
		if f.Column != "" {
			reason += " in " + f.Column
		}
		for _, row := range rows {
			out[row] = reason
		}
	}
	for i := range l.Rows {
		if r := &l.Rows[i]; r.Score >= localize.FlagAt {
			out[r.Row] = r.Reason
		}
	}
	return out
}
