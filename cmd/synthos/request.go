package main

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"synthos"
	"synthos/load"
	"synthos/report"
	"synthos/verdict"
)

var presets = []string{"fast", "cpu", "full"}

// request is what the flags of validate ask for.
type request struct {
	*synthos.Orchestrator
	path  string   // the dataset
	paths []string // the arguments that name data
	ranks bool     // each of paths is a dataset, to be ranked

	interrupted bool // by the user: what there is of the result is partial

	format  string
	outputs listFlag
	scores  string // where the scores of the rows go
	noCache bool
	quiet   bool
	json    bool

	together bool // several paths are one dataset

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
	fs.BoolVar(&r.together, "together", false, "")
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
	fs.StringVar(&r.Encoding, "encoding", r.Encoding, "")
}

// checkLoad says what is wrong with the flags of loadFlags; nil if nothing is.
func (r *request) checkLoad(command string) error {
	if _, err := load.ParseBadRows(r.BadRows); err != nil {
		return &usageError{command, "--bad-rows is " + strconv.Quote(r.BadRows) + ", but it must be skip or stop"}
	}
	if err := load.ParseEncoding(r.Encoding); err != nil {
		return &usageError{command, "--encoding: " + err.Error()}
	}
	return nil
}

// parseRequest reads the arguments of validate.
func parseRequest(args []string) (*request, error) {
	r := &request{Orchestrator: synthos.New()}
	rest, err := r.settle("validate", args)
	if err != nil {
		return nil, err
	}
	if r.paths = rest; len(rest) > 1 && !r.together {
		r.ranks = true
		return r, r.checkRank("validate")
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
	case r.scores != "" && slices.Contains(r.Omit, "localize"):
		return wrong("--row-scores needs the stage localize, which --omit leaves out")
	}
	for _, path := range r.outputs {
		check := report.Check
		if r.ranks {
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
	if err := r.checkPlaces(command); err != nil {
		return err
	}
	return r.checkGate()
}

// checkPlaces returns an error if what r writes would replace what it reads. The baseline may
// be replaced: it is read before anything is written.
func (r *request) checkPlaces(command string) error {
	data := r.paths
	if !r.ranks {
		data = []string{r.path}
	}
	read := []place{
		{"reference", r.Reference}, {"holdout", r.Holdout}, {"schema", r.Schema}, {"config", r.config},
		{"embeddings", r.Embeddings}, {"reference-embeddings", r.ReferenceEmbeddings},
	}
	written := []place{{"row-scores", r.scores}, {"save-predictions", r.SavePredictions}}
	for _, path := range r.outputs {
		written = append(written, place{"output", path})
	}
	return checkPlaces(command, data, r.format, read, written)
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
