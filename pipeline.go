package synthos

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"synthos/cache"
	"synthos/cascade"
	"synthos/collapse"
	"synthos/dataset"
	"synthos/encode"
	"synthos/linalg"
	"synthos/load"
	"synthos/recommend"
	"synthos/scan"
	"synthos/sketch"
	"synthos/verdict"
)

// Validate runs the six stages on the dataset at path and decides.
//
// format is a name that `synthos formats` lists; "" finds it out from the
// extension and the first bytes. A rejection is a result, not an error. Validate
// returns an error only if the options are unusable or stage 1 fails: there is
// then nothing to judge. If a later stage fails, or ctx ends, the result holds
// what was measured until then, Partial is true, and it is not approved.
func (o *Orchestrator) Validate(ctx context.Context, path, format string) (*Result, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := o.fits(); err != nil {
		return nil, err
	}
	ctx, cancel := o.limited(ctx)
	defer cancel()
	if err := o.openEmbeddings(ctx); err != nil {
		return nil, err
	}
	r := o.newRun(path, format)

	if err := r.stage(ctx, "load", r.load); err != nil {
		return nil, withheldError(o, err)
	}
	defer r.close()
	beside := r.beside(ctx, "diversity", r.diversity)
	r.optional(ctx, "cascade", r.cascade)
	<-beside
	r.stage(ctx, "collapse", r.collapse)
	r.optional(ctx, "localize", r.localize)
	r.compare(ctx)
	r.optional(ctx, "recommend", r.recommend)

	return r.finish(), nil
}

// limited returns ctx with the time limit of o, if it has one.
func (o *Orchestrator) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.Timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, o.Timeout, fmt.Errorf("the time limit of %v is over (%w)", o.Timeout, context.DeadlineExceeded))
}

// check returns an error if an option is out of range.
func (o *Orchestrator) check() error {
	percent := func(name string, v float64) error {
		if !(v >= 0 && v <= 100) {
			return fmt.Errorf("synthos: %s is %v; it must be from 0 to 100", name, v)
		}
		return nil
	}
	err := errors.Join(
		percent("CollapseThreshold", o.CollapseThreshold),
		percent("DiversityThreshold", o.DiversityThreshold),
		percent("CriticalThreshold", o.CriticalThreshold))
	for _, name := range slices.Concat(o.CriticalDimensions, slices.Sorted(maps.Keys(o.DimensionThresholds))) {
		known := false
		for _, d := range collapse.Names() {
			known = known || d == name
		}
		if !known {
			err = errors.Join(err, fmt.Errorf("synthos: no dimension is called %q; `synthos dimensions` lists them", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.DimensionThresholds)) {
		err = errors.Join(err, percent("the threshold of "+name, o.DimensionThresholds[name]))
	}
	if !slices.Contains(cascade.Presets(), o.Preset) {
		err = errors.Join(err, fmt.Errorf("synthos: no preset is called %q; there are %v", o.Preset, cascade.Presets()))
	}
	for _, name := range o.Omit {
		if !slices.Contains(omittable, name) {
			err = errors.Join(err, fmt.Errorf("synthos: stage %q cannot be left out; only %s can", name, strings.Join(omittable, ", ")))
		}
	}
	if _, prices := recommend.NewPrices(o.Prices); prices != nil {
		err = errors.Join(err, fmt.Errorf("synthos: %w", prices))
	}
	if encoding := load.ParseEncoding(o.Encoding); encoding != nil {
		err = errors.Join(err, fmt.Errorf("synthos: %w", encoding))
	}
	if _, badRows := load.ParseBadRows(o.BadRows); badRows != nil {
		err = errors.Join(err, fmt.Errorf("synthos: %w", badRows))
	}
	if o.Sample < minSample {
		err = errors.Join(err, fmt.Errorf("synthos: a sample of %d rows is too small; use %d or more", o.Sample, minSample))
	}
	if o.Jobs < 0 || o.Timeout < 0 || o.CacheLimit < 0 {
		err = errors.Join(err, errors.New("synthos: Jobs, Timeout and CacheLimit must not be negative"))
	}
	if e := linalg.Check(); e != nil {
		err = errors.Join(err, fmt.Errorf("synthos: %w", e))
	}
	if o.SavePredictions != "" && slices.Contains(o.Omit, "cascade") {
		err = errors.Join(err, errors.New("synthos: there are no predictions to save without the stage cascade; do not leave it out"))
	}
	if o.SavePredictions != "" {
		err = errors.Join(err, load.CheckWrite(o.SavePredictions))
	}
	if o.Holdout != "" && o.Reference == "" {
		err = errors.Join(err, errors.New("synthos: a holdout needs a reference; give the real data as the reference too"))
	}
	return errors.Join(err, o.checkEmbeddings())
}

// fits returns an error that says what to do if the networks of the preset would
// take more memory than there is whatever the data are. For very many columns
// stage 3 looks again.
func (o *Orchestrator) fits() error {
	if slices.Contains(o.Omit, "cascade") {
		return nil
	}
	if err := cascade.CheckMemory(o.Preset, []int{2}, o.jobs(), freeMemory()); err != nil {
		return fmt.Errorf("synthos: %w", err)
	}
	return nil
}

// jobs returns the number of goroutines to use.
func (o *Orchestrator) jobs() int {
	if o.Jobs > 0 {
		return o.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// omittable are the stages that a verdict can do without.
var omittable = []string{"cascade", "localize", "recommend"}

const (
	minSample     = 100     // rows
	maxKeptScores = 5000000 // rows whose scores are kept for stage 6 though nobody asked: 20 MB
)

// run is one validation under way: what one stage leaves for the next.
type run struct {
	o       *Orchestrator
	path    string
	format  string
	jobs    int
	engine  scan.Engine
	started time.Time
	meter   *meter
	result  *Result
	schema  *load.Overrides // nil: nothing is said about columns
	along   scan.Engine     // reads the data in stage 1 if not nil, instead of engine

	data, reference, holdout *loaded
	memory                   *cache.Memory // what the reference alone shows
	space                    *encode.Space // data and reference are compared in it
	training                 *training
}

// loaded is a file after the first pass.
type loaded struct {
	path   string
	source dataset.Source
	table  *dataset.Table // the sample, with kinds
	rows   int64          // of the file, those that cannot be read included
	hashes *sketch.KMV    // of all rows
	kept   bool           // for other validations: not ours to close
}

func (o *Orchestrator) newRun(path, format string) *run {
	jobs := o.jobs()
	r := &run{o: o, path: path, format: format, jobs: jobs, engine: scan.Local{Jobs: jobs}, memory: o.remembered(), started: time.Now(), result: &Result{}}
	r.meter = newMeter(o.Progress, r.started)
	mode := "self"
	if o.Reference != "" {
		mode = "reference"
	}
	r.result.Result = verdict.Result{
		SchemaVersion:   verdict.SchemaVersion,
		CollapseScore:   verdict.Unmeasured("stage collapse did not run"),
		DiversityScore:  verdict.Unmeasured("stage diversity did not run"),
		ProjectedScore:  verdict.Unmeasured("stage recommend did not run"),
		ProblematicRows: []int64{},
		Recommendations: []verdict.Recommendation{},
		Seed:            o.Seed,
		Version:         Version,
		StartedAt:       r.started.UTC().Format(time.RFC3339),
		Config: verdict.Config{
			Data: load.WithoutSecrets(path), Format: format, Reference: load.WithoutSecrets(o.Reference), Holdout: load.WithoutSecrets(o.Holdout), Target: o.Target,
			Sheet: o.Sheet, ReferenceSheet: o.ReferenceSheet, HoldoutSheet: o.HoldoutSheet, Schema: o.Schema, BadRows: o.BadRows, Encoding: o.Encoding,
			CollapseThreshold: o.CollapseThreshold, DiversityThreshold: o.DiversityThreshold,
			CriticalThreshold: o.CriticalThreshold, CriticalDimensions: append([]string{}, o.CriticalDimensions...),
			DimensionThresholds: maps.Clone(o.DimensionThresholds), Prices: maps.Clone(o.Prices), Sensitive: o.Sensitive,
			GPUMemoryFraction: o.GPUMemoryFraction, MixedPrecision: o.MixedPrecision, UseCache: o.UseCache,
			Embeddings: load.WithoutSecrets(o.Embeddings), ReferenceEmbeddings: load.WithoutSecrets(o.ReferenceEmbeddings),
			EmbeddingsURL: load.WithoutSecrets(o.EmbeddingsURL), EmbeddingsModel: o.EmbeddingsModel,
			Jobs: o.Jobs, Sample: o.Sample, TimeoutSeconds: o.Timeout.Seconds(), Preset: o.Preset, Mode: mode,
		},
	}
	return r
}

func (r *run) close() {
	for _, l := range []*loaded{r.data, r.reference, r.holdout} {
		if l != nil && !l.kept {
			l.source.Close()
		}
	}
}

// sampleOf returns the table of l, nil if there is none.
func (l *loaded) sample() *dataset.Table {
	if l == nil {
		return nil
	}
	return l.table
}

// finish fills in what is known only at the end, and decides.
func (r *run) finish() *Result {
	res := &r.result.Result
	res.Stages = r.meter.stages(time.Since(r.started))
	for _, s := range res.Stages {
		if s.Status != verdict.StageDone && s.Status != verdict.StageOmitted {
			res.Partial = true
		}
	}
	if res.Localization != nil && !r.o.KeepRowScores {
		res.Localization.RowScores = nil
	}
	r.findLines()
	if r.o.Sensitive {
		withhold(res)
	}
	decide(r.o, res)
	res.TotalTimeSeconds = time.Since(r.started).Seconds()
	if res.TotalTimeSeconds > 0 {
		res.ThroughputRowsPerSecond = float64(res.Rows) / res.TotalTimeSeconds
	}
	res.PeakMemoryBytes = peakMemory()
	if res.Load != nil {
		res.Config.Format = res.Load.Format
	}
	res.Config.Data = filepath.ToSlash(res.Config.Data)
	return r.result
}
