package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"synthos"
	"synthos/bench/internal/spent"
	"synthos/bench/internal/table"
	"synthos/report"
	"synthos/verdict"
)

// course is what it took to judge several candidates.
type course struct {
	results   []*synthos.Result
	wall, cpu float64            // seconds
	stages    map[string]float64 // seconds of each stage
}

// measureCandidates judges several tables against one reference, one by one and then
// with what is known of the reference kept, and prints what both took. Both begin
// with an empty cache of networks. It errs if the results are not the same.
func measureCandidates(ctx context.Context, o options, dir string, base *synthos.Orchestrator, stdout io.Writer) (*synthos.Result, error) {
	var paths []string
	for i := range o.candidates {
		path := filepath.Join(dir, fmt.Sprintf("candidate%d.%s", i+1, o.format))
		if err := writers[o.format](path, table.New(o.rows, o.cols, o.seed+2+uint64(i))); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	alone, err := judgeAll(ctx, *base, paths, false)
	if err != nil {
		return nil, err
	}
	stop, err := profiled(o.profile)
	if err != nil {
		return nil, err
	}
	kept, err := judgeAll(ctx, *base, paths, true)
	stop()
	if err != nil {
		return nil, err
	}
	for i := range paths {
		if !bytes.Equal(judgement(alone.results[i]), judgement(kept.results[i])) {
			return nil, fmt.Errorf("%s: the result depends on whether the reference is kept", paths[i])
		}
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%d candidates\tone by one\treference kept\tless\t\n", len(paths))
	for _, s := range synthos.Stages {
		fmt.Fprintf(w, "%s\t%.2f s\t%.2f s\t%.0f %%\t\n", s, alone.stages[s], kept.stages[s], less(alone.stages[s], kept.stages[s]))
	}
	fmt.Fprintf(w, "wall\t%.2f s\t%.2f s\t%.0f %%\t\n", alone.wall, kept.wall, less(alone.wall, kept.wall))
	fmt.Fprintf(w, "CPU\t%.2f s\t%.2f s\t%.0f %%\t\n", alone.cpu, kept.cpu, less(alone.cpu, kept.cpu))
	return kept.results[0], w.Flush()
}

// less returns by how many per cent b is less than a.
func less(a, b float64) float64 { return 100 * (a - b) / a }

// judgeAll judges the datasets at paths.
func judgeAll(ctx context.Context, o synthos.Orchestrator, paths []string, keep bool) (*course, error) {
	dir, err := os.MkdirTemp("", "synthos-speed-cache")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	o.UseCache, o.CacheDir = true, dir
	if keep {
		defer o.KeepReference()()
	}
	c := &course{stages: map[string]float64{}}
	began, before := time.Now(), spent.CPUSeconds()
	for _, path := range paths {
		one := o
		result, err := one.Validate(ctx, path, "")
		if err != nil {
			return nil, err
		}
		c.results = append(c.results, result)
		for _, s := range result.Stages {
			c.stages[s.Name] += s.Seconds
		}
	}
	c.wall, c.cpu = time.Since(began).Seconds(), spent.CPUSeconds()-before
	return c, nil
}

// judgement returns all of r that must be the same whenever it is judged.
func judgement(r *synthos.Result) []byte {
	var b bytes.Buffer
	same := verdict.Result{
		ApprovedForTraining: r.ApprovedForTraining, CollapseScore: r.CollapseScore, DiversityScore: r.DiversityScore, Confidence: r.Confidence,
		Reason: r.Reason, ProblematicRows: r.ProblematicRows, Recommendations: r.Recommendations, ProjectedScore: r.ProjectedScore,
		Load: r.Load, Diversity: r.Diversity, Collapse: r.Collapse, Localization: r.Localization, Comparison: r.Comparison, Criteria: r.Criteria,
	}
	if err := report.JSON(&b, &same); err != nil {
		panic(err) // what Validate returns can be written
	}
	return b.Bytes()
}
