package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"time"

	"synthos"
	"synthos/bench/internal/peak"
	"synthos/bench/quality/headline"
)

// validator is Orchestrator.Validate, or what a test puts in its place.
type validator func(o *synthos.Orchestrator, ctx context.Context, path, format string) (*synthos.Result, error)

// runCases judges the items that the results do not hold yet, and adds them one
// by one. A case that fails is a line without a score. When ctx ends, the case
// under way is dropped. The error is about files that cannot be written.
func runCases(ctx context.Context, o options, items []headline.Item, validate validator, log io.Writer) (code int, err error) {
	out, err := openResults(o)
	if err != nil {
		return exitError, err
	}
	defer func() {
		if closing := out.close(); err == nil {
			err = closing
		}
	}()
	began := time.Now()
	for i := range items {
		it := &items[i]
		if out.has[it.ID] {
			continue
		}
		outcome, result, trouble := runCase(ctx, o, it, validate)
		if ctx.Err() != nil {
			fmt.Fprintf(log, "stopped after %v; --resume goes on\n", time.Since(began).Round(time.Second))
			return exitStopped, nil
		}
		if trouble != nil {
			code = exitFailed
		}
		if result != nil && result.Localization != nil {
			outcome.RowsFile = filepath.ToSlash(filepath.Join("rows", it.ID+".csv.gz"))
			path := filepath.Join(filepath.Dir(o.out), filepath.FromSlash(outcome.RowsFile))
			if err := headline.WriteRowScores(path, result.Localization.RowScores); err != nil {
				return code, err
			}
		}
		if err := out.add(&outcome, result); err != nil {
			return code, err
		}
		fmt.Fprintln(log, progressLine(i+1, len(items), it, &outcome, trouble))
	}
	return code, nil
}

// runCase judges one item. trouble is why it has no score, or not all of them.
func runCase(ctx context.Context, o options, it *headline.Item, validate validator) (outcome headline.Outcome, result *synthos.Result, trouble error) {
	orchestrator := synthos.New()
	orchestrator.Jobs, orchestrator.Preset, orchestrator.Seed = o.jobs, o.preset, o.seed
	orchestrator.KeepRowScores = true
	if o.omit != "" {
		orchestrator.Omit = strings.Split(o.omit, ",")
	}
	orchestrator.UseCache = false // every case pays for its own training
	if o.mode == "reference" && it.ReferenceFile != "" {
		orchestrator.Reference = filepath.Join(o.data, filepath.FromSlash(it.ReferenceFile))
	}
	peak.Reset()
	began := time.Now()
	result, err := validate(orchestrator, ctx, filepath.Join(o.data, filepath.FromSlash(it.File)), "")
	outcome = outcomeOf(it.ID, result)
	outcome.Seconds = time.Since(began).Seconds()
	if err != nil {
		return outcome, result, err
	}
	var why []string
	for _, s := range result.Stages {
		if s.Error != "" {
			why = append(why, s.Name+": "+s.Error)
		}
	}
	if math.IsNaN(outcome.Overall) {
		why = append(why, "no overall score: "+result.CollapseScore.WhyNull())
	}
	if len(why) > 0 {
		trouble = errors.New(strings.Join(why, "; "))
	}
	return outcome, result, trouble
}

// outcomeOf returns what a result says, in the columns of results.csv; nil says
// nothing. A partial result decides nothing.
func outcomeOf(id string, r *synthos.Result) headline.Outcome {
	none := math.NaN()
	o := headline.Outcome{ID: id, Overall: none, Diversity: none, PeakMB: none}
	for i := range o.Dimensions {
		o.Dimensions[i] = none
	}
	if r == nil {
		return o
	}
	o.Overall, o.Diversity = r.CollapseScore.Or(none), r.DiversityScore.Or(none)
	o.PeakMB = float64(r.PeakMemoryBytes) / 1e6
	switch {
	case r.Partial:
	case r.ApprovedForTraining:
		o.Decision = "approve"
	default:
		o.Decision = "reject"
	}
	if r.Collapse != nil {
		for i, name := range headline.Dimensions {
			if d := r.Collapse.Dimension(name); d != nil {
				o.Dimensions[i] = d.Score.Or(none)
			}
		}
	}
	return o
}

// progressLine is one line about a case that is done: overall score, decision,
// the eight dimensions, and what is wrong with them, given what is known.
func progressLine(n, of int, it *headline.Item, o *headline.Outcome, trouble error) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%*d/%d %-48s %5s %-7s", len(fmt.Sprint(of)), n, of, it.ID, score(o.Overall, 1), o.Decision)
	for _, d := range o.Dimensions {
		fmt.Fprintf(&b, " %3s", score(d, 0))
	}
	fmt.Fprintf(&b, "  %6.2f s", o.Seconds)
	if o.Decision != "" && (it.Expect == "approve" || it.Expect == "reject") && o.Decision != it.Expect {
		fmt.Fprintf(&b, "  expected %s", it.Expect)
	}
	if trouble != nil {
		fmt.Fprintf(&b, "  %v", trouble)
	}
	return b.String()
}

func score(x float64, decimals int) string {
	if math.IsNaN(x) {
		return "-"
	}
	return fmt.Sprintf("%.*f", decimals, x)
}
