package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"synthos"
	"synthos/dataset"
	"synthos/demo"
	"synthos/load"
	"synthos/report"
	"synthos/verdict"
)

const demoGenerations = 5

var demoCommand = command{
	name:  "demo",
	about: "make a healthy and a collapsed dataset, and judge both",
	help:  demoHelp,
	run:   runDemo,
}

// demoOptions are the flags of demo.
type demoOptions struct {
	folder string
	rows   int
	seed   uint64
	preset string
	jobs   int
	quiet  bool
}

func demoHelp() string {
	return fmt.Sprintf(`Usage:
  synthos demo [FLAGS]

Makes a table of customers, keeps one half as the reference and one half as healthy data, and
lets a small generator learn from the healthy half, then %d times from its own output. Judges
the healthy and the collapsed data against the reference. Nothing is downloaded.

Flags:
  --folder F       where to put the data and the reports (default synthos-demo)
  --rows N         customers to make, at least 200 (default 20000)
  --seed N         same seed, same data and verdicts (default 1)
  --preset NAME    size of the networks: fast, cpu or full (default fast)
  --jobs N         goroutines (default: all cores)
  --quiet          no progress

Exit codes: 0 healthy approved and collapsed rejected, 1 not so, 2 error, 3 partial.
`, demoGenerations-1)
}

func runDemo(p *program, args []string) (int, error) {
	o := demoOptions{folder: "synthos-demo", rows: 20000, seed: 1, preset: "fast"}
	fs := newFlags("demo")
	fs.StringVar(&o.folder, "folder", o.folder, "")
	fs.IntVar(&o.rows, "rows", o.rows, "")
	fs.Uint64Var(&o.seed, "seed", o.seed, "")
	fs.StringVar(&o.preset, "preset", o.preset, "")
	fs.IntVar(&o.jobs, "jobs", o.jobs, "")
	fs.BoolVar(&o.quiet, "quiet", o.quiet, "")
	rest, err := parse(fs, args)
	if err != nil {
		return exitError, err
	}
	switch {
	case len(rest) > 0:
		return exitError, &usageError{"demo", fmt.Sprintf("demo takes no argument, but got %q", rest[0])}
	case o.rows < 200:
		return exitError, &usageError{"demo", fmt.Sprintf("--rows is %d, but less than 200 customers show nothing", o.rows)}
	case !slices.Contains(presets, o.preset):
		return exitError, &usageError{"demo", fmt.Sprintf("there is no preset %q%s: use fast, cpu or full", o.preset, didYouMean(o.preset, presets))}
	case o.jobs < 0:
		return exitError, &usageError{"demo", fmt.Sprintf("--jobs is %d; use 0 for all cores", o.jobs)}
	}
	return p.demo(o)
}

// demo makes the data, judges them and tells the story.
func (p *program) demo(o demoOptions) (int, error) {
	half, err := writeDemo(o)
	if err != nil {
		return exitError, err
	}
	fmt.Fprintf(p.stdout, `In %s:
  reference.parquet  %d real customers
  healthy.parquet    %d other real customers
  collapsed.csv      %d customers made up by a generator that learned from the healthy ones,
                     then %d times from its own output

`, report.Clean(o.folder), half, half, half, demoGenerations-1)

	healthy, code, err := p.judgeDemo(o, "healthy.parquet")
	if err != nil || code == exitPartial {
		return code, err
	}
	collapsed, code, err := p.judgeDemo(o, "collapsed.csv")
	if err != nil || code == exitPartial {
		return code, err
	}
	fmt.Fprintf(p.stdout, `Open %s to see why, then judge your own:
  synthos validate synthetic.csv --reference real.csv --output report.html
`, report.Clean(filepath.Join(o.folder, "collapsed.html")))
	if !healthy.ApprovedForTraining || collapsed.ApprovedForTraining {
		return exitRejected, errors.New("the demo did not end as it should: healthy data approved, collapsed data rejected; please report it with both .json files")
	}
	return exitApproved, nil
}

// writeDemo writes the three tables and returns the number of rows of each.
func writeDemo(o demoOptions) (rows int, err error) {
	if err := os.MkdirAll(o.folder, 0o755); err != nil {
		return 0, fmt.Errorf("cannot make the folder of the demo: %w", err)
	}
	reference, healthy := demo.Split(demo.Customers(o.rows-o.rows%2, o.seed))
	collapsed := demo.Collapse(healthy, demoGenerations, o.seed)
	for _, file := range []struct {
		name  string
		write func(string, *dataset.Table) error
		table *dataset.Table
	}{
		{"reference.parquet", load.WriteParquet, reference},
		{"healthy.parquet", load.WriteParquet, healthy},
		{"collapsed.csv", load.WriteCSV, collapsed},
	} {
		if err := file.write(filepath.Join(o.folder, file.name), file.table); err != nil {
			return 0, err
		}
	}
	return reference.Rows(), nil
}

// judgeDemo judges one file of the demo against its reference, saves the reports
// beside it and tells the outcome.
func (p *program) judgeDemo(o demoOptions, name string) (*synthos.Result, int, error) {
	r := &request{Orchestrator: synthos.New(), path: filepath.Join(o.folder, name), quiet: o.quiet}
	r.Reference = filepath.Join(o.folder, "reference.parquet")
	r.Seed, r.Preset, r.Jobs = o.seed, o.preset, o.jobs
	result, code, err := p.judge(r)
	if result == nil || err != nil {
		return nil, code, err
	}
	base := strings.TrimSuffix(r.path, filepath.Ext(r.path))
	for _, extension := range []string{".json", ".html"} {
		if err := report.Save(base+extension, &result.Result); err != nil {
			return nil, exitError, err
		}
	}
	p.tell(name, result)
	return result, code, nil
}

// tell writes a few lines about one verdict.
func (p *program) tell(name string, r *synthos.Result) {
	decision := "REJECTED"
	if r.ApprovedForTraining {
		decision = "APPROVED"
	}
	fmt.Fprintf(p.stdout, "%-16s %s  collapse %s  diversity %s  confidence %.0f %%  %.1f s\n", name, decision, r.CollapseScore, r.DiversityScore, r.Confidence, r.TotalTimeSeconds)
	for _, line := range report.Wrap(report.Clean(r.Reason), 96, 4) {
		fmt.Fprintln(p.stdout, "  "+line)
	}
	if !r.ApprovedForTraining && r.Collapse != nil {
		fmt.Fprintln(p.stdout, "  lowest: "+strings.Join(lowest(r.Collapse.Dimensions, 4), ", "))
	}
	fmt.Fprintln(p.stdout)
}

// lowest returns the names and scores of the n lowest measured dimensions.
func lowest(dimensions []verdict.Dimension, n int) []string {
	var measured []verdict.Dimension
	for _, d := range dimensions {
		if _, ok := d.Score.Value(); ok {
			measured = append(measured, d)
		}
	}
	slices.SortStableFunc(measured, func(a, b verdict.Dimension) int { return cmp.Compare(a.Score.Or(0), b.Score.Or(0)) })
	var out []string
	for _, d := range measured[:min(n, len(measured))] {
		out = append(out, d.Name+" "+d.Score.String())
	}
	return out
}
