package profile

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/zeebo/xxh3"

	"synthos/dataset"
	"synthos/scan"
	"synthos/sketch"
)

// RowHashesKept is up to how many distinct rows duplicates are counted exactly.
const RowHashesKept = 1 << 20

// Accumulator is the mergeable state of the first pass. Everything in it is a
// sum of integers, an exact sum or a set of smallest hashes, so it depends on
// the rows only: see scan.Accumulator.
type Accumulator struct {
	schema  *dataset.Schema
	count   int64 // rows
	columns []*column
	hashes  *sketch.KMV // of rows
	sample  *rows
	digest  digest
	skipped int64
	first   lowest[dataset.Finding] // of the skipped rows

	rowHash, cellHash []uint64 // scratch for one batch
}

var _ scan.Accumulator = (*Accumulator)(nil)

// NewAccumulator returns an empty accumulator for batches with the columns of
// schema, which it does not change.
func NewAccumulator(schema *dataset.Schema, o Options) *Accumulator {
	a := &Accumulator{
		schema: schema,
		hashes: sketch.NewKMV(RowHashesKept),
		sample: newRows(o.rows(len(schema.Fields)), o, len(schema.Fields)),
		first:  lowest[dataset.Finding]{n: maxFindings, compare: compareFindings},
	}
	for _, f := range schema.Fields {
		a.columns = append(a.columns, newColumn(f))
	}
	return a
}

func compareFindings(a, b dataset.Finding) int {
	return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
}

// AddBatch folds in the rows of b. It keeps nothing of b. It errs if b does not
// have the columns of the schema.
func (a *Accumulator) AddBatch(b *dataset.Batch) error {
	if len(b.Columns) != len(a.columns) {
		return fmt.Errorf("profile: a batch has %d columns, the schema %d", len(b.Columns), len(a.columns))
	}
	for j, c := range a.columns {
		if err := c.check(&b.Columns[j], b.Rows); err != nil {
			return err
		}
	}
	a.count += int64(b.Rows)
	a.rowHash = slices.Grow(a.rowHash[:0], b.Rows)[:b.Rows]
	a.cellHash = slices.Grow(a.cellHash[:0], b.Rows)[:b.Rows]
	startRows(a.rowHash)
	for j, c := range a.columns {
		c.add(&b.Columns[j], b.FirstRow, a.cellHash)
		combineRows(a.rowHash, a.cellHash)
	}
	finishRows(a.rowHash)
	for _, h := range a.rowHash {
		a.hashes.AddHash(h)
	}
	a.digest.add(b, a.rowHash)
	a.sample.add(b, a.schema.Fields)
	a.skipped += int64(len(b.Skipped))
	for _, f := range b.Skipped {
		a.first.add(f)
	}
	return nil
}

// Merge takes the rows of o into account, an *Accumulator made with the same
// schema and Options. o must not be used afterwards.
func (a *Accumulator) Merge(other scan.Accumulator) error {
	o, ok := other.(*Accumulator)
	if !ok {
		return fmt.Errorf("profile: cannot merge a %T", other)
	}
	if len(o.columns) != len(a.columns) {
		return fmt.Errorf("profile: cannot merge %d columns with %d", len(o.columns), len(a.columns))
	}
	a.count += o.count
	sideBySide(1+len(a.columns), func(i int) {
		if i == 0 { // as much work as many columns
			a.hashes.Merge(o.hashes)
			return
		}
		a.columns[i-1].merge(o.columns[i-1])
	})
	a.sample.merge(o.sample, a.schema.Fields)
	a.digest += o.digest
	a.skipped += o.skipped
	a.first.merge(&o.first)
	return nil
}

func (a *Accumulator) short() bool { return a.sample.bottom.Short() }

// RowHashes returns RowHash of every row of the batch that was added last.
func (a *Accumulator) RowHashes() []uint64 { return a.rowHash }

// MarshalBinary returns the canonical form: the same bytes for the same rows,
// schema and Options.
func (a *Accumulator) MarshalBinary() ([]byte, error) {
	b := binary.LittleEndian.AppendUint64(nil, uint64(a.count))
	b = binary.LittleEndian.AppendUint64(b, uint64(a.skipped))
	for _, f := range a.first.items {
		b = binary.LittleEndian.AppendUint64(b, uint64(f.Row))
		b = appendString(appendString(appendString(b, f.Path), f.Column), f.Message)
	}
	b = binary.LittleEndian.AppendUint64(b, uint64(len(a.columns)))
	parts, errs := make([][]byte, 2+len(a.columns)), make([]error, 2+len(a.columns))
	sideBySide(len(parts), func(i int) {
		switch i { // the two that are as much work as many columns come first
		case 0:
			parts[i], errs[i] = a.hashes.AppendBinary(nil)
		case 1:
			if parts[i], errs[i] = a.sample.bottom.AppendBinary(nil); errs[i] == nil {
				parts[i] = appendTable(parts[i], a.sample.table(a.schema))
			}
		default:
			c := a.columns[i-2]
			parts[i], errs[i] = c.appendBinary(append(appendString(nil, c.field.Name), byte(c.field.Type)))
		}
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return slices.Concat(append([][]byte{b}, slices.Concat(parts[2:], parts[:2])...)...), nil
}

// Profile returns what is known after the pass. a must not be used afterwards.
func (a *Accumulator) Profile() (*Profile, error) {
	state, err := a.MarshalBinary()
	if err != nil {
		return nil, err
	}
	hash := xxh3.Hash128(state).Bytes()
	p := &Profile{
		Schema:    &dataset.Schema{},
		Rows:      a.count,
		Skipped:   a.skipped,
		Findings:  a.first.items,
		RowHashes: a.hashes,
		StateHash: fmt.Sprintf("%x", hash[:]),

		RowsDigest: a.digest.String(),
	}
	p.Columns = make([]Column, len(a.columns))
	sideBySide(len(a.columns), func(i int) { p.Columns[i] = a.columns[i].profile() })
	for _, column := range p.Columns {
		p.Schema.Fields = append(p.Schema.Fields, column.Field)
	}
	p.Sample = a.sample.table(p.Schema)
	distinct, exact := a.hashes.Distinct()
	p.DuplicateRows, p.DuplicatesExact = a.count-distinct, exact
	return p, nil
}
