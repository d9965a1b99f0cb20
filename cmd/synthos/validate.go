package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"synthos"
	"synthos/load"
	"synthos/report"
	"synthos/verdict"
)

var validateCommand = command{
	name:  "validate",
	about: "judge a dataset",
	help:  validateHelp,
	run:   runValidate,
}

var presets = []string{"fast", "cpu", "full"}

// request is what the flags of validate ask for.
type request struct {
	*synthos.Orchestrator
	path    string
	paths   []string // path is them, joined
	format  string
	outputs listFlag
	scores  string // where the scores of the rows go
	noCache bool
	quiet   bool
	json    bool
	each    bool // several datasets, to be ranked

	config   string // a config file, "none", or "" = the one found
	failOn   []string
	baseline string
	drop     float64
	before   *verdict.Result // the baseline
}

// flags returns the flags of validate, bound to the fields of r. The defaults
// are those that synthos.New has set.
func (r *request) flags() *flag.FlagSet {
	fs := newFlags("validate")
	fs.StringVar(&r.Reference, "reference", r.Reference, "")
	fs.StringVar(&r.Holdout, "holdout", r.Holdout, "")
	fs.StringVar(&r.ReferenceSheet, "reference-sheet", r.ReferenceSheet, "")
	fs.StringVar(&r.HoldoutSheet, "holdout-sheet", r.HoldoutSheet, "")
	fs.StringVar(&r.Target, "target", r.Target, "")
	fs.StringVar(&r.format, "format", "", "")
	r.loadFlags(fs)
	fs.StringVar(&r.Preset, "preset", r.Preset, "")
	fs.Var(&r.outputs, "output", "")
	fs.StringVar(&r.scores, "row-scores", "", "")
	fs.Uint64Var(&r.Seed, "seed", r.Seed, "")
	fs.IntVar(&r.Jobs, "jobs", r.Jobs, "")
	fs.IntVar(&r.Sample, "sample", r.Sample, "")
	fs.DurationVar(&r.Timeout, "timeout", r.Timeout, "")
	fs.Float64Var(&r.CollapseThreshold, "collapse-threshold", r.CollapseThreshold, "")
	fs.Float64Var(&r.DiversityThreshold, "diversity-threshold", r.DiversityThreshold, "")
	fs.Float64Var(&r.CriticalThreshold, "critical-threshold", r.CriticalThreshold, "")
	fs.Var(namesFlag{&r.CriticalDimensions}, "critical", "")
	fs.Var(namesFlag{&r.Omit}, "omit", "")
	fs.BoolVar(&r.noCache, "no-cache", !r.UseCache, "")
	r.embeddingFlags(fs)
	fs.StringVar(&r.SavePredictions, "save-predictions", r.SavePredictions, "")
	fs.StringVar(&r.CacheDir, "cache-dir", r.CacheDir, "")
	fs.BoolVar(&r.quiet, "quiet", false, "")
	fs.BoolVar(&r.json, "json", false, "")
	fs.BoolVar(&r.each, "each", false, "")
	fs.Var(thresholdsFlag{&r.DimensionThresholds}, "threshold", "")
	fs.Var(pricesFlag{&r.Prices}, "price", "")
	fs.BoolVar(&r.Sensitive, "sensitive", r.Sensitive, "")
	fs.StringVar(&r.config, "config", "", "")
	r.failOn, r.drop = slices.Clone(failures), defaultDrop
	fs.Var(namesFlag{&r.failOn}, "fail-on", "")
	fs.StringVar(&r.baseline, "baseline", "", "")
	fs.Float64Var(&r.drop, "baseline-drop", r.drop, "")
	return fs
}

// loadFlags adds the flags that say how data are read.
func (r *request) loadFlags(fs *flag.FlagSet) {
	fs.StringVar(&r.Sheet, "sheet", r.Sheet, "")
	fs.StringVar(&r.Schema, "schema", r.Schema, "")
	fs.StringVar(&r.BadRows, "bad-rows", r.BadRows, "")
}

// checkLoad says what is wrong with the flags of loadFlags; nil if nothing is.
func (r *request) checkLoad(command string) error {
	if _, err := load.ParseBadRows(r.BadRows); err != nil {
		return &usageError{command, "--bad-rows is " + strconv.Quote(r.BadRows) + ", but it must be skip or stop"}
	}
	return nil
}

// loadHelp describes the flags of loadFlags.
const loadHelp = `  --sheet NAME     Excel sheet, or path of a table in an HDF5 file (default: the first)
  --schema F       what columns mean: {"columns": {"NAME": "KIND", ...}}, or SDV metadata
  --bad-rows HOW   unreadable rows: skip them, or stop at the first (default: stop above 1 %)
`

// dataHelp says what DATA may be.
const dataHelp = `DATA is a file, a folder, a quoted pattern ("part-*.csv"), an address (s3, gs, az, https, http),
several of these, or - for standard input. Several files are read as one; folders called key=value
become columns.
`

func validateHelp() string {
	d := synthos.New()
	return fmt.Sprintf(`Usage:
  synthos validate DATA [FLAGS]

Judges DATA and says APPROVED or REJECTED with a confidence and a reason.
%s
What to judge:
  --reference F    real data to judge against; without it the data are judged by themselves
  --holdout F      more real rows, the yardstick of every number (default: a split of the reference)
  --target COL     the column that a model will predict (default: every column counts)
  --each           several DATA are not one but candidates: judge each, and rank them
  --format NAME    format of DATA (default: by extension, then by content; see synthos formats)
~ --reference-sheet NAME   the same as --sheet for the reference
~ --holdout-sheet NAME     the same as --sheet for the holdout
%s%sHow:
  --preset NAME    size of the networks: fast, cpu or full (default %s)
  --sample N       rows kept in memory (default %d)
  --seed N         same seed, same result (default %d)
  --jobs N         goroutines (default: all cores)
~ --omit A,B       leave out stages, of cascade, localize and recommend: the verdict alone, sooner
  --timeout D      stop after this long and keep what is done, e.g. 90s or 10m (default: none)
~ --no-cache       train the networks again even if they are stored from an earlier run
~ --cache-dir DIR  where they are stored (default: see synthos help cache)
When to approve:
  --collapse-threshold X    least collapse score, 0-100 (default %g)
  --diversity-threshold X   least diversity score, 0-100 (default %g)
  --critical-threshold X    least score of every critical dimension, 0-100 (default %g)
~ --critical A,B,C          critical dimensions, or none (default: all; see synthos dimensions)
  --threshold NAME=X        least score of a dimension, instead of the critical one; repeatable
  --fail-on A,B,C           exit code not 0 if: rejected, partial, regression; or none
  --baseline F              an earlier JSON report; scores that fall below it are a regression
~ --baseline-drop X         points that a score may fall by (default %d)
~ --price NAME=X            what fixing costs in dollars: see synthos init; repeatable
What to write:
  --output F       a report; repeat for more: %s
  --sensitive      no raw value of the data in any output
~ --save-predictions F   the rows that the networks drew, .csv, .tsv, .json, .jsonl or .parquet
~ --row-scores F   the suspicion of every row, 0 to 1: .csv, .tsv, .json, .jsonl or .parquet
  --json           the result as JSON on standard output, instead of the summary
  --quiet          no progress
  --config F       settings, or none (default: synthos.yaml beside DATA or above; see help init)

Example:
  synthos validate synthetic.csv --reference real.parquet --output report.json --output report.html

Exit codes: 0 approved, 1 rejected, 2 error, 3 partial (interrupted, timed out or a stage failed).
`, dataHelp, strings.ReplaceAll(loadHelp, "  --", rare+" --"), embeddingHelp, d.Preset, d.Sample, d.Seed, d.CollapseThreshold, d.DiversityThreshold, d.CriticalThreshold, defaultDrop, extensions())
}

func runValidate(p *program, args []string) (int, error) {
	r, err := parseRequest(args)
	if err != nil {
		return exitError, err
	}
	if r.each {
		return p.rank(r, r.paths)
	}
	if len(r.paths) > 1 && !r.quiet {
		fmt.Fprintf(p.stderr, "reading %d files as one dataset; --each judges them one by one and ranks them\n", len(r.paths))
	}
	result, code, err := p.judge(r)
	if result == nil {
		return code, err
	}
	code = r.gate(&result.Result, code)
	if err != nil {
		p.complain(err)
	}
	if err := p.show(r, result); err != nil {
		return exitError, err
	}
	for _, path := range r.outputs {
		if err := report.Save(path, &result.Result); err != nil {
			return exitError, err
		}
		if !r.quiet {
			fmt.Fprintln(p.stderr, "wrote "+report.Clean(path))
		}
	}
	if r.scores != "" {
		if err := writeRowScores(r.scores, result.Localization); err != nil {
			return exitError, err
		}
		if !r.quiet {
			fmt.Fprintln(p.stderr, "wrote "+report.Clean(r.scores))
		}
	}
	return code, nil
}

// parseRequest reads the arguments of validate.
func parseRequest(args []string) (*request, error) {
	r := &request{Orchestrator: synthos.New()}
	rest, err := r.settle("validate", args)
	if err != nil {
		return nil, err
	}
	r.paths = rest
	if r.each {
		return r, nil // rank checks it
	}
	if r.path, err = dataPath("validate", rest); err != nil {
		return nil, err
	}
	return r, r.check("validate")
}

// check checks what can be checked before any work is done.
func (r *request) check(command string) error {
	dimensions := synthos.New().CriticalDimensions
	r.UseCache = !r.noCache
	wrong := func(format string, args ...any) error {
		return &usageError{command, fmt.Sprintf(format, args...)}
	}
	if err := r.checkLoad(command); err != nil {
		return err
	}
	if err := r.checkEmbeddings(command); err != nil {
		return err
	}
	if !slices.Contains(presets, r.Preset) {
		return wrong("there is no preset %q%s: use fast, cpu or full", r.Preset, didYouMean(r.Preset, presets))
	}
	for _, name := range r.CriticalDimensions {
		if !slices.Contains(dimensions, name) {
			return wrong("there is no dimension %q%s", name, didYouMean(name, dimensions))
		}
	}
	for _, t := range []struct {
		flag  string
		value float64
	}{
		{"collapse-threshold", r.CollapseThreshold}, {"diversity-threshold", r.DiversityThreshold}, {"critical-threshold", r.CriticalThreshold},
	} {
		if !(t.value >= 0 && t.value <= 100) { // NaN too
			return wrong("--%s is %v, but scores go from 0 to 100", t.flag, t.value)
		}
	}
	switch {
	case r.Jobs < 0:
		return wrong("--jobs is %d; use 0 for all cores", r.Jobs)
	case r.Timeout < 0:
		return wrong("--timeout is %v; use 0 for none", r.Timeout)
	case r.Sensitive && r.SavePredictions != "":
		return wrong("--save-predictions writes values like those of the data; --sensitive forbids it")
	case r.Holdout != "" && r.Reference == "":
		return wrong("--holdout needs --reference")
	}
	for _, path := range r.outputs {
		check := report.Check
		if command == "rank" {
			check = report.CheckRanking
		}
		if err := check(path); err != nil {
			return err
		}
	}
	if r.scores != "" {
		r.KeepRowScores = true
		if err := load.CheckWrite(r.scores); err != nil {
			return err
		}
	}
	return r.checkGate()
}

// settle sets r from the config file, the environment and args, the last of
// which win, and returns the arguments that are no flags.
func (r *request) settle(command string, args []string) ([]string, error) {
	first := &request{Orchestrator: synthos.New()} // what args say by themselves
	fs := first.flags()
	rest, err := parse(fs, args)
	if err != nil {
		return nil, err
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	data := ""
	if len(rest) > 0 {
		data = rest[0]
	}
	fs = r.flags()
	if err := configure(fs, given, data, first.config); err != nil {
		return nil, err
	}
	return parse(fs, args)
}

// dataPath joins the arguments that name the data to one path.
func dataPath(command string, args []string) (string, error) {
	if len(args) == 0 {
		return "", &usageError{command, "which dataset? name a file"}
	}
	for _, arg := range args {
		if len(args) > 1 && (arg == "-" || strings.Contains(arg, ",")) {
			return "", &usageError{command, fmt.Sprintf("%q cannot stand beside other files; name it alone", arg)}
		}
	}
	return strings.Join(args, ","), nil
}

// judge runs the validation that r asks for, with progress on stderr. A first
// Ctrl-C ends it early, with what is done; a second one ends the program.
func (p *program) judge(r *request) (*synthos.Result, int, error) {
	path := r.path
	if path == "-" {
		spooled, remove, err := spool(p.stdin, r.format)
		if err != nil {
			return nil, exitError, err
		}
		defer remove()
		path = spooled
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	progress := newProgress(p.stderr, r.quiet)
	disarm := context.AfterFunc(ctx, func() {
		stop() // the next signal acts as if we had never asked
		progress.note("synthos: interrupted; keeping what is done (once more to quit at once)")
	})
	r.Progress = progress.update
	began := time.Now()
	result, err := p.validate(r.Orchestrator, ctx, path, r.format)
	progress.end()
	interrupted := !disarm()
	switch {
	case result != nil:
	case interrupted:
		return nil, exitPartial, errors.New("interrupted before anything was measured; no report was written")
	case r.Timeout > 0 && time.Since(began) >= r.Timeout:
		return nil, exitPartial, fmt.Errorf("nothing was measured in time; no report was written: %w; give --timeout more", err)
	default:
		return nil, exitError, err
	}
	if path != r.path {
		rename(result, path, r.path)
	}
	switch {
	case result.Partial:
		return result, exitPartial, err
	case result.ApprovedForTraining:
		return result, exitApproved, err
	}
	return result, exitRejected, err
}

// show writes the result to stdout.
func (p *program) show(r *request, result *synthos.Result) error {
	if r.json {
		return report.JSON(p.stdout, &result.Result)
	}
	if err := report.Text(p.stdout, &result.Result, wantsColor(p.stdout)); err != nil || result.Baseline == nil {
		return err
	}
	fmt.Fprintln(p.stdout)
	return report.Changes(p.stdout, result.Baseline, wantsColor(p.stdout))
}
