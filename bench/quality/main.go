// Quality runs synthos over a benchmark of datasets whose damage is known, and
// says how well its scores, decisions, dimensions and suspicious rows fit.
//
//	go run ./bench/quality --data DIR --out results.csv
//
// DIR holds manifest.csv, one line a case; run it with --help for its columns.
// Every case is one call of Orchestrator.Validate with the default options. The
// results are written case by case, so a run that is stopped keeps what it did,
// and --resume goes on from there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"

	"synthos"
	"synthos/bench/quality/headline"
)

const usage = `Usage:
  go run ./bench/quality --data DIR [FLAGS]

Judges every dataset of a benchmark, writes results.csv and prints how well scores, decisions,
dimensions and row scores fit what is known about the datasets.

Flags:
  --data DIR          folder with manifest.csv and the files that it names (required)
  --mode MODE         reference (default): judge against the case's reference_file, if it has one;
                      self: judge every case by itself
  --cases REGEXP      only the cases whose id matches; the figures are then of these
  --out FILE          where the results go (default results.csv); scores of rows go to rows/ beside it
  --resume            skip the cases that FILE holds, and add to it; with all there, only print figures
  --statistics FILE   also write every statistic's value, noise floor and damage, one JSON line a case
  --omit A,B          stages to leave out, of cascade, localize and recommend
  --jobs N            goroutines of one case (default: all cores); cases run one after the other
  --preset NAME       size of the networks: fast, cpu or full (default: the library's)
  --seed N            (default: the library's)

manifest.csv is a CSV file with one line a case. Columns that must be there:
  id                  unique name of the case
  file                the dataset, relative to DIR, in any format that synthos reads
  label               healthy, collapsed or defect
Columns that some figures need:
  reference_file      real data to judge against, relative to DIR; empty = judge it by itself
  kind, family, source, label_basis, severity, borderline (1 = left out of the headline figures)
  expect              approve, reject or either: what the decision should be
  defect, dose        what was planted, and how much: mild, medium or severe
  dimension, dimension_alt    which dimension should fall; others that will do, separated by ;
  generator, generation       of a chain of generations
  rows, bad_rows_file, ignore_rows_file    number of rows; files of 0-based row numbers

Exit codes: 0 all cases were judged, 1 some were not, 2 error, 3 stopped.
`

// Exit codes.
const (
	exitDone    = 0
	exitFailed  = 1 // a case gave an error, was partial or had no score
	exitError   = 2
	exitStopped = 3
)

// options are the flags.
type options struct {
	data, mode, cases, out, statistics string
	resume                             bool
	jobs                               int
	preset                             string
	seed                               uint64
	omit                               string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], (*synthos.Orchestrator).Validate, os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, validate validator, stdout, stderr io.Writer) int {
	complain := func(err error) int {
		fmt.Fprintln(stderr, "quality:", err)
		return exitError
	}
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return exitDone
	}
	if err != nil {
		return complain(fmt.Errorf("%w; see --help", err))
	}
	items, err := headline.ReadManifest(o.data)
	if errors.Is(err, os.ErrNotExist) {
		return complain(fmt.Errorf("%w; --data names a folder with a manifest.csv, see --help for its columns", err))
	}
	if err != nil {
		return complain(err)
	}
	if items = choose(items, regexp.MustCompile(o.cases)); len(items) == 0 {
		return complain(fmt.Errorf("no case's id matches %q", o.cases))
	}
	code, err := runCases(ctx, o, items, validate, stderr)
	if err != nil {
		return complain(err)
	}
	outcomes, err := headline.ReadResults(o.out)
	if err != nil {
		return complain(err)
	}
	figures, err := headline.Compute(items, outcomes, o.data, filepath.Dir(o.out))
	if err != nil {
		return complain(err)
	}
	if err := figures.Print(stdout); err != nil {
		return complain(err)
	}
	return code
}

func parse(args []string) (options, error) {
	d := synthos.New()
	o := options{mode: "reference", cases: ".", out: "results.csv", preset: d.Preset, seed: d.Seed}
	fs := flag.NewFlagSet("quality", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.data, "data", o.data, "")
	fs.StringVar(&o.mode, "mode", o.mode, "")
	fs.StringVar(&o.cases, "cases", o.cases, "")
	fs.StringVar(&o.out, "out", o.out, "")
	fs.StringVar(&o.statistics, "statistics", o.statistics, "")
	fs.BoolVar(&o.resume, "resume", o.resume, "")
	fs.IntVar(&o.jobs, "jobs", o.jobs, "")
	fs.StringVar(&o.preset, "preset", o.preset, "")
	fs.Uint64Var(&o.seed, "seed", o.seed, "")
	fs.StringVar(&o.omit, "omit", o.omit, "")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	switch {
	case fs.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	case o.data == "":
		return o, errors.New("--data is required: a folder with a manifest.csv")
	case o.mode != "reference" && o.mode != "self":
		return o, fmt.Errorf("--mode is %q; use reference or self", o.mode)
	}
	if _, err := regexp.Compile(o.cases); err != nil {
		return o, fmt.Errorf("--cases: %w", err)
	}
	return o, nil
}

// choose returns the items whose id matches, those with the same reference one
// after the other: what the system has cached of it then serves them all.
func choose(items []headline.Item, matches *regexp.Regexp) []headline.Item {
	var order []string
	byReference := map[string][]headline.Item{}
	for _, it := range items {
		if !matches.MatchString(it.ID) {
			continue
		}
		if byReference[it.ReferenceFile] == nil {
			order = append(order, it.ReferenceFile)
		}
		byReference[it.ReferenceFile] = append(byReference[it.ReferenceFile], it)
	}
	var chosen []headline.Item
	for _, reference := range order {
		chosen = append(chosen, byReference[reference]...)
	}
	return chosen
}
