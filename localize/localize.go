// Package localize is the second pass: which rows are to blame, and why.
//
// Every row is heard by witnesses. A witness knows one kind of damage. In each of
// its channels it gives a row a strength, larger where the row is more
// suspicious, and it knows how strong good rows are: reference rows that were
// treated the same way, each against other reference rows. How much denser the
// rows of the data are at a strength than good rows says how likely a row of that
// strength is to be bad (evidence.go): the local false-discovery rate. A kind of
// damage that the data do not show more often than real rows accuses nobody.
//
// Everything that is fitted comes from the samples. The pass itself keeps a
// bounded list of the worst rows and counts (accumulator.go).
package localize

import (
	"context"
	"fmt"

	"synthos/cache"
	"synthos/cascade"
	"synthos/dataset"
	"synthos/encode"
	"synthos/scan"
	"synthos/verdict"
)

const (
	// FlagAt is the suspicion from which a row counts as flagged. With local
	// false-discovery rates, fewer than one in five of them is innocent.
	FlagAt = 0.8

	reportAt     = 0.5  // rows below are not reported: they are more likely good than bad
	defaultWorst = 1000 // rows reported, at most, if Input does not say
)

// Input is what Run needs to know about the data.
type Input struct {
	Schema    *dataset.Schema // of the source, kinds decided; nil = that of Sample
	Sample    *dataset.Table  // a uniform sample of the data; its RowIDs are row numbers of the source
	Rows      int64           // of the source; 0 = as its ranges tell, else as many as Sample has
	Reference *dataset.Table  // a sample of real rows, same kinds; nil = judge the data by itself

	Networks     *cascade.Cascade  // trained on Reference, in self mode on Sample; nil = not asked
	NetworkSpace *encode.Space     // the space they read; nil = not asked
	Dimensions   *verdict.Collapse // what stage 4 found; nil = unknown

	Seed          uint64
	Jobs          int  // goroutines
	KeepRowScores bool // fill Localization.RowScores: four bytes a row
	Worst         int  // rows reported, at most; 0 = 1000

	Memory *cache.Memory // keeps what the reference alone shows, for the next; nil = nothing
}

// Run fits the witnesses to in, reads every row of src twice by e, first to count
// repeated rows, then to judge, and returns who is to blame. Between, it reads
// them once more if many may be near duplicates. Columns are matched by name.
// progress, if not nil, is called with the number of rows judged so far.
//
// Run errs if ctx ends, if src cannot be read or lacks a column of the sample, if
// the sample has no rows, or if data and reference have no comparable column.
func Run(ctx context.Context, e scan.Engine, src dataset.Source, in Input, progress func(rows int64)) (*verdict.Localization, error) {
	if in.Worst <= 0 {
		in.Worst = defaultWorst
	}
	in.Jobs = max(1, in.Jobs)
	v, err := newView(ctx, src, in)
	if err != nil {
		return nil, err
	}
	if err := v.study(ctx, e, src); err != nil {
		return nil, err
	}
	j, err := fit(v)
	if err != nil {
		return nil, err
	}
	merged, err := e.Aggregate(ctx, src, func() scan.Accumulator { return newAccumulator(j) }, progress)
	if err != nil {
		return nil, err
	}
	a, ok := merged.(*accumulator)
	if !ok {
		return nil, fmt.Errorf("localize: the engine returned a %T", merged)
	}
	return a.localization(), nil
}
