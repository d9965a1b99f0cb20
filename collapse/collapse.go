// Package collapse scores the eight ways in which a dataset can be collapsed.
//
// Every dimension measures a few published statistics on the data against the
// reference, and the same statistics on held-out real rows against the
// reference: the noise floor. What the data show beyond the floor becomes damage
// on one common scale of harm (scale.go), damage becomes a score (score.go).
// Without a reference the networks' predictions and the halves of the file take
// the place of the reference (self.go).
package collapse

import (
	"context"
	"errors"
	"slices"

	"synthos/cache"
	"synthos/dataset"
	"synthos/encode"
	"synthos/verdict"
)

// Dimension is one way to be collapsed, with everything there is to know about it.
type Dimension struct {
	Name      string
	About     string // what a low score means, for `synthos dimensions`
	Reference func(*view) ([]measurement, error)
	Self      func(*view) ([]measurement, error)
}

// dimensions is the table of all eight; add a file and a line for another one.
var dimensions = []Dimension{
	modeCollapse,
	spectralDegradation,
	gradientPathology,
	distributionShift,
	diversityLoss,
	memorization,
	qualityDegradation,
	patternRepetition,
}

// Dimensions returns the table of dimensions, in the order of the report.
func Dimensions() []Dimension { return dimensions }

// Names returns the names of the dimensions, in the order of the report.
func Names() []string {
	names := make([]string, len(dimensions))
	for i := range dimensions {
		names[i] = dimensions[i].Name
	}
	return names
}

// Input is what Detect judges.
type Input struct {
	Data      *dataset.Table // a uniform sample of the data
	Reference *dataset.Table // real rows; nil in self mode
	Holdout   *dataset.Table // further real rows; nil = Reference is split
	Space     *encode.Space  // of both, from Fit
	// ReferenceRows is how many rows the file has that Reference is a sample of; 0 = it is all of them.
	ReferenceRows int64
	Networks      Networks // what training showed; nil if the cascade failed
	Whole         *Whole   // what was counted over all rows of the files; nil = only the samples are known
	Coarse        bool     // fewer and smaller resamples: for comparing fixes with each other
	Seed          uint64
	Jobs          int
	Progress      func(done float64, detail string) // done from 0 to 1; called from one goroutine at a time; nil = silent
	Memory        *cache.Memory                     // keeps what the reference alone shows, for the next; nil = nothing
}

// Whole is what exact hashes of all rows tell. A sample would see only a share
// of it: of two equal rows, both are seldom in it. All are shares of rows, 0 to 1.
type Whole struct {
	Rows                  int64   // of the data
	Repeats, UsualRepeats float64 // rows of the data that repeat another; what as many rows of the reference would show
	Copies, UsualCopies   float64 // rows of the data that stand in the reference; what another sample of the reference would show
}

// Networks is what training networks on the data, and the same ones on the
// reference, has shown.
type Networks interface {
	// Opposed returns the share of rows whose gradient points against that of
	// held-out reference rows, under networks trained on the reference, and the
	// same share of further held-out reference rows; ok is false without a reference.
	Opposed(ctx context.Context, rows *encode.Codes) (share, floor float64, ok bool, err error)
	// GradientNoise returns the gradient noise scale of the trainings on the data
	// and of their twins on the reference, in rows; NaN if unknown.
	GradientNoise() (data, reference float64)
	// Gap returns by how much the held-out loss exceeds the training loss, in nats a
	// cell, on the data and on the reference; NaN if unknown.
	Gap() (data, reference float64)
	// Losses returns what networks lose on cells of held-out rows; nil without a reference.
	Losses(ctx context.Context) (*Losses, error)
	// Diverged returns the share of the networks that diverged on the data.
	Diverged() float64
	// Predictions returns rows drawn from the networks and the space of the columns
	// that they model, which may be fewer than there are; nil if there are none.
	Predictions() (*encode.Codes, *encode.Space)
}

// Losses are mean losses of cells given the others of their row, in nats, by slot of the space
// that is compared in; none of slots that are not modelled. All rows are held out. They are split
// into parts, as many everywhere and at least two, which tell how much is chance: one number a part.
type Losses struct {
	Usual  [][]float64 // of networks trained on the reference, on rows of the reference
	Taught [][]float64 // of networks trained on the data, on the same rows
	Shown  [][]float64 // of networks trained on the reference, on rows of the data
}

// ErrNothingToCompare says that data and reference share no column.
var ErrNothingToCompare = errors.New("collapse: no column can be compared: they are ids, empty, or in only one of data and reference")

// Fit returns the space in which data and reference are compared: that of the
// reference, over the columns that both have in the same storage. Without a
// reference it is the data's own.
func Fit(data, reference *dataset.Table) (*encode.Space, error) {
	if reference == nil {
		reference = data
	}
	names := common(data, reference)
	if len(names) == 0 {
		return nil, ErrNothingToCompare
	}
	slices.Sort(names) // so that the order of the columns in the file changes nothing
	s := encode.Fit(reference, names, data)
	if len(s.Slots) == 0 {
		return nil, ErrNothingToCompare
	}
	return s, nil
}

// Detect scores the eight dimensions. A dimension that cannot be measured has a
// null score with the reason; Detect returns an error only if ctx ended, or if
// there is nothing to measure at all.
func Detect(ctx context.Context, in Input) (*verdict.Collapse, error) {
	v, err := newView(ctx, in)
	if err != nil {
		return nil, err
	}
	return v.detect()
}
