// Package profile is the first pass: what is known about a dataset after every
// row was read once. It counts, decides the kind of each column, and keeps a
// uniform sample of the rows. Memory is bounded by the sample, and the result is
// the same bits however the file was cut and on any number of cores.
//
// Cells are taken like this, here and in RowHash: a float cell that is NaN is
// null; one that is infinite is invalid, as is text that the loader could not
// read as the column's type. Invalid cells count as such, not as nulls, and
// enter no statistic. In the sample they are null, with an entry in
// Vector.Invalid.
package profile

import (
	"context"
	"fmt"

	"synthos/dataset"
	"synthos/scan"
	"synthos/sketch"
)

// DefaultSample is the number of rows kept if Options does not say.
const DefaultSample = 20000

// The sample is bounded by its cells: of more than wideColumns columns fewer rows are kept,
// in proportion, though not fewer than leastRows.
const (
	wideColumns = 200
	leastRows   = 500
)

// SampleRows returns how many rows of so many columns are kept, at most, where sample
// are asked for.
func SampleRows(sample, columns int) int {
	if columns <= wideColumns {
		return sample
	}
	return min(sample, max(leastRows, sample*wideColumns/columns))
}

// rows returns how many rows of so many columns are kept, at most.
func (o Options) rows(columns int) int {
	if o.Sample <= 0 {
		return SampleRows(DefaultSample, columns)
	}
	return SampleRows(o.Sample, columns)
}

// maxFindings is how many unreadable rows are kept as findings; all are counted.
const maxFindings = 100

// Options are the choices of a first pass.
type Options struct {
	Seed   uint64 // decides which rows are in the sample
	Sample int    // rows to keep, fewer if the table is wide (SampleRows), all if there are no more; 0 = DefaultSample
	Rows   int64  // how many rows there will be, as far as is known: it takes less time then; 0 = unknown
}

// aggregate makes the pass with the number of rows that the ranges of src tell, if they do, and
// again without if that was too far off for the sample: many rows cannot be read.
func aggregate[A interface {
	scan.Accumulator
	short() bool
}](ctx context.Context, e scan.Engine, src dataset.Source, o Options, fresh func(o Options) A, progress func(rows int64)) (a A, err error) {
	if rows, known := dataset.RowsOf(src.Ranges()); known {
		o.Rows = rows
	}
	for {
		merged, err := e.Aggregate(ctx, src, func() scan.Accumulator { return fresh(o) }, progress)
		if err != nil {
			return a, err
		}
		a, ok := merged.(A)
		if !ok {
			return a, fmt.Errorf("profile: the engine returned a %T", merged)
		}
		if o.Rows == 0 || !a.short() {
			return a, nil
		}
		o.Rows = 0
	}
}

// Profile is what the first pass found.
type Profile struct {
	// Schema is a copy of the source's, with Kind decided and Integer corrected
	// from all rows.
	Schema  *dataset.Schema
	Rows    int64 // data rows read
	Skipped int64 // rows of the file that could not be read
	Columns []Column
	// Sample is a uniform sample of the rows without replacement, ascending by
	// row number, or all rows if there are no more than SampleRows. It
	// shares Schema, and holds finite numbers only.
	Sample *dataset.Table
	// Findings holds what the source found odd, the first unreadable rows, and
	// what Adopt found.
	Findings []dataset.Finding
	// DuplicateRows counts the rows that repeat an earlier row exactly, in all
	// columns: Rows minus the distinct rows.
	DuplicateRows   int64
	DuplicatesExact bool // false: DuplicateRows is an estimate, see sketch.KMV.Distinct
	// RowHashes counts the rows by RowHash: all distinct ones up to
	// RowHashesKept, a uniform sample of them above. Many goroutines may read it.
	RowHashes *sketch.KMV
	StateHash string // 128 bits in hexadecimal: the same for the same rows and Options
	// RowsDigest is 64 bits in hexadecimal: the same for the same rows in the same
	// order, and cheap to find again (Recognize).
	RowsDigest string
}

// Column is the profile of one column. Count + Nulls + Invalid = Rows.
type Column struct {
	dataset.Field
	KindEvidence string // one sentence: why it is of this Kind
	Count        int64  // cells with a value
	Nulls        int64
	Invalid      int64
	Distinct     int64 // distinct values
	// DistinctExact is false if there are more than LevelsKept distinct values;
	// Distinct is then an estimate with a standard error of 1.6 %.
	DistinctExact bool
	// Min, Max, Mean and SD (divisor n-1) are those of the numbers, seconds
	// since 1970 for times; NaN where there are too few and for strings.
	Min, Max, Mean, SD float64
	// Levels holds values with exact counts, most frequent first, ties in
	// ascending order of the values. If LevelsComplete it holds all values; else
	// a uniform sample of LevelsKept of the distinct values, which need not
	// include the most frequent ones.
	Levels         []Level
	LevelsComplete bool
	MeanLength     float64 // characters (code points) a value; NaN unless strings
	MeanWords      float64 // words a value, see words; NaN unless strings
	InvalidRows    []int64 // the first 100 rows with an invalid cell, ascending
}

// Level is one value of a column and how often it occurs.
type Level struct {
	Text  string  // String columns: the value, cut to at most 256 bytes
	Value float64 // other columns: the value
	Count int64
}

// Run reads every row of src once by e and returns what it found. progress, if
// not nil, is called now and then with the number of rows read. On error, or
// when ctx ends, there is no profile.
func Run(ctx context.Context, e scan.Engine, src dataset.Source, o Options, progress func(rows int64)) (*Profile, error) {
	fresh := func(o Options) *Accumulator { return NewAccumulator(src.Schema(), o) }
	a, err := aggregate(ctx, e, src, o, fresh, progress)
	if err != nil {
		return nil, err
	}
	p, err := a.Profile()
	if err != nil {
		return nil, err
	}
	p.Findings = append(append([]dataset.Finding{}, src.Findings()...), p.Findings...)
	return p, nil
}
