// Package scan runs the two passes over a Source: every range is read once and
// folded into an accumulator, on all cores, in bounded memory.
package scan

import (
	"context"

	"synthos/dataset"
)

// Accumulator is what a pass folds rows into.
//
// AddBatch and Merge must be commutative and associative bit for bit: the
// result may not depend on how the file was cut into ranges, on which worker
// read which range, or on the order in which they finished. MarshalBinary
// returns the same bytes for the same state.
type Accumulator interface {
	AddBatch(*dataset.Batch) error
	Merge(Accumulator) error
	MarshalBinary() ([]byte, error)
}

// Engine runs a pass.
type Engine interface {
	// Aggregate reads every range of src once and returns the merged
	// accumulator. fresh returns an empty one; it is called from one goroutine.
	// progress, if not nil, is called with the number of rows read so far, from
	// one goroutine at a time. On error or when ctx ends, it returns what was
	// merged so far together with the error, after all its goroutines ended.
	Aggregate(ctx context.Context, src dataset.Source, fresh func() Accumulator, progress func(rows int64)) (Accumulator, error)
}
