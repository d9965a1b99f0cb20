package profile

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"

	"synthos/dataset"
	"synthos/scan"
	"synthos/sketch"
)

// Recognized is what tells a dataset that was profiled before, and its sample.
type Recognized struct {
	Rows, Skipped int64
	RowsDigest    string         // as in Profile
	Sample        *dataset.Table // as in Profile, with the kinds that the source has
}

// Recognize reads every row of src once by e, and finds out much less than Run, at
// half of its cost. o must be that of the first time. On error, or when ctx ends,
// nothing is recognized.
func Recognize(ctx context.Context, e scan.Engine, src dataset.Source, o Options, progress func(rows int64)) (*Recognized, error) {
	a, err := aggregate(ctx, e, src, o, func(o Options) *recognizer { return newRecognizer(src.Schema(), o) }, progress)
	if err != nil {
		return nil, err
	}
	return &Recognized{Rows: a.count, Skipped: a.skipped, RowsDigest: a.digest.String(), Sample: a.sample.table(a.schema)}, nil
}

// recognizer is the accumulator of Recognize.
type recognizer struct {
	schema         *dataset.Schema
	count, skipped int64
	digest         digest
	sample         *rows
	hashes         []uint64 // of the rows of the batch
}

func newRecognizer(schema *dataset.Schema, o Options) *recognizer {
	return &recognizer{schema: schema, sample: newRows(o.rows(len(schema.Fields)), o, len(schema.Fields))}
}

// AddBatch implements scan.Accumulator.
func (a *recognizer) AddBatch(b *dataset.Batch) error {
	if len(b.Columns) != len(a.schema.Fields) {
		return fmt.Errorf("profile: a batch has %d columns, the schema %d", len(b.Columns), len(a.schema.Fields))
	}
	a.hashes = slices.Grow(a.hashes[:0], b.Rows)[:b.Rows]
	HashRows(b, a.hashes)
	a.count += int64(b.Rows)
	a.skipped += int64(len(b.Skipped))
	a.digest.add(b, a.hashes)
	a.sample.add(b, a.schema.Fields)
	return nil
}

func (a *recognizer) short() bool { return a.sample.bottom.Short() }

// RowHashes returns RowHash of every row of the batch that was added last.
func (a *recognizer) RowHashes() []uint64 { return a.hashes }

// Merge implements scan.Accumulator.
func (a *recognizer) Merge(other scan.Accumulator) error {
	o, ok := other.(*recognizer)
	if !ok {
		return fmt.Errorf("profile: cannot merge a %T", other)
	}
	a.count += o.count
	a.skipped += o.skipped
	a.digest += o.digest
	a.sample.merge(o.sample, a.schema.Fields)
	return nil
}

// MarshalBinary returns the canonical form.
func (a *recognizer) MarshalBinary() ([]byte, error) {
	b := binary.LittleEndian.AppendUint64(nil, uint64(a.count))
	b = binary.LittleEndian.AppendUint64(b, uint64(a.skipped))
	b = binary.LittleEndian.AppendUint64(b, uint64(a.digest))
	b, err := a.sample.bottom.AppendBinary(b)
	if err != nil {
		return nil, err
	}
	return appendTable(b, a.sample.table(a.schema)), nil
}

// digest is the sum, over all rows, of a hash of the row, its number and its
// unreadable cells: of the same rows in the same order, however they are cut.
type digest uint64

// add folds in the rows of b, whose RowHash hashes holds.
func (d *digest) add(b *dataset.Batch, hashes []uint64) {
	for i, h := range hashes {
		*d += digest(sketch.Mix(h ^ sketch.Mix(uint64(b.FirstRow)+uint64(i))))
	}
	for j := range b.Columns {
		for _, bad := range b.Columns[j].Invalid {
			place := sketch.Mix(uint64(b.FirstRow)+uint64(bad.Row)) ^ uint64(j)
			*d += digest(sketch.Mix(sketch.HashString(bad.Text) ^ sketch.Mix(place)))
		}
	}
}

// String returns 16 hexadecimal digits.
func (d digest) String() string { return fmt.Sprintf("%016x", uint64(d)) }
